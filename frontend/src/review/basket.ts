/** The basket: clips that were marked, each held from the moment it was marked, until sealed or let go. */
import { announce, h, part, say } from "../lib/dom";
import { Problem, wordsOf, type Server } from "../lib/http";
import { exactly, type Zone } from "../lib/time";
import type { Exhibit, ExhibitIn, Mark, MarkIn, ReleaseIn, ReviewData, Utc } from "../lib/types";
import { askSeal } from "./dialogs";
import type { Marked } from "./timeline";

interface Clip { camera: string; name: string; start: Utc; end: Utc; hold?: string; until?: string | null; gaps: number; problem?: string; say?: string; grounded?: boolean }

export class Basket {
  private clips: Clip[] = [];
  private readonly begun = new Map<string, Utc>(); // where a clip begins that has no end yet: one a camera
  private readonly list = h("ul", { class: "basket" });
  private readonly count = h("span", { class: "figures" });
  private readonly told = h("p", { class: "told", role: "status" });
  private readonly hold: HTMLButtonElement;
  private readonly seal: HTMLButtonElement;

  constructor(private readonly server: Server, private readonly zone: Zone, private readonly data: ReviewData, private readonly changed: () => void) {
    this.hold = h("button", { type: "button", onclick: () => this.keepHolds() }, h("span", {}, "Hold without sealing"), h("kbd", {}, "H"));
    this.seal = h("button", { type: "button", class: "first", onclick: () => this.askSeal() }, h("span", {}, "Seal as an exhibit"), h("kbd", {}, "S"));
    const root = part("basket");
    root.prepend(h("section", {}, h("h2", {}, "Marked ", this.count), this.list, this.told));
    const actions = h("div", { class: "do" }, data.may_hold ? this.hold : null, data.may_seal ? this.seal : null);
    root.append(actions);
    this.clips = this.kept();
    this.draw();
  }

  /** What the time line shows as marked. */
  marks(): Marked[] {
    const begun: Marked[] = [...this.begun].map(([camera, start]) => ({ camera, start, end: undefined }));
    return [...this.clips.map((clip) => ({ camera: clip.camera, start: clip.start, end: clip.end })), ...begun];
  }

  markIn(camera: { number: string; name: string }, at: Utc): void {
    if (!this.data.may_hold) { this.tell("Your roles do not let you mark footage"); return; }
    this.begun.set(camera.number, at);
    this.keep();
    this.tell(`In at ${this.zone.clockMs(at)} on ${camera.number}. O marks the end`);
  }

  /** The end of a clip. It is held at once: from here nobody can overwrite it. */
  async markOut(camera: { number: string; name: string }, at: Utc): Promise<void> {
    const start = this.begun.get(camera.number);
    if (start === undefined) { this.tell(`Mark the beginning on ${camera.number} first, with I`); return; }
    if (at <= start) { this.tell("The end comes before the beginning. Go on in time, then press O"); return; }
    this.begun.delete(camera.number);
    const clip: Clip = { camera: camera.number, name: camera.name, start, end: at, gaps: 0 };
    this.clips.push(clip);
    this.draw();
    try {
      const mark: MarkIn = { camera: clip.camera, start: clip.start, end: clip.end, reason: this.data.review.reason };
      const answer = await this.server.post<Mark>("/api/v1/marks", mark);
      clip.hold = answer.hold_id;
      clip.until = answer.until;
      clip.gaps = answer.gaps.length;
      clip.grounded = answer.grounded;
      clip.say = answer.url;
      say(this.told, "");
      announce(`${clip.camera} is held${this.untilWords(clip)}`);
    } catch (error) {
      clip.problem = `Not held: ${wordsOf(error)}`;
      // At the end of its period footage is held on a ground only: the form asks for it, with the span filled in.
      if (error instanceof Problem && error.code === "ground-missing") clip.say = `/exhibits/mark/?camera=${encodeURIComponent(clip.camera)}&start=${clip.start}&end=${clip.end}`;
      say(this.told, "");
      announce(clip.problem);
    }
    this.draw();
  }

  /** Leave the holds as they are and empty the basket. */
  keepHolds(): void {
    const held = this.clips.filter((clip) => clip.hold);
    if (!held.length) { this.tell("Mark a clip first: I at its beginning, O at its end"); return; }
    this.clips = [];
    this.draw();
    this.tell(`${held.length === 1 ? "The clip stays" : `${held.length} clips stay`} held${this.untilWords(held[0]!)}`);
  }

