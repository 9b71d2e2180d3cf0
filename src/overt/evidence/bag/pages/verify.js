// Signatures, logbook and report, and the page itself.
"use strict";

const SIGNATURE_FILES = { ed25519: [ED_SIG, ED_KEY], p256: [EC_SIG, EC_KEY] };

async function checkSignatures(bag) {
  const message = bag.bytes(TAG512), signed = { ed25519: null, p256: null, good: {} };
  for (const [kind, [sigFile, keyFile]] of Object.entries(SIGNATURE_FILES)) {
    const blocks = pemBlocks(bag.text(keyFile), "PUBLIC KEY");
    if (blocks.length !== 1) continue;
    signed[kind] = fingerprint(blocks[0]);
    try {
      signed.good[kind] = kind === "ed25519"
        ? startsWith(blocks[0], ED_PREFIX) && ed25519Verifies(blocks[0].subarray(12), bag.bytes(sigFile), message)
        : await p256Verifies(blocks[0], bag.bytes(sigFile), message);
    } catch { signed.good[kind] = false; }
  }
  return signed;
}

function blameSignatures(bag, signed) {
  for (const [kind, [, keyFile]] of Object.entries(SIGNATURE_FILES))
    if (!(kind in signed.good) && !bag.wrong(keyFile))
      bag.add(bag.has(keyFile) ? "key-unreadable" : "missing", keyFile, `${keyFile} ${bag.has(keyFile) ? "holds no public key" : "is missing"}.`);
  const answers = Object.values(signed.good);
  if (answers.length === 2 && !answers.some(Boolean)) {
    if (!bag.wrong(TAG512)) bag.add("signature-bad", TAG512, `Neither signature is good for ${TAG512}: that list was altered, or another key signed it.`);
    return;
  }
  for (const [kind, good] of Object.entries(signed.good)) {
    const [sigFile, keyFile] = SIGNATURE_FILES[kind];
    if (!good && ![sigFile, keyFile, TAG512].some((name) => bag.wrong(name)))
      bag.add("signature-bad", sigFile, `${sigFile} is not a signature of ${TAG512} by the key in ${keyFile}.`);
  }
}

const EVENTS = "metadata/events.jsonl", EXHIBIT = "metadata/exhibit.json", SEALED = "evidence.exhibit.sealed";

function checkEvents(bag, held) {
  const told = { events: 0, proven: 0, log_key: null, origin: null, head: null, held: null, of_sealing: 0 }, name = EVENTS;
  const blocks = pemBlocks(String((bag.exhibit.logbook || {}).public_key || ""), "PUBLIC KEY");
  const key = blocks.length && startsWith(blocks[0], ED_PREFIX) ? blocks[0].subarray(12) : null;
  if (blocks.length) told.log_key = fingerprint(blocks[0]);
  checkLogHead(bag, key, told, held);
  const wrong = new Set(bag.findings.map((finding) => finding.path));
  bag.text(name).replace(/\n+$/, "").split("\n").forEach((line, n) => {
    told.events++;
    let trouble = "cannot be read", proof = "";
    try { const event = JSON.parse(line); proof = String(event.proof); trouble = eventTrouble(bag, event, key, told); } catch { /* as it says */ }
    if (!trouble) told.proven++;
    else if (![name, proof, EXHIBIT].some((file) => wrong.has(file))) bag.add("event-bad", name, `Line ${n + 1} of ${name} ${trouble}.`);
  });
  if (!told.of_sealing && ![name, EXHIBIT, MAN512, TAG512].some((file) => wrong.has(file)) && !bag.wrong(name))
    bag.add("event-bad", name, `No entry in ${name} is of the sealing of what lies in this folder.`);
  if (told.held === "differs") bag.add("head-disagrees", EXHIBIT, `${EXHIBIT} states another head of the logbook at ${held.size} entries than the one you hold.`);
  return told;
}

function readCheckpoint(note) {
  const end = note.lastIndexOf("\n\n"), text = note.slice(0, end) + "\n", [origin, size, root] = text.split("\n");
  return { origin, size: Number(size), root: bytesOfBase64(root), text, signatures: note.slice(end + 2).split("\n") };
}

