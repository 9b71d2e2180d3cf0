from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.module_loading import autodiscover_modules


class LogbookConfig(AppConfig):
    name = "overt.logbook"

    def ready(self) -> None:
        from overt.logbook.forgetting import rebuild_once

        autodiscover_modules("log_actions")
        post_migrate.connect(rebuild_once, sender=self, dispatch_uid="overt.logbook.rebuild_once")
