"""A logbook with acts in it, as the logbook's own tests have it."""

from logbook.conftest import asha, intruder, known_action, write

__all__ = ["asha", "intruder", "known_action", "write"]
