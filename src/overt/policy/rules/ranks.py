"""Rank ladders: which rank of which body stands above which, and whether somebody's is high enough.

A ladder is a list from the lowest to the highest. A step may hold ranks that count alike ("commander" of the
Metropolitan and City forces beside "assistant_chief_constable").
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from overt.policy.rules.errors import BadPolicy, PolicySilent

#: Lowest first. Ranks of one step are divided by "|".
LADDERS: dict[str, tuple[str, ...]] = {
    "police": (
        "constable",
        "sergeant",
        "inspector",
        "chief_inspector",
        "superintendent",
        "chief_superintendent",
        "assistant_chief_constable|commander",
        "deputy_chief_constable|deputy_assistant_commissioner",
        "chief_constable|assistant_commissioner",
        "deputy_commissioner",
        "commissioner",
    ),
    "council": ("officer", "manager", "head_of_service", "director", "chief_executive"),
    "landlord": ("officer", "manager", "head_of_service", "director", "group_chief_executive"),
}


def check_rank(body: str, rank: str, ladders: Mapping[str, Sequence[str]] = LADDERS) -> int:
    """The step of a rank in its body's ladder, 0 the lowest. Raises BadPolicy for a rank or body nobody has."""
    if body not in ladders:
        raise BadPolicy(f"There is no body {body} with ranks; there are {', '.join(ladders)}.")
    for step, held in enumerate(ladders[body]):
        if rank in held.split("|"):
            return step
    known = ", ".join(name for held in ladders[body] for name in held.split("|"))
    raise BadPolicy(f"{rank} is no rank of the {body}; its ranks are {known}.")


def not_below(
    held: str,
    needed: str | None,
    *,
    body: str,
    setting: str = "the rank",
    ladders: Mapping[str, Sequence[str]] = LADDERS,
) -> bool:
    """Whether a person's rank is the needed one or above it.

    A policy that names no rank refuses: raises PolicySilent. A rank the body does not have raises BadPolicy.
    Source: BASS-7.6.1.a, BASS-7.6.3.a, BASS-9.5.b, BASS-C.3.2.1 (an officer not below the rank of).
    """
    if needed is None:
        raise PolicySilent(setting, f"the lowest rank of the {body} that may do it")
    return check_rank(body, held, ladders) >= check_rank(body, needed, ladders)
