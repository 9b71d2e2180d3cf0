from django.apps import AppConfig


class PolicyConfig(AppConfig):
    name = "overt.policy"
