"""The six places of the demo, by the names of their cameras."""

from __future__ import annotations

from collections.abc import Callable

from footage.simcam.scenes.car_park import mill_car_park
from footage.simcam.scenes.lane import quarry_lane
from footage.simcam.scenes.market import corn_exchange
from footage.simcam.scenes.motion import Scene
from footage.simcam.scenes.river import bridge_east_bank
from footage.simcam.scenes.street import high_street_north, high_street_south

PLACES: dict[str, Callable[[], Scene]] = {
    "high-street-north": high_street_north,
    "high-street-south": high_street_south,
    "corn-exchange": corn_exchange,
    "bridge-east-bank": bridge_east_bank,
    "mill-car-park": mill_car_park,
    "quarry-lane": quarry_lane,
}
