from django.apps import AppConfig


class BreachesConfig(AppConfig):
    name = "overt.breaches"
