"""A small believable scheme for tests: two partners, three towns, a control room, six cameras, one person a role.

Asha works Marketon's cameras and Bryn Riverside Homes'; each is the other's stranger. Everybody else reaches the
whole scheme, save the engineer (Marketon) and the police reviewer (the town centre group).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from overt.access.models import Grant
from overt.access.rules import Role
from overt.accounts.models import User
from overt.estate.models import Camera
from overt.places.models import CameraGroup, Desk, Partner, Site, Town
from overt.policy.models import PolicyVersion
from overt.policy.rules import setting_named

#: Everybody's password; hashed once for a whole run, since argon2 is slow on purpose.
PASSWORD = "a lamp over the market"

PEOPLE: dict[str, tuple[str, Role]] = {
    "asha": ("Asha Patel", Role.OPERATOR),
    "bryn": ("Bryn Howell", Role.OPERATOR),
    "cerys": ("Cerys Morgan", Role.INSPECTOR),
    "dev": ("Dev Chandra", Role.SUPERVISOR),
    "elin": ("Elin Ward", Role.MANAGER),
    "farah": ("Farah Siddiqui", Role.OWNER_NOMINEE),
    "gwen": ("Gwen Okafor", Role.DATA_CONTROLLER),
    "hari": ("Hari Bose", Role.DATA_PROTECTION_OFFICER),
    "iris": ("Iris Lund", Role.ENGINEER),
    "jo": ("Jo Marsh", Role.POLICE_REVIEWER),
    "kit": ("Kit Novak", Role.AUDITOR),
}


@dataclass
class World:
    marketon: Partner
    riverside_homes: Partner
    towns: dict[str, Town]
    control_room: Site
    town_centre: CameraGroup
    cameras: dict[str, Camera]
    people: dict[str, User] = field(default_factory=dict)

    def __getattr__(self, name: str) -> User:
        """`world.asha` is the person of that name."""
        people: dict[str, User] = self.__dict__.get("people", {})
        if name in people:
            return people[name]
        raise AttributeError(name)

    def camera(self, number: str) -> Camera:
        return self.cameras[number]

    def with_role(self, role: Role) -> User:
        """The person of a role (for operator: Asha)."""
        return next(self.people[name] for name, (_, held) in PEOPLE.items() if held is role)


def build_world() -> World:
    """Make the scheme's rows (no logbook entries, no orders to a node) and return them.

    A table's rows are made together: thousands of tests begin with this world.
    """
    marketon, riverside_homes = Partner.objects.bulk_create(
        [Partner(name="Borough of Marketon"), Partner(name="Riverside Homes")]
    )
    places = (("Market Town", marketon), ("Riverside", riverside_homes), ("Harbour", marketon))
    towns = {town.name: town for town in Town.objects.bulk_create([Town(name=n, partner=p) for n, p in places])}
    room = Site.objects.create(name="Marketon control room", kind=Site.Kind.CONTROL_ROOM, partner=marketon)
    Desk.objects.bulk_create([Desk(site=room, name="Desk 1"), Desk(site=room, name="Desk 2")])
    town_centre = CameraGroup.objects.create(name="Town centre")
    world = World(marketon, riverside_homes, towns, room, town_centre, _cameras(towns))
    town_centre.cameras.add(world.cameras["127"], world.cameras["128"], world.cameras["129"])
    world.people.update(_people(world))
    return world


def give_role(user: User, role: Role, **more: Any) -> Grant:
    """A grant in force from yesterday over the whole scheme; `more` says it otherwise, by the grant's own fields."""
    made = _grant(user, role, **more)
    made.save(force_insert=True)
    return made


def _grant(user: User, role: Role, **more: Any) -> Grant:
    given = {"starts_at": timezone.now() - timedelta(days=1), "reason": "Made for a test"} | more
    return Grant(user=user, role=role.value, **given)


def adopt_policy(**settings: object) -> PolicyVersion:
    """A policy that has been in force for years: small_document, with these settings in place of its own."""
    return PolicyVersion.objects.create(
        number=PolicyVersion.objects.count() + 1,
        state="in_force",
        effective_from=datetime(2020, 1, 1, tzinfo=UTC),
        document=small_document(**settings),
    )


def small_document(**settings: object) -> dict[str, object]:
    """A policy's document with two figures, and these settings (each in its usual unit)."""
    terms: dict[str, object] = {}
    for name, value in {"retention_days": 31, "evidence_master_retention_years": 3, **settings}.items():
        units = setting_named(name).units
        terms[name] = {"value": value} | ({"unit": units[0]} if units else {})
    return {"scheme": "starting", "title": "CCTV scheme", "settings": terms}


def make_person(username: str, full_name: str) -> User:
    """Somebody who can sign in with PASSWORD and holds no grant."""
    return User.objects.create(username=username, full_name=full_name, password=_hashed())


def _people(world: World) -> dict[str, User]:
    """Everybody of PEOPLE with the grant of their role."""
    scopes = {
        "asha": {"partner": world.marketon},
        "iris": {"partner": world.marketon},
        "bryn": {"partner": world.riverside_homes},
        "jo": {"group": world.town_centre},
    }
    rows = [User(username=name, full_name=full, password=_hashed()) for name, (full, _) in PEOPLE.items()]
    people = {user.username: user for user in User.objects.bulk_create(rows)}
    Grant.objects.bulk_create(
        [_grant(people[name], role, **scopes.get(name, {})) for name, (_, role) in PEOPLE.items()]
    )
    return people


def _cameras(towns: dict[str, Town]) -> dict[str, Camera]:
    rows = (
        ("127", "High Street North", Camera.Kind.PTZ, "Market Town", "51.754210", "-0.338510", None),
        ("128", "Market Place", Camera.Kind.FIXED, "Market Town", "51.752870", "-0.339940", 205),
        ("129", "Station Approach", Camera.Kind.FIXED, "Market Town", "51.750120", "-0.327360", 90),
        ("201", "Ferry Court entrance", Camera.Kind.FIXED, "Riverside", "51.761040", "-0.352200", 340),
        ("202", "Ferry Court car park", Camera.Kind.FIXED, "Riverside", "51.760480", "-0.352910", 15),
        ("R2", "Redeployable 2, Quay Lane", Camera.Kind.MOBILE, "Harbour", "51.745330", "-0.361870", None),
    )
    cameras = [
        Camera(
            number=number,
            name=name,
            kind=kind,
            partner=towns[town].partner,
            town=towns[town],
            latitude=latitude,
            longitude=longitude,
            bearing_degrees=bearing,
            stream_url=f"rtsp://127.0.0.1:18554/{number}",
        )
        for number, name, kind, town, latitude, longitude, bearing in rows
    ]
    return {camera.number: camera for camera in Camera.objects.bulk_create(cameras)}


@cache
def _hashed() -> str:
    return make_password(PASSWORD)


#: A winter night with nothing special about its clocks, for tests that need a fixed moment.
A_NIGHT = datetime(2026, 11, 22, 2, 14, 7, tzinfo=UTC)
