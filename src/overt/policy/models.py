"""The scheme's policy: a versioned document with the moment from which it is in force. Rows are never changed."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from overt.shared.ids import new_id


class PolicyVersion(models.Model):
    """One version of the document; the one in force is the latest whose `effective_from` has come."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    effective_from = models.DateTimeField()
    document = models.JSONField()  # the fields of rules.SchemePolicy
    adopted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    adopted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["effective_from", "adopted_at"]

    def __str__(self) -> str:
        return f"{self.document.get('scheme_name', 'Policy')} from {self.effective_from:%d %B %Y}"
