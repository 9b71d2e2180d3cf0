// SHA-256 and SHA-512 (FIPS 180-4) that take a file piece by piece: WebCrypto wants all of it at once, and a recording
// is larger than a browser's memory. Constants are worked out from the primes, as the standard defines them.
"use strict";

const PRIMES = [];
for (let n = 2; PRIMES.length < 80; n++) if (PRIMES.every((p) => n % p)) PRIMES.push(n);

function rootBits(number, root, bits) {
  // The first `bits` bits of the fractional part of the square (2) or cube (3) root, in whole numbers.
  const scaled = BigInt(number) << BigInt(root * bits);
  let low = 0n, high = 1n << BigInt(bits + 16);
  while (high - low > 1n) {
    const middle = (low + high) >> 1n;
    if (middle ** BigInt(root) <= scaled) low = middle; else high = middle;
  }
  return low & ((1n << BigInt(bits)) - 1n);
}

const K256 = new Int32Array(64);
const K512 = new Int32Array(160);
PRIMES.forEach((prime, n) => {
  const k = rootBits(prime, 3, 64);
  K512[2 * n] = Number(k >> 32n) | 0;
  K512[2 * n + 1] = Number(k & 0xffffffffn) | 0;
  if (n < 64) K256[n] = Number(k >> 32n) | 0;
});
const START = PRIMES.slice(0, 8).map((prime) => rootBits(prime, 2, 64));

class Blocks {
  constructor(size) { this.size = size; this.held = new Uint8Array(size); this.count = 0; this.length = 0; }

  update(bytes) {
    let at = 0;
    this.length += bytes.length;
    if (this.count) {
      const taken = Math.min(this.size - this.count, bytes.length);
      this.held.set(bytes.subarray(0, taken), this.count);
      this.count += taken; at = taken;
      if (this.count < this.size) return this;
      this.blocks(this.held, 0, this.size); this.count = 0;
    }
    const whole = bytes.length - ((bytes.length - at) % this.size);
    this.blocks(bytes, at, whole);
    this.held.set(bytes.subarray(whole));
    this.count = bytes.length - whole;
    return this;
  }

