/** The strip at the foot: the time, the entry line, what runs out next. */
import { announce, part, say } from "./dom";
import { wordsOf, type Server } from "./http";
import { span, type ServerClock, type Zone } from "./time";
import type { EntryIn, EntryWritten, StateNow, Utc } from "./types";

/** What an entry is filed with when it is written. */
export interface Place { camera?: string; at_90k?: Utc; words: string }

export class Strip {
  private readonly clock = part("clock");
  private readonly form = part<HTMLFormElement>("entry");
  private readonly field = document.querySelector<HTMLInputElement>("#entry")!;
  private readonly with = part("entry-with");
  private readonly next = part("next");
  private readonly timer: number;
  private quietUntil = 0;

  constructor(private readonly server: Server, private readonly zone: Zone, private readonly time: ServerClock, private readonly place: () => Place) {
    this.form.addEventListener("submit", (event) => { event.preventDefault(); void this.write(); });
    this.field.addEventListener("keydown", (event) => {
      if (event.key === "Escape") { this.field.value = ""; this.field.blur(); }
    });
    this.tick();
    this.timer = window.setInterval(() => this.tick(), 250);
  }

  focus(): void { this.field.focus(); }

  remove(): void { clearInterval(this.timer); }

  private tick(): void {
    say(this.clock, this.zone.clock(this.time.now()));
    if (Date.now() > this.quietUntil) say(this.with, this.place().words);
  }

  /** The soonest thing that runs out. */
  show(state: StateNow): void {
    const ends = state.holds.map((hold) => ({ at: hold.expires_90k, words: `hold on ${hold.number} ends in` }));
    const due = state.notices.filter((n) => n.due_90k !== null).map((n) => ({ at: n.due_90k!, words: `${n.title} in` }));
    const first = [...ends, ...due].sort((a, b) => a.at - b.at)[0];
    say(this.next, first ? `${first.words} ${span(first.at - this.time.now())}` : "");
  }

  private async write(): Promise<void> {
    const text = this.field.value.trim();
    if (!text) { this.tell("Write what happened, then press Enter"); return; }
    const { camera, at_90k } = this.place();
    const entry: EntryIn = { text, ...(camera ? { camera } : {}), ...(at_90k ? { at_90k } : {}) };
    try {
      const answer = await this.server.post<EntryWritten>("/api/v1/watch/entries", entry);
      this.field.value = "";
      this.field.blur();
      this.tell(`Written: entry ${answer.number.toLocaleString("en-GB")}`);
    } catch (error) {
      this.tell(`Not written: ${wordsOf(error)}`);
    }
  }

  /** Said where the eye is, for ten seconds, and to a screen reader. What was typed stays when it was not written. */
  private tell(words: string): void {
    this.quietUntil = Date.now() + 10_000;
    say(this.with, words);
    announce(words);
  }
}
