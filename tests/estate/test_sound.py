"""Orders for sound: asked by one, decided by another, over at their end; written down, shown, and obeyed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from overt.accounts.models import User
from overt.estate.cameras.services import retire_camera
from overt.estate.models import Camera, SoundOrder
from overt.estate.node import sources
from overt.estate.sound.rules import BadSoundOrder, OwnSoundOrder, SoundNotAllowed, WrongSoundMove
from overt.estate.sound.services import ask_for_sound, decide_on_sound, end_due_sound, end_sound
from overt.logbook.models import Entry
from overt.shared.errors import OvertError
from overt.up.worker import rounds
from world import World, adopt_policy

ClientAs = Callable[..., Client]


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def allowed(world: World) -> World:
    """The scheme's own code says that sound is off, and so may be switched on for once."""
    adopt_policy(audio_default="off")
    return world


def asked(world: World, now: datetime, *, hours: float = 24, **more: object) -> SoundOrder:
    facts = {"by": world.elin, "reason": "Threats are shouted", "case_reference": "41/2026", **more}
    until = now + timedelta(hours=hours)
    return ask_for_sound(world.camera("127"), until=until, now=now, **facts)  # type: ignore[arg-type]


def on(world: World, now: datetime, **more: object) -> SoundOrder:
    return decide_on_sound(asked(world, now, **more), by=world.gwen, approve=True, reason="Agreed", now=now)  # type: ignore[arg-type]


def ordered() -> dict[str, bool]:
    """By camera, whether the recorder is told to record its sound."""
    return {source.name.split()[0]: source.sound_until_90k > 0 for source in sources()}


def logged() -> list[str]:
    rows = Entry.objects.filter(action__startswith="estate.camera.sound-").order_by("number")
    return [entry.action.removeprefix("estate.camera.sound-") for entry in rows]


@pytest.mark.clause("PROG-4.2.4", part="turning it on needs … approver … and is logged")
def test_the_order_reaches_the_recorder_only_when_another_has_approved_it(allowed: World, now: datetime) -> None:
    order = asked(allowed, now)
    assert set(ordered().values()) == {False}
    decide_on_sound(order, by=allowed.gwen, approve=True, reason="Agreed", now=now)
    assert {number for number, sound in ordered().items() if sound} == {"127"}
    assert logged() == ["asked", "approved"]
    entry = Entry.objects.get(action="estate.camera.sound-approved")
    people = dict(entry.personal.values_list("field", "value"))
    assert (entry.facts["case"], people["asked_by_id"], people["decided_by_id"]) == (
        "41/2026",
        str(allowed.elin.pk),
        str(allowed.gwen.pk),
    )


@pytest.mark.clause("PROG-4.2.4", part="turning it on needs … approver")
def test_nobody_approves_his_own(allowed: World, now: datetime) -> None:
    from overt.access.rules import Role
    from world import give_role

    give_role(allowed.elin, Role.OWNER_NOMINEE)
    order = asked(allowed, now)
    with pytest.raises(OwnSoundOrder):
        decide_on_sound(order, by=allowed.elin, approve=True, reason="Agreed", now=now)
    for wrong in ({"decided_by": allowed.elin}, {"state": "on"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            SoundOrder.objects.filter(pk=order.pk).update(**wrong)
    assert set(ordered().values()) == {False}


@pytest.mark.parametrize("who", ["asha", "dev", "cerys", "iris", "kit", "farah", "gwen"])
def test_only_who_manages_the_camera_asks(allowed: World, now: datetime, who: str) -> None:
    with pytest.raises(OvertError) as refused:
        asked(allowed, now, by=allowed.people[who])
    assert refused.value.code == "no-such-camera"
    asked(allowed, now)


@pytest.mark.parametrize("who", ["asha", "dev", "cerys", "hari", "elin"])
def test_only_who_answers_for_the_scheme_decides(allowed: World, now: datetime, who: str) -> None:
    order = asked(allowed, now)
    with pytest.raises(OvertError) as refused:
        decide_on_sound(order, by=allowed.people[who], approve=True, reason="Agreed", now=now)
    assert refused.value.code == "no-such-camera"
    decide_on_sound(order, by=allowed.farah, approve=True, reason="Agreed", now=now)


@pytest.mark.clause("PROG-4.2.4", part="turning it on needs a reason, case … and automatic end")
@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"reason": "  "}, "reason"),
        ({"case_reference": ""}, "case_reference"),
        ({"hours": 7 * 24 + 1}, "until"),
        ({"hours": 0.05}, "until"),
        ({"hours": -1}, "until"),
    ],
)
def test_an_order_needs_a_reason_a_case_and_an_end_that_is_near(
    allowed: World, now: datetime, wrong: dict[str, object], field: str
) -> None:
    with pytest.raises(BadSoundOrder) as refused:
        asked(allowed, now, **wrong)
    assert refused.value.field == field
    assert (SoundOrder.objects.count(), logged()) == (0, [])
    asked(allowed, now, hours=7 * 24)


