"""Uploaded files of cameras, until they are confirmed."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from overt.shared.ids import new_id


class ImportDraft(models.Model):
    """An uploaded CSV file between its preview and its confirmation. Encrypted, for it may hold camera passwords."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    made_at = models.DateTimeField()
    sealed = models.BinaryField()

    def __str__(self) -> str:
        return f"Import of {self.made_at:%d %B %Y}"
