/** One camera's recordings in one tile: fetched in pieces around the moment, shown to the picture. */
import { h, say } from "../lib/dom";
import { Problem, wordsOf, type Server } from "../lib/http";
import { endBy, fragmentsFrom, framesOf, initLength } from "../lib/mp4";
import { Feed } from "../lib/source";
import { HZ, type ServerClock, type Zone } from "../lib/time";
import type { Gap, ListedCamera, Utc } from "../lib/types";
import { Cover, type Stretch } from "./cover";
import { Day } from "./day";
import { Frames, type Shown } from "./frames";
import type { Direction } from "./stepper";

const QUICK = 1 * HZ, PIECE = 10 * HZ, AHEAD = 20 * HZ, KEEP = 40 * HZ;
/** Near now, "nothing there" is only true for a moment. */
const FRESH = 15 * HZ, ASK_AGAIN_MS = 800;
/** Fragments that follow one another may part by this much: their times are the server's, which is slewed. */
const SEAM = HZ / 10;
/** A picture that is here and still not shown after so long: the element is made anew. */
const STUCK_MS = 2500;
/** So long after a seek its picture stands there. */
const SURE_MS = 400, MOST_DOUBTED = 3;
/** A fragment lasts up to two seconds, and is there only when it is whole. */
const EDGE = 2 * HZ;
/** A step does not go over more than this without a picture. */
const STEP_REACH = 5 * HZ;

export interface Surroundings {
  server: Server; zone: Zone; time: ServerClock; review: string;
  gapAt(camera: string, at: Utc): Gap | undefined;
  changed(): void;
}

export class Player {
  readonly element: HTMLElement;
  private readonly stage = h("div", { class: "stage-of-tile" });
  private readonly empty = h("div", { class: "empty", hidden: true });
  readonly mark = h("div", { class: "mark" });
  private readonly clock = h("time", { class: "figures" });
  private video = h("video");
  private feed: Feed | undefined;
  private day: Day | undefined;
  private opening: string | undefined;
  private readonly known = new Cover();
  private readonly sounding = new Cover(); // where there is sound to be heard, at its own address
  private readonly sign = h("span", { class: "sounding", hidden: true }, "sound recorded");
  private readonly holes = new Cover();
  readonly frames = new Frames();
  private wanted: Utc = 0;
  private rate = 0;
  private inflight: { abort: AbortController; start: Utc; end: Utc } | undefined;
  private shownAt: Utc | undefined;
  private problem = "";
  private codec = "";
  private again: number | undefined;
  private sure: number | undefined;
  private doubted: { at: Utc; times: number } | undefined;
  private init = new Uint8Array();
  private tail: Utc | undefined; // where the last append ended: what follows on needs no key frame again
  private fineAt = performance.now();
  private readonly appending = new Set<Stretch>(); // fetched, and on its way into the source buffer
  private needed: Stretch | undefined; // asked for by a step, however close to now
  private quietUntil = 0; // the live end was asked for, and had nothing new yet
  private callback = 0;
  private closed = false;

  constructor(readonly camera: ListedCamera, private readonly around: Surroundings) {
    this.element = h("div", { class: "tile", role: "group", tabindex: "-1", "aria-label": `${camera.number} ${camera.name}` }, this.stage, this.empty, this.mark,
      h("div", { class: "foot" }, h("span", { class: "number" }, camera.number), h("span", { class: "name" }, camera.name), this.sign, this.clock));
    this.element.dataset["state"] = "opening";
  }

  /** The moment of the picture on show. */
  get shown(): Utc | undefined { return this.shownAt; }

  close(): void {
    this.closed = true;
    clearTimeout(this.again);
    clearTimeout(this.sure);
    this.inflight?.abort.abort();
    this.feed?.close();
    this.video.cancelVideoFrameCallback(this.callback);
    this.element.remove();
  }