@pytest.mark.parametrize(
    "said",
    [{}, {"audio_default": "never"}, {"audio_default": "off", "prohibited_technologies": ["sound_recording"]}],
)
def test_a_policy_that_is_silent_or_rules_sound_out_refuses_it(
    world: World, now: datetime, client_as: ClientAs, said: dict[str, object]
) -> None:
    adopt_policy(**said)
    with pytest.raises(SoundNotAllowed):
        asked(world, now)
    assert client_as(world.elin).get("/cameras/127/sound/").status_code == 409
    adopt_policy(audio_default="off")
    asked(world, now)


def test_a_policy_that_rules_sound_out_later_ends_what_is_on(allowed: World, now: datetime) -> None:
    order = on(allowed, now)
    adopt_policy(audio_default="never")
    assert set(ordered().values()) == {False}, "at once, whatever the worker does"
    assert end_due_sound(now) == 1
    order.refresh_from_db()
    assert (order.state, order.end_reason) == ("ended", "The policy in force rules out sound, without exception.")
    assert logged()[-1] == "ended"


def test_it_ends_by_itself_and_the_worker_writes_it_down_once(allowed: World, now: datetime) -> None:
    order = on(allowed, now, hours=2)
    assert end_due_sound(now + timedelta(hours=1)) == 0
    assert ordered()["127"]
    later = now + timedelta(hours=2, minutes=3)
    assert (end_due_sound(later), end_due_sound(later)) == (1, 0)
    order.refresh_from_db()
    assert (order.state, order.ended_at, order.ended_by) == ("ended", order.until, None)
    assert logged() == ["asked", "approved", "ended"]
    assert any("sound" in name for name, _, _ in rounds())
    assert set(ordered().values()) == {False}


def test_what_nobody_decides_lapses(allowed: World, now: datetime) -> None:
    order = asked(allowed, now, hours=1)
    assert end_due_sound(now + timedelta(hours=2)) == 1
    order.refresh_from_db()
    assert (order.state, logged()) == ("lapsed", ["asked", "lapsed"])
    with pytest.raises(WrongSoundMove):
        decide_on_sound(order, by=allowed.gwen, approve=True, reason="Late", now=now)


def test_it_is_switched_off_early_with_a_reason_and_by_whom_is_told(allowed: World, now: datetime) -> None:
    order = on(allowed, now)
    with pytest.raises(BadSoundOrder):
        end_sound(order, by=allowed.elin, reason=" ")
    with pytest.raises(OvertError):
        end_sound(order, by=allowed.asha, reason="I do not like it")
    end_sound(order, by=allowed.elin, reason="The man was arrested")
    order.refresh_from_db()
    assert (order.state, order.ended_by) == ("ended", allowed.elin)
    assert set(ordered().values()) == {False}
    with pytest.raises(WrongSoundMove):
        end_sound(order, by=allowed.elin, reason="Again")


def test_each_step_of_an_order_has_an_entry_by_its_own_name(allowed: World, now: datetime) -> None:
    steps = {
        "estate.camera.sound-refused": lambda: decide_on_sound(
            asked(allowed, now), by=allowed.gwen, approve=False, reason="No", now=now
        ),
        "estate.camera.sound-lapsed": lambda: end_sound(
            asked(allowed, now), by=allowed.elin, reason="Asked by mistake", now=now
        ),
        "estate.camera.sound-ended": lambda: end_sound(on(allowed, now), by=allowed.elin, reason="It is over", now=now),
    }
    for name, act in steps.items():
        act()
        last = Entry.objects.latest("number")
        assert (last.action, last.camera, last.facts["case"]) == (name, str(allowed.camera("127").pk), "41/2026")
    assert Entry.objects.filter(action="estate.camera.sound-asked").count() == 3
    assert Entry.objects.filter(action="estate.camera.sound-approved").count() == 1


def test_a_refused_order_switches_nothing_on(allowed: World, now: datetime) -> None:
    order = decide_on_sound(asked(allowed, now), by=allowed.gwen, approve=False, reason="Pictures will do", now=now)
    assert (order.state, set(ordered().values()), logged()) == ("refused", {False}, ["asked", "refused"])
    asked(allowed, now)


