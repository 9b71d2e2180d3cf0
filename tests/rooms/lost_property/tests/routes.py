"""Who may use each address of lost property, and how."""

from __future__ import annotations

from collections.abc import Mapping

from overt.lost_property.room import HAND_IN
from routing import Route, to

ROUTES: Mapping[str, Route] = {
    "GET lost-property/": to(HAND_IN),
    "POST lost-property/": to(HAND_IN, body=lambda w, u, n: {"words": "A red umbrella"}),
    "GET api/v1/lost-property": to(HAND_IN),
}
