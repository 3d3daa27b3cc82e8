"""Pool fires."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anlan.kernels.consequence import poolfire
from anlan.kernels.validity import OutOfRange
from anlan.kit.models.running import run

BENZENE = poolfire.Fuel(40.15e6, 394e3, 1740.0, 353.2)
POOL = {"diameter": 20, "m_inf": 0.085, "k_beta": 2.7, "heat_of_combustion": 40.15e6}


def chain(**changes: object) -> dict[str, object]:
    outputs = run("poolfire/chain", {**POOL, "distances": [40, 60, 100, 200], **changes}).outputs
    return {name: each.value for name, each in outputs.items()}


@settings(max_examples=40, deadline=None)
@given(st.floats(0.2, 100))
def test_a_pool_burns_at_most_like_an_endless_one(diameter: float) -> None:
    found = float(poolfire.burning_flux_babrauskas(0.085, 2.7, diameter))
    assert 0 < found <= 0.085
    assert found <= poolfire.burning_flux_babrauskas(0.085, 2.7, 1.5 * diameter)


def test_burgess_is_near_babrauskas_for_benzene() -> None:
    assert poolfire.burning_flux_burgess(BENZENE, 288.15) == pytest.approx(0.085, rel=0.1)


def test_a_liquid_above_its_boiling_point_burns_no_faster_than_one_at_it() -> None:
    cold = poolfire.Fuel(50e6, 510e3, 3500.0, 111.7)
    assert poolfire.burning_flux_burgess(cold, 200.0) == poolfire.burning_flux_burgess(cold, 111.7)


@settings(max_examples=40, deadline=None)
@given(st.floats(0, 20), st.floats(2, 80))
def test_wind_shortens_and_tilts_a_flame(wind: float, diameter: float) -> None:
    drawn = float(poolfire.characteristic_wind(0.06, diameter, 1.2))
    weak, strong = (
        float(poolfire.length_thomas(0.06, diameter, 1.2, max(speed, 0.1) / drawn)) for speed in (wind, wind + 3)
    )
    assert strong <= weak
    tilts = [poolfire.tilt_yellow_book(speed, diameter, 1.5e-5) for speed in (wind, wind + 3)]
    assert 0 <= tilts[0].degrees < tilts[1].degrees < 90
    angle = np.radians(tilts[1].degrees)
    assert np.tan(angle) / np.cos(angle) == pytest.approx(tilts[1].parameter, rel=1e-9)


def test_a_flame_in_calm_air_stands_upright() -> None:
    assert poolfire.tilt_yellow_book(0, 20, 1.5e-5).degrees == 0
    assert poolfire.tilt_aga(0.5).degrees == 0
    assert poolfire.tilt_aga(4.0).degrees == pytest.approx(60)


def test_wind_never_shrinks_the_base() -> None:
    assert poolfire.drag_diameter(0, 20, 3.0, 1.2) == 20
    assert poolfire.drag_diameter(15, 20, 3.0, 1.2) > 20


def test_the_surface_radiates_what_the_fire_does() -> None:
    ratio, diameter, flux = 1.3, 12.0, 0.06
    clear = float(poolfire.emissive_power_yellow_book(0.35, 43e6, ratio, flux))
    mantle_and_top = np.pi * diameter**2 * ratio + np.pi / 4 * diameter**2
    assert clear * mantle_and_top == pytest.approx(0.35 * 43e6 * flux * np.pi / 4 * diameter**2)


def test_smoke_hides_the_flame_until_only_soot_radiates() -> None:
    assert poolfire.emissive_power_with_soot(2e5, 0) == 2e5
    assert poolfire.emissive_power_with_soot(2e5, 1) == 20e3
    small, large = poolfire.emissive_power_mudan_croce([1, 200])
    assert 20e3 < large < 20.1e3 < small < 140e3


def test_flux_falls_with_distance_and_rises_downwind() -> None:
    calm, windy = chain()["heat_flux"], chain(wind_10m=8.0)["heat_flux"]
    assert isinstance(calm, list) and isinstance(windy, list)
    assert (np.diff(np.array(calm)) < 0).all()
    assert windy[0] > calm[0]


def test_drag_brings_the_flame_nearer() -> None:
    assert chain(wind_10m=8.0, vapour_density=2.7)["heat_flux"][0] > chain(wind_10m=8.0)["heat_flux"][0]  # type: ignore[index]


@pytest.mark.parametrize("diameter", [np.nan, 0.1, 2000.0])
def test_a_pool_out_of_range_refuses(diameter: float) -> None:
    with pytest.raises(OutOfRange):
        poolfire.burning_flux_babrauskas(0.085, 2.7, diameter)
    with pytest.raises(OutOfRange):
        poolfire.emissive_power_mudan_croce(diameter)


@pytest.mark.parametrize("wind", [np.nan, -1.0, 80.0])
def test_wind_out_of_range_refuses(wind: float) -> None:
    with pytest.raises(OutOfRange):
        poolfire.tilt_yellow_book(wind, 20, 1.5e-5)
    with pytest.raises(OutOfRange):
        poolfire.drag_diameter(wind, 20, 3.0, 1.2)