  askSeal(): void {
    if (!this.data.may_seal) { this.tell("Your roles do not let you seal"); return; }
    const ready = this.clips.filter((clip) => clip.hold);
    if (!ready.length) { this.tell("Mark a clip first: I at its beginning, O at its end"); return; }
    const words = ready.map((clip) => `${clip.camera} ${clip.name}: ${this.spanWords(clip)}`);
    askSeal(this.server, this.data.review.reason, words, (request) => this.server.post<Exhibit>("/api/v1/exhibits", {
      ...request, clips: ready.map((clip) => ({ camera: clip.camera, start: clip.start, end: clip.end, hold_id: clip.hold ?? null })),
    } satisfies ExhibitIn), () => { this.clips = this.clips.filter((clip) => !ready.includes(clip)); this.draw(); });
  }

  private async remove(clip: Clip): Promise<void> {
    try {
      if (clip.hold) await this.server.post(`/api/v1/holds/${clip.hold}/release`, { reason: "Taken out of the basket in review" } satisfies ReleaseIn);
      this.clips = this.clips.filter((one) => one !== clip);
      this.tell(clip.hold ? "Let go: it is no longer held" : "Taken out");
    } catch (error) { this.tell(wordsOf(error)); }
    this.draw();
  }

  private draw(): void {
    say(this.count, this.clips.length ? `${this.clips.length} ${this.clips.length === 1 ? "clip" : "clips"}` : "");
    const items = this.clips.map((clip) => h("li", {}, h("b", {}, `${clip.camera} ${clip.name}`), h("div", { class: "span figures" }, this.spanWords(clip)),
      h("div", { class: `span ${clip.problem ? "red" : "blue"}` }, clip.problem ?? (clip.hold ? `Held${this.untilWords(clip)}` : "Being held")), this.whyWords(clip),
      this.data.may_seal && clip.hold ? h("a", { class: "still", target: "_blank", href: `/exhibits/stills/take/?camera=${encodeURIComponent(clip.camera)}&at=${clip.start}&start=${clip.start}&end=${clip.end}` }, "Take a still", h("span", { class: "hidden" }, ` of ${clip.camera} ${this.spanWords(clip)}, opens a new tab`)) : null,
      h("button", { type: "button", class: "undo", onclick: () => void this.remove(clip) }, clip.hold ? "Let go" : "Take out", h("span", { class: "hidden" }, ` ${clip.camera} ${this.spanWords(clip)}`))));
    this.list.replaceChildren(...(items.length ? items : [h("li", { class: "span" }, "Nothing yet. I marks a beginning, O an end; the clip is held from that moment")]));
    this.hold.disabled = this.seal.disabled = !this.clips.some((clip) => clip.hold);
    this.keep();
    this.changed();
  }

  private get key(): string { return `basket-${this.data.review.id}`; }

  /** A page that is loaded again keeps its basket and what was begun: the holds are on the server either way. */
  private keep(): void {
    sessionStorage.setItem(this.key, JSON.stringify(this.clips));
    sessionStorage.setItem(`${this.key}-begun`, JSON.stringify([...this.begun]));
  }

  private kept(): Clip[] {
    try {
      for (const [camera, start] of JSON.parse(sessionStorage.getItem(`${this.key}-begun`) ?? "[]") as [string, Utc][]) this.begun.set(camera, start);
      return JSON.parse(sessionStorage.getItem(this.key) ?? "[]") as Clip[];
    } catch { return []; }
  }

  private spanWords(clip: Clip): string {
    const from = this.zone.clock(clip.start).slice(0, 8);
    const gaps = clip.gaps === 0 ? "no gap" : clip.gaps === 1 ? "1 gap" : `${clip.gaps} gaps`;
    return `${from} to ${this.zone.clock(clip.end)} · ${exactly(clip.end - clip.start)}${clip.hold ? ` · ${gaps}` : ""}`;
  }

  /** A mark asks for nothing; that its ground is still to be given is said, with the way to give it. */
  private whyWords(clip: Clip): HTMLElement | null {
    if (!clip.say || clip.grounded) return null;
    return h("div", { class: "span amber" }, clip.hold ? "No ground yet. " : "", h("a", { href: clip.say, target: "_blank" }, clip.hold ? "Say why, or seal it" : "Say why, and hold it", h("span", { class: "hidden" }, ` ${clip.camera} ${this.spanWords(clip)}, opens a new tab`)));
  }

  private untilWords(clip: Clip): string { return clip.until ? ` until ${this.zone.date(Date.parse(clip.until) * 90)}` : ""; }

  private tell(words: string): void { say(this.told, words); announce(words); }
}