def test_a_camera_has_one_order_at_a_time(allowed: World, now: datetime) -> None:
    order = asked(allowed, now)
    with pytest.raises(WrongSoundMove):
        asked(allowed, now)
    end_sound(order, by=allowed.elin, reason="Another case")
    asked(allowed, now)


def test_a_camera_that_is_retired_or_not_recorded_has_no_sound(allowed: World, now: datetime) -> None:
    order = on(allowed, now)
    retire_camera(order.camera, by=allowed.elin, reason="Taken down")
    order.refresh_from_db()
    assert (order.state, logged()[-1]) == ("ended", "ended")
    with pytest.raises(WrongSoundMove):
        asked(allowed, now)
    Camera.objects.filter(number="128").update(recorded=False)
    with pytest.raises(WrongSoundMove):
        ask_for_sound(
            allowed.camera("128"), by=allowed.elin, reason="a", case_reference="b", until=now + timedelta(days=1)
        )


# ---- the pages


def local_text(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%dT%H:%M}"


def page(client_as: ClientAs, user: User, path: str) -> str:
    answer = client_as(user).get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_two_people_switch_sound_on_over_the_pages_and_everybody_sees_it(
    allowed: World, now: datetime, client_as: ClientAs
) -> None:
    elin, gwen = client_as(allowed.elin), client_as(allowed.gwen)
    assert "Ask for sound" in page(client_as, allowed.elin, "/cameras/127/")
    until = now + timedelta(days=2)
    said = {"reason": "Threats are shouted", "case_reference": "41/2026", "until": local_text(until)}
    assert elin.post("/cameras/127/sound/", {**said, "until": "tomorrow"}).status_code == 422
    assert elin.post("/cameras/127/sound/", said).status_code == 302
    assert "nobody has decided yet" in page(client_as, allowed.asha, "/cameras/127/")
    assert "Decide on it" in page(client_as, allowed.gwen, "/cameras/127/")
    assert "Threats are shouted" in page(client_as, allowed.gwen, "/cameras/127/sound/decide/")
    assert elin.get("/cameras/127/sound/decide/").status_code == 404
    decided = gwen.post("/cameras/127/sound/decide/", {"decision": "approve", "reason": "Agreed"})
    assert decided.status_code == 302

    shown = page(client_as, allowed.asha, "/cameras/127/")
    assert "for case 41/2026" in shown
    assert "Asked for by Elin Ward, approved by Gwen Okafor" in shown
    assert "Threats are shouted" not in shown, "an operator need not know why"
    assert "Threats are shouted" in page(client_as, allowed.cerys, "/cameras/127/")
    assert "Off" in page(client_as, allowed.asha, "/cameras/128/")

    assert elin.post("/cameras/127/sound/end/", {"reason": "Arrested"}).status_code == 302
    assert "for case" not in page(client_as, allowed.asha, "/cameras/127/")


def test_the_report_and_the_list_tell_where_sound_is_recorded(
    allowed: World, now: datetime, client_as: ClientAs
) -> None:
    assert "No camera&#x27;s sound is recorded now" in page(client_as, allowed.cerys, "/cameras/sound/").replace(
        "'", "&#x27;"
    )
    order = on(allowed, now)
    report = page(client_as, allowed.cerys, "/cameras/sound/")
    assert "41/2026" in report
    assert "Threats are shouted" in report
    assert "41/2026" not in page(client_as, allowed.bryn, "/cameras/sound/"), "another partner's camera"
    listed = page(client_as, allowed.cerys, "/cameras/?sound=on")
    assert ("/cameras/127/" in listed, "/cameras/128/" in listed) == (True, False)
    end_sound(order, by=allowed.elin, reason="Arrested")
    assert "Arrested" in page(client_as, allowed.cerys, "/cameras/sound/")
    assert "/cameras/127/" not in page(client_as, allowed.cerys, "/cameras/?sound=on")


def test_the_api_tells_it_of_each_camera(allowed: World, now: datetime, client_as: ClientAs) -> None:
    asked(allowed, now)
    asha = client_as(allowed.asha)
    assert asha.get("/api/v1/cameras/127").json()["sound"] is None
    decide_on_sound(SoundOrder.objects.get(), by=allowed.gwen, approve=True, reason="Agreed")
    told = asha.get("/api/v1/cameras/127").json()["sound"]
    assert (told["case_reference"], told["asked_by"], told["approved_by"], told["condition"]) == (
        "41/2026",
        "Elin Ward",
        "Gwen Okafor",
        "off",
    )
    by_number = {one["number"]: one["sound"] for one in asha.get("/api/v1/cameras").json()}
    assert [number for number, sound in by_number.items() if sound] == ["127"]
