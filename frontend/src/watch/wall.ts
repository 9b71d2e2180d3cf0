/** The wall: which tile holds which camera, which is selected, and what the keys do. */
import { announce, h, part, say } from "../lib/dom";
import { Problem, Server, wordsOf } from "../lib/http";
import { Keys, type Key } from "../lib/keys";
import { Poll } from "../lib/poll";
import { Panels } from "../lib/panels";
import { CameraList } from "../lib/rails";
import { Strip } from "../lib/strip";
import { NumberTyping } from "../lib/typing";
import { ServerClock, Zone, fromMs } from "../lib/time";
import type { ListedCamera, StateNow, WatchData } from "../lib/types";
import { NowRail } from "./now";
import { LAYOUTS, readPlace, step, writePlace, type Layout, type WallPlace } from "./place";
import { Tile } from "./tile";

export class Wall {
  private readonly time = new ServerClock();
  private readonly zone: Zone;
  private readonly server: Server;
  private readonly tiles: Tile[];
  private readonly list: CameraList;
  private readonly now: NowRail;
  private readonly panels: Panels;
  private readonly strip: Strip;
  private readonly keys: Keys;
  private readonly poll: Poll;
  private readonly typing: NumberTyping;
  private readonly layouts: HTMLButtonElement[];
  private readonly alones: HTMLButtonElement[] = [];
  private readonly timer: number;
  private readonly seen: IntersectionObserver;
  private readonly inSight = new Set<Element>();
  private place: WallPlace;
  private alone = false;

  constructor(private readonly root: HTMLElement, private readonly data: WatchData) {
    this.zone = new Zone(data.zone);
    this.server = new Server(data.csrf);
    this.time.set(data.state.now_90k);
    const mine = data.cameras.filter((camera) => camera.may_view);
    this.place = readPlace(location.search, mine.slice(0, 9).map((camera) => camera.number));
    this.tiles = Array.from({ length: 9 }, (_, index) => new Tile(this.server, this.zone, this.time, index, () => this.shut(index)));
    this.list = new CameraList(data.cameras, this.time, (number) => this.putNumber(number));
    this.now = new NowRail(part("now"), this.zone, this.time);
    this.panels = new Panels(data.user, { left: "Cameras", right: "Now" }, { left: "c", right: "n" });
    this.strip = new Strip(this.server, this.zone, this.time, () => this.entryPlace());
    this.layouts = LAYOUTS.map((count) => h("button", { type: "button", onclick: () => this.setLayout(count) }, String(count)));
    this.keys = new Keys(this.table());
    this.typing = new NumberTyping({
      cameras: data.cameras, entered: (number) => this.putNumber(number), press: (event) => this.keys.press(event),
    });
    this.keys.before = (event) => this.typing.take(event);
    this.seen = new IntersectionObserver((entries) => this.onSeen(entries));
    this.mount();
    this.poll = new Poll(this.server, (state) => this.show(state), (error) => this.onPollFailed(error));
    this.timer = window.setInterval(() => this.tiles.forEach((tile) => tile.tick()), 500);
  }

  remove(): void {
    clearInterval(this.timer);
    this.poll.remove();
    this.keys.remove();
    this.strip.remove();
    this.seen.disconnect();
    this.tiles.forEach((tile) => tile.goodbye());
  }

  private mount(): void {
    this.root.append(...this.tiles.map((tile) => tile.element), this.typing.element);
    const sizes = h("div", { class: "layouts", role: "group", "aria-label": "Size of the wall" }, h("span", { class: "quiet" }, "Tiles"), ...this.layouts);
    document.querySelector(".ways")?.before(sizes);
    this.tiles.forEach((tile, index) => {
      tile.element.addEventListener("click", () => this.select(index));
      tile.element.addEventListener("dblclick", () => this.toggleAlone());
      tile.element.append(this.handles(index));
      this.seen.observe(tile.element);
    });
    document.addEventListener("visibilitychange", () => this.wake());
    window.addEventListener("pagehide", () => this.remove(), { once: true });
    part("keys-button").addEventListener("click", () => this.keys.show());
    this.apply();
    this.show(this.data.state);
  }

  private table(): Key[] {
    const arrows = ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"];
    const layout = (count: Layout): Key => ({
      keys: [`Shift+Digit${count}`], show: ["Shift", String(count)], words: count === 1 ? "one tile" : `${count} tiles`, group: "Wall", act: () => this.setLayout(count),
    });
    return [
      { keys: ["Enter"], show: ["1", "2", "7", "Enter"], words: "camera 127 into the selected tile", group: "Cameras", act: () => undefined },
      { keys: ["/"], show: ["/"], words: "search for a camera", group: "Cameras", act: () => { this.panels.open("left"); this.list.focus(); } },
      { keys: ["Delete", "Backspace"], show: ["Delete"], words: "empty the selected tile", group: "Cameras", act: () => this.put(undefined) },
      { keys: ["r"], show: ["R"], words: "review the selected camera", group: "Cameras", act: () => this.review() },
      { keys: arrows, show: ["←", "↑", "→", "↓"], words: "select a tile", group: "Wall", repeat: true, act: (event) => this.select(step(this.place.selected, this.place.layout, event.key)) },
      { keys: ["m"], show: ["M"], words: "the selected tile alone, and back", group: "Wall", act: () => this.toggleAlone() },
      ...LAYOUTS.map(layout),
      { keys: ["e"], show: ["E"], words: "write an entry", group: "Everywhere", act: () => this.strip.focus() },
      ...this.panels.keys(),
      { keys: ["Escape"], show: ["Esc"], words: "leave what you are in", group: "Everywhere", act: () => { if (this.alone) this.toggleAlone(); } },
      { keys: [], show: ["?"], words: "these keys", group: "Everywhere", act: () => undefined },
    ];
  }

