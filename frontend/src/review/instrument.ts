/** Review: cameras in step under one clock, the time line, the basket, and what the keys do. */
import { announce, h, part, say } from "../lib/dom";
import { Problem, Server, wordsOf } from "../lib/http";
import { Keys, type Key } from "../lib/keys";
import { Poll } from "../lib/poll";
import { Panels } from "../lib/panels";
import { CameraList } from "../lib/rails";
import { Strip } from "../lib/strip";
import { HZ, ServerClock, Zone } from "../lib/time";
import { NumberTyping } from "../lib/typing";
import type { CameraIn, ListedCamera, ReviewData, StateNow, Utc } from "../lib/types";
import { Basket } from "./basket";
import { MasterClock } from "./clock";
import { askTime } from "./dialogs";
import { Lines } from "./lines";
import { readSpan, writePlace } from "./place";
import { Player } from "./player";
import { Day } from "./day";
import { SoundPlayer } from "./sound";
import { Stepper, type Direction } from "./stepper";
import { TimelineView, USUAL_SPAN, ZOOM_IN, ZOOM_OUT } from "./timeline";

const MOST = 4;

export class Review {
  private readonly time = new ServerClock();
  private readonly zone: Zone;
  private readonly server: Server;
  private readonly lines: Lines;
  private readonly clock: MasterClock;
  private readonly timeline: TimelineView;
  private readonly stepper: Stepper;
  private readonly basket: Basket;
  private readonly panels: Panels;
  private readonly list: CameraList;
  private readonly strip: Strip;
  private readonly keys: Keys;
  private readonly poll: Poll;
  private readonly stage = h("div", { class: "stage" });
  private readonly bigTime = h("time", { class: "figures" });
  private readonly speed = h("span", { class: "speed figures" });
  private readonly playButton = h("button", { type: "button", onclick: () => this.clock.toggle() });
  private readonly gapButton = h("button", { type: "button", onclick: () => this.toggleGaps() });
  private readonly soundButton = h("button", { type: "button", onclick: () => this.toggleSound() });
  private sound: SoundPlayer | undefined;
  private readonly said = h("span", { class: "said" });
  private readonly typing: NumberTyping;
  private readonly step = document.querySelector<HTMLElement>("[data-part='step']");
  private players: Player[] = [];
  private selected = 0;
  private placeTimer: number | undefined;
  private saidTimer: number | undefined;

  constructor(private readonly root: HTMLElement, private readonly data: ReviewData) {
    this.zone = new Zone(data.zone);
    this.server = new Server(data.csrf);
    this.time.set(data.state.now_90k);
    this.lines = new Lines(this.server, this.time, () => { this.timeline.draw(); this.drawMarks(); });
    const at = Math.min(data.review.at_90k, this.time.now());
    const span = readSpan(location.search, USUAL_SPAN);
    this.timeline = new TimelineView({ start: at - span / 2, end: at + span / 2 }, this.zone, this.time, this.lines, {
      cameras: () => this.players.map((player) => player.camera.number), at: () => this.clock.at, seek: (to) => this.seek(to), viewed: () => this.keepPlace(), marks: () => this.basket.marks(),
    });
    this.clock = new MasterClock(at, {
      ready: (to) => this.players.every((player) => player.ready(to)), nextFootage: (to, direction) => this.nextFootage(to, direction), now: () => this.time.now(),
      moved: (to, rate) => this.moved(to, rate), said: (words) => this.tell(words),
    });
    this.stepper = new Stepper({
      next: (direction) => this.players[this.selected]?.neighbour(this.clock.at, direction), beyond: (direction) => this.beyond(direction),
      at: () => this.clock.at, playing: () => this.clock.rate !== 0, go: (to) => this.go(to), said: (words) => this.tell(words),
    });
    this.basket = new Basket(this.server, this.zone, data, () => this.timeline.draw());
    this.panels = new Panels(data.user, { left: "Cameras", right: "Basket" }, { left: "c", right: "b" });
    this.list = new CameraList(data.cameras, this.time, (number) => void this.bring(number));
    this.strip = new Strip(this.server, this.zone, this.time, () => this.entryPlace());
    this.keys = new Keys(this.table());
    this.typing = new NumberTyping({
      cameras: data.cameras, entered: (number) => void this.bring(number), press: (event) => this.keys.press(event),
    });
    this.keys.before = (event) => this.typing.take(event);
    this.poll = new Poll(this.server, (state) => this.show(state), (error) => { if (error instanceof Problem && error.status === 401) location.reload(); });
    this.mount();
  }

