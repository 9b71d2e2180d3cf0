"""Sessions in the database, by a digest of their keys: whoever reads the database or a backup cannot sign in by it.

Django's own engine keeps the keys as they are. A session from before this engine finds no row, and its person signs in
again.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from overt.shared.session_keys import new_key, row_key


class SessionStore(db.SessionStore):
    """Django's, with another key in the row than in the cookie."""

    def _get_new_session_key(self) -> str:
        while self.exists(key := new_key(settings.SECRET_KEY)):
            pass
        return key

    def _get_session_from_db(self) -> Session | None:
        key = self.session_key or ""
        found = Session.objects.filter(session_key=row_key(key), expire_date__gt=timezone.now()).first()
        if found is None:
            self._session_key = None
        return found

    def exists(self, session_key: str | None) -> bool:
        return Session.objects.filter(session_key=row_key(session_key or "")).exists()

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        key = self._get_or_create_session_key()  # type: ignore[attr-defined]  # Django's stubs leave it out
        return Session(session_key=row_key(key), session_data=self.encode(data), expire_date=self.get_expiry_date())

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key is not None:
            Session.objects.filter(session_key=row_key(key)).delete()
