from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from overt.access.doors import need
from overt.accounts.requests import signed_in
from overt.lost_property.models import Thing
from overt.lost_property.room import HAND_IN
from overt.lost_property.services import hand_in
from overt.shared.forms import PlainForm


class ThingForm(PlainForm):
    words = forms.CharField(label="Thing", max_length=100)


def things(request: HttpRequest) -> HttpResponse:
    """What was handed in, with the form to add to it."""
    user = signed_in(request)
    need(user, HAND_IN)
    form = ThingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        hand_in(form.cleaned_data["words"], by=user)
        return redirect("lost-property")
    context = {"things": Thing.objects.order_by("-handed_in_at"), "form": form}
    return render(request, "lost_property/things.html", context, status=422 if form.errors else 200)
