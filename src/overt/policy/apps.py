from django.apps import AppConfig


class PolicyConfig(AppConfig):
    name = "overt.policy"

    def ready(self) -> None:
        from overt.access import terms
        from overt.policy.role_terms import role_terms

        terms.register(role_terms)
