"""Footage past its period: only on a ground, for a case, for somebody, until a review; and gone when the hold ends."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from evidence.test_pages import post_json
from evidence.test_sealing import seal
from footage.contract import CameraId
from footage.recorder.housekeeping import Housekeeper
from footage.recorder.trust import ClockTrust, read_clocks
from footage.times import utc_90k, utc_datetime
from overt.estate.models import RetentionRun
from overt.estate.node import node, sync_node
from overt.estate.retention.services import run_if_due
from overt.evidence import errors
from overt.evidence.copies.rules import Medium
from overt.evidence.copies.services import destroy, make_copy
from overt.evidence.exhibits.services.opening import ClipRequest
from overt.evidence.holds.rules import Grounds
from overt.evidence.holds.services import mark, release_hold, review_hold
from overt.evidence.models import Exhibit, Hold
from overt.logbook.models import Entry
from playback.making import HZ, Recorded
from world import World, adopt_policy

ClientAs = Callable[..., Client]
DAYS = 30
DAY = 86_400 * HZ
CODES = ["evidence_in_investigation", "case_history"]
NEXT_YEAR = date(2999, 1, 1)
WHY = Grounds("case_history", "4417/26", "PC 4417 Hill", NEXT_YEAR)
ASKED = {"ground": "case_history", "case_reference": "4417/26", "requester": "PC 4417 Hill", "review_on": "2999-01-01"}


@pytest.fixture
def now(world: World) -> datetime:
    adopt_policy(retention_days=DAYS, hold_grounds=CODES, reason_required_for=[])
    assert sync_node()
    return timezone.now()


@pytest.fixture
def aged(world: World, own_folders: Path, now: datetime) -> Callable[[str, float], int]:
    """Four seconds of a camera, recorded so many days ago; returns their start."""

    def make(number: str, days: float) -> int:
        start = int(utc_90k(now) - days * DAY)
        Recorded(own_folders / "footage", camera_id=CameraId(world.camera(number).pk)).record(start, 100)
        return start

    return make


def kept(world: World, own_folders: Path, number: str, start: int) -> bool:
    """Whether footage is still there after the recorder has kept house."""
    catalogue = Recorded(own_folders / "footage", camera_id=CameraId(world.camera(number).pk)).catalogue
    ClockTrust(catalogue).believe(read_clocks())
    Housekeeper(catalogue, reserve_bytes=0).round()
    return bool(node().timeline(CameraId(world.camera(number).pk), start, start + HZ).spans)


@pytest.mark.clause("BASS-1.6.2", part="a hold without a ground is refused and an expired hold releases the footage")
@pytest.mark.parametrize("ground", CODES)
def test_footage_outlives_its_period_on_a_ground_until_its_hold_ends(
    ground: str, world: World, own_folders: Path, aged: Callable[[str, float], int], client_as: ClientAs
) -> None:
    held, bare, over = (aged(number, DAYS + 1) for number in ("127", "128", "129"))
    browser = client_as(world.asha)
    status, answer = post_json(browser, "/api/v1/marks", _span("127", held) | ASKED | {"ground": ground})
    assert (status, answer["grounded"], answer["until"]) == (201, True, None)
    status, answer = post_json(browser, "/api/v1/marks", _span("128", bare))
    assert (status, answer["code"]) == (409, "ground-missing")
    ended = timezone.now() - timedelta(days=2)
    mark(world.asha, "129", over, over + HZ, "", grounds=WHY, now=ended, ends_at=ended + timedelta(days=1))
    assert [kept(world, own_folders, *one) for one in (("127", held), ("128", bare), ("129", over))] == [
        True,
        False,
        False,
    ]
    page = browser.get("/exhibits/holds/").content.decode()
    for words in (ground.replace("_", " ").capitalize(), "4417/26", "PC 4417 Hill", "1 Jan 2999"):
        assert words in page


@pytest.mark.clause(
    "BASS-1.6.2",
    part="RetentionHold requires ground investigation_evidence or case_history, case reference, requester and review date; a hold without a ground is refused",
)
@pytest.mark.parametrize("lacking", ["ground", "case_reference", "requester", "review_on", "everything", "the code's"])
@pytest.mark.parametrize("door", ["island", "form", "api", "ground", "service"])
def test_a_hold_lacking_any_part_of_its_ground_is_refused_by_every_door(
    lacking: str,
    door: str,
    world: World,
    aged: Callable[[str, float], int],
    client_as: ClientAs,
) -> None:
    # Younger footage may be marked with nothing at all, until its own period ends.
    start = aged("127", DAYS + 1 if (door, lacking) == ("island", "everything") else DAYS - 2)
    whole, broken = dict(ASKED), dict(ASKED)
    for name in ASKED if lacking == "everything" else [lacking] if lacking in ASKED else []:
        broken[name] = ""
    if lacking == "the code's":
        broken["ground"] = "curiosity"
    ask = _doors(world, client_as, start)[door]
    before = Hold.objects.exclude(ground="").count()
    assert ask(broken) in {409, 422}
    assert Hold.objects.exclude(ground="").count() == before == 0
    assert ask(whole) in {201, 302}
    hold = Hold.objects.exclude(ground="").get()
    assert (hold.ground, hold.case_reference, hold.requester, hold.review_on) == tuple(
        WHY.__getattribute__(n) for n in ASKED
    )


def _span(number: str, start: int) -> dict[str, Any]:
    return {"camera": number, "start": start, "end": start + HZ, "reason": ""}


def _doors(world: World, client_as: ClientAs, start: int) -> dict[str, Callable[[dict[str, str]], int]]:
    """Each way to hold footage on a ground: what is said of it -> the status."""
    browser, span = client_as(world.asha), _span("127", start)
    api = span | {"start": utc_datetime(start).isoformat(), "end": utc_datetime(start + HZ).isoformat()}

    def bare() -> Hold:
        return Hold.objects.filter(ground="").first() or mark(world.asha, "127", start, start + HZ, "")[0]

    def service(said: dict[str, str]) -> int:
        review_on = date.fromisoformat(said["review_on"]) if said["review_on"] else None
        try:
            mark(world.asha, "127", start, start + HZ, "", grounds=Grounds(**{**said, "review_on": review_on}))  # type: ignore[arg-type]
        except errors.GroundMissing:
            return 422
        return 201

    return {
        "island": lambda said: post_json(browser, "/api/v1/marks", span | said)[0],
        "form": lambda said: browser.post("/exhibits/mark/", span | said).status_code,
        "api": lambda said: post_json(browser, "/api/v1/holds", api | said)[0],
        "ground": lambda said: browser.post(f"/exhibits/holds/{bare().pk}/", said).status_code,
        "service": service,
    }


@pytest.mark.parametrize(("age", "lasts"), [(1, 7), (26, 4), (29.5, 0.5)])
def test_a_mark_of_one_key_never_reaches_past_the_footages_own_period(
    age: float,
    lasts: float,
    world: World,
    now: datetime,
    own_folders: Path,
    aged: Callable[[str, float], int],
    client_as: ClientAs,
) -> None:
    start = aged("127", age)
    status, answer = post_json(client_as(world.asha), "/api/v1/marks", _span("127", start))
    assert (status, answer["grounded"]) == (201, False)
    hold = Hold.objects.get()
    assert hold.expires_at is not None
    assert abs(hold.expires_at - now - timedelta(days=lasts)) < timedelta(minutes=1)
    [order] = node().holds()
    assert abs(utc_datetime(order.expires_90k or 0) - hold.expires_at) < timedelta(seconds=1)


def test_a_mark_is_shown_as_bare_until_its_ground_is_given(
    world: World, aged: Callable[[str, float], int], client_as: ClientAs
) -> None:
    browser, start = client_as(world.asha), aged("127", 25)
    _, marked = post_json(browser, "/api/v1/marks", _span("127", start))
    assert "No ground yet" in browser.get("/exhibits/holds/").content.decode()
    assert "No ground yet: say why" in browser.get("/").content.decode() + str(browser.get("/api/v1/watch/now").json())
    assert client_as(world.jo).post(marked["url"], ASKED).status_code == 302, "a police reviewer may say why"
    page = browser.get("/exhibits/holds/").content.decode()
    assert "No ground yet" not in page
    assert "When released" in page
    assert node().holds()[0].expires_90k is None
    entry = Entry.objects.get(action="evidence.hold.grounded")
    assert (entry.facts["case"], entry.facts["ground"]) == ("4417/26", "case_history")
    assert entry.personal.get(field="requester").value == "PC 4417 Hill"
    assert "Hill" not in entry.facts_text
    assert client_as(world.bryn).post(marked["url"], ASKED).status_code == 404
    assert client_as(world.cerys).get(marked["url"]).status_code == 403


def test_a_review_that_came_is_due_until_somebody_says_it_is_still_needed(
    world: World, aged: Callable[[str, float], int], client_as: ClientAs
) -> None:
    browser, start = client_as(world.asha), aged("127", 3)
    hold, _ = mark(world.asha, "127", start, start + HZ, "", grounds=WHY)
    assert "Review due" not in browser.get("/exhibits/holds/").content.decode()
    Hold.objects.update(review_on=timezone.localdate())
    assert "Review due" in browser.get("/exhibits/holds/").content.decode()
    assert "is it still needed" in str(browser.get("/api/v1/watch/now").json())
    assert browser.get("/api/v1/holds").json()[0]["review_due"] is True
    address = f"/exhibits/holds/{hold.pk}/"
    for wrong in ({}, {"reason": "Trial in May"}, {"reason": "Trial", "review_on": str(timezone.localdate())}):
        assert browser.post(address, wrong).status_code == 422
    assert browser.post(address, {"reason": "Trial in May", "review_on": "2999-05-01"}).status_code == 302
    assert "Review due" not in browser.get("/exhibits/holds/").content.decode()
    entry = Entry.objects.get(action="evidence.hold.reviewed")
    assert entry.facts["review_on"] == "2999-05-01"
    release_hold(hold, by=world.asha, reason="The trial is over")
    with pytest.raises(errors.WrongMove):
        review_hold(hold, by=world.asha, reason="x", review_on=NEXT_YEAR)


def test_sealing_gives_the_marks_their_ground(
    world: World, now: datetime, aged: Callable[[str, float], int], client_as: ClientAs
) -> None:
    start = aged("127", 29.9)
    hold, _ = mark(world.asha, "127", start, start + HZ, "")
    assert not hold.ground
    body = {
        "reference": "JD-7",
        "reason": "an assault",
        "case_reference": "4417/26",
        "requester": "PC 4417 Hill",
        "clips": [_span("127", start) | {"hold_id": str(hold.pk)}],
    }
    assert post_json(client_as(world.asha), "/api/v1/exhibits", body)[0] == 202
    hold.refresh_from_db()
    assert (hold.ground, hold.case_reference, hold.requester) == (CODES[0], "4417/26", "PC 4417 Hill")
    assert hold.expires_at is not None
    assert hold.expires_at > now + timedelta(days=6), "it lasts while the exhibit is sealed"
    assert Exhibit.objects.get().case_reference == "4417/26"


def test_who_seals_without_a_case_answers_for_the_hold(world: World, aged: Callable[[str, float], int]) -> None:
    start = aged("127", 3)
    exhibit = seal(world.asha, "JD-7", ClipRequest("127", start, start + HZ))
    hold = exhibit.holds.get()
    assert (hold.case_reference, hold.requester) == ("JD-7", "Asha Patel")
    assert exhibit.state == "sealed", exhibit.failure


@pytest.mark.clause("BASS-9.3.6")
def test_an_end_by_hand_has_its_person_method_time_and_witness_and_one_by_itself_its_receipt(
    world: World, now: datetime, own_folders: Path, aged: Callable[[str, float], int], client_as: ClientAs
) -> None:
    old, start = aged("128", DAYS + 1), aged("127", 3)
    exhibit = seal(world.asha, "JD-7", ClipRequest("127", start, start + HZ))
    copy = make_copy(exhibit, Medium("disc", "D-1"), by=world.dev, reason="A claim")
    address, elin = f"{copy.get_absolute_url()}destroy/", client_as(world.elin)
    said = {"reason": "The claim is settled", "method": "Shredded", "witness": "Dev Chandra"}
    assert client_as(world.dev).post(address, said).status_code == 403, "a manager"
    for lacking in ("method", "witness"):
        assert elin.post(address, said | {lacking: " "}).status_code == 422
        with pytest.raises(errors.CopyIncomplete):  # nor by any other door than the page
            destroy(copy, by=world.elin, **(said | {lacking: " "}))
    before = timezone.now()
    assert elin.post(address, said).status_code == 302
    end = copy.movements.get(kind="destroyed")
    assert (end.by, end.remark) == (world.elin, "Shredded; witness Dev Chandra")
    assert before <= end.at <= timezone.now()
    entry = Entry.objects.get(action="evidence.copy.destroyed")
    assert (entry.number, entry.facts["method"]) == (end.entry, "Shredded")
    assert entry.personal.get(field="witness").value == "Dev Chandra"
    assert elin.post(address, said).status_code == 409

    assert not kept(world, own_folders, "128", old)
    run_if_due(now + timedelta(days=1))
    run = RetentionRun.objects.get(camera=world.camera("128"), day=timezone.localdate(now))
    assert run.deleted_count == 1


@pytest.mark.clause("BASS-8.2.1.2")
def test_the_police_hold_footage_until_they_can_view_it_and_it_lapses_unless_renewed(
    world: World, now: datetime, own_folders: Path, aged: Callable[[str, float], int], client_as: ClientAs
) -> None:
    adopt_policy(retention_days=DAYS, hold_grounds=["police_viewing", *CODES], reason_required_for=[])
    waits, lapsed = aged("127", DAYS + 1), aged("128", DAYS + 1)
    jo, view_by = client_as(world.jo), timezone.localdate(now) + timedelta(days=5)
    asked = ASKED | {"ground": "police_viewing", "requester": "Marketon Police"}
    for lacking in ({"ends_on": ""}, {"ends_on": str(view_by), "case_reference": ""}):
        assert post_json(jo, "/api/v1/marks", _span("127", waits) | asked | lacking)[0] == 422
    assert post_json(jo, "/api/v1/marks", _span("201", waits) | asked | {"ends_on": str(view_by)})[0] == 404
    status, held = post_json(jo, "/api/v1/marks", _span("127", waits) | asked | {"ends_on": str(view_by)})
    assert status == 201
    hold = Hold.objects.get()
    assert (hold.case_reference, hold.placed_by, hold.start_90k) == ("4417/26", world.jo, waits)
    assert hold.expires_at is not None
    assert timezone.localdate(hold.expires_at) == view_by + timedelta(days=1), "the whole of that day"
    endless = Grounds("police_viewing", "4417/26", "Marketon Police", NEXT_YEAR)
    with pytest.raises(errors.GroundMissing):  # nor by any other door
        mark(world.jo, "127", waits, waits + HZ, "", grounds=endless, ends_at=None)
    then = now - timedelta(days=3)
    police = Grounds("police_viewing", "4418/26", "Marketon Police", NEXT_YEAR)
    gone, _ = mark(world.jo, "128", lapsed, lapsed + HZ, "", grounds=police, now=then, ends_at=then + timedelta(days=2))
    assert kept(world, own_folders, "127", waits)
    assert not kept(world, own_folders, "128", lapsed)
    later = str(view_by + timedelta(days=5))
    assert jo.post(f"{held['url']}?change", asked | {"ends_on": later}).status_code == 302
    hold.refresh_from_db()
    assert hold.expires_at is not None
    assert timezone.localdate(hold.expires_at) == view_by + timedelta(days=6)
    assert jo.post(f"/exhibits/holds/{gone.pk}/?change", asked | {"ends_on": later}).status_code == 409
