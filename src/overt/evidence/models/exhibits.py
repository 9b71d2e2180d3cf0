"""Exhibits and the clips they are made of. Spans are UTC counts of 1/90000 s, half-open."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from footage.contract import CameraId, ClipFile, ClipReceipt, ClipRequest, Gap
from overt.evidence.exhibits.rules import ExhibitState
from overt.shared.ids import new_id
from overt.shared.locking import LockQuerySet


class Exhibit(models.Model):
    """Footage that became evidence: a reference, its clips, and (once sealed) a signed bag on the disk."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reference = models.CharField(max_length=32, unique=True)  # JD-7: kept in upper case, also the bag's folder
    state = models.CharField(
        max_length=10, choices=[(s.value, s.value) for s in ExhibitState], default=ExhibitState.OPEN.value
    )
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    reason = models.CharField(max_length=500, blank=True)
    case_reference = models.CharField(max_length=80, blank=True)  # crime, incident or case number
    requester = models.CharField(max_length=120, blank=True)  # who asked for it to be produced
    operator = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    sealed_at = models.DateTimeField(null=True, blank=True)  # when the content was fixed and logged
    signed_at = models.DateTimeField(null=True, blank=True)  # when the bag was complete
    keep_until = models.DateTimeField(null=True, blank=True)  # the master may not be destroyed before
    payload_sha512 = models.CharField(max_length=128, blank=True)  # of manifest-sha512.txt; also in the logbook
    tags_sha512 = models.CharField(max_length=128, blank=True)  # of tagmanifest-sha512.txt: what is signed
    key_fingerprint = models.CharField(max_length=64, blank=True)  # SHA-256 of the Ed25519 public key, hex
    time_stamped_at = models.DateTimeField(null=True, blank=True)  # by the authority's clock; null without one
    size_bytes = models.BigIntegerField(default=0)  # of the whole bag
    failure_code = models.CharField(max_length=60, blank=True)
    failure = models.CharField(max_length=1000, blank=True)
    progress_done = models.BigIntegerField(default=0)  # bytes
    progress_total = models.BigIntegerField(default=0)
    progress_since = models.DateTimeField(null=True, blank=True)
    verified_at = models.DateTimeField(null=True, blank=True)
    verified_answer = models.CharField(max_length=20, blank=True)  # as bag/verify.py answers
    verified_detail = models.TextField(blank=True)

    objects = LockQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_at"]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return f"/exhibits/{self.reference}/"


class ExhibitClip(models.Model):
    """One camera's span in an exhibit: what was asked for, and what was found."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    exhibit = models.ForeignKey(Exhibit, on_delete=models.PROTECT, related_name="clips")
    position = models.PositiveSmallIntegerField()  # from 1, the order in which a person reads them
    camera = models.ForeignKey("estate.Camera", on_delete=models.PROTECT, related_name="exhibit_clips")
    start_90k = models.BigIntegerField()  # the in point that was asked for
    end_90k = models.BigIntegerField()
    hold = models.ForeignKey("Hold", null=True, blank=True, on_delete=models.PROTECT, related_name="clips")
    files = models.JSONField(default=list)  # once cut: contract.ClipFile as JSON, `path` as it is in the bag
    gaps = models.JSONField(default=list)  # contract.Gap as JSON, inside the span, in order; empty: nothing is missing
    clock_offset_ms = models.IntegerField(null=True, blank=True)  # camera minus server; null: never measured

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["exhibit", "position"], name="one_clip_of_a_position"),
            models.CheckConstraint(condition=models.Q(end_90k__gt=models.F("start_90k")), name="clip_ends_after_start"),
        ]

    def __str__(self) -> str:
        return f"{self.exhibit.reference} clip {self.position}"

    @property
    def files_cut(self) -> list[ClipFile]:
        return [ClipFile.from_json(facts) for facts in self.files]

    @property
    def gaps_found(self) -> list[Gap]:
        return [Gap.from_json(facts, CameraId(self.camera_id)) for facts in self.gaps]

    @property
    def receipt(self) -> ClipReceipt:
        """What was cut, as the recorder told it; without its segments, which exhibit.json has."""
        asked = ClipRequest(CameraId(self.camera_id), self.start_90k, self.end_90k)
        return ClipReceipt(asked, tuple(self.files_cut), tuple(self.gaps_found), (), self.clock_offset_ms)
