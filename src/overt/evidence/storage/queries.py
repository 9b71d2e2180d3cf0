"""Storage locations by their number."""

from __future__ import annotations

from uuid import UUID

from overt.evidence.errors import NoSuchPlace
from overt.evidence.models import StoragePlace


def access_place(place_id: UUID) -> StoragePlace:
    """A storage place; who may see its page is the page's to ask. Raises NoSuchPlace."""
    found = StoragePlace.objects.prefetch_related("keepers").filter(pk=place_id).first()
    if found is None:
        raise NoSuchPlace("There is no such storage place.")
    return found
