"""The tree's arithmetic, held against RFC 6962's own recursive definition."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from overt.logbook import merkle

LEAVES = [merkle.leaf_hash(f"act {number}".encode()) for number in range(301)]


def root_of(leaves: list[bytes]) -> bytes:
    """MTH as RFC 6962 section 2.1 writes it, written again here so that the test knows the answer by itself."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return sha256(b"\x01" + root_of(leaves[:split]) + root_of(leaves[split:])).digest()


def subtree(level: int, index: int) -> bytes:
    return root_of(LEAVES[index << level : (index + 1) << level])


def spoilt(hash_: bytes) -> bytes:
    return hash_[:-1] + bytes([hash_[-1] ^ 1])


def test_the_known_roots_of_rfc_6962_test_vectors() -> None:
    # The first eight leaves of the reference implementation's test vectors.
    data = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
    leaves = [merkle.leaf_hash(bytes.fromhex(text)) for text in data]
    assert leaves[0].hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    frontier: list[bytes] = []
    for size, leaf in enumerate(leaves):
        frontier, _ = merkle.grow(frontier, size, leaf)
    assert merkle.fold(frontier).hex() == "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
    assert merkle.EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_a_frontier_grown_leaf_by_leaf_has_the_root_of_every_size() -> None:
    frontier: list[bytes] = []
    for size in range(301):
        assert merkle.fold(frontier) == root_of(LEAVES[:size]) == merkle.root_at(size, subtree)
        frontier, completed = merkle.grow(frontier, size, LEAVES[size])
        assert all(found == subtree(level, index) for level, index, found in completed)


def test_inclusion_verifies_for_every_leaf_of_every_size_to_300() -> None:
    roots = [root_of(LEAVES[:size]) for size in range(301)]
    known: dict[tuple[int, int], bytes] = {}

    def cached(level: int, index: int) -> bytes:
        if (level, index) not in known:
            known[level, index] = subtree(level, index)
        return known[level, index]

    for size in range(1, 301):
        for index in range(size):
            path = merkle.inclusion_path(index, size, cached)
            assert merkle.is_included(LEAVES[index], index, size, path, roots[size])


def test_consistency_verifies_between_all_sizes_to_300() -> None:
    roots = [root_of(LEAVES[:size]) for size in range(301)]
    known: dict[tuple[int, int], bytes] = {}

    def cached(level: int, index: int) -> bytes:
        if (level, index) not in known:
            known[level, index] = subtree(level, index)
        return known[level, index]

    for new in range(301):
        for old in range(new + 1):
            path = merkle.consistency_path(old, new, cached)
            assert merkle.is_consistent(old, new, roots[old], roots[new], path)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_inclusion_fails_for_any_changed_hash_index_or_length(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 300))
    index = data.draw(st.integers(0, size - 1))
    root, leaf = root_of(LEAVES[:size]), LEAVES[index]
    path = merkle.inclusion_path(index, size, subtree)
    assert merkle.is_included(leaf, index, size, path, root)
    for at in range(len(path)):
        wrong = [*path[:at], spoilt(path[at]), *path[at + 1 :]]
        assert not merkle.is_included(leaf, index, size, wrong, root)
    assert not merkle.is_included(spoilt(leaf), index, size, path, root)
    assert not merkle.is_included(leaf, index, size, path, spoilt(root))
    assert not merkle.is_included(leaf, index, size, [*path, leaf], root)
    assert not merkle.is_included(leaf, size, size, path, root)
    if path:
        assert not merkle.is_included(leaf, index, size, path[:-1], root)
        other = data.draw(st.integers(0, size - 1).filter(lambda i: i != index))
        assert not merkle.is_included(leaf, other, size, path, root)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_consistency_fails_for_any_changed_hash_or_length(data: st.DataObject) -> None:
    new = data.draw(st.integers(1, 300))
    old = data.draw(st.integers(1, new))
    old_root, new_root = root_of(LEAVES[:old]), root_of(LEAVES[:new])
    path = merkle.consistency_path(old, new, subtree)
    assert merkle.is_consistent(old, new, old_root, new_root, path)
    for at in range(len(path)):
        wrong = [*path[:at], spoilt(path[at]), *path[at + 1 :]]
        assert not merkle.is_consistent(old, new, old_root, new_root, wrong)
    assert not merkle.is_consistent(old, new, spoilt(old_root), new_root, path)
    assert not merkle.is_consistent(old, new, old_root, spoilt(new_root), path)
    assert not merkle.is_consistent(old, new, old_root, new_root, [*path, old_root])
    if path:
        assert not merkle.is_consistent(old, new, old_root, new_root, path[:-1])


def test_what_lies_outside_the_tree_has_no_proof() -> None:
    with pytest.raises(ValueError, match="no leaf 3 in a tree of 3"):
        merkle.inclusion_path(3, 3, subtree)
    with pytest.raises(ValueError, match="cannot have grown"):
        merkle.consistency_path(4, 3, subtree)
