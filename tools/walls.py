"""The walls between rooms and modules, for import-linter.

`RoomsContract`: each room imports only from those before it in `overt.rooms.ORDER`. `CirclesContract`: no modules
import one another in a circle, not even inside a function or for a type checker alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from grimp import ImportGraph
from importlinter.application import output
from importlinter.contracts.layers import LayersContract
from importlinter.domain import fields
from importlinter.domain.contract import Contract, ContractCheck

from overt.rooms import ORDER


class RoomsContract(LayersContract):
    """Layers of which the rooms are read from `ORDER`, so that a new room is named there alone.

    `above` and `below` are the layers over the rooms and under them, highest first.
    """

    type_name = "rooms"

    above = fields.ListField(subfield=fields.StringField())
    below = fields.ListField(subfield=fields.StringField())

    def __init__(self, name: str, session_options: dict[str, Any], contract_options: dict[str, Any]) -> None:
        rooms = [f"overt.{room}" for room in reversed(ORDER)]
        layers = [*contract_options["above"], *rooms, *contract_options["below"]]
        super().__init__(name, session_options, {**contract_options, "layers": layers})


class CirclesContract(Contract):
    """No module can be reached again from what it imports, over all packages that the linter reads."""

    type_name = "circles"

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        imports = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
        found = circles(imports)
        return ContractCheck(kept=not found, metadata={"circles": found})

    def render_broken_contract(self, check: ContractCheck) -> None:
        for circle in check.metadata["circles"]:
            output.print_error(f"these import one another: {', '.join(circle)}")


def circles(imports: Mapping[str, Iterable[str]]) -> list[list[str]]:
    """The groups of modules in which each can be reached from each other, sorted; a module alone is none.

    Kosaraju: a module is finished after all that it reaches; against the arrows, from the last finished to the first,
    one reaches exactly those of its own group.
    """
    importers: dict[str, list[str]] = {}
    for module, imported in imports.items():
        for one in imported:
            importers.setdefault(one, []).append(module)
    seen: set[str] = set()
    finished = [one for module in imports for one in _reached(module, imports, seen)]
    seen = set()
    groups = [sorted(_reached(module, importers, seen)) for module in reversed(finished)]
    return sorted(group for group in groups if len(group) > 1)


def _reached(start: str, arrows: Mapping[str, Iterable[str]], seen: set[str]) -> Iterator[str]:
    """What is reached from a module and was not seen before, each after all that is reached from it."""
    if start in seen:
        return
    seen.add(start)
    waiting = [(start, iter(arrows.get(start, ())))]
    while waiting:
        following = next((one for one in waiting[-1][1] if one not in seen), None)
        if following is None:
            yield waiting.pop()[0]
        else:
            seen.add(following)
            waiting.append((following, iter(arrows.get(following, ()))))