  remove(): void {
    this.stepper.drop();
    this.clock.remove();
    this.poll.remove();
    this.keys.remove();
    this.strip.remove();
    this.lines.remove();
    this.timeline.remove();
    this.players.forEach((player) => player.close());
    this.sound?.close();
  }

  private mount(): void {
    const key = (text: string): HTMLElement => h("kbd", { "aria-hidden": true }, text);
    const button = (label: string, act: () => void, ...shown: (string | Node)[]): HTMLElement => h("button", { type: "button", "aria-label": label, onclick: act }, ...shown);
    const controls = h("span", { class: "keys-shown" },
      button("Back, faster each press", () => this.clock.shuttle(-1), key("J")), this.playButton, button("Forward, faster each press", () => this.clock.shuttle(1), key("L")), h("span", {}, "shuttle"),
      button("One frame back", () => this.stepFrame(-1), key(",")), button("One frame on", () => this.stepFrame(1), key(".")), h("span", {}, "frame"),
      button("Mark the beginning", () => this.markIn(), key("I")), button("Mark the end", () => void this.markOut(), key("O")), h("span", {}, "mark"),
      button("Go to a time", () => this.goTo(), key("G")), h("span", {}, "go to"));
    const second = h("div", { class: "transport-second" }, controls, this.soundButton, this.gapButton);
    this.root.append(this.stage, h("div", { class: "transport" }, this.bigTime, this.speed, this.said), second, this.timeline.element, this.typing.element);
    part("keys-button").addEventListener("click", () => this.keys.show());
    window.addEventListener("pagehide", () => this.remove(), { once: true });
    for (const number of this.data.review.cameras) this.place(number);
    this.drawGapButton();
    this.drawSoundButton();
    this.arrange();
    this.show(this.data.state);
    this.clock.seek(this.clock.at);
  }

