"""The house's own addresses: the first page, and the doors for machines."""

from __future__ import annotations

from collections.abc import Mapping

from routing import Route

ROUTES: Mapping[str, Route] = {
    "GET ": Route(),
    "GET healthz": Route(stranger=True),
    "GET readyz": Route(stranger=True, passes=frozenset({"not-ready"})),
    "GET metrics": Route(stranger=True),
    "GET api/openapi.json": Route(stranger=True),
}
