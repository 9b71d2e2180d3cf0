from django.apps import AppConfig


class EstateConfig(AppConfig):
    name = "overt.estate"
