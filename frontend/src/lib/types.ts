/** What the API takes and answers, and what the pages' data blocks hold. Made by tools/make_types.py: do not edit. */

/** A UTC count of 1/90000 s (exact in a double until 5141). */
export type Utc = number;

export type CameraCondition = "recording" | "connecting" | "lost" | "refused" | "stopped";

export interface CameraIn {
  /** A camera's number: 127, R2. */
  camera: string;
}

/** Something out of the ordinary in what a camera sends: what it is, and what an engineer may set. */
export interface CameraNote {
  /** Stable, such as key-frames-far-apart. */
  code: string;
  text: string;
}

/** A camera's state as the rails and tiles tell it. */
export interface CameraNow {
  number: string;
  name: string;
  condition: CameraCondition;
  since_90k: Utc;
  detail: string;
  last_picture_90k: Utc | null;
  attempts: number;
  clock_offset_ms: number | null;
  /** Whether sound is recorded now. */
  sound: boolean;
  notes: CameraNote[];
}

/** A camera and how it is now. `state` is its condition; `since` when that began. */
export interface Camera {
  number: string;
  name: string;
  /** fixed, ptz or mobile */
  kind: string;
  town: string;
  partner: string;
  groups: string[];
  latitude: number | null;
  longitude: number | null;
  bearing_degrees: number | null;
  recorded: boolean;
  /** The camera's own period where it is shorter than the scheme's. */
  retention_days: number;
  state: string;
  since: string | null;
  detail: string;
  /** What the recorder noticed, in the order in which it would be mended. */
  notes: CameraNote[];
  /** null: its sound is off, as every camera's is without an order. */
  sound: Sound | null;
}

/** The signed head of the logbook. `note` is the C2SP tlog-checkpoint; `key` is the line to check it with. */
export interface Checkpoint {
  origin: string;
  size: number;
  root: string;
  made_at: string;
  note: string;
  key: string;
}

/** A span of one camera, half-open. `hold_id` names a hold that covers it already. */
export interface ClipIn {
  /** A camera's number: 127, R2. */
  camera: string;
  start: Utc | string;
  end: Utc | string;
  hold_id?: string | null;
}

/** A span of one camera as files. */
export interface Clip {
  camera: string;
  start_90k: Utc;
  end_90k: Utc;
  start: string;
  end: string;
  files: File[];
  /** What is missing; while it is being sealed, as the recorder knew it then. */
  gaps: Gap[];
  /** The camera's clock minus the server's; null where not measured. */
  clock_offset_ms: number | null;
}

/** RFC 6962 consistency: the tree of `to` entries is that of `from` with entries added. Hashes are base64. */
export interface Consistency {
  from: number;
  to: number;
  path: string[];
  checkpoint: Checkpoint;
}

/** A hold that runs out soon; `tone` is empty or soon. */
export interface EndingHold {
  id: string;
  number: string;
  owner: string;
  start_90k: Utc;
  end_90k: Utc;
  expires_90k: Utc;
  tone: string;
}

/** Newest first. `next` goes on where this page ends; null at the end. */
export interface Entries {
  entries: Entry[];
  next: string | null;
}

/** A line of the occurrence book, with the camera in hand and the moment looked at. */
export interface EntryIn {
  text: string;
  camera?: string | null;
  at_90k?: Utc | null;
}

/** An entry. A personal value is null once erased; its commitment stays. */
export interface Entry {
  number: number;
  at: string;
  action: string;
  /** The action as people read it. */
  words: string;
  /** What the facts come to, in words; made when it is read. Empty where they add none. */
  line: string;
  subject: Subject | null;
  /** Number and name, as they are today, of the camera concerned, if it is one. */
  camera: string | null;
  /** Number and name of every camera concerned. */
  cameras: string[];
  facts: Record<string, unknown>;
  personal: Record<string, string | null>;
  commitments: Record<string, string>;
  erased: Record<string, string>;
  leaf_hash: string;
  /** The entry that this one corrects. */
  corrects: number | null;
  /** The entries that correct this one, oldest first. */
  corrected_by: number[];
}

