from django.apps import AppConfig


class WatchConfig(AppConfig):
    name = "overt.watch"

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_out

        from overt.watch.supervised.services import end_with_sign_out

        user_logged_out.connect(end_with_sign_out, dispatch_uid="watch.supervised")
