"""Reads a policy document and checks everything in it: keys, types, units, ranks, roles, clauses, dates."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date

from overt.clauses.catalogue import catalogue
from overt.policy.rules.document import (
    NATIONS,
    OWNER_KINDS,
    Also,
    Conflict,
    Post,
    SchemePolicy,
    Term,
    first_day,
    setting_named,
)
from overt.policy.rules.errors import BadPolicy
from overt.policy.rules.kinds import Rank, Role, Roles, Value, check_rank_of
from overt.policy.rules.ranks import LADDERS, check_rank
from overt.policy.rules.settings import BY_NAME, SETTINGS, Setting

_NAME = re.compile(r"[a-z][a-z0-9-]{0,39}")
_DATE = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?")
_HEAD = (
    "scheme", "title", "edition", "issued", "review_due", "source", "based_on", "owner_kind", "nation", "note",
    "ranks", "roles", "conflicts", "settings",
)  # fmt: skip
_TERM = ("value", "unit", "clauses", "note", "also")


def policy_from(document: Mapping[str, object]) -> SchemePolicy:
    """The policy of a document (as `document_of` writes it). Raises BadPolicy with one clear sentence."""
    _only(document, _HEAD, "A policy")
    ladders = _ladders(document.get("ranks"))
    roles = tuple(_post(row) for row in _list(document.get("roles"), "roles"))
    _unique([name for post in roles for name in (post.code, *post.aliases)], "roles")
    policy = SchemePolicy(
        scheme=scheme_name(document.get("scheme", "scheme")),
        title=_text(document.get("title", "CCTV scheme"), "title", most=200) or "CCTV scheme",
        edition=_text(document.get("edition"), "edition"),
        issued=_date(document.get("issued"), "issued"),
        review_due=_date(document.get("review_due"), "review_due"),
        source=_text(document.get("source"), "source"),
        based_on=_text(document.get("based_on"), "based_on"),
        owner_kind=_one_of(document.get("owner_kind", "other"), OWNER_KINDS, "owner_kind"),
        nation=_one_of(document.get("nation", NATIONS[0]), NATIONS, "nation"),
        note=_text(document.get("note"), "note", most=2000),
        ladders=ladders,
        roles=roles,
        conflicts=tuple(_conflict(row) for row in _list(document.get("conflicts"), "conflicts")),
        terms=_terms(document.get("settings"), ladders),
    )
    _check_roles(policy)
    return policy


def policy_from_stored(document: Mapping[str, object]) -> tuple[SchemePolicy, list[str]]:
    """The policy of a document that was checked when it was stored, and the settings this product no longer knows.

    They are left out rather than refused: a version in force must not stop the recorder after an update.
    """
    settings = document.get("settings")
    if not isinstance(settings, Mapping):
        return policy_from(document), []
    gone = sorted(str(name) for name in settings if name not in BY_NAME)
    kept = {name: term for name, term in settings.items() if name in BY_NAME}
    return policy_from({**document, "settings": kept}), gone


def _terms(raw: object, ladders: Mapping[str, Sequence[str]]) -> dict[str, Term]:
    if raw is None:
        return {}
    if not isinstance(raw, Mapping):
        raise BadPolicy("settings: expected settings with their values.")
    given = {str(name): term for name, term in raw.items()}
    for name in given:
        setting_named(name)
    return {s.name: _term(s, given[s.name], ladders) for s in SETTINGS if given.get(s.name) is not None}


def _term(setting: Setting, raw: object, ladders: Mapping[str, Sequence[str]]) -> Term:
    name = setting.name
    if not isinstance(raw, Mapping):
        raise BadPolicy(f"{name}: expected null, or a value with its clauses, such as {{value: ..., clauses: [...]}}.")
    _only(raw, _TERM, name)
    note = _text(raw.get("note"), f"{name}, note", most=1000)
    clauses = _clauses(raw.get("clauses"), name)
    if raw.get("value") is None:
        if raw.get("also") is not None:
            raise BadPolicy(f"{name}: there is another value, but no value.")
        return Term(clauses=clauses, note=note)
    value = _value(setting, raw["value"], ladders)
    return Term(value, _unit(setting, raw.get("unit")), clauses, note, _also(setting, raw.get("also"), ladders))


def _value(setting: Setting, raw: object, ladders: Mapping[str, Sequence[str]]) -> Value:
    value = setting.kind.read(setting.name, raw)
    if isinstance(setting.kind, Rank):
        check_rank_of(setting.name, setting.kind, value, ladders)
    if isinstance(value, tuple):
        for row in value:
            if isinstance(row, Mapping):
                _clauses(row.get("clauses"), setting.name)
    return value


def _unit(setting: Setting, raw: object) -> str:
    if not setting.units:
        if raw is not None:
            raise BadPolicy(f"{setting.name}: it has no unit, yet {raw!r} was given.")
        return ""
    if raw is None:
        raise BadPolicy(f"{setting.name}: say the unit ({' or '.join(setting.units)}).")
    if raw not in setting.units:
        raise BadPolicy(f"{setting.name}: {raw!r} is the wrong unit; expected {' or '.join(setting.units)}.")
    return str(raw)


def _also(setting: Setting, raw: object, ladders: Mapping[str, Sequence[str]]) -> tuple[Also, ...]:
    found = []
    for row in _list(raw, f"{setting.name}, also"):
        _only(row, ("value", "clauses"), f"{setting.name}, also")
        found.append(Also(_value(setting, row.get("value"), ladders), _clauses(row.get("clauses"), setting.name)))
    return tuple(found)


def _post(row: Mapping[str, object]) -> Post:
    _only(row, ("code", "name", "aliases", "alternates", "acts_as", "kind", "clauses"), "roles")
    code = _text(row.get("code"), "roles, code")
    if not re.fullmatch(r"[a-z][a-z0-9_]*", code):
        raise BadPolicy(f"roles: {code!r} is no code; expected small letters, digits and underscores.")
    return Post(
        code,
        _text(row.get("name"), f"roles, {code}") or code.replace("_", " "),
        _codes(row.get("aliases"), f"roles, {code}, aliases"),
        _codes(row.get("alternates"), f"roles, {code}, alternates"),
        _text(row.get("acts_as"), f"roles, {code}, acts_as"),
        _one_of(row.get("kind", "post"), ("post", "body"), f"roles, {code}, kind"),
        _clauses(row.get("clauses"), f"roles, {code}"),
    )


def _conflict(row: Mapping[str, object]) -> Conflict:
    _only(row, ("id", "clauses", "says", "read_as"), "conflicts")
    name = _text(row.get("id"), "conflicts, id")
    if not _NAME.fullmatch(name):
        raise BadPolicy(f"conflicts: {name!r} is no id; expected small letters, digits and dashes.")
    says = _text(row.get("says"), f"conflicts, {name}", most=1000)
    if not says:
        raise BadPolicy(f"conflicts, {name}: say what contradicts what.")
    clauses = _clauses(row.get("clauses"), f"conflicts, {name}")
    return Conflict(name, clauses, says, _text(row.get("read_as"), f"conflicts, {name}", most=1000))


def _check_roles(policy: SchemePolicy) -> None:
    """Every post named anywhere is one of the document's roles. Source: HERTS-5.2, BASS-6.2.1.e."""
    for setting in SETTINGS:
        if not isinstance(setting.kind, Role | Roles):
            continue
        term = policy.term(setting.name)
        for value in (term.value, *(other.value for other in term.also)):
            codes = (value,) if isinstance(value, str) else value if isinstance(value, tuple) else ()
            for code in codes:
                if policy.post(str(code)) is None:
                    raise BadPolicy(f"{setting.name}: {code} is no role of this document; name it under roles.")
    for post in policy.roles:
        for code in post.alternates:
            if policy.post(code) is None:
                raise BadPolicy(f"roles, {post.code}: its alternate {code} is no role of this document.")


