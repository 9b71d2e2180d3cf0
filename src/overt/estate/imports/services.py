"""Cameras from a CSV file: read, shown with the errors of each row, and only then added, all of them or none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, TypeVar
from uuid import UUID

from cryptography.fernet import Fernet, InvalidToken
from django.db import transaction
from django.utils import timezone

from overt.estate.cameras.addresses import look_up_addresses
from overt.estate.cameras.names import Resolve
from overt.estate.cameras.services import check_values, write_camera
from overt.estate.cameras.values import CameraValues
from overt.estate.imports.csv_files import BadFile, Line, read, write
from overt.estate.log_actions import CAMERAS_IMPORTED, CamerasImported
from overt.estate.models import ImportDraft
from overt.estate.node import sync_node
from overt.estate.rules import BadCamera
from overt.logbook.services import log
from overt.places.models import CameraGroup, Partner, Town
from overt.shared.errors import NotThere, OvertError
from overt.shared.keys import camera_key

if TYPE_CHECKING:
    from overt.accounts.models import User

_T = TypeVar("_T")

REQUIRED = ("number", "name", "town", "address")
COLUMNS = (*REQUIRED, "partner", "kind", "groups", "latitude", "longitude", "bearing", "username", "password",
           "certificate", "basic allowed", "transport", "recorded", "days kept", "priority")  # fmt: skip
#: A draft holds passwords, encrypted; it does not lie about for longer than this.
DRAFT_LIVES = timedelta(hours=1)
_KINDS = {"": "fixed", "fixed": "fixed", "ptz": "ptz", "redeployable": "mobile", "mobile": "mobile"}
_TRANSPORTS = {"": "tcp", "tcp": "tcp", "udp": "udp"}
_YES_NO = {"": True, "yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}


class NoSuchDraft(NotThere):
    """The import was confirmed, is older than an hour, or somebody else's."""

    code = "no-such-import"


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the file: what would be added, or why it cannot be."""

    line: int
    number: str
    name: str
    town: str
    values: CameraValues | None
    error: str = ""

    @property
    def anchor(self) -> str:
        """What a link to it on its page leads to."""
        return f"row-{self.line}"


def start_import(content: bytes, *, by: User) -> ImportDraft:
    """Keep the file, encrypted, until it is confirmed. Raises BadFile."""
    read(content, COLUMNS, REQUIRED)
    ImportDraft.objects.filter(made_at__lt=timezone.now() - DRAFT_LIVES).delete()
    return ImportDraft.objects.create(made_by=by, made_at=timezone.now(), sealed=Fernet(camera_key()).encrypt(content))


def open_draft(draft_id: UUID, *, by: User) -> ImportDraft:
    """This person's own draft. Raises NoSuchDraft."""
    since = timezone.now() - DRAFT_LIVES
    draft = ImportDraft.objects.filter(pk=draft_id, made_by=by, made_at__gte=since).first()
    if draft is None:
        raise NoSuchDraft("This import is over: it was confirmed, or is older than an hour. Upload the file again.")
    return draft


def rows_of(draft: ImportDraft, *, by: User) -> list[Row]:
    """Each line of the file, checked against the scheme as it is now and against the lines before it."""
    lines = _lines_of(draft)
    return _rows(lines, by, _names_in(lines))


def _lines_of(draft: ImportDraft) -> list[Line]:
    try:
        content = Fernet(camera_key()).decrypt(bytes(draft.sealed))
    except InvalidToken:
        raise BadFile("The uploaded file can no longer be read. Upload it again.") from None
    return list(read(content, COLUMNS, REQUIRED))


def _names_in(lines: Sequence[Line]) -> Resolve:
    """Where all the hosts of a file lead, asked together."""
    return look_up_addresses(line.cells.get("address", "") for line in lines)


def _rows(lines: Sequence[Line], by: User, find: Resolve) -> list[Row]:
    seen: dict[str, int] = {}
    return [_row(line, by, seen, find) for line in lines]


def confirm_import(draft: ImportDraft, *, by: User) -> int:
    """Add every camera of the file, or none: a row with an error stops it. Returns how many. Raises BadFile."""
    lines = _lines_of(draft)
    return _confirm(draft, lines, by, _names_in(lines))


