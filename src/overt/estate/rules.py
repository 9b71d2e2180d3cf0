"""What a camera's number, name, place and retention may be. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from decimal import Decimal
from uuid import UUID

from overt.access.rules import Scope
from overt.shared.errors import BadInput, Refused

#: With a digit in it, so that no number can be mistaken for a word of an address (/cameras/add/).
_NUMBER = re.compile(r"(?=.*[0-9])[A-Za-z0-9][A-Za-z0-9-]{0,11}")

_SHA256 = re.compile("[0-9a-f]{64}")
_PARTS = re.compile(r"([0-9]+)")


class BadCamera(BadInput):
    """A value of a camera cannot be; `field` says which."""

    code = "bad-camera"

    def __init__(self, field: str, text: str) -> None:
        super().__init__(text)
        self.field = field


class BeyondYou(Refused):
    """The camera would lie, or lies, outside what this person manages."""

    code = "camera-beyond-you"


def check_number(number: str) -> None:
    """Raises BadCamera unless it can be painted on a pole and typed on a wall: 127, R2, CP-14."""
    if not _NUMBER.fullmatch(number):
        raise BadCamera("number", "A camera number is up to 12 letters, digits and dashes with a digit in it: 127, R2.")


def check_name(name: str) -> None:
    """Raises BadCamera for a name that is empty, too long, or that a spreadsheet would take for a formula."""
    if not name or len(name) > 120 or not name.isprintable():
        raise BadCamera("name", "Say what the camera looks at, in at most 120 characters.")
    if not name[0].isalnum():
        raise BadCamera("name", "A camera's name begins with a letter or a digit.")


def check_place(latitude: Decimal | None, longitude: Decimal | None, bearing: int | None) -> None:
    """Raises BadCamera for half a position or one off the globe. Degrees, WGS 84; bearing clockwise from north."""
    if (latitude is None) != (longitude is None):
        missing = "latitude" if latitude is None else "longitude"
        raise BadCamera(missing, "Give both latitude and longitude, or neither.")
    if latitude is not None and not -90 <= latitude <= 90:
        raise BadCamera("latitude", "A latitude lies between -90 and 90 degrees.")
    if longitude is not None and not -180 <= longitude <= 180:
        raise BadCamera("longitude", "A longitude lies between -180 and 180 degrees.")
    if bearing is not None and not 0 <= bearing <= 359:
        raise BadCamera("bearing_degrees", "A bearing lies between 0 (north) and 359 degrees, clockwise.")


def check_retention(days: int | None, policy_days: int) -> None:
    """Raises BadCamera where one camera would be kept longer than the scheme has promised.

    Source: PROG-4.2.10 (it may be shorter for a camera, and never longer).
    """
    if days is not None and not 1 <= days <= policy_days:
        text = f"The scheme keeps recordings for {policy_days} days; a camera's own period may only be shorter."
        raise BadCamera("retention_days", text)


def check_certificate(certificate: str, *, secure: bool) -> None:
    """Raises BadCamera unless it is empty, `any`, or a SHA-256 in hex, and the address is one that shows it."""
    if certificate and not secure:
        raise BadCamera("certificate", "Only a camera at an rtsps:// address shows a certificate. Leave this empty.")
    if certificate not in ("", "any") and not _SHA256.fullmatch(certificate):
        raise BadCamera(
            "certificate", "Give the SHA-256 of the camera's certificate, 64 hexadecimal digits, or the word any."
        )


def check_transport(transport: str, *, secure: bool) -> None:
    """Raises BadCamera unless it is tcp, or udp at an address that does not promise encryption."""
    if transport not in ("tcp", "udp"):
        raise BadCamera("transport", "Pictures come over tcp or over udp.")
    if transport == "udp" and secure:
        raise BadCamera("transport", "An rtsps:// camera sends its pictures encrypted; over UDP they would not be.")


def check_priority(priority: int) -> None:
    """Raises BadCamera outside 0 to 1000."""
    if not 0 <= priority <= 1000:
        raise BadCamera("priority", "A priority lies between 0 and 1000; on a full disk the lowest stops first.")


def check_reach(scopes: Iterable[Scope], partner_id: UUID, group_ids: Collection[UUID]) -> None:
    """Raises BeyondYou unless a camera of this partner, in these groups, is this person's to manage."""
    if not any(scope.covers_camera(partner_id, group_ids) for scope in scopes):
        raise BeyondYou("A camera of that partner, in those groups, is not yours to manage.")


def number_key(number: str) -> tuple[tuple[int, int, str], ...]:
    """Sorts camera numbers in the order in which people count: 9 before 10, R2 after 127."""
    return tuple(
        (0, int(part), "") if part.isdigit() else (1, 0, part.upper()) for part in _PARTS.split(number) if part
    )
