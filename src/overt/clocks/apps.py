from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate


class ClocksConfig(AppConfig):
    name = "overt.clocks"

    def ready(self) -> None:
        post_migrate.connect(restore_triggers, sender=self)


def restore_triggers(sender: AppConfig, using: str, **kwargs: Any) -> None:
    """A migration on SQLite remakes a table, and its triggers are gone with the old one."""
    from overt.clocks.triggers import HOLIDAYS, REFUSALS

    REFUSALS.restore(connections[using])
    HOLIDAYS.restore(connections[using])
