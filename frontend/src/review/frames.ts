/** The pictures that were fetched, by the moment each is shown from: what makes a step of one frame exact. */
import type { Utc } from "../lib/types";

export interface Shown { at: Utc; duration: number }

/** Farther from its beginning than this, a picture is not what was to be seen at a moment: there is a gap. */
const LONGEST = 90_000;

export class Frames {
  private list: Shown[] = [];

  add(frames: Shown[]): void {
    const first = frames[0];
    if (!first) return;
    const last = frames[frames.length - 1]!;
    const before = this.list.filter((one) => one.at < first.at);
    const after = this.list.filter((one) => one.at > last.at);
    this.list = [...before, ...frames, ...after];
  }

  cut(start: Utc, end: Utc): void { this.list = this.list.filter((one) => one.at < start || one.at >= end); }

  clear(): void { this.list = []; }

  /** The picture on show at a moment. */
  at(moment: Utc): Shown | undefined {
    const index = this.indexAt(moment);
    const found = this.list[index];
    if (!found || moment - found.at > Math.min(Math.max(found.duration * 2, 9000), LONGEST)) return undefined;
    return found;
  }

  /** When the first picture later than this one is shown. */
  after(moment: Utc): Utc | undefined { return this.list[this.firstFrom(moment + 1)]?.at; }

  /** The picture `by` steps from the one on show. */
  step(moment: Utc, by: 1 | -1): Shown | undefined {
    const index = this.indexAt(moment);
    return this.list[by > 0 ? index + 1 : this.list[index] && this.list[index]!.at < moment - 1 && !this.at(moment) ? index : index - 1];
  }

  /** Which picture of its second this is, and of how many; undefined where not all of them are known. */
  place(moment: Utc): { number: number; of: number } | undefined {
    const shown = this.at(moment);
    if (!shown) return undefined;
    const second = Math.floor(shown.at / 90_000) * 90_000;
    const mine = this.list.slice(this.firstFrom(second), this.firstFrom(second + 90_000));
    const whole = mine[0]!.at - second <= shown.duration * 1.5 && second + 90_000 - mine[mine.length - 1]!.at <= shown.duration * 1.5;
    if (!whole) return undefined; // part of this second is not fetched, or was not recorded
    return { number: mine.indexOf(shown) + 1, of: mine.length };
  }

  private indexAt(moment: Utc): number { return this.firstFrom(moment + 1) - 1; }

  private firstFrom(moment: Utc): number {
    let [low, high] = [0, this.list.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.list[middle]!.at < moment) low = middle + 1; else high = middle;
    }
    return low;
  }
}
