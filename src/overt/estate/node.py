"""The recorder of this installation, and the orders it gets: which cameras to record, and for how long."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings

from footage.contract import CameraId, CameraSource, FootageError
from footage.times import utc_90k
from overt.estate.cameras.credentials import CredentialsUnreadable, decrypt
from overt.estate.models import Camera
from overt.estate.sound.queries import orders_in_force
from overt.policy.queries import policy_in_force
from overt.shared.engine import local_node
from overt.shared.keys import node_key

if TYPE_CHECKING:
    from footage.contract import Node, NodeHealth

_log = logging.getLogger(__name__)


def node() -> Node:
    """The recorder on this machine."""
    return local_node(settings.FOOTAGE_STORE, settings.RUN, node_key())


def node_health() -> NodeHealth | None:
    """The recorder's word on itself; None where it cannot be asked at all."""
    try:
        return node().health()
    except (FootageError, OSError):
        return None


def source_of(camera: Camera, default_days: int, sound_until: datetime | None = None) -> CameraSource:
    """The order to record a camera, with its credentials opened; its sound only until a moment.

    Raises CredentialsUnreadable.
    """
    username, password = decrypt(camera.credentials_sealed)
    return CameraSource(
        camera_id=CameraId(camera.pk),
        name=str(camera),
        url=camera.stream_url,
        username=username,
        password=password,
        retention_days=days_kept(camera, default_days),
        priority=camera.priority,
        tls_pin=camera.certificate,
        basic_allowed=camera.basic_allowed,
        transport=camera.transport,
        sound_until_90k=0 if sound_until is None else utc_90k(sound_until),
        enabled=camera.recorded and camera.retired_at is None,
    )


def days_kept(camera: Camera, default_days: int) -> int:
    """How long its recordings live: the scheme's period, or the camera's own where that is shorter."""
    return min(camera.retention_days or default_days, default_days)


def sources() -> list[CameraSource]:
    """Every camera that was ever recorded, retired ones disabled: retention goes on for what they have recorded.

    One whose credentials cannot be opened is ordered without them, so that its neighbours are not held up.
    """
    days = policy_in_force().retention_days
    sound = {camera: order.until for camera, order in orders_in_force().items()}
    made = []
    for camera in Camera.objects.order_by("number"):
        try:
            made.append(source_of(camera, days, sound.get(camera.pk)))
        except CredentialsUnreadable:
            _log.error("camera %s: its stored credentials cannot be read", camera.number)
            camera.credentials_sealed = None
            made.append(source_of(camera, days, sound.get(camera.pk)))
    return made


def sync_node() -> bool:
    """Push the list of cameras to the recorder. False (and a line in the server's log) where that failed.

    The records are already committed by then; the order is pushed again at the next change and at every start.
    """
    try:
        node().set_cameras(sources())
    except (FootageError, OSError) as error:
        _log.error("the recorder could not be told of the cameras: %s", error)
        return False
    return True
