"""Cameras, timelines and pictures for scripts, over footage that was really recorded."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.test import Client

from footage.contract import CameraId, ClipFile, ClipReceipt, ClipRequest, Gap, GapCause, Hold, Span
from footage.times import utc_datetime, utc_text
from overt.logbook.models import Entry
from overt.shared.recordings import ClipOut, FileOut, GapOut, HeldOut, SpanOut
from overt.shared.rfc3339 import BadTime, moment
from playback.making import BEGIN, HZ, Recorded
from world import World, adopt_policy

ClientAs = Callable[..., Client]


@pytest.fixture
def recorded(world: World, own_folders: Path) -> Recorded:
    """Camera 127 has five seconds from BEGIN, then a gap of ten, then five more."""
    made = Recorded(own_folders / "footage", camera_id=CameraId(world.camera("127").pk))
    made.record(BEGIN, 125)
    made.record(BEGIN + 15 * HZ, 125, run=2)
    return made


def span(seconds: float = 0, until: float = 30) -> dict[str, str]:
    return {"start": utc_text(BEGIN + round(seconds * HZ)), "end": utc_text(BEGIN + round(until * HZ))}


def test_a_timeline_tells_spans_and_gaps_in_utc(world: World, client_as: ClientAs, recorded: Recorded) -> None:
    answer = client_as(world.asha).get("/api/v1/cameras/127/timeline", span()).json()
    assert [one["start"] for one in answer["spans"]] == [utc_text(BEGIN), utc_text(BEGIN + 15 * HZ)]
    assert answer["spans"][0]["end"] == utc_text(BEGIN + 5 * HZ)
    assert {gap["cause"] for gap in answer["gaps"]} <= {cause.value for cause in GapCause}
    assert answer["number"] == "127"


def test_the_api_describes_the_form_in_which_recordings_are_written() -> None:
    """One form: what the document promises is what the engine's values say of themselves, no more and no less."""
    camera = CameraId(UUID(int=1))
    file = ClipFile(Path("a.mp4"), 0, 1, 1, "", "", (), 1, "avc1.64001f", 1, 1, True)
    assert Gap(camera, 0, 1, GapCause.DAMAGED).as_json().keys() == GapOut.model_fields.keys()
    assert file.as_json().keys() == FileOut.model_fields.keys()
    clip = ClipReceipt(ClipRequest(camera, 0, 1), (file,), (), (), None)
    assert clip.as_json().keys() == ClipOut.model_fields.keys()
    assert Hold(UUID(int=2), camera, 0, 1, "", "").as_json().keys() == HeldOut.model_fields.keys()
    assert Span(0, 1, run=1).as_json().keys() - SpanOut.model_fields.keys() == {"run"}, "the engine's own affair"


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ({}, 422, "bad-input"),
        ({"start": "yesterday", "end": "now"}, 422, "bad-time"),
        ({"start": "2026-11-22T00:00:00", "end": "2026-11-23T00:00:00"}, 422, "bad-time"),
        ({"start": "2026-02-30T00:00:00Z", "end": "2026-03-01T00:00:00Z"}, 409, "bad-time"),
        ({"start": "2026-11-22T02:00:00Z", "end": "2026-11-22T01:00:00Z"}, 409, "bad-span"),
        ({"start": "2026-11-22T02:00:00Z", "end": "2026-11-22T02:00:00Z"}, 409, "bad-span"),
        ({"start": "2026-01-01T00:00:00Z", "end": "2026-02-01T00:00:01Z"}, 409, "bad-span"),
    ],
)
def test_a_range_that_cannot_be_is_told_with_a_code(
    world: World, client_as: ClientAs, query: dict[str, str], status: int, code: str
) -> None:
    response = client_as(world.asha).get("/api/v1/cameras/127/timeline", query)
    assert (response.status_code, response.json()["code"]) == (status, code)
    assert response.headers["Content-Type"] == "application/problem+json"


def test_thirty_one_days_are_answered_at_once(world: World, client_as: ClientAs) -> None:
    query = {"start": "2026-01-01T00:00:00Z", "end": "2026-02-01T00:00:00Z"}
    assert client_as(world.asha).get("/api/v1/cameras/127/timeline", query).status_code == 200


