// Plays the recordings of this exhibit with their true time, frame by frame. The index of frames came from the files.
"use strict";

const FACTS = JSON.parse(document.getElementById("facts").textContent);
const HZ = 90000, $ = (id) => document.getElementById(id);
const make = (tag, text, cls) => { const made = document.createElement(tag); if (text) made.textContent = plain(text); if (cls) made.className = cls; return made; };
const video = $("video"), SPEEDS = [0.1, 0.25, 0.5, 1, 2, 4, 8, 16];
let clip = null, file = null, frames = null, zero = 0, shown = 0;

function localTime(count, digits = 3) {
  // Server time in the scheme's zone, with its offset: computed, not the viewer's zone.
  const moment = new Date(Math.floor((count + 45) / 90)), parts = {};
  const format = new Intl.DateTimeFormat("en-GB", { timeZone: FACTS.time_zone, hourCycle: "h23", day: "2-digit", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", second: "2-digit", fractionalSecondDigits: 3, timeZoneName: "short" });
  for (const { type, value } of format.formatToParts(moment)) parts[type] = value;
  const time = `${parts.hour}:${parts.minute}:${parts.second}` + (digits ? `.${parts.fractionalSecond}` : "");
  return { date: `${parts.day} ${parts.month} ${parts.year}`, time: `${time} ${parts.timeZoneName}` };
}

function frameTable(found) {
  // Start of each frame in media time and in true time; durations are run-length coded as [duration, count].
  const media = [], utc = [];
  for (const [start, wall, runs] of found.index) {
    let at = 0;
    for (const [duration, count] of runs) for (let n = 0; n < count; n++, at += duration) { media.push(start + at); utc.push(wall + at); }
  }
  return { media, utc };
}

function frameAt(count, list) {
  let low = 0, high = list.length - 1;
  while (low < high) { const middle = (low + high + 1) >> 1; if (list[middle] <= count) low = middle; else high = middle - 1; }
  return low;
}

function openFile(next, at = 0) {
  file = next;
  frames = frameTable(next);
  zero = next.sound ? 0 : frames.media[0]; // where the player's own clock starts: with the pictures, or with sound before them
  const rate = video.playbackRate;
  video.src = next.path.replace("data/", "");
  video.playbackRate = rate;
  video.addEventListener("loadedmetadata", () => go(at), { once: true });
  draw();
}

function go(number) {
  shown = Math.max(0, Math.min(number, frames.media.length - 1));
  // The middle of a frame, so that no rounding shows its neighbour.
  const start = frames.media[shown] - zero, next = (frames.media[shown + 1] ?? frames.media[shown] + 2 * 1800) - zero;
  video.currentTime = (start + Math.min(next - start, 3600) / 2) / HZ;
  tell();
}

function step(count) {
  video.pause();
  const files = clip.files, at = files.indexOf(file);
  if (shown + count >= frames.media.length && files[at + 1]) openFile(files[at + 1], 0);
  else if (shown + count < 0 && files[at - 1]) openFile(files[at - 1], 1e9);
  else go(shown + count);
}

function tell() {
  const { date, time } = localTime(frames.utc[shown]);
  $("now").classList.remove("nothing");
  $("now").firstChild.textContent = time;
  $("now").lastChild.textContent = `${date} · frame ${(shown + 1).toLocaleString("en")} of ${frames.media.length.toLocaleString("en")}`;
  const cursor = document.querySelector(".line .now");
  if (cursor) cursor.setAttribute("x", place(frames.utc[shown]) - 1);
}

const place = (count) => 1000 * (count - span()[0]) / (span()[1] - span()[0]);
function span() {
  const all = [...clip.files, ...clip.gaps, clip.asked_for];
  return [Math.min(...all.map((s) => s.start_90k)), Math.max(...all.map((s) => s.end_90k))];
}

function draw() {
  const svg = $("line"), ns = "http://www.w3.org/2000/svg";
  svg.querySelectorAll("rect:not(.pattern)").forEach((old) => old.remove());
  const rect = (from, to, cls, y, height, title) => {
    const made = document.createElementNS(ns, "rect");
    Object.entries({ x: place(from), y, width: Math.max(1, place(to) - place(from)), height, class: cls }).forEach(([k, v]) => made.setAttribute(k, v));
    if (title) made.append(Object.assign(document.createElementNS(ns, "title"), { textContent: plain(title) }));
    svg.append(made);
  };
  clip.files.forEach((f) => rect(f.start_90k, f.end_90k, "rec", 14, 18, "Recorded"));
  clip.gaps.forEach((g) => rect(g.start_90k, g.end_90k, "gap", 14, 18, g.words));
  rect(clip.asked_for.start_90k, clip.asked_for.end_90k, "asked", 9, 28, "The span that was asked for");
  rect(frames.utc[shown] || file.start_90k, frames.utc[shown] || file.start_90k, "now", 4, 38);
  document.querySelector(".line .now").setAttribute("width", 2.5);
}

function openClip(next) {
  clip = next;
  document.querySelectorAll(".tabs button").forEach((tab, n) => tab.setAttribute("aria-selected", String(FACTS.clips[n] === next)));
  if (clip.files.length) openFile(clip.files[0], 0);
}

function seekTo(count) {
  const next = clip.files.find((f) => count >= f.start_90k && count < f.end_90k) || clip.files.find((f) => f.start_90k > count) || clip.files.at(-1);
  const jump = () => go(frameAt(count, frames.utc));
  if (next === file) jump(); else { openFile(next); video.addEventListener("loadedmetadata", jump, { once: true }); }
}

function speed(change) {
  const at = SPEEDS.indexOf(video.playbackRate);
  video.playbackRate = SPEEDS[Math.max(0, Math.min(SPEEDS.length - 1, (at < 0 ? 3 : at) + change))];
  $("speed").value = String(video.playbackRate);
}
const toggle = () => (video.paused ? video.play() : video.pause());

function onFrame(_, meta) {
  // While a step is under way the picture is still the one before it; the clock names what was asked for.
  if (frames && !video.seeking) { shown = frameAt(Math.round(meta.mediaTime * HZ) + zero + 2, frames.media); tell(); }
  video.requestVideoFrameCallback(onFrame);
}

if (video.requestVideoFrameCallback) video.requestVideoFrameCallback(onFrame);
else video.addEventListener("timeupdate", () => { shown = frameAt(video.currentTime * HZ + zero, frames.media); tell(); });
video.addEventListener("timeupdate", () => {
  // Inside a gap the last picture stands still; the clock then says that nothing was recorded.
  const at = video.currentTime * HZ + zero, next = frames.media[shown + 1];
  const standing = next !== undefined && next - frames.media[shown] > HZ && at > frames.media[shown] + HZ / 2;
  $("now").classList.toggle("nothing", standing);
  if (standing) $("now").lastChild.textContent = `nothing recorded until ${localTime(frames.utc[shown + 1]).time}`;
});
video.addEventListener("play", () => { $("play").textContent = "Pause"; });
video.addEventListener("pause", () => { $("play").textContent = "Play"; });
video.addEventListener("ended", () => { const next = clip.files[clip.files.indexOf(file) + 1]; if (next) { openFile(next); video.play(); } });
video.addEventListener("error", () => { $("trouble").hidden = false; });
video.addEventListener("click", toggle);
$("play").addEventListener("click", toggle);
$("back").addEventListener("click", () => step(-1));
$("on").addEventListener("click", () => step(1));
$("speed").addEventListener("change", (event) => { video.playbackRate = Number(event.target.value); });
$("line").addEventListener("click", (event) => {
  const box = $("line").getBoundingClientRect(), [from, to] = span();
  seekTo(from + ((event.clientX - box.left) / box.width) * (to - from));
});
addEventListener("keydown", (event) => {
  if (event.target.matches("select, input") || event.ctrlKey || event.altKey || event.metaKey) return;
  const act = { " ": toggle, k: toggle, ",": () => step(-1), ".": () => step(1), j: () => speed(-1), l: () => speed(1), ArrowLeft: () => seekTo(frames.utc[shown] - HZ), ArrowRight: () => seekTo(frames.utc[shown] + HZ), Home: () => go(0), End: () => go(1e9) }[event.key];
  if (act && !(event.key === " " && event.target.matches("button"))) { event.preventDefault(); act(); }
});

FACTS.clips.forEach((next) => {
  const tab = make("button", `${next.camera.number} ${next.camera.name}`);
  tab.setAttribute("role", "tab");
  tab.addEventListener("click", () => openClip(next));
  $("tabs").append(tab);
  for (const part of [...next.files, ...next.gaps].sort((a, b) => a.start_90k - b.start_90k)) {
    const row = make("tr"), from = localTime(part.start_90k), to = localTime(part.end_90k);
    row.append(make("td", `${next.camera.number} ${next.camera.name}`), make("td", `${from.date} ${from.time}`), make("td", `${to.date} ${to.time}`));
    const what = make("td");
    if (part.path) {
      const link = make("a", part.path.replace("data/", ""));
      link.href = part.path.replace("data/", "");
      what.append(link, ` ${part.frames.toLocaleString("en")} frames, ${part.width}×${part.height}`);
    } else what.append(plain(`Nothing recorded: ${part.words}${part.detail ? ` (${part.detail})` : ""}`));
    row.append(what);
    $("parts").append(row);
  }
});
openClip(FACTS.clips[0]);
