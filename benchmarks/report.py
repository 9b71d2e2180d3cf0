"""A benchmark's result: figures beside each other, what was to be reached, and whether it was."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles

from benchmarks.machine import machine

RESULTS = Path(__file__).parent / "results"
Cell = str | float | int


@dataclass(frozen=True)
class Figure:
    """One thing measured. `reach` is in words and `reached` None where it was not asked for at this size."""

    what: str
    measured: str
    reach: str = ""
    reached: bool | None = None


@dataclass(frozen=True)
class Result:
    """`rows` are what was measured side by side; `raw` everything needed to work the figures out again."""

    name: str
    title: str
    setting: str
    rows: Sequence[Mapping[str, Cell]]
    figures: Sequence[Figure]
    raw: Mapping[str, object] = field(default_factory=dict)


def spread(values: Sequence[float]) -> dict[str, float]:
    """Median, 95th percentile, least, most and how many."""
    tail = quantiles(values, n=20, method="inclusive")[-1] if len(values) > 1 else values[0]
    return {"median": median(values), "p95": tail, "least": min(values), "most": max(values), "count": len(values)}


def write(result: Result, *, full: bool, folder: Path = RESULTS) -> str:
    """Keep the result as JSON and as a page; gives the page back. A short run never replaces a full one."""
    facts = {
        "name": result.name,
        "full": full,
        "machine": machine(),
        "setting": result.setting,
        "figures": [vars(figure) for figure in result.figures],
        "rows": list(result.rows),
        "raw": result.raw,
    }
    page = _page(result, facts["machine"], full=full)  # type: ignore[arg-type]  # it is what machine() gave
    folder.mkdir(parents=True, exist_ok=True)
    stem = result.name if full else f"{result.name}-short"
    (folder / f"{stem}.json").write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")
    (folder / f"{stem}.md").write_text(page, encoding="utf-8")
    return page


def _page(result: Result, on: Mapping[str, Cell], *, full: bool) -> str:
    lines = [f"# {result.title}", "", result.setting + ("" if full else " Short run: a trial, no proof."), ""]
    lines += _table(result.rows)
    lines += ["", "| figure | measured | to reach | |", "| --- | --- | --- | --- |"]
    for figure in result.figures:
        verdict = {True: "reached", False: "**not reached**", None: ""}[figure.reached]
        lines.append(f"| {figure.what} | {figure.measured} | {figure.reach} | {verdict} |")
    lines += ["", "Machine: " + ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in on.items()) + "."]
    return "\n".join(lines) + "\n"


def _table(rows: Sequence[Mapping[str, Cell]]) -> list[str]:
    if not rows:
        return []
    names = list(rows[0])
    lines = ["| " + " | ".join(names) + " |", "| " + " | ".join("---" for _ in names) + " |"]
    return lines + ["| " + " | ".join(_text(row[name]) for name in names) + " |" for row in rows]


def _text(cell: Cell) -> str:
    if isinstance(cell, float):
        return f"{cell:,.0f}" if abs(cell) >= 100 else f"{cell:.3g}"
    return f"{cell:,}" if isinstance(cell, int) else cell
