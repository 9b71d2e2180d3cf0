/** A signed address for one camera and one day, renewed before it dies. */
import type { Server } from "../lib/http";
import { Problem, problemOf } from "../lib/http";
import type { ServerClock } from "../lib/time";
import type { Ticket, TicketIn, Utc } from "../lib/types";

export interface Piece { bytes: Uint8Array; start: Utc; end: Utc; codec: string; next: Utc | undefined; sounding: boolean }

const RENEW_BEFORE = 45;

export class Day {
  private constructor(private readonly server: Server, private readonly time: ServerClock, private readonly review: string, readonly camera: string, readonly day: string, private ticket: Ticket) {}

  static async open(server: Server, time: ServerClock, review: string, camera: string, day: string): Promise<Day> {
    return new Day(server, time, review, camera, day, await Day.ask(server, review, camera, day));
  }

  private static ask(server: Server, review: string, camera: string, day: string): Promise<Ticket> {
    const wanted: TicketIn = { camera, day };
    return server.post<Ticket>(`/api/v1/watch/reviews/${review}/tickets`, wanted);
  }

  get start(): Utc { return this.ticket.start_90k; }
  get end(): Utc { return this.ticket.end_90k; }

  holds(at: Utc): boolean { return this.start <= at && at < this.end; }

  /** The first stretch of footage in `[start, end)`, whole fragments, its pictures or its sound; undefined where there is none. */
  async fetch(start: Utc, end: Utc, signal: AbortSignal, what: "play" | "sound" = "play"): Promise<Piece | undefined> {
    if (this.ticket.expires * 1000 < this.time.now() / 90 + RENEW_BEFORE * 1000) {
      this.ticket = await Day.ask(this.server, this.review, this.camera, this.day);
    }
    const address = this.ticket.address.replace("/play/", `/${what}/`);
    const response = await fetch(`${address}?start=${Math.max(start, this.start)}&end=${Math.min(end, this.end)}`, { signal, credentials: "same-origin" });
    if (!response.ok) {
      const problem = await problemOf(response);
      if (problem.code === "no-footage") return undefined;
      if (problem.code === "expired-ticket") this.ticket = { ...this.ticket, expires: 0 };
      throw problem;
    }
    const count = (name: string): Utc | undefined => { const text = response.headers.get(name); return text === null ? undefined : Number(text); };
    const bytes = new Uint8Array(await response.arrayBuffer());
    const [from, to] = [count("X-Start"), count("X-End")];
    if (from === undefined || to === undefined) throw new Problem(500, "error", "The footage came without its times.");
    return { bytes, start: from, end: to, codec: response.headers.get("X-Codec") ?? "", next: count("X-Next-Start"), sounding: response.headers.has("X-Sound") };
  }
}