function signedBy(key, { origin, text, signatures }) {
  return !!key && signatures.some((line) => {
    const match = /^\u2014 (.+) ([A-Za-z0-9+/=]+)$/.exec(line);
    if (!match || match[1] !== origin) return false;
    const raw = bytesOfBase64(match[2]), id = sha256(joined(utf8(origin), [10, 1], key)).slice(0, 8);
    return hexOf(raw.subarray(0, 4)) === id && ed25519Verifies(key, raw.subarray(4), utf8(text));
  });
}

// The head that exhibit.json states: signed by the key it names, and the same as somebody else's of that size.
function checkLogHead(bag, key, told, held) {
  if (bag.wrong(EXHIBIT)) return;
  let stated = null;
  try { stated = readCheckpoint(String((bag.exhibit.logbook || {}).checkpoint)); if (!signedBy(key, stated)) stated = null; } catch { stated = null; }
  if (!stated) { bag.add("event-bad", EXHIBIT, `${EXHIBIT} has no head of the logbook that is signed with the logbook's key.`); return; }
  told.head = `${stated.size}:${btoa(String.fromCharCode(...stated.root))}`;
  if (!held) return;
  if (held.size !== stated.size) { told.held = "other-size"; return; }
  told.held = held.root === hexOf(stated.root) ? "same" : "differs";
}

// SIZE:HASH as it is printed, the hash in base64 or hexadecimal; null for nothing, undefined for what is none.
function readHead(text) {
  const bare = text.replace(/\s/g, ""), found = /^(0|[1-9][0-9]{0,15}):(?:([0-9a-fA-F]{64})|([A-Za-z0-9+/]{43}=))$/.exec(bare);
  if (!bare) return null;
  return found ? { size: Number(found[1]), root: found[2] ? found[2].toLowerCase() : hexOf(bytesOfBase64(found[3])) } : undefined;
}

const utf8 = (text) => new TextEncoder().encode(text);
function joined(...parts) {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) { all.set(part, at); at += part.length; }
  return all;
}

function eventTrouble(bag, event, key, told) {
  const entry = JSON.parse(event.canonical);
  if (event.number !== entry.number) return "is numbered otherwise than the entry in it";
  for (const [field, opened] of Object.entries(event.opened))
    if (sha256(joined(bytesOfHex(opened.salt), utf8(JSON.stringify(opened.value)))) !== entry.commitments[field]) return `shows a ${field} that the logbook did not commit to`;
  if (!bag.has(event.proof)) return `names a proof that is not there: ${event.proof}`;
  const text = bag.text(event.proof), cut = text.indexOf("\n\n"), lines = text.slice(0, cut).split("\n"), note = text.slice(cut + 2);
  if (lines.shift() !== "c2sp.org/tlog-proof@v1") return "has no proof";
  if (lines[0].startsWith("extra ")) lines.shift();
  const index = Number(lines.shift().replace("index ", "")), path = lines.map(bytesOfBase64);
  if (index !== entry.number - 1) return "has the proof of another entry";
  const stated = readCheckpoint(note);
  const found = inclusionRoot(bytesOfHex(sha256(joined([0], utf8(event.canonical)))), index, stated.size, path);
  if (!found || hexOf(found) !== hexOf(stated.root)) return `is not proven by ${event.proof}: the entry or the proof was altered`;
  if (!signedBy(key, stated)) return `has a proof whose checkpoint is not signed by the logbook's key (${event.proof})`;
  if (note !== (bag.exhibit.logbook || {}).checkpoint) return `is proven under another head of the logbook than the one in ${EXHIBIT} (${event.proof})`;
  told.origin = stated.origin;
  if (entry.action === SEALED && bag.has(MAN512) && entry.facts.manifest_sha512 === bag.digests.get(MAN512).sha512) told.of_sealing++;
  return "";
}

