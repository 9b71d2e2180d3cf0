import { describe, expect, it } from "vitest";
import { exactly, fromMs, skippedWords, span, Zone } from "../src/lib/time";

const london = new Zone("Europe/London");
const at = (text: string): number => fromMs(Date.parse(text));

describe("times on the page", () => {
  it("always carry seconds and the offset", () => {
    expect(london.clock(at("2026-11-22T02:14:07Z"))).toBe("02:14:07 GMT");
    expect(london.clock(at("2026-07-01T02:14:07Z"))).toBe("03:14:07 BST");
    expect(london.clockMs(at("2026-11-22T02:09:41.360Z"))).toBe("02:09:41.360 GMT");
    expect(london.date(at("2026-11-22T02:09:41Z"))).toBe("Sun 22 Nov 2026");
    expect(london.day(at("2026-06-30T23:30:00Z"))).toBe("2026-07-01");
  });

  it("round to the nearest millisecond, as every time is that is written down", () => {
    const moment = at("2026-11-22T02:09:41.360Z");
    expect(london.clockMs(moment + 44)).toBe("02:09:41.360 GMT");
    expect(london.clockMs(moment + 45)).toBe("02:09:41.361 GMT");
    expect(london.clockMs(at("2026-11-22T02:10:00Z") - 45)).toBe("02:10:00.000 GMT");
  });

  it("tell 01:30 of the autumn night from 01:30", () => {
    const found = london.moments("2026-10-25", "01:30");
    expect(found).toEqual([at("2026-10-25T00:30:00Z"), at("2026-10-25T01:30:00Z")]);
    expect(found.map((utc) => london.clock(utc))).toEqual(["01:30:00 BST", "01:30:00 GMT"]);
  });

  it("know that spring's hour did not happen, and that every other hour happened once", () => {
    expect(london.moments("2026-03-29", "01:30")).toEqual([]);
    expect(london.moments("2026-03-29", "02:30")).toEqual([at("2026-03-29T01:30:00Z")]);
    expect(london.moments("2026-10-25", "00:59:59")).toEqual([at("2026-10-24T23:59:59Z")]);
    expect(london.moments("2026-11-22", "02:09:41.360")).toEqual([at("2026-11-22T02:09:41.360Z")]);
    expect(london.moments("nonsense", "02:00")).toEqual([]);
  });

  it("say of an hour that does not exist which may be meant, and nothing of one that does", () => {
    expect(skippedWords(london, "2026-03-29", "01:30")).toBe(
      "01:30 does not exist on 29 March 2026: the clocks go forward from 01:00 to 02:00. Did you mean 02:30 BST?");
    expect(skippedWords(new Zone("Australia/Lord_Howe"), "2026-10-04", "02:15:30")).toContain("from 02:00 to 02:30. Did you mean 02:45");
    for (const clock of ["00:59", "02:00", "nonsense", ""]) expect(skippedWords(london, "2026-03-29", clock)).toBe("");
    expect(skippedWords(london, "2026-10-25", "01:30")).toBe("");
  });

  it("find every hour of ten years again", () => {
    for (let hour = Date.parse("2020-01-01T00:00Z"); hour < Date.parse("2030-01-01T00:00Z"); hour += 3_600_000 * 29) {
      const utc = fromMs(hour);
      expect(london.moments(london.day(utc), london.clock(utc).slice(0, 8))).toContain(utc);
    }
  });
});

describe("lengths", () => {
  it("are said at a glance and exactly", () => {
    expect([14, 360, 4800, 4 * 86_400].map((seconds) => span(seconds * 90_000))).toEqual(["14 s", "6 min", "1 h 20", "4 d"]);
    expect(exactly(314 * 90_000)).toBe("5 min 14 s");
    expect(exactly(0)).toBe("0 s");
  });
});
