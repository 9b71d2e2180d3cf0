from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class LogbookConfig(AppConfig):
    name = "overt.logbook"

    def ready(self) -> None:
        autodiscover_modules("log_actions")
