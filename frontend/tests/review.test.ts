import { describe, expect, it } from "vitest";
import { fromMs, HZ, Zone } from "../src/lib/time";
import { Cover } from "../src/review/cover";
import { Frames } from "../src/review/frames";
import { readSpan, writePlace } from "../src/review/place";
import { Stepper } from "../src/review/stepper";
import { MOST, reveal, ticks, zoom } from "../src/review/scale";

describe("what is known of a stretch of time", () => {
  it("joins what touches and finds what is not known yet, both ways", () => {
    const cover = new Cover();
    cover.add(10, 20);
    cover.add(20, 30);
    cover.add(40, 50);
    expect(cover.stretches).toEqual([{ start: 10, end: 30 }, { start: 40, end: 50 }]);
    expect(cover.firstUnknown(10, 60)).toBe(30);
    expect(cover.firstUnknown(40, 50)).toBeUndefined();
    expect(cover.lastUnknown(0, 50)).toBe(40);
    expect(cover.lastUnknown(10, 30)).toBeUndefined();
  });

  it("forgets a stretch that was let go", () => {
    const cover = new Cover();
    cover.add(0, 100);
    cover.cut(30, 40);
    expect(cover.has(35)).toBe(false);
    expect(cover.has(40)).toBe(true);
  });
});

describe("pictures", () => {
  const frames = new Frames();
  frames.add(Array.from({ length: 25 }, (_, index) => ({ at: HZ + index * 3600, duration: 3600 })));

  it("are found by any moment they are on show, and stepped one by one", () => {
    expect(frames.at(HZ + 3599)?.at).toBe(HZ);
    expect(frames.at(HZ + 3600)?.at).toBe(HZ + 3600);
    expect(frames.step(HZ + 3600, 1)?.at).toBe(HZ + 7200);
    expect(frames.step(HZ + 3600, -1)?.at).toBe(HZ);
    expect(frames.step(HZ, -1)).toBeUndefined();
    expect(frames.place(HZ + 8 * 3600)).toEqual({ number: 9, of: 25 });
  });

  it("are not shown for a moment in a gap", () => {
    expect(frames.at(HZ * 4)).toBeUndefined();
    expect(frames.at(0)).toBeUndefined();
  });
});

describe("the time line's window", () => {
  const view = { start: 0, end: 1800 * HZ };

  it("zooms about the pointer, from a month to a second", () => {
    const about = 600 * HZ;
    const near = zoom(view, 0.5, about);
    expect((about - near.start) / (near.end - near.start)).toBeCloseTo(1 / 3, 6);
    expect(zoom(view, 1e9, about).end - zoom(view, 1e9, about).start).toBe(MOST);
    expect(zoom(view, 1e-9, about).end - zoom(view, 1e-9, about).start).toBe(HZ);
  });

  it("moves only when the cursor leaves it", () => {
    expect(reveal(view, 5 * HZ)).toBe(view);
    expect(reveal(view, 3600 * HZ)).toEqual({ start: 2700 * HZ, end: 4500 * HZ });
  });

  it("has round ticks, and names the offset where the clocks change", () => {
    const zone = new Zone("Europe/London");
    const night = { start: fromMs(Date.parse("2026-10-24T23:00:00Z")), end: fromMs(Date.parse("2026-10-25T04:00:00Z")) };
    const words = ticks(night, 800, zone).map((tick) => tick.text);
    expect(words).toContain("01:00 BST");
    expect(words).toContain("01:00 GMT");
    const month = { start: fromMs(Date.parse("2026-11-01T00:00:00Z")), end: fromMs(Date.parse("2026-12-01T00:00:00Z")) };
    expect(ticks(month, 1200, zone).length).toBeLessThan(14);
    expect(ticks({ start: 0, end: HZ }, 1000, zone).length).toBeGreaterThan(3);
  });
});

describe("the address", () => {
  it("is the place, to the millisecond", () => {
    const at = fromMs(Date.parse("2026-11-22T02:09:41.360Z"));
    const query = writePlace({ cameras: ["127", "R2"], at, span: 1800 * HZ });
    expect(query).toBe("?cameras=127,R2&at=2026-11-22T02:09:41.360Z&span=1800");
    expect(readSpan(query, 1)).toBe(1800 * HZ);
    expect(readSpan("?span=-4", 7)).toBe(7);
  });
});

describe("a step of one frame", () => {
  const stepped = (next: (direction: number) => number | "coming" | undefined, beyond?: number): { stepper: Stepper; went: number[]; said: string[] } => {
    const [went, said]: [number[], string[]] = [[], []];
    const stepper = new Stepper({ next, beyond: () => beyond, at: () => 0, playing: () => false, go: (to) => went.push(to), said: (words) => said.push(words) });
    return { stepper, went, said };
  };

  it("waits for a picture that is not here, and is then taken, each press once", () => {
    let here = false;
    const { stepper, went } = stepped((direction) => (here ? direction * 3600 : "coming"));
    stepper.press(1);
    stepper.press(1);
    expect(went).toEqual([]);
    here = true;
    stepper.goOn();
    stepper.goOn();
    expect(went).toEqual([3600, 3600]);
  });

  it("is done before what was asked for after it", () => {
    let here = false;
    const done: number[] = [];
    const { stepper, went } = stepped(() => (here ? 3600 : "coming"));
    stepper.after(() => done.push(0));
    stepper.press(1);
    stepper.after(() => done.push(went.length));
    expect(done).toEqual([0]);
    here = true;
    stepper.goOn();
    expect(done).toEqual([0, 1]);
  });

  it("is forgotten when something else is asked for", () => {
    let here = false;
    const { stepper, went } = stepped(() => (here ? 3600 : "coming"));
    stepper.press(1);
    stepper.after(() => went.push(0));
    stepper.drop();
    here = true;
    stepper.goOn();
    expect(went).toEqual([]);
  });

  it("goes over a gap in one, and says how long it is; and says where nothing more is", () => {
    const gap = stepped(() => undefined, 10 * HZ);
    gap.stepper.press(1);
    expect([gap.went, gap.said]).toEqual([[10 * HZ], ["Nothing was recorded for 10 s: skipped"]]);
    const end = stepped(() => undefined);
    end.stepper.press(-1);
    expect([end.went, end.said]).toEqual([[], ["Nothing earlier was recorded"]]);
  });
});
