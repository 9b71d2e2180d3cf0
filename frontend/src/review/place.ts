/** The review's place in the address: cameras, the moment, and how much of the timeline is seen. */
import { fromMs, toMs } from "../lib/time";
import type { Utc } from "../lib/types";

export interface ReviewPlace { cameras: string[]; at: Utc; span: Utc }

export function readSpan(query: string, usual: Utc): Utc {
  const seconds = Number(new URLSearchParams(query).get("span"));
  return seconds > 0 && Number.isFinite(seconds) ? Math.round(seconds * 90_000) : usual;
}

/** `?cameras=127,129&at=2026-11-22T02:09:41.360Z&span=1800`: a link for a colleague who may see it. */
export function writePlace(place: ReviewPlace): string {
  const at = new Date(toMs(place.at)).toISOString();
  return `?cameras=${place.cameras.map(encodeURIComponent).join(",")}&at=${at}&span=${Math.max(1, Math.round(place.span / 90_000))}`;
}

export const parseMoment = (text: string): Utc | undefined => {
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? undefined : fromMs(ms);
};
