"""The copies of an exhibit, each with its number, its whereabouts and every movement."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from overt.evidence.copies.rules import CopyKind, CopyState
from overt.shared.ids import new_id
from overt.shared.locking import LockQuerySet


class Copy(models.Model):
    """A MediaCopy. 1 is the master and 2 the working copy in the bag on the server; every other is written to a medium.

    A number is never used twice: what left does not come back under it, unless the scheme's code lets it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    exhibit = models.ForeignKey("Exhibit", on_delete=models.PROTECT, related_name="copies")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=[(k.value, k.value) for k in CopyKind])
    state = models.CharField(max_length=12, choices=[(s.value, s.value) for s in CopyState], default=CopyState.KEPT)
    medium = models.CharField(max_length=60)  # server, download, or a code of the policy's evidence_export_media
    medium_number = models.CharField(max_length=80, blank=True)  # on the disc, of the stick, of the package
    supplier = models.CharField(max_length=120, blank=True)  # who brought the medium; empty: the scheme's own
    supplier_number = models.CharField(max_length=40, blank=True)
    content_sha512 = models.CharField(max_length=128)  # over the hashes of its recordings: the same for every copy
    tags_sha512 = models.CharField(max_length=128)  # of tagmanifest-sha512.txt: what is signed
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500, blank=True)
    keep_until = models.DateTimeField(null=True, blank=True)  # of a master; null: nobody may destroy it yet
    place = models.ForeignKey("StoragePlace", null=True, blank=True, on_delete=models.PROTECT, related_name="copies")
    tested_at = models.DateTimeField(null=True, blank=True)
    tested_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    test_answer = models.CharField(max_length=20, blank=True)  # good, or what bag/verify.py answered
    test_detail = models.TextField(blank=True)
    handed_over_at = models.DateTimeField(null=True, blank=True)
    recipient = models.CharField(max_length=120, blank=True)
    recipient_body = models.CharField(max_length=120, blank=True)
    recipient_number = models.CharField(max_length=40, blank=True)
    delivery = models.CharField(max_length=20, blank=True)
    purpose = models.CharField(max_length=500, blank=True)
    form_name = models.CharField(max_length=100, blank=True)  # of the signed release form, beside the bags
    form_sha512 = models.CharField(max_length=128, blank=True)
    destroyed_at = models.DateTimeField(null=True, blank=True)

    objects = LockQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["exhibit", "number"], name="one_copy_of_a_number")]

    def __str__(self) -> str:
        return f"{self.exhibit.reference} copy {self.number}"

    def get_absolute_url(self) -> str:
        return f"/exhibits/{self.exhibit.reference}/copies/{self.number}/"


class CopyMovement(models.Model):
    """One line of the media register; never changed. Source: BASS-9.3.a."""

    class Kind(models.TextChoices):
        MADE = "made", "Made"
        WRITTEN = "written", "Written"
        STORED = "stored", "Put into storage"
        TAKEN_OUT = "taken_out", "Taken out of storage"
        TESTED = "tested", "Tested"
        HANDED_OVER = "handed_over", "Handed over"
        RETURNED = "returned", "Came back"
        DESTROYED = "destroyed", "Destroyed"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    copy = models.ForeignKey(Copy, on_delete=models.PROTECT, related_name="movements")
    position = models.PositiveIntegerField()  # from 1, without a break
    kind = models.CharField(max_length=12, choices=Kind.choices)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    place = models.ForeignKey("StoragePlace", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500, blank=True)
    remark = models.CharField(max_length=500, blank=True)
    entry = models.BigIntegerField()  # the logbook's number of the same act

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["copy", "position"], name="one_movement_of_a_position")]

    def __str__(self) -> str:
        return f"{self.copy}: {self.get_kind_display()}"
