"""An engineer sees recordings under a supervisor's eye, for a purpose, on named cameras, and soon no more."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from footage.gateway.tickets import open_ticket
from overt.access.rules import Act
from overt.access.services import withdraw_grant
from overt.logbook.models import Entry
from overt.shared.keys import ticket_key
from overt.watch.errors import BadSupervision
from overt.watch.models import PlaybackReview, SupervisedPlayback
from overt.watch.notices import notices_for
from overt.watch.rounds import close_what_was_left
from overt.watch.supervised.services import allow
from watch.asking import ask, entries
from world import World, adopt_policy

TERMS = {"cameras": "127", "purpose": "Whether the new lens is clear of the lamp", "minutes": "15"}
LOOK = {"cameras": "127", "date": "2026-11-22", "time": "02:09:41", "alone": "on"}


@pytest.fixture
def policy(db: None) -> None:
    adopt_policy(engineer_playback="supervised")


@pytest.fixture
def leave(world: World, policy: None, client_as) -> SupervisedPlayback:  # type: ignore[no-untyped-def]
    answer = client_as(world.dev).post("/review/supervised/allow/", TERMS | {"engineer": str(world.iris.pk)})
    assert answer.status_code == 302, answer.content.decode()
    return SupervisedPlayback.objects.get()


def personal(action: str) -> dict[str, str]:
    return {row.field: row.value for row in Entry.objects.get(action=action).personal.all()}


def look(client, **changes: str):  # type: ignore[no-untyped-def]
    return client.post("/review/", LOOK | changes)


def ticket(client, camera: str = "127"):  # type: ignore[no-untyped-def]
    review = PlaybackReview.objects.latest("opened_at")
    return ask(client, f"/api/v1/watch/reviews/{review.pk}/tickets", {"camera": camera, "day": "2026-11-22"})


@pytest.mark.clause("BASS-6.7.3", part="The engineer role has diagnostics without playback")
def test_an_engineer_checks_cameras_and_sees_no_recordings(world: World, policy: None, client_as) -> None:  # type: ignore[no-untyped-def]
    iris = client_as(world.iris)
    assert iris.get("/cameras/127/").status_code == 200
    assert iris.post("/cameras/127/check/").status_code in {200, 302}
    for answer in (iris.get("/review/"), look(iris), iris.get("/api/v1/cameras/127/timeline")):
        assert answer.status_code in {403, 404, 422}
    assert not PlaybackReview.objects.exists()


@pytest.mark.clause("BASS-6.7.3", part="playback needs a supervised … grant with reason, and everything seen is logged")
@pytest.mark.clause("SEVEN-PIA.5.a", part="every view is reported")
def test_with_leave_he_sees_that_camera_and_all_he_sees_is_written_down(world, leave, client_as) -> None:  # type: ignore[no-untyped-def]
    iris = client_as(world.iris)
    assert look(iris).status_code == 302
    assert ticket(iris).status_code == 201
    review = PlaybackReview.objects.get()
    assert (review.supervised, review.reason, review.people_present) == (leave, leave.purpose, "Dev Chandra")
    for action in ("watch.supervised.allowed", "watch.review.opened"):
        assert personal(action)["reason"] == TERMS["purpose"]
    assert personal("watch.review.opened")["supervisor"] == "Dev Chandra"
    assert Entry.objects.get(action="watch.review.opened").facts["supervised"] == str(leave.pk)
    assert (
        ask(iris, f"/api/v1/watch/reviews/{review.pk}/tickets", {"camera": "127", "day": "2026-11-21"}).status_code
        == 201
    )
    assert Entry.objects.get(action="watch.review.day_added").facts["supervised"] == str(leave.pk)
    seen = client_as(world.dev).get(f"/review/supervised/{leave.pk}/").content.decode()
    assert "21 Nov 2026" in seen
    assert "22 Nov 2026" in seen


@pytest.mark.clause("BASS-6.7.3", part="playback needs a supervised … grant")
@pytest.mark.clause("SEVEN-PIA.5.a", part="blocks export")
def test_leave_for_one_camera_opens_no_other_and_takes_nothing_away(world, leave, client_as) -> None:  # type: ignore[no-untyped-def]
    iris = client_as(world.iris)
    assert look(iris, cameras="128").status_code == 404
    look(iris)
    review = PlaybackReview.objects.get()
    assert ask(iris, f"/api/v1/watch/reviews/{review.pk}/cameras", {"camera": "128"}).status_code == 404
    assert iris.get("/api/v1/cameras/127/frame?at=2026-11-22T00:00:00Z&reason=x").status_code == 404
    span = {"camera": "127", "start": "2026-11-22T02:00:00Z", "end": "2026-11-22T02:00:10Z", "reason": "x"}
    for door in ("/api/v1/marks", "/api/v1/exhibits"):
        clips = {"reference": "X-1", "reason": "x", "clips": [span]}
        assert ask(iris, door, span if "mark" in door else clips).status_code in {403, 404}


@pytest.mark.clause("BASS-6.7.3", part="timed grant")
@pytest.mark.clause("SEVEN-PIA.5.a", part="The contractor's playback grant … expires")
def test_it_ends_by_itself_at_its_time(world, leave, client_as) -> None:  # type: ignore[no-untyped-def]
    iris = client_as(world.iris)
    look(iris)
    address = ticket(iris).json()
    near_end = timezone.now() + timedelta(minutes=2)
    SupervisedPlayback.objects.update(ends_at=near_end)
    last = ticket(iris).json()
    assert last["expires"] == int(near_end.timestamp()) < address["expires"]
    assert open_ticket(last["address"].rsplit("/", 1)[1], ticket_key(), timezone.now().timestamp()).camera_id

    SupervisedPlayback.objects.update(ends_at=timezone.now() - timedelta(seconds=1))
    assert ticket(iris).json()["code"] == "review-over"
    assert look(iris).status_code == 403
    close_what_was_left()
    leave.refresh_from_db()
    assert (leave.ended_at, leave.ended_because) == (leave.ends_at, "its time was over")
    assert PlaybackReview.objects.get().closed_at == leave.ends_at
    assert entries("watch.supervised.ended") == entries("watch.review.closed") == 1
    close_what_was_left()
    assert entries("watch.supervised.ended") == 1


def sign_out(world, leave, client_as) -> None:  # type: ignore[no-untyped-def]
    dev = client_as(world.dev)
    dev.post("/sign-out/")


def end_it(world, leave, client_as) -> None:  # type: ignore[no-untyped-def]
    client_as(world.elin).post(f"/review/supervised/{leave.pk}/end/")


def lose_role(world, leave, client_as) -> None:  # type: ignore[no-untyped-def]
    withdraw_grant(world.dev.grants.get(), by=world.elin, reason="Moved")


def sign_out_everywhere(world, leave, client_as) -> None:  # type: ignore[no-untyped-def]
    client_as(world.dev).post("/account/sign-out-everywhere/")


def new_policy(world, leave, client_as) -> None:  # type: ignore[no-untyped-def]
    adopt_policy(engineer_playback="never")


@pytest.mark.clause("BASS-6.7.3", part="playback needs a supervised")
@pytest.mark.parametrize("gone", [sign_out, end_it, lose_role, sign_out_everywhere, new_policy])
def test_when_the_supervisors_eye_is_gone_so_is_the_look(world, leave, client_as, gone) -> None:  # type: ignore[no-untyped-def]
    iris = client_as(world.iris)
    look(iris)
    assert ticket(iris).status_code == 201
    gone(world, leave, client_as)
    assert ticket(iris).json()["code"] == "review-over"
    assert look(iris).status_code == 403
    close_what_was_left()
    assert entries("watch.supervised.ended") == 1


@pytest.mark.clause("BASS-6.7.3", part="timed grant with reason")
@pytest.mark.parametrize("missing", ["purpose", "minutes", "engineer", "cameras"])
def test_no_leave_without_engineer_cameras_purpose_and_time(world, policy, client_as, missing: str) -> None:  # type: ignore[no-untyped-def]
    answers = TERMS | {"engineer": str(world.iris.pk)}
    answer = client_as(world.dev).post("/review/supervised/allow/", answers | {missing: ""})
    assert answer.status_code == 422
    assert not SupervisedPlayback.objects.exists()


@pytest.mark.parametrize("minutes", [0, -5, 121])
def test_no_leave_is_longer_than_two_hours(world: World, policy: None, minutes: int) -> None:
    with pytest.raises(BadSupervision):
        allow(world.dev, world.iris, ["127"], purpose="A lens", fault="", minutes=minutes)


@pytest.mark.clause("BASS-6.7.3", part="playback needs a supervised")
@pytest.mark.parametrize("name", ["asha", "iris", "cerys", "farah", "jo"])
def test_nobody_but_a_supervisor_or_a_manager_gives_it(world, policy, client_as, name: str) -> None:  # type: ignore[no-untyped-def]
    answers = TERMS | {"engineer": str(world.iris.pk)}
    assert client_as(world.people[name]).post("/review/supervised/allow/", answers).status_code == 403
    assert client_as(world.elin).post("/review/supervised/allow/", answers).status_code == 302


def test_it_is_given_to_engineers_alone_for_cameras_they_work_on(world, policy) -> None:  # type: ignore[no-untyped-def]
    for person, number in ((world.asha, "127"), (world.iris, "201"), (world.dev, "127")):
        with pytest.raises(BadSupervision):
            allow(world.dev, person, [number], purpose="A lens", fault="", minutes=15)


@pytest.mark.clause("SEVEN-PIA.5.a", part="The contractor's playback grant is per visit … names the fault")
def test_per_visit_the_fault_is_named(world: World, client_as) -> None:  # type: ignore[no-untyped-def]
    adopt_policy(engineer_playback="per_visit")
    answers = TERMS | {"engineer": str(world.iris.pk)}
    dev = client_as(world.dev)
    assert dev.post("/review/supervised/allow/", answers).status_code == 422
    assert dev.post("/review/supervised/allow/", answers | {"fault": "F-2291"}).status_code == 302
    assert Entry.objects.get(action="watch.supervised.allowed").facts["fault"] == "F-2291"


@pytest.mark.parametrize("rule", ["never", None])
def test_where_the_policy_says_never_or_nothing_there_is_none(world: World, client_as, rule: str | None) -> None:  # type: ignore[no-untyped-def]
    if rule:
        adopt_policy(engineer_playback=rule)
    answer = client_as(world.dev).post("/review/supervised/allow/", TERMS | {"engineer": str(world.iris.pk)})
    assert answer.status_code == 403
    assert not SupervisedPlayback.objects.exists()


def test_both_are_told_while_it_lasts(world, leave, client_as) -> None:  # type: ignore[no-untyped-def]
    [to_iris] = notices_for(world.iris, timezone.now())
    assert (to_iris.href, to_iris.due) == ("/review/", leave.ends_at)
    [to_dev] = notices_for(world.dev, timezone.now())
    assert "Iris Lund" in to_dev.title
    assert client_as(world.dev).get(to_dev.href).status_code == 200
    assert client_as(world.bryn).get(to_dev.href).status_code == 404
    assert notices_for(world.asha, timezone.now()) == []
    assert not world.iris.grants.filter(role__in=["operator", "supervisor"]).exists()
    assert Act.REVIEW.value not in client_as(world.iris).get("/").context["acts"]
