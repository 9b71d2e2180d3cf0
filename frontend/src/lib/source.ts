/** A media source whose appends queue up behind one another, and whose failure is told once. */
export class Feed {
  private readonly media = new MediaSource();
  private readonly url = URL.createObjectURL(this.media);
  private buffer: SourceBuffer | undefined;
  private queue: (() => void)[] = [];
  private waiting = 0;
  private type = "";
  private dead = false;

  constructor(private readonly video: HTMLMediaElement, private readonly fail: (words: string) => void) {
    this.media.addEventListener("sourceopen", () => this.opened(), { once: true });
    video.addEventListener("error", this.onError);
    video.src = this.url;
  }

  static plays(codec: string): boolean { return MediaSource.isTypeSupported(`video/mp4; codecs="${codec}"`); }

  /** Bytes that wait to be appended: a measure of a machine that cannot keep up. */
  get backlog(): number { return this.waiting; }

  get ranges(): TimeRanges | undefined {
    try { return this.buffer?.buffered; } catch { return undefined; }
  }

  begin(codec: string): void {
    const type = `video/mp4; codecs="${codec}"`;
    this.then(() => {
      if (!this.buffer) {
        this.media.duration = Number.POSITIVE_INFINITY; // live, so that the decoder keeps no pictures back
        this.buffer = this.media.addSourceBuffer(type);
        this.buffer.addEventListener("updateend", () => this.drain());
      } else if (type !== this.type) this.buffer.changeType(type);
      this.type = type;
    });
  }

  append(bytes: Uint8Array): void {
    if (!bytes.byteLength) return;
    this.waiting += bytes.byteLength;
    this.then(() => {
      this.waiting -= bytes.byteLength;
      this.buffer?.appendBuffer(bytes as Uint8Array<ArrayBuffer>);
    });
  }

  forget(start: number, end: number): void {
    if (end > start) this.then(() => this.buffer?.remove(start, end));
  }

  /** Run when everything queued so far is in the buffer. */
  settled(done: () => void): void { this.then(done); }

  close(): void {
    this.dead = true;
    this.queue = [];
    this.video.removeEventListener("error", this.onError);
    URL.revokeObjectURL(this.url);
  }

  private opened(): void {
    if (!this.dead) this.drain();
  }

  private readonly onError = (): void => {
    if (!this.dead) this.fail(this.video.error?.message || "the picture cannot be decoded");
  };

  private then(act: () => void): void {
    this.queue.push(act);
    this.drain();
  }

  private drain(): void {
    while (!this.dead && this.media.readyState === "open" && !this.buffer?.updating) {
      const act = this.queue.shift();
      if (!act) return;
      try {
        act();
      } catch (error) {
        this.close();
        this.fail(error instanceof Error ? error.message : String(error));
      }
    }
  }
}
