/** The time line: a lane for each camera, drawn on a canvas; what it shows is also said in words beneath. */
import { h } from "../lib/dom";
import { exactly, HZ, type ServerClock, type Zone } from "../lib/time";
import type { Gap, Utc } from "../lib/types";
import type { Lines } from "./lines";
import { pan, reveal, ticks, zoom, type Window } from "./scale";

const LABEL = 64, TOP = 26, FOOT = 8;
/** On a low screen the lanes give their room to the pictures. */
const LOW = 900;
const COLOUR = { ground: "#0d0f12", recorded: "#4a545f", fresh: "#2f363e", tick: "#3a424c", words: "#8d97a3", number: "#d5dae1", gap: "#ff6259", held: "#5aabff", cursor: "#ffffff" };

export interface Marked { camera: string; start: Utc; end: Utc | undefined }
export interface TimelineOwner { cameras(): string[]; at(): Utc; seek(at: Utc): void; viewed(): void; marks(): Marked[] }

export class TimelineView {
  readonly element = h("div", { class: "lanes" });
  private readonly canvas = h("canvas", { "aria-hidden": true });
  private readonly slider = h("div", { class: "slider", tabindex: 0, role: "slider", "aria-label": "Time line", "aria-valuemin": 0, "aria-valuemax": 100 });
  private readonly words = h("div", { class: "gap-words" });
  private readonly resize: ResizeObserver;
  private hover: { x: number } | undefined;
  private drag: { x: number; view: Window; moved: boolean } | undefined;
  private focused: Gap | undefined;
  private pending = 0;
  private lane = 30;
  private stride = 46;
  private wordsKey = "";

  constructor(private view: Window, private readonly zone: Zone, private readonly time: ServerClock, private readonly lines: Lines, private readonly owner: TimelineOwner) {
    this.slider.append(this.canvas);
    this.element.append(this.slider, this.words);
    this.slider.addEventListener("wheel", (event) => this.onWheel(event), { passive: false });
    this.slider.addEventListener("pointerdown", (event) => this.onDown(event));
    this.slider.addEventListener("pointermove", (event) => this.onMove(event));
    this.slider.addEventListener("pointerup", (event) => this.onUp(event));
    this.slider.addEventListener("pointerleave", () => { this.hover = undefined; this.draw(); });
    this.resize = new ResizeObserver(() => this.draw());
    this.resize.observe(this.slider);
  }

  remove(): void { this.resize.disconnect(); cancelAnimationFrame(this.pending); }

  get span(): Utc { return this.view.end - this.view.start; }

  /** Zoom about the cursor, for the keys. */
  zoomBy(factor: number): void {
    const at = this.owner.at();
    const within = at >= this.view.start && at <= this.view.end ? at : (this.view.start + this.view.end) / 2;
    this.set(zoom(this.view, factor, within));
  }

  /** Keep the cursor in sight. */
  follow(): void {
    const moved = reveal(this.view, this.owner.at());
    if (moved !== this.view) this.set(moved); else this.draw();
  }

  draw(): void {
    if (!this.pending) this.pending = requestAnimationFrame(() => { this.pending = 0; this.paint(); });
  }

  private set(view: Window): void {
    this.view = view;
    this.draw();
    this.owner.viewed();
  }

  private width(): number { return Math.max(100, this.slider.clientWidth - LABEL); }
  private x(at: Utc): number { return LABEL + ((at - this.view.start) / this.span) * this.width(); }
  private timeAt(x: number): Utc { return this.view.start + ((x - LABEL) / this.width()) * this.span; }

