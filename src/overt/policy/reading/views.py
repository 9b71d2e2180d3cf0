"""Reading: the policy in force, a version or a published scheme as a document, two side by side, what is wrong."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from overt.access.doors import need
from overt.access.queries import may_everywhere
from overt.access.rules import Act
from overt.accounts.models import User
from overt.accounts.requests import signed_in
from overt.policy.drafting.services import is_author, major_changes
from overt.policy.models import PolicyMove, PolicyVersion
from overt.policy.queries import (
    NoSuchVersion,
    access_version,
    policy_by_key,
    policy_in_force,
    policy_of,
    version_in_force,
    versions_visible_to,
)
from overt.policy.reading.forms import AsOfForm, CompareForm
from overt.policy.reading.words import clause_words, issued_words, pairs_of, sections_of
from overt.policy.rules import SchemePolicy
from overt.policy.rules.check import check, errors_of
from overt.policy.rules.findings import Finding, Severity
from overt.policy.rules.moves import MOVES, VersionState
from overt.policy.rules.reviews import review_due
from overt.policy.schemes import NAMES, every_shipped, shipped


def home(request: HttpRequest) -> HttpResponse:
    """The policy in force, the versions before and after it, and the published schemes."""
    user = signed_in(request)
    need(user, Act.READ_POLICY)
    current, policy = version_in_force(), policy_in_force()
    found = check(policy, timezone.localdate())
    context = {
        "current": current,
        "policy": policy,
        "review_due": review_due(policy),
        "counts": _counts(found),
        "versions": versions_visible_to(user),
        "published": [(one, issued_words(one), review_due(one)) for one in every_shipped()],
        "may_draft": may_everywhere(user, Act.MANAGE_POLICY),
    }
    return render(request, "policy/reading/home.html", context)


def version(request: HttpRequest, number: int) -> HttpResponse:
    """One version read as a document, with its history and what may be done next."""
    user = signed_in(request)
    held = access_version(user, number)
    policy = policy_of(held)
    current, major = version_in_force(), _major(held)
    context = {
        **_document(policy),
        "version": held,
        "here": current is not None and current.pk == held.pk,
        "moves": held.moves.select_related("by"),
        "may_change": held.state == VersionState.DRAFT and may_everywhere(user, Act.MANAGE_POLICY),
        "next_moves": moves_open_to(user, held.state, by_author=is_author(held, user), major=bool(major)),
        "next": _next(held.state, major=bool(major), mine=is_author(held, user)),
        "current": current,
        "major": [name.replace("_", " ") for name in major],
        "key": str(held.number),
        "findings_url": reverse("policy-version-findings", args=[held.number]),
    }
    return render(request, "policy/reading/document.html", context)


def published(request: HttpRequest, name: str) -> HttpResponse:
    """A published scheme read as a document."""
    need(signed_in(request), Act.READ_POLICY)
    context = {
        **_document(_published(name)),
        "key": name,
        "findings_url": reverse("policy-published-findings", args=[name]),
    }
    return render(request, "policy/reading/document.html", context)


def version_findings(request: HttpRequest, number: int) -> HttpResponse:
    held = access_version(signed_in(request), number)
    return _findings(request, policy_of(held), held.get_absolute_url(), str(held))


def published_findings(request: HttpRequest, name: str) -> HttpResponse:
    need(signed_in(request), Act.READ_POLICY)
    return _findings(request, _published(name), reverse("policy-published", args=[name]), "Published scheme")


def compare(request: HttpRequest) -> HttpResponse:
    """Two policies side by side: versions by number, published schemes by name."""
    user = signed_in(request)
    need(user, Act.READ_POLICY)
    choices = _choices(user)
    chosen = request.GET if "b" in request.GET else None  # a link may name one only, and the other is chosen here
    form = CompareForm(chosen, choices=choices, initial={"a": request.GET.get("a", "")})
    context: dict[str, object] = {"form": form}
    status = 200
    if form.is_bound and form.is_valid():
        first, second = policy_by_key(user, form.cleaned_data["a"]), policy_by_key(user, form.cleaned_data["b"])
        rows = pairs_of(first, second, only_different=not form.cleaned_data["all"])
        names = dict(choices)
        context |= {
            "first": names[form.cleaned_data["a"]],
            "second": names[form.cleaned_data["b"]],
            "sections": rows,
            "count": sum(pair.differs for _, pairs in rows for pair in pairs),
        }
    elif form.is_bound:
        status = 422
    return render(request, "policy/reading/compare.html", context, status=status)


def history(request: HttpRequest) -> HttpResponse:
    """Every step of every version that this person may read, newest first."""
    user = signed_in(request)
    need(user, Act.READ_POLICY)
    moves = PolicyMove.objects.filter(version__in=versions_visible_to(user)).select_related("version", "by")
    table = [(a.value, b.value, clause_words(clauses)) for (a, b), clauses in MOVES.items()]
    return render(request, "policy/reading/history.html", {"moves": moves.order_by("-at", "-id"), "table": table})


def moves_open_to(user: User, state: str, *, by_author: bool, major: bool) -> list[tuple[str, str]]:
    """What this person may do with a version next: the route's name and its words."""
    known = {
        (VersionState.DRAFT, Act.MANAGE_POLICY): [
            ("policy-consult", "Record the consultation"), ("policy-head", "Change the title page"),
            ("policy-change", "Change it as a text"),
            ("policy-withdraw", "Withdraw it"),
        ],
        (VersionState.CONSULTED, Act.MANAGE_POLICY): [
            ("policy-reopen", "Take it back to draft"), ("policy-withdraw", "Withdraw it"),
        ],
        (VersionState.APPROVED, Act.MANAGE_POLICY): [
            ("policy-start", "Put it in force"), ("policy-withdraw", "Withdraw it"),
        ],
        (VersionState.DRAFT, Act.APPROVE_POLICY): [] if by_author or major else [("policy-approve", "Approve it")],
        (VersionState.CONSULTED, Act.APPROVE_POLICY): [] if by_author else [("policy-approve", "Approve it")],
    }  # fmt: skip
    found: list[tuple[str, str]] = []
    for (wanted, act), routes in known.items():
        if wanted == state and may_everywhere(user, act):
            found += routes
    return found


