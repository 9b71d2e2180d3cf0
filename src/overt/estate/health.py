"""How the recorder, its disk and the cameras are, for machines that ask."""

from __future__ import annotations

from collections.abc import Sequence

from prometheus_client import CollectorRegistry, Counter, Gauge

from footage.contract import CameraCondition, CameraHealth, FootageError
from footage.times import days_words
from overt.estate.node import node
from overt.rooms import NotWell, ToSeeTo
from overt.shared.sizes import size_words


def node_is_alive() -> str:
    """What it records, and its alarms. Raises NotWell where it does not run."""
    health = node().health()
    if not health.alive:
        raise NotWell("the recorder is not running")
    if health.disk_lost:
        raise NotWell(f"nothing is recorded: {health.disk_lost}")
    recording = sum(camera.condition is CameraCondition.RECORDING for camera in health.cameras)
    words = "; ".join([f"{recording} of {len(health.cameras)} cameras recording", *health.alarms])
    # A camera that is lost, or a disk that fills, leaves the node itself ready; somebody must act all the same.
    return words if recording == len(health.cameras) and not health.alarms else ToSeeTo(words)


def disk_has_room() -> str:
    """How much is free where footage is stored, as the recorder tells everybody. Raises NotWell below one gigabyte."""
    health = node().health()
    if health.disk_lost:
        raise NotWell(f"what is free is not known: {health.disk_lost}")
    if health.store_free_bytes < 1_000_000_000:
        raise NotWell(f"{size_words(health.store_free_bytes)} free, less than a gigabyte")
    words = f"{size_words(health.store_free_bytes)} free"
    if health.disk_days_left is None:
        return words
    return ToSeeTo(f"{words}; full in {days_words(health.disk_days_left)} at a day's rate")


def recorder_and_cameras(registry: CollectorRegistry) -> None:
    """The store, the alarms, and each camera's stream; nothing where the recorder's store is not there."""
    try:
        health = node().health()
    except (FootageError, OSError):
        return  # `overt_ready` says so
    Gauge("overt_store_free_bytes", "Free bytes in the footage store", registry=registry).set(health.store_free_bytes)
    Gauge("overt_store_held_bytes", "Bytes under a hold", registry=registry).set(health.held_bytes)
    lost = Gauge("overt_store_lost", "1 while the footage disk is gone, another or read-only", registry=registry)
    lost.set(bool(health.disk_lost))
    Gauge("overt_alarms", "Alarms of the recorder", registry=registry).set(len(health.alarms))
    _cameras(registry, health.cameras)


def _cameras(registry: CollectorRegistry, cameras: Sequence[CameraHealth]) -> None:
    condition = Gauge("overt_camera_recording", "1 while the camera is recorded", ["camera"], registry=registry)
    bitrate = Gauge("overt_camera_bits_per_second", "Bit rate received", ["camera"], registry=registry)
    lost = Gauge("overt_camera_packets_lost", "Packets lost since the start", ["camera"], registry=registry)
    offset = Gauge("overt_camera_clock_offset_seconds", "Camera minus server clock", ["camera"], registry=registry)
    odd = Counter("overt_camera_oddities", "Odd things a camera sent", ["camera", "kind"], registry=registry)
    noted = Gauge("overt_camera_notes", "Notes on a camera's stream now", ["camera"], registry=registry)
    for camera in cameras:
        label = str(camera.camera_id)
        condition.labels(label).set(camera.condition is CameraCondition.RECORDING)
        bitrate.labels(label).set(camera.bitrate_bps)
        lost.labels(label).set(camera.frames_lost)
        noted.labels(label).set(len(camera.notes))
        for kind, count in camera.oddities:
            odd.labels(label, kind).inc(count)
        if camera.clock_offset_ms is not None:
            offset.labels(label).set(camera.clock_offset_ms / 1000)
