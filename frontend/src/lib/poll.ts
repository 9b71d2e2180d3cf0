/** The state of everything, asked for while the page is seen, and never twice at once. */
import { Server } from "./http";
import type { StateNow } from "./types";

const EVERY_MS = 2000;

export class Poll {
  private timer: number | undefined;
  private stopped = false;

  constructor(private readonly server: Server, private readonly tell: (state: StateNow) => void, private readonly fail: (error: unknown) => void) {
    document.addEventListener("visibilitychange", this.onVisible);
    this.later();
  }

  remove(): void {
    this.stopped = true;
    clearTimeout(this.timer);
    document.removeEventListener("visibilitychange", this.onVisible);
  }

  private readonly onVisible = (): void => { if (!document.hidden) { clearTimeout(this.timer); void this.ask(); } };

  private later(): void { if (!this.stopped) this.timer = window.setTimeout(() => void this.ask(), EVERY_MS); }

  private async ask(): Promise<void> {
    if (document.hidden || this.stopped) return;
    try {
      this.tell(await this.server.get<StateNow>("/api/v1/watch/now"));
    } catch (error) {
      this.fail(error);
    }
    this.later();
  }
}
