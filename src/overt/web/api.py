"""The API: one NinjaAPI, to which each room adds its router."""

from __future__ import annotations

from ninja import NinjaAPI

api = NinjaAPI(title="Overt", version="1", urls_namespace="api", docs_url=None, openapi_url=None)
