"""The door to a storage location."""

from __future__ import annotations

from uuid import UUID

from overt.evidence.errors import NoSuchLocation
from overt.evidence.models import StoragePlace


def access_location(location_id: UUID) -> StoragePlace:
    """A storage location; who may see its page is the page's to ask. Raises NoSuchLocation."""
    found = StoragePlace.objects.prefetch_related("keepers").filter(pk=location_id).first()
    if found is None:
        raise NoSuchLocation("There is no such storage location.")
    return found
