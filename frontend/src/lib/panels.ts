/** The two panels beside the pictures: each folds away, by a button in the strip or a key, and stays so for this person in this browser. */
import { announce, h, part } from "./dom";
import type { Key } from "./keys";

export type Side = "left" | "right";

/** One person's folded panels, as the browser keeps them: `left`, `right`, both or neither. */
export function readFolded(kept: string | null): Set<Side> {
  return new Set((kept ?? "").split(",").filter((word): word is Side => word === "left" || word === "right"));
}

export class Panels {
  private readonly place: string;
  private readonly folded: Set<Side>;
  private readonly buttons: Record<Side, HTMLButtonElement>;
  private readonly count = h("span", { class: "figures" });
  private readonly full = h("button", { type: "button", class: "ask", "aria-pressed": "false", onclick: () => void this.toggleFull() }, "Full screen ", h("kbd", { "aria-hidden": true }, "F"));

  /** `words` and `keys` name each panel's button and key: the right one differs between watch and review. */
  constructor(user: string, private readonly words: Record<Side, string>, private readonly letters: Record<Side, string>) {
    this.place = `overt.folded.${user}`;
    this.folded = readFolded(this.kept());
    this.buttons = { left: this.button("left"), right: this.button("right") };
    this.buttons.right.insertBefore(this.count, this.buttons.right.lastElementChild);
    part("panels").append(this.buttons.left, this.buttons.right, this.full);
    document.addEventListener("fullscreenchange", () => this.full.setAttribute("aria-pressed", String(document.fullscreenElement !== null)));
    this.draw();
  }

  keys(): Key[] {
    const fold = (side: Side): Key => ({
      keys: [this.letters[side]], show: [this.letters[side].toUpperCase()], words: `fold “${this.words[side]}” away, and back`, group: "Everywhere", act: () => this.toggle(side),
    });
    return [fold("left"), fold("right"), { keys: ["f"], show: ["F"], words: "full screen, and back", group: "Everywhere", act: () => void this.toggleFull() }];
  }

  /** Before something in a panel is written or typed in: it has to be seen. */
  open(side: Side): void { if (this.folded.has(side)) this.toggle(side); }

  /** How many things in the right panel need an act: they are told while it is folded. */
  say(urgent: number): void {
    const words = urgent ? `${urgent} ` : "";
    if (this.count.textContent !== words) this.count.textContent = words;
    this.buttons.right.classList.toggle("urgent", urgent > 0);
  }

  toggle(side: Side): void {
    if (!this.folded.delete(side)) this.folded.add(side);
    try { localStorage.setItem(this.place, [...this.folded].join(",")); } catch { /* a browser that keeps nothing folds all the same */ }
    this.draw();
    announce(`${this.words[side]}: ${this.folded.has(side) ? "folded away" : "shown"}`);
  }

  private async toggleFull(): Promise<void> {
    try {
      if (document.fullscreenElement) await document.exitFullscreen(); else await document.documentElement.requestFullscreen();
    } catch { announce("This browser does not allow full screen here"); }
  }

  private kept(): string | null {
    try { return localStorage.getItem(this.place); } catch { return null; }
  }

  private button(side: Side): HTMLButtonElement {
    const id = document.querySelector(`.${side}`)?.id ?? "";
    return h("button", { type: "button", class: "ask", "data-fold": side, "aria-controls": id, onclick: () => this.toggle(side) },
      `${this.words[side]} `, h("kbd", { "aria-hidden": true }, this.letters[side].toUpperCase()));
  }

  private draw(): void {
    for (const side of ["left", "right"] as const) {
      document.body.classList.toggle(`${side}-folded`, this.folded.has(side));
      this.buttons[side].setAttribute("aria-expanded", String(!this.folded.has(side)));
    }
  }
}