  /** What R, M and Delete do, for a hand that is on the mouse; shown while it is over the tile. */
  private handles(index: number): HTMLElement {
    const handle = (words: string, act: () => void): HTMLButtonElement => h("button", {
      type: "button", tabindex: -1,
      onclick: (event) => { event.stopPropagation(); this.select(this.alone ? this.place.selected : index); act(); },
      ondblclick: (event) => event.stopPropagation(),
    }, words);
    const alone = handle("", () => this.toggleAlone());
    this.alones.push(alone);
    return h("div", { class: "handles" }, handle("Review", () => this.review()), alone, handle("Empty", () => this.put(undefined)));
  }

  private putNumber(number: string): void {
    const camera = this.data.cameras.find((one) => one.number.toLowerCase() === number.toLowerCase());
    if (camera?.may_view) { this.put(camera); return; }
    this.typing.say(camera ? `${camera.number}: not yours to watch` : `${number}: no such camera`);
  }

  private put(camera: ListedCamera | undefined): void {
    const twin = this.place.tiles.indexOf(camera?.number ?? "-");
    if (camera && twin >= 0 && twin < this.place.layout) { this.select(twin); return; } // it is on the wall already
    if (camera && twin >= 0) this.place.tiles[twin] = ""; // out of sight on a smaller wall: it would be there twice on a larger one
    this.place.tiles[this.place.selected] = camera?.number ?? "";
    this.apply();
    announce(camera ? `${camera.number} ${camera.name} in tile ${this.place.selected + 1}` : `Tile ${this.place.selected + 1} is empty`);
  }

  /** The cross in a tile's bar: the look is closed, whichever tile is selected. */
  private shut(index: number): void {
    this.select(this.alone ? this.place.selected : index);
    this.put(undefined);
  }

  private select(index: number): void {
    this.place.selected = Math.min(index, this.place.layout - 1);
    this.apply();
    this.tiles[this.place.selected]?.element.focus({ preventScroll: true });
  }

  private setLayout(layout: Layout): void {
    this.alone = false;
    this.place.layout = layout;
    this.place.selected = Math.min(this.place.selected, layout - 1);
    this.apply();
  }

  private toggleAlone(): void {
    this.alone = !this.alone;
    this.apply();
  }

  private review(): void {
    const camera = this.tiles[this.place.selected]?.camera;
    if (!camera?.may_review) { announce("You may not review this camera"); return; }
    location.assign(`/review/?cameras=${encodeURIComponent(camera.number)}&at=${this.time.now() - fromMs(30_000)}`);
  }

  /** Make the page what the place says, and the address with it. */
  private apply(): void {
    const { layout, selected, tiles } = this.place;
    this.root.dataset["layout"] = String(this.alone ? 1 : layout);
    this.tiles.forEach((tile, index) => {
      const inUse = index < layout;
      const camera = inUse ? this.data.cameras.find((one) => one.number === tiles[index] && one.may_view) : undefined;
      tile.put(camera);
      tile.element.hidden = !inUse || (this.alone && index !== selected);
      tile.element.classList.toggle("selected", index === selected && layout > 1 && !this.alone);
      tile.element.tabIndex = index === selected ? 0 : -1;
    });
    for (const button of this.alones) { say(button, this.alone ? "All tiles" : "Alone"); button.hidden = layout === 1; }
    this.layouts.forEach((button, index) => button.setAttribute("aria-pressed", String(!this.alone && LAYOUTS[index] === layout)));
    this.wake();
    this.list.mark(new Set(tiles.slice(0, layout).filter(Boolean)));
    history.replaceState(null, "", writePlace(this.place));
  }

  private onSeen(entries: IntersectionObserverEntry[]): void {
    for (const entry of entries) if (entry.isIntersecting) this.inSight.add(entry.target); else this.inSight.delete(entry.target);
    this.wake();
  }

  /** What is not seen costs nothing: hidden tabs and hidden tiles give up their connections. */
  private wake(): void {
    for (const tile of this.tiles) tile.setAwake(!document.hidden && !tile.element.hidden && this.inSight.has(tile.element));
  }

  private entryPlace(): { camera?: string; words: string } {
    const camera = this.tiles[this.place.selected]?.camera;
    return camera ? { camera: camera.number, words: `goes in with ${camera.number} and the time` } : { words: "goes in with the time" };
  }

  private show(state: StateNow): void {
    this.time.set(state.now_90k);
    this.list.show(state);
    this.now.show(state);
    this.panels.say(this.now.urgent);
    this.strip.show(state);
    const sounding = new Set(state.cameras.filter((camera) => camera.sound).map((camera) => camera.number));
    for (const tile of this.tiles) tile.hear(sounding.has(tile.camera?.number ?? ""));
    const notes = new Map(state.cameras.map((camera) => [camera.number, camera.notes]));
    for (const tile of this.tiles) tile.note(notes.get(tile.camera?.number ?? "") ?? []);
  }

  private onPollFailed(error: unknown): void {
    if (error instanceof Problem && error.status === 401) { location.reload(); return; }
    const words = `${wordsOf(error)} What this page says may be old`;
    this.now.show({ ...this.data.state, holds: [], notices: [], watching: [], recorder: { alive: false, alarms: [words] } });
    this.panels.say(this.now.urgent);
    announce(words);
  }
}