function inclusionRoot(leaf, index, size, path) {
  if (!(index >= 0 && index < size)) return null;
  let node = index, last = size - 1;
  const half = (n) => Math.floor(n / 2), pair = (a, b) => bytesOfHex(sha256(joined([1], a, b)));
  for (const sibling of path) {
    if (last === 0) return null;
    if (node % 2 || node === last) {
      leaf = pair(sibling, leaf);
      while (node % 2 === 0 && node) { node = half(node); last = half(last); }
    } else leaf = pair(leaf, sibling);
    node = half(node); last = half(last);
  }
  return last === 0 ? leaf : null;
}

async function verifyBag(files, folder, key, tell, head = null) {
  files = new Map(files);
  const besides = await setAside(files), bag = await new Bag(files, await hashAll(files, tell)).load();
  const signed = await checkSignatures(bag);
  checkFiles(bag, Object.values(signed.good).some(Boolean));
  for (const name of bag.place || []) await placeLarge(bag, name);
  checkSignatureSums(bag);
  blameSignatures(bag, signed);
  const stamp = await checkTimeStamp(bag), events = checkEvents(bag, head);
  const prints = [signed.ed25519, signed.p256].filter(Boolean).map(bare);
  const keyAnswer = !key ? "not-compared" : prints.includes(bare(key)) ? "trusted" : "wrong";
  const fully = Object.values(signed.good).length === 2 && Object.values(signed.good).every(Boolean);
  const exit = bag.findings.length || !fully ? 1 : keyAnswer === "wrong" ? 4 : 0;
  const bytes = [...files.values()].reduce((sum, file) => sum + file.size, 0);
  return { format: "overt-verification/1", folder, reference: bag.exhibit.reference || folder, exit, answer: { 0: "good", 1: "altered", 4: "key-wrong" }[exit],
    findings: bag.findings, files: files.size, besides, bytes, key: { answer: keyAnswer, ed25519: signed.ed25519, p256: signed.p256 }, signed: fully,
    time_stamp: stamp, logbook: events, exhibit: bag.exhibit };
}

// ---- the page ----

const $ = (id) => document.getElementById(id);
const element = (tag, text, cls) => { const made = document.createElement(tag); if (text) made.textContent = plain(text); if (cls) made.className = cls; return made; };

async function filesOfDrop(transfer) {
  // The newer door first: the older one refuses a page opened from a disk in Chromium.
  const items = [...transfer.items].filter((item) => item.kind === "file"), files = new Map();
  const handles = items.map((item) => (item.getAsFileSystemHandle ? item.getAsFileSystemHandle().catch(() => null) : null));
  const entries = items.map((item) => (item.webkitGetAsEntry ? item.webkitGetAsEntry() : null));
  const handle = await handles[0];
  if (handle && handle.kind === "directory") { await walkHandle(handle, "", files); return [files, handle.name]; }
  if (entries[0] && entries[0].isDirectory) { await walkEntry(entries[0], "", files); return [files, entries[0].name]; }
  return [files, ""];
}
async function walkHandle(folder, path, files) {
  for await (const [name, handle] of folder.entries())
    if (handle.kind === "directory") await walkHandle(handle, path + name + "/", files); else files.set(path + name, await handle.getFile());
}
async function walkEntry(folder, path, files) {
  const reader = folder.createReader();
  for (let batch; (batch = await new Promise((done, fail) => reader.readEntries(done, fail))).length;)
    for (const entry of batch)
      if (entry.isDirectory) await walkEntry(entry, path + entry.name + "/", files);
      else files.set(path + entry.name, await new Promise((done, fail) => entry.file(done, fail)));
}
function filesOfInput(list) {
  const files = new Map(), folder = list.length ? list[0].webkitRelativePath.split("/")[0] : "";
  for (const file of list) files.set(file.webkitRelativePath.split("/").slice(1).join("/"), file);
  return [files, folder];
}

