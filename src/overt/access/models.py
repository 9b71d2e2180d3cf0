"""Grants: a role, for a person, over a partner's cameras or a camera group's, between two dates."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from overt.access.rules import Role
from overt.shared.ids import new_id


class Grant(models.Model):
    """Scope is role x partner x camera group; an empty partner or group means every one. Withdrawn, never deleted."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="grants")
    role = models.CharField(max_length=40, choices=[(r.value, r.value.replace("_", " ")) for r in Role])
    partner = models.ForeignKey("places.Partner", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    group = models.ForeignKey("places.CameraGroup", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)  # exclusive; null while open
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="grants_given"
    )
    reason = models.CharField(max_length=500, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    #: When somebody last confirmed that it is still needed; null before the first time (see renewal.py).
    renewed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["user", "role"])]

    def __str__(self) -> str:
        return f"{self.user}: {self.role}"

    @property
    def over(self) -> str:
        """Over which cameras it holds, in words."""
        names = [part.name for part in (self.partner, self.group) if part is not None]
        return ", ".join(names) or "The whole scheme"
