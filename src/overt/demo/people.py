"""Who works in the demo's scheme: one person for each role, and a second operator of the other partner."""

from __future__ import annotations

from dataclasses import dataclass

from overt.access.rules import Role


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """A person of the demo. `partner` narrows the role to one partner's cameras; None reaches all."""

    username: str
    full_name: str
    role: Role
    partner: str | None = None


MARKETON = "Borough of Marketon"
RIVERSIDE = "Riverside Homes"

#: The manager comes first: she makes everybody else.
PEOPLE = (
    DemoPerson("elin", "Elin Ward", Role.MANAGER),
    DemoPerson("asha", "Asha Patel", Role.OPERATOR),
    DemoPerson("dev", "Dev Chandra", Role.SUPERVISOR),
    DemoPerson("farah", "Farah Siddiqui", Role.OWNER_NOMINEE),
    DemoPerson("gwen", "Gwen Okafor", Role.DATA_CONTROLLER),
    DemoPerson("hari", "Hari Bose", Role.DATA_PROTECTION_OFFICER),
    DemoPerson("cerys", "Cerys Morgan", Role.INSPECTOR),
    DemoPerson("iris", "Iris Lund", Role.ENGINEER),
    DemoPerson("jo", "Jo Marsh", Role.POLICE_REVIEWER, MARKETON),
    DemoPerson("kit", "Kit Novak", Role.AUDITOR),
    DemoPerson("bryn", "Bryn Howell", Role.OPERATOR, RIVERSIDE),
)


@dataclass(frozen=True, slots=True)
class DemoCamera:
    """A camera of the demo; positions are of an invented town."""

    number: str
    name: str
    town: str
    kind: str
    latitude: str
    longitude: str
    bearing_degrees: int | None


TOWNS = {"Market Town": MARKETON, "Harbour": MARKETON, "Riverside": RIVERSIDE}

CAMERAS = (
    DemoCamera("127", "High Street north", "Market Town", "ptz", "52.067100", "-0.221500", None),
    DemoCamera("128", "High Street south", "Market Town", "fixed", "52.065900", "-0.221100", 180),
    DemoCamera("129", "Corn Exchange", "Market Town", "fixed", "52.066400", "-0.223000", 90),
    DemoCamera("201", "Bridge, east bank", "Riverside", "ptz", "52.069300", "-0.214800", None),
    DemoCamera("202", "Mill car park", "Riverside", "fixed", "52.070200", "-0.213100", 225),
    DemoCamera("R2", "Quarry Lane", "Harbour", "mobile", "52.061800", "-0.228700", 315),
)
