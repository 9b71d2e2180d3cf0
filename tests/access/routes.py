"""Every address of the product and who may use it. A route that is not here fails the walk: add it with its act.

A key is `METHOD template`, the template as Django (or the API) declares it. `path` and `body` make a request that an
allowed person could send: they get the world, the person who asks, and the number of the camera concerned. Where a
route is about one camera say `camera=True`: the walk then also sends it for a foreign partner's camera and for one
that does not exist, and wants the same answer to both.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.utils import timezone

from overt.access.rules import Act
from overt.accounts.models import User
from overt.logbook.services import record
from world import World

Make = Callable[[World, User, str], Any]


@dataclass(frozen=True)
class Route:
    """Who may use an address. No acts: everybody who is signed in; `stranger`: also whoever is not."""

    acts: frozenset[Act] = frozenset()
    path: Make | None = None  # None: the template itself, with the camera's number filled in
    body: Make | None = None
    json: bool = False
    camera: bool = False
    record: bool = False  # about a record of a camera (an exhibit, a hold, an opening) rather than about the camera
    everywhere: bool = False  # a role over the whole scheme is needed
    stranger: bool = False
    #: Codes of problems that are no refusal (the person got in, but there was nothing to be had).
    passes: frozenset[str] = field(default_factory=frozenset)


def to(*acts: Act, **more: Any) -> Route:
    return Route(frozenset(acts), **more)


def _viewing(world: World, user: User, number: str) -> str:
    """An opening of this person's own, of a camera that may have been taken from him since."""
    from overt.watch.models import LiveViewing

    if number not in world.cameras:
        return str(uuid4())
    now = timezone.now()
    camera = world.camera(number)
    return str(LiveViewing.objects.create(viewer=user, camera=camera, opened_at=now, renewed_at=now).pk)


def _review(world: World, user: User, number: str) -> str:
    from overt.watch.models import PlaybackReview

    now = timezone.now()
    made = PlaybackReview.objects.create(viewer=user, reason="A test", opened_at=now, used_at=now)
    made.cameras.add(world.cameras.get(number) or world.camera("127"))
    return str(made.pk)


def _draft(world: World, user: User, number: str) -> str:
    from overt.estate.imports import start_import

    rows = b"number,name,town,address\n500,Quay,Harbour,rtsp://127.0.0.1/1\n"
    return f"/cameras/import/{start_import(rows, by=user).pk}/"


def _token(world: World, user: User, number: str) -> str:
    from overt.accounts.tokens import create_token

    token, _ = create_token(user, "A script", timezone.now() + timedelta(days=1))
    return f"/account/tokens/{token.pk}/withdraw/"


def _entry(rest: str) -> Make:
    """An entry of the logbook about the camera."""

    def make(world: World, user: User, number: str) -> str:
        with transaction.atomic():
            entry = record("estate.camera.checked", world.cameras.get(number), by=world.dev)
        return f"/logbook/entries/{entry.number}/{rest}"

    return make


def _exhibit(world: World, user: User, number: str) -> str:
    """A sealed exhibit of one camera; none where there is no such camera."""
    from overt.evidence.models import Exhibit, ExhibitClip

    if number not in world.cameras:
        return f"NO-{number}"
    now = timezone.now()
    made = Exhibit.objects.create(
        reference=f"EX-{uuid4().hex[:6].upper()}", state="sealed", operator=world.dev, opened_at=now, sealed_at=now
    )
    ExhibitClip.objects.create(exhibit=made, position=1, camera=world.camera(number), start_90k=0, end_90k=90_000)
    return made.reference


def _hold(world: World, user: User, number: str) -> str:
    """A hold of this person's own; none where there is no such camera."""
    from overt.evidence.models import Hold

    if number not in world.cameras:
        return f"/exhibits/holds/{uuid4()}/release/"
    made = Hold.objects.create(
        camera=world.camera(number), start_90k=0, end_90k=90_000, placed_by=user, placed_at=timezone.now()
    )
    return f"/exhibits/holds/{made.pk}/release/"


def _held(world: World, user: User, number: str) -> dict[str, Any]:
    why = {"ground": "case_history", "case_reference": "4417", "requester": "PC Hill", "review_on": "2999-01-01"}
    return _span(world, user, number) | why


def _copy(rest: str, state: str = "kept") -> Make:
    """A page of a copy on a stick of a sealed exhibit, in a place that everybody here may open."""

    def make(world: World, user: User, number: str) -> str:
        from overt.evidence.models import Copy, Exhibit

        reference = _exhibit(world, user, number)
        if number in world.cameras:
            exhibit = Exhibit.objects.get(reference=reference)
            place = _place_row(world) if rest == "take-out/" else None
            Copy.objects.create(
                exhibit=exhibit,
                number=3,
                kind="working",
                state=state,
                medium="disc",
                made_at=timezone.now(),
                place=place,
                **_paper(rest),
            )
        return f"/exhibits/{reference}/copies/3/{rest}"

    return make


