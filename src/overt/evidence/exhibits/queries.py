"""Exhibits as one person may see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from overt.access.rules import Act
from overt.estate.models import Camera
from overt.evidence.errors import MayNot, NoSuchExhibit
from overt.evidence.exhibits.rules import ExhibitState
from overt.evidence.models import Exhibit, ExhibitClip

if TYPE_CHECKING:
    from overt.accounts.models import User


def exhibits_for(user: User, *, to: Act = Act.SEE_EXHIBIT) -> QuerySet[Exhibit]:
    """Exhibits every camera of which is this person's to use for the act: one foreign clip hides the whole."""
    mine = Camera.objects.visible_to(user, to=to).values("pk")
    foreign = ExhibitClip.objects.exclude(camera__in=mine).values("exhibit")
    return Exhibit.objects.filter(clips__camera__in=mine).exclude(pk__in=foreign).distinct()


def access_exhibit(user: User, reference: str, *, to: Act = Act.SEE_EXHIBIT) -> Exhibit:
    """The exhibit of this reference, for an act.

    Raises NoSuchExhibit where it is missing or not this person's to know of, MayNot where they may see it and not more.
    """
    wanted = Q(reference=reference.upper())
    rows = exhibits_for(user).select_related("operator", "parent")
    found = rows.filter(wanted).first()
    if found is None:
        error = NoSuchExhibit(f"There is no exhibit {reference}, or it is not yours to know of.")
        error.subject = Exhibit.objects.filter(wanted).first()
        raise error
    if to != Act.SEE_EXHIBIT and not exhibits_for(user, to=to).filter(pk=found.pk).exists():
        refused = MayNot(f"You may see exhibit {found.reference}, but your roles do not reach to this.")
        refused.subject = found
        raise refused
    return found


def may_with(user: User, exhibit: Exhibit, act: Act) -> bool:
    """Whether to offer somebody an act on an exhibit."""
    return exhibits_for(user, to=act).filter(pk=exhibit.pk).exists()


@dataclass(frozen=True, slots=True)
class RegisterFilter:
    """What the register is filtered by; empty words do not filter."""

    words: str = ""
    state: str = ""


def register(user: User, wanted: RegisterFilter) -> QuerySet[Exhibit]:
    """The exhibits a person may see, newest first. Source: BASS-9.3.a (a register of the whole life)."""
    rows = exhibits_for(user).select_related("operator").prefetch_related("clips__camera")
    if wanted.words:
        words = Q(reference__icontains=wanted.words) | Q(reason__icontains=wanted.words)
        words |= Q(case_reference__icontains=wanted.words)
        cameras = Q(clips__camera__number__iexact=wanted.words) | Q(clips__camera__name__icontains=wanted.words)
        rows = rows.filter(words | cameras).distinct()
    if wanted.state in {state.value for state in ExhibitState}:
        rows = rows.filter(state=wanted.state)
    elif wanted.state == "altered":
        rows = rows.exclude(verified_answer__in=["", "good"])
    return rows.order_by("-opened_at", "reference")


def seconds_left(exhibit: Exhibit, now: datetime) -> int | None:
    """How long the sealing will take from now, at the rate so far; None while that is unknown."""
    if exhibit.state != ExhibitState.SEALING or not exhibit.progress_done or exhibit.progress_since is None:
        return None
    spent = (now - exhibit.progress_since).total_seconds()
    return max(1, round(spent / exhibit.progress_done * (exhibit.progress_total - exhibit.progress_done)))
