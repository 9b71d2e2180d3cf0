"""The clause catalogue: every clause of the five governing documents that software can carry out or prove.

The data is data/clauses.yaml, whose head explains its fields and topics.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

#: What an id looks like wherever one is cited.
CITED = re.compile(r"\b(?:HERTS|BASS|MINUTES|SEVEN|PROG)-[A-Za-z0-9]+(?:\.[A-Za-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Clause:
    """One duty. `says` is the duty in other words, `system` what software does so that it is carried out."""

    id: str
    topic: str
    says: str
    system: str
    enforce: str  # system, record, remind, report or organisation: who acts
    seed: str  # the source document's file
    parameter: Mapping[str, Any] = field(default_factory=dict)  # SchemePolicy settings whose value it fixes


@cache
def catalogue() -> dict[str, Clause]:
    """Every clause by its id, in the order of the documents. Read once."""
    text = files("overt.clauses").joinpath("data/clauses.yaml").read_text(encoding="utf-8")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times faster where libyaml is built in
    rows = yaml.load(text, Loader=loader)  # noqa: S506  # both are safe loaders
    return {row["id"]: Clause(**{**row, "says": row["says"].strip(), "system": row["system"].strip()}) for row in rows}


def topics() -> list[str]:
    """The words a clause's topic may be, in alphabetical order."""
    return sorted({clause.topic for clause in catalogue().values()})


def cited_in(text: str) -> list[str]:
    """The clause ids that a text cites, known or not, in order."""
    return CITED.findall(text)
