/** The left rail: cameras by town with their state, and the search. */
import { say } from "./dom";
import { span, type ServerClock } from "./time";
import type { CameraNow, ListedCamera, StateNow } from "./types";

export class CameraList {
  private readonly root = document.querySelector<HTMLElement>("#cameras")!;
  private readonly find = document.querySelector<HTMLInputElement>("#find")!;
  private readonly items = new Map<string, HTMLElement>();

  constructor(private readonly cameras: ListedCamera[], private readonly time: ServerClock, private readonly choose: (number: string) => void) {
    for (const item of this.root.querySelectorAll<HTMLElement>("[data-camera]")) {
      const number = item.dataset["camera"] ?? "";
      this.items.set(number, item);
      item.querySelector("button")?.addEventListener("click", () => choose(number));
    }
    this.find.addEventListener("input", () => this.filter());
    this.find.addEventListener("keydown", (event) => this.onKey(event));
  }

  focus(): void { this.find.focus(); this.find.select(); }

  /** Which cameras are in the instrument now. */
  mark(here: ReadonlySet<string>): void {
    for (const [number, item] of this.items) {
      item.classList.toggle("here", here.has(number));
      const button = item.querySelector("button");
      if (here.has(number)) button?.setAttribute("aria-current", "true"); else button?.removeAttribute("aria-current");
    }
  }

  show(state: StateNow): void {
    for (const camera of state.cameras) {
      const item = this.items.get(camera.number);
      if (!item) continue;
      const bad = camera.condition === "lost" || camera.condition === "refused";
      item.classList.toggle("lost", bad);
      const kind = this.cameras.find((c) => c.number === camera.number)?.kind === "PTZ" ? "PTZ" : "";
      say(item.querySelector(".state")!, this.words(camera) || kind);
    }
  }

  private words(camera: CameraNow): string {
    const length = span(this.time.now() - camera.since_90k);
    if (camera.condition === "lost") return `lost ${length}`;
    if (camera.condition === "refused") return "refused";
    if (camera.condition === "stopped") return "stopped";
    return camera.condition === "connecting" ? "connecting" : "";
  }

  private matches(): string[] {
    const words = this.find.value.trim().toLowerCase();
    return this.cameras.filter((c) => `${c.number} ${c.name} ${c.town}`.toLowerCase().includes(words))
      .sort((a, b) => Number(b.number.toLowerCase() === words) - Number(a.number.toLowerCase() === words))
      .map((c) => c.number);
  }

  private filter(): void {
    const found = new Set(this.matches());
    for (const [number, item] of this.items) item.hidden = !found.has(number);
    for (const town of this.root.querySelectorAll<HTMLElement>("[data-town]")) {
      town.hidden = !town.querySelector("[data-camera]:not([hidden])");
    }
    const nothing = this.root.querySelector<HTMLElement>(".nothing");
    if (nothing) nothing.hidden = found.size > 0;
  }

  private onKey(event: KeyboardEvent): void {
    if (event.key === "Enter") {
      const first = this.matches()[0];
      if (first) { this.choose(first); this.leave(); }
      event.preventDefault();
    } else if (event.key === "Escape") this.leave();
  }

  private leave(): void {
    this.find.value = "";
    this.filter();
    this.find.blur();
  }
}
