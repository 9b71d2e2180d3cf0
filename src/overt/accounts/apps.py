from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest
from django.utils import timezone


class AccountsConfig(AppConfig):
    name = "overt.accounts"

    def ready(self) -> None:
        user_logged_in.connect(_begin_session, dispatch_uid="overt.accounts.session")


def _begin_session(sender: object, request: HttpRequest, **more: object) -> None:
    from overt.accounts import sessions

    sessions.begin(request.session, timezone.now())
