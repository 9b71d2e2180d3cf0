from __future__ import annotations

from django.db import models

from overt.shared.ids import new_id


class Thing(models.Model):
    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    words = models.CharField(max_length=100)
    handed_in_at = models.DateTimeField()

    class Meta:
        verbose_name = "lost thing"

    def __str__(self) -> str:
        return self.words
