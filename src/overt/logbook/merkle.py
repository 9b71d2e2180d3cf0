"""RFC 6962's Merkle tree: hashes, a compact frontier, paths and their checks. Pure; knows no database.

A subtree is named (level, index): the complete subtree over leaves [index * 2**level, (index + 1) * 2**level).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from hashlib import sha256

#: Gives the hash of a complete subtree (level, index).
Subtree = Callable[[int, int], bytes]

EMPTY_ROOT = sha256(b"").digest()


def leaf_hash(data: bytes) -> bytes:
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def fold(hashes: Sequence[bytes]) -> bytes:
    """The root over complete subtrees given from the largest (left) to the smallest (right)."""
    if not hashes:
        return EMPTY_ROOT
    root = hashes[-1]
    for left in reversed(hashes[:-1]):
        root = node_hash(left, root)
    return root


def grow(frontier: Sequence[bytes], size: int, leaf: bytes) -> tuple[list[bytes], list[tuple[int, int, bytes]]]:
    """Add the leaf of index `size`: the new frontier, and every subtree it completed as (level, index, hash).

    A frontier holds the complete subtrees of a tree from the largest to the smallest: one for each 1 bit of its size.
    """
    grown, level, index, current = list(frontier), 0, size, leaf
    completed = [(0, index, leaf)]
    while index & 1:
        current = node_hash(grown.pop(), current)
        level, index = level + 1, index >> 1
        completed.append((level, index, current))
    grown.append(current)
    return grown, completed


def pieces(start: int, end: int) -> list[tuple[int, int]]:
    """The complete subtrees that make up [start, end), left to right, where start is a multiple of the span's width."""
    found: list[tuple[int, int]] = []
    while start < end:
        level = (end - start).bit_length() - 1
        found.append((level, start >> level))
        start += 1 << level
    return found


def span_hash(start: int, end: int, subtree: Subtree) -> bytes:
    """MTH(D[start:end]) for the spans that RFC 6962's recursion meets."""
    return fold([subtree(level, index) for level, index in pieces(start, end)])


def root_at(size: int, subtree: Subtree) -> bytes:
    return span_hash(0, size, subtree)


def inclusion_path(index: int, size: int, subtree: Subtree) -> list[bytes]:
    """PATH(index, D[size]) of RFC 6962 2.1.1, from the leaf's sibling up. Raises ValueError outside the tree."""
    if not 0 <= index < size:
        raise ValueError(f"no leaf {index} in a tree of {size}")
    path: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(span_hash(middle, end, subtree))
            end = middle
        else:
            path.append(span_hash(start, middle, subtree))
            start = middle
    return path[::-1]


def consistency_path(old: int, new: int, subtree: Subtree) -> list[bytes]:
    """PROOF(old, D[new]) of RFC 6962 2.1.2; empty when old is 0 or equal to new. Raises ValueError when old > new."""
    if not 0 <= old <= new:
        raise ValueError(f"a tree of {new} cannot have grown from one of {old}")
    if old in {0, new}:
        return []
    path: list[bytes] = []
    start, end, whole = 0, new, True
    while old != end:
        middle = start + _split(end - start)
        if old <= middle:
            path.append(span_hash(middle, end, subtree))
            end = middle
        else:
            path.append(span_hash(start, middle, subtree))
            start, whole = middle, False
    if not whole:
        path.append(span_hash(start, end, subtree))
    return path[::-1]


def inclusion_root(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """The root that a leaf and its path lead to, or None where the path has not the length that the tree asks for."""
    if not 0 <= index < size:
        return None
    node, last, current = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            return None
        if node & 1 or node == last:
            current = node_hash(sibling, current)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            current = node_hash(current, sibling)
        node, last = node >> 1, last >> 1
    return current if last == 0 else None


def is_included(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    return inclusion_root(leaf, index, size, path) == root


def is_consistent(old: int, new: int, old_root: bytes, new_root: bytes, path: Sequence[bytes]) -> bool:
    """Whether the tree of `new` leaves is the tree of `old` leaves with leaves added at its end (RFC 9162 2.1.4.2)."""
    if old == new:
        return old_root == new_root and not path
    if old == 0:
        return old_root == EMPTY_ROOT and not path
    if not 0 < old < new or not path:
        return False
    steps = list(path) if old & (old - 1) else [old_root, *path]
    node, last = old - 1, new - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    first = second = steps[0]
    for sibling in steps[1:]:
        if last == 0:
            return False
        if node & 1 or node == last:
            first, second = node_hash(sibling, first), node_hash(sibling, second)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            second = node_hash(second, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and first == old_root and second == new_root


def _split(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << ((size - 1).bit_length() - 1)
