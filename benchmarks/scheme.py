"""Django and a very small scheme over a data folder of the benchmark's own, in this process."""

from __future__ import annotations

import os
from pathlib import Path


def set_up(folder: Path) -> None:
    """Once for each process: settings read their folders at the start."""
    for name in [name for name in os.environ if name.startswith("OVERT_")]:
        del os.environ[name]
    os.environ["OVERT_DATA"] = str(folder.resolve())
    os.environ["DJANGO_SETTINGS_MODULE"] = "overt.settings"
    import django

    django.setup()
    from django.conf import settings

    from overt.up.records import prepare_database

    for path in (settings.DATA, settings.SECRETS, settings.RUN, settings.FOOTAGE_STORE, settings.EXHIBITS):
        Path(path).mkdir(parents=True, exist_ok=True, mode=0o700)
    prepare_database()


def build() -> None:
    """The least that an act stands on: a partner's town with camera 127, and a supervisor who may do everything."""
    from django.utils import timezone

    from overt.access.models import Grant
    from overt.access.rules import Role
    from overt.accounts.models import User
    from overt.estate.models import Camera
    from overt.places.models import Partner, Town

    partner = Partner.objects.create(name="Borough of Marketon")
    town = Town.objects.create(name="Market Town", partner=partner)
    Camera.objects.create(
        number="127", name="High Street north", kind=Camera.Kind.FIXED, partner=partner, town=town,
        latitude="52.067100", longitude="-0.221500", stream_url="rtsp://127.0.0.1:9/127",
    )  # fmt: skip
    dev = User.objects.create(username="dev", full_name="Dev Chandra", password="!")
    Grant.objects.create(user=dev, role=Role.SUPERVISOR.value, starts_at=timezone.now(), reason="Made for a benchmark")
