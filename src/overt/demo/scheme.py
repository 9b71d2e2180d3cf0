"""Builds the demo's scheme with the services people use, so that its logbook tells how it came about."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from importlib.resources import files

from django.db import transaction
from django.utils import timezone

from overt.access.duties import TWO_HANDS
from overt.access.rules import Role
from overt.access.services import grant_role
from overt.accounts.models import User
from overt.accounts.services import change_password
from overt.accounts.tokens import create_token
from overt.demo.log_actions import SCHEME_MADE, SchemeMade
from overt.demo.people import CAMERAS, MARKETON, PEOPLE, RIVERSIDE, TOWNS, DemoCamera, DemoPerson
from overt.estate.cameras.services import add_camera, change_camera
from overt.estate.cameras.values import CameraValues
from overt.estate.models import Camera
from overt.logbook.services import log
from overt.people.first_run import first_run_token, make_first_person
from overt.people.services import add_person
from overt.places.models import CameraGroup, Desk, Partner, Site, Town
from overt.policy.drafting.services import approve, consult, put_in_force, start_draft
from overt.policy.files import read_text


@dataclass(frozen=True, slots=True)
class Stream:
    """Where the simulated cameras are (number -> address), and the sign-in they ask for."""

    urls: dict[str, str]
    username: str
    password: str


@dataclass(frozen=True, slots=True)
class SignIn:
    """How one person of the demo signs in, and a token for scripts in the same name."""

    role: Role
    full_name: str
    username: str
    password: str
    token: str


def somebody_is_here() -> bool:
    """Whether the scheme was built by an earlier start."""
    return User.objects.exists()


@transaction.atomic
def build_scheme(stream: Stream) -> list[SignIn]:
    """Make partners, towns, the control room, people and cameras; returns how to sign in."""
    password = _password()
    manager = make_first_person(_first_token(), PEOPLE[0].username, PEOPLE[0].full_name, password)
    partners = {name: Partner.objects.create(name=name) for name in (MARKETON, RIVERSIDE)}
    towns = {name: Town.objects.create(name=name, partner=partners[owner]) for name, owner in TOWNS.items()}
    room = Site.objects.create(name="Marketon control room", kind=Site.Kind.CONTROL_ROOM, partner=partners[MARKETON])
    Desk.objects.bulk_create([Desk(site=room, name="Desk 1"), Desk(site=room, name="Desk 2")])
    log(SCHEME_MADE, by=manager, facts=SchemeMade(len(partners), len(towns), len(CAMERAS)))
    group = CameraGroup.objects.create(name="Town centre")
    for camera in CAMERAS:
        groups = [group] if camera.town == "Market Town" else []
        add_camera(_values(camera, towns[camera.town], groups, stream), by=manager)
    sign_ins = [_sign_in(person, partners, password, manager) for person in PEOPLE]
    _adopt_policy(manager)
    return sign_ins


def move_cameras(stream: Stream) -> None:
    """Put the cameras where the simulated ones are this time."""
    manager = User.objects.get(username=PEOPLE[0].username)
    known = {camera.number: camera for camera in CAMERAS}
    for row in Camera.objects.in_use().filter(number__in=stream.urls).select_related("town"):
        if row.stream_url != stream.urls[row.number]:
            values = _values(known[row.number], row.town, list(row.groups.all()), stream)
            change_camera(row, values, by=manager)


def _first_token() -> str:
    token = first_run_token()
    if token is None:
        raise RuntimeError("the demo's scheme is built before anybody is here")
    return token


def _adopt_policy(manager: User) -> None:
    """The manager drafts, both partners are heard, another person approves: as any scheme does."""
    text = files("overt.demo").joinpath("policy.yaml").read_text(encoding="utf-8")
    # Not the owner's nominee, whom the manager alone brought about: her own second account could approve her draft.
    approver = User.objects.get(username=next(one.username for one in PEOPLE if one.role is Role.DATA_CONTROLLER))
    version = start_draft(read_text(text), by=manager, reason="The scheme's first policy")
    consult(version, by=manager, note=f"{MARKETON} and {RIVERSIDE}, who both agree.")
    approve(version, by=approver, reason="It says what the two partners agreed.")
    put_in_force(version, by=manager)


def _values(camera: DemoCamera, town: Town, groups: list[CameraGroup], stream: Stream) -> CameraValues:
    return CameraValues(
        number=camera.number,
        name=camera.name,
        town=town,
        address=stream.urls[camera.number],
        kind=camera.kind,
        groups=groups,
        latitude=Decimal(camera.latitude),
        longitude=Decimal(camera.longitude),
        bearing_degrees=camera.bearing_degrees,
        username=stream.username,
        password=stream.password,
    )


def _sign_in(person: DemoPerson, partners: dict[str, Partner], password: str, manager: User) -> SignIn:
    if person.username == manager.username:
        user = manager
    else:
        user, _ = add_person(person.username, person.full_name, by=manager)
        change_password(user, password)
        partner = partners[person.partner] if person.partner else None
        grant_role(user, person.role, by=_granter(person, manager), reason="Works in the scheme", partner=partner)
    _, token = create_token(user, "demo", timezone.now() + timedelta(days=30))
    return SignIn(person.role, person.full_name, person.username, password, token)


def _granter(person: DemoPerson, manager: User) -> User:
    """The manager made the accounts, so another hand gives the roles that watch over her: the owner's nominee."""
    nominee = User.objects.filter(grants__role=Role.OWNER_NOMINEE).exclude(pk=manager.pk).first()
    return nominee if nominee is not None and person.role in TWO_HANDS else manager


def _password() -> str:
    """One password for everybody in this demo, new in each data folder: three words and a number, easy to type."""
    words = ("amber", "bridge", "cobble", "dusk", "ember", "ferry", "gable", "harbour", "ivy", "jetty", "kerb", "lamp")
    return "-".join(secrets.SystemRandom().sample(words, 3)) + f"-{secrets.randbelow(9000) + 1000}"