export interface EntryWritten {
  number: number;
}

export interface ExhibitIn {
  reference: string;
  reason?: string;
  /** Empty: the exhibit's own reference. */
  case_reference?: string;
  /** Who asked for it. Empty: whoever seals. */
  requester?: string;
  clips: ClipIn[];
  /** Numbers of stills of these clips, to be sealed with them. */
  stills?: number[];
}

/** An exhibit. `state` is sealing, sealed or failed; `failure` says why it failed. */
export interface Exhibit {
  reference: string;
  /** Its page. */
  url: string;
  state: string;
  reason: string;
  case_reference: string;
  requester: string;
  operator: string;
  opened_at: string;
  sealed_at: string | null;
  keep_until: string | null;
  time_stamped_at: string | null;
  verified_at: string | null;
  /** good, altered, another answer of the verifier, or empty while not verified. */
  verified: string;
  key_fingerprint: string;
  tagmanifest_sha512: string;
  size_bytes: number;
  seconds_left: number | null;
  failure: string;
  clips: Clip[];
}

/** One MP4 of a clip; `path` is where it lies in the bag. */
export interface File {
  path: string;
  start_90k: Utc;
  end_90k: Utc;
  start: string;
  end: string;
  size_bytes: number;
  sha256: string;
  sha512: string;
  frames: number;
  codec: string;
  sound: boolean;
  width: number;
  height: number;
  begins_on_key_frame: boolean;
}

/** Why nothing was recorded. Each is shown on the timeline, in exports and in the monthly continuity figure. */
export type GapCause = "camera-lost" | "camera-refused" | "camera-too-much" | "disk-behind" | "disk-full" | "disk-lost" | "recorder-behind" | "clock-step" | "node-stopped" | "operator-stop" | "maintenance" | "retention" | "damaged" | "not-yet-recorded" | "not-closed";

/** A stretch without recording, and why. Its end is null while it lasts. */
export interface Gap {
  start_90k: Utc;
  end_90k: Utc | null;
  start: string;
  end: string | null;
  cause: GapCause;
  /** The cause as a person reads it. */
  words: string;
  detail: string;
}

/** Footage that retention may not delete, for whom, why, and until when (null: until it is let go). */
export interface Held {
  id: string;
  start_90k: Utc;
  end_90k: Utc;
  start: string;
  end: string;
  owner: string;
  reason: string;
  expires_90k: Utc | null;
  expires: string | null;
}

/** A span of one camera, half-open, and why it is kept past its period. */
export interface HoldIn {
  /** A camera's number: 127, R2. */
  camera: string;
  start: Utc | string;
  end: Utc | string;
  /** A code of the policy's hold_grounds. */
  ground: string;
  case_reference: string;
  requester: string;
  review_on: string;
  /** Its last day; without one it lasts until it is released. */
  ends_on?: string | null;
  reason?: string;
}

/** A hold. Without a `ground` it was marked in review, and does not outlive the footage's own period. */
export interface Hold {
  id: string;
  camera: string;
  start: string;
  end: string;
  ground: string;
  case_reference: string;
  requester: string;
  review_on: string | null;
  review_due: boolean;
  /** Null: until it is released. */
  until: string | null;
  reason: string;
  exhibit: string | null;
}

/** A camera as the instrument lists it. */
export interface ListedCamera {
  number: string;
  name: string;
  kind: string;
  town: string;
  may_view: boolean;
  may_review: boolean;
}

/** A fresh address for an opening that goes on. */
export interface LiveAddress {
  address: string;
  expires: number;
}

/** A span of one camera that is marked in review. Why it is kept is said whole, or later. */
export interface MarkIn {
  /** A camera's number: 127, R2. */
  camera: string;
  start: Utc | string;
  end: Utc | string;
  reason?: string;
  ground?: string | null;
  case_reference?: string | null;
  requester?: string | null;
  review_on?: string | null;
  ends_on?: string | null;
}

