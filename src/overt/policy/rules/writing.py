"""A policy as a plain document again: what is stored, hashed, compared and written to a file."""

from __future__ import annotations

from collections.abc import Mapping

from overt.policy.rules.document import Post, SchemePolicy, Term
from overt.policy.rules.ranks import LADDERS
from overt.policy.rules.settings import SETTINGS


def document_of(policy: SchemePolicy) -> dict[str, object]:
    """The document of a policy; `policy_from` gives the same policy back. Every setting is there, null if silent."""
    head: dict[str, object] = {
        name: getattr(policy, name) or None
        for name in ("scheme", "title", "edition", "issued", "review_due", "source", "based_on")
    }
    own = {body: list(steps) for body, steps in policy.ladders.items() if LADDERS.get(body) != steps}
    return {
        **head,
        "owner_kind": policy.owner_kind,
        "nation": policy.nation,
        "note": policy.note or None,
        "ranks": own or None,
        "roles": [_post(post) for post in policy.roles],
        "conflicts": [
            {"id": c.id, "clauses": list(c.clauses), "says": c.says, "read_as": c.read_as} for c in policy.conflicts
        ],
        "settings": {setting.name: term_document(policy.term(setting.name)) for setting in SETTINGS},
    }


def term_document(term: Term) -> dict[str, object] | None:
    """One term as data; None for a bare silence."""
    if term.value is None and not (term.note or term.clauses):
        return None
    made: dict[str, object] = {"value": plain(term.value)}
    if term.unit:
        made["unit"] = term.unit
    if term.clauses:
        made["clauses"] = list(term.clauses)
    if term.note:
        made["note"] = term.note
    if term.also:
        made["also"] = [{"value": plain(one.value), "clauses": list(one.clauses)} for one in term.also]
    return made


def plain(value: object) -> object:
    """Tuples as lists, so that JSON and YAML carry it."""
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, tuple | list):
        return [plain(one) for one in value]
    return value


def _post(post: Post) -> dict[str, object]:
    made: dict[str, object] = {"code": post.code, "name": post.name}
    if post.kind != "post":
        made["kind"] = post.kind
    for name in ("aliases", "alternates", "acts_as", "clauses"):
        if held := getattr(post, name):
            made[name] = list(held) if isinstance(held, tuple) else held
    return made
