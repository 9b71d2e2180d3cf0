"""Pages made for paper: the label, the release form, the continuity sheet. Each showing is an entry."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from overt.access.rules import Act
from overt.accounts.requests import signed_in
from overt.evidence.copies.queries import access_copy
from overt.evidence.copies.register import copies_of
from overt.evidence.copies.rules import SERVER
from overt.evidence.copies.words import copy_line, terms
from overt.evidence.exhibits.folders import sealed_folder
from overt.evidence.exhibits.looks import note_printed
from overt.evidence.exhibits.queries import access_exhibit
from overt.evidence.exhibits.words import story
from overt.evidence.log_facts import Paper
from overt.evidence.models import Copy, Exhibit
from overt.policy.queries import policy_in_force
from overt.shared.paper import render_paper


@require_GET
def label(request: HttpRequest, reference: str) -> HttpResponse:
    """The labels of the master and the working copy, or of every copy that is here. Source: BASS-1.6.3.a."""
    found = access_exhibit(signed_in(request), reference)
    sealed_folder(found)
    lines = [copy_line(copy) for copy in copies_of(found)]
    return _printed(request, found, Paper.LABELS, None, [line.copy for line in lines if line.here])


@require_GET
def copy_label(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """The label of one copy. Source: HERTS-24.4 (reference, producing officer, disc or package number, hashes)."""
    found = access_copy(signed_in(request), reference, number)
    return _printed(request, found.exhibit, Paper.LABEL, number, [found])


def _printed(
    request: HttpRequest, exhibit: Exhibit, paper: Paper, number: int | None, copies: list[Copy]
) -> HttpResponse:
    note_printed(exhibit, paper, by=signed_in(request), copy=number)
    context = {**_about(exhibit), "lines": [copy_line(copy) for copy in copies]}
    return render_paper(request, "evidence/exhibits/label.html", context)


@require_GET
def form(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """The release form, to be signed on paper. Source: HERTS-24.6."""
    found = access_copy(signed_in(request), reference, number, to=Act.EXPORT_BAG)
    note_printed(found.exhibit, Paper.RELEASE_FORM, by=signed_in(request), copy=number)
    context = {**_about(found.exhibit), "copy": found, "line": copy_line(found), "terms": terms()}
    return render_paper(request, "evidence/copies/release_form.html", context)


@require_GET
def continuity(request: HttpRequest, reference: str) -> HttpResponse:
    """From the recording to the last handover, copy by copy. Source: BASS-9.3.a, HERTS-24.7."""
    found = access_exhibit(signed_in(request), reference)
    note_printed(found, Paper.CONTINUITY_SHEET, by=signed_in(request))
    copies = [(copy_line(copy), list(copy.movements.select_related("by", "place"))) for copy in copies_of(found)]
    return render_paper(request, "evidence/exhibits/continuity.html", {**_about(found), "copies": copies})


def _about(exhibit: Exhibit) -> dict[str, object]:
    return {
        "exhibit": exhibit,
        "story": story(exhibit, whole=True),
        "scheme": policy_in_force().scheme_name,
        "now": timezone.now(),
        "server": SERVER,
    }
