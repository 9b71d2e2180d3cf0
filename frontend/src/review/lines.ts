/** What is known of each camera's time line, kept fresh at its live end. */
import type { Server } from "../lib/http";
import { HZ, type ServerClock } from "../lib/time";
import type { Gap, Held, Timeline, Utc } from "../lib/types";

const MONTH = 31 * 86_400 * HZ;
const FRESHEN_MS = 8000;

export class Lines {
  private readonly known = new Map<string, Timeline>();
  private readonly timer: number;

  constructor(private readonly server: Server, private readonly time: ServerClock, private readonly changed: () => void) {
    this.timer = window.setInterval(() => void this.freshen(), FRESHEN_MS);
  }

  remove(): void { clearInterval(this.timer); }

  of(camera: string): Timeline | undefined { return this.known.get(camera); }

  /** A month back from the earlier of now and the moment asked for, to a little past now. */
  async load(camera: string, at: Utc): Promise<void> {
    const now = this.time.now();
    await this.ask(camera, Math.min(at - HZ * 86_400, now - MONTH), now + HZ);
  }

  drop(camera: string): void { this.known.delete(camera); }

  gapAt(camera: string, at: Utc): Gap | undefined {
    return this.known.get(camera)?.gaps.find((gap) => gap.start_90k <= at && (gap.end_90k === null || at < gap.end_90k));
  }

  holdAt(camera: string, at: Utc): Held | undefined {
    return this.known.get(camera)?.holds.find((hold) => hold.start_90k <= at && at < hold.end_90k);
  }

  /** Where this camera's footage goes on after (or, going back, ends before) a moment that lies in a gap. */
  next(camera: string, at: Utc, direction: 1 | -1): Utc | undefined {
    const spans = this.known.get(camera)?.spans ?? [];
    if (direction > 0) return spans.find((span) => span.end_90k > at)?.start_90k;
    return [...spans].reverse().find((span) => span.start_90k < at)?.end_90k;
  }

  /** Where footage goes on behind the gap that follows a moment (or, going back, ends before the gap that precedes it). */
  beyond(camera: string, at: Utc, direction: 1 | -1): Utc | undefined {
    const spans = this.known.get(camera)?.spans ?? [];
    if (direction > 0) return spans.find((span) => span.start_90k > at)?.start_90k;
    return [...spans].reverse().find((span) => span.end_90k <= at)?.end_90k;
  }

  async reload(camera: string): Promise<void> {
    const line = this.known.get(camera);
    if (line) await this.ask(camera, line.start_90k, this.time.now() + HZ);
  }

  private async ask(camera: string, start: Utc, end: Utc): Promise<void> {
    try {
      const line = await this.server.get<Timeline>(`/api/v1/watch/timelines/${encodeURIComponent(camera)}?start=${Math.max(0, start)}&end=${end}`);
      this.known.set(camera, line);
      this.changed();
    } catch { /* the tile itself says what is wrong */ }
  }

  private async freshen(): Promise<void> {
    if (document.hidden) return;
    for (const camera of this.known.keys()) await this.reload(camera);
  }
}
