"""A short life of a store, for the disk under it to be watched: `scenario.py STORE`.

Two cameras are recorded over several files; a hold is put and let go; footage that is due goes, and footage is taken
for want of room. After each thing that is promised the program says so (`mark`), so that whoever looks at the disk as
it was at any moment knows what had been promised by then.
"""

from __future__ import annotations

import asyncio
import ctypes
import sys
from pathlib import Path
from uuid import UUID

sys.path.insert(0, str(Path(__file__).parents[1]))
from footage.catalogue import Catalogue
from footage.contract import GapCause, Hold
from footage.recorder.deletion import carry_out
from footage.times import utc_now
from recorder.making import START, Bench, film

HELD = UUID(int=0x4D)
LET_GO = UUID(int=0x4E)


def mark(text: str) -> None:
    """Write a line into the log of calls, where there is one."""
    say = getattr(ctypes.CDLL(None), "meddle_mark", None)
    if say is not None:
        say(text.encode())


async def live(store: Path) -> None:
    with Catalogue(store) as catalogue:
        catalogue.open_for_recording()
    mark("opened")
    bench = Bench.make(store)
    bench.begin(film(told_apart=True))
    bench.seconds(64)
    await bench.rows()
    mark("recorded")
    camera = bench.camera.camera_id
    put(bench.catalogue, Hold(HELD, camera, START, START + 5 * 90_000, "exhibit:JD-7", "theft"))
    put(bench.catalogue, Hold(LET_GO, camera, START + 60 * 90_000, 1 << 52, "exhibit:JD-8", "fight"))
    bench.seconds(60)
    bench.lose()
    bench.pass_time(3 * 90_000)
    bench.begin(film(told_apart=True))
    bench.seconds(61)
    await bench.rows()
    mark(f"releasing {LET_GO}")
    bench.catalogue.release_hold(LET_GO, "case closed")
    mark(f"released {LET_GO}")
    bench.catalogue.count_on()
    bench.catalogue.mark_oldest(utc_now(), 1)
    carry_out(bench.catalogue)
    mark("made room")
    bench.seconds(3)
    bench.recorder.stop(GapCause.NODE_STOPPED)
    await bench.rows()
    bench.catalogue.count_on()
    mark("stopped")
    await bench.close()


def put(catalogue: Catalogue, hold: Hold) -> None:
    catalogue.put_hold(hold)
    mark(f"held {hold.hold_id}")


if __name__ == "__main__":
    asyncio.run(live(Path(sys.argv[1])))
