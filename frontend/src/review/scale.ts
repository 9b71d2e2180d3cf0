/** The timeline's window on time: zoom about a point, pan, and where the ticks stand. */
import { HZ, type Zone } from "../lib/time";
import type { Utc } from "../lib/types";

export const LEAST = 1 * HZ, MOST = 31 * 86_400 * HZ;

export interface Window { start: Utc; end: Utc }

/** A window of another length in which `about` stays where it was. */
export function zoom(view: Window, factor: number, about: Utc): Window {
  const length = view.end - view.start;
  const wanted = Math.min(MOST, Math.max(LEAST, length * factor));
  const share = (about - view.start) / length;
  const start = about - share * wanted;
  return { start: Math.round(start), end: Math.round(start + wanted) };
}

export const pan = (view: Window, by: Utc): Window => ({ start: Math.round(view.start + by), end: Math.round(view.end + by) });

/** The window moved just so far that a moment is within it. */
export function reveal(view: Window, at: Utc): Window {
  const length = view.end - view.start;
  if (at >= view.start && at <= view.end) return view;
  return { start: Math.round(at - length / 2), end: Math.round(at + length / 2) };
}

const SECOND_STEPS = [0.2, 1, 5, 15, 30, 60, 300, 900, 1800];
const HOUR_STEPS = [1, 2, 3, 6, 12, 24, 48, 96, 168];

export interface Tick { at: Utc; text: string }

/** Ticks about `apart` pixels from one another, on round times of the scheme's own clock. */
export function ticks(view: Window, width: number, zone: Zone, apart = 120): Tick[] {
  const perPixel = (view.end - view.start) / Math.max(width, 1);
  const least = (perPixel * apart) / HZ;
  const seconds = SECOND_STEPS.find((step) => step >= least);
  if (seconds !== undefined) return secondTicks(view, seconds * HZ, zone);
  const hours = HOUR_STEPS.find((step) => step * 3600 >= least) ?? 168;
  return hourTicks(view, hours, zone);
}

/** Every zone in use is a whole quarter of an hour from UTC, so round times below that are round in UTC too. */
function secondTicks(view: Window, step: Utc, zone: Zone): Tick[] {
  const found: Tick[] = [];
  for (let at = Math.ceil(view.start / step) * step; at <= view.end; at += step) {
    const clock = zone.clock(at);
    const text = step < HZ ? `${clock.slice(0, 8)}.${Math.round((at % HZ) / 9000)}` : step < 60 * HZ ? clock.slice(0, 8) : clock.slice(0, 5);
    found.push({ at, text });
  }
  return changes(view, zone) ? found.map((tick) => ({ at: tick.at, text: `${tick.text} ${zone.parts(tick.at).offset}` })) : found;
}

function hourTicks(view: Window, hours: number, zone: Zone): Tick[] {
  const found: Tick[] = [];
  const hour = 3600 * HZ;
  const both = hours < 24 && changes(view, zone);
  for (let at = Math.ceil(view.start / hour) * hour; at <= view.end; at += hour) {
    const parts = zone.parts(at);
    const days = Math.floor(Date.UTC(parts.year, parts.month - 1, parts.day) / 86_400_000);
    const round = hours < 24 ? parts.hour % hours === 0 : parts.hour === 0 && days % (hours / 24) === 0;
    if (!round) continue;
    const day = `${parts.day} ${parts.monthName}`;
    const clock = `${String(parts.hour).padStart(2, "0")}:00${both ? ` ${parts.offset}` : ""}`;
    found.push({ at, text: parts.hour === 0 ? day : clock });
  }
  return found;
}

const changes = (view: Window, zone: Zone): boolean => zone.parts(view.start).offset !== zone.parts(view.end).offset;
