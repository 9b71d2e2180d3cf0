"""The wall between rooms, for import-linter: each imports only from those before it in `overt.rooms.ORDER`."""

from __future__ import annotations

from typing import Any

from importlinter.contracts.layers import LayersContract
from importlinter.domain import fields

from overt.rooms import ORDER


class RoomsContract(LayersContract):
    """Layers of which the rooms are read from `ORDER`, so that a new room is named there alone.

    `above` and `below` are the layers over the rooms and under them, highest first. Rooms named in `together` know one
    another; they must stand side by side in the order.
    """

    type_name = "rooms"

    above = fields.ListField(subfield=fields.StringField())
    below = fields.ListField(subfield=fields.StringField())
    together = fields.ListField(subfield=fields.StringField())

    def __init__(self, name: str, session_options: dict[str, Any], contract_options: dict[str, Any]) -> None:
        options = {key: contract_options[key] for key in ("above", "below", "together")}
        layers = [*options["above"], *room_layers(options["together"]), *options["below"]]
        super().__init__(name, session_options, {**contract_options, "layers": layers})


def room_layers(together: list[str]) -> list[str]:
    """The rooms from the highest to the lowest, as import-linter writes layers; those together are one."""
    layers: list[str] = []
    for room in reversed(ORDER):
        if room in together and layers and layers[-1].endswith(tuple(f"overt.{other}" for other in together)):
            layers[-1] += f" : overt.{room}"
        else:
            layers.append(f"overt.{room}")
    return layers
