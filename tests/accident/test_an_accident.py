"""From a stored substance to zones on the ground: what is possible, how far, and what is refused."""

import itertools
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
import shapely

from anlan.kernels.validity import OutOfRange
from anlan.kit.accident.ground import Frame
from anlan.kit.accident.inputs import Breach, Sky, Store
from anlan.kit.accident.simulate import Accident, simulate

ON = date(2026, 11, 1)
NIGHT, DAY = Sky(1.5, "F"), Sky(5.0, "D")
CHLORINE = Store("氯", 1000.0, head=0.5)
PROPANE = Store("丙烷", 50_000.0)
METHANE = Store("甲烷", 2000.0, pressure=4e6)
BENZENE = Store("苯", 500_000.0, head=8.0, bund=900.0)
HOLE, RUPTURE = Breach("hole", 0.025, 600.0), Breach("rupture")

ACCIDENTS = {
    "chlorine": (CHLORINE, HOLE, NIGHT),
    "chlorine-all-at-once": (CHLORINE, RUPTURE, DAY),
    "propane": (PROPANE, HOLE, DAY),
    "propane-all-at-once": (PROPANE, RUPTURE, DAY),
    "methane": (METHANE, HOLE, DAY),
    "methane-all-at-once": (METHANE, RUPTURE, DAY),
    "benzene": (BENZENE, HOLE, NIGHT),
}


@pytest.fixture(scope="module")
def accidents() -> dict[str, Accident]:
    return {name: simulate(*asked, ON) for name, asked in ACCIDENTS.items()}


def kinds(accident: Accident) -> set[str]:
    return {effect.kind for effect in accident.effects}


def reach(accident: Accident, kind: str, level: str) -> float:
    effect = accident.effect(kind)
    assert effect is not None, f"no {kind}; refused: {accident.refused}"
    return next(zone.reach for zone in effect.zones if zone.level.key == level)


def test_each_store_does_what_its_substance_and_state_allow(accidents: dict[str, Accident]) -> None:
    assert kinds(accidents["chlorine"]) == {"toxic"}
    assert kinds(accidents["propane"]) == {"flash_fire", "jet_fire"}
    assert "explosion" in kinds(simulate(PROPANE, Breach("hole", 0.1, 600.0), NIGHT, ON))
    assert "fireball" in kinds(accidents["propane-all-at-once"])
    assert {"vessel_burst", "flash_fire"} <= kinds(accidents["methane-all-at-once"])
    assert {"toxic", "pool_fire"} <= kinds(accidents["benzene"])
    assert all(accident.refused == () for accident in accidents.values())


@pytest.mark.parametrize("name", list(ACCIDENTS))
def test_no_more_gets_out_than_was_stored_and_no_more_flies_than_gets_out(
    accidents: dict[str, Accident], name: str
) -> None:
    source, store = accidents[name].source, ACCIDENTS[name][0]
    assert 0 < source.released <= store.mass * (1 + 1e-9)
    assert 0 <= source.airborne <= source.released * (1 + 1e-9)


@pytest.mark.parametrize("name", list(ACCIDENTS))
def test_a_worse_level_lies_within_a_milder_one(accidents: dict[str, Accident], name: str) -> None:
    for effect in accidents[name].effects:
        levels = [zone for zone in effect.zones if not zone.level.key.startswith("lethal")]
        for mild, worse in itertools.pairwise(levels):
            assert mild.area >= worse.area, (effect.kind, mild.level.key, worse.level.key)
            beyond = worse.shape.difference(mild.shape.buffer(1.0))
            assert beyond.area <= 0.02 * max(worse.area, 1.0), (effect.kind, worse.level.key)


def test_a_larger_hole_reaches_farther(accidents: dict[str, Accident]) -> None:
    larger = simulate(CHLORINE, Breach("hole", 0.04, 600.0), NIGHT, ON)
    assert reach(larger, "toxic", "AEGL-3") > reach(accidents["chlorine"], "toxic", "AEGL-3")


def test_a_still_night_carries_poison_farther_than_a_windy_day(accidents: dict[str, Accident]) -> None:
    day = simulate(CHLORINE, HOLE, DAY, ON)
    assert reach(accidents["chlorine"], "toxic", "AEGL-3") > 2 * reach(day, "toxic", "AEGL-3")


