// What is wrong, and where: the same checks in the same order as verify.py, with the same codes.
"use strict";

function checkFiles(bag, signed) {
  for (const name of NEEDED) if (!bag.has(name)) bag.add("missing", name, `${name} is missing.`);
  let tags = readManifest(bag, TAG512, 128);
  const tags256 = readManifest(bag, TAG256, 64);
  if (!signed && bag.has(TAG512) && fits(bag, tags256)) {
    const wrong = [...tags256.keys()].find((name) => tags.get(name) !== bag.digests.get(name).sha512);
    if (!bag.wrong(TAG512)) bag.add("altered", TAG512, `${TAG512}, the list that is signed, was altered.${wrong ? ` It is wrong about ${wrong}.` : ""}`);
    tags = tags256;
  } else {
    compare(bag, tags, TAG512);
    checkSecond(bag, tags, tags256);
  }
  const payload = readManifest(bag, MAN512, 128), payload256 = readManifest(bag, MAN256, 64);
  bag.listed512 = payload;
  bag.chunks = readChunks(bag);
  bag.exhibit = readJson(bag.text("metadata/exhibit.json"));
  const listed = checkPayload(bag, payload, payload256);
  for (const name of [...bag.files.keys()].sort())
    if (!listed.has(name) && !tags.has(name) && !UNLISTED.has(name)) bag.add("added", name, `${name} was added: no manifest lists it.`);
  for (const name of payload.keys()) if (!name.startsWith("data/")) bag.add("altered", MAN512, `${MAN512} lists ${name}, which does not lie under data/.`);
  if (bag.has("bagit.txt") && bag.text("bagit.txt") !== BAGIT && !bag.wrong("bagit.txt"))
    bag.add("altered", "bagit.txt", "bagit.txt does not say BagIt 1.0 in UTF-8.");
}

const readJson = (text) => { try { return JSON.parse(text) || {}; } catch { return {}; } };

function fits(bag, tags256) {
  const present = [...bag.files.keys()].filter((name) => !name.startsWith("data/") && !UNLISTED.has(name));
  return !bag.wrong(TAG256) && present.length === tags256.size && present.every((name) => tags256.get(name) === bag.digests.get(name).sha256);
}

function compare(bag, entries, manifest) {
  for (const [name, wanted] of entries) {
    if (!bag.has(name)) bag.add("missing", name, `${name} is missing; ${manifest} lists it.`);
    else if (bag.digests.get(name).sha512 !== wanted) {
      if (nearly(bag.digests.get(name).sha512, wanted)) bag.add("altered", manifest, `The line for ${name} in ${manifest} was altered; the file itself was not.`);
      else placeSmall(bag, name, wanted);
    }
  }
}

function placeSmall(bag, name, wanted) {
  const spot = flippedBit(bag.bytes(name), wanted), size = bag.files.get(name).size;
  if (spot) bag.add("altered", name, `${name} was altered: bit ${spot[1]} of byte ${spot[0].toLocaleString("en")} is flipped.`, { byte_start: spot[0], byte_end: spot[0] + 1, bit: spot[1] });
  else bag.add("altered", name, `${name} was altered, somewhere in its ${size.toLocaleString("en")} bytes.`, { byte_start: 0, byte_end: size });
}

function flippedBit(bytes, wanted) {
  if (bytes.length > 2048) return null; // verify.py tries files up to 8 KiB
  const tried = Uint8Array.from(bytes);
  for (let at = 0; at < tried.length; at++) {
    for (let bit = 0; bit < 8; bit++) {
      tried[at] ^= 1 << bit;
      if (sha512(tried) === wanted) return [at, bit];
      tried[at] ^= 1 << bit;
    }
  }
  return null;
}

function checkPayload(bag, payload, payload256) {
  const lists = { [MAN512]: payload, [MAN256]: payload256 };
  let intact = Object.keys(lists).filter((name) => bag.has(name) && !bag.wrong(name));
  if (!intact.length) intact = Object.keys(lists);
  const listed = new Set(intact.flatMap((name) => [...lists[name].keys()]));
  for (const name of [...listed].sort()) {
    if (!bag.has(name)) { bag.add("missing", name, `${name} is missing; the manifest lists it.`); continue; }
    const digests = bag.digests.get(name), actual = { [MAN512]: digests.sha512, [MAN256]: digests.sha256 };
    const same = intact.filter((manifest) => lists[manifest].get(name) === actual[manifest]);
    if (!same.length) bag.place = [...(bag.place || []), name];
    else for (const manifest of intact)
      if (!same.includes(manifest) && !bag.wrong(manifest)) bag.add("altered", manifest, `${manifest} gives another hash for ${name} than its bytes have.`);
  }
  return listed;
}