  private table(): Key[] {
    const move = (key: string, show: string, words: string, by: Utc): Key => ({ keys: [key], show: [show], words, group: "Time", repeat: true, act: (event) => this.seek(this.clock.at + (event.shiftKey ? by * 12 : by)) });
    return [
      { keys: [" ", "k"], show: ["Space", "K"], words: "play, stop", group: "Play", act: () => this.clock.toggle() },
      { keys: ["l"], show: ["L"], words: "forward; again is faster, to 16×", group: "Play", act: () => this.clock.shuttle(1) },
      { keys: ["j"], show: ["J"], words: "back; again is faster, to 16×", group: "Play", act: () => this.clock.shuttle(-1) },
      { keys: [",", "<"], show: [","], words: "one frame back", group: "Play", repeat: true, act: () => this.stepFrame(-1) },
      { keys: [".", ">"], show: ["."], words: "one frame on", group: "Play", repeat: true, act: () => this.stepFrame(1) },
      { keys: ["w"], show: ["W"], words: "skip gaps, or wait through them", group: "Play", act: () => this.toggleGaps() },
      ...(this.data.may_hear ? [{ keys: ["m"], show: ["M"], words: "sound of the selected camera, where some was recorded", group: "Play", act: () => this.toggleSound() }] : []),
      move("ArrowLeft", "←", "5 seconds back; with Shift a minute", -5 * HZ), move("ArrowRight", "→", "5 seconds on; with Shift a minute", 5 * HZ),
      { keys: ["["], show: ["["], words: "the gap before", group: "Time", act: () => this.toGap(-1) },
      { keys: ["]"], show: ["]"], words: "the next gap", group: "Time", act: () => this.toGap(1) },
      { keys: ["+", "="], show: ["+"], words: "zoom in", group: "Time", repeat: true, act: () => this.timeline.zoomBy(ZOOM_IN) },
      { keys: ["-", "_"], show: ["-"], words: "zoom out, to a month", group: "Time", repeat: true, act: () => this.timeline.zoomBy(ZOOM_OUT) },
      { keys: ["g"], show: ["G"], words: "go to a time", group: "Time", act: () => this.goTo() },
      { keys: ["i"], show: ["I"], words: "mark the beginning", group: "Evidence", act: () => this.stepper.after(() => this.markIn()) },
      { keys: ["o"], show: ["O"], words: "mark the end: held at once", group: "Evidence", act: () => this.stepper.after(() => void this.markOut()) },
      { keys: ["h"], show: ["H"], words: "hold without sealing", group: "Evidence", act: () => { this.panels.open("right"); this.basket.keepHolds(); } },
      { keys: ["s"], show: ["S"], words: "seal as an exhibit", group: "Evidence", act: () => { this.panels.open("right"); this.basket.askSeal(); } },
      { keys: ["Enter"], show: ["1", "2", "9", "Enter"], words: "camera 129 in step", group: "Cameras", act: () => undefined },
      { keys: ["/"], show: ["/"], words: "search for a camera", group: "Cameras", act: () => { this.panels.open("left"); this.list.focus(); } },
      { keys: ["ArrowUp", "ArrowDown"], show: ["↑", "↓"], words: "select a picture", group: "Cameras", act: (event) => this.select(this.selected + (event.key === "ArrowUp" ? -1 : 1)) },
      { keys: ["Delete", "Backspace"], show: ["Delete"], words: "take the selected camera out", group: "Cameras", act: () => this.takeOut() },
      { keys: ["v"], show: ["V"], words: "watch the selected camera live", group: "Cameras", act: () => this.watch() },
      { keys: ["e"], show: ["E"], words: "write an entry", group: "Everywhere", act: () => this.strip.focus() },
      ...this.panels.keys(),
      { keys: [], show: ["?"], words: "these keys", group: "Everywhere", act: () => undefined },
    ];
  }

  /** Take a camera into the review (an entry in the logbook), or select it where it is in already. */
  private async bring(number: string): Promise<void> {
    const at = this.players.findIndex((player) => player.camera.number.toLowerCase() === number.toLowerCase());
    if (at >= 0) { this.select(at); return; }
    const camera = this.data.cameras.find((one) => one.number.toLowerCase() === number.toLowerCase());
    if (!camera?.may_review) { this.tell(camera ? `${camera.number} is not yours to review` : `There is no camera ${number}`); return; }
    if (this.players.length >= MOST) { this.tell(`At most ${MOST} cameras in step. Take one out first, with Delete`); return; }
    try {
      await this.server.post(`/api/v1/watch/reviews/${this.data.review.id}/cameras`, { camera: camera.number } satisfies CameraIn);
      this.place(camera.number);
      this.select(this.players.length - 1);
      this.clock.seek(this.clock.at);
    } catch (error) { this.tell(wordsOf(error)); }
  }

  private place(number: string): void {
    const camera = this.data.cameras.find((one) => one.number === number);
    if (!camera) return;
    const player = new Player(camera, {
      server: this.server, zone: this.zone, time: this.time, review: this.data.review.id, gapAt: (name, at) => this.lines.gapAt(name, at), changed: () => { this.stepper.goOn(); this.drawTime(); },
    });
    player.element.addEventListener("click", () => this.select(this.players.indexOf(player)));
    this.players.push(player);
    this.stage.append(player.element);
    void this.lines.load(camera.number, this.clock.at);
    this.arrange();
  }

  private takeOut(): void {
    if (this.players.length < 2) { this.tell("The last camera stays. Close the review instead"); return; }
    const [player] = this.players.splice(this.selected, 1);
    player?.close();
    if (player) this.lines.drop(player.camera.number);
    this.select(Math.min(this.selected, this.players.length - 1));
  }

  private select(index: number): void {
    this.selected = (index + this.players.length) % Math.max(1, this.players.length);
    this.arrange();
    if (this.sound) this.listen();
  }

