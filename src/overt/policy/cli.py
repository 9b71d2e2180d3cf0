"""`overt policy`: the schemes' codes of practice as data: list, read, compare, check, and begin a new one.

Needs no database: the published schemes ship with the product, and a policy may be a YAML file. Only `in-force`, in
place of a name, reads the records of the installation (--data).
Exit codes: 0 done, 1 `check` found errors, 2 bad input.
"""

from __future__ import annotations

import argparse
import json
import os
from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path

from overt.clocks.cli import read_date
from overt.clocks.questions import Figures
from overt.policy.clock_figures import figures_from
from overt.policy.files import read_file, write_text
from overt.policy.rules import BadPolicy, SchemePolicy, Term, document_of
from overt.policy.rules.check import check, errors_of
from overt.policy.rules.compare import Pair, compare, lines_of, shown
from overt.policy.rules.document import first_day, setting_named
from overt.policy.rules.findings import Finding
from overt.policy.rules.reading import scheme_name
from overt.policy.rules.reviews import review_due
from overt.policy.rules.settings import SECTIONS, SETTINGS
from overt.policy.schemes import NAMES, every_shipped, shipped

#: In place of a name: the policy of this installation.
IN_FORCE = "in-force"


def add_arguments(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    policy = subparsers.add_parser("policy", help="schemes' codes of practice as data: list, show, diff, check, new")
    verbs = policy.add_subparsers(title="what to do", metavar="VERB", required=True)

    verb = verbs.add_parser("list", help="the schemes that come with the product")
    verb.add_argument("--json", action="store_true")
    verb.set_defaults(run=list_schemes)

    verb = verbs.add_parser("show", help="a policy with its clauses; silences are shown as such")
    verb.add_argument("name", metavar="NAME_OR_FILE")
    verb.add_argument("--as-of", metavar="DATE", help="refused if the document was not issued by then")
    verb.add_argument("--json", action="store_true")
    verb.set_defaults(run=show)

    verb = verbs.add_parser("diff", help="what differs between two policies")
    verb.add_argument("first", metavar="A")
    verb.add_argument("second", metavar="B")
    verb.add_argument("--json", action="store_true")
    verb.set_defaults(run=diff)

    verb = verbs.add_parser("check", help="contradictions, silences that hold something up, stale law")
    verb.add_argument("name", metavar="NAME_OR_FILE")
    verb.add_argument("--as-of", metavar="DATE", help="by the law of that day (today)")
    verb.add_argument("--json", action="store_true")
    verb.set_defaults(run=run_check)

    verb = verbs.add_parser("new", help="begin a policy as a copy of another, in a file to go on with")
    verb.add_argument("name", metavar="NAME")
    verb.add_argument("--from", dest="source", metavar="NAME_OR_FILE", required=True)
    verb.add_argument("--out", metavar="FILE", help="where it is written (NAME.yaml here)")
    verb.set_defaults(run=new)


def policy_named(name: str, day: date | None = None) -> SchemePolicy:
    """A published scheme, the policy of a file, or `in-force`: this installation's at the end of a day (now).

    Raises BadPolicy for none of these.
    """
    if name in NAMES:
        return shipped(name)
    if name == IN_FORCE:
        return _in_force(day)
    path = Path(name)
    if path.suffix in (".yaml", ".yml") or path.is_file():
        return read_file(path)
    return shipped(name)  # which says what names there are


def figures_of(name: str) -> Figures:
    """The figures that `policy_named` finds, as `overt clock --policy` asks for them. Raises BadPolicy."""
    return figures_from(policy_named(name))


def _in_force(day: date | None) -> SchemePolicy:
    """The one word that needs the installation's records."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "overt.settings")
    django.setup()
    from django.db import Error

    from overt.policy.queries import policy_in_force

    try:
        return policy_in_force(_end_of(day) if day else None)
    except Error:
        raise BadPolicy(
            "This installation has no records yet, so no policy is in force. Name it with --data."
        ) from None


def _end_of(day: date) -> datetime:
    from django.utils import timezone

    return timezone.make_aware(datetime.combine(day, time.max))


def list_schemes(options: argparse.Namespace) -> int:
    rows = [_listed(policy) for policy in every_shipped()]
    if options.json:
        print(json.dumps(rows, indent=2, ensure_ascii=False))
        return 0
    for row in rows:
        print(f"{row['name']:<14} {row['issued'] or 'undated':<11} {row['title']}")
        print(f"{'':14} {row['terms']} of {len(SETTINGS)} settings fixed; next review {row['review_due'] or 'unknown'}")
    return 0


def _listed(policy: SchemePolicy) -> dict[str, object]:
    due = review_due(policy)
    return {
        "name": policy.scheme,
        "title": policy.title,
        "edition": policy.edition or None,
        "issued": policy.issued or None,
        "review_due": due.isoformat() if due else None,
        "owner_kind": policy.owner_kind,
        "terms": sum(policy.in_code(setting.name) for setting in SETTINGS),
    }


def show(options: argparse.Namespace) -> int:
    day = read_date(options.as_of) if options.as_of else None
    policy = policy_named(options.name, day)
    if day and options.name != IN_FORCE:
        _check_issued(policy, day)
    if options.json:
        print(json.dumps(_as_json(policy), indent=2, ensure_ascii=False))
    else:
        print("\n".join(_in_words(policy)))
    return 0


def _check_issued(policy: SchemePolicy, day: date) -> None:
    first = first_day(policy.issued)
    if first is not None and day < first:
        raise BadPolicy(
            f"On {day:%-d %B %Y} this edition was not there: {policy.title} was issued in {first:%B %Y}, "
            "and no earlier edition is kept."
        )


def _as_json(policy: SchemePolicy) -> dict[str, object]:
    """The document, and beside it what is in effect only because the product has a default."""
    defaults = {s.name: s.default for s in SETTINGS if s.default is not None and not policy.in_code(s.name)}
    return {**document_of(policy), "not_in_your_code": defaults}


def _in_words(policy: SchemePolicy) -> list[str]:
    lines = [policy.title, f"  {policy.source}"] if policy.source else [policy.title]
    due = review_due(policy)
    lines.append(f"  Issued {policy.issued or 'without a date'}; next review {due or 'unknown'}.")
    if policy.note:
        lines.append(f"  {policy.note}")
    for section in SECTIONS:
        lines += ["", section]
        for setting in SETTINGS:
            if setting.section == section:
                lines += _setting_lines(policy, setting.name)
    return lines


def _setting_lines(policy: SchemePolicy, name: str) -> list[str]:
    term, default = policy.term(name), setting_named(name).default
    said, rows = shown(term), lines_of(term)
    if term.value is None:
        meanwhile = f"not in your code; the product uses {shown(replace(term, value=default))}"
        said, rows = ("silent" if default is None else meanwhile), []
    if len(rows) > 1:
        lines = [f"  {name}:{_clauses(term)}", *(f"      - {row}" for row in rows)]
    else:
        lines = [f"  {name}: {said}{_clauses(term)}"]
    lines += [f"      also {shown(replace(term, value=o.value))}  [{', '.join(o.clauses)}]" for o in term.also]
    if term.note:
        lines.append(f"      {term.note}")
    return lines


def diff(options: argparse.Namespace) -> int:
    first, second = policy_named(options.first), policy_named(options.second)
    pairs = [pair for pair in compare(first, second) if pair.differs]
    if options.json:
        print(json.dumps([_pair_json(pair) for pair in pairs], indent=2, ensure_ascii=False))
        return 0
    for pair in pairs:
        print(pair.setting.name)
        for policy, term in ((first, pair.first), (second, pair.second)):
            print(f"  {policy.scheme:<14} {shown(term)}{_clauses(term)}")
    print(f"{len(pairs)} settings differ.")
    return 0


def _pair_json(pair: Pair) -> dict[str, object]:
    from overt.policy.rules.writing import term_document

    return {"setting": pair.setting.name, "a": term_document(pair.first), "b": term_document(pair.second)}


def run_check(options: argparse.Namespace) -> int:
    asked = read_date(options.as_of) if options.as_of else None
    policy = policy_named(options.name, asked)
    day = asked or date.today()  # noqa: DTZ011  # the law's day is a local one
    found = check(policy, day)
    if options.json:
        report = {"policy": policy.scheme, "as_of": day.isoformat(), "findings": [one.as_json() for one in found]}
        print(json.dumps(report, indent=2, ensure_ascii=False))
    else:
        print(f"{policy.title}, by the law of {day:%-d %B %Y}")
        print("\n".join(line for one in found for line in _finding_lines(one)) or "  Nothing found.")
    return 1 if errors_of(found) else 0


def _finding_lines(finding: Finding) -> list[str]:
    where = f"  [{', '.join(finding.clauses)}]" if finding.clauses else ""
    lines = ["", f"{finding.severity.value}: {finding.id}{where}", f"  {finding.says}", f"  Fix: {finding.fix}"]
    if finding.source:
        lines.append(f"  Source: {finding.source}")
    return lines


def new(options: argparse.Namespace) -> int:
    source = policy_named(options.source)
    name = scheme_name(options.name)
    if name in NAMES:
        raise BadPolicy(f"{name} is a published scheme that ships with the product. Choose another name.")
    path = Path(options.out or f"{name}.yaml")
    begun = replace(
        source, scheme=name, title=f"{name} (draft)", edition="", issued="", review_due="", source="",
        based_on=source.scheme,
    )  # fmt: skip
    head = f"# A draft, begun from {source.title}.\n# Clauses are those of that document until you name your own.\n"
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(head + write_text(begun))
    except FileExistsError:
        raise BadPolicy(f"{path} is there already; it was not touched. Give another name or --out.") from None
    except OSError as error:
        raise BadPolicy(f"{path}: {error.strerror or error}.") from None
    print(f"{path} written. Change it, then: overt policy check {path}")
    return 0


def _clauses(term: Term) -> str:
    return f"  [{', '.join(term.clauses)}]" if term.clauses else ""
