"""The logbook for scripts: entries, and what proves them."""

from __future__ import annotations

import re
from base64 import b64encode
from typing import Annotated, Literal

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from ninja import Field, Path, Query, Router, Schema

from overt.access.doors import need
from overt.access.rules import Act
from overt.accounts.requests import signed_in
from overt.inspection.log_actions import OPENED
from overt.inspection.queries import EntryAsRead, access_entry, as_read
from overt.inspection.search import EntryFilter, search
from overt.logbook import merkle
from overt.logbook.append import bytes_of
from overt.logbook.canonical import moment_text
from overt.logbook.checkpoints import consistency_proof, head, make_checkpoint
from overt.logbook.errors import BadSize
from overt.logbook.keys import own_verifier_key
from overt.logbook.models import Checkpoint
from overt.logbook.notes import proof_text
from overt.logbook.recording import log
from overt.logbook.tree import StoredTree
from overt.shared.api_types import Time
from overt.shared.canonical import Json
from overt.shared.errors import BadInput
from overt.shared.rfc3339 import moment

router = Router(tags=["logbook"])

Number = Annotated[int, Field(ge=1, le=2**62)]
Size = Annotated[int, Field(ge=0, le=2**62)]
Form = Literal["json", "text"]
PLAIN = "text/plain; charset=utf-8"
#: What `form=text` answers, for the OpenAPI document.
AS_TEXT = {"responses": {200: {"content": {"text/plain": {"schema": {"type": "string"}}}}}}


class BadCursor(BadInput):
    """The cursor was not given by this API."""

    code = "bad-cursor"


class SubjectOut(Schema):
    """What the act was done to. The key is empty for a person: it is personal content."""

    kind: str
    id: str


class EntryOut(Schema):
    """An entry. A personal value is null once erased; its commitment stays."""

    number: int
    at: Time
    action: str
    words: str = Field(description="The action as people read it.")
    line: str = Field(description="What the facts come to, in words; made when it is read. Empty where they add none.")
    subject: SubjectOut | None
    camera: str | None = Field(description="Number and name, as they are today, of the camera concerned, if it is one.")
    cameras: list[str] = Field(description="Number and name of every camera concerned.")
    facts: dict[str, object]
    personal: dict[str, str | None]
    commitments: dict[str, str]
    erased: dict[str, Time]
    leaf_hash: str
    corrects: int | None = Field(description="The entry that this one corrects.")
    corrected_by: list[int] = Field(description="The entries that correct this one, oldest first.")


class EntriesOut(Schema):
    """Newest first. `next` goes on where this page ends; null at the end."""

    entries: list[EntryOut]
    next: str | None


class CheckpointOut(Schema):
    """The signed head of the logbook. `note` is the C2SP tlog-checkpoint; `key` is the line to check it with."""

    origin: str
    size: int
    root: str
    made_at: Time
    note: str
    key: str


class ProofOut(Schema):
    """RFC 6962 inclusion: `path` leads from the leaf of `index` to the checkpoint's root. Hashes are base64."""

    entry: int
    index: int
    leaf_hash: str
    path: list[str]
    canonical: str = Field(description="The entry as it is hashed: the leaf is SHA-256 of a zero byte and this.")
    checkpoint: CheckpointOut
    tlog_proof: str


class ConsistencyOut(Schema):
    """RFC 6962 consistency: the tree of `to` entries is that of `from` with entries added. Hashes are base64."""

    from_size: int = Field(alias="from", serialization_alias="from")
    to: int
    path: list[str]
    checkpoint: CheckpointOut