  private arrange(): void {
    this.stage.dataset["count"] = String(this.players.length);
    this.players.forEach((player, index) => player.element.classList.toggle("selected", index === this.selected && this.players.length > 1));
    this.list.mark(new Set(this.players.map((player) => player.camera.number)));
    this.drawStep();
    this.drawMarks();
    this.timeline.draw();
    this.keepPlace();
  }

  private camera(): ListedCamera | undefined { return this.players[this.selected]?.camera; }

  private seek(at: Utc): void {
    this.stepper.drop();
    this.go(at);
  }

  private go(at: Utc): void {
    this.clock.seek(at);
    this.timeline.follow();
    this.keepPlace();
  }

  /** The frame before or after the one on show, of the selected camera; the others go along. */
  private stepFrame(by: Direction): void {
    if (this.clock.rate !== 0) this.clock.play(0);
    this.stepper.press(by);
  }

  private toGap(direction: 1 | -1): void {
    const starts = this.players.flatMap((player) => this.lines.of(player.camera.number)?.gaps ?? []).map((gap) => gap.start_90k).sort((a, b) => a - b);
    const found = direction > 0 ? starts.find((start) => start > this.clock.at + HZ) : starts.reverse().find((start) => start < this.clock.at - HZ);
    if (found === undefined) this.tell(direction > 0 ? "No later gap" : "No earlier gap in the last month");
    else this.seek(found);
  }

  private beyond(direction: Direction): Utc | undefined {
    const number = this.camera()?.number;
    const found = number === undefined ? undefined : this.lines.beyond(number, this.clock.at, direction);
    return found === undefined || direction > 0 ? found : found - HZ / 5;
  }

  /** Only where no camera has a picture: to the nearest moment at which one of them has. */
  private nextFootage(at: Utc, direction: 1 | -1): Utc | undefined {
    if (!this.players.length || !this.players.every((player) => player.isHole(at))) return undefined;
    const found = this.players.map((player) => this.lines.next(player.camera.number, at, direction)).filter((one): one is Utc => one !== undefined);
    if (!found.length) return undefined;
    return direction > 0 ? Math.min(...found) : Math.max(...found) - HZ / 5;
  }

  private moved(at: Utc, rate: number): void {
    for (const player of this.players) player.show(at, rate);
    this.sound?.show(at, this.clock.waiting ? 0 : rate);
    this.drawTime();
    this.timeline.follow();
    if (rate === 0) this.keepPlace();
  }

  private drawTime(): void {
    const { at, rate, waiting } = this.clock;
    say(this.bigTime, `${this.zone.date(at)} ${this.zone.clockMs(at)}`);
    const place = this.players[this.selected]?.frames.place(at);
    const frame = place ? ` · frame ${place.number} of ${place.of}` : "";
    const words = rate === 0 ? `paused${frame}` : waiting ? "waiting for pictures" : rate === 1 ? "1×" : `${rate < 0 ? "back " : ""}${Math.abs(rate)}×`;
    say(this.speed, words);
    this.playButton.setAttribute("aria-label", rate === 0 ? "Play" : "Stop");
    if (!this.playButton.firstChild) this.playButton.append(h("kbd", { "aria-hidden": true }, "K"));
  }

  /** A tag on each picture that is held. */
  private drawMarks(): void {
    for (const player of this.players) {
      const hold = this.lines.holdAt(player.camera.number, this.clock.at);
      const words = hold ? (hold.owner.startsWith("exhibit:") ? `Held for ${hold.owner.slice(8)}` : hold.expires_90k ? `Held until ${this.zone.date(hold.expires_90k).replace(/ \d{4}$/, "")}` : "Held") : "";
      if (!words) player.mark.replaceChildren();
      else say(player.mark.firstElementChild ?? player.mark.appendChild(h("span", { class: "tag held" })), words);
    }
  }

  private drawStep(): void {
    this.step?.replaceChildren(h("h2", {}, "In step ", h("span", { class: "figures" }, String(this.players.length))), h("ul", { class: "cameras" }, ...this.players.map((player, index) =>
      h("li", { class: index === this.selected ? "here" : "" }, h("button", { type: "button", onclick: () => this.select(index) }, h("span", { class: "number" }, player.camera.number), h("span", { class: "name" }, player.camera.name), h("span", { class: "state" }, this.offsetWords(player.camera.number)))))));
  }

