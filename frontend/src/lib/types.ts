/** The shapes of the data blocks and answers; times are UTC counts of 1/90000 s (exact in a double until 5141). */
export type Utc = number;

export interface ListedCamera { number: string; name: string; kind: string; town: string; may_view: boolean; may_review: boolean }
export type Condition = "recording" | "connecting" | "lost" | "refused" | "stopped";
/** What is out of the ordinary in what a camera sends, in the order in which it would be mended. */
export interface CameraNote { code: string; text: string }
export interface CameraState {
  number: string; name: string; condition: Condition; since_90k: Utc; detail: string;
  last_picture_90k: Utc | null; attempts: number; clock_offset_ms: number | null; sound: boolean; notes: CameraNote[];
}
export interface EndingHold { id: string; number: string; owner: string; start_90k: Utc; end_90k: Utc; expires_90k: Utc; tone: string }
export interface Notice { heading: string; title: string; detail: string; due_90k: Utc | null; tone: string; href: string }
export interface Watcher { name: string; since_90k: Utc; at: string[] }
export interface StateNow {
  now_90k: Utc; recorder: { alive: boolean; alarms: string[] };
  cameras: CameraState[]; holds: EndingHold[]; notices: Notice[]; watching: Watcher[];
}
export interface CommonData { csrf: string; zone: string; user: string; cameras: ListedCamera[]; state: StateNow }
export interface WatchData extends CommonData { may_review: boolean }
export interface ReviewData extends CommonData {
  review: { id: string; reason: string; opened_90k: Utc; cameras: string[]; at_90k: Utc };
  may_hold: boolean; may_seal: boolean; may_watch: boolean; may_hear: boolean;
}
export interface Span { start_90k: Utc; end_90k: Utc }
export interface Gap { start_90k: Utc; end_90k: Utc | null; cause: string; words: string; detail: string }
export interface Held { id: string; start_90k: Utc; end_90k: Utc; owner: string; reason: string; expires_90k: Utc | null }
export interface Timeline { number: string; start_90k: Utc; end_90k: Utc; spans: Span[]; gaps: Gap[]; holds: Held[] }
