"""The drawing of where cameras stand: a dot for each, filled where it records, and nothing of it taken as markup."""

from __future__ import annotations

from decimal import Decimal
from xml.etree import ElementTree

from overt.estate.cameras.map import Drawing, draw
from overt.estate.cameras.states import CameraState
from overt.estate.models import Camera

RECORDING, LOST = CameraState("recording", "Recording"), CameraState("lost", "Lost", "late")


def camera(number: str, *, latitude: str = "51.5", bearing: int | None = None) -> Camera:
    return Camera(
        number=number, name="Quay <1>", latitude=Decimal(latitude), longitude=Decimal("-0.1"), bearing_degrees=bearing
    )


def drawing(*cameras: tuple[Camera, CameraState]) -> Drawing:
    drawn = draw(cameras)
    assert drawn is not None
    return drawn


def test_a_filled_dot_records_and_an_empty_one_does_not() -> None:
    svg = ElementTree.fromstring(drawing((camera("1"), RECORDING), (camera("2", latitude="51.6"), LOST)).svg)
    assert [dot.attrib["fill"] for dot in svg.iter("circle")] == ["currentColor", "none"]
    assert [link.attrib["href"] for link in svg.iter("a")] == ["/cameras/1/", "/cameras/2/"]
    assert [title.text for title in svg.iter("title")] == ["1 Quay <1>: Recording", "2 Quay <1>: Lost"]


def test_a_fan_shows_where_a_fixed_camera_looks_and_the_number_stands_clear_of_it() -> None:
    svg = ElementTree.fromstring(drawing((camera("1", bearing=90), RECORDING), (camera("2"), RECORDING)).svg)
    links = list(svg.iter("a"))
    assert [len(link.findall("path")) for link in links] == [1, 0]
    east, turning = (link.find("text") for link in links)
    assert east is not None
    assert turning is not None
    assert (east.attrib["dx"], east.attrib["text-anchor"]) == ("-11", "end")
    assert turning.attrib["dx"] == "11"


def test_the_scale_says_its_metres_within_the_frame() -> None:
    drawn = drawing((camera("1"), RECORDING))
    svg = ElementTree.fromstring(drawn.svg)
    assert svg.attrib["viewBox"] == f"0 0 {drawn.width} {drawn.height}"
    assert f"{drawn.scale_metres} m" in [text.text for text in svg.iter("text")]


def test_without_a_position_there_is_nothing_to_draw() -> None:
    assert draw([(Camera(number="1", name="Quay"), RECORDING)]) is None
