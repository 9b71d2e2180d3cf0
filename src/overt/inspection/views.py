"""The logbook to read, filter and print; each entry with its proof; erasing; and what an inspector takes away."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from datetime import datetime
from functools import partial

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from footage.times import utc_shown
from overt.access.doors import need
from overt.access.queries import may
from overt.access.rules import Act
from overt.accounts.requests import signed_in
from overt.inspection.corrections import correct
from overt.inspection.forms import CorrectForm, EraseForm, FilterForm, KeptForm
from overt.inspection.log_actions import OPENED, PRINTED, Printed
from overt.inspection.queries import EntryAsRead, access_entry, as_read, readable
from overt.inspection.search import PAGE, search
from overt.logbook.append import bytes_of
from overt.logbook.checkpoints import head, inclusion_proof, make_checkpoint
from overt.logbook.keys import own_verifier_key
from overt.logbook.models import CAMERA_IDS, Entry, KeySuccession
from overt.logbook.recording import log
from overt.logbook.services import erase
from overt.logbook.standing import entry_standing, kept_standing, newest_checkpoint
from overt.logbook.succession import changes_text
from overt.shared.asking import Done, Question, ask, ask_on
from overt.shared.canonical import Json
from overt.shared.lines import visible_json, visible_text
from overt.shared.paper import render_paper

#: One print is at most so many entries; a longer span is printed in parts.
PRINT_AT_MOST = 2000
#: A person's key and name go together: one without the other would still say who it was.
TOGETHER = {"actor": "actor_name", "subject": "subject_name"}
#: A moment as rooms write it into facts.
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
#: Facts that the page tells in another way: as the cameras, or as the entry that is corrected.
UNTOLD = {"camera_id", CAMERA_IDS, "corrects"}
FIELD_WORDS = {
    "correction": "What is right",
    "actor_name": "Who did it",
    "reason": "The reason",
    "subject_name": "Whom it was about",
}


def logbook(request: HttpRequest) -> HttpResponse:
    """The newest entries, or those a filter finds; older and newer pages are by number."""
    user = signed_in(request)
    need(user, Act.READ_LOGBOOK)
    form = FilterForm(request.GET)
    if not form.is_valid():
        return render(request, "inspection/logbook.html", {"form": form, "told": []}, status=422)
    under_way = search(user, form.wanted(), same_as=_number(request, "search"))
    before, after = _number(request, "before"), _number(request, "after")
    found = under_way.found
    if after is not None:
        rows = list(found.filter(number__gt=after).order_by("number")[:PAGE])[::-1]
    else:
        rows = list((found.filter(number__lt=before) if before else found).order_by("-number")[:PAGE])
    filtered, count = not form.wanted().everything, found.count()
    context = {
        "form": form,
        "told": as_read(rows),
        "count": count,
        "search": under_way.number,
        "newer": rows[0].number if rows and found.filter(number__gt=rows[0].number).exists() else None,
        "older": rows[-1].number if rows and found.filter(number__lt=rows[-1].number).exists() else None,
        "filtered": filtered,
        "may_verify": may(user, Act.VERIFY_LOGBOOK),
        "size": head().size,
        "what_is_printed": _what_is_printed(count, filtered=filtered),
    }
    return render(request, "inspection/logbook.html", context)


def _what_is_printed(count: int, *, filtered: bool) -> str:
    if count > PRINT_AT_MOST:
        return f"the newest {PRINT_AT_MOST}"
    return "what was found" if filtered else "all of it"


def entry(request: HttpRequest, number: int) -> HttpResponse:
    """One entry: what it says, and its proof in words. Opening it is written down."""
    user = signed_in(request)
    found = access_entry(user, number)
    with transaction.atomic():
        log(OPENED, found, by=user)
    [told] = as_read([found])
    context = {
        "told": told,
        "facts": _fact_rows({key: value for key, value in told.facts.items() if key not in UNTOLD}),
        "personal": _personal_rows(told),
        "canonical": visible_json(bytes_of(found).decode()),
        "standing": entry_standing(found) if may(user, Act.VERIFY_LOGBOOK) else None,
        "may_erase": may(user, Act.ERASE_PERSONAL) and any(row.value is not None for row in found.personal.all()),
        "may_correct": may(user, Act.CORRECT_ENTRY),
        "corrections": as_read(readable(user).filter(number__in=told.corrected_by).prefetch_related("personal")),
        "neighbours": _neighbours(request, found),
    }
    return render(request, "inspection/entry.html", context)


def proof(request: HttpRequest, number: int) -> HttpResponse:
    """The entry's inclusion proof as a file: C2SP tlog-proof, with the entry in its extra line."""
    found = access_entry(signed_in(request), number, to=Act.VERIFY_LOGBOOK)
    text = inclusion_proof(found.number, entry=bytes_of(found))
    return _file(text, f"entry-{number}.tlog-proof")


def checkpoint(request: HttpRequest) -> HttpResponse:
    """The signed head of the logbook as it is now, to take away."""
    need(signed_in(request), Act.VERIFY_LOGBOOK)
    made = make_checkpoint()
    return _file(made.note, f"checkpoint-{made.size}.txt")


def key_changes(request: HttpRequest) -> HttpResponse:
    """The changes of the logbook's key, by which a key from an earlier visit leads to the present one."""
    need(signed_in(request), Act.VERIFY_LOGBOOK)
    return _file(changes_text(), "keys.jsonl")