@router.get("/logbook/entries", response=EntriesOut, summary="Entries, newest first; the search itself becomes one")
def list_entries(
    request: HttpRequest,
    action: Annotated[str, Query(max_length=100)] = "",
    subject_kind: Annotated[str, Query(max_length=60, description="Such as estate.camera.")] = "",
    subject_id: Annotated[str, Query(max_length=80)] = "",
    camera: Annotated[str, Query(max_length=12, description="A camera's number.")] = "",
    actor: Annotated[str, Query(max_length=200, description="Sign-in name, or a part of the name.")] = "",
    from_: Annotated[Time | None, Query(alias="from")] = None,
    to: Annotated[Time | None, Query(description="Not included.")] = None,
    cursor: Annotated[str, Query(max_length=60, description="`next` of the page before.")] = "",
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> EntriesOut:
    """A search is one entry in the logbook, however many of its pages are fetched by cursor."""
    wanted = EntryFilter(
        start=moment(from_, "from") if from_ is not None else None,
        end=moment(to, "to") if to is not None else None,
        person=actor,
        action=action,
        camera=camera,
        subject_kind=subject_kind,
        subject_id=subject_id,
    )
    before, same_as = _read_cursor(cursor)
    under_way = search(signed_in(request), wanted, same_as=same_as)
    found = under_way.found.filter(number__lt=before) if before else under_way.found
    rows = list(found.order_by("-number")[: limit + 1])
    more = f"{rows[limit - 1].number}.{under_way.number}" if len(rows) > limit else None
    return EntriesOut(entries=[_entry(told) for told in as_read(rows[:limit])], next=more)


@router.get("/logbook/entries/{number}", response=EntryOut, summary="An entry; opening it becomes one")
def get_entry(request: HttpRequest, number: Path[Number]) -> EntryOut:
    user = signed_in(request)
    found = access_entry(user, number)
    with transaction.atomic():
        log(OPENED, found, by=user)
    return _entry(as_read([found])[0])


@router.get(
    "/logbook/checkpoint",
    response=CheckpointOut,
    summary="The logbook's head, signed now",
    openapi_extra=AS_TEXT,
)
def get_checkpoint(request: HttpRequest, form: Annotated[Form, Query()] = "json") -> CheckpointOut | HttpResponse:
    """`form=text` answers the signed note itself, as C2SP tlog-checkpoint."""
    need(signed_in(request), Act.VERIFY_LOGBOOK)
    made = make_checkpoint()
    return HttpResponse(made.note, content_type=PLAIN) if form == "text" else _checkpoint(made)


@router.get("/logbook/proof", response=ProofOut, summary="That an entry is in the logbook", openapi_extra=AS_TEXT)
def get_proof(
    request: HttpRequest, entry: Annotated[Number, Query()], form: Annotated[Form, Query()] = "json"
) -> ProofOut | HttpResponse:
    """`form=text` answers the proof as C2SP tlog-proof."""
    found = access_entry(signed_in(request), entry, to=Act.VERIFY_LOGBOOK)
    made = make_checkpoint()
    path = merkle.inclusion_path(entry - 1, made.size, StoredTree().subtree)
    data = bytes_of(found)
    text = proof_text(entry - 1, path, made.note, data)
    if form == "text":
        return HttpResponse(text, content_type=PLAIN)
    return ProofOut(
        entry=entry,
        index=entry - 1,
        leaf_hash=_base64(merkle.leaf_hash(data)),
        path=[_base64(part) for part in path],
        canonical=data.decode(),
        checkpoint=_checkpoint(made),
        tlog_proof=text,
    )


@router.get(
    "/logbook/consistency", response=ConsistencyOut, summary="That nothing was removed since a size", by_alias=True
)
def get_consistency(
    request: HttpRequest, from_: Annotated[Size, Query(alias="from", description="The size you know.")]
) -> ConsistencyOut:
    """From the size of a checkpoint you kept to a checkpoint made now."""
    need(signed_in(request), Act.VERIFY_LOGBOOK)
    made = make_checkpoint()
    if from_ > made.size:
        raise BadSize(f"The logbook has {made.size} entries; {from_} is more.")
    path = consistency_proof(from_, made.size)
    shown = {"from": from_, "to": made.size, "path": [_base64(part) for part in path]}
    return ConsistencyOut.model_validate({**shown, "checkpoint": _checkpoint(made)})


def _entry(told: EntryAsRead) -> EntryOut:
    entry = told.entry
    facts: dict[str, Json] = told.facts
    names = [camera.name for camera in told.cameras if camera.name]
    return EntryOut(
        number=entry.number,
        at=moment_text(entry.recorded_at),
        action=entry.action,
        words=told.words,
        line=told.line,
        subject=SubjectOut(kind=entry.subject_kind, id=entry.subject_id) if entry.subject_kind else None,
        camera=names[0] if len(names) == 1 else None,
        cameras=names,
        facts=dict(facts),
        personal={row.field: row.value for row in entry.personal.all()},
        commitments=entry.commitments,
        erased={field: moment_text(at) for field, at in told.erased.items()},
        leaf_hash=entry.leaf_hash,
        corrects=told.corrects,
        corrected_by=told.corrected_by,
    )


def _checkpoint(made: Checkpoint) -> CheckpointOut:
    origin = head().origin
    return CheckpointOut(
        origin=origin,
        size=made.size,
        root=_base64(bytes.fromhex(made.root)),
        made_at=moment_text(made.made_at),
        note=made.note,
        key=own_verifier_key(origin),
    )


def _read_cursor(cursor: str) -> tuple[int | None, int | None]:
    """The number to go on below, and the search it belongs to."""
    if not cursor:
        return None, None
    parts = re.fullmatch(r"([0-9]{1,18})\.([0-9]{1,18})", cursor, re.ASCII)
    if parts is None:
        raise BadCursor("The cursor is not one of ours: send `next` of the page before as it was given.")
    return int(parts[1]), int(parts[2])


def _base64(data: bytes) -> str:
    return b64encode(data).decode()
