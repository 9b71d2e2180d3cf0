"""Letting an engineer look at recordings under one's own eye, and what was seen."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from overt.access.doors import need
from overt.access.rules import Act
from overt.accounts.requests import signed_in
from overt.shared.asking import Done, ask_on
from overt.watch.supervised import services
from overt.watch.supervised.forms import SupervisionForm
from overt.watch.supervised.queries import access_supervision, check_policy, engineers, still_counts, supervisions_for


@require_safe
def supervisions(request: HttpRequest) -> HttpResponse:
    """Every supervision over the cameras this person supervises, newest first."""
    user = signed_in(request)
    need(user, Act.SUPERVISE_PLAYBACK)
    context = {"supervisions": supervisions_for(user)[:200], "now": timezone.now()}
    return render(request, "watch/supervised/supervisions.html", context)


@require_http_methods(["GET", "POST"])
def allow(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    need(user, Act.SUPERVISE_PLAYBACK)
    check_policy()

    def made(*sent: Any) -> SupervisionForm:
        form = SupervisionForm(*sent)
        form.fields["engineer"].queryset = engineers()  # type: ignore[attr-defined]  # a ModelChoiceField
        return form

    def act(form: SupervisionForm) -> Done:
        said = form.cleaned_data
        supervision = services.allow(
            user,
            said["engineer"],
            form.numbers(),
            purpose=said["purpose"],
            fault=said["fault"],
            minutes=said["minutes"],
        )
        words = f"{supervision.engineer.full_name} may look now. Stay at the screen."
        return Done(words, reverse("supervised-playback", args=[supervision.pk]))

    return ask_on(request, made, act, "watch/supervised/allow.html")


@require_safe
def supervision(request: HttpRequest, supervision_id: UUID) -> HttpResponse:
    """One supervision: its terms, and what was seen under it."""
    found = access_supervision(signed_in(request), supervision_id)
    reviews = found.reviews.prefetch_related("cameras", "days").order_by("opened_at")
    now = timezone.now()
    context = {"supervision": found, "reviews": reviews, "still_counts": still_counts(found, now), "now": now}
    return render(request, "watch/supervised/supervision.html", context)


@require_POST
def end(request: HttpRequest, supervision_id: UUID) -> HttpResponse:
    user = signed_in(request)
    found = access_supervision(user, supervision_id)
    services.end(found, by=user)
    messages.success(request, f"{found.engineer.full_name} can see no more recordings.")
    return redirect("supervised-playback", found.pk)