def _paper(rest: str) -> dict[str, str]:
    from overt.evidence import papers

    if rest != "signed-form/":
        return {}
    name, digest = papers.keep("x", b"%PDF-1")
    return {"form_name": name, "form_sha512": digest}


def _place_row(world: World) -> Any:
    from overt.evidence.models import StoragePlace

    place, _ = StoragePlace.objects.get_or_create(
        name="Cabinet", defaults={"security": "lock", "security_number": "K1", "added_at": timezone.now()}
    )
    place.keepers.set(User.objects.all())
    return place


def _still(rest: str) -> Make:
    """A page of a still of the camera; of none where there is no such camera."""

    def make(world: World, user: User, number: str) -> str:
        from overt.evidence import papers
        from overt.evidence.models import Still

        if number not in world.cameras:
            return f"/exhibits/stills/999/{rest}"
        name, digest = papers.keep("still", b"\xff\xd8\xff")
        made = Still.objects.create(
            number=Still.objects.count() + 1,
            camera=world.camera(number),
            at_90k=1,
            start_90k=0,
            end_90k=90_000,
            authoriser=world.dev,
            made_by=world.asha,
            made_at=timezone.now(),
            file_name=name,
            sha512=digest,
        )
        return f"/exhibits/stills/{made.number}/{rest}"

    return make


def _place(rest: str) -> Make:
    return lambda world, user, number: f"/exhibits/places/{_place_row(world).pk}/{rest}"


def _new_place(world: World, user: User, number: str) -> dict[str, Any]:
    keepers = [str(world.dev.pk)]
    return {"name": "Safe", "whereabouts": "Here", "security": "lock", "security_number": "K2", "keepers": keepers}


def _of_exhibit(rest: str) -> Make:
    return lambda world, user, number: f"/exhibits/{_exhibit(world, user, number)}/{rest}"


def _span(world: World, user: User, number: str) -> dict[str, Any]:
    return {"camera": number, "start": "2026-11-01T00:00:00Z", "end": "2026-11-01T00:00:10Z", "reason": "A test"}


def _seal(world: World, user: User, number: str) -> dict[str, Any]:
    span = _span(world, user, number)
    return {"reference": "JD-7", "reason": span.pop("reason"), "clips": [span]}


def _clock(rest: str) -> Make:
    """A clock that is kept and open."""

    def make(world: World, user: User, number: str) -> str:
        from overt.clocks.kinds import Kind
        from overt.clocks.questions import Question
        from overt.clocks.services import start_clock

        asked = Question(Kind.BREACH, timezone.now())
        return f"/clocks/held/{start_clock(asked, owner=uuid4().hex, by=None).pk}/{rest}"

    return make


def _holiday(world: World, user: User, number: str) -> str:
    from overt.clocks.models import ProclaimedHoliday

    day = timezone.localdate() + timedelta(days=ProclaimedHoliday.objects.count())
    made = ProclaimedHoliday.objects.create(day=day, nation="scotland", name="A fair", source="A notice")
    return f"/clocks/holidays/{made.pk}/take-back/"


def _policy(state: str, rest: str = "") -> Make:
    """A version of the policy in this state that nobody here wrote, so that anybody entitled may approve it."""

    def make(world: World, user: User, number: str) -> str:
        from overt.policy.models import PolicyVersion
        from overt.policy.rules import document_of
        from overt.policy.schemes import unadopted

        made = PolicyVersion.objects.create(
            number=PolicyVersion.objects.count() + 1, state=state, document=document_of(unadopted())
        )
        return f"/policy/versions/{made.number}/{rest}"

    return make


def _engineers_may(path: str) -> Make:
    """The policy lets engineers look under supervision."""

    def make(world: World, user: User, number: str) -> str:
        from world import adopt_policy

        adopt_policy(engineer_playback="supervised")
        return path

    return make


def _breach(world: World, user: User, number: str) -> str:
    from overt.logbook.models import CodeBreach

    now = timezone.now()
    made = CodeBreach.objects.create(kind="logbook", words="Entry 1 was changed", detected_at=now, reported_at=now)
    return f"/logbook/breaches/{made.pk}/"


def _roles_lapse(world: World, user: User, number: str) -> str:
    """The policy has roles confirmed each quarter."""
    from world import adopt_policy

    adopt_policy(access_review_days=92)
    return "/roles/confirm/"


def _reported(world: World) -> str:
    from overt.logbook.models import CodeBreach

    now = timezone.now()
    made = CodeBreach.objects.create(kind="reported", words="A phone was out", detected_at=now, reported_at=now)
    return f"/logbook/breaches/{made.pk}/"


