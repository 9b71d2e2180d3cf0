"""The acts the logbook knows, each registered once by the room that does it (in its `log_actions.py`)."""

from __future__ import annotations

_REGISTERED: dict[str, str] = {}


def register(action: str, words: str) -> str:
    """Make an action known: a dotted name in the past tense, and how a reader sees it. Returns the name."""
    if _REGISTERED.setdefault(action, words) != words:
        raise ValueError(f"{action} is registered twice, with other words")
    return action


def words_for(action: str) -> str:
    """What the action is called on a page; raises KeyError for one nobody registered."""
    return _REGISTERED[action]


def registered() -> dict[str, str]:
    return dict(_REGISTERED)
