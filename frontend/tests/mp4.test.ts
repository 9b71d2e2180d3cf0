import { describe, expect, it } from "vitest";
import { endBy, fragmentsFrom, framesOf, initLength } from "../src/lib/mp4";
import { readPlace, step, writePlace } from "../src/watch/place";

const box = (type: string, ...parts: number[][]): number[] => {
  const body = parts.flat();
  return [...u32(body.length + 8), ...[...type].map((letter) => letter.charCodeAt(0)), ...body];
};
const u32 = (value: number): number[] => [(value >>> 24) & 255, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];

/** A fragment of three pictures of 3600 ticks, the first a key frame, as the recorder writes them. */
const fragment = (time: number): number[] => [
  ...box("moof", box("mfhd", u32(0), u32(1)), box("traf",
    box("tfhd", u32(0x020000), u32(1)), box("tfdt", u32(1 << 24), u32(0), u32(time)),
    box("trun", u32(0x701), u32(3), u32(0), ...[0x02000000, 0x01010000, 0x01010000].map((flags) => [...u32(3600), ...u32(5), ...u32(flags)])))),
  ...box("mdat", [1, 2, 3]),
];

describe("fragmented MP4", () => {
  const head = [...box("ftyp", u32(0)), ...box("moov", u32(0))];
  const bytes = new Uint8Array([...head, ...fragment(0), ...fragment(10_800)]);

  it("says when each picture is shown and which are key frames", () => {
    const frames = framesOf(bytes);
    expect(frames.map((frame) => frame.time)).toEqual([0, 3600, 7200, 10_800, 14_400, 18_000]);
    expect(frames.map((frame) => frame.key)).toEqual([true, false, false, true, false, false]);
  });

  it("is cut where it goes on from, its beginning left out", () => {
    expect(initLength(bytes)).toBe(head.length);
    expect(framesOf(fragmentsFrom(bytes, 10_800))[0]?.time).toBe(10_800);
    expect(fragmentsFrom(bytes, 90_000_000).byteLength).toBe(0);
  });

  it("ends before the group that follows it, whose beginning stays as it is", () => {
    const piece = bytes.slice();
    endBy(piece, 21_590);
    expect(framesOf(piece).map((frame) => [frame.time, frame.duration]).pop()).toEqual([18_000, 3590]);
    for (const elsewhere of [18_000, 21_600, 0]) endBy(piece, elsewhere);
    expect(framesOf(piece).map((frame) => [frame.time, frame.duration]).pop()).toEqual([18_000, 3590]);
    endBy(new Uint8Array(), 0);
  });

  it("is nothing, and no error, where it is cut short or nonsense", () => {
    for (let length = 0; length < bytes.byteLength; length += 3) framesOf(bytes.subarray(0, length));
    const noise = Uint8Array.from({ length: 4000 }, (_, index) => (index * 7919) % 251);
    expect(framesOf(noise)).toEqual([]);
  });
});

describe("the wall's place", () => {
  it("is read from the address and written back", () => {
    const place = readPlace("?layout=4&tiles=127,,R2&selected=3", ["1"]);
    expect([place.layout, place.tiles.slice(0, 3), place.selected]).toEqual([4, ["127", "", "R2"], 2]);
    expect(writePlace(place)).toBe("?layout=4&tiles=127,,R2&selected=3");
    expect(readPlace("", ["1", "2", "3", "4", "5"]).layout).toBe(9);
    expect(readPlace("?layout=7&selected=99&tiles=127", []).layout).toBe(1);
  });

  it("is walked with the arrows and not left", () => {
    expect(step(0, 9, "ArrowRight")).toBe(1);
    expect(step(1, 9, "ArrowDown")).toBe(4);
    expect(step(0, 4, "ArrowUp")).toBe(0);
    expect(step(8, 9, "ArrowRight")).toBe(8);
  });
});
