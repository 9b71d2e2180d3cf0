"""Adding, changing and retiring cameras: one act, one transaction, one logbook entry, then the recorder is told."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.db import transaction
from django.utils import timezone

from overt.access.queries import scopes
from overt.access.rules import Act
from overt.estate import log_actions, rules
from overt.estate.cameras.addresses import Address, check_networks, look_up_addresses, read_address
from overt.estate.cameras.credentials import encrypt
from overt.estate.cameras.names import Resolve
from overt.estate.cameras.values import CameraValues
from overt.estate.log_actions import CameraAsItIs, CameraChanged
from overt.estate.models import Camera
from overt.estate.node import sync_node
from overt.estate.rules import BadCamera
from overt.estate.sound.services import end_with_camera
from overt.logbook.services import log
from overt.policy.queries import policy_in_force
from overt.shared import reasons

if TYPE_CHECKING:
    from overt.accounts.models import User

__all__ = ["add_camera", "change_camera", "check_values", "retire_camera", "sync_node", "write_camera"]

_PLAIN = (
    "number",
    "name",
    "kind",
    "latitude",
    "longitude",
    "bearing_degrees",
    "certificate",
    "basic_allowed",
    "transport",
    "recorded",
    "retention_days",
    "priority",
)


def add_camera(values: CameraValues, *, by: User | None, find: Resolve | None = None) -> Camera:
    """A new camera, recorded from now on. `by` is None only at the server's own command line.

    The host's name is asked for before the transaction; who has one open already gives the answers, `find`.
    Raises BadCamera (with its field) or BeyondYou.
    """
    return _add(values, by, find or look_up_addresses([values.address]))


@transaction.atomic
def _add(values: CameraValues, by: User | None, find: Resolve) -> Camera:
    address = check_values(values, by=by, find=find)
    camera = write_camera(values, address, by=by)
    transaction.on_commit(sync_node)
    return camera


def write_camera(values: CameraValues, address: Address, *, by: User | None) -> Camera:
    """The row and its entry for checked values, inside the caller's transaction."""
    username, password = _credentials(values, address)
    camera = Camera(
        partner=values.partner or values.town.partner,
        town=values.town,
        stream_url=address.url,
        credentials_sealed=encrypt(username, password),
    )
    _fill(camera, values)
    camera.save(force_insert=True)
    camera.groups.set(values.groups)
    log(log_actions.CAMERA_ADDED, camera, by=by, facts=CameraAsItIs(**_as_it_is(camera)))
    return camera


def change_camera(camera: Camera, values: CameraValues, *, by: User | None) -> list[str]:
    """Change what differs; returns the names of what did. Nothing differing is no act and no entry.

    Both the camera as it is and as it will be must be this person's to manage. Raises BadCamera or BeyondYou.
    """
    return _change(camera, values, by, look_up_addresses([values.address]))


@transaction.atomic
def _change(camera: Camera, values: CameraValues, by: User | None, find: Resolve) -> list[str]:
    camera = Camera.objects.lock(camera.pk)
    if camera.retired_at is not None:
        raise BadCamera("number", "This camera is retired; its record stays as it is.")
    address = check_values(values, by=by, camera=camera, find=find)
    changed = _changes(camera, values, address)
    if not changed:
        return []
    _set_credentials(camera, values, address)
    camera.partner, camera.town = values.partner or values.town.partner, values.town
    camera.stream_url = address.url
    _fill(camera, values)
    camera.save(update_fields=[*_PLAIN, "partner", "town", "stream_url", "credentials_sealed"])
    camera.groups.set(values.groups)
    facts = CameraChanged(**_as_it_is(camera), changed=tuple(changed))
    log(log_actions.CAMERA_CHANGED, camera, by=by, facts=facts)
    if not camera.recorded:
        end_with_camera(camera, by=by, reason="The camera is not recorded any more.")
    transaction.on_commit(sync_node)
    return changed


@transaction.atomic
def retire_camera(camera: Camera, *, by: User | None, reason: str) -> None:
    """Stop recording for good; footage, holds and history stay. Raises BeyondYou, ReasonMissing; twice is no error."""
    camera = Camera.objects.lock(camera.pk)
    _check_reach(by, camera)
    if camera.retired_at is not None:
        return
    why = reasons.given(reason, "Say why the camera is retired: the reason goes into the logbook.")
    camera.retired_at = timezone.now()
    camera.save(update_fields=["retired_at"])
    facts = CameraAsItIs(**_as_it_is(camera))
    log(log_actions.CAMERA_RETIRED, camera, by=by, reason=why, facts=facts)
    end_with_camera(camera, by=by, reason="The camera is retired.")
    transaction.on_commit(sync_node)


