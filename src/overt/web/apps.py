from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "overt.web"