  /** Show the picture of this moment; `rate` is nought while paused, negative in reverse. Called as often as liked. */
  show(at: Utc, rate: number): void {
    const jumped = Math.abs(at - this.wanted) > HZ / 2;
    this.wanted = at;
    this.rate = rate;
    if (this.day && !this.day.holds(at)) this.leaveDay();
    if (!this.day) { void this.openDay(); return; }
    if (jumped) this.dropUseless();
    this.pump();
    this.move();
    this.mendIfStuck();
  }

  /** Whether the master clock need not wait for this camera: its picture is here, or there is none to come. */
  ready(at: Utc): boolean {
    if (this.problem || this.holes.has(at) || this.around.gapAt(this.camera.number, at)) return true;
    return this.frames.at(at) !== undefined && (this.rate <= 0 || this.video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA);
  }

  hasPicture(at: Utc): boolean { return this.frames.at(at) !== undefined; }

  /** Nothing was recorded then, as far as is known. */
  isHole(at: Utc): boolean { return !this.hasPicture(at) && (this.holes.has(at) || this.around.gapAt(this.camera.number, at) !== undefined); }

  /** A decoder that has lost its way (a long group appended under its feet) is started again. */
  private mendIfStuck(): void {
    const fine = !this.hasPicture(this.wanted) || this.video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA;
    if (fine) { this.fineAt = performance.now(); return; }
    if (performance.now() - this.fineAt < STUCK_MS) return;
    this.fineAt = performance.now();
    const { day } = this;
    if (!day) return;
    this.leaveDay();
    this.startDay(day);
  }

  private async openDay(): Promise<void> {
    const day = this.around.zone.day(this.wanted);
    if (this.opening === day) return;
    this.opening = day;
    try {
      const opened = await Day.open(this.around.server, this.around.time, this.around.review, this.camera.number, day);
      if (this.closed || this.opening !== day) return;
      this.opening = undefined;
      if (!opened.holds(this.wanted)) { void this.openDay(); return; }
      this.problem = "";
      this.startDay(opened);
    } catch (error) {
      this.fail(error);
      this.opening = undefined;
    }
  }

  private startDay(day: Day): void {
    this.day = day;
    const video = h("video", { "aria-hidden": true, tabindex: -1, disablepictureinpicture: true });
    video.addEventListener("resize", () => { if (video.videoWidth) this.element.style.setProperty("--shape", String(video.videoHeight / video.videoWidth)); });
    this.video = video;
    this.video.muted = true;
    this.video.preload = "auto";
    this.video.addEventListener("seeked", () => { this.move(); this.makeSure(); });
    this.stage.replaceChildren(this.video);
    this.feed = new Feed(this.video, (words) => { this.problem = words; this.draw(); });
    this.watchFrames();
    this.show(this.wanted, this.rate);
  }

  /** Another day has another address and another beginning of its clock. */
  private leaveDay(): void {
    this.inflight?.abort.abort();
    this.inflight = undefined;
    this.feed?.close();
    this.feed = undefined;
    this.day = undefined;
    this.codec = "";
    this.tail = undefined;
    this.needed = undefined;
    this.appending.clear();
    this.shownAt = undefined;
    this.frames.clear();
    for (const cover of [this.known, this.holes]) cover.cut(0, Number.MAX_SAFE_INTEGER);
    this.video.cancelVideoFrameCallback(this.callback);
  }

  /** A jump makes a fetch under way useless unless it covers where we went. */
  private dropUseless(): void {
    const { inflight } = this;
    if (inflight && !(inflight.start <= this.wanted && this.wanted < inflight.end) && !this.known.has(this.wanted)) {
      inflight.abort.abort();
      this.inflight = undefined;
    }
  }

  /** Fetch the next thing that is not known: first what is wanted now, then what lies ahead in the direction of play. */
  private pump(): void {
    if (this.inflight || !this.day || this.closed || this.problem) return;
    const next = this.nextWanted();
    if (!next) { this.forget(); return; }
    const abort = new AbortController();
    this.inflight = { abort, ...next };
    void this.fetch(this.day, next.start, next.end, abort);
  }