def test_a_fireball_of_more_is_larger_and_lasts_longer(accidents: dict[str, Accident]) -> None:
    less = simulate(replace(PROPANE, mass=5000.0), RUPTURE, DAY, ON)
    for name in ("fireball_diameter", "duration"):
        figures = [
            {key: value for key, value, _ in effect.figures}[name]
            for effect in (less.effect("fireball"), accidents["propane-all-at-once"].effect("fireball"))
            if effect is not None
        ]
        assert figures[0] < figures[1]


def test_the_zone_is_where_the_field_says(accidents: dict[str, Accident]) -> None:
    """Points just inside the zone of 12.5 kW/m2 have more, points just outside less."""
    effect = accidents["propane"].effect("jet_fire")
    assert effect is not None and effect.field is not None
    zone = next(zone for zone in effect.zones if zone.level.key == "heat-12.5")
    ring = shapely.get_coordinates(zone.shape)
    middle = ring.mean(axis=0)
    for factor, above in ((0.9, True), (1.1, False)):
        x, y = (middle + factor * (ring - middle)).T
        assert ((effect.field.at(x, y) >= 12_500) == above).mean() > 0.9


def test_poison_comes_later_and_thinner_farther_down_the_wind(accidents: dict[str, Accident]) -> None:
    effect = accidents["chlorine"].effect("toxic")
    assert effect is not None and effect.field is not None
    x = np.array([200.0, 500.0, 1000.0])
    value, arrival = effect.field.at(x, np.zeros(3)), effect.field.arrival(x, np.zeros(3))
    assert (np.diff(value) < 0).all() and (np.diff(arrival) > 0).all()
    assert effect.field.at(np.array([-200.0]), np.zeros(1))[0] < 0.1 * value[0]


def test_a_gas_whose_pressure_is_not_told_is_asked_for_it() -> None:
    with pytest.raises(OutOfRange, match="give its pressure"):
        simulate(replace(METHANE, pressure=None), HOLE, DAY, ON)


def test_a_tank_without_any_pressure_lets_nothing_out() -> None:
    with pytest.raises(OutOfRange, match="nothing flows out"):
        simulate(replace(METHANE, pressure=101325.0), HOLE, DAY, ON)


@pytest.mark.parametrize(
    "make",
    [
        lambda: Store("氯", float("nan")),
        lambda: Store("氯", -1.0),
        lambda: Store("氯", 10.0, temperature=5.0),
        lambda: Breach("hole", 0.0),
        lambda: Breach("hole", float("nan")),
        lambda: Breach("crack", 0.1),  # type: ignore[arg-type]  # an unknown word
        lambda: Sky(float("nan")),
        lambda: Sky(0.0),
        lambda: Sky(3.0, "G"),  # type: ignore[arg-type]  # an unknown class
        lambda: Sky(3.0, surroundings="sea"),  # type: ignore[arg-type]  # an unknown word
        lambda: Frame(200.0, 40.0),
        lambda: Frame(121.0, 40.0, float("nan")),
    ],
)
def test_absurd_inputs_are_refused(make: object) -> None:
    with pytest.raises(OutOfRange):
        make()  # type: ignore[operator]  # a function


@pytest.mark.parametrize("substance", ["乙酸乙酯", "乙酸乙烯酯", "二硫化碳", "乙醛", "丙烯腈", "甲苯"])
def test_a_liquid_that_is_stored_outdoors_is_weighed_on_a_winters_day(substance: str) -> None:
    winter = simulate(Store(substance, 50_000.0, head=3.0), HOLE, Sky(3.0, "D", temperature=263.15), ON)
    assert "pool_fire" in kinds(winter) and winter.refused == ()


def test_an_unknown_substance_is_not_guessed() -> None:
    with pytest.raises(KeyError):
        simulate(replace(CHLORINE, substance="以太"), HOLE, DAY, ON)


@pytest.mark.parametrize(("wind_from", "east", "north"), [(270, 1, 0), (180, 0, 1), (0, 0, -1), (90, -1, 0)])
def test_the_cloud_lies_where_the_wind_blows(wind_from: float, east: int, north: int) -> None:
    frame = Frame(121.5, 41.0, wind_from)
    laid = shapely.get_coordinates(frame.shape(shapely.Point(1000.0, 0.0)))[0]
    assert (laid[0] - 121.5) * 84_015 == pytest.approx(1000 * east, abs=2)
    assert (laid[1] - 41.0) * 111_320 == pytest.approx(1000 * north, abs=2)
    x, y = frame.local(laid[0], laid[1])
    assert (float(x), float(y)) == pytest.approx((1000.0, 0.0), abs=1e-6)