  private onWheel(event: WheelEvent): void {
    event.preventDefault();
    const box = this.slider.getBoundingClientRect();
    if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) this.set(pan(this.view, (event.deltaX / this.width()) * this.span));
    else this.set(zoom(this.view, Math.exp(event.deltaY * 0.0016), this.timeAt(Math.max(LABEL, event.clientX - box.left))));
  }

  private onDown(event: PointerEvent): void {
    if (event.button !== 0) return;
    this.drag = { x: event.offsetX, view: this.view, moved: false };
    this.slider.setPointerCapture(event.pointerId);
  }

  private onMove(event: PointerEvent): void {
    this.hover = { x: event.offsetX };
    if (this.drag && (this.drag.moved || Math.abs(event.offsetX - this.drag.x) > 4)) {
      this.drag.moved = true;
      const length = this.drag.view.end - this.drag.view.start;
      this.set(pan(this.drag.view, ((this.drag.x - event.offsetX) / this.width()) * length));
    } else this.draw();
  }

  private onUp(event: PointerEvent): void {
    if (this.drag && !this.drag.moved && event.offsetX >= LABEL - 4) this.owner.seek(Math.round(this.timeAt(event.offsetX)));
    this.drag = undefined;
  }

  private paint(): void {
    const cameras = this.owner.cameras();
    [this.lane, this.stride] = window.innerHeight < LOW ? [22, 34] : [30, 46];
    const height = TOP + cameras.length * this.stride + FOOT;
    const ratio = window.devicePixelRatio || 1;
    const width = this.slider.clientWidth;
    if (this.canvas.width !== Math.round(width * ratio) || this.canvas.height !== Math.round(height * ratio)) {
      this.canvas.width = Math.round(width * ratio);
      this.canvas.height = Math.round(height * ratio);
      this.canvas.style.width = `${width}px`;
      this.canvas.style.height = `${height}px`;
    }
    const pen = this.canvas.getContext("2d")!;
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, width, height);
    this.paintTicks(pen, height);
    cameras.forEach((camera, index) => this.paintLane(pen, camera, TOP + 8 + index * this.stride));
    this.paintMarks(pen, cameras, height);
    this.paintCursor(pen, height);
    this.describe(cameras);
  }

  private paintTicks(pen: CanvasRenderingContext2D, height: number): void {
    pen.font = '500 15px "Atkinson Hyperlegible Next", sans-serif';
    pen.textAlign = "center";
    for (const tick of ticks(this.view, this.width(), this.zone)) {
      const x = Math.round(this.x(tick.at)) + 0.5;
      pen.fillStyle = COLOUR.words;
      const half = pen.measureText(tick.text).width / 2;
      if (x - half > LABEL - 24 && x + half < LABEL + this.width()) pen.fillText(tick.text, x, 15);
      pen.fillStyle = COLOUR.tick;
      pen.fillRect(x - 0.5, 21, 1, 6);
    }
    void height;
  }

  private paintLane(pen: CanvasRenderingContext2D, camera: string, y: number): void {
    const line = this.lines.of(camera);
    pen.font = '650 20px "Atkinson Hyperlegible Next", sans-serif';
    pen.textAlign = "left";
    pen.fillStyle = COLOUR.number;
    pen.fillText(camera, 4, y + this.lane / 2 + 7);
    if (!line) return;
    pen.save();
    pen.beginPath();
    pen.rect(LABEL, 0, this.width(), 10_000);
    pen.clip();
    this.paintFresh(pen, line.spans[line.spans.length - 1]?.end_90k, line.gaps, y);
    pen.fillStyle = COLOUR.recorded;
    for (const span of line.spans) this.bar(pen, span.start_90k, span.end_90k, y, this.lane);
    for (const gap of line.gaps) this.paintGap(pen, gap, y);
    for (const hold of line.holds) this.paintHold(pen, hold.start_90k, hold.end_90k, hold.owner, y);
    pen.restore();
  }

  /** What the recorder is writing now: there, and not yet in the journal. */
  private paintFresh(pen: CanvasRenderingContext2D, last: Utc | undefined, gaps: Gap[], y: number): void {
    if (last === undefined || gaps.some((gap) => gap.end_90k === null)) return;
    pen.fillStyle = COLOUR.fresh;
    this.bar(pen, last, this.time.now(), y, this.lane);
  }

  private bar(pen: CanvasRenderingContext2D, start: Utc, end: Utc, y: number, height: number): void {
    if (end < this.view.start || start > this.view.end) return;
    const from = this.x(Math.max(start, this.view.start));
    pen.fillRect(from, y, Math.max(1, this.x(Math.min(end, this.view.end)) - from), height);
  }

  private paintGap(pen: CanvasRenderingContext2D, gap: Gap, y: number): void {
    const end = gap.end_90k ?? this.time.now();
    if (end < this.view.start || gap.start_90k > this.view.end) return;
    const from = this.x(Math.max(gap.start_90k, this.view.start));
    const width = Math.max(2, this.x(Math.min(end, this.view.end)) - from);
    pen.fillStyle = COLOUR.ground;
    pen.fillRect(from, y, width, this.lane);
    pen.save();
    pen.beginPath();
    pen.rect(from, y, width, this.lane);
    pen.clip();
    pen.strokeStyle = gap.cause === "retention" || gap.cause === "operator-stop" || gap.cause === "maintenance" ? COLOUR.words : COLOUR.gap;
    pen.lineWidth = 1.6;
    pen.beginPath();
    const first = Math.floor((from - this.lane) / 7) * 7;
    for (let x = first; x < from + width; x += 7) { pen.moveTo(x, y + this.lane); pen.lineTo(x + this.lane, y); }
    pen.stroke();
    pen.restore();
    if (gap === this.focused) { pen.strokeStyle = COLOUR.cursor; pen.lineWidth = 2; pen.strokeRect(from - 1, y - 1, width + 2, this.lane + 2); }
  }

  /** A hold is a blue outline; one that belongs to an exhibit has its bracket and reference as well. */
  private paintHold(pen: CanvasRenderingContext2D, start: Utc, end: Utc, owner: string, y: number): void {
    if (end < this.view.start || start > this.view.end) return;
    const [from, to] = [this.x(start), this.x(end)];
    pen.strokeStyle = COLOUR.held;
    pen.lineWidth = 2;
    pen.strokeRect(from, y - 3, Math.max(3, to - from), this.lane + 6);
    if (!owner.startsWith("exhibit:")) return;
    const text = owner.slice(8);
    pen.font = '600 13px "Atkinson Hyperlegible Next", sans-serif';
    pen.beginPath();
    pen.moveTo(from, y + this.lane + 3); pen.lineTo(from, y + this.lane + 10); pen.lineTo(Math.max(to, from + 3), y + this.lane + 10); pen.lineTo(Math.max(to, from + 3), y + this.lane + 3);
    pen.stroke();
    const at = Math.max(from, LABEL) + 5;
    const width = pen.measureText(text).width;
    pen.fillStyle = COLOUR.ground;
    pen.fillRect(at - 3, y + 1, width + 6, 16);
    pen.fillStyle = COLOUR.held;
    pen.fillText(text, at, y + 14);
  }

  private paintMarks(pen: CanvasRenderingContext2D, cameras: string[], height: number): void {
    for (const mark of this.owner.marks()) {
      const index = cameras.indexOf(mark.camera);
      if (index < 0) continue;
      const y = TOP + 2 + index * this.stride;
      const end = mark.end ?? Math.max(mark.start, this.owner.at());
      const [from, to] = [Math.max(this.x(mark.start), LABEL), Math.max(this.x(end), LABEL)];
      pen.fillStyle = "rgb(90 171 255 / .22)";
      pen.fillRect(from, y, to - from, this.lane + 12);
      pen.fillStyle = COLOUR.held;
      if (this.x(mark.start) >= LABEL) pen.fillRect(from - 1, y, 2, this.lane + 12);
      if (mark.end !== undefined && this.x(end) >= LABEL) pen.fillRect(to - 1, y, 2, this.lane + 12);
    }
    void height;
  }

  private paintCursor(pen: CanvasRenderingContext2D, height: number): void {
    const x = this.x(this.owner.at());
    if (x >= LABEL - 1) { pen.fillStyle = COLOUR.cursor; pen.fillRect(Math.round(x) - 1, 18, 2, height - 18); }
    if (!this.hover || this.hover.x < LABEL || this.drag?.moved) return;
    const text = this.zone.clock(Math.round(this.timeAt(this.hover.x)));
    pen.font = '500 15px "Atkinson Hyperlegible Next", sans-serif';
    pen.textAlign = "center";
    const half = pen.measureText(text).width / 2 + 5;
    const at = Math.min(Math.max(this.hover.x, LABEL + half), LABEL + this.width() - half);
    pen.fillStyle = COLOUR.words;
    pen.fillRect(Math.round(this.hover.x), 18, 1, height - 18);
    pen.fillStyle = "#1c2026";
    pen.fillRect(at - half, 0, half * 2, 19);
    pen.fillStyle = COLOUR.number;
    pen.fillText(text, at, 15);
  }

  /** The gaps in sight, in words: each a button that goes there. And the slider's own words for a screen reader. */
  private describe(cameras: string[]): void {
    const at = this.owner.at();
    const share = Math.round(((at - this.view.start) / this.span) * 100);
    this.slider.setAttribute("aria-valuenow", String(Math.min(100, Math.max(0, share))));
    this.slider.setAttribute("aria-valuetext", `${this.zone.date(at)} ${this.zone.clock(at)}, ${exactly(this.span)} in sight`);
    const gaps = cameras.flatMap((camera) => (this.lines.of(camera)?.gaps ?? []).filter((gap) => (gap.end_90k ?? this.time.now()) > this.view.start && gap.start_90k < this.view.end).map((gap) => ({ camera, gap })));
    const near = gaps.sort((a, b) => Math.abs(a.gap.start_90k - at) - Math.abs(b.gap.start_90k - at)).slice(0, window.innerHeight < LOW ? 1 : 2);
    const key = JSON.stringify([near.map(({ camera, gap }) => [camera, gap.start_90k, gap.end_90k]), gaps.length, this.recordedInSight(cameras)]);
    if (key === this.wordsKey) return;
    this.wordsKey = key;
    const buttons = near.map(({ camera, gap }) => h("button", {
      type: "button", onclick: () => this.owner.seek(gap.start_90k), onfocus: () => { this.focused = gap; this.draw(); }, onblur: () => { this.focused = undefined; this.draw(); },
    }, `${camera}: ${this.gapWords(gap)}`));
    const more = gaps.length > near.length ? h("span", {}, `and ${gaps.length - near.length} more in sight`) : null;
    this.words.replaceChildren(...(buttons.length ? buttons : [h("span", {}, this.recordedInSight(cameras) ? "No gap in sight" : "Nothing recorded in sight")]), ...(more ? [more] : []));
  }

  private recordedInSight(cameras: readonly string[]): boolean {
    return cameras.some((camera) => (this.lines.of(camera)?.spans ?? []).some((span) => span.end_90k > this.view.start && span.start_90k < this.view.end));
  }

  private gapWords(gap: Gap): string {
    const end = gap.end_90k === null ? "and it lasts" : `to ${this.zone.brief(gap.end_90k, gap.start_90k)}`;
    return `no picture ${this.zone.brief(gap.start_90k, this.owner.at())} ${end}, ${gap.words}${gap.detail ? ` (${gap.detail})` : ""}`;
  }
}

export const ZOOM_IN = 0.5, ZOOM_OUT = 2, USUAL_SPAN = 1800 * HZ;
