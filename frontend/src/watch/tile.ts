/** One tile: a camera's live picture, or in words what is known of a picture that is not there. */
import { h, say } from "../lib/dom";
import { Problem, wordsOf, type Server } from "../lib/http";
import { HZ, span, type ServerClock, type Zone } from "../lib/time";
import type { CameraIn, CameraNote, ListedCamera, LiveAddress, Opening, Utc } from "../lib/types";
import { LivePicture, type LiveState } from "./live";

/** Seconds before an address dies in which it is renewed. */
const RENEW_BEFORE = 60;
const RETRY_MS = [300, 600, 1200, 2500, 5000];
/** No picture for so long, and the tile says so. */
const LATE = 2.5 * HZ;

export class Tile {
  readonly element: HTMLElement;
  private readonly stage = h("div", { class: "stage-of-tile" });
  private readonly empty = h("div", { class: "empty" });
  private readonly mark = h("div", { class: "mark" });
  private readonly clock = h("time", { class: "figures" });
  private readonly number = h("span", { class: "number" });
  private readonly name = h("span", { class: "name" });
  private readonly sounding = h("span", { class: "sounding", hidden: true }, "sound recorded");
  private readonly foot: HTMLElement;
  private readonly close: HTMLButtonElement;
  camera: ListedCamera | undefined;
  private picture: LivePicture | undefined;
  private next: LivePicture | undefined;
  private opening: Opening | undefined;
  private asked: Promise<Opening> | undefined;
  private lastFrame: Utc | undefined;
  private lastFrameAt = 0;
  private state: LiveState | undefined;
  private problem = "";
  private unsupported = "";
  private attempt = 0;
  private retry: number | undefined;
  private renewal: number | undefined;
  private awake = false; // until it is known to be seen
  private turn = 0; // rises with every camera change, so that a late answer to an old one is dropped

  constructor(private readonly server: Server, private readonly zone: Zone, private readonly time: ServerClock, private readonly index: number, shut: () => void) {
    this.close = h("button", { type: "button", class: "shut", title: "Close this picture", onclick: (event) => { event.stopPropagation(); shut(); }, ondblclick: (event) => event.stopPropagation() }, "×");
    this.foot = h("div", { class: "foot" }, this.number, this.name, this.sounding, this.clock, this.close);
    this.element = h("div", { class: "tile", role: "group", tabindex: "-1", "data-tile": index }, this.stage, this.empty, this.mark, this.foot);
    this.draw();
  }

  /** Put a camera here (or nothing). The old one is closed first, and both are logbook entries. */
  put(camera: ListedCamera | undefined): void {
    if (camera?.number === this.camera?.number) return;
    this.goodbye();
    this.turn++;
    this.asked = undefined;
    this.camera = camera;
    this.lastFrame = this.state = undefined;
    this.problem = this.unsupported = "";
    this.attempt = 0;
    this.stage.replaceChildren();
    if (camera && this.awake) void this.connect();
    this.draw();
  }

  /** A tile that is not seen keeps its camera and gives up its connection. */
  setAwake(awake: boolean): void {
    if (awake === this.awake) return;
    this.awake = awake;
    if (awake && this.camera) { this.attempt = 0; void this.connect(); }
    if (!awake) this.disconnect();
  }

  /** Say to the logbook that this camera is no longer looked at. */
  goodbye(): void {
    this.disconnect();
    if (this.opening) void this.server.post(`/api/v1/watch/viewings/${this.opening.viewing}/close`).catch(() => undefined);
    this.opening = undefined;
  }

  /** Whether this camera's sound is recorded now: said on its picture, which has none. */
  hear(sounding: boolean): void { this.sounding.hidden = !sounding; }

  /** What the recorder noticed of this camera, for whoever points at its name. */
  note(notes: CameraNote[]): void {
    const words = notes.map((note) => note.text).join("\n");
    if (this.name.title !== words) this.name.title = words;
  }

  /** Called a few times a second: words that count up, and a picture that has gone stale. */
  tick(): void { this.draw(); }

  private async connect(): Promise<void> {
    const turn = this.turn;
    clearTimeout(this.retry);
    try {
      const opening = await this.address();
      if (turn !== this.turn || !this.awake) return;
      this.problem = "";
      this.show(opening);
    } catch (error) {
      if (turn === this.turn) this.onRefused(error);
    }
  }

