"""Every address of the web process, room by room. Media bytes are the gateway's (see overt.asgi)."""

from __future__ import annotations

from django.urls import include, path
from django.views.decorators.http import require_safe

from overt.rooms import modules
from overt.web import health, views
from overt.web.api import api, openapi

handler500 = "overt.web.errors.server_failed"

urlpatterns = [
    path("", require_safe(views.home), name="home"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
    *(path("", include(name)) for name in modules("urls")),
    path("api/openapi.json", openapi, name="openapi"),
    path("api/v1/", api.urls),
]
