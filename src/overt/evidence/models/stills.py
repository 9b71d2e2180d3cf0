"""The register of stills: single pictures taken out of recordings. Times are UTC counts of 1/90000 s."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from overt.evidence.stills.rules import StillState
from overt.shared.ids import new_id
from overt.shared.locking import LockQuerySet


class Still(models.Model):
    """A StillPrint, with the number under which the register has it. Source: BASS-9.5.d."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.PositiveIntegerField(unique=True)  # from 1, over the whole scheme
    camera = models.ForeignKey("estate.Camera", on_delete=models.PROTECT, related_name="stills")
    at_90k = models.BigIntegerField()  # the picture's own time
    start_90k = models.BigIntegerField()  # of the sequence it was taken from
    end_90k = models.BigIntegerField()
    exhibit = models.ForeignKey("Exhibit", null=True, blank=True, on_delete=models.PROTECT, related_name="stills")
    necessity = models.CharField(max_length=500)  # why a recording does not do
    case_reference = models.CharField(max_length=80)
    requester = models.CharField(max_length=120)
    authoriser = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    file_name = models.CharField(max_length=100)  # beside the bags
    sha512 = models.CharField(max_length=128)
    state = models.CharField(
        max_length=20, choices=[(s.value, s.value) for s in StillState], default=StillState.IN_CABINET.value
    )
    place = models.ForeignKey("StoragePlace", null=True, blank=True, on_delete=models.PROTECT, related_name="stills")
    handed_over_at = models.DateTimeField(null=True, blank=True)
    officer = models.CharField(max_length=120, blank=True)  # the police officer who received it
    officer_number = models.CharField(max_length=40, blank=True)
    authority_officer = models.CharField(max_length=120, blank=True)  # whose written authority released it
    authority_rank = models.CharField(max_length=40, blank=True)
    authority_name = models.CharField(max_length=100, blank=True)  # of the document, beside the bags
    authority_sha512 = models.CharField(max_length=128, blank=True)
    destroyed_at = models.DateTimeField(null=True, blank=True)
    destruction_authoriser = models.CharField(max_length=120, blank=True)
    destruction_authorised_on = models.DateField(null=True, blank=True)

    objects = LockQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(end_90k__gt=models.F("start_90k")), name="still_sequence_in_order"
            )
        ]

    def __str__(self) -> str:
        return f"Still {self.number}"

    def get_absolute_url(self) -> str:
        return f"/exhibits/stills/{self.number}/"
