from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate


class PolicyConfig(AppConfig):
    name = "overt.policy"

    def ready(self) -> None:
        from overt.access import terms
        from overt.policy.role_terms import role_terms

        terms.register(role_terms)
        post_migrate.connect(restore_triggers, sender=self)


def restore_triggers(sender: AppConfig, using: str, **kwargs: Any) -> None:
    """A migration on SQLite remakes a table, and its triggers are gone with the old one."""
    from overt.policy.triggers import REFUSALS

    REFUSALS.restore(connections[using])
