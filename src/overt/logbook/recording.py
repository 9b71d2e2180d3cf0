"""Writes an entry: sorts what is said into what stays for ever and what can be erased, and appends it."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from typing import Any, Protocol

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import connection, models

from overt.logbook.actions import Action, known_action
from overt.logbook.append import Opened, append
from overt.logbook.canonical import canonical_text, clean_text, commitment
from overt.logbook.errors import BadEntry, NotInTransaction, UnknownAction
from overt.logbook.facts import F, Nothing, as_json
from overt.logbook.models import CAMERA_IDS, Entry
from overt.logbook.subjects import camera_kind
from overt.shared.canonical import Json

#: Keys that stand in an entry's canonical form as they are: nothing in them is escaped in JSON.
PLAIN = re.compile(r"[A-Za-z0-9_.:/@ -]*", re.ASCII)
_NUMBERS: ContextVar[list[int] | None] = ContextVar("_NUMBERS", default=None)


class Actor(Protocol):
    """Who acts, as far as the log knows people: by key and name. Accounts are the business of a room above."""

    @property
    def pk(self) -> Any: ...
    @property
    def full_name(self) -> str: ...


@contextmanager
def numbers_written() -> Iterator[list[int]]:
    """The numbers of the entries that what runs inside writes: to tell whether an act left its own entry."""
    numbers: list[int] = []
    before = _NUMBERS.set(numbers)
    try:
        yield numbers
    finally:
        _NUMBERS.reset(before)


def log(
    action: Action[F],
    subject: models.Model | None = None,
    *,
    by: Actor | None,
    reason: str = "",
    facts: F | None = None,
    cameras: Iterable[models.Model] = (),
    personal: Mapping[str, str] | None = None,
    erase_on: date | None = None,
) -> Entry:
    """Append one entry inside the caller's transaction and return it. Call it last: it takes the logbook's lock.

    `subject` is what the act was done to; `facts`, of the class that the action declares, are kept for ever and hold
    nothing personal and no sentence; `reason`, the actor's name and `personal` are committed to by salted hashes and
    can be erased at their date (`erase_on`, where it is known already). A person as the subject is personal content
    too. `cameras` are those concerned: of one, or of a camera as the subject, it is the camera's own entry; several
    are kept by their keys. Raises NotInTransaction outside a transaction, UnknownAction for one that no room
    declared, BadEntry for facts of another class or with no canonical form.
    Source: HERTS-16.1 (numbered in sequence, stamped by the server), PROG-4.2.29 (everything done to the system).
    """
    given = Nothing() if facts is None else facts
    if type(given) is not action.facts:
        raise BadEntry(f"{action.name} leaves {action.facts.__name__}, not {type(given).__name__}")
    try:
        known = as_json(given)
    except TypeError as error:
        raise BadEntry(f"facts: {error}") from error
    keys = [str(camera.pk) for camera in cameras]
    return record(
        action.name, subject, by=by, reason=reason, facts=known, cameras=keys, personal=personal, erase_on=erase_on
    )  # fmt: skip


def record(
    action: str,
    subject: models.Model | None = None,
    *,
    by: Actor | None,
    reason: str = "",
    facts: Mapping[str, Json] | None = None,
    cameras: Iterable[str] = (),
    personal: Mapping[str, str] | None = None,
    erase_on: date | None = None,
) -> Entry:
    """What `log` does once it has looked at the facts: they are JSON here, and cameras are keys. Rooms call `log`."""
    if not connection.in_atomic_block:
        raise NotInTransaction(f"{action}: an act and its entry share one transaction")
    if known_action(action) is None:
        raise UnknownAction(f"{action} is not declared; see the room's log_actions.py")
    opened = [
        Opened(field, secrets.token_bytes(16), value)
        for field, value in _personal(subject, by, reason, personal or {}).items()
    ]
    keys = sorted({_plain("camera", key) for key in (*cameras, *_own_camera(subject))})
    several = {CAMERA_IDS: keys} if len(keys) > 1 else {}
    entry = append(
        action=action,
        subject=_subject(subject),
        camera=keys[0] if len(keys) == 1 else "",
        facts=_facts({**(facts or {}), **several}),
        commitments=canonical_text({one.field: commitment(one.salt, one.value) for one in opened}),
        personal=opened,
        erase_on=erase_on,
    )
    if (numbers := _NUMBERS.get()) is not None:
        numbers.append(entry.number)
    return entry


def _personal(
    subject: models.Model | None, by: Actor | None, reason: str, personal: Mapping[str, str]
) -> dict[str, str]:
    """Every value about a person, by field; empty ones are left out."""
    found = {} if by is None else {"actor": str(by.pk), "actor_name": by.full_name}
    found["reason"] = reason
    if isinstance(subject, AbstractBaseUser):
        found |= {"subject": str(subject.pk), "subject_name": str(subject)}
    if taken := found.keys() & personal.keys():
        raise BadEntry(f"{', '.join(sorted(taken))}: given by the logbook itself")
    found |= personal
    for field in found:
        if not re.fullmatch(r"[a-z][a-z0-9_]{0,39}", field):
            raise BadEntry(f"{field!r}: a personal field is a short lower-case name")
    return {field: clean_text(value) for field, value in found.items() if value}


def _subject(subject: models.Model | None) -> tuple[str, str]:
    if subject is None:
        return "", ""
    kind = subject._meta.label_lower
    return (kind, "") if isinstance(subject, AbstractBaseUser) else (kind, _plain("subject", str(subject.pk)))


def _own_camera(subject: models.Model | None) -> list[str]:
    """The camera that the subject is, or belongs to."""
    if subject is None:
        return []
    key = subject.pk if subject._meta.label_lower == camera_kind() else getattr(subject, "camera_id", None)
    return [str(key)] if key else []


def _plain(what: str, text: str) -> str:
    if len(text) > 80 or not PLAIN.fullmatch(text):
        raise BadEntry(f"{what} {text!r}: a key is at most 80 plain characters")
    return text


def _facts(facts: Mapping[str, Json]) -> str:
    try:
        return canonical_text(facts)
    except (TypeError, ValueError) as error:
        raise BadEntry(f"facts: {error}") from error