  private offsets = new Map<string, number | null>();

  private offsetWords(number: string): string {
    const ms = this.offsets.get(number);
    if (ms === undefined || ms === null) return "";
    return Math.abs(ms) < 100 ? "on time" : `${(Math.abs(ms) / 1000).toFixed(1)} s ${ms < 0 ? "behind" : "ahead"}`;
  }

  private markIn(): void { const camera = this.camera(); this.panels.open("right"); if (camera) { this.basket.markIn(camera, this.clock.at); this.timeline.draw(); } }

  private async markOut(): Promise<void> {
    const camera = this.camera();
    this.panels.open("right"); // what became of the mark is told there
    if (!camera) return;
    await this.basket.markOut(camera, this.clock.at);
    await this.lines.reload(camera.number);
  }

  private goTo(): void { askTime(this.zone, this.clock.at, (at) => this.seek(at)); }

  private watch(): void {
    const camera = this.camera();
    if (camera && this.data.may_watch) location.assign(`/watch/?layout=1&tiles=${encodeURIComponent(camera.number)}`);
  }

  private toggleGaps(): void {
    this.clock.skipGaps = !this.clock.skipGaps;
    this.drawGapButton();
    this.tell(this.clock.skipGaps ? "Gaps are skipped, and said" : "Play waits through gaps");
  }

  /** Pictures are silent until somebody asks to hear the selected camera. */
  private toggleSound(): void {
    if (this.sound) { this.sound.close(); this.sound = undefined; } else this.listen();
    this.drawSoundButton();
  }

  private listen(): void {
    this.sound?.close();
    const number = this.camera()?.number;
    this.sound = number === undefined ? undefined : new SoundPlayer({
      open: (at) => Day.open(this.server, this.time, this.data.review.id, number, this.zone.day(at)), now: () => this.time.now(),
      said: (words) => { if (words) this.tell(`${words} (${number})`); this.drawSoundButton(); },
    });
    this.drawSoundButton();
  }

  private drawSoundButton(): void {
    this.soundButton.hidden = !this.data.may_hear;
    this.soundButton.setAttribute("aria-pressed", String(this.sound !== undefined));
    this.soundButton.replaceChildren(h("span", {}, this.sound ? (this.sound.found === false ? "Sound: none here" : "Sound: on") : "Sound: off"), " ", h("kbd", { "aria-hidden": true }, "M"));
  }

  private drawGapButton(): void {
    this.gapButton.replaceChildren(h("span", {}, this.clock.skipGaps ? "Gaps: skip" : "Gaps: wait"), " ", h("kbd", { "aria-hidden": true }, "W"));
  }

  private entryPlace(): { camera?: string; at_90k?: Utc; words: string } {
    const camera = this.camera();
    return camera ? { camera: camera.number, at_90k: Math.round(this.clock.at), words: `goes in with ${camera.number} at ${this.zone.clock(this.clock.at)}` } : { words: "goes in with the time" };
  }

  /** The address follows, but not sixty times a second. */
  private keepPlace(): void {
    clearTimeout(this.placeTimer);
    this.placeTimer = window.setTimeout(() => {
      history.replaceState(null, "", writePlace({ cameras: this.players.map((player) => player.camera.number), at: this.clock.at, span: this.timeline.span }));
    }, 200);
    this.drawMarks();
  }

  private show(state: StateNow): void {
    this.time.set(state.now_90k);
    this.list.show(state);
    this.strip.show(state);
    const offsets = new Map(state.cameras.map((camera) => [camera.number, camera.clock_offset_ms]));
    const changed = this.players.some((player) => this.offsets.get(player.camera.number) !== offsets.get(player.camera.number));
    this.offsets = offsets;
    if (changed) this.drawStep();
  }

  private tell(words: string): void {
    say(this.said, words);
    announce(words);
    clearTimeout(this.saidTimer);
    this.saidTimer = window.setTimeout(() => say(this.said, ""), 12_000);
  }
}
