"""What can go wrong with places."""

from __future__ import annotations

from overt.shared.errors import BadInput


class BadPlace(BadInput):
    """A partner's, town's, site's, desk's or group's name cannot be, or is taken."""

    code = "bad-place"
    field = "name"
