/** One connection to one camera's live pictures, shown in one video element as close to the edge as it can be held. */
import { framesOf } from "../lib/mp4";
import { Feed } from "../lib/source";
import type { CameraCondition, Utc } from "../lib/types";

export interface LiveState { condition: CameraCondition; since_90k: Utc; detail: string; last_picture_90k: Utc | null; attempts: number }
export interface LiveParameters { codec: string; width: number; height: number; fps: number }
export interface LiveListener {
  frame(utc: Utc): void;
  state(state: LiveState): void;
  unsupported(codec: string): void;
  /** The connection is over; `code` is the WebSocket's. */
  ended(code: number, words: string): void;
}

const HEADER = 16;
const KIND_INIT = 0;
/** Farther behind the newest picture than this and playback hurries; much farther and it jumps. Seconds. */
const BEHIND = 0.12, FAR_BEHIND = 0.5;
const KEEP = 4;
const REMEMBERED = 256;

export class LivePicture {
  private readonly socket: WebSocket;
  private readonly feed: Feed;
  private readonly shown: { media: number; utc: Utc }[] = [];
  private started = false;
  private supported = true;
  private over = false;
  private callback = 0;
  private lastForget = 0;

  constructor(address: string, readonly video: HTMLVideoElement, private readonly listener: LiveListener) {
    this.feed = new Feed(video, (words) => this.end(4000, words));
    const url = new URL(address, location.href);
    url.protocol = url.protocol.replace("http", "ws");
    this.socket = new WebSocket(url);
    this.socket.binaryType = "arraybuffer";
    this.socket.onmessage = (event) => this.onMessage(event.data as string | ArrayBuffer);
    this.socket.onclose = (event) => this.end(event.code, event.reason);
    this.watchFrames();
  }

  /** A fresh address for the same camera, before the old one dies. */
  renew(address: string): void {
    const ticket = address.split("/").pop();
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify({ type: "renew", ticket }));
  }

  close(): void {
    this.over = true;
    this.socket.onclose = this.socket.onmessage = null;
    this.socket.close();
    this.feed.close();
    this.video.cancelVideoFrameCallback(this.callback);
  }

  private end(code: number, words: string): void {
    if (this.over) return;
    this.close();
    this.listener.ended(code, words);
  }

  private onMessage(data: string | ArrayBuffer): void {
    if (typeof data !== "string") { this.onBytes(data); return; }
    const message = JSON.parse(data) as ({ type: "parameters" } & LiveParameters) | ({ type: "state" } & LiveState);
    if (message.type === "state") this.listener.state(message);
    else if (message.type === "parameters") {
      this.supported = Feed.plays(message.codec);
      if (this.supported) this.feed.begin(message.codec);
      else this.listener.unsupported(message.codec);
    }
  }

  private onBytes(data: ArrayBuffer): void {
    if (!this.supported) return;
    const view = new DataView(data);
    const bytes = new Uint8Array(data, HEADER);
    if (view.getUint8(0) === KIND_INIT) { this.feed.append(bytes); return; }
    const first = framesOf(bytes)[0];
    if (first) this.remember(first.time / 90_000, Number(view.getBigInt64(8)));
    this.feed.append(bytes);
    this.feed.settled(() => this.holdEdge());
    if (this.feed.backlog > 8_000_000) this.end(4001, "this computer cannot keep up");
  }

  private remember(media: number, utc: Utc): void {
    this.shown.push({ media, utc });
    if (this.shown.length > REMEMBERED) this.shown.shift();
  }

  /** Keep to the newest picture: a jump to begin with or after a stall, then a little faster until it is reached. */
  private holdEdge(): void {
    const ranges = this.feed.ranges;
    if (!ranges?.length) return;
    const edge = ranges.end(ranges.length - 1);
    const { video } = this;
    const behind = edge - video.currentTime;
    if (!this.started || behind > FAR_BEHIND || behind < 0) {
      video.currentTime = Math.max(ranges.start(ranges.length - 1), edge - 0.04);
      this.started = true;
    } else {
      const rate = behind > BEHIND ? 1.15 : 1;
      if (video.playbackRate !== rate) video.playbackRate = rate;
    }
    if (video.paused) void video.play().catch(() => undefined);
    if (edge - this.lastForget > 10) { this.lastForget = edge; this.feed.forget(0, edge - KEEP); }
  }

  private watchFrames(): void {
    this.callback = this.video.requestVideoFrameCallback((_now, metadata) => {
      const utc = this.utcAt(metadata.mediaTime);
      if (utc !== undefined) this.listener.frame(utc);
      if (!this.over) this.watchFrames();
    });
  }

  /** The true time of the picture with this media time: the newest that began by then. */
  private utcAt(media: number): Utc | undefined {
    for (let index = this.shown.length - 1; index >= 0; index--) {
      const frame = this.shown[index]!;
      if (frame.media <= media + 0.002) return frame.utc;
    }
    return undefined;
  }
}
