"""The logbook's tables. Written once: triggers refuse UPDATE and DELETE (see triggers.py)."""

from __future__ import annotations

import json

from django.db import models
from django.db.models import Q

from overt.shared.canonical import Json

#: Where the facts of an act on several cameras hold their keys; the logbook itself puts them there.
CAMERA_IDS = "camera_ids"


class Entry(models.Model):
    """One act. Its canonical form (see canonical.py) is a leaf of the tree: number 1 is leaf 0."""

    number = models.BigIntegerField(primary_key=True)  # from 1, without gaps
    recorded_at = models.DateTimeField()  # UTC, to the microsecond, when the act was written down
    action = models.CharField(max_length=100)
    #: What was done to whom: the model's label ("estate.camera") and its key. Empty for an act on nothing stored;
    #: the key is empty for a person, whose key is personal content.
    subject_kind = models.CharField(max_length=60, blank=True)
    subject_id = models.CharField(max_length=80, blank=True)
    camera = models.CharField(max_length=40, blank=True)  # id of the camera concerned, empty for none or several
    facts_text = models.TextField()  # canonical JSON, kept for ever, nothing personal
    commitments_text = models.TextField()  # canonical JSON: field -> SHA-256 of salt and value, in hexadecimal
    leaf_hash = models.CharField(max_length=64)  # hexadecimal

    class Meta:
        ordering = ["number"]
        indexes = [
            models.Index(fields=["recorded_at"], name="entry_by_time"),
            models.Index(fields=["action", "number"], name="entry_by_action"),
            models.Index(fields=["subject_kind", "subject_id", "number"], name="entry_by_subject"),
            models.Index(fields=["camera", "number"], name="entry_by_camera", condition=~Q(camera="")),
        ]

    def __str__(self) -> str:
        return f"Logbook entry {self.number}"

    def get_absolute_url(self) -> str:
        return f"/logbook/entries/{self.number}/"

    @property
    def facts(self) -> dict[str, Json]:
        found: dict[str, Json] = json.loads(self.facts_text)
        return found

    @property
    def camera_ids(self) -> list[str]:
        """The keys of the cameras concerned: none, one, or several."""
        several = self.facts.get(CAMERA_IDS)
        keys = several if isinstance(several, list) else [self.camera]
        return [str(key) for key in keys if key]

    @property
    def commitments(self) -> dict[str, str]:
        found: dict[str, str] = json.loads(self.commitments_text)
        return found


class Personal(models.Model):
    """Content about a person that an entry commits to. Erasing it empties salt and value, nothing else."""

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="personal")
    field = models.CharField(max_length=40)  # actor, actor_name, reason, subject, or as the room says
    salt = models.CharField(max_length=32, null=True)  # hexadecimal, 16 random bytes; null once erased
    value = models.TextField(null=True)  # null once erased
    erase_on = models.DateField(null=True)  # first day on which it must be gone; null for no day yet
    erased_by = models.BigIntegerField(null=True)  # number of the entry that tells of the erasure

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entry", "field"], name="one_personal_value_per_field"),
        ]
        indexes = [
            models.Index(
                fields=["value", "entry"], name="personal_by_person", condition=Q(field__in=["actor", "subject"])
            ),
            models.Index(fields=["erase_on"], name="personal_by_day", condition=Q(erase_on__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.field} of entry {self.entry_id}"


class Head(models.Model):
    """The one row that numbers entries and carries the tree's frontier; locked by whoever appends."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    origin = models.CharField(max_length=120)  # the log's name in every checkpoint, made once
    size = models.BigIntegerField(default=0)  # entries so far
    frontier = models.TextField(blank=True)  # hexadecimal hashes, largest subtree first, 64 characters each

    def __str__(self) -> str:
        return f"{self.origin} at {self.size}"


class Tile(models.Model):
    """256 hashes of the tree and their root, written once they are complete, so that a proof reads few rows.

    Level 0 holds leaf hashes, level 1 the roots of level 0's tiles, and so on (as C2SP tlog-tiles).
    """

    level = models.PositiveSmallIntegerField()
    index = models.BigIntegerField()
    hashes = models.BinaryField()  # 256 times 32 bytes
    root = models.BinaryField()  # 32 bytes

    class Meta:
        constraints = [models.UniqueConstraint(fields=["level", "index"], name="one_tile_per_place")]

    def __str__(self) -> str:
        return f"tile {self.level}/{self.index}"


class Checkpoint(models.Model):
    """The head of the tree at one size, signed: what inspectors and partners take away with them."""

    size = models.BigIntegerField(unique=True)
    root = models.CharField(max_length=64)  # hexadecimal
    note = models.TextField()  # C2SP tlog-checkpoint, as handed out
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["size"]

    def __str__(self) -> str:
        return f"checkpoint at {self.size}"


class KeySuccession(models.Model):
    """A change of the logbook's key: the old key names the new one and the size it signed up to, and the new agrees."""

    size = models.BigIntegerField(unique=True)  # the last size that the old key signs
    note = models.TextField()  # signed by both keys; see change_key.py
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["size"]

    def __str__(self) -> str:
        return f"change of key at {self.size}"
