/** Just enough of fragmented MP4: when each picture of a fragment is shown. Counts are of the track's 90 kHz clock. */
const FTYP = 0x66747970, MOOV = 0x6d6f6f76, MOOF = 0x6d6f6f66, TRAF = 0x74726166, TFHD = 0x74666864, TFDT = 0x74666474, TRUN = 0x7472756e;

/** Neighbouring fragments may overlap or part by a few ticks, for their times are the server's and it is slewed. */
const SLACK = 900;

/** `lasts` is where its duration stands in the bytes, if it has one of its own. */
export interface Frame { time: number; duration: number; key: boolean; lasts?: number }

interface Box { type: number; start: number; end: number }

function* boxes(view: DataView, start: number, end: number): Generator<Box> {
  let at = start;
  while (at + 8 <= end) {
    let size = view.getUint32(at);
    let head = 8;
    if (size === 1 && at + 16 <= end) { size = Number(view.getBigUint64(at + 8)); head = 16; }
    if (size === 0) size = end - at;
    if (size < head || at + size > end) return;
    yield { type: view.getUint32(at + 4), start: at + head, end: at + size };
    at += size;
  }
}

/** The pictures of every whole fragment in the bytes, in the order they are shown. */
export function framesOf(bytes: Uint8Array): Frame[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found: Frame[] = [];
  for (const box of boxes(view, 0, bytes.byteLength)) {
    if (box.type !== MOOF) continue;
    for (const traf of boxes(view, box.start, box.end)) {
      if (traf.type === TRAF) found.push(...framesOfTrack(view, traf));
    }
  }
  return found.sort((a, b) => a.time - b.time);
}

/** Where the first fragment begins: what stands before it is the initialisation segment. */
export function initLength(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  for (const box of boxes(view, 0, bytes.byteLength)) {
    if (box.type !== FTYP && box.type !== MOOV) return at;
    at = box.end;
  }
  return at;
}

/** Let the last picture end at `time` at the latest: one that reaches a tick into a group that is in a source buffer
 *  already would take that group's key frame out of it, and with it the whole group. */
export function endBy(bytes: Uint8Array, time: number): void {
  const last = framesOf(bytes).pop();
  if (!last?.lasts || last.time >= time || last.time + last.duration <= time) return;
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).setUint32(last.lasts, time - last.time);
}

/** The bytes from the first fragment that begins at `time` or later; nothing where there is none. */
export function fragmentsFrom(bytes: Uint8Array, time: number): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (const box of boxes(view, 0, bytes.byteLength)) {
    if (box.type !== MOOF) continue;
    for (const traf of boxes(view, box.start, box.end)) {
      const first = traf.type === TRAF ? framesOfTrack(view, traf)[0] : undefined;
      if (first && first.time >= time - SLACK) return bytes.subarray(box.start - 8);
    }
  }
  return bytes.subarray(bytes.byteLength);
}

function framesOfTrack(view: DataView, traf: Box): Frame[] {
  let duration = 0, flags = 0, time = 0;
  const found: Frame[] = [];
  for (const box of boxes(view, traf.start, traf.end)) {
    const boxFlags = view.getUint32(box.start) & 0xffffff;
    if (box.type === TFHD) {
      let at = box.start + 8;
      if (boxFlags & 0x1) at += 8;
      if (boxFlags & 0x2) at += 4;
      if (boxFlags & 0x8) { duration = view.getUint32(at); at += 4; }
      if (boxFlags & 0x10) at += 4;
      if (boxFlags & 0x20) flags = view.getUint32(at);
    } else if (box.type === TFDT) {
      time = view.getUint8(box.start) === 1 ? Number(view.getBigUint64(box.start + 4)) : view.getUint32(box.start + 4);
    } else if (box.type === TRUN) {
      time = readRun(view, box, time, duration, flags, found);
    }
  }
  return found;
}

function readRun(view: DataView, box: Box, start: number, usual: number, usualFlags: number, into: Frame[]): number {
  const flags = view.getUint32(box.start) & 0xffffff;
  const count = view.getUint32(box.start + 4);
  let at = box.start + 8;
  let time = start;
  if (flags & 0x1) at += 4;
  let first: number | undefined;
  if (flags & 0x4) { first = view.getUint32(at); at += 4; }
  const width = 4 * [0x100, 0x200, 0x400, 0x800].filter((flag) => flags & flag).length;
  for (let index = 0; index < count && at + width <= box.end; index++) {
    let duration = usual, sample = usualFlags, offset = 0;
    const own = flags & 0x100 ? { lasts: at } : {};
    if (flags & 0x100) { duration = view.getUint32(at); at += 4; }
    if (flags & 0x200) at += 4;
    if (flags & 0x400) { sample = view.getUint32(at); at += 4; }
    if (flags & 0x800) { offset = view.getInt32(at); at += 4; }
    if (index === 0 && first !== undefined) sample = first;
    into.push({ time: time + offset, duration, key: (sample & 0x10000) === 0, ...own });
    time += duration;
  }
  return time;
}
