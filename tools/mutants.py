#!/usr/bin/env python3
"""Breaks the product in one small way after the other, and sees whether the tests that must notice do.

    mutants.py [PART ...] [-k WORDS] [--left] [--jobs N] [--check] [--marks]

The breakages are listed beside the tests (tools/mutant_lists.py). Each is made in a copy of the tree, several side by
side; the tree itself is never changed. How each went is kept in benchmarks/results/mutants.{json,md}, by part;
a run of a few leaves what was seen of the others. `--check` only says what no longer fits, `--marks` which clause marks
no mutant breaks. The exit code is not zero where an entry no longer fits, where its tests are not well without the
breakage, or where fewer are killed than REACH.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue

from mutant_copy import Copy, Outcome, Outcomes
from mutant_lists import ROOT, BadList, Mutant, misfits, read_all
from mutant_score import KILLED, LIVED, MISFIT, UNTOLD, Seen, keep, killed, share

#: The share that must die.
REACH = 0.95
#: A run may take this many times as long as without the breakage, and this many seconds more; hanging is noticing.
PATIENCE, MORE_SECONDS = 4.0, 30.0
#: Without a breakage there is no earlier run to go by.
WELL_SECONDS = 900.0


def chosen(mutants: Iterable[Mutant], parts: Sequence[str], words: str) -> list[Mutant]:
    """Those of the parts named (all without any) whose words hold `words`."""
    return [
        mutant
        for mutant in mutants
        if (not parts or mutant.part in parts) and words.lower() in f"{mutant.breaks} {mutant.file}".lower()
    ]


def selected(outcomes: Outcomes, test: str) -> Outcomes:
    """Of `outcomes`, those of a file, of a function with all its parameters, or of one test."""
    return {name: told for name, told in outcomes.items() if name == test or name.startswith((f"{test}::", f"{test}["))}


def unwell(mutant: Mutant, before: Outcomes) -> str:
    """Why its tests can say nothing of it, by how they went without it; empty where they can."""
    asked: Outcomes = {}
    for test in mutant.tests:
        found = selected(before, test)
        if not any(told["outcome"] == "passed" for told in found.values()):
            return f"{test} does not run here"
        asked |= found
    failed = [name for name, told in asked.items() if told["outcome"] == "failed"]
    if failed:
        return f"{failed[0]} fails without the breakage too"
    for clause in mutant.clauses:
        if not claiming(asked, clause):
            return f"none of its tests claims {clause}"
    return ""


def claiming(outcomes: Outcomes, clause: str) -> list[str]:
    return [name for name, told in outcomes.items() if clause in told["clauses"]]


def judged(mutant: Mutant, before: Outcomes, run: Outcome) -> Seen:
    """What a run of its tests with the breakage says. Each test that claims one of its clauses must fail by itself."""
    if run.timed_out:
        return Seen(mutant, KILLED, "the tests did not end", run.seconds)
    noticed = sorted(name for name, told in run.tests.items() if told["outcome"] == "failed")
    if run.code not in (0, 1) or (run.code == 1 and not noticed):
        return Seen(mutant, UNTOLD, f"the tests did not begin: {run.said[-300:].strip()}", run.seconds)
    asked = {name: told for test in mutant.tests for name, told in selected(before, test).items()}
    must = {name for clause in mutant.clauses for name in claiming(asked, clause)}
    blind = sorted(must - set(noticed))
    if not noticed or blind:
        return Seen(mutant, LIVED, f"not noticed by {', '.join(blind or mutant.tests)}", run.seconds)
    return Seen(mutant, KILLED, noticed[0], run.seconds)


def try_one(copy: Copy, mutant: Mutant, before: Outcomes) -> Seen:
    why = unwell(mutant, before)
    if why:
        return Seen(mutant, UNTOLD, why)
    usual = sum(float(told["seconds"]) for test in mutant.tests for told in selected(before, test).values())
    with copy.broken(mutant):
        run = copy.run(mutant.tests, usual * PATIENCE + MORE_SECONDS, stop_at_first=not mutant.clauses)
    return judged(mutant, before, run)


def without_breakage(copies: SimpleQueue[Copy], workers: ThreadPoolExecutor, mutants: Sequence[Mutant]) -> Outcomes:
    """How the tests named go in the tree as it is, a file to a run."""
    by_file: dict[str, set[str]] = {}
    for mutant in mutants:
        for test in mutant.tests:
            by_file.setdefault(test.partition("::")[0], set()).add(test)

    def run(tests: set[str]) -> Outcomes:
        copy = copies.get()
        try:
            run = copy.run(sorted(tests), WELL_SECONDS)
            if not run.tests:
                print(f"{', '.join(sorted(tests))} did not begin:\n{run.said}", file=sys.stderr)
            return run.tests
        finally:
            copies.put(copy)

    outcomes: Outcomes = {}
    for told in workers.map(run, by_file.values()):
        outcomes |= told
    return outcomes


def run_all(mutants: Sequence[Mutant], jobs: int) -> list[Seen]:
    """Try each in one of `jobs` copies of the tree; kept one by one, so that a run cut short is not lost."""
    seen = [Seen(mutant, MISFIT, wrong[0]) for mutant in mutants if (wrong := misfits(mutant))]
    fitting = [mutant for mutant in mutants if not misfits(mutant)]
    copies: SimpleQueue[Copy] = SimpleQueue()
    with tempfile.TemporaryDirectory(prefix="mu-") as folder, ThreadPoolExecutor(jobs) as workers:
        for number in range(jobs):
            copies.put(Copy.of(ROOT, Path(folder) / str(number)))
        before = without_breakage(copies, workers, fitting)

        def one(mutant: Mutant) -> Seen:
            copy = copies.get()
            try:
                return try_one(copy, mutant, before)
            finally:
                copies.put(copy)

        for told in workers.map(one, fitting):
            print(told.line(), flush=True)
            seen.append(told)
            keep(seen, read_all())
    return seen


def unbroken_marks(mutants: Sequence[Mutant]) -> list[str]:
    """The clause marks that no entry names: `CLAUSE test`."""
    with tempfile.TemporaryDirectory(prefix="mu-") as folder:
        marked = Copy.of(ROOT, Path(folder) / "0").run(["tests"], WELL_SECONDS, collect_only=True).tests
    broken = {
        (clause, name)
        for mutant in mutants
        for clause in mutant.clauses
        for test in mutant.tests
        for name in selected(marked, test)
    }
    bare = {
        (clause, name.partition("[")[0])
        for name, told in marked.items()
        for clause in told["clauses"]
        if (clause, name) not in broken
    }
    return [f"{clause} {name}" for clause, name in sorted(bare)]


def check(mutants: Sequence[Mutant]) -> int:
    wrong = [f"{mutant.part}: “{mutant.breaks}”: {why}" for mutant in mutants for why in misfits(mutant)]
    print("\n".join(wrong) or f"All {len(mutants)} fit.")
    return 1 if wrong else 0


def main(words: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="mutants.py", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("parts", nargs="*", metavar="PART", help="a part of the product; all without any")
    parser.add_argument("-k", dest="words", default="", help="only those whose words or file hold this")
    parser.add_argument("--left", action="store_true", help="only those that no earlier run saw killed")
    parser.add_argument("--jobs", type=int, default=min(os.cpu_count() or 1, 4), help="how many side by side")
    parser.add_argument("--check", action="store_true", help="run nothing, say what no longer fits")
    parser.add_argument("--marks", action="store_true", help="run nothing, say which clause marks no mutant breaks")
    args = parser.parse_args(words)
    try:
        mutants = chosen(read_all(), args.parts, args.words)
    except BadList as error:
        sys.exit(str(error))
    if args.check:
        return check(mutants)
    if args.marks:
        bare = unbroken_marks(mutants)
        print("\n".join(bare) or "Each clause mark has a mutant.")
        return 1 if bare else 0
    if args.left:
        done = killed()
        mutants = [mutant for mutant in mutants if mutant.digest not in done]
    if not mutants:
        sys.exit("there is no such mutant")
    seen = run_all(mutants, max(1, args.jobs))
    told = [one for one in seen if one.outcome in (MISFIT, UNTOLD)]
    print(f"{sum(one.outcome == KILLED for one in seen)} of {len(seen)} killed.")
    return 1 if told or share(seen) < REACH else 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except (KeyboardInterrupt, RuntimeError, subprocess.CalledProcessError) as stopped:
        sys.exit(f"Stopped: {stopped or 'interrupted'}")
