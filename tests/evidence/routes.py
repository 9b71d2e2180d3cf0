"""Who may use each address of evidence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from django.utils import timezone

from overt.access.rules import Act
from overt.accounts.models import User
from routing import NO_FOOTAGE, Make, Route, to
from world import World


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
    why = {"ground": "case_history", "case_reference": "4417", "requester": "PC Hill", "review_on": "2998-01-01"}
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


def _sealed_by_form(world: World, user: User, number: str) -> dict[str, Any]:
    return {**_span(world, user, number), "reference": "JD-7"}


ROUTES: Mapping[str, Route] = {
    "GET exhibits/": to(Act.SEE_EXHIBIT),
    "GET exhibits/mark/": to(Act.MARK_HOLD),
    "POST exhibits/mark/": to(Act.MARK_HOLD, camera=True, body=_held, passes=NO_FOOTAGE),
    "GET exhibits/seal/": to(Act.SEAL_EXHIBIT),
    "POST exhibits/seal/": to(Act.SEAL_EXHIBIT, camera=True, body=_sealed_by_form, passes=NO_FOOTAGE),
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
    "GET+POST exhibits/holds/<uuid:hold_id>/release/": to(
        Act.MARK_HOLD, Act.EXPORT_BAG, path=_hold, body=lambda w, u, n: {"reason": "Not needed"}, record=True
    ),
    "GET exhibits/<str:reference>/": to(
        Act.SEE_EXHIBIT, path=lambda w, u, n: f"/exhibits/{_exhibit(w, u, n)}/", record=True
    ),
    "POST exhibits/<str:reference>/verify/": to(
        Act.SEE_EXHIBIT, path=lambda w, u, n: f"/exhibits/{_exhibit(w, u, n)}/verify/", record=True
    ),
    "POST exhibits/<str:reference>/retry/": to(
        Act.SEAL_EXHIBIT, path=lambda w, u, n: f"/exhibits/{_exhibit(w, u, n)}/retry/", record=True
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
    "GET+POST exhibits/stills/<int:number>/hand-over/": to(Act.EXPORT_BAG, path=_still("hand-over/"), record=True),
    "GET+POST exhibits/stills/<int:number>/destroy/": to(
        Act.MANAGE_EVIDENCE,
        path=_still("destroy/"),
        body=lambda w, u, n: {"reason": "Over", "authoriser": "Dev", "authorised_on": timezone.localdate().isoformat()},
        record=True,
    ),
    "GET exhibits/places/": to(Act.SEE_EXHIBIT),
    "GET exhibits/places/add/": to(Act.MANAGE_EVIDENCE, everywhere=True),
    "POST exhibits/places/add/": to(Act.MANAGE_EVIDENCE, everywhere=True, body=_new_place),
    "GET exhibits/places/<uuid:location_id>/": to(Act.SEE_EXHIBIT, path=_place("")),
    "GET+POST exhibits/places/<uuid:location_id>/open/": to(
        Act.SEE_EXHIBIT, path=_place("open/"), body=lambda w, u, n: {"reason": "To look"}
    ),
    "GET+POST exhibits/places/<uuid:location_id>/keepers/": to(
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
    "GET+POST exhibits/<str:reference>/copies/<int:number>/test/": to(Act.EXPORT_BAG, path=_copy("test/"), record=True),
    "GET+POST exhibits/<str:reference>/copies/<int:number>/hand-over/": to(
        Act.EXPORT_BAG, path=_copy("hand-over/"), record=True
    ),
    "GET exhibits/<str:reference>/copies/<int:number>/signed-form/": to(
        Act.EXPORT_BAG, path=_copy("signed-form/"), record=True
    ),
    "GET+POST exhibits/<str:reference>/copies/<int:number>/take-back/": to(
        Act.EXPORT_BAG, path=_copy("take-back/", "handed over"), body=lambda w, u, n: {"reason": "Back"}, record=True
    ),
    "GET+POST exhibits/<str:reference>/copies/<int:number>/destroy/": to(
        Act.MANAGE_EVIDENCE,
        path=_copy("destroy/"),
        body=lambda w, u, n: {"reason": "Over", "method": "shredded", "witness": "Dev"},
        record=True,
    ),
    "GET+POST exhibits/<str:reference>/copies/<int:number>/store/": to(
        Act.SEE_EXHIBIT,
        path=_copy("store/"),
        body=lambda w, u, n: {"reason": "Kept", "place": str(_place_row(w).pk)},
        record=True,
    ),
    "GET+POST exhibits/<str:reference>/copies/<int:number>/take-out/": to(
        Act.SEE_EXHIBIT, path=_copy("take-out/"), body=lambda w, u, n: {"reason": "Court"}, record=True
    ),
    "GET api/v1/holds": to(Act.MARK_HOLD, Act.SEE_EXHIBIT),
    "POST api/v1/holds": to(Act.MARK_HOLD, camera=True, json=True, body=_held, passes=NO_FOOTAGE),
    "POST api/v1/marks": to(Act.MARK_HOLD, camera=True, json=True, body=_span, passes=NO_FOOTAGE),
    "POST api/v1/holds/{hold_id}/release": to(
        Act.MARK_HOLD,
        Act.EXPORT_BAG,
        json=True,
        path=lambda w, u, n: "/api/v1/holds/{}/release".format(_hold(w, u, n).split("/")[3]),
        body=lambda w, u, n: {"reason": "Not needed"},
        record=True,
    ),
    "POST api/v1/exhibits": to(Act.SEAL_EXHIBIT, camera=True, json=True, body=_seal, passes=NO_FOOTAGE),
    "GET api/v1/exhibits/{reference}": to(
        Act.SEE_EXHIBIT, path=lambda w, u, n: f"/api/v1/exhibits/{_exhibit(w, u, n)}", record=True
    ),
    "GET api/v1/exhibits/{reference}/progress": to(
        Act.SEE_EXHIBIT, path=lambda w, u, n: f"/api/v1/exhibits/{_exhibit(w, u, n)}/progress", record=True
    ),
    "POST api/v1/exhibits/{reference}/bag": to(
        Act.EXPORT_BAG, path=lambda w, u, n: f"/api/v1/exhibits/{_exhibit(w, u, n)}/bag", record=True
    ),
}
