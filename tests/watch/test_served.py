"""What the gateway served is in the logbook: whose, which camera, which span, how many bytes."""

from __future__ import annotations

from uuid import UUID

import pytest

from footage.gateway.served import Served
from overt.logbook.models import Entry
from overt.watch.served import write_served
from world import World

LOOK, OTHER = UUID(int=7), UUID(int=8)
HZ = 90_000


def test_each_look_is_an_entry_of_its_viewer_at_its_camera(world: World) -> None:
    asha, camera = str(world.asha.pk), world.camera("127").pk
    write_served(
        [
            Served(asha, f"{LOOK}/s1_x", camera, "review", 5 * HZ, 9 * HZ, 1000),
            Served(asha, f"{OTHER}/s1_x", camera, "live", 6 * HZ, 9 * HZ, 20),
        ]
    )
    recorded, live = Entry.objects.filter(action="watch.footage.served").order_by("number")
    assert recorded.camera == live.camera == str(camera)
    assert recorded.personal.get(field="actor_name").value == "Asha Patel"
    figures = {"look": str(LOOK), "live": False, "start_90k": 5 * HZ, "end_90k": 9 * HZ, "bytes": 1000}
    assert {name: recorded.facts[name] for name in figures} == figures
    assert (live.facts["live"], live.facts["bytes"]) == (True, 20)


@pytest.mark.parametrize("under", ["", "x"])
def test_all_is_written_or_nothing(world: World, under: str) -> None:
    """What cannot be written is told again later, so none of it may be in the book already."""
    asha, camera = str(world.asha.pk), world.camera("127").pk
    good = Served(asha, f"{LOOK}/s1_x", camera, "review", 5, 9, 1000)
    with pytest.raises(ValueError, match=r"UUID|badly formed"):
        write_served([good, Served(asha, under, camera, "review", 5, 9, 1000)])
    assert not Entry.objects.filter(action="watch.footage.served").exists()
