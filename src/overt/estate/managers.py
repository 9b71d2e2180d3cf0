"""Cameras as one person may see them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models

from overt.access.queries import scopes
from overt.access.rules import Act
from overt.shared.locking import LockQuerySet

if TYPE_CHECKING:
    from overt.accounts.models import User


class CameraQuerySet(LockQuerySet):
    def visible_to(self, user: User, *, to: Act = Act.SEE_CAMERA, now: datetime | None = None) -> Self:
        """The cameras on which this person may carry out the act now."""
        wanted = models.Q(pk__in=[])
        for scope in scopes(user, to, now=now):
            one = models.Q()
            if scope.partner_id is not None:
                one &= models.Q(partner_id=scope.partner_id)
            if scope.group_id is not None:
                one &= models.Q(groups=scope.group_id)
            wanted |= one if one else ~models.Q(pk__in=[])
        return self.filter(wanted).distinct()

    def in_use(self) -> Self:
        return self.filter(retired_at__isnull=True)
