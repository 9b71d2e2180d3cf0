/** One camera's sound beside its picture, in an element of its own: where it has holes, the picture goes on. */
import { Feed } from "../lib/source";
import { HZ } from "../lib/time";
import type { Utc } from "../lib/types";
import { Cover } from "./cover";
import type { Day } from "./day";

const PIECE = 10 * HZ, AHEAD = 15 * HZ, KEEP_S = 60;
/** Near now, "nothing there" is only true for a moment. */
const FRESH = 15 * HZ;
/** Sound that is so far off is moved; nearer, it is drawn to its picture by a slightly other speed, which nobody hears. */
const APART_S = 0.4, STEP_S = 0.03, MOST_SPEED = 0.08;

export interface Hearing { open(at: Utc): Promise<Day>; now(): Utc; said(words: string): void }

export class SoundPlayer {
  private readonly audio = new Audio();
  private day: Day | undefined;
  private feed: Feed | undefined;
  private codec = "";
  private readonly known = new Cover();
  private wanted: Utc = 0;
  private busy = false;
  private quietUntil = 0;
  private closed = false;
  private abort = new AbortController();
  /** Whether any was found where it was looked for last. */
  found: boolean | undefined;

  constructor(private readonly around: Hearing) { this.audio.preload = "auto"; }

  close(): void {
    this.closed = true;
    this.abort.abort();
    this.audio.pause();
    this.feed?.close();
  }

  /** Be heard at this moment, at usual speed only. Called as often as liked. */
  show(at: Utc, rate: number): void {
    this.wanted = at;
    if (rate !== 1) { this.audio.pause(); return; }
    void this.pump();
    this.follow();
  }

  private async pump(): Promise<void> {
    if (this.busy || this.closed || performance.now() < this.quietUntil) return;
    this.busy = true;
    try {
      if (!this.day?.holds(this.wanted)) await this.openDay();
      else await this.fetchNext(this.day);
    } catch (error) {
      this.quietUntil = performance.now() + 5000; // the picture says what is wrong
      if (!this.closed && this.found === undefined) this.tell(false);
    }
    this.busy = false;
  }

  private async openDay(): Promise<void> {
    const day = await this.around.open(this.wanted);
    if (this.closed) return;
    this.feed?.close();
    this.known.cut(0, Number.MAX_SAFE_INTEGER);
    this.codec = "";
    this.day = day;
    this.feed = new Feed(this.audio, () => this.tell(false));
  }

  private async fetchNext(day: Day): Promise<void> {
    const limit = Math.min(day.end, this.around.now() - 2 * HZ);
    const start = this.known.firstUnknown(this.wanted, Math.min(this.wanted + AHEAD, limit));
    if (start === undefined) { this.forget(day); return; }
    const end = Math.min(start + PIECE, limit);
    const piece = await day.fetch(start, end, this.abort.signal, "sound");
    if (this.closed || day !== this.day) return;
    const sure = Math.min(piece?.next ?? end, end);
    if (sure < this.around.now() - FRESH) this.known.add(start, sure);
    else if (piece) this.known.add(start, Math.min(piece.end, end));
    if (!piece) { this.quietUntil = performance.now() + 800; this.tell(false); return; }
    if (piece.codec !== this.codec) { this.feed?.begin(piece.codec); this.codec = piece.codec; }
    this.feed?.append(piece.bytes);
    this.feed?.settled(() => this.follow());
    this.tell(true);
  }

  private forget(day: Day): void {
    const until = (this.wanted - day.start) / HZ - KEEP_S;
    if (until <= 0 || !this.known.has(day.start + (until - 1) * HZ)) return;
    this.feed?.forget(0, until);
    this.known.cut(0, this.wanted - KEEP_S * HZ);
  }

  /** Play where there is sound of this moment, else be quiet until there is. */
  private follow(): void {
    if (!this.day || this.closed) return;
    const target = (this.wanted - this.day.start) / HZ;
    if (!this.has(target)) { this.audio.pause(); return; }
    const drift = this.audio.currentTime - target;
    if (Math.abs(drift) > APART_S && !this.audio.seeking) this.audio.currentTime = target;
    const speed = Math.abs(drift) < STEP_S ? 1 : 1 - Math.max(-MOST_SPEED, Math.min(MOST_SPEED, drift));
    if (Math.abs(this.audio.playbackRate - speed) > 0.01) this.audio.playbackRate = speed;
    if (this.audio.paused) void this.audio.play().catch(() => undefined);
  }

  private has(at: number): boolean {
    const ranges = this.feed?.ranges;
    for (let index = 0; ranges && index < ranges.length; index++) if (ranges.start(index) <= at && at < ranges.end(index)) return true;
    return false;
  }

  private tell(found: boolean): void {
    if (this.found === found) return;
    this.found = found;
    this.around.said(found ? "" : "No sound was recorded here");
  }
}
