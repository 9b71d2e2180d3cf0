"""Every address of the product and who may use it, as the rooms say in their tests' `routes.py`.

A route that no room says fails the walk.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path

from overt.rooms import ORDER
from routing import Route

HERE = Path(__file__).parent

ROUTES: Mapping[str, Route] = {
    f"{method} {key.partition(' ')[2]}": route
    for room in ("web", *ORDER)
    if (HERE / room / "routes.py").exists()
    for key, route in import_module(f"{room}.routes").ROUTES.items()
    for method in key.partition(" ")[0].split("+")
}
