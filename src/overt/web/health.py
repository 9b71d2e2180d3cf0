"""Doors for machines: alive, ready, and figures for Prometheus."""

from __future__ import annotations

import hmac
import shutil
import time
from collections.abc import Callable
from ipaddress import ip_address
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry, Counter, Gauge, generate_latest

from footage.contract import CameraCondition, FootageError, NodeHealth
from overt.accounts.addresses import client_address
from overt.shared.env import env_secret
from overt.shared.sizes import size_words
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
    """Ready: database, node, disk and logbook are all well; 503 with the one that is not."""
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
    """Each check with its answer in words; `ready` when all are well."""
    checks = {name: _answer(check) for name, check in CHECKS.items()}
    return {"ready": all(check["ok"] for check in checks.values()), "checks": checks}


def _answer(check: Callable[[], str]) -> dict[str, Any]:
    try:
        return {"ok": True, "detail": check()}
    except Exception as error:  # any fault at all means "not ready"; the reason is what the reader needs
        return {"ok": False, "detail": str(error) or type(error).__name__}


class _NotWell(Exception):
    pass


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return connection.vendor


def _node() -> str:
    health = _health()
    if not health.alive:
        raise _NotWell("the recorder is not running")
    recording = sum(camera.condition is CameraCondition.RECORDING for camera in health.cameras)
    # An alarm is something to act on; a camera that is lost, or a disk that fills, leaves the node itself well.
    return "; ".join([f"{recording} of {len(health.cameras)} cameras recording", *health.alarms])


def _disk() -> str:
    usage = shutil.disk_usage(settings.FOOTAGE_STORE)
    if usage.free < 1_000_000_000:
        raise _NotWell(f"{usage.free // 1_000_000} MB free")
    return f"{size_words(usage.free)} free"


def _logbook() -> str:
    from overt.logbook.breaches import open_breaches
    from overt.logbook.models import CodeBreach
    from overt.logbook.queries import head

    broken = open_breaches(CodeBreach.Kind.LOGBOOK).first()
    if broken is not None:
        raise _NotWell(f"breach {broken.pk}, which nobody has answered: {broken.words}")
    return f"{head().size} entries"


CHECKS: dict[str, Callable[[], str]] = {"database": _database, "node": _node, "disk": _disk, "logbook": _logbook}


def _health() -> NodeHealth:
    from overt.estate.node import node

    return node().health()


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


def _breaches(registry: CollectorRegistry) -> None:
    from overt.logbook.breaches import open_breaches
    from overt.logbook.models import CodeBreach

    waiting = Gauge("overt_breaches_open", "Breaches that nobody has answered", ["kind"], registry=registry)
    for kind in CodeBreach.Kind:
        waiting.labels(kind.value).set(open_breaches(kind).count())


def _footage_round(registry: CollectorRegistry) -> None:
    """How far everything stored has been held against its hashes, and what was found."""
    from overt.watch.integrity import last_whole_round, round_under_way
    from overt.watch.models import DamagedSegment

    damaged = Gauge("overt_footage_damaged", "Recordings ever found damaged or missing", registry=registry)
    damaged.set(DamagedSegment.objects.count())
    if (going := round_under_way()) is not None:
        part = Gauge("overt_footage_check_ratio", "How much of this round has been read", registry=registry)
        part.set(going.percent / 100)
    if (last := last_whole_round()) is not None and last.finished_at is not None:
        done = Gauge("overt_footage_checked_time_seconds", "Unix time of the last whole round", registry=registry)
        done.set(last.finished_at.timestamp())


def _figures() -> CollectorRegistry:
    registry = CollectorRegistry()
    ready = Gauge("overt_ready", "1 when the check is well", ["check"], registry=registry)
    for name, check in readiness()["checks"].items():
        ready.labels(name).set(check["ok"])
    _breaches(registry)
    _footage_round(registry)
    Gauge("overt_scrape_time_seconds", "Unix time of these figures", registry=registry).set(time.time())
    try:
        health = _health()
    except (FootageError, OSError):
        return registry  # the recorder's store is not there; `overt_ready` says so
    Gauge("overt_store_free_bytes", "Free bytes in the footage store", registry=registry).set(health.store_free_bytes)
    Gauge("overt_store_held_bytes", "Bytes under a hold", registry=registry).set(health.held_bytes)
    Gauge("overt_alarms", "Alarms of the recorder", registry=registry).set(len(health.alarms))
    condition = Gauge("overt_camera_recording", "1 while the camera is recorded", ["camera"], registry=registry)
    bitrate = Gauge("overt_camera_bits_per_second", "Bit rate received", ["camera"], registry=registry)
    lost = Gauge("overt_camera_packets_lost", "Packets lost since the start", ["camera"], registry=registry)
    offset = Gauge("overt_camera_clock_offset_seconds", "Camera minus server clock", ["camera"], registry=registry)
    odd = Counter("overt_camera_oddities", "Odd things a camera sent", ["camera", "kind"], registry=registry)
    noted = Gauge("overt_camera_notes", "Notes on a camera's stream now", ["camera"], registry=registry)
    for camera in health.cameras:
        label = str(camera.camera_id)
        condition.labels(label).set(camera.condition is CameraCondition.RECORDING)
        bitrate.labels(label).set(camera.bitrate_bps)
        lost.labels(label).set(camera.frames_lost)
        noted.labels(label).set(len(camera.notes))
        for kind, count in camera.oddities:
            odd.labels(label, kind).inc(count)
        if camera.clock_offset_ms is not None:
            offset.labels(label).set(camera.clock_offset_ms / 1000)
    return registry
