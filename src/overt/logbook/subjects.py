"""What an entry was about, by the name it has today. The entry itself keeps kind and key only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from uuid import UUID

from django.apps import apps
from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import Model

from overt.logbook.models import Entry
from overt.rooms import by_name, rooms


@dataclass(frozen=True, slots=True)
class Subject:
    """A thing in words: `camera`, `127 High Street North`, its address. Empty for nothing."""

    kind: str
    name: str
    href: str
    key: str = ""

    def __str__(self) -> str:
        if self.kind in self.name.lower():
            return self.name  # "Logbook entry 200" says what it is
        return f"{self.kind} {self.name}".strip()


NOTHING = Subject("", "", "")


@cache
def camera_kind() -> str:
    """The label of the model whose rows are the scheme's cameras, by a room's declaration; empty where none says it."""
    return next((room.cameras for room in rooms() if room.cameras), "")


@cache
def _moved() -> dict[str, str]:
    """Kinds as entries have them -> as their models are called today, of those that moved to another room."""
    return dict(pair for room in rooms() for pair in room.kinds_before)


def kinds_as_written(kind: str) -> list[str]:
    """Every kind by which entries have what is of this kind: today's, and those from before it moved."""
    today = _moved().get(kind, kind)
    return [today, *(before for before, after in _moved().items() if after == today)]


def subjects_of(entries: Iterable[Entry]) -> dict[tuple[str, str], Subject]:
    """(kind, key) -> subject, for the subjects and the cameras of these entries; few queries for many rows."""
    wanted: dict[str, set[str]] = defaultdict(set)
    for entry in entries:
        wanted[entry.subject_kind].add(entry.subject_id)
        wanted[camera_kind()].update(entry.camera_ids)
    return {(kind, key): found for kind, keys in wanted.items() for key, found in _of_kind(kind, keys).items()}


def camera_names(keys: Iterable[str]) -> dict[str, str]:
    """Cameras by key, as they are called today; those that are not there are left out."""
    return {key: found.name for key, found in _of_kind(camera_kind(), set(keys)).items() if found.name}


def all_camera_names() -> dict[str, str]:
    """Every camera by key, as it is called today."""
    return {str(row.pk): str(row) for row in apps.get_model(camera_kind())._base_manager.all()}


def cameras_of(entry: Entry) -> list[Model]:
    """The cameras that an entry concerns, those that are still there."""
    return list(_rows(apps.get_model(camera_kind()), set(entry.camera_ids)).values())


def _of_kind(kind: str, keys: set[str]) -> dict[str, Subject]:
    if not kind:
        return dict.fromkeys(keys, NOTHING)
    today = _moved().get(kind, kind)
    try:
        model = apps.get_model(today)
    except (LookupError, ValueError):
        return {key: Subject(kind, key, "") for key in keys}
    rows = _rows(model, keys) if _is_impersonal(today) else {}
    words = "person" if issubclass(model, AbstractBaseUser) else str(model._meta.verbose_name)
    return {key: _subject(words, key, rows.get(key)) if key or words == "person" else NOTHING for key in keys}


def _is_impersonal(kind: str) -> bool:
    """Whether names of this kind say nothing of a person; of anything else only the kind is told."""
    room = by_name().get(kind.partition(".")[0])
    return room is not None and room.impersonal


def _subject(words: str, key: str, row: Model | None) -> Subject:
    if row is None:
        return Subject(words, "", "", key)
    address = getattr(row, "get_absolute_url", None)
    return Subject(words, str(row), str(address()) if callable(address) else "", key)


def _rows(model: type[Model], keys: set[str]) -> dict[str, Model]:
    """Rows that are still there, by the key as the logbook writes it."""
    usable = [key for key in keys if key and _fits(model, key)]
    return {str(row.pk): row for row in model._base_manager.filter(pk__in=usable)}


def _fits(model: type[Model], key: str) -> bool:
    if model._meta.pk is not None and model._meta.pk.get_internal_type() != "UUIDField":
        return key.isascii() and key.isdigit()
    try:
        UUID(key)
    except ValueError:
        return False
    return True