  /** The first address is an opening and an entry; the next ones renew it. */
  private async address(): Promise<Opening> {
    const { opening: known, turn } = this;
    if (!known) {
      this.asked ??= this.open(turn).finally(() => { if (turn === this.turn) this.asked = undefined; });
      return this.asked;
    }
    if (known.expires * 1000 < this.time.now() / 90 + RENEW_BEFORE * 1000) {
      const fresh = await this.server.post<LiveAddress>(`/api/v1/watch/viewings/${known.viewing}/renew`);
      this.opening = { viewing: known.viewing, ...fresh };
    }
    return this.opening!;
  }

  /** One opening, one entry: asked for once, and closed again if the tile has gone on to something else meanwhile. */
  private async open(turn: number): Promise<Opening> {
    const wanted: CameraIn = { camera: this.camera?.number ?? "" };
    const opening = await this.server.post<Opening>("/api/v1/watch/viewings", wanted);
    if (turn === this.turn) this.opening = opening;
    else void this.server.post(`/api/v1/watch/viewings/${opening.viewing}/close`).catch(() => undefined);
    return opening;
  }

  private show(opening: Opening): void {
    const video = h("video", { "aria-hidden": true, tabindex: -1, disablepictureinpicture: true });
    video.muted = true;
    video.playsInline = true;
    video.addEventListener("resize", () => { if (video.videoWidth) this.element.style.setProperty("--shape", String(video.videoHeight / video.videoWidth)); });
    this.next?.close();
    const picture: LivePicture = new LivePicture(opening.address, video, {
      frame: (utc) => this.onFrame(picture, utc),
      state: (state) => { this.state = state; this.draw(); },
      unsupported: (codec) => { this.unsupported = codec; this.draw(); },
      ended: (code, words) => this.onEnd(picture, code, words),
    });
    this.next = picture;
    this.stage.prepend(video);
    this.renewLater(opening);
  }

  private renewLater(opening: Opening): void {
    clearTimeout(this.renewal);
    const life = opening.expires * 1000 - this.time.now() / 90 - RENEW_BEFORE * 1000 + 500;
    this.renewal = window.setTimeout(() => void this.renew(), Math.max(5000, life));
  }

  /** The socket dies with its ticket, so the next one is sent over it in time. */
  private async renew(): Promise<void> {
    const turn = this.turn;
    try {
      const opening = await this.address();
      if (turn !== this.turn) return;
      this.picture?.renew(opening.address);
      this.renewLater(opening);
    } catch (error) {
      if (turn === this.turn) this.onRefused(error);
    }
  }

  /** The opening was closed: open anew. No longer allowed: the picture goes at once. Anything else: try again. */
  private onRefused(error: unknown): void {
    const code = error instanceof Problem ? error.code : "";
    this.problem = wordsOf(error);
    if (code === "no-such-viewing") this.opening = undefined;
    if (error instanceof Problem && (error.status === 403 || error.status === 401 || code === "no-such-camera")) {
      this.disconnect();
      this.opening = this.lastFrame = undefined;
      this.stage.replaceChildren();
    } else this.again();
    this.draw();
  }

  /** The new connection's first picture takes the place of the old one's last: no black between them. */
  private onFrame(picture: LivePicture, utc: Utc): void {
    if (picture === this.next) {
      const old = this.picture;
      this.picture = picture;
      this.next = undefined;
      for (const video of this.stage.querySelectorAll("video")) if (video !== picture.video) video.remove();
      old?.close();
    }
    this.attempt = 0;
    this.lastFrame = utc;
    this.lastFrameAt = performance.now();
    say(this.clock, this.zone.clock(utc));
    if (this.element.dataset["state"] !== "live") this.draw();
  }

  private onEnd(picture: LivePicture, code: number, words: string): void {
    if (picture === this.next) { picture.video.remove(); this.next = undefined; }
    if (code === 4000 || code === 4001) this.problem = words;
    // 1006: refused before it opened, or the server went away; an address that was refused is not tried again
    if (this.opening && (code === 4401 || code === 4403 || code === 1006)) this.opening = { ...this.opening, expires: 0 };
    this.again();
    this.draw();
  }