/** A mark is a hold from the moment it is made. One that is not `grounded` ends with the footage's own period. */
export interface Mark {
  hold_id: string;
  /** Null: until it is released. */
  until: string | null;
  camera: string;
  start_90k: Utc;
  end_90k: Utc;
  grounded: boolean;
  /** Where to say why it is kept. */
  url: string;
  gaps: Gap[];
}

/** What a room has to say; `tone` is empty, soon or now. */
export interface Notice {
  heading: string;
  title: string;
  detail: string;
  due_90k: Utc | null;
  tone: string;
  href: string;
}

/** The review that is open, and where in time its page begins. */
export interface OpenReview {
  id: string;
  reason: string;
  opened_90k: Utc;
  cameras: string[];
  at_90k: Utc;
}

/** A live camera's signed address, which dies at `expires` (unix seconds), and under which opening it is renewed. */
export interface Opening {
  viewing: string;
  address: string;
  expires: number;
}

/** RFC 9457. Match on `code`, which is kept; never on the sentences. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: string;
  errors?: ({ where?: string; text?: string })[];
}

/** `done` of `total` parts of the work are behind; `seconds_left` is null while that is unknown. */
export interface Progress {
  state: string;
  done: number;
  total: number;
  seconds_left: number | null;
  failure: string;
}

/** RFC 6962 inclusion: `path` leads from the leaf of `index` to the checkpoint's root. Hashes are base64. */
export interface Proof {
  entry: number;
  index: number;
  leaf_hash: string;
  path: string[];
  /** The entry as it is hashed: the leaf is SHA-256 of a zero byte and this. */
  canonical: string;
  checkpoint: Checkpoint;
  tlog_proof: string;
}

export interface RecorderNow {
  alive: boolean;
  alarms: string[];
}

export interface ReleaseIn {
  reason?: string;
}

export interface Release {
  hold_id: string;
  state: string;
}

/** The review page's data block. */
export interface ReviewData {
  csrf: string;
  zone: string;
  user: string;
  cameras: ListedCamera[];
  state: StateNow;
  review: OpenReview;
  may_hold: boolean;
  may_seal: boolean;
  may_watch: boolean;
  may_hear: boolean;
}

export interface ReviewedCamera {
  number: string;
  name: string;
}

/** By what order a camera's sound is recorded, and how it is: recording, silent, unavailable or off. */
export interface Sound {
  /** It ends then by itself. */
  until: string;
  case_reference: string;
  asked_by: string;
  approved_by: string;
  condition: string;
  detail: string;
}

/** An unbroken stretch of recording, half-open. */
export interface Span {
  start_90k: Utc;
  end_90k: Utc;
  start: string;
  end: string;
}

/** What the rails and the strip show. */
export interface StateNow {
  now_90k: Utc;
  recorder: RecorderNow;
  cameras: CameraNow[];
  holds: EndingHold[];
  notices: Notice[];
  watching: Watcher[];
}

/** What the act was done to. The key is empty for a person: it is personal content. */
export interface Subject {
  kind: string;
  id: string;
}

export interface TicketIn {
  /** A camera's number: 127, R2. */
  camera: string;
  day: string;
}

/** A signed address for one camera and one of the scheme's days. */
export interface Ticket {
  address: string;
  expires: number;
  start_90k: Utc;
  end_90k: Utc;
}

/** What is known of one camera between two moments. */
export interface Timeline {
  number: string;
  start_90k: Utc;
  end_90k: Utc;
  start: string;
  end: string;
  spans: Span[];
  gaps: Gap[];
  holds: Held[];
}

export interface ViewingClosed {
  viewing: string;
}

/** The wall's data block. */
export interface WatchData {
  csrf: string;
  zone: string;
  user: string;
  cameras: ListedCamera[];
  state: StateNow;
  may_review: boolean;
}

/** Who looks at these cameras now, since when, and where: numbers of live cameras, or review. */
export interface Watcher {
  name: string;
  since_90k: Utc;
  at: string[];
}
