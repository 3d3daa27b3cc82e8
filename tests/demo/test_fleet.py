"""The demo's vehicles keep to the roads and its boats to the water."""

from pathlib import Path

import numpy as np
import pytest

from anlan.cli.demonstration import ways
from anlan.cli.demonstration.fleet import Vehicle
from anlan.kit import clock

MAP = Path(ways.__file__).parents[2] / "packs/demo/lan/map"
DICE = np.random.default_rng(5)


def test_a_vehicle_goes_from_crossing_to_crossing_no_faster_than_the_road_allows() -> None:
    roads = ways.Roads(MAP / "roads.json")
    start = roads._nodes[10]
    way = roads.way(start, DICE)
    nodes = set(roads._nodes)
    assert len(way) > 3
    assert all(spot in nodes and 0 < speed <= 120 / 3.6 for spot, speed in way)
    vehicle = Vehicle(start, roads, DICE)
    for _ in range(300):
        before = vehicle.spot
        vehicle.go_on(2.0)
        assert ways.metres(before, vehicle.spot) <= 2 * 120 / 3.6 + 1


def test_a_boat_stays_on_the_water() -> None:
    from shapely.geometry import LineString

    home = (123.85, 35.89)
    sea = ways.Sea(MAP / "1-ground.geojson", home)
    boat, spots = Vehicle(home, sea, DICE), []
    for _ in range(2_000):
        boat.go_on(5.0)
        if boat.speed > 0:
            spots.append(boat.spot)
    assert len(set(spots)) > 100
    assert sea._water.buffer(1e-6).contains(LineString(spots[1:]))


@pytest.mark.parametrize("code", ["tanker_fleet", "ferries", "fleet"])
def test_trades_that_drive_are_in_the_county(code: str) -> None:

    from anlan.cli.demonstration.lan.plan import plan_of

    plan = plan_of(clock.today())
    assert any(each.trade.key == code for each in plan.enterprises)