def check_values(values: CameraValues, *, by: User | None, find: Resolve, camera: Camera | None = None) -> Address:
    """The address of values that can be kept (for `camera`, or for a new one). Raises BadCamera or BeyondYou."""
    if by is not None:
        if camera is not None:
            _check_reach(by, camera)
        partner = values.partner or values.town.partner
        rules.check_reach(scopes(by, Act.MANAGE_CAMERA), partner.pk, [group.pk for group in values.groups])
    rules.check_number(values.number)
    rules.check_name(values.name)
    rules.check_place(values.latitude, values.longitude, values.bearing_degrees)
    rules.check_retention(values.retention_days, policy_in_force().retention_days)
    rules.check_priority(values.priority)
    _check_number_free(values.number, camera)
    address = read_address(values.address)
    check_networks(address, find=find)
    secure = address.url.lower().startswith("rtsps:")
    rules.check_certificate(values.certificate, secure=secure)
    rules.check_transport(values.transport, secure=secure)
    _check_same_host(values, address, camera)
    return address


def _check_number_free(number: str, camera: Camera | None) -> None:
    others = Camera.objects.filter(number__iexact=number)
    if camera is not None:
        others = others.exclude(pk=camera.pk)
    if others.exists():
        raise BadCamera("number", f"There has already been a camera {number}. A number is never used again.")


def _check_reach(by: User | None, camera: Camera) -> None:
    if by is not None:
        groups = list(camera.groups.values_list("pk", flat=True))
        rules.check_reach(scopes(by, Act.MANAGE_CAMERA), camera.partner_id, groups)


def _check_same_host(values: CameraValues, address: Address, camera: Camera | None) -> None:
    """Stored credentials follow an address to no other host, port or scheme: that would be a way to read them."""
    if camera is None or camera.credentials_sealed is None or values.forget_credentials:
        return
    if _place(camera.stream_url) != _place(address.url) and not any(_credentials(values, address)):
        text = (
            "The host, its port, or rtsp or rtsps changed. Give the user name and password again, or let the stored "
            "ones be forgotten."
        )
        raise BadCamera("username", text)


def _place(url: str) -> tuple[str, str, int]:
    """Whom credentials are for: scheme, host and port."""
    parts = urlsplit(url)
    return parts.scheme.lower(), (parts.hostname or "").lower(), parts.port or (322 if parts.scheme == "rtsps" else 554)


def _credentials(values: CameraValues, address: Address) -> tuple[str, str]:
    """Typed apart, or inside the address; apart counts where both were given."""
    if values.username or values.password:
        return values.username, values.password
    return address.username, address.password


def _set_credentials(camera: Camera, values: CameraValues, address: Address) -> None:
    username, password = _credentials(values, address)
    if username or password:
        camera.credentials_sealed = encrypt(username, password)
    elif values.forget_credentials:
        camera.credentials_sealed = None


def _fill(camera: Camera, values: CameraValues) -> None:
    for name in _PLAIN:
        setattr(camera, name, getattr(values, name))


def _changes(camera: Camera, values: CameraValues, address: Address) -> list[str]:
    changed = [name for name in _PLAIN if getattr(camera, name) != getattr(values, name)]
    if camera.town_id != values.town.pk:
        changed.append("town")
    if camera.partner_id != (values.partner or values.town.partner).pk:
        changed.append("partner")
    if camera.stream_url != address.url:
        changed.append("address")
    if _ids(camera.groups.all()) != _ids(values.groups):
        changed.append("groups")
    if any(_credentials(values, address)) or (values.forget_credentials and camera.credentials_sealed is not None):
        changed.append("credentials")
    return changed


def _ids(rows: Iterable[object]) -> set[object]:
    return {getattr(row, "pk", None) for row in rows}


def _as_it_is(camera: Camera) -> dict[str, Any]:
    """What the logbook keeps of a camera for ever, by the names of CameraAsItIs."""
    return {
        "number": camera.number,
        "name": camera.name,
        "kind": str(camera.kind),
        "partner": camera.partner_id,
        "town": camera.town_id,
        "groups": tuple(sorted(camera.groups.values_list("pk", flat=True), key=str)),
        "latitude": None if camera.latitude is None else str(camera.latitude),
        "longitude": None if camera.longitude is None else str(camera.longitude),
        "bearing_degrees": camera.bearing_degrees,
        "host": urlsplit(camera.stream_url).hostname or "",
        "credentials": "kept" if camera.credentials_sealed else "none",
        "certificate": camera.certificate,
        "basic_allowed": camera.basic_allowed,
        "transport": str(camera.transport),
        "recorded": camera.recorded,
        "retention_days": camera.retention_days,
        "priority": camera.priority,
    }