def _ladders(raw: object) -> Mapping[str, Sequence[str]]:
    if raw is None:
        return LADDERS
    if not isinstance(raw, Mapping) or not raw:
        raise BadPolicy("ranks: expected a body with its ranks from the lowest to the highest.")
    own = {str(body): _codes(steps, f"ranks, {body}", most=60) for body, steps in raw.items()}
    for body, steps in own.items():
        names = [name for step in steps for name in step.split("|")]
        _unique(names, f"ranks, {body}")
        check_rank(body, names[0] if names else "", own)
    return {**LADDERS, **own}


def _clauses(raw: object, where: str) -> tuple[str, ...]:
    found = _codes(raw, f"{where}, clauses", pattern=None)
    for clause in found:
        if clause not in catalogue():
            raise BadPolicy(f"{where}: there is no clause {clause} in the catalogue.")
    return found


def _codes(raw: object, where: str, *, pattern: str | None = r"[a-z0-9][a-z0-9_|]*", most: int = 80) -> tuple[str, ...]:
    if raw is None:
        return ()
    if not isinstance(raw, Sequence) or isinstance(raw, str | bytes):
        raise BadPolicy(f"{where}: expected a list.")
    for one in raw:
        if not isinstance(one, str) or len(one) > most or (pattern and not re.fullmatch(pattern, one)):
            raise BadPolicy(f"{where}: {one!r} cannot be.")
    return tuple(raw)


def _list(raw: object, where: str) -> list[Mapping[str, object]]:
    if raw is None:
        return []
    if not isinstance(raw, Sequence) or isinstance(raw, str | bytes) or not all(isinstance(r, Mapping) for r in raw):
        raise BadPolicy(f"{where}: expected a list of rows.")
    return [row for row in raw if isinstance(row, Mapping)]


def _text(raw: object, where: str, *, most: int = 400) -> str:
    if raw is None:
        return ""
    if not isinstance(raw, str) or len(raw) > most:
        raise BadPolicy(f"{where}: expected a text of at most {most} characters.")
    return " ".join(raw.split())


def _date(raw: object, where: str) -> str:
    if isinstance(raw, date):  # YAML reads 2026-04-03 as a date
        raw = raw.isoformat()
    text = _text(raw, where)
    if text:
        if not _DATE.fullmatch(text):
            raise BadPolicy(f"{where}: {text} is no date; expected 2026-04-03, or 2026-04 where no day is printed.")
        try:
            first_day(text)
        except ValueError:
            raise BadPolicy(f"{where}: {text}: there is no such day.") from None
    return text


def scheme_name(raw: object) -> str:
    """The short name of a scheme. Raises BadPolicy for what cannot be one."""
    if not isinstance(raw, str) or not _NAME.fullmatch(raw):
        raise BadPolicy(f"scheme: {raw!r} is no name; expected small letters, digits and dashes, such as market-town.")
    return raw


def _one_of(raw: object, options: Sequence[str], where: str) -> str:
    if raw not in options:
        raise BadPolicy(f"{where}: {raw!r} cannot be; expected one of {', '.join(options)}.")
    return str(raw)


def _only(raw: Mapping[str, object], known: Sequence[str], where: str) -> None:
    unknown = sorted(str(key) for key in set(raw) - set(known))
    if unknown:
        raise BadPolicy(f"{where} has no {', '.join(unknown)}; it has {', '.join(known)}.")


def _unique(names: Sequence[str], where: str) -> None:
    twice = sorted({name for name in names if list(names).count(name) > 1})
    if twice:
        raise BadPolicy(f"{where}: {', '.join(twice)} stands there twice.")
