/** The right rail: what needs an act, what runs out, who is watching. */
import { h } from "../lib/dom";
import { span, type ServerClock, type Zone } from "../lib/time";
import type { StateNow, Utc } from "../lib/types";

interface Line { title: string; strong: boolean; figure: string; tone: string; detail: string; href?: string }
interface Section { heading: string; count: string; lines: Line[]; empty: string }

const FAULT: Record<string, string> = { lost: "No picture", refused: "The camera refuses", stopped: "Not recording", connecting: "Being connected" };

export class NowRail {
  private drawn = "";
  /** Lines that need an act, now or soon. */
  urgent = 0;

  constructor(private readonly root: HTMLElement, private readonly zone: Zone, private readonly time: ServerClock) {}

  show(state: StateNow): void {
    const sections = [this.faults(state), ...this.rooms(state), this.holds(state), this.watching(state)].filter((s) => s.lines.length || s.empty);
    const key = JSON.stringify(sections);
    if (key === this.drawn) return;
    this.drawn = key;
    this.urgent = sections.flatMap((section) => section.lines).filter((line) => line.tone === "red" || line.tone === "amber").length;
    this.root.replaceChildren(...sections.map(drawSection));
  }

  private faults(state: StateNow): Section {
    const now = this.time.now();
    const lines: Line[] = state.recorder.alarms.map((words) => ({ title: words, strong: true, figure: "", tone: "red", detail: "" }));
    if (!state.recorder.alive && !lines.length) lines.unshift({ title: "The recorder does not answer", strong: true, figure: "", tone: "red", detail: "Nothing is known of any camera; what was recorded can be reviewed" });
    for (const camera of state.recorder.alive ? state.cameras : []) {
      // One that comes and goes stands here all the while, and not each time it is away when somebody asks.
      const drops = camera.notes.find((note) => note.code === "connection-drops");
      if (camera.condition === "recording" && !drops) continue;
      if (drops) {
        lines.push({ title: `${camera.number} ${camera.name}`, strong: true, figure: "", tone: "red", detail: drops.text });
        continue;
      }
      const last = camera.last_picture_90k ? `last picture ${this.zone.brief(camera.last_picture_90k, now)}` : "no picture yet";
      const tone = camera.condition === "connecting" ? "quiet" : "red";
      const words = [FAULT[camera.condition]?.toLowerCase(), last, camera.detail].filter(Boolean).join(" · ");
      lines.push({ title: `${camera.number} ${camera.name}`, strong: true, figure: span(now - camera.since_90k), tone, detail: words });
    }
    return { heading: "Faults", count: lines.length ? String(lines.length) : "", lines, empty: state.cameras.length ? "Every camera you can see is recording" : "There is no camera yet that you can see" };
  }

  private holds(state: StateNow): Section {
    const now = this.time.now();
    const said = state.notices.map((notice) => notice.href ?? "").join("\n"); // a hold that waits for somebody stands there already
    const ending = state.holds.filter((hold) => !said.includes(hold.id));
    const lines = ending.slice(0, 6).map((hold): Line => ({
      title: `Hold on ${hold.number}${ownerWords(hold.owner)}`, strong: true, figure: span(hold.expires_90k - now), tone: hold.tone === "soon" ? "amber" : "quiet",
      detail: `footage of ${this.zone.brief(hold.start_90k, now)} · renew or let go`,
    }));
    return { heading: "Runs out next", count: lines.length ? String(ending.length) : "", lines, empty: "" };
  }

  /** What other rooms have to say, under their own headings. */
  private rooms(state: StateNow): Section[] {
    const headings = [...new Set(state.notices.map((notice) => notice.heading))];
    return headings.map((heading) => {
      const mine = state.notices.filter((notice) => notice.heading === heading);
      const lines = mine.map((n): Line => ({
        title: n.title, strong: true, figure: n.due_90k === null ? "" : this.until(n.due_90k), tone: n.tone === "now" ? "red" : n.tone === "soon" ? "amber" : "quiet",
        detail: n.detail, ...(n.href ? { href: n.href } : {}),
      }));
      return { heading, count: String(lines.length), lines, empty: "" };
    });
  }

  private watching(state: StateNow): Section {
    const lines = state.watching.map((who): Line => ({
      title: who.name, strong: false, figure: `since ${this.zone.clock(who.since_90k).slice(0, 5)}`, tone: "quiet", detail: who.at.join(", "),
    }));
    return { heading: "Watching", count: lines.length ? String(lines.length) : "", lines, empty: "" };
  }

  private until(due: Utc): string { return span(due - this.time.now()); }
}

const ownerWords = (owner: string): string => (owner.startsWith("exhibit:") ? ` for ${owner.slice(8)}` : "");

function drawSection(section: Section): HTMLElement {
  const items = section.lines.map((line) => {
    const title = line.strong ? h("b", {}, line.title) : h("span", {}, line.title);
    const name = line.href ? h("a", { href: line.href }, title) : title;
    return h("li", {}, name, h("span", { class: `figures ${line.tone}` }, line.figure), h("span", { class: "detail" }, line.detail));
  });
  const body = items.length ? h("ul", {}, ...items) : h("p", { class: "quiet none" }, section.empty);
  return h("section", {}, h("h2", {}, section.heading, " ", h("span", { class: "figures" }, section.count)), body);
}