def _leave(rest: str) -> Make:
    """A leave for the engineer to look at the camera, under the supervisor's eye; none where there is no camera."""

    def make(world: World, user: User, number: str) -> str:
        from overt.watch.models import SupervisedPlayback

        if number not in world.cameras:
            return f"/review/supervised/{uuid4()}/{rest}"
        now = timezone.now()
        made = SupervisedPlayback.objects.create(
            engineer=world.iris,
            supervisor=world.dev,
            purpose="A lens",
            starts_at=now,
            ends_at=now + timedelta(minutes=15),
        )
        made.cameras.add(world.camera(number))
        return f"/review/supervised/{made.pk}/{rest}"

    return make


def _sound_allowed(rest: str) -> Make:
    """The policy in force lets a camera's sound be switched on."""

    def make(world: World, user: User, number: str) -> str:
        from world import adopt_policy

        adopt_policy(audio_default="off")
        return f"/cameras/{number}/sound/{rest}"

    return make


def _sound_asked(rest: str) -> Make:
    """Somebody else has asked for the camera's sound; nobody where there is no camera."""
    allowed = _sound_allowed(rest)

    def make(world: World, user: User, number: str) -> str:
        from overt.estate.models import SoundOrder

        if number in world.cameras and not world.camera(number).sound_orders.filter(state="asked").exists():
            now = timezone.now()
            facts = {"reason": "Threats", "case_reference": "4417", "until": now + timedelta(days=1)}
            other, _ = User.objects.get_or_create(username="somebody-else")
            SoundOrder.objects.create(camera=world.camera(number), asked_by=other, asked_at=now, **facts)
        return allowed(world, user, number)

    return make


def _of_asha(rest: str) -> Make:
    return lambda world, user, number: f"/people/{world.asha.pk}/{rest}"


def _day(world: World, user: User, number: str) -> dict[str, str]:
    return {"camera": number, "day": timezone.localdate().isoformat()}


def _named(world: World, user: User, number: str) -> dict[str, str]:
    return {"camera": number}


def _entry_api(rest: str) -> Make:
    page = _entry("")
    return lambda world, user, number: "/api/v1/logbook/" + rest.format(page(world, user, number).split("/")[3])


NO_FOOTAGE = frozenset({"no-footage"})
PEOPLE = frozenset({Act.MANAGE_PEOPLE, Act.GRANT_ROLE})
_RANGE = "start=2026-11-22T00:00:00Z&end=2026-11-22T01:00:00Z"

