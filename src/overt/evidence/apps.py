from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "overt.evidence"

    def ready(self) -> None:
        from overt.evidence.notices import masters_due, unfinished_exhibits, waiting_holds
        from overt.watch import notices

        notices.register("evidence", unfinished_exhibits)
        notices.register("holds", waiting_holds)
        notices.register("masters", masters_due)
