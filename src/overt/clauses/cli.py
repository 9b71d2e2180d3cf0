"""`overt clauses [--topic T] [--json]`: each clause, what carries it out, and whether a passing test proves it."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import dataclass

from overt.clauses.carried import carried_out_by
from overt.clauses.catalogue import Clause, catalogue, topics
from overt.clauses.proof import Claim, Proof, claims, judge


@dataclass(frozen=True, slots=True)
class Standing:
    """A clause with what there is to show for it."""

    clause: Clause
    carried_by: list[str]
    claims: list[Claim]

    @property
    def proof(self) -> Proof:
        return judge(self.claims)

    def as_json(self) -> dict[str, object]:
        clause = self.clause
        return {
            "id": clause.id,
            "topic": clause.topic,
            "says": clause.says,
            "system": clause.system,
            "enforce": clause.enforce,
            "carried_out_by": self.carried_by,
            "proof": self.proof.value,
            "tests": [{"test": claim.test, "outcome": claim.outcome} for claim in self.claims],
        }


def add_arguments(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser("clauses", help="the clauses of the codes of practice: what carries them out, proof")
    parser.add_argument("--topic", action="append", default=[], metavar="T", help="only this topic (may be repeated)")
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """List the clauses; exit code 2 for a topic that no clause has."""
    unknown = sorted(set(options.topic) - set(topics()))
    if unknown:
        print(f"overt: no clause has the topic {', '.join(unknown)}. Topics: {', '.join(topics())}", file=sys.stderr)
        return 2
    listed = [found for found in standings() if not options.topic or found.clause.topic in options.topic]
    if options.json:
        print(json.dumps([found.as_json() for found in listed], ensure_ascii=False, indent=1))
    else:
        _print(listed)
    return 0


def standings() -> list[Standing]:
    """Every clause of the catalogue, in its order."""
    carried, claimed = carried_out_by(), claims()
    return [Standing(clause, carried.get(clause.id, []), claimed.get(clause.id, [])) for clause in catalogue().values()]


def _print(listed: list[Standing]) -> None:
    for found in listed:
        print(f"{found.clause.id:<16} {found.clause.topic:<22} {found.proof.value:<8} {_shortened(found.clause.says)}")
        for name in found.carried_by:
            print(f"{'':16} carried out by {name}")
        for claim in found.claims:
            print(f"{'':16} {claim.outcome or 'not run'}: {claim.test}")
    counts = {proof: sum(found.proof is proof for found in listed) for proof in Proof}
    carried = sum(bool(found.carried_by) for found in listed)
    print(
        f"{len(listed)} clauses: {carried} name the code that carries them out, {counts[Proof.PROVEN]} proven,"
        f" {counts[Proof.FAILING]} failing, {counts[Proof.CLAIMED]} claimed by tests that have not run here."
    )


def _shortened(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= 100 else words[:99].rsplit(" ", 1)[0] + "…"
