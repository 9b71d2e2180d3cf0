"""The published schemes that come with the product, each a file beside this one. Nothing here needs a database."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from overt.policy.files import read_text
from overt.policy.rules import NoSuchScheme, SchemePolicy

#: In the order of the published documents in the catalogue of clauses.
NAMES = ("hertfordshire", "bassetlaw", "sevenoaks", "progress")


@cache
def shipped(name: str) -> SchemePolicy:
    """One of the published schemes. Raises NoSuchScheme, with the names there are."""
    if name not in NAMES:
        raise NoSuchScheme(f"There is no scheme called {name}. There are: {', '.join(NAMES)}.")
    return _read(name)


@cache
def unadopted() -> SchemePolicy:
    """What an installation runs on until its scheme has put a policy in force: nobody's code, and nearly silent."""
    return _read("unadopted")


def _read(name: str) -> SchemePolicy:
    return read_text(files(__package__).joinpath(f"{name}.yaml").read_text(encoding="utf-8"))


def every_shipped() -> list[SchemePolicy]:
    return [shipped(name) for name in NAMES]
