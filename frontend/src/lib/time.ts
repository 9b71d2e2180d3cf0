/** Times as people read them: the scheme's zone, always with seconds and the offset's name. */
import type { Utc } from "./types";

export const HZ = 90_000;

export const toMs = (utc: Utc): number => utc / 90;
export const fromMs = (ms: number): Utc => Math.round(ms * 90);

export interface Parts { year: number; month: number; day: number; hour: number; minute: number; second: number; weekday: string; monthName: string; offset: string }

/** Reads UTC counts in one zone. Intl's formatters are slow to make, so each zone makes its own once. */
export class Zone {
  private readonly formatter: Intl.DateTimeFormat;
  private last: { second: number; parts: Parts } | undefined;

  constructor(readonly name: string) {
    this.formatter = new Intl.DateTimeFormat("en-GB", {
      timeZone: name, hourCycle: "h23", weekday: "short", year: "numeric", month: "short", day: "numeric",
      hour: "2-digit", minute: "2-digit", second: "2-digit", timeZoneName: "short",
    });
  }

  parts(utc: Utc): Parts {
    const second = Math.floor(utc / HZ);
    if (this.last?.second === second) return this.last.parts;
    const found = new Map<string, string>();
    for (const part of this.formatter.formatToParts(second * 1000)) found.set(part.type, part.value);
    const whole = (name: string): number => Number(found.get(name));
    const monthName = (found.get("month") ?? "").slice(0, 3);
    const offset = found.get("timeZoneName") ?? "UTC";
    const parts: Parts = {
      year: whole("year"), month: MONTHS.indexOf(monthName) + 1, day: whole("day"), hour: whole("hour"),
      minute: whole("minute"), second: whole("second"), weekday: found.get("weekday") ?? "", monthName, offset,
    };
    this.last = { second, parts };
    return parts;
  }

  /** `02:14:07 GMT` */
  clock(utc: Utc): string {
    const p = this.parts(utc);
    return `${two(p.hour)}:${two(p.minute)}:${two(p.second)} ${p.offset}`;
  }

  /** `02:09:41.360 GMT` */
  clockMs(utc: Utc): string {
    const shown = rounded(utc);
    const p = this.parts(shown);
    return `${two(p.hour)}:${two(p.minute)}:${two(p.second)}.${thousandths(shown)} ${p.offset}`;
  }

  /** `Sun 22 Nov 2026` */
  date(utc: Utc): string {
    const p = this.parts(utc);
    return `${p.weekday} ${p.day} ${p.monthName} ${p.year}`;
  }

  /** `22 Nov 02:14:07 GMT`, or the clock alone on the day of `near`. */
  brief(utc: Utc, near: Utc): string {
    const p = this.parts(utc);
    const text = `${p.day} ${p.monthName} ${this.clock(utc)}`;
    return this.day(utc) === this.day(near) ? this.clock(utc) : text;
  }

  /** The day as `2026-11-22`, the scheme's own. */
  day(utc: Utc): string {
    const p = this.parts(utc);
    return `${p.year}-${two(p.month)}-${two(p.day)}`;
  }

  /** Minutes ahead of UTC at a moment. */
  offsetMinutes(utc: Utc): number {
    const p = this.parts(utc);
    const asUtc = Date.UTC(p.year, p.month - 1, p.day, p.hour, p.minute, p.second);
    return Math.round((asUtc / 1000 - Math.floor(utc / HZ)) / 60);
  }

  /** The moments at which the clocks show a time: none in spring's lost hour, two in autumn's, in order. */
  moments(day: string, clock: string): Utc[] {
    const date = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day);
    const time = /^(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,3}))?)?$/.exec(clock);
    if (!date || !time) return [];
    const ms = Number((time[4] ?? "0").padEnd(3, "0"));
    const wall = Date.UTC(+date[1]!, +date[2]! - 1, +date[3]!, +time[1]!, +time[2]!, +(time[3] ?? 0), ms);
    const wanted = fromMs(wall);
    const offsets = new Set([-14, 0, 14].map((hours) => this.offsetMinutes(wanted + hours * 3600 * HZ)));
    const found = [...offsets].map((minutes) => wanted - minutes * 60 * HZ);
    return found.filter((utc) => wanted - this.offsetMinutes(utc) * 60 * HZ === utc).sort((a, b) => a - b);
  }
}

/** Whether a typed time is one that the clocks skip, and then what to say of it; empty where it is none or exists. */
export function skippedWords(zone: Zone, day: string, clock: string): string {
  const date = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day);
  const time = /^(\d{1,2}):(\d{2})/.exec(clock);
  if (!date || !time || zone.moments(day, clock).length) return "";
  const typed = fromMs(Date.UTC(+date[1]!, +date[2]! - 1, +date[3]!, +time[1]!, +time[2]!));
  const minutes = (hours: number): number => zone.offsetMinutes(typed + hours * 3600 * HZ);
  const [before, after] = [minutes(-14), minutes(14)];
  // Read by the offset before the change it is the same length of time behind the change, after it.
  const meant = typed - before * 60 * HZ;
  let change = typed - after * 60 * HZ;
  while (change < meant && zone.offsetMinutes(change) !== after) change += 60 * HZ;
  const wall = (minutesAhead: number): string => {
    const shown = new Date(toMs(change) + minutesAhead * 60_000);
    return `${two(shown.getUTCHours())}:${two(shown.getUTCMinutes())}`;
  };
  const likely = zone.parts(meant);
  return `${two(+time[1]!)}:${time[2]} does not exist on ${+date[3]!} ${FULL_MONTHS[+date[2]! - 1]} ${date[1]}: the clocks go forward from ${wall(before)} to ${wall(after)}. ` +
    `Did you mean ${two(likely.hour)}:${two(likely.minute)} ${likely.offset}?`;
}

const FULL_MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

const two = (value: number): string => String(value).padStart(2, "0");
/** To the nearest millisecond, as every time is that is written down: no moment has two. */
const rounded = (utc: Utc): Utc => Math.floor((utc + 45) / 90) * 90;
const thousandths = (utc: Utc): string => String(Math.floor((utc % HZ) / 90)).padStart(3, "0");

/** `14 s`, `6 min`, `1 h 20`, `4 d`: how long, at a glance. */
export function span(length: Utc): string {
  const seconds = Math.max(0, Math.round(length / HZ));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 48 * 3600) return `${Math.floor(seconds / 3600)} h ${two(Math.floor((seconds % 3600) / 60))}`;
  return `${Math.floor(seconds / 86400)} d`;
}

/** `5 min 14 s`, for a clip. */
export function exactly(length: Utc): string {
  const seconds = Math.max(0, Math.round(length / HZ));
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60), seconds % 60];
  const words = [hours ? `${hours} h` : "", minutes ? `${minutes} min` : "", rest || seconds === 0 ? `${rest} s` : ""];
  return words.filter(Boolean).join(" ");
}

/** The server's clock, as seen from here: set from what the server said, read by everything that shows "now". */
export class ServerClock {
  private ahead = 0;
  set(now: Utc): void { this.ahead = now - fromMs(Date.now()); }
  now(): Utc { return fromMs(Date.now()) + this.ahead; }
}