def test_a_picture_takes_a_reason_and_leaves_an_entry(world: World, client_as: ClientAs, recorded: Recorded) -> None:
    pytest.importorskip("av", reason="pictures are an extra")
    asha, at = client_as(world.asha), utc_text(BEGIN + 2 * HZ)

    without = asha.get("/api/v1/cameras/127/frame", {"at": at})
    assert (without.status_code, without.json()["code"]) == (409, "reason-missing")
    assert not Entry.objects.exists()

    response = asha.get("/api/v1/cameras/127/frame", {"at": at, "reason": "Bag left on the bench"})

    assert response.headers["Content-Type"] == "image/jpeg"
    assert response.content.startswith(b"\xff\xd8")
    assert abs(utc_datetime(BEGIN + 2 * HZ) - moment(response.headers["X-At"], "X-At")) < timedelta(seconds=0.1)
    entry = Entry.objects.get(action="estate.frame.seen")
    assert entry.camera == str(world.camera("127").pk)
    said = {one.field: one.value for one in entry.personal.all()}
    assert (said["actor_name"], said["reason"]) == ("Asha Patel", "Bag left on the bench")


def test_the_reason_may_come_in_a_header_and_is_not_asked_where_the_policy_does_not(
    world: World, client_as: ClientAs, recorded: Recorded
) -> None:
    pytest.importorskip("av", reason="pictures are an extra")
    page = {"at": utc_text(BEGIN + 2 * HZ)}
    headed = client_as(world.asha).get("/api/v1/cameras/127/frame", page, HTTP_X_REASON="Bag left on the bench")
    assert headed.status_code == 200
    adopt_policy(reason_required_for=["seal_exhibit"])
    assert client_as(world.asha).get("/api/v1/cameras/127/frame", page).status_code == 200


def test_where_nothing_was_recorded_there_is_no_picture(world: World, client_as: ClientAs, recorded: Recorded) -> None:
    query = {"at": utc_text(BEGIN + 10 * HZ), "reason": "x"}
    response = client_as(world.asha).get("/api/v1/cameras/127/frame", query)
    assert (response.status_code, response.json()["code"]) == (404, "no-footage")


def test_an_engineer_sees_no_recordings(world: World, client_as: ClientAs, recorded: Recorded) -> None:
    iris = client_as(world.iris)
    assert iris.get("/api/v1/cameras/127").status_code == 200
    assert iris.get("/api/v1/cameras/127/timeline", span()).status_code == 404
    assert iris.get("/api/v1/cameras/127/frame", {"at": utc_text(BEGIN), "reason": "x"}).status_code == 404


def test_an_unknown_address_or_method_is_a_problem_too(world: World, client_as: ClientAs) -> None:
    asha = client_as(world.asha)
    unknown, method = asha.get("/api/v1/nothing"), asha.delete("/api/v1/cameras")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "not-found")
    assert (method.status_code, method.json()["code"], method.headers["Allow"]) == (405, "method-not-allowed", "GET")


def test_a_nul_is_refused_at_the_door_since_not_every_database_takes_it(world: World, client_as: ClientAs) -> None:
    elin = client_as(world.elin)
    assert elin.get("/cameras/?town=%00").status_code == 404
    assert elin.get("/api/v1/cameras/1%002").status_code == 404
    body = '{"reference": "JD-7", "reason": "\\u0000", "clips": []}'
    response = elin.post("/api/v1/exhibits", body, content_type="application/json")
    assert (response.status_code, response.json()["code"]) == (409, "holds-nul")


def test_a_request_that_is_too_large_is_told_so(world: World, client_as: ClientAs) -> None:
    body = '{"reference": "' + "x" * 6_000_000 + '"}'
    response = client_as(world.elin).post("/api/v1/exhibits", body, content_type="application/json")
    assert (response.status_code, response.json()["code"]) == (413, "too-large")


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-11-22T02:14:07Z", "2026-11-22T02:14:07.000Z"),
        ("2026-10-25T01:30:00+01:00", "2026-10-25T00:30:00.000Z"),
        ("2026-10-25T01:30:00+00:00", "2026-10-25T01:30:00.000Z"),
        ("2026-11-22t02:14:07.36z", "2026-11-22T02:14:07.360Z"),
        ("2016-12-31T23:59:60Z", "2017-01-01T00:00:00.000Z"),
    ],
)
def test_a_time_is_the_moment_its_offset_says(text: str, utc: str) -> None:
    from footage.times import utc_90k

    assert utc_text(utc_90k(moment(text, "at"))) == utc


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-11-22",
        "2026-11-22T02:14:07",
        "2026-02-30T00:00:00Z",
        "2026-11-22T02:14:07 01:00",
        "٢٠٢٦-11-22T02:14:07Z",
    ],
)
def test_what_is_no_time_is_refused_by_name(text: str) -> None:
    with pytest.raises(BadTime, match=r"^at: "):
        moment(text, "at")