  private nextWanted(): Stretch | undefined {
    const speed = Math.max(1, Math.min(Math.abs(this.rate), 6));
    const limit = Math.min(this.day!.end, this.around.time.now());
    const cover = this.known.with(this.holes.stretches);
    const quiet = performance.now() < this.quietUntil;
    const { needed } = this;
    if (needed && cover.firstUnknown(needed.start, needed.end) !== undefined) return quiet && needed.end > limit - FRESH ? undefined : needed;
    if (!cover.has(this.wanted)) {
      const asked = this.wanted < limit && !(quiet && this.wanted > limit - FRESH);
      const following = cover.stretches.find((one) => one.start > this.wanted)?.start ?? limit; // never fetch what is here
      return asked ? { start: this.wanted, end: Math.min(this.wanted + QUICK, limit, following) } : undefined;
    }
    if (this.rate < 0) {
      const end = cover.lastUnknown(Math.max(this.day!.start, this.wanted - AHEAD * speed), this.wanted);
      return end === undefined ? undefined : { start: Math.max(this.day!.start, end - PIECE), end };
    }
    const start = cover.firstUnknown(this.wanted, Math.min(this.wanted + AHEAD * speed, limit - EDGE));
    if (start !== undefined && !(quiet && start > limit - FRESH)) return { start, end: Math.min(start + PIECE * speed, this.day!.end, limit) };
    const before = cover.lastUnknown(Math.max(this.day!.start, this.wanted - 3 * HZ), this.wanted); // for a step back
    return before === undefined ? undefined : { start: Math.max(this.day!.start, before - 3 * HZ), end: before };
  }

  /** The moment of the picture next to the one at `at`; "coming" where it must be fetched first; undefined at a gap.
   *  A picture farther on is never taken for the next one: what lies between must be known. */
  neighbour(at: Utc, direction: Direction): Utc | "coming" | undefined {
    const { day } = this;
    if (this.problem) return undefined;
    if (!day?.holds(at)) return "coming";
    const from = this.frames.at(at)?.at ?? at;
    const found = this.frames.step(at, direction)?.at;
    const sure = this.known.with(this.holes.stretches.map((one) => ({ start: one.start, end: Math.min(one.end, this.around.time.now() - FRESH) })));
    const unknown = direction > 0
      ? sure.firstUnknown(from, Math.min(found ?? day.end, from + STEP_REACH, day.end))
      : sure.lastUnknown(Math.max(found ?? day.start, from - STEP_REACH, day.start), from);
    if (unknown !== undefined) { this.need(unknown, direction, found); return "coming"; }
    this.needed = undefined;
    if (found !== undefined && Math.abs(found - from) <= STEP_REACH) return found;
    if (direction > 0 ? day.end - from < STEP_REACH : from - day.start < STEP_REACH) return direction > 0 ? day.end : day.start - 1; // the next day's first, the last one's last
    return undefined;
  }

  private need(unknown: Utc, direction: Direction, other: Utc | undefined): void {
    const limit = Math.min(this.day!.end, this.around.time.now());
    this.needed = direction > 0
      ? { start: Math.min(unknown, limit - 1), end: Math.max(unknown + 1, Math.min(unknown + QUICK, other ?? limit, limit)) }
      : { start: Math.max(unknown - QUICK, other ?? this.day!.start), end: unknown };
    this.pump();
  }

  private async fetch(day: Day, start: Utc, end: Utc, abort: AbortController): Promise<void> {
    try {
      const piece = await day.fetch(start, end, abort.signal);
      if (abort.signal.aborted || day !== this.day) return;
      this.inflight = undefined;
      if (!piece) this.hole(start, end);
      else {
        if (piece.start - start > SEAM) this.hole(start, Math.min(piece.start, end));
        else this.known.add(start, piece.start);
        if (piece.sounding) this.sounding.add(piece.start, piece.end);
        this.take(day, piece.bytes, piece.start, piece.end, piece.codec);
        if (end - piece.end > SEAM) this.hole(piece.end, Math.min(piece.next ?? end, end));
        else this.known.add(piece.end, end);
      }
    } catch (error) {
      if (abort.signal.aborted || day !== this.day) return;
      this.inflight = undefined;
      this.fail(error);
    }
    this.pump();
    this.move();
    this.around.changed();
  }

