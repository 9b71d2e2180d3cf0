/** Frame by frame: a step goes to the very next picture, and waits for it where it is not here yet. */
import { HZ } from "../lib/time";
import type { Utc } from "../lib/types";

export type Direction = 1 | -1;

export interface Steps {
  /** The moment of the picture next to the one on show; "coming" while it is asked for; undefined where a gap is. */
  next(direction: Direction): Utc | "coming" | undefined;
  /** Where footage goes on behind a gap, if it does. */
  beyond(direction: Direction): Utc | undefined;
  at(): Utc;
  playing(): boolean;
  go(to: Utc): void;
  said(words: string): void;
}

/** A picture close to now is there when its group is whole, two seconds at most, and a look at the server later. */
const PATIENCE_MS = 6000;
/** Presses that are still waited for; a key held down is not to run on by itself. */
const MOST_OWED = 25;
const LOOK_AGAIN_MS = 200;

export class Stepper {
  private owed = 0;
  private since = 0;
  private then: (() => void)[] = [];
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly steps: Steps) {}

  /** One picture on or back, counted: two presses are two pictures, also where the first is still being fetched. */
  press(direction: Direction): void {
    if (this.owed === 0) this.since = performance.now();
    this.owed = Math.max(-MOST_OWED, Math.min(MOST_OWED, this.owed + direction));
    this.goOn();
  }

  /** Do this where the steps asked for so far have led: keys act in the order in which they were pressed. */
  after(act: () => void): void {
    if (this.owed === 0) act();
    else this.then.push(act);
  }

  /** Something else was asked for. */
  drop(): void {
    this.owed = 0;
    this.then = [];
    clearTimeout(this.timer);
  }

  /** Something came: take the steps that are owed, as far as the pictures go. */
  goOn(): void {
    clearTimeout(this.timer);
    if (this.steps.playing()) this.drop();
    while (this.owed !== 0) {
      const direction: Direction = this.owed > 0 ? 1 : -1;
      const next = this.steps.next(direction);
      if (next === "coming") { this.wait(); return; }
      if (next === undefined) { this.drop(); this.hop(direction); return; }
      this.owed -= direction;
      this.since = performance.now();
      this.steps.go(next);
    }
    for (const act of this.then.splice(0)) act();
  }

  private wait(): void {
    if (performance.now() - this.since < PATIENCE_MS) { this.timer = setTimeout(() => this.goOn(), LOOK_AGAIN_MS); return; }
    this.drop();
    this.steps.said("The next frame has not come. Press again to try again");
  }

  private hop(direction: Direction): void {
    const to = this.steps.beyond(direction);
    if (to === undefined) { this.steps.said(direction > 0 ? "Nothing later was recorded" : "Nothing earlier was recorded"); return; }
    this.steps.said(`Nothing was recorded for ${Math.round(Math.abs(to - this.steps.at()) / HZ)} s: skipped`);
    this.steps.go(to);
  }
}
