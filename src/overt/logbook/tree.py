"""Reads the tree from the database: any complete subtree, from few rows. Roots and proofs are merkle's."""

from __future__ import annotations

from overt.logbook.append import TILE
from overt.logbook.merkle import node_hash
from overt.logbook.models import Entry, Tile


class StoredTree:
    """Hashes as stored, eight levels a read; keeps what it read, so make one for each question."""

    def __init__(self) -> None:
        self._rows: dict[tuple[int, int], list[bytes]] = {}

    def subtree(self, level: int, index: int) -> bytes:
        """Hash of the complete subtree over leaves [index << level, (index + 1) << level).

        Raises LookupError where a hash of it is not stored.
        """
        tile_level, above = divmod(level, 8)
        first = index << above
        row = self._row(tile_level, first // TILE)
        hashes = row[first % TILE : first % TILE + (1 << above)]
        if len(hashes) != 1 << above:
            raise LookupError(f"the tree has no subtree {index} at level {level}")
        while len(hashes) > 1:
            hashes = [node_hash(hashes[at], hashes[at + 1]) for at in range(0, len(hashes), 2)]
        return hashes[0]

    def _row(self, level: int, index: int) -> list[bytes]:
        """The up to 256 hashes at height 8 * level, from position index * 256 on."""
        if (level, index) not in self._rows:
            self._rows[level, index] = self._complete(level, index) or self._begun(level, index)
        return self._rows[level, index]

    def _complete(self, level: int, index: int) -> list[bytes]:
        tile = Tile.objects.filter(level=level, index=index).values_list("hashes", flat=True).first()
        return split_hashes(bytes(tile or b""))

    def _begun(self, level: int, index: int) -> list[bytes]:
        first, end = index * TILE, (index + 1) * TILE
        if level == 0:
            rows = Entry.objects.filter(number__gt=first, number__lte=end).order_by("number")
            return [bytes.fromhex(text) for text in rows.values_list("leaf_hash", flat=True)]
        roots = Tile.objects.filter(level=level - 1, index__gte=first, index__lt=end).order_by("index")
        return [bytes(root) for root in roots.values_list("root", flat=True)]


def split_hashes(joined: bytes) -> list[bytes]:
    """Hashes of 32 bytes each out of a tile."""
    return [joined[at : at + 32] for at in range(0, len(joined), 32)]