@transaction.atomic
def _confirm(draft: ImportDraft, lines: Sequence[Line], by: User, find: Resolve) -> int:
    rows = _rows(lines, by, find)
    wrong = [row for row in rows if row.values is None]
    if wrong:
        raise BadFile(f"{len(wrong)} rows cannot be added, the first is row {wrong[0].line}: {wrong[0].error}")
    for row in rows:
        if row.values is not None:
            write_camera(row.values, check_values(row.values, by=by, find=find), by=by)
    draft.delete()
    log(CAMERAS_IMPORTED, by=by, facts=CamerasImported(len(rows)))
    transaction.on_commit(sync_node)
    return len(rows)


def template() -> str:
    """A file to fill in, with one line to show how, in the scheme's own names."""
    town = Town.objects.order_by("name").select_related("partner").first()
    example = {
        "number": "127",
        "name": "High Street North",
        "town": town.name if town else "Market Town",
        "address": "rtsp://10.1.2.3:554/stream1",
        "partner": town.partner.name if town else "",
        "kind": "ptz",
        "latitude": "51.754210",
        "longitude": "-0.338510",
        "recorded": "yes",
        "priority": "100",
    }
    return write(COLUMNS, [[example.get(name, "") for name in COLUMNS]])


def _row(line: Line, by: User, seen: dict[str, int], find: Resolve) -> Row:
    cells = line.cells
    told = (line.number, cells.get("number", "")[:40], cells.get("name", "")[:120], cells.get("town", "")[:120])
    try:
        values = _values(cells)
        if values.number.upper() in seen:
            raise BadCamera(
                "number", f"The number {values.number} stands in row {seen[values.number.upper()]} already."
            )
        check_values(values, by=by, find=find)
    except OvertError as error:
        return Row(*told, None, str(error))
    seen[values.number.upper()] = line.number
    return Row(*told, values)


def _values(cells: dict[str, str]) -> CameraValues:
    if "" in cells:
        raise BadCamera("file", cells[""])
    town = Town.objects.filter(name__iexact=cells["town"]).select_related("partner").first()
    if town is None:
        raise BadCamera("town", f"There is no town {cells['town']!r}. Add it first, or correct the name.")
    return CameraValues(
        number=cells["number"],
        name=cells["name"],
        town=town,
        address=cells["address"],
        partner=_partner(cells.get("partner", "")),
        kind=_word(cells, "kind", _KINDS),
        groups=_groups(cells.get("groups", "")),
        latitude=_degrees(cells, "latitude"),
        longitude=_degrees(cells, "longitude"),
        bearing_degrees=_whole(cells, "bearing"),
        username=cells.get("username", ""),
        password=cells.get("password", ""),
        certificate=cells.get("certificate", ""),
        basic_allowed=_word(cells, "basic allowed", {**_YES_NO, "": False}),
        transport=_word(cells, "transport", _TRANSPORTS),
        recorded=_word(cells, "recorded", _YES_NO),
        retention_days=_whole(cells, "days kept"),
        priority=100 if (priority := _whole(cells, "priority")) is None else priority,
    )


def _partner(name: str) -> Partner | None:
    if not name:
        return None
    partner = Partner.objects.filter(name__iexact=name).first()
    if partner is None:
        raise BadCamera("partner", f"There is no partner {name!r}.")
    return partner


def _groups(names: str) -> Sequence[CameraGroup]:
    """Group names with | between them."""
    found = []
    for name in filter(None, (part.strip() for part in names.split("|"))):
        group = CameraGroup.objects.filter(name__iexact=name).first()
        if group is None:
            raise BadCamera("groups", f"There is no camera group {name!r}.")
        found.append(group)
    return found


def _word(cells: dict[str, str], column: str, words: Mapping[str, _T]) -> _T:
    text = cells.get(column, "").lower()
    if text not in words:
        known = ", ".join(word for word in words if word)
        raise BadCamera(column, f"The column {column} says {text!r}; it may say {known}.")
    return words[text]


def degrees(text: str) -> Decimal:
    """Degrees to six decimals (about 0.1 m). Raises BadCamera."""
    try:
        found = Decimal(text)
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite() or abs(found) > 180:
        raise BadCamera("latitude", f"{text[:40]!r} is no position; give degrees such as 51.754210.")
    return found.quantize(Decimal("0.000001"))


def _degrees(cells: dict[str, str], column: str) -> Decimal | None:
    text = cells.get(column, "")
    return degrees(text) if text else None


def _whole(cells: dict[str, str], column: str) -> int | None:
    text = cells.get(column, "")
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or len(text) > 5:
        raise BadCamera(column, f"The column {column} says {text[:40]!r}; it takes a whole number.")
    return int(text)