  private take(day: Day, bytes: Uint8Array, start: Utc, end: Utc, codec: string): void {
    if (!Feed.plays(codec)) { this.problem = `Recorded, but this browser cannot show it (${codec}). Export is not affected.`; this.draw(); return; }
    const goesOn = codec === this.codec && this.tail !== undefined && start <= this.tail && end > this.tail && sameBytes(this.init, bytes.subarray(0, initLength(bytes)));
    if (codec !== this.codec) { this.feed?.begin(codec); this.codec = codec; }
    this.init = bytes.slice(0, initLength(bytes));
    const frames = framesOf(bytes).map((frame) => ({ at: frame.time + day.start, duration: frame.duration }));
    const following = this.frames.after(frames[frames.length - 1]?.at ?? end);
    if (following !== undefined) endBy(bytes, following - day.start);
    this.frames.add(frames);
    this.feed?.append(goesOn ? fragmentsFrom(bytes, this.tail! - day.start) : bytes);
    this.tail = end;
    const appended = { start, end };
    this.appending.add(appended);
    this.feed?.settled(() => { this.appending.delete(appended); this.move(); });
    this.known.add(start, end);
  }

  /** Nothing there. Close to now that may change, so it is asked again. */
  private hole(start: Utc, end: Utc): void {
    const now = this.around.time.now();
    const old = Math.min(end, now - FRESH);
    this.holes.add(start, old);
    if (end <= old) return;
    const fresh = Math.max(start, old);
    this.holes.add(fresh, end);
    this.quietUntil = performance.now() + ASK_AGAIN_MS;
    clearTimeout(this.again);
    this.again = window.setTimeout(() => { this.holes.cut(now - FRESH, Number.MAX_SAFE_INTEGER); this.pump(); this.move(); }, ASK_AGAIN_MS);
  }

  private forget(): void {
    if (!this.day || !this.feed) return;
    const [low, high] = [this.wanted - KEEP * 3, this.wanted + KEEP * 4];
    for (const one of this.known.stretches) {
      if (one.start < low) this.drop(one.start, Math.min(one.end, low));
      if (one.end > high) this.drop(Math.max(one.start, high), one.end);
    }
  }

  private drop(start: Utc, end: Utc): void {
    if (this.tail !== undefined && start < this.tail && this.tail <= end) this.tail = undefined;
    const [from, to] = [(start - this.day!.start) / HZ, (end - this.day!.start) / HZ];
    this.feed?.forget(Math.max(0, from), to);
    this.known.cut(start, end);
    this.frames.cut(start, end);
  }

  /** Bring the element to the moment: by playing where it can, by seeking where it must. */
  private move(): void {
    if (!this.day || this.closed) return;
    const frame = this.frames.at(this.wanted);
    this.draw();
    if (!frame) { this.video.pause(); return; }
    const target = (this.wanted - this.day.start) / HZ;
    const { video } = this;
    if (this.rate > 0 && video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA) { this.follow(target); return; }
    video.pause();
    // A browser takes what begins a little later for what is not in its buffer yet, and stays there.
    if ([...this.appending].some((one) => one.start <= frame.at && frame.at < one.end)) return;
    const exact = this.exact(frame);
    if (!video.seeking && (Math.abs(video.currentTime - exact) > 0.0005 || video.readyState < 2)) video.currentTime = exact;
  }

  /** Where to seek for a picture: a little into it, for the element counts in microseconds. */
  private exact(frame: Shown): number { return (frame.at - this.day!.start) / HZ + Math.min(frame.duration / HZ / 3, 0.008); }

