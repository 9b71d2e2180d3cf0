/** Which stretches of time are known: fetched pictures, or the certainty that there are none. Half-open, by start. */
import type { Utc } from "../lib/types";

export interface Stretch { start: Utc; end: Utc }

export class Cover {
  private list: Stretch[] = [];

  get stretches(): readonly Stretch[] { return this.list; }

  add(start: Utc, end: Utc): void {
    if (end <= start) return;
    const apart = this.list.filter((one) => one.end < start || one.start > end);
    const joined = this.list.filter((one) => !(one.end < start || one.start > end));
    const whole = { start: Math.min(start, ...joined.map((one) => one.start)), end: Math.max(end, ...joined.map((one) => one.end)) };
    this.list = [...apart, whole].sort((a, b) => a.start - b.start);
  }

  /** This and some more, as one. */
  with(more: readonly Stretch[]): Cover {
    const both = new Cover();
    for (const one of [...this.list, ...more]) both.add(one.start, one.end);
    return both;
  }

  /** Take a stretch out: it was forgotten. */
  cut(start: Utc, end: Utc): void {
    this.list = this.list.flatMap((one) => [{ start: one.start, end: Math.min(one.end, start) }, { start: Math.max(one.start, end), end: one.end }])
      .filter((one) => one.end > one.start);
  }

  has(at: Utc): boolean { return this.at(at) !== undefined; }

  at(at: Utc): Stretch | undefined { return this.list.find((one) => one.start <= at && at < one.end); }

  /** The first moment in `[start, end)` of which nothing is known. */
  firstUnknown(start: Utc, end: Utc): Utc | undefined {
    let at = start;
    for (const one of this.list) {
      if (one.start <= at && at < one.end) at = one.end;
    }
    return at < end ? at : undefined;
  }

  /** The last moment before `end`, going back to `start`, of which nothing is known: where an unknown stretch ends. */
  lastUnknown(start: Utc, end: Utc): Utc | undefined {
    let at = end;
    for (const one of [...this.list].reverse()) {
      if (one.start < at && at <= one.end) at = one.start;
    }
    return at > start ? at : undefined;
  }
}
