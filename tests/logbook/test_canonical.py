"""Canonical JSON: one value, one sequence of bytes."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overt.logbook.canonical import canonical_text, clean_text, commitment, entry_bytes, moment_text
from overt.shared.canonical import canonical

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
ANY_TEXT = st.text(st.characters())  # lone surrogates and NUL too
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)


@given(VALUES)
def test_reading_gives_the_value_back_and_writing_again_the_same_bytes(value: object) -> None:
    data = canonical(value)  # type: ignore[arg-type]
    assert json.loads(data) == value
    assert canonical(json.loads(data)) == data


@given(st.dictionaries(TEXT, st.integers(), min_size=2), st.randoms())
def test_the_order_of_keys_does_not_count(value: dict[str, int], random: object) -> None:
    items = list(value.items())
    random.shuffle(items)  # type: ignore[attr-defined]
    assert canonical(dict(items)) == canonical(value)


@given(VALUES, VALUES)
def test_two_values_have_the_same_bytes_only_when_they_are_the_same(one: object, other: object) -> None:
    same = json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)
    assert (canonical(one) == canonical(other)) == same  # type: ignore[arg-type]


@pytest.mark.parametrize("value", [0.5, [1.0], {"a": {"b": 1e9}}, {1: "x"}, float("nan")])
def test_what_has_no_canonical_form_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r"canonical|keys are text"):
        canonical(value)  # type: ignore[arg-type]


@given(st.dictionaries(ANY_TEXT, ANY_TEXT, max_size=4), ANY_TEXT)
def test_any_text_at_all_can_be_written_down(facts: dict[str, str], value: str) -> None:
    text = canonical_text(facts)
    text.encode()
    assert "\0" not in text
    cleaned = clean_text(value)
    cleaned.encode()
    assert "\0" not in cleaned
    assert clean_text(cleaned) == cleaned


@given(TEXT.map(lambda text: text.replace("\0", "")))
def test_a_commitment_is_over_the_value_s_canonical_json(value: str) -> None:
    from hashlib import sha256

    assert commitment(b"salt", value) == sha256(b"salt" + canonical(value)).hexdigest()


@given(VALUES, st.integers(1, 10**12), TEXT)
def test_an_entry_put_together_from_its_parts_is_canonical_json(value: object, number: int, word: str) -> None:
    facts, commitments = {"v": value}, {"actor": "00" * 32}
    data = entry_bytes(
        number=number,
        at="2026-04-01T02:14:07.000000Z",
        action="a.b",
        subject=("k.m", "7"),
        camera="c",
        facts=canonical(facts).decode(),  # type: ignore[arg-type]
        commitments=canonical(commitments).decode(),  # type: ignore[arg-type]
    )
    assert canonical(json.loads(data)) == data


@given(st.datetimes(min_value=datetime(1970, 1, 1), max_value=datetime(2200, 1, 1)), st.integers(-12, 14))  # noqa: DTZ001
def test_a_moment_is_written_one_way_whatever_its_offset(moment: datetime, hours: int) -> None:
    at = moment.replace(tzinfo=UTC)
    text = moment_text(at.astimezone(timezone(timedelta(hours=hours))))
    assert text == moment_text(at)
    assert len(text) == 27
    assert datetime.fromisoformat(text) == at