  /** The picture that stands there is the one that was asked for; where it is not, it is asked for again. */
  private makeSure(): void {
    clearTimeout(this.sure);
    this.sure = window.setTimeout(() => {
      const frame = this.frames.at(this.wanted);
      if (this.closed || !this.day || this.rate !== 0 || this.video.seeking || document.hidden || !frame || this.shownAt === frame.at) return;
      this.doubted = { at: frame.at, times: this.doubted?.at === frame.at ? this.doubted.times + 1 : 1 };
      if (this.doubted.times <= MOST_DOUBTED) this.video.currentTime = this.exact(frame);
    }, SURE_MS);
  }

  /** Within a picture or so of the master clock, by a slightly other speed; by a jump when far off. */
  private follow(target: number): void {
    const { video, rate } = this;
    if (video.seeking) return;
    const drift = video.currentTime - target;
    if (Math.abs(drift) > 0.3 * Math.max(1, rate / 2)) { video.currentTime = target; return; }
    const speed = Math.abs(drift) < 0.015 * rate ? rate : rate * (1 - Math.max(-0.25, Math.min(0.25, drift / rate)));
    const clamped = Math.min(16, Math.max(0.0625, speed));
    if (Math.abs(video.playbackRate - clamped) > 0.005) video.playbackRate = clamped;
    if (video.paused) void video.play().catch(() => undefined);
  }

  private watchFrames(): void {
    const { video } = this;
    this.callback = video.requestVideoFrameCallback((_now, metadata) => {
      if (this.closed || video !== this.video || !this.day) return;
      const at = this.day.start + Math.round(metadata.mediaTime * HZ);
      this.shownAt = this.frames.at(at + 45)?.at ?? at;
      say(this.clock, this.around.zone.clockMs(this.shownAt));
      this.draw();
      this.around.changed();
      this.watchFrames();
    });
  }

  private fail(error: unknown): void {
    this.problem = wordsOf(error);
    this.draw();
    const lasting = error instanceof Problem && (error.code === "review-over" || error.status === 404 || error.status === 401 || error.status === 409);
    if (lasting) return;
    clearTimeout(this.again);
    this.again = window.setTimeout(() => { this.problem = ""; if (this.day) this.pump(); else void this.openDay(); }, 2000);
  }

  private draw(): void {
    const state = this.problem ? "denied" : this.hasPicture(this.wanted) ? (this.shownAt === undefined ? "opening" : "live") : this.isHole(this.wanted) ? "gap" : "opening";
    if (this.element.dataset["state"] !== state) this.element.dataset["state"] = state;
    this.sign.hidden = !this.sounding.has(this.wanted);
    this.empty.hidden = state === "live" || (state === "opening" && this.shownAt !== undefined);
    if (!this.empty.hidden) this.drawWords(state);
  }

  private drawWords(state: string): void {
    const lines = state === "denied" ? [this.problem] : state === "gap" ? this.gapWords() : ["Opening"];
    const key = lines.join("\n");
    if (this.empty.dataset["key"] === key) return;
    this.empty.dataset["key"] = key;
    this.empty.replaceChildren(h("span", { class: "number" }, this.camera.number), ...lines.map((text, index) => h("p", { class: index ? "quiet" : "strong" }, text)));
  }

  /** What is known of a moment without a picture. */
  private gapWords(): string[] {
    const gap = this.around.gapAt(this.camera.number, this.wanted);
    if (!gap) return ["Nothing was recorded here", this.around.zone.clock(this.wanted)];
    const end = gap.end_90k === null ? "it lasts" : `to ${this.around.zone.brief(gap.end_90k, gap.start_90k)}`;
    return [`No recording: ${gap.words}`, `from ${this.around.zone.brief(gap.start_90k, gap.end_90k ?? gap.start_90k)} ${end}`, gap.detail].filter(Boolean);
  }
}

const sameBytes = (a: Uint8Array, b: Uint8Array): boolean => a.byteLength === b.byteLength && a.every((byte, index) => byte === b[index]);