  private again(): void {
    if (!this.awake || !this.camera) return;
    clearTimeout(this.retry);
    const wait = RETRY_MS[Math.min(this.attempt++, RETRY_MS.length - 1)]!;
    this.retry = window.setTimeout(() => void this.connect(), wait * (0.8 + Math.random() * 0.4));
  }

  private disconnect(): void {
    clearTimeout(this.retry);
    clearTimeout(this.renewal);
    this.picture?.close();
    this.next?.close();
    this.picture = this.next = undefined;
  }

  private draw(): void {
    const name = `Tile ${this.index + 1}: ${this.camera ? `${this.camera.number} ${this.camera.name}` : "empty"}`;
    const state = this.condition();
    if (this.element.dataset["state"] !== state) this.element.dataset["state"] = state;
    if (this.element.getAttribute("aria-label") !== name) this.element.setAttribute("aria-label", name);
    say(this.number, this.camera?.number ?? "");
    say(this.name, this.camera?.name ?? "");
    this.foot.hidden = !this.camera; // without a picture only its cross is seen: the words stand in the tile
    if (this.camera && this.close.getAttribute("aria-label") !== `Close ${this.camera.number}`) this.close.setAttribute("aria-label", `Close ${this.camera.number}`);
    this.empty.hidden = state === "live" || state === "late";
    if (!this.empty.hidden) this.drawWords(state);
    this.drawMark(state);
    if (state !== "live" && state !== "late") say(this.clock, "");
  }

  private condition(): "empty" | "live" | "late" | "opening" | "lost" | "denied" | "unsupported" {
    if (!this.camera) return "empty";
    if (this.unsupported) return "unsupported";
    if (this.problem && !this.opening) return "denied";
    const lost = this.state && (this.state.condition === "lost" || this.state.condition === "refused" || this.state.condition === "stopped");
    if (lost) return "lost";
    if (this.lastFrame === undefined) return "opening";
    const stale = (performance.now() - this.lastFrameAt) * 90 > LATE;
    return stale ? "late" : "live";
  }

  private drawMark(state: string): void {
    const words = state === "late" ? `No new picture for ${span((performance.now() - this.lastFrameAt) * 90)}` : "";
    if (!words) { this.mark.replaceChildren(); return; }
    const tag = this.mark.firstElementChild ?? this.mark.appendChild(h("span", { class: "tag soon" }));
    say(tag, words);
  }

  /** What is known of a picture that is not there. */
  private drawWords(state: string): void {
    const lines = this.words(state);
    const key = JSON.stringify(lines);
    if (this.empty.dataset["key"] === key) return;
    this.empty.dataset["key"] = key;
    const head = this.camera ? [h("span", { class: `number${state === "lost" ? " red" : ""}` }, this.camera.number), h("p", {}, this.camera.name)] : [];
    this.empty.replaceChildren(...head, ...lines.map(([tone, text]) => h("p", { class: tone }, text)));
  }

  private words(state: string): [string, string][] {
    if (state === "empty") return [["quiet", "Type a camera’s number, then Enter"]];
    if (state === "opening") return [["quiet", this.problem || (this.state?.condition === "connecting" ? "The camera is being connected" : "Opening")]];
    if (state === "denied") return [["strong", "Not opened"], ["quiet", this.problem]];
    if (state === "unsupported") {
      return [["strong", "Recorded, but this browser cannot show it"], ["quiet", `The camera sends ${codecWords(this.unsupported)}. Use a browser or computer that decodes it; review and export are not affected.`]];
    }
    const known = this.state!;
    const length = span(this.time.now() - known.since_90k);
    const first = known.condition === "lost" ? `No picture for ${length}` : known.condition === "refused" ? `Refused by the camera for ${length}` : `Not recording for ${length}`;
    const last = known.last_picture_90k ? `last ${this.zone.clock(known.last_picture_90k)}` : "";
    const tries = known.condition === "stopped" ? "" : `reconnecting${known.attempts ? `, try ${known.attempts}` : ""}`;
    const lines: [string, string][] = [["red", first]];
    if (last || tries) lines.push(["quiet", [last, tries].filter(Boolean).join(" · ")]);
    if (known.detail) lines.push(["quiet", known.detail]);
    return lines;
  }
}

const codecWords = (codec: string): string => (codec.startsWith("hvc1") || codec.startsWith("hev1") ? `H.265 (${codec})` : codec);
