"""A camera as somebody describes it: what the form, the CSV file, the command line and the API all fill in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from overt.estate.models import Camera
from overt.places.models import CameraGroup, Partner, Town


@dataclass(frozen=True, slots=True)
class CameraValues:
    """Everything about a camera. Empty credentials leave the stored ones as they are, unless `forget_credentials`."""

    number: str
    name: str
    town: Town
    address: str  # rtsp or rtsps; credentials inside it are taken out
    partner: Partner | None = None  # None: the town's
    kind: str = Camera.Kind.FIXED
    groups: Sequence[CameraGroup] = ()
    latitude: Decimal | None = None
    longitude: Decimal | None = None
    bearing_degrees: int | None = None
    username: str = ""
    password: str = field(default="", repr=False)
    forget_credentials: bool = False
    certificate: str = ""  # SHA-256 in hex, with or without colons; "any"; or empty
    basic_allowed: bool = False
    transport: str = Camera.Transport.TCP
    recorded: bool = True
    retention_days: int | None = None
    priority: int = 100

    def __post_init__(self) -> None:
        object.__setattr__(self, "certificate", "".join(self.certificate.replace(":", "").split()).lower())
