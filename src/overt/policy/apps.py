from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate


class PolicyConfig(AppConfig):
    name = "overt.policy"

    def ready(self) -> None:
        from overt.access import lapsing, withholding
        from overt.policy.withheld import access_review_days, withheld_acts

        withholding.register("policy", withheld_acts)
        lapsing.register(access_review_days)
        post_migrate.connect(restore_triggers, sender=self)


def restore_triggers(sender: AppConfig, using: str, **kwargs: Any) -> None:
    """A migration on SQLite remakes a table, and its triggers are gone with the old one."""
    from overt.policy.triggers import REFUSALS

    REFUSALS.restore(connections[using])
