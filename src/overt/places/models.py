"""The places of a scheme: partners, towns, sites, desks and camera groups. Cameras are the estate's.

Their tables have the names of when they stood in the estate: the rows are where they were.
"""

from __future__ import annotations

from django.db import models

from overt.shared.ids import new_id


class Partner(models.Model):
    """A member body whose cameras or consent count (glossary: participating organisation)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=200, unique=True)

    class Meta:
        db_table = "estate_partner"

    def __str__(self) -> str:
        return self.name


class Town(models.Model):
    """Where cameras stand, as the scheme speaks of it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=120, unique=True)
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="towns")

    class Meta:
        db_table = "estate_town"

    def __str__(self) -> str:
        return self.name


class Site(models.Model):
    """A building of the scheme: a control room, a cabinet, a police station with a relay."""

    class Kind(models.TextChoices):
        CONTROL_ROOM = "control_room", "Control room"
        EQUIPMENT = "equipment", "Equipment cabinet or room"
        RELAY = "relay", "Relay"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.CONTROL_ROOM)
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="sites")

    class Meta:
        db_table = "estate_site"

    def __str__(self) -> str:
        return self.name


class Desk(models.Model):
    """A place in a control room where one operator works."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="desks")
    name = models.CharField(max_length=80)

    class Meta:
        db_table = "estate_desk"
        constraints = [models.UniqueConstraint(fields=["site", "name"], name="one_desk_of_a_name_per_site")]

    def __str__(self) -> str:
        return f"{self.name}, {self.site}"


class CameraGroup(models.Model):
    """Cameras that are granted, shown or reported together."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=120, unique=True)

    class Meta:
        db_table = "estate_cameragroup"

    def __str__(self) -> str:
        return self.name
