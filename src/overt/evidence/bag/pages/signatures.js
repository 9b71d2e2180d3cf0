// Signatures: ECDSA P-256 and RSA by WebCrypto, Ed25519 in whole numbers (RFC 8032), because not every browser has it.
"use strict";

const mod = (a, m) => ((a % m) + m) % m;
function power(base, exponent, m) {
  let result = 1n;
  for (base = mod(base, m); exponent; exponent >>= 1n) { if (exponent & 1n) result = (result * base) % m; base = (base * base) % m; }
  return result;
}
const P = 2n ** 255n - 19n, L = 2n ** 252n + 27742317777372353535851937790883648493n;
const D = mod(-121665n * power(121666n, P - 2n, P), P), ROOT = power(2n, (P - 1n) / 4n, P);
const little = (bytes) => bytes.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);

function edX(y, sign) {
  if (y >= P) return null;
  const square = mod((y * y - 1n) * power(D * y * y + 1n, P - 2n, P), P);
  if (square === 0n) return sign ? null : 0n;
  let x = power(square, (P + 3n) / 8n, P);
  if (mod(x * x - square, P)) x = mod(x * ROOT, P);
  if (mod(x * x - square, P)) return null;
  return (x & 1n) !== sign ? P - x : x;
}
function edPoint(bytes) {
  const number = little(bytes), y = number & ((1n << 255n) - 1n), x = edX(y, number >> 255n);
  return x === null ? null : [x, y, 1n, mod(x * y, P)];
}
function edAdd(p, q) {
  const a = mod((p[1] - p[0]) * (q[1] - q[0]), P), b = mod((p[1] + p[0]) * (q[1] + q[0]), P);
  const c = mod(2n * p[3] * q[3] * D, P), d = mod(2n * p[2] * q[2], P);
  const e = b - a, f = d - c, g = d + c, h = b + a;
  return [mod(e * f, P), mod(g * h, P), mod(f * g, P), mod(e * h, P)];
}
function edTimes(scalar, point) {
  let total = [0n, 1n, 1n, 0n];
  for (; scalar; scalar >>= 1n) { if (scalar & 1n) total = edAdd(total, point); point = edAdd(point, point); }
  return total;
}
const ED_Y = mod(4n * power(5n, P - 2n, P), P), ED_X = edX(ED_Y, 0n), ED_BASE = [ED_X, ED_Y, 1n, mod(ED_X * ED_Y, P)];

function ed25519Verifies(key, signature, message) {
  if (key.length !== 32 || signature.length !== 64) return false;
  const point = edPoint(key), r = edPoint(signature.subarray(0, 32)), s = little(signature.subarray(32));
  if (!point || !r || s >= L) return false;
  const all = new Uint8Array(64 + message.length);
  all.set(signature.subarray(0, 32)); all.set(key, 32); all.set(message, 64);
  const h = little(bytesOfHex(sha512(all))) % L;
  const left = edTimes(s, ED_BASE), right = edAdd(r, edTimes(h, point));
  return mod(left[0] * right[2] - right[0] * left[2], P) === 0n && mod(left[1] * right[2] - right[1] * left[2], P) === 0n;
}

function pemBlocks(text, label) {
  return text.split(`-----BEGIN ${label}-----`).slice(1).map((part) => {
    try { return bytesOfBase64(part.split(`-----END ${label}-----`)[0].replace(/\s/g, "")); } catch { return null; }
  }).filter(Boolean);
}
const bytesOfBase64 = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
const fingerprint = (der) => sha256(der).match(/.{4}/g).join(" ");
const bare = (text) => text.toLowerCase().replace("sha256", "").replace(/[\s:]/g, "");
const startsWith = (bytes, hex) => hexOf(bytes.subarray(0, hex.length / 2)) === hex;
const ED_PREFIX = "302a300506032b6570032100";

async function p256Verifies(der, signature, message, hash = "SHA-256", curve = "P-256", width = 32) {
  const parts = new Der(signature).children(), raw = new Uint8Array(2 * width);
  parts.slice(0, 2).forEach((part, n) => {
    const bytes = part.body.subarray(Math.max(0, part.body.length - width));
    raw.set(bytes, (n + 1) * width - bytes.length);
  });
  if (new Der(signature).end !== signature.length || parts.length !== 2) return false;
  const key = await crypto.subtle.importKey("spki", der, { name: "ECDSA", namedCurve: curve }, false, ["verify"]);
  return crypto.subtle.verify({ name: "ECDSA", hash }, key, raw, message);
}