async function placeLarge(bag, name) {
  const digests = bag.digests.get(name), wanted = bag.chunks.get(name);
  const spot = await twinDifference(bag, name);
  if (spot) {
    const what = spot.bit === undefined ? `it differs from byte ${spot.at.toLocaleString("en")} on` : `bit ${spot.bit} of byte ${spot.at.toLocaleString("en")} is flipped`;
    const when = whenOf(bag, name, spot.at, spot.at + 1);
    bag.add("altered", name, `${name} was altered: ${what}${whenWords(when)}.`, { byte_start: spot.at, byte_end: spot.at + 1, ...(spot.bit === undefined ? {} : { bit: spot.bit }), ...when });
    return;
  }
  if (!wanted || bag.wrong("metadata/chunks.sha256")) return placeSmall(bag, name, bag.listed512.get(name) || "");
  const size = wanted.reduce((sum, chunk) => sum + chunk.length, 0);
  if (size !== digests.size) bag.add("altered", name, `${name} has ${digests.size.toLocaleString("en")} bytes; ${size.toLocaleString("en")} were sealed.`);
  let run = null;
  const tell = () => {
    if (!run) return;
    const when = whenOf(bag, name, run[0], run[1]);
    bag.add("altered", name, `${name} was altered between byte ${run[0].toLocaleString("en")} and byte ${run[1].toLocaleString("en")}${whenWords(when)}.`, { byte_start: run[0], byte_end: run[1], ...when });
    run = null;
  };
  wanted.forEach((chunk, n) => {
    if (digests.chunks[n] === chunk.digest) tell();
    else run = [run ? run[0] : chunk.offset, chunk.offset + chunk.length];
  });
  tell();
  if (!bag.wrong(name)) bag.add("altered", name, `${name} was altered.`, { byte_start: 0, byte_end: digests.size });
}

async function twinDifference(bag, name) {
  // The working copy is the master bit for bit: where one of the two is whole, the other is compared to the byte.
  const [from, to] = name.startsWith("data/master/") ? ["data/master/", "data/working/"] : ["data/working/", "data/master/"];
  const twin = name.startsWith(from) ? to + name.slice(from.length) : "";
  if (!bag.has(twin) || bag.digests.get(twin).sha512 !== bag.listed512.get(name)) return null;
  const one = bag.files.get(name), other = bag.files.get(twin);
  if (one.size !== other.size) return null;
  const spots = [];
  for (let at = 0; at < one.size && spots.length < 2; at += CHUNK) {
    const n = at / CHUNK;
    if (bag.digests.get(name).chunks[n] === bag.digests.get(twin).chunks[n]) continue;
    const a = new Uint8Array(await one.slice(at, at + CHUNK).arrayBuffer()), b = new Uint8Array(await other.slice(at, at + CHUNK).arrayBuffer());
    for (let k = 0; k < a.length && spots.length < 2; k++) if (a[k] !== b[k]) spots.push({ at: at + k, bits: a[k] ^ b[k] });
  }
  if (!spots.length) return null;
  const { at, bits } = spots[0], single = spots.length === 1 && !(bits & (bits - 1));
  return single ? { at, bit: Math.log2(bits) } : { at };
}

function readChunks(bag) {
  const chunks = new Map();
  for (const line of bag.text("metadata/chunks.sha256").split("\n")) {
    if (!line || line.startsWith("#")) continue;
    const [digest, offset, length, ...name] = line.split(" "), key = name.join(" ");
    if (!chunks.has(key)) chunks.set(key, []);
    chunks.get(key).push({ digest, offset: +offset, length: +length });
  }
  return chunks;
}

const utcText = (count) => new Date(Math.floor((count + 45) / 90)).toISOString();
const whenWords = (when) => (when.from ? `, which is ${when.from} to ${when.to} in the recording` : "");

function whenOf(bag, name, start, end) {
  if (bag.wrong("metadata/exhibit.json")) return {};
  try {
    for (const clip of bag.exhibit.clips || []) for (const file of clip.files) {
      if (name !== file.path && name !== file.working) continue;
      const hit = file.fragments.filter(([offset, size]) => offset < end && start < offset + size);
      if (!hit.length) return { from: file.start, to: file.end };
      return { from: utcText(hit[0][2]), to: utcText(hit.at(-1)[2] + hit.at(-1)[4]) };
    }
  } catch { /* an altered index dates nothing */ }
  return {};
}

function checkSecond(bag, tags, tags256) {
  if (!bag.has(TAG256) || bag.wrong(TAG256)) return;
  for (const [name, digest] of tags256)
    if (bag.has(name) && bag.digests.get(name).sha256 !== digest && !bag.wrong(name) && !bag.wrong(TAG256))
      bag.add("altered", TAG256, `${TAG256} gives another hash for ${name} than its bytes have.`);
  const same = tags.size === tags256.size && [...tags.keys()].every((name) => tags256.has(name));
  if (!same && !bag.wrong(TAG512) && !bag.wrong(TAG256)) bag.add("altered", TAG256, `${TAG256} does not list the same files as ${TAG512}.`);
}

function checkSignatureSums(bag) {
  if (!bag.has(SIGNATURE_SUMS)) return;
  const sums = readManifest(bag, SIGNATURE_SUMS, 128);
  if (bag.wrong(SIGNATURE_SUMS)) return;
  const known = [ED_SIG, EC_SIG, ED_KEY, EC_KEY, STAMP, STAMP_CHAIN], strange = [...sums.keys()].find((name) => !known.includes(name));
  if (strange) { bag.add("altered", SIGNATURE_SUMS, `${SIGNATURE_SUMS} names ${strange}, which no exhibit has: it was altered.`); return; }
  for (const name of known) {
    const listed = sums.get(name), actual = bag.has(name) && bag.digests.get(name).sha512;
    if (listed && !actual) { if (!bag.wrong(name)) bag.add("missing", name, `${name} is missing; ${SIGNATURE_SUMS} lists it.`); }
    else if (actual && !listed) bag.add("added", name, `${name} was added: ${SIGNATURE_SUMS} does not list it.`);
    else if (actual !== listed && listed && !bag.wrong(name)) {
      if (nearly(actual, listed)) bag.add("altered", SIGNATURE_SUMS, `The line for ${name} in ${SIGNATURE_SUMS} was altered.`);
      else placeSmall(bag, name, listed);
    }
  }
}