def prove(request: HttpRequest) -> HttpResponse:
    """For inspectors and partners: today's checkpoint, the key, and whether a kept checkpoint still holds."""
    need(signed_in(request), Act.VERIFY_LOGBOOK)

    def act(form: KeptForm) -> HttpResponse:
        kept = kept_standing(_note(form.cleaned_data["note"]))
        return render(request, "inspection/prove.html", {**context(form), "form": form, "kept": kept})

    def context(form: KeptForm) -> dict[str, object]:
        made, damaged = newest_checkpoint()
        return {
            "checkpoint": made,
            "damaged": damaged,
            "key": own_verifier_key(head().origin),
            "changes": KeySuccession.objects.all(),
        }

    return ask_on(request, KeptForm, act, "inspection/prove.html", context)


def printed(request: HttpRequest) -> HttpResponse:
    """The entries of a filter on paper, oldest first: numbered pages, and the signed head at the foot of each."""
    user = signed_in(request)
    need(user, Act.READ_LOGBOOK)
    form = FilterForm(request.GET)
    if not form.is_valid():
        return render(request, "inspection/logbook.html", {"form": form, "told": []}, status=422)
    wanted = form.wanted()
    under_way = search(user, wanted, same_as=_number(request, "search"))
    newest_first = list(under_way.found.order_by("-number")[:PRINT_AT_MOST])
    rows = newest_first[::-1]
    left_out = under_way.found.count() - len(rows)  # before the print itself is an entry
    with transaction.atomic():
        log(PRINTED, by=user, facts=Printed(under_way.number, len(rows)))
    signed = make_checkpoint()
    context = {
        "told": as_read(rows),
        "wanted": wanted,
        "action_words": dict(form.fields["action"].choices).get(wanted.action, ""),  # type: ignore[attr-defined]
        "left_out": left_out,
        "checkpoint": signed,
        "origin": head().origin,
        "root": b64encode(bytes.fromhex(signed.root)).decode(),
        "by": user,
    }
    return render_paper(request, "inspection/print.html", context)


def erase_entry(request: HttpRequest, number: int) -> HttpResponse:
    """Asks what is erased and why; what is erased cannot be brought back."""
    user = signed_in(request)
    need(user, Act.ERASE_PERSONAL)
    found = access_entry(user, number)
    held = [row.field for row in found.personal.all() if row.value is not None]
    groups = {TOGETHER.get(name, name) for name in held}

    def act(form: EraseForm) -> Done:
        said = form.cleaned_data
        fields = [name for name in held if TOGETHER.get(name, name) in said["fields_to_erase"]]
        erase(number, by=user, reason=said["reason"], fields=fields)
        return Done(f"Erased from entry {number}. The entry and its proof stay.", found)

    question = Question(
        title=f"Erase personal content of entry {number}",
        caption="Logbook",
        lead="The words go for good. The entry, its number and its proof stay; a new entry tells of the erasure.",
        button="Erase",
        danger=True,
    )
    made = partial(EraseForm, choices=[(name, _field_words(name)) for name in sorted(groups)])
    return ask(request, made, act, question, back=found)


def correct_entry(request: HttpRequest, number: int) -> HttpResponse:
    """Asks what is right and why; the answer is an entry of its own."""
    user = signed_in(request)
    found = access_entry(user, number, to=Act.CORRECT_ENTRY)

    def act(form: CorrectForm) -> Done:
        made = correct(found, by=user, **form.cleaned_data)
        return Done(f"Entry {made.number} corrects entry {number}.", found)

    question = Question(
        title=f"Correct entry {number}",
        caption="Logbook",
        lead="Nothing in the logbook is changed. What is right is a new entry, and the two point to each other.",
        button="Write the correction",
    )
    return ask(request, CorrectForm, act, question, back=found)


def _number(request: HttpRequest, name: str) -> int | None:
    """A number of the query, or None for anything that no entry could have."""
    text = request.GET.get(name, "")
    return int(text) if re.fullmatch(r"[0-9]{1,18}", text, re.ASCII) else None


def _note(text: str) -> str:
    """A pasted note: browsers send CRLF, and people leave out the last newline."""
    return text.replace("\r\n", "\n").strip("\n") + "\n"


def _file(text: str, name: str) -> HttpResponse:
    response = HttpResponse(text, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


def _neighbours(request: HttpRequest, found: Entry) -> dict[str, int | None]:
    rows = readable(signed_in(request))
    earlier = rows.filter(number__lt=found.number).order_by("-number").values_list("number", flat=True).first()
    later = rows.filter(number__gt=found.number).order_by("number").values_list("number", flat=True).first()
    return {"earlier": earlier, "later": later}


def _fact_rows(facts: dict[str, Json]) -> list[dict[str, object]]:
    """Facts as people read them: `moment` where the value is a time, and nothing said of what is empty."""
    return [
        {
            "key": key.removesuffix("_90k").replace("_", " ").capitalize(),
            "moment": _moment(key, value),
            "value": visible_text(_plain(value)),
        }
        for key, value in facts.items()
        if value is not None and value != ""
    ]


def _moment(key: str, value: Json) -> datetime | None:
    if key.endswith("_90k") and isinstance(value, int) and not isinstance(value, bool):
        return utc_shown(value)
    return datetime.fromisoformat(value) if isinstance(value, str) and _MOMENT.fullmatch(value) else None


def _plain(value: Json) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None:
        return "–"
    if isinstance(value, str | int):
        return str(value)
    if isinstance(value, list) and all(isinstance(item, str | int) for item in value):
        return ", ".join(str(item) for item in value)
    return json.dumps(value, ensure_ascii=False)


def _personal_rows(told: EntryAsRead) -> list[dict[str, object]]:
    """The room's own personal content, each with its words or the moment it was erased."""
    return [
        {"key": _field_words(name), "value": value, "erased": told.erased.get(name)}
        for name, value in told.more.items()
    ]


def _field_words(name: str) -> str:
    return FIELD_WORDS.get(name, name.replace("_", " ").capitalize())