// As much of DER as a signature and a time stamp need.
class Der {
  constructor(data, at = 0) {
    this.tag = data[at];
    let length = data[at + 1], body = at + 2;
    if (length & 0x80) {
      const count = length & 0x7f;
      if (!count || count > 4) throw new Error("DER");
      length = 0;
      for (let n = 0; n < count; n++) length = length * 256 + data[body + n];
      body += count;
    }
    this.end = body + length;
    if (!(this.end <= data.length)) throw new Error("DER");
    this.body = data.subarray(body, this.end);
    this.raw = data.subarray(at, this.end);
  }
  children() {
    const found = [];
    for (let at = 0; at < this.body.length; at = found.at(-1).end) found.push(new Der(this.body, at));
    return found;
  }
  get hex() { return hexOf(this.body); }
}

const HASHES = { "608648016503040201": "SHA-256", "608648016503040202": "SHA-384", "608648016503040203": "SHA-512" };
const SIGNATURE_HASH = {
  "2a864886f70d01010b": "SHA-256", "2a864886f70d01010c": "SHA-384", "2a864886f70d01010d": "SHA-512",
  "2a8648ce3d040302": "SHA-256", "2a8648ce3d040303": "SHA-384", "2a8648ce3d040304": "SHA-512",
};
const SIGNED_DATA = "2a864886f70d010702", TST = "2a864886f70d0109100104";
const CONTENT_TYPE = "2a864886f70d010903", MESSAGE_DIGEST = "2a864886f70d010904"; // signed attributes
const SIGNING_CERTIFICATE = "2a864886f70d010910020c", SIGNING_CERTIFICATE_2 = "2a864886f70d010910022f";
// As in verify.py: critical extensions that are looked at, or that change nothing for a time stamp.
const KNOWN_EXTENSIONS = new Set(["551d13", "551d0f", "551d25", "551d0e", "551d23", "551d11", "551d12", "551d20"]);
const CURVES = { "2a8648ce3d030107": ["P-256", 32], "2b81040022": ["P-384", 48] };

async function checkTimeStamp(bag) {
  const promised = bag.exhibit.time_stamped === true;
  if (!bag.has(STAMP)) {
    if (promised && !bag.wrong(STAMP)) bag.add("missing", STAMP, `${STAMP} is missing: metadata/exhibit.json says that the seal was time-stamped.`);
    return { answer: "missing", time: null, promised };
  }
  let told;
  try { told = await readTimeStamp(bag); } catch { told = { answer: "bad", time: null, why: "it cannot be read" }; }
  told.promised = promised;
  if (told.answer === "bad" && ![TAG512, STAMP, STAMP_CHAIN].some((name) => bag.wrong(name)))
    bag.add("time-stamp-bad", STAMP, `The time stamp is not good: ${told.why}.`);
  return told;
}

async function readTimeStamp(bag) {
  const bad = (why, time = null) => ({ answer: "bad", time, why });
  const response = new Der(bag.bytes(STAMP)).children();
  if (+response[0].children()[0].hex > 1) return bad("the authority refused it");
  const [outer0, wrapped] = response[1].children();
  if (outer0.hex !== SIGNED_DATA) return bad("it is no signed message");
  const signed = wrapped.children()[0].children();
  if (signed[2].children()[0].hex !== TST) return bad("it is no time stamp");
  const info = signed[2].children()[1].children()[0].body, fields = new Der(info).children();
  const text = new TextDecoder().decode(fields[4].body);
  const time = text.replace(/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d).*$/, "$1-$2-$3T$4:$5:$6Z");
  const imprint = fields[2].children(), hash = HASHES[imprint[0].children()[0].hex];
  const digest = async (name, bytes) => hexOf(new Uint8Array(await crypto.subtle.digest(name, bytes)));
  if (!hash || await digest(hash, bag.bytes(TAG512)) !== imprint[1].hex) return bad(`it was made for other bytes than those of ${TAG512}`, time);
  if (fields[0].hex !== "01") return bad("it is of another version than 1", time);
  const critical = fields.slice(5).filter((e) => e.tag === 0xa1).flatMap((e) => e.children()).some((e) => e.children()[1].tag === 1 && e.children()[1].hex !== "00");
  if (critical) return bad("it has a critical extension that this page does not know", time);
  if (signed.at(-1).children().length !== 1) return bad("it is signed by more than one", time);
  const signer = signed.at(-1).children()[0].children(), [issuer, serial] = signer[1].children();
  const given = signed.slice(3).filter((e) => e.tag === 0xa0).flatMap((e) => e.children().map((c) => c.raw));
  const certificate = [...given, ...pemBlocks(bag.text(STAMP_CHAIN), "CERTIFICATE")].map(readCertificate)
    .find((c) => c.issuer === hexOf(issuer.raw) && c.serial === serial.hex);
  const at = signer.findIndex((e) => e.tag === 0xa0);
  if (!certificate || at < 0) return bad("the authority's certificate is not with it", time);
  const parts = signer[at].children().map((a) => a.children());
  const stated = new Map(parts.map(([oid, values]) => [oid.hex, values.children()]));
  const value = (oid) => { const found = stated.get(oid) || []; return found.length === 1 ? found[0].hex : null; };
  if (stated.size !== parts.length) return bad("a signed attribute stands twice", time);
  if (value(CONTENT_TYPE) !== TST) return bad("it is signed as something else", time);
  const inner = HASHES[signer[2].children()[0].hex];
  if (!inner || await digest(inner, info) !== value(MESSAGE_DIGEST)) return bad("what is signed is not what is stated", time);
  if (!await namesSigner(stated, certificate, digest)) return bad("it does not say by which certificate it is signed", time);
  const attributes = Uint8Array.from(signer[at].raw);
  attributes[0] = 0x31;
  const algorithm = signer[at + 1].children()[0].hex, outer = SIGNATURE_HASH[algorithm] || inner;
  const kind = certificate.key.children()[0].children(), signature = signer[at + 2].body;
  let good;
  if (kind[0].hex === "2a864886f70d010101" && algorithm !== "2a864886f70d01010a") {
    const key = await crypto.subtle.importKey("spki", certificate.key.raw, { name: "RSASSA-PKCS1-v1_5", hash: outer }, false, ["verify"]);
    good = await crypto.subtle.verify("RSASSA-PKCS1-v1_5", key, signature, attributes);
  } else if (kind[1] && CURVES[kind[1].hex]) {
    const [curve, width] = CURVES[kind[1].hex];
    good = await p256Verifies(certificate.key.raw, signature, attributes, outer, curve, width);
  } else return { answer: "unchecked", time, why: "signed by a method that this page does not know" };
  if (!good) return bad("the authority's signature is wrong", time);
  const trouble = stampingTrouble(certificate, time);
  return trouble ? bad(trouble, time) : { answer: "good", time, authority: certificate.name };
}