def _next(state: str, *, major: bool, mine: bool) -> str:
    """What has to happen before the rooms act on it, in a sentence."""
    other = (
        "Somebody else who answers for the scheme" if mine else "Whoever answers for the scheme and did not write it"
    )
    return {
        VersionState.DRAFT: "The partners are consulted, and what came of it is recorded here."
        if major
        else f"{other} approves it: the change is a minor one.",
        VersionState.CONSULTED: f"{other} approves it. A change to it sends it back to draft.",
        VersionState.APPROVED: "It is put in force, now or from a day to come.",
    }.get(VersionState(state), "")


def _major(held: PolicyVersion) -> list[str]:
    """What makes a version that is not in force yet a major change."""
    over = (VersionState.IN_FORCE, VersionState.WITHDRAWN)
    return [] if held.state in over else major_changes(held)


def _published(name: str) -> SchemePolicy:
    if name not in NAMES:
        raise NoSuchVersion(name)
    return shipped(name)


def _document(policy: SchemePolicy) -> dict[str, object]:
    found = check(policy, timezone.localdate())
    return {
        "policy": policy,
        "sections": sections_of(policy),
        "review_due": review_due(policy),
        "issued": issued_words(policy),
        "counts": _counts(found),
    }


def _findings(request: HttpRequest, policy: SchemePolicy, back: str, caption: str) -> HttpResponse:
    day: date = timezone.localdate()
    form = AsOfForm(request.GET or None, initial={"as_of": day})
    if form.is_bound and form.is_valid():
        day = form.cleaned_data["as_of"] or day
    found = check(policy, day)
    groups = [
        (word, kind, [(f, clause_words(f.clauses)) for f in found if f.severity is severity])
        for word, kind, severity in (
            ("Errors", "late", Severity.ERROR), ("Warnings", "wait", Severity.WARNING), ("Notes", "", Severity.NOTE),
        )
    ]  # fmt: skip
    context = {
        "policy": policy, "form": form, "day": day, "groups": groups, "back": back, "caption": caption,
        "counts": _counts(found),
    }  # fmt: skip
    return render(request, "policy/reading/findings.html", context, status=422 if form.errors else 200)


def _counts(found: list[Finding]) -> str:
    """2 errors, 1 warning; or nothing."""
    warnings = sum(one.severity is Severity.WARNING for one in found)
    errors = len(errors_of(found))
    counts = (("error", errors), ("warning", warnings), ("note", len(found) - errors - warnings))
    return ", ".join(f"{count} {word}{'' if count == 1 else 's'}" for word, count in counts if count) or "nothing"


def _choices(user: User) -> list[tuple[str, str]]:
    own = [(str(v.number), f"Version {v.number}, {v.get_state_display()}") for v in versions_visible_to(user)]
    return [*own, *((policy.scheme, policy.title) for policy in every_shipped())]