async function start(files, folder) {
  $("result").replaceChildren();
  if (!files.has(MAN512) && !files.has(TAG512) && !files.has("bagit.txt"))
    return sorry(`This is not an exhibit's folder: it has no list of files. Choose the folder that holds manifest-sha512.txt.`);
  if (!crypto.subtle) return sorry("This browser does not offer its cryptography to a page opened from a disk. Use a current Chrome, Edge or Firefox, or verify.py.");
  const total = [...files.values()].reduce((sum, file) => sum + file.size, 0), began = performance.now();
  let done = 0;
  document.body.dataset.state = "reading";
  const tell = (count) => {
    done += count;
    const seconds = (performance.now() - began) / 1000, left = Math.round((seconds / done) * (total - done));
    $("bar").value = total ? done / total : 1;
    $("reading").textContent = `Reading ${size(done)} of ${size(total)}${seconds > 1 ? `, ${left} s left` : ""}`;
  };
  const head = readHead($("head").value);
  if (head === undefined) return sorry("What stands in the field for the logbook's head is none. Give SIZE:HASH as it is printed, or nothing.");
  try { show(window.overtReport = await verifyBag(files, folder, $("key").value.trim(), tell, head)); }
  catch (error) { sorry(`A file could not be read (${error.message || error}). Copy the folder to this computer and try again, or use verify.py.`); }
}
const size = (bytes) => (bytes >= 1e9 ? (bytes / 1e9).toFixed(2) + " GB" : bytes >= 1e6 ? (bytes / 1e6).toFixed(1) + " MB" : Math.ceil(bytes / 1000) + " kB");

function sorry(text) {
  document.body.dataset.state = "unusable";
  window.overtReport = { exit: 2, answer: "unusable", says: text, findings: [] };
  $("result").replaceChildren(element("h2", "This cannot be checked", "headline"), element("p", text, "lead"));
}

const HEADLINES = {
  good: ["Nothing was altered", "Every file is there, none was added, and every byte is as it was sealed."],
  altered: ["This is not as it was sealed", "What differs is named below. What is not named is as it was sealed: the signed list vouches for it."],
  "key-wrong": ["Another key signed this", "Nothing was altered since it was signed, but not by the key you gave."],
};

const WHOLE_WITH_MORE = ["Nothing was altered",
  "It is whole, with files in its folder that are not part of it. Every file of its own is there, and every byte is as it was sealed."];

function show(report) {
  document.body.dataset.state = report.answer;
  const result = $("result"), [headline, usual] = report.answer === "good" && report.besides.length ? WHOLE_WITH_MORE : HEADLINES[report.answer];
  const lead = report.answer === "altered" && !report.signed
    ? "The list that was signed is not whole, so the scheme's signature vouches for nothing in this folder." : usual;
  result.replaceChildren(element("p", `Exhibit ${report.reference}`, "caption"), element("h2", headline, "headline"), element("p", lead, "lead"));
  if (report.findings.length) {
    const list = element("ul", "", "findings");
    for (const finding of report.findings) {
      const row = element("li");
      row.append(element("b", finding.path), element("span", finding.says));
      list.append(row);
    }
    result.append(list);
  }
  if (report.besides.length) {
    const list = element("ul", "", "besides");
    report.besides.forEach((name) => list.append(element("li", name)));
    result.append(element("h3", "Not part of it, left by a computer on which it was opened, and signed by nobody"), list);
  }
  const columns = element("div", "", "columns");
  columns.append(column("Proven", "yes", proven(report)), column("Not proven", "no", notProven(report)));
  result.append(columns, element("h3", "The key that signed it"), keys(report), ...clips(report));
  result.setAttribute("tabindex", "-1");
  result.focus();
}

function column(title, cls, lines) {
  const box = element("section", "", cls), list = element("ul");
  lines.forEach((line) => list.append(element("li", line)));
  box.append(element("h3", title), lines.length ? list : element("p", "Nothing."));
  return box;
}

function proven(report) {
  const told = [], { logbook: log, time_stamp: stamp } = report;
  if (report.exit !== 1) told.push(`All ${report.files} files are there, none was added${report.besides.length ? " but what a desktop left" : ""}, and every one of ${report.bytes.toLocaleString("en")} bytes is as sealed.`);
  if (report.signed) told.push("The list of files and hashes carries two good signatures (Ed25519 and ECDSA P-256).");
  if (report.signed && report.key.answer === "trusted") told.push("They were made with the key you gave.");
  if (stamp.answer === "good") told.push(`The seal existed at ${stamp.time}: time-stamped by ${stamp.authority}.`);
  if (log.events && log.proven === log.events) told.push(`${log.events} entries about it stand in the scheme's logbook, under its signed head (${log.origin}).`);
  if (log.held === "same") told.push("That head of the logbook is the one that you hold.");
  return told;
}