// RFC 3161, 2.4.2 and RFC 5816: the signed attributes hold the hash of the certificate that signed.
async function namesSigner(stated, certificate, digest) {
  const first = (oid) => stated.get(oid)[0].children()[0].children()[0].children();
  if (stated.has(SIGNING_CERTIFICATE_2)) {
    const [one, other] = first(SIGNING_CERTIFICATE_2), named = one.tag === 0x30;
    const hash = named ? HASHES[one.children()[0].hex] : "SHA-256";
    return !!hash && await digest(hash, certificate.der) === (named ? other : one).hex;
  }
  return stated.has(SIGNING_CERTIFICATE) && await digest("SHA-1", certificate.der) === first(SIGNING_CERTIFICATE)[0].hex;
}

// RFC 3161, 2.3: a key for time stamps and for nothing else, marked critical, in its time. Issuers are verify.py's.
function stampingTrouble(certificate, time) {
  const eku = certificate.extensions.get("551d25"), usage = certificate.extensions.get("551d0f"), name = certificate.name;
  if (certificate.twice) return `the certificate of ${name} has an extension twice`;
  if (time < certificate.from || time > certificate.until) return `a certificate of the authority was not valid then, that of ${name}`;
  if ([...certificate.extensions].some(([oid, { critical }]) => critical && !KNOWN_EXTENSIONS.has(oid)))
    return `the certificate of ${name} has a critical extension that this page does not know`;
  if (!eku || new Der(eku.value).children().map((e) => e.hex).join() !== "2b06010505070308") return `the certificate of ${name} is not for time stamps and for nothing else`;
  if (!eku.critical) return `the certificate of ${name} does not mark as critical that it is for time stamps`;
  if (usage && !(new Der(usage.value).body[1] & 0xc0)) return `the key of ${name} is not for signatures`;
  return "";
}

// A time of a certificate as a stamp's is written, so that the two compare as text.
function momentOf(element) {
  const text = new TextDecoder().decode(element.body), year = element.tag === 0x17 ? (+text.slice(0, 2) >= 50 ? "19" : "20") : "";
  return (year + text).replace(/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d).*$/, "$1-$2-$3T$4:$5:$6Z");
}

function readCertificate(der) {
  let fields = new Der(der).children()[0].children();
  if (fields[0].tag === 0xa0) fields = fields.slice(1);
  const names = fields[4].children().flatMap((group) => group.children()).map((a) => a.children());
  const common = names.find(([oid]) => oid.hex === "550403") || names.at(-1);
  const wrapped = fields.slice(6).find((e) => e.tag === 0xa3), [from, until] = fields[3].children().map(momentOf);
  const given = (wrapped ? wrapped.children()[0].children() : []).map((e) => e.children());
  const extensions = new Map(given.map(([oid, ...rest]) => [oid.hex, { critical: rest.length > 1 && rest[0].hex !== "00", value: rest.at(-1).body }]));
  return {
    der, serial: fields[0].hex, issuer: hexOf(fields[2].raw), key: fields[5], from, until, extensions, twice: extensions.size !== given.length,
    name: common ? new TextDecoder().decode(common[1].body) : "",
  };
}
