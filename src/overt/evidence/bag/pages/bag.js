// The folder that was dropped: its files, their hashes, its lists. Names as in verify.py.
"use strict";

const CHUNK = 4 * 1024 * 1024;
const TAG512 = "tagmanifest-sha512.txt", TAG256 = "tagmanifest-sha256.txt";
const MAN512 = "manifest-sha512.txt", MAN256 = "manifest-sha256.txt";
const SIGNED = "signatures/" + TAG512;
const ED_SIG = SIGNED + ".ed25519", EC_SIG = SIGNED + ".p256", STAMP = SIGNED + ".tsr";
const ED_KEY = "signatures/ed25519.pem", EC_KEY = "signatures/p256.pem", STAMP_CHAIN = "signatures/tsa-chain.pem";
const SIGNATURE_SUMS = "signatures/sha512sums.txt";
const UNLISTED = new Set([TAG512, TAG256, ED_SIG, EC_SIG, STAMP, STAMP_CHAIN, SIGNATURE_SUMS]);
const NEEDED = [TAG512, TAG256, ED_SIG, EC_SIG, SIGNATURE_SUMS];
const BAGIT = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n";

// What desktops leave in every folder that they show, as in verify.py.
const LEFT_FILES = new Set([".ds_store", ".directory", "desktop.ini", "ehthumbs.db", "thumbs.db"]);
const LEFT_FOLDERS = new Set([".fseventsd", ".spotlight-v100", ".trashes", "system volume information"]);
const APPLE_DOUBLE = "00051607";

async function leftByDesktop(name, file) {
  const folders = name.toLowerCase().split("/"), last = folders.pop();
  if (LEFT_FILES.has(last) || folders.some((folder) => LEFT_FOLDERS.has(folder))) return true;
  return last.startsWith("._") && hexOf(new Uint8Array(await file.slice(0, 4).arrayBuffer())) === APPLE_DOUBLE;
}

// Take out what a desktop left and no list names: it is no part of the exhibit, and nothing vouches for it.
async function setAside(files) {
  const lists = await Promise.all([MAN512, MAN256, TAG512, TAG256].map((name) => (files.has(name) ? files.get(name).text() : "")));
  const left = [];
  for (const [name, file] of files)
    if (!lists.some((list) => list.includes("  " + name)) && (await leftByDesktop(name, file))) left.push(name);
  left.forEach((name) => files.delete(name));
  return left.sort();
}

async function hashFile(file, tell) {
  const whole512 = new Sha512(), whole256 = new Sha256(), chunks = [];
  for (let at = 0; at < file.size; at += CHUNK) {
    const bytes = new Uint8Array(await file.slice(at, at + CHUNK).arrayBuffer());
    const chunk = crypto.subtle ? crypto.subtle.digest("SHA-256", bytes) : null;
    whole512.update(bytes);
    whole256.update(bytes);
    chunks.push(chunk ? hexOf(new Uint8Array(await chunk)) : sha256(bytes));
    tell(bytes.length);
    await new Promise((done) => setTimeout(done));
  }
  return { size: file.size, sha512: whole512.hex(), sha256: whole256.hex(), chunks };
}

const hexOf = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
const bytesOfHex = (hex) => Uint8Array.from(hex.match(/../g) || [], (pair) => parseInt(pair, 16));

function workerSource() {
  const parts = [Blocks, Sha256, Sha512].map(String);
  const head = '"use strict";\nconst CHUNK=' + CHUNK + ";" + "const PRIMES=[];for(let n=2;PRIMES.length<80;n++)if(PRIMES.every((p)=>n%p))PRIMES.push(n);"
    + "const K256=Int32Array.from(" + JSON.stringify(Array.from(K256)) + "),K512=Int32Array.from(" + JSON.stringify(Array.from(K512)) + ");"
    + "const START=[" + START.map((s) => s + "n").join() + "];\n";
  const tail = "\nconst sha256=(b)=>new Sha256().update(b).hex();const hexOf=" + hexOf + ";\n" + hashFile
    + "\nonmessage=async({data})=>{try{postMessage({id:data.id,digests:await hashFile(data.file,(n)=>postMessage({id:data.id,read:n}))});}"
    + "catch(e){postMessage({id:data.id,error:String(e)});}};";
  return head + parts.join("\n") + tail;
}