ROUTES: Mapping[str, Route] = {
    # ---- web
    "GET ": Route(),
    "GET healthz": Route(stranger=True),
    "GET readyz": Route(stranger=True, passes=frozenset({"not-ready"})),
    "GET metrics": Route(stranger=True),
    "GET api/openapi.json": Route(stranger=True),
    # ---- accounts
    "GET sign-in/": Route(stranger=True),
    "POST sign-out/": Route(stranger=True),
    "GET first-run/": Route(stranger=True, passes=frozenset({"first-run-over"})),
    "GET account/": Route(),
    "GET account/password/": Route(),
    "POST account/sign-out-everywhere/": Route(),
    "GET account/tokens/add/": Route(),
    "POST account/tokens/<uuid:token_id>/withdraw/": Route(path=_token),
    "GET roles/": to(Act.READ_POLICY),
    "GET roles/confirm/": to(Act.GRANT_ROLE),
    "POST roles/confirm/": to(
        Act.GRANT_ROLE,
        path=_roles_lapse,
        body=lambda w, u, n: {"grants": str(w.asha.grants.get().pk), "reason": "On the rota"},
    ),
    "GET people/": to(*PEOPLE),
    "GET people/add/": to(Act.MANAGE_PEOPLE),
    "POST people/add/": to(Act.MANAGE_PEOPLE, body=lambda w, u, n: {"full_name": "Lee New", "username": "lee"}),
    "GET people/<uuid:person_id>/": to(*PEOPLE, path=_of_asha("")),
    "GET people/<uuid:person_id>/roles/give/": to(Act.GRANT_ROLE, path=_of_asha("roles/give/")),
    "POST people/<uuid:person_id>/roles/give/": to(
        Act.GRANT_ROLE, path=_of_asha("roles/give/"), body=lambda w, u, n: {"role": "operator", "reason": "Covers"}
    ),
    "POST people/<uuid:person_id>/roles/<uuid:grant_id>/withdraw/": to(
        Act.GRANT_ROLE,
        path=lambda w, u, n: f"/people/{w.asha.pk}/roles/{w.asha.grants.get().pk}/withdraw/",
        body=lambda w, u, n: {"reason": "Left the desk"},
    ),
    "POST people/<uuid:person_id>/reset-password/": to(
        Act.MANAGE_PEOPLE, path=_of_asha("reset-password/"), body=lambda w, u, n: {"reason": "Forgot it"}
    ),
    "POST people/<uuid:person_id>/close/": to(
        Act.MANAGE_PEOPLE, path=_of_asha("close/"), body=lambda w, u, n: {"reason": "Left"}
    ),
    "GET people/<uuid:person_id>/reopen/": to(Act.MANAGE_PEOPLE, path=_of_asha("reopen/")),
    # ---- estate
    "GET cameras/": to(Act.SEE_CAMERA),
    "GET cameras/add/": to(Act.MANAGE_CAMERA),
    "POST cameras/add/": to(
        Act.MANAGE_CAMERA,
        body=lambda w, u, n: {
            "number": "500",
            "name": "Quay",
            "kind": "fixed",
            "town": str(w.towns["Harbour"].pk),
            "address": "rtsp://127.0.0.1/1",
            "priority": "100",
        },
    ),
    "GET cameras/import/": to(Act.MANAGE_CAMERA),
    "GET cameras/import/template.csv": to(Act.MANAGE_CAMERA),
    "GET cameras/import/<uuid:draft_id>/": to(Act.MANAGE_CAMERA, path=_draft),
    "POST cameras/import/<uuid:draft_id>/": to(Act.MANAGE_CAMERA, path=_draft),
    "GET cameras/<str:number>/": to(Act.SEE_CAMERA, camera=True),
    "POST cameras/<str:number>/check/": to(Act.CHECK_CAMERA, camera=True),
    "GET cameras/<str:number>/change/": to(Act.MANAGE_CAMERA, camera=True),
    "POST cameras/<str:number>/change/": to(Act.MANAGE_CAMERA, camera=True, body=lambda w, u, n: {}),
    "POST cameras/<str:number>/retire/": to(Act.MANAGE_CAMERA, camera=True, body=lambda w, u, n: {"reason": "Gone"}),
    "GET cameras/sound/": to(Act.SEE_CAMERA),
    "GET cameras/<str:number>/sound/": to(Act.MANAGE_CAMERA, camera=True, path=_sound_allowed("")),
    "POST cameras/<str:number>/sound/": to(
        Act.MANAGE_CAMERA,
        camera=True,
        path=_sound_allowed(""),
        body=lambda w, u, n: {
            "reason": "Threats",
            "case_reference": "4417",
            "until": f"{timezone.localtime() + timedelta(days=2):%Y-%m-%dT%H:%M}",
        },
    ),
    "GET cameras/<str:number>/sound/decide/": to(Act.APPROVE_POLICY, camera=True, path=_sound_asked("decide/")),
    "POST cameras/<str:number>/sound/decide/": to(
        Act.APPROVE_POLICY,
        camera=True,
        path=_sound_asked("decide/"),
        body=lambda w, u, n: {"decision": "refuse", "reason": "Pictures will do"},
    ),
    "GET cameras/<str:number>/sound/end/": to(
        Act.MANAGE_CAMERA, Act.APPROVE_POLICY, camera=True, path=_sound_asked("end/")
    ),
    "POST cameras/<str:number>/sound/end/": to(
        Act.MANAGE_CAMERA,
        Act.APPROVE_POLICY,
        camera=True,
        path=_sound_asked("end/"),
        body=lambda w, u, n: {"reason": "No longer needed"},
    ),
    "GET retention/": to(Act.SEE_SYSTEM),
    "GET estate/": to(Act.MANAGE_CAMERA, everywhere=True),
    "GET estate/<slug:slug>/": to(Act.MANAGE_CAMERA, everywhere=True, path=lambda w, u, n: "/estate/towns/"),
    "POST estate/<slug:slug>/<uuid:place_id>/rename/": to(
        Act.MANAGE_CAMERA,
        everywhere=True,
        path=lambda w, u, n: f"/estate/groups/{w.town_centre.pk}/rename/",
        body=lambda w, u, n: {"name": "The centre"},
    ),
    "GET api/v1/cameras": to(Act.SEE_CAMERA),
    "GET api/v1/cameras/{number}": to(Act.SEE_CAMERA, camera=True),
    "GET api/v1/cameras/{number}/timeline": to(
        Act.REVIEW, camera=True, path=lambda w, u, n: f"/api/v1/cameras/{n}/timeline?{_RANGE}"
    ),
    "GET api/v1/cameras/{number}/frame": to(
        Act.REVIEW,
        camera=True,
        path=lambda w, u, n: f"/api/v1/cameras/{n}/frame?at=2026-11-22T00:00:00Z&reason=A+test",
        passes=NO_FOOTAGE,
    ),
    # ---- logbook
    "GET logbook/": to(Act.READ_LOGBOOK),
    "GET logbook/print/": to(Act.READ_LOGBOOK),
    "GET logbook/breaches/": to(Act.SEE_CAMERA),
    "GET logbook/breaches/report/": to(Act.SEE_CAMERA),
    "POST logbook/breaches/report/": to(
        Act.SEE_CAMERA, body=lambda w, u, n: {"words": "A door stood open", "day": "2026-11-21", "time": "14:07"}
    ),
    "GET logbook/breaches/<int:number>/": to(Act.READ_LOGBOOK, Act.ANSWER_BREACH, path=_breach),
    "POST logbook/breaches/<int:number>/": to(
        Act.ANSWER_BREACH, path=_breach, body=lambda w, u, n: {"words": "The door has a new lock"}
    ),
    "GET logbook/prove/": to(Act.VERIFY_LOGBOOK),
    "POST logbook/prove/": to(Act.VERIFY_LOGBOOK),
    "POST logbook/breaches/<int:number>/suspend/": to(
        Act.MANAGE_PEOPLE,
        path=lambda w, u, n: _reported(w) + "suspend/",
        body=lambda w, u, n: {"person": str(w.asha.pk)},
    ),
    "GET logbook/key-changes/": to(Act.VERIFY_LOGBOOK),
    "GET logbook/checkpoint/": to(Act.VERIFY_LOGBOOK),
    "GET logbook/entries/<int:number>/": to(Act.READ_LOGBOOK, path=_entry("")),
    "GET logbook/entries/<int:number>/proof/": to(Act.VERIFY_LOGBOOK, path=_entry("proof/")),
    "GET logbook/entries/<int:number>/correct/": to(Act.CORRECT_ENTRY, path=_entry("correct/")),
    "POST logbook/entries/<int:number>/correct/": to(
        Act.CORRECT_ENTRY, path=_entry("correct/"), body=lambda w, u, n: {"text": "Three men", "reason": "Miscounted"}
    ),
    "GET logbook/entries/<int:number>/erase/": to(Act.ERASE_PERSONAL, path=_entry("erase/")),
    "POST logbook/entries/<int:number>/erase/": to(Act.ERASE_PERSONAL, path=_entry("erase/")),
    "GET api/v1/logbook/entries": to(Act.READ_LOGBOOK),
    "GET api/v1/logbook/entries/{number}": to(Act.READ_LOGBOOK, path=_entry_api("entries/{}")),
    "GET api/v1/logbook/checkpoint": to(Act.VERIFY_LOGBOOK),
    "GET api/v1/logbook/proof": to(Act.VERIFY_LOGBOOK, path=_entry_api("proof?entry={}")),
    "GET api/v1/logbook/consistency": to(Act.VERIFY_LOGBOOK, path=lambda w, u, n: "/api/v1/logbook/consistency?from=0"),
    # ---- evidence
    "GET exhibits/": to(Act.SEE_EXHIBIT),
    "POST exhibits/mark/": to(Act.MARK_HOLD, camera=True, json=True, body=_span, passes=NO_FOOTAGE),
    "POST exhibits/seal/": to(Act.SEAL_EXHIBIT, camera=True, json=True, body=_seal, passes=NO_FOOTAGE),
    "GET exhibits/holds/": to(Act.MARK_HOLD, Act.SEE_EXHIBIT),
    "GET exhibits/holds/<uuid:hold_id>/": to(
        Act.MARK_HOLD, path=lambda w, u, n: _hold(w, u, n).removesuffix("release/"), record=True
    ),
    "POST exhibits/holds/<uuid:hold_id>/": to(
        Act.MARK_HOLD,
        path=lambda w, u, n: _hold(w, u, n).removesuffix("release/"),
        body=_held,
        record=True,
    ),
    "POST exhibits/holds/<uuid:hold_id>/release/": to(
        Act.MARK_HOLD, Act.EXPORT_BAG, json=True, path=_hold, body=lambda w, u, n: {"reason": "Not needed"}, record=True
    ),
    "GET exhibits/<str:reference>/": to(
        Act.SEE_EXHIBIT, path=lambda w, u, n: f"/exhibits/{_exhibit(w, u, n)}/", record=True
    ),
    "GET exhibits/<str:reference>/progress/": to(
        Act.SEE_EXHIBIT, path=lambda w, u, n: f"/exhibits/{_exhibit(w, u, n)}/progress/", record=True
    ),
    "POST exhibits/<str:reference>/verify/": to(
        Act.SEE_EXHIBIT, path=lambda w, u, n: f"/exhibits/{_exhibit(w, u, n)}/verify/", record=True
    ),
    "POST exhibits/<str:reference>/retry/": to(
        Act.SEAL_EXHIBIT, path=lambda w, u, n: f"/exhibits/{_exhibit(w, u, n)}/retry/", record=True
    ),
    "GET exhibits/<str:reference>/bag/": to(
        Act.EXPORT_BAG, path=lambda w, u, n: f"/exhibits/{_exhibit(w, u, n)}/bag/", record=True
    ),
    "POST exhibits/<str:reference>/bag/": to(
        Act.EXPORT_BAG,
        path=lambda w, u, n: f"/exhibits/{_exhibit(w, u, n)}/bag/",
        body=lambda w, u, n: {"reason": "For the court"},
        record=True,
    ),
    "GET exhibits/register/": to(Act.SEE_EXHIBIT),
    "GET exhibits/stills/": to(Act.SEE_EXHIBIT),
    "GET exhibits/stills/take/": to(Act.SEAL_EXHIBIT),
    "POST exhibits/stills/take/": to(Act.SEAL_EXHIBIT, camera=True, body=_span),
    "GET exhibits/stills/<int:number>/": to(Act.SEE_EXHIBIT, path=_still(""), record=True),
    "GET exhibits/stills/<int:number>/picture.jpg": to(Act.REVIEW, path=_still("picture.jpg"), record=True),
    "GET exhibits/stills/<int:number>/sheet/": to(Act.REVIEW, path=_still("sheet/"), record=True),
    "POST exhibits/stills/<int:number>/hand-over/": to(Act.EXPORT_BAG, path=_still("hand-over/"), record=True),
    "POST exhibits/stills/<int:number>/destroy/": to(
        Act.MANAGE_EVIDENCE,
        path=_still("destroy/"),
        body=lambda w, u, n: {"reason": "Over", "authoriser": "Dev", "authorised_on": timezone.localdate().isoformat()},
        record=True,
    ),
    "GET exhibits/places/": to(Act.SEE_EXHIBIT),
    "GET exhibits/places/add/": to(Act.MANAGE_EVIDENCE, everywhere=True),
    "POST exhibits/places/add/": to(Act.MANAGE_EVIDENCE, everywhere=True, body=_new_place),
    "GET exhibits/places/<uuid:place_id>/": to(Act.SEE_EXHIBIT, path=_place("")),
    "POST exhibits/places/<uuid:place_id>/open/": to(
        Act.SEE_EXHIBIT, path=_place("open/"), body=lambda w, u, n: {"reason": "To look"}
    ),
    "POST exhibits/places/<uuid:place_id>/keepers/": to(
        Act.MANAGE_EVIDENCE,
        everywhere=True,
        path=_place("keepers/"),
        body=lambda w, u, n: {"reason": "New", "keepers": [str(w.dev.pk)]},
    ),
    "GET exhibits/<str:reference>/label/": to(
        Act.SEE_EXHIBIT, path=_of_exhibit("label/"), record=True, passes=frozenset({"wrong-state"})
    ),
    "GET exhibits/<str:reference>/continuity/": to(Act.SEE_EXHIBIT, path=_of_exhibit("continuity/"), record=True),
    "GET exhibits/<str:reference>/copies/make/": to(Act.EXPORT_BAG, path=_of_exhibit("copies/make/"), record=True),
    "POST exhibits/<str:reference>/copies/make/": to(Act.EXPORT_BAG, path=_of_exhibit("copies/make/"), record=True),
    "GET exhibits/<str:reference>/copies/<int:number>/": to(Act.SEE_EXHIBIT, path=_copy(""), record=True),
    "GET exhibits/<str:reference>/copies/<int:number>/label/": to(Act.SEE_EXHIBIT, path=_copy("label/"), record=True),
    "GET exhibits/<str:reference>/copies/<int:number>/form/": to(Act.EXPORT_BAG, path=_copy("form/"), record=True),
    "POST exhibits/<str:reference>/copies/<int:number>/bag/": to(Act.EXPORT_BAG, path=_copy("bag/"), record=True),
    "POST exhibits/<str:reference>/copies/<int:number>/test/": to(Act.EXPORT_BAG, path=_copy("test/"), record=True),
    "POST exhibits/<str:reference>/copies/<int:number>/hand-over/": to(
        Act.EXPORT_BAG, path=_copy("hand-over/"), record=True
    ),
    "GET exhibits/<str:reference>/copies/<int:number>/signed-form/": to(
        Act.EXPORT_BAG, path=_copy("signed-form/"), record=True
    ),
    "POST exhibits/<str:reference>/copies/<int:number>/take-back/": to(
        Act.EXPORT_BAG, path=_copy("take-back/", "handed over"), body=lambda w, u, n: {"reason": "Back"}, record=True
    ),
    "POST exhibits/<str:reference>/copies/<int:number>/destroy/": to(
        Act.MANAGE_EVIDENCE,
        path=_copy("destroy/"),
        body=lambda w, u, n: {"reason": "Over", "method": "shredded", "witness": "Dev"},
        record=True,
    ),
    "POST exhibits/<str:reference>/copies/<int:number>/store/": to(
        Act.SEE_EXHIBIT,
        path=_copy("store/"),
        body=lambda w, u, n: {"reason": "Kept", "place": str(_place_row(w).pk)},
        record=True,
    ),
    "POST exhibits/<str:reference>/copies/<int:number>/take-out/": to(
        Act.SEE_EXHIBIT, path=_copy("take-out/"), body=lambda w, u, n: {"reason": "Court"}, record=True
    ),
    "GET api/v1/holds": to(Act.MARK_HOLD, Act.SEE_EXHIBIT),
    "POST api/v1/holds": to(Act.MARK_HOLD, camera=True, json=True, body=_held, passes=NO_FOOTAGE),
    "POST api/v1/exhibits": to(Act.SEAL_EXHIBIT, camera=True, json=True, body=_seal, passes=NO_FOOTAGE),
    "GET api/v1/exhibits/{reference}": to(
        Act.SEE_EXHIBIT, path=lambda w, u, n: f"/api/v1/exhibits/{_exhibit(w, u, n)}", record=True
    ),
    "GET api/v1/exhibits/{reference}/bag": to(
        Act.EXPORT_BAG, path=lambda w, u, n: f"/api/v1/exhibits/{_exhibit(w, u, n)}/bag", record=True
    ),
    # ---- policy
    "GET policy/": to(Act.READ_POLICY),
    "GET policy/compare/": to(Act.READ_POLICY),
    "GET policy/history/": to(Act.READ_POLICY),
    "GET policy/draft/": to(Act.MANAGE_POLICY, everywhere=True),
    "POST policy/draft/": to(
        Act.MANAGE_POLICY, everywhere=True, body=lambda w, u, n: {"source": "sevenoaks", "reason": "A first policy"}
    ),
    "GET policy/published/<slug:name>/": to(Act.READ_POLICY, path=lambda w, u, n: "/policy/published/sevenoaks/"),
    "GET policy/published/<slug:name>/findings/": to(
        Act.READ_POLICY, path=lambda w, u, n: "/policy/published/sevenoaks/findings/"
    ),
    "GET policy/versions/<int:number>/": to(Act.READ_POLICY, path=_policy("approved")),
    "GET policy/versions/<int:number>/findings/": to(Act.READ_POLICY, path=_policy("approved", "findings/")),
    "GET policy/versions/<int:number>/change/": to(
        Act.MANAGE_POLICY, everywhere=True, path=_policy("draft", "change/")
    ),
    "POST policy/versions/<int:number>/change/": to(
        Act.MANAGE_POLICY, everywhere=True, path=_policy("draft", "change/")
    ),
    "GET policy/versions/<int:number>/head/": to(Act.MANAGE_POLICY, everywhere=True, path=_policy("draft", "head/")),
    "POST policy/versions/<int:number>/head/": to(
        Act.MANAGE_POLICY,
        everywhere=True,
        path=_policy("draft", "head/"),
        body=lambda w, u, n: {"title": "A", "owner_kind": "council", "nation": "scotland", "reason": "x"},
    ),
    "GET policy/versions/<int:number>/settings/<slug:name>/": to(
        Act.MANAGE_POLICY, everywhere=True, path=_policy("draft", "settings/retention_days/")
    ),
    "POST policy/versions/<int:number>/settings/<slug:name>/": to(
        Act.MANAGE_POLICY,
        everywhere=True,
        path=_policy("draft", "settings/retention_days/"),
        body=lambda w, u, n: {"silence": "says", "value": "28", "reason": "x"},
    ),
    "POST policy/versions/<int:number>/consult/": to(
        Act.MANAGE_POLICY,
        everywhere=True,
        path=_policy("draft", "consult/"),
        body=lambda w, u, n: {"reason": "Both partners, who agree"},
    ),
    "POST policy/versions/<int:number>/reopen/": to(
        Act.MANAGE_POLICY,
        everywhere=True,
        path=_policy("consulted", "reopen/"),
        body=lambda w, u, n: {"reason": "A partner objects"},
    ),
    "POST policy/versions/<int:number>/approve/": to(
        Act.APPROVE_POLICY,
        everywhere=True,
        path=_policy("consulted", "approve/"),
        body=lambda w, u, n: {"reason": "Agreed", "accepted": ["no-dp-complaints-route"]},
    ),
    "POST policy/versions/<int:number>/put-in-force/": to(
        Act.MANAGE_POLICY, everywhere=True, path=_policy("approved", "put-in-force/")
    ),
    "POST policy/versions/<int:number>/withdraw/": to(
        Act.MANAGE_POLICY,
        everywhere=True,
        path=_policy("draft", "withdraw/"),
        body=lambda w, u, n: {"reason": "Overtaken"},
    ),
    "GET clocks/": to(Act.READ_POLICY),
    "GET clocks/keep/": to(Act.KEEP_CLOCK, everywhere=True),
    "POST clocks/keep/": to(
        Act.KEEP_CLOCK,
        everywhere=True,
        path=lambda w, u, n: "/clocks/keep/?kind=foi&received=2026-11-09",
        body=lambda w, u, n: {"reference": "FOI-3"},
    ),
    "GET clocks/holidays/": to(Act.READ_POLICY),
    "POST clocks/holidays/": to(
        Act.MANAGE_POLICY,
        everywhere=True,
        body=lambda w, u, n: {"day": "2027-06-08", "nation": "scotland", "name": "A fair", "source": "A notice"},
    ),
    "GET clocks/holidays/<uuid:key>/take-back/": to(Act.MANAGE_POLICY, everywhere=True, path=_holiday),
    "POST clocks/holidays/<uuid:key>/take-back/": to(
        Act.MANAGE_POLICY, everywhere=True, path=_holiday, body=lambda w, u, n: {"reason": "A mistake"}
    ),
    "GET clocks/held/": to(Act.READ_LOGBOOK, everywhere=True),
    "GET clocks/held/<uuid:key>/": to(Act.READ_LOGBOOK, everywhere=True, path=_clock("")),
    "GET clocks/held/<uuid:key>/again/": to(Act.KEEP_CLOCK, everywhere=True, path=_clock("again/")),
    "POST clocks/held/<uuid:key>/again/": to(
        Act.KEEP_CLOCK, everywhere=True, path=_clock("again/?kind=breach&received=2026-11-09T09:00Z")
    ),
    "GET clocks/held/<uuid:key>/done/": to(Act.KEEP_CLOCK, everywhere=True, path=_clock("done/")),
    "POST clocks/held/<uuid:key>/done/": to(Act.KEEP_CLOCK, everywhere=True, path=_clock("done/")),
    "GET clocks/held/<uuid:key>/close/": to(Act.KEEP_CLOCK, everywhere=True, path=_clock("close/")),
    "POST clocks/held/<uuid:key>/close/": to(
        Act.KEEP_CLOCK, everywhere=True, path=_clock("close/"), body=lambda w, u, n: {"reason": "Withdrawn"}
    ),
    # ---- watch
    "GET watch/": to(Act.VIEW_LIVE),
    "GET watch/now/": to(Act.VIEW_LIVE, Act.REVIEW),
    "POST watch/open/": to(Act.VIEW_LIVE, camera=True, json=True, body=_named),
    "POST watch/viewings/<uuid:viewing_id>/renew/": to(
        Act.VIEW_LIVE, json=True, path=lambda w, u, n: f"/watch/viewings/{_viewing(w, u, n)}/renew/"
    ),
    "POST watch/viewings/<uuid:viewing_id>/close/": Route(
        path=lambda w, u, n: f"/watch/viewings/{_viewing(w, u, n)}/close/", json=True
    ),
    "POST watch/entry/": to(
        Act.WRITE_ENTRY,
        camera=True,
        json=True,
        body=lambda w, u, n: {"text": "Two men by the bench", "camera": n},
    ),
    "GET review/": to(Act.REVIEW),
    "GET review/register/": to(Act.REVIEW, Act.READ_LOGBOOK),
    "GET review/supervised/": to(Act.SUPERVISE_PLAYBACK),
    "GET review/supervised/allow/": to(Act.SUPERVISE_PLAYBACK, path=_engineers_may("/review/supervised/allow/")),
    "POST review/supervised/allow/": to(
        Act.SUPERVISE_PLAYBACK,
        path=_engineers_may("/review/supervised/allow/"),
        body=lambda w, u, n: {"engineer": str(w.iris.pk), "cameras": "127", "purpose": "A lens", "minutes": "15"},
    ),
    "GET review/supervised/<uuid:leave_id>/": to(Act.SUPERVISE_PLAYBACK, path=_leave(""), record=True),
    "POST review/supervised/<uuid:leave_id>/end/": to(Act.SUPERVISE_PLAYBACK, path=_leave("end/"), record=True),
    "GET review/<uuid:review_id>/close/": Route(path=lambda w, u, n: f"/review/{_review(w, u, n)}/close/"),
    "GET review/timeline/": to(
        Act.REVIEW, camera=True, path=lambda w, u, n: f"/review/timeline/?camera={n}&start=0&end=90000"
    ),
    "POST review/<uuid:review_id>/ticket/": to(
        Act.REVIEW, camera=True, json=True, path=lambda w, u, n: f"/review/{_review(w, u, n)}/ticket/", body=_day
    ),
    "POST review/<uuid:review_id>/camera/": to(
        Act.REVIEW, camera=True, json=True, path=lambda w, u, n: f"/review/{_review(w, u, n)}/camera/", body=_named
    ),
    "POST review/<uuid:review_id>/close/": Route(path=lambda w, u, n: f"/review/{_review(w, u, n)}/close/"),
}