  hex() {
    const room = this.size / 8, tail = new Uint8Array(this.count + 1 + room > this.size ? 2 * this.size : this.size);
    tail.set(this.held.subarray(0, this.count));
    tail[this.count] = 0x80;
    const view = new DataView(tail.buffer), bits = this.length * 8;
    view.setUint32(tail.length - 8, Math.floor(bits / 2 ** 32));
    view.setUint32(tail.length - 4, bits >>> 0);
    this.blocks(tail, 0, tail.length);
    return Array.from(this.state, (word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
  }
}

class Sha256 extends Blocks {
  constructor() { super(64); this.state = Int32Array.from(START, (s) => Number(s >> 32n) | 0); this.w = new Int32Array(64); }

  blocks(bytes, from, to) {
    const w = this.w, s = this.state, k = K256;
    for (let at = from; at < to; at += 64) {
      for (let n = 0, b = at; n < 16; n++, b += 4) w[n] = (bytes[b] << 24) | (bytes[b + 1] << 16) | (bytes[b + 2] << 8) | bytes[b + 3];
      for (let n = 16; n < 64; n++) {
        const x = w[n - 15], y = w[n - 2];
        const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
        const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
        w[n] = (w[n - 16] + s0 + w[n - 7] + s1) | 0;
      }
      let a = s[0], b = s[1], c = s[2], d = s[3], e = s[4], f = s[5], g = s[6], h = s[7];
      for (let n = 0; n < 64; n++) {
        const S1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
        const t1 = (h + S1 + ((e & f) ^ (~e & g)) + k[n] + w[n]) | 0;
        const S0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
        const t2 = (S0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
        h = g; g = f; f = e; e = (d + t1) | 0; d = c; c = b; b = a; a = (t1 + t2) | 0;
      }
      s[0] += a; s[1] += b; s[2] += c; s[3] += d; s[4] += e; s[5] += f; s[6] += g; s[7] += h;
    }
  }
}

class Sha512 extends Blocks {
  constructor() {
    super(128);
    this.state = new Int32Array(16);
    START.forEach((s, n) => { this.state[2 * n] = Number(s >> 32n) | 0; this.state[2 * n + 1] = Number(s & 0xffffffffn) | 0; });
    this.wh = new Int32Array(80); this.wl = new Int32Array(80);
  }

  blocks(bytes, from, to) {
    // 64-bit words as two halves (h, l); sums carry through `>>> 0` into a double, which holds them exactly.
    const wh = this.wh, wl = this.wl, s = this.state, k = K512;
    for (let at = from; at < to; at += 128) {
      for (let n = 0, b = at; n < 16; n++, b += 8) {
        wh[n] = (bytes[b] << 24) | (bytes[b + 1] << 16) | (bytes[b + 2] << 8) | bytes[b + 3];
        wl[n] = (bytes[b + 4] << 24) | (bytes[b + 5] << 16) | (bytes[b + 6] << 8) | bytes[b + 7];
      }
      for (let n = 16; n < 80; n++) {
        const xh = wh[n - 15], xl = wl[n - 15], yh = wh[n - 2], yl = wl[n - 2];
        const s0h = ((xh >>> 1) | (xl << 31)) ^ ((xh >>> 8) | (xl << 24)) ^ (xh >>> 7);
        const s0l = ((xl >>> 1) | (xh << 31)) ^ ((xl >>> 8) | (xh << 24)) ^ ((xl >>> 7) | (xh << 25));
        const s1h = ((yh >>> 19) | (yl << 13)) ^ ((yl >>> 29) | (yh << 3)) ^ (yh >>> 6);
        const s1l = ((yl >>> 19) | (yh << 13)) ^ ((yh >>> 29) | (yl << 3)) ^ ((yl >>> 6) | (yh << 26));
        const low = (wl[n - 16] >>> 0) + (s0l >>> 0) + (wl[n - 7] >>> 0) + (s1l >>> 0);
        wl[n] = low | 0;
        wh[n] = (wh[n - 16] + s0h + wh[n - 7] + s1h + ((low / 4294967296) | 0)) | 0;
      }
      let ah = s[0], al = s[1], bh = s[2], bl = s[3], ch = s[4], cl = s[5], dh = s[6], dl = s[7];
      let eh = s[8], el = s[9], fh = s[10], fl = s[11], gh = s[12], gl = s[13], hh = s[14], hl = s[15];
      for (let n = 0; n < 80; n++) {
        const S1h = ((eh >>> 14) | (el << 18)) ^ ((eh >>> 18) | (el << 14)) ^ ((el >>> 9) | (eh << 23));
        const S1l = ((el >>> 14) | (eh << 18)) ^ ((el >>> 18) | (eh << 14)) ^ ((eh >>> 9) | (el << 23));
        let low = (hl >>> 0) + (S1l >>> 0) + (((el & fl) ^ (~el & gl)) >>> 0) + (k[2 * n + 1] >>> 0) + (wl[n] >>> 0);
        const t1l = low | 0, t1h = (hh + S1h + ((eh & fh) ^ (~eh & gh)) + k[2 * n] + wh[n] + ((low / 4294967296) | 0)) | 0;
        const S0h = ((ah >>> 28) | (al << 4)) ^ ((al >>> 2) | (ah << 30)) ^ ((al >>> 7) | (ah << 25));
        const S0l = ((al >>> 28) | (ah << 4)) ^ ((ah >>> 2) | (al << 30)) ^ ((ah >>> 7) | (al << 25));
        low = (S0l >>> 0) + (((al & bl) ^ (al & cl) ^ (bl & cl)) >>> 0);
        const t2l = low | 0, t2h = (S0h + ((ah & bh) ^ (ah & ch) ^ (bh & ch)) + ((low / 4294967296) | 0)) | 0;
        hh = gh; hl = gl; gh = fh; gl = fl; fh = eh; fl = el;
        low = (dl >>> 0) + (t1l >>> 0); el = low | 0; eh = (dh + t1h + ((low / 4294967296) | 0)) | 0;
        dh = ch; dl = cl; ch = bh; cl = bl; bh = ah; bl = al;
        low = (t1l >>> 0) + (t2l >>> 0); al = low | 0; ah = (t1h + t2h + ((low / 4294967296) | 0)) | 0;
      }
      const sums = [ah, al, bh, bl, ch, cl, dh, dl, eh, el, fh, fl, gh, gl, hh, hl];
      for (let n = 0; n < 16; n += 2) {
        const low = (s[n + 1] >>> 0) + (sums[n + 1] >>> 0);
        s[n + 1] = low | 0;
        s[n] = (s[n] + sums[n] + ((low / 4294967296) | 0)) | 0;
      }
    }
  }
}

const sha256 = (bytes) => new Sha256().update(bytes).hex();
const sha512 = (bytes) => new Sha512().update(bytes).hex();
if (typeof module !== "undefined") module.exports = { Sha256, Sha512, sha256, sha512 };