async function hashAll(files, tell) {
  // Large files first, on as many workers as the computer has cores (at most four); without workers, one after another.
  const names = [...files.keys()].sort((a, b) => files.get(b).size - files.get(a).size), digests = new Map();
  let workers = [];
  try {
    const source = URL.createObjectURL(new Blob([workerSource()], { type: "text/javascript" }));
    const count = Math.min(4, navigator.hardwareConcurrency || 2, names.length);
    workers = Array.from({ length: count }, () => new Worker(source));
  } catch { workers = []; }
  const next = async (hash) => {
    for (let name; (name = names.shift()) !== undefined;) digests.set(name, await hash(files.get(name)));
  };
  if (workers.length) {
    await Promise.all(workers.map((worker) => next((file) => hashOn(worker, file, tell))));
    workers.forEach((worker) => worker.terminate());
  } else {
    await next((file) => hashFile(file, tell));
  }
  return digests;
}

function hashOn(worker, file, tell) {
  return new Promise((done, fail) => {
    worker.onerror = (event) => fail(new Error(event.message || "a worker failed"));
    worker.onmessage = ({ data }) => {
      if (data.error) fail(new Error(data.error));
      else if (data.digests) done(data.digests);
      else tell(data.read);
    };
    worker.postMessage({ id: 1, file });
  });
}

class Bag {
  constructor(files, digests) { this.files = files; this.digests = digests; this.findings = []; this.texts = new Map(); this.raw = new Map(); }

  async load() {
    // What is read as text or bytes later: every small file outside data/.
    for (const [name, file] of this.files) {
      if (name.startsWith("data/") && file.size > 8192) continue;
      const bytes = new Uint8Array(await file.arrayBuffer());
      this.raw.set(name, bytes);
      this.texts.set(name, new TextDecoder("utf-8").decode(bytes));
    }
    return this;
  }

  has(name) { return this.files.has(name); }
  text(name) { return this.texts.get(name) || ""; }
  bytes(name) { return this.raw.get(name) || new Uint8Array(); }
  wrong(name) { return this.findings.some((finding) => finding.path === name); }
  add(code, path, says, where) { this.findings.push({ code, path, says, ...where }); }
}

const inside = (name) => name && !name.startsWith("/") && !name.includes("\\") && !name.split("/").includes("..");

function readManifest(bag, name, width) {
  const entries = new Map();
  if (!bag.has(name)) return entries;
  try { new TextDecoder("utf-8", { fatal: true }).decode(bag.bytes(name)); }
  catch { bag.add("manifest-line", name, `${name} is not text.`); }
  const text = bag.text(name), lines = text.split("\n");
  if (text.endsWith("\n")) lines.pop(); else bag.add("manifest-line", name, `The last line of ${name} is cut short.`);
  lines.forEach((line, n) => {
    const digest = line.slice(0, width), gap = line.slice(width, width + 2);
    const file = line.slice(width + 2).replaceAll("%0D", "\r").replaceAll("%0A", "\n").replaceAll("%25", "%");
    if (gap !== "  " || digest.length !== width || /[^0-9a-f]/.test(digest) || !inside(file))
      bag.add("manifest-line", name, `Line ${n + 1} of ${name} is no line of a manifest.`);
    else if (entries.has(file)) bag.add("manifest-line", name, `Line ${n + 1} of ${name} names ${file} a second time.`);
    else entries.set(file, digest);
  });
  return entries;
}

function nearly(one, other) {
  if (one.length !== other.length) return false;
  let bits = 0;
  for (let n = 0; n < one.length; n++) for (let x = parseInt(one[n], 16) ^ parseInt(other[n], 16); x; x &= x - 1) bits++;
  return bits <= 8;
}
