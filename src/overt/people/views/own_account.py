"""One's own account on one page: who one is, one's roles and one's API tokens."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from overt.access.queries import grants_not_over
from overt.accounts.requests import signed_in
from overt.accounts.tokens import tokens_of


def account(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    context = {"grants": grants_not_over(user), "tokens": tokens_of(user), "now": timezone.now()}
    return render(request, "people/account.html", context)
