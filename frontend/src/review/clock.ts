/** The one clock that every camera in step follows. It waits for a picture that is being fetched, and never for a gap. */
import { HZ } from "../lib/time";
import type { Utc } from "../lib/types";

export interface Followers {
  ready(at: Utc): boolean;
  /** Where the next footage begins, if no camera has any at this moment; undefined otherwise. */
  nextFootage(at: Utc, direction: 1 | -1): Utc | undefined;
  now(): Utc;
  moved(at: Utc, rate: number): void;
  said(words: string): void;
}

/** J and L go through these, one press at a time. */
const SPEEDS = [1, 2, 4, 8, 16];
/** Seeking backwards is asked for this often; a picture takes some time to come. */
const REVERSE_EVERY_MS = 120;

export class MasterClock {
  at: Utc;
  rate = 0;
  waiting = false;
  skipGaps = true;
  private last = 0;
  private lastReverse = 0;
  private frame = 0;

  constructor(at: Utc, private readonly followers: Followers) {
    this.at = at;
    this.frame = requestAnimationFrame((now) => this.tick(now));
  }

  remove(): void { cancelAnimationFrame(this.frame); }

  seek(at: Utc): void {
    this.at = Math.max(0, Math.min(Math.round(at), this.followers.now()));
    this.followers.moved(this.at, this.rate);
  }

  play(rate: number): void {
    this.rate = rate;
    this.last = performance.now();
    this.followers.moved(this.at, rate);
  }

  toggle(): void { this.play(this.rate === 0 ? 1 : 0); }

  /** L and J: forward or back; the same key again is faster, the other one slower. */
  shuttle(direction: 1 | -1): void {
    const now = this.rate * direction;
    if (now <= 0 && this.rate !== 0) { this.play(slower(this.rate)); return; }
    const index = SPEEDS.indexOf(now);
    this.play(direction * (SPEEDS[Math.min(index + 1, SPEEDS.length - 1)] ?? 1));
  }

  private tick(now: number): void {
    this.frame = requestAnimationFrame((next) => this.tick(next));
    const passed = Math.min(now - this.last, 250);
    this.last = now;
    if (this.rate === 0) { this.waiting = false; return; }
    this.waiting = !this.followers.ready(this.at);
    if (!this.waiting) this.advance(passed);
    if (this.rate < 0 && now - this.lastReverse < REVERSE_EVERY_MS) return;
    this.lastReverse = now;
    this.followers.moved(Math.round(this.at), this.rate);
  }

  private advance(ms: number): void {
    const direction = this.rate > 0 ? 1 : -1;
    const next = this.skipGaps ? this.followers.nextFootage(this.at, direction) : undefined;
    if (next !== undefined && (next - this.at) * direction > HZ / 2) {
      this.followers.said(`Nothing was recorded for ${Math.round(Math.abs(next - this.at) / HZ)} s: skipped`);
      this.at = next;
      return;
    }
    this.at += (ms * this.rate * HZ) / 1000;
    if (this.at > this.followers.now()) { this.at = this.followers.now(); this.followers.said("This is now"); this.play(0); }
    if (this.at < 0) this.at = 0;
  }
}

function slower(rate: number): number {
  const index = SPEEDS.indexOf(Math.abs(rate));
  return index <= 0 ? 0 : Math.sign(rate) * SPEEDS[index - 1]!;
}
