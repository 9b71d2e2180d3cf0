"""What was seen of the mutants, and the score by part: benchmarks/results/mutants.{json,md}."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mutant_lists import ROOT, Mutant

RESULTS = ROOT / "benchmarks" / "results"
KILLED, LIVED, MISFIT, UNTOLD = "killed", "lived", "no longer fits", "not told"
NOT_RUN = "not run"
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Seen:
    """How one mutant went. `why` is the first test that noticed, or why none did."""

    mutant: Mutant
    outcome: str
    why: str
    seconds: float = 0.0

    def line(self) -> str:
        return f"{self.outcome:14} {self.mutant.part}: {self.mutant.breaks} ({self.why}, {self.seconds:.0f} s)"


def share(seen: Sequence[Seen]) -> float:
    """How much of them was killed, 0 to 1."""
    return sum(one.outcome == KILLED for one in seen) / len(seen) if seen else 0.0


def keep(seen: Sequence[Seen], mutants: Sequence[Mutant], folder: Path = RESULTS) -> None:
    """Write what was seen beside what earlier runs saw of the other `mutants`.

    What is in no list any more, or reads otherwise by now, is forgotten.
    """
    path = folder / "mutants.json"
    earlier = json.loads(path.read_text(encoding="utf-8"))["mutants"] if path.exists() else []
    known = {row["digest"]: row for row in earlier}
    known |= {one.mutant.digest: _row(one.mutant, one.outcome, one.why) for one in seen}
    rows = [known.get(mutant.digest) or _row(mutant, NOT_RUN, "") for mutant in mutants]
    rows.sort(key=lambda row: (row["part"], row["breaks"]))
    folder.mkdir(parents=True, exist_ok=True)
    # A line each, so that what two branches saw can be put together.
    lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    path.write_text(f'{{"mutants": [\n{lines}\n]}}\n', encoding="utf-8")
    (folder / "mutants.md").write_text(page(rows), encoding="utf-8")


def killed(folder: Path = RESULTS) -> set[str]:
    """The digests of those that the last run of each saw killed."""
    path = folder / "mutants.json"
    rows = json.loads(path.read_text(encoding="utf-8"))["mutants"] if path.exists() else []
    return {row["digest"] for row in rows if row["outcome"] == KILLED}


def _row(mutant: Mutant, outcome: str, why: str) -> Row:
    row = {"part": mutant.part, "breaks": mutant.breaks, "file": mutant.file, "clauses": list(mutant.clauses)}
    return {**row, "outcome": outcome, "why": why, "digest": mutant.digest}


def page(rows: Sequence[Row]) -> str:
    """The score as a table by part, and each that was not killed."""
    lines = ["# Mutants", "", "Small breakages of the product, and whether its tests notice: `make mutants`.", ""]
    lines += [
        "| part | mutants | killed | lived | not told | not run | share |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for part in sorted({row["part"] for row in rows}):
        lines.append(_score(part, [row for row in rows if row["part"] == part]))
    lines.append(_score("all", rows))
    left = [row for row in rows if row["outcome"] != KILLED]
    if left:
        lines += ["", *(f"- {row['outcome']}, {row['part']}: {row['breaks']} ({row['why'] or '-'})" for row in left)]
    return "\n".join(lines) + "\n"


def _score(name: str, rows: Sequence[Row]) -> str:
    count = {outcome: sum(row["outcome"] == outcome for row in rows) for outcome in (KILLED, LIVED, NOT_RUN)}
    untold = len(rows) - sum(count.values())
    tried = len(rows) - count[NOT_RUN]
    portion = f"{count[KILLED] / tried:.0%}" if tried else "-"
    return f"| {name} | {len(rows)} | {count[KILLED]} | {count[LIVED]} | {untold} | {count[NOT_RUN]} | {portion} |"