function notProven(report) {
  const told = [], { time_stamp: stamp } = report;
  if (report.key.answer === "not-compared") told.push("Who signed. Compare the key's fingerprint below with the one the scheme publishes.");
  if (report.key.answer === "wrong") told.push("Who signed. It is not the key you gave.");
  if (stamp.answer === "missing") told.push("Since when. There is no time stamp of an independent authority; the time is the scheme's own word.");
  if (stamp.answer === "good") told.push("Whether to trust the time-stamping authority. This page does not follow its certificates; verify.py and openssl do.");
  if (stamp.answer === "unchecked") told.push(`Since when: ${stamp.why}.`);
  if (report.logbook.log_key) told.push(`That the logbook's key is the scheme's. It is ${report.logbook.log_key}.`);
  if (report.logbook.events) told.push("That these are all the entries about it. What is left out of a folder leaves no trace in it.");
  if (report.logbook.held === "other-size") told.push(`That the logbook is the one whose head you hold. Yours is of another size than ${report.logbook.head}.`);
  if (report.logbook.head && !report.logbook.held) told.push(`That the scheme showed everybody the same logbook. Compare its head with one that somebody else holds: ${report.logbook.head}.`);
  told.push("What the pictures show, and that camera and clock were right. No signature can prove that.");
  told.push("This page itself: it lies beside what it checks. Where it matters, use one that the scheme publishes, or sha512sum and openssl.");
  return told;
}

function keys(report) {
  const table = element("dl");
  for (const [name, kind] of [["Ed25519", "ed25519"], ["P-256", "p256"]]) table.append(element("dt", name), element("dd", report.key[kind] || "no key", "print"));
  return table;
}

// A time of exhibit.json for people; whatever else it may be, it is left as it is.
const clockWords = (text) => String(text).replace(/^(\d{4}-\d\d-\d\d)T([\d:.]+)([+-]\d\d:\d\d)$/, "$1 $2 $3");

function clips(report) {
  const earlier = (a, b) => (a[1] < b[1] ? -1 : 1);
  const rows = (report.exhibit.clips || []).flatMap((clip) => [
    ...clip.files.map((file) => [`${clip.camera.number} ${clip.camera.name}`, file.start_local, file.end_local, file.path]),
    ...clip.gaps.map((gap) => [`${clip.camera.number} ${clip.camera.name}`, gap.start_local, gap.end_local, `Nothing recorded: ${gap.words}`])].sort(earlier));
  if (!rows.length || report.findings.some((finding) => finding.path === "metadata/exhibit.json")) return [];
  const table = element("table"), head = element("tr");
  ["Camera", "From", "To", "What"].forEach((title) => head.append(element("th", title)));
  table.append(head);
  for (const row of rows) { const line = element("tr"); row.forEach((cell, n) => line.append(element("td", n === 1 || n === 2 ? clockWords(cell) : cell))); table.append(line); }
  return [element("h3", "What it holds"), table];
}

if (typeof document !== "undefined") {
  const zone = $("drop");
  for (const kind of ["dragenter", "dragover"]) addEventListener(kind, (event) => { event.preventDefault(); zone.classList.add("over"); });
  addEventListener("dragleave", () => zone.classList.remove("over"));
  addEventListener("drop", async (event) => {
    event.preventDefault(); zone.classList.remove("over");
    try {
      const [files, folder] = await filesOfDrop(event.dataTransfer);
      if (files.size) await start(files, folder); else sorry("Drop the folder itself, not the files in it.");
    } catch { sorry("This browser does not let a page from a disk read a dropped folder. Use the button “Choose the folder”."); }
  });
  $("folder").addEventListener("change", async (event) => { const [files, folder] = filesOfInput([...event.target.files]); await start(files, folder); });
}
