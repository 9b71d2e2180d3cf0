from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate


class WebConfig(AppConfig):
    name = "overt.web"

    def ready(self) -> None:
        post_migrate.connect(put_guards_in_place, dispatch_uid="overt.web.guards")


def put_guards_in_place(sender: AppConfig, using: str, **more: Any) -> None:
    """A new table has no triggers yet, and where a migration on SQLite remade one they went with the old one."""
    from overt.rooms import by_name, named

    room = by_name().get(sender.name.removeprefix("overt."))
    for guard in room.guards if room else ():
        named(guard).restore(connections[using])
