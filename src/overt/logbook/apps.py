from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate
from django.utils.module_loading import autodiscover_modules


class LogbookConfig(AppConfig):
    name = "overt.logbook"

    def ready(self) -> None:
        autodiscover_modules("log_actions")
        post_migrate.connect(restore_triggers, sender=self)


def restore_triggers(sender: AppConfig, using: str, **kwargs: Any) -> None:
    """A migration on SQLite remakes a table, and its triggers are gone with the old one."""
    from overt.logbook import triggers

    triggers.restore(connections[using])
