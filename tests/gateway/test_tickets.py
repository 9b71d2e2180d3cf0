"""A ticket opens only as it was signed, with the key it was signed with, until it has run out."""

from __future__ import annotations

import base64
from uuid import UUID

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from footage.gateway.tickets import LIFE_SECONDS, BadTicket, ExpiredTicket, Ticket, open_ticket, sign

KEY = b"a key that both houses hold"
NOW = 1_800_000_000
TICKET = Ticket(UUID(int=7), "review", 10, 20, NOW + 300, "asha · desk 2", "a review/a session")


def test_a_ticket_comes_back_as_it_was_signed() -> None:
    text = sign(TICKET, KEY)
    assert open_ticket(text, KEY, NOW) == TICKET
    assert all(letter.isalnum() or letter in "-_." for letter in text)


def test_it_dies_on_its_second_and_not_before() -> None:
    text = sign(TICKET, KEY)
    assert open_ticket(text, KEY, NOW + 299.9) == TICKET
    with pytest.raises(ExpiredTicket):
        open_ticket(text, KEY, NOW + 300)


def test_no_ticket_lives_longer_than_ten_minutes_whoever_signed_it() -> None:
    life = Ticket(UUID(int=7), "live", 0, 0, NOW + LIFE_SECONDS, "asha")
    assert open_ticket(sign(life, KEY), KEY, NOW) == life
    with pytest.raises(BadTicket):
        open_ticket(sign(life, KEY), KEY, NOW - 1)


def test_another_key_opens_nothing() -> None:
    with pytest.raises(BadTicket):
        open_ticket(sign(TICKET, KEY), b"another key", NOW)


@given(at=st.integers(0, 10_000), letter=st.sampled_from("ABCxyz019-_.=~"))
def test_a_changed_letter_anywhere_is_noticed(at: int, letter: str) -> None:
    text = sign(TICKET, KEY)
    at %= len(text)
    changed = text[:at] + letter + text[at + 1 :]
    if changed != text:
        with pytest.raises(BadTicket):
            open_ticket(changed, KEY, NOW)


def test_a_payload_cannot_take_another_ticket_s_signature() -> None:
    other = sign(Ticket(UUID(int=8), "review", 0, 2**60, NOW + 300, "asha"), KEY)
    with pytest.raises(BadTicket):
        open_ticket(other.split(".")[0] + "." + sign(TICKET, KEY).split(".")[1], KEY, NOW)


def test_one_ticket_has_one_spelling() -> None:
    payload, mac = sign(TICKET, KEY).split(".")
    raw = base64.urlsafe_b64decode(mac + "=")
    assert len(raw) == 32
    same_bytes = mac[:-1] + chr(ord(mac[-1]) + 1)  # the last letter has two bits to spare
    for text in (f"{payload}.{same_bytes}", f"{payload}.{mac}=", f"{payload}.{mac}\n", f" {payload}.{mac}"):
        with pytest.raises(BadTicket):
            open_ticket(text, KEY, NOW)


@given(st.text(max_size=2000))
@example("." * 1000)
@example("é.é")
@example("x" * 100_000)
def test_nothing_else_opens_or_breaks(text: str) -> None:
    with pytest.raises(BadTicket):
        open_ticket(text, KEY, NOW)


@pytest.mark.parametrize("ticket", [("download", 0, 0), ("review", 20, 10)])
def test_what_means_nothing_is_not_signed(ticket: tuple[str, int, int]) -> None:
    with pytest.raises(ValueError, match=r"ticket|TicketAct"):
        sign(Ticket(UUID(int=7), *ticket, NOW, "asha"), KEY)
