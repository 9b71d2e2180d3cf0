"""Doors for machines: alive, ready, and figures for Prometheus."""

from __future__ import annotations

import hmac
import time
from collections.abc import Callable
from ipaddress import ip_address
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry, Gauge, generate_latest

from overt.accounts.addresses import client_address
from overt.rooms import ToSeeTo, named, rooms
from overt.shared.env import env_secret
from overt.web.errors import problem

#: What a proxy adds to a request that it passes on.
_FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Real-IP")


@login_not_required
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Alive: this process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Ready: the database, and whatever the rooms check, are all well; 503 with the one that is not."""
    found = readiness()
    plain = {name: check["ok"] for name, check in found["checks"].items()}
    body = found if _may_measure(request) else {"ready": found["ready"], "checks": plain}
    return JsonResponse(body, status=200 if found["ready"] else 503)


@login_not_required
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Figures for Prometheus: to this machine, or with the bearer token of OVERT_METRICS_TOKEN."""
    if not _may_measure(request):
        return problem(403, "metrics-refused", "Not from here", "Figures are given to this machine or with the token.")
    return HttpResponse(generate_latest(_figures()), content_type="text/plain; version=0.0.4")


def readiness() -> dict[str, Any]:
    """Each check with its answer in words; `ready` when all are met. `see_to`: met, but somebody must act."""
    checks = {"database": _answer(_database)}
    checks |= {check.name: _answer(named(check.ask)) for room in rooms() for check in room.checks}
    return {"ready": all(check["ok"] for check in checks.values()), "checks": checks}


def _answer(check: Callable[[], str]) -> dict[str, Any]:
    try:
        said = check()
        return {"ok": True, "detail": said} | ({"see_to": True} if isinstance(said, ToSeeTo) else {})
    except Exception as error:  # any fault at all means "not ready"; the reason is what the reader needs
        return {"ok": False, "detail": str(error) or type(error).__name__}


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return connection.vendor


def _may_measure(request: HttpRequest) -> bool:
    token = env_secret("OVERT_METRICS_TOKEN")
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if token and hmac.compare_digest(token.encode(), given.encode()):
        return True
    if any(name in request.headers for name in _FORWARDED) and not settings.TRUSTED_PROXIES:
        return False  # through a proxy that nobody named: everybody would seem to be this machine
    try:
        return ip_address(client_address(request)).is_loopback
    except ValueError:
        return False


def _figures() -> CollectorRegistry:
    registry = CollectorRegistry()
    ready = Gauge("overt_ready", "1 when the check is well", ["check"], registry=registry)
    for name, check in readiness()["checks"].items():
        ready.labels(name).set(check["ok"])
    for name in (name for room in rooms() for name in room.metrics):
        named(name)(registry)
    Gauge("overt_scrape_time_seconds", "Unix time of these figures", registry=registry).set(time.time())
    return registry
