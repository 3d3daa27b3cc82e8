"""Jet fires: real gas, flame chemistry, burning jet, frustum, point."""

from functools import cache

import numpy as np
import pytest

from anlan.kernels.consequence import flame_chemistry, jet_fire, jet_flame, radiation, real_gas
from anlan.kernels.validity import OutOfRange

AIR = jet_flame.Surroundings()


@cache
def burning(elevation: float = 0.0, wind: float = 0.0, pressure: float = 5e6) -> jet_flame.JetFlame:
    air = jet_flame.Surroundings(wind=wind)
    return jet_flame.jet_flame(jet_flame.expand("methane", pressure, 288.15, 0.01, air), "methane", air, elevation)


@pytest.mark.parametrize("name", real_gas.NAMES)
def test_a_thin_gas_is_ideal(name: str) -> None:
    state = real_gas.at_pressure(name, 2000.0, 300.0)
    ideal = 2000.0 * real_gas.gas(name).molar_mass / (real_gas.GAS_CONSTANT * 300.0)
    assert state.density == pytest.approx(ideal, rel=1e-3)


@pytest.mark.parametrize(
    ("name", "pressure", "kelvin", "density"),
    # CoolProp 8.0: the reference equations of state
    [("hydrogen", 35e6, 298.15, 23.315), ("methane", 10e6, 300.0, 75.175), ("propane", 1e5, 300.0, 1.7960)],
)
def test_densities_are_those_of_the_reference_equations(
    name: str, pressure: float, kelvin: float, density: float
) -> None:
    assert real_gas.at_pressure(name, pressure, kelvin).density == pytest.approx(density, rel=1e-3)


@pytest.mark.parametrize("name", ["hydrogen", "methane"])
def test_enthalpy_and_entropy_belong_together(name: str) -> None:
    # at constant pressure dh = T ds; along the isentrope dh = dp / rho
    one, other = (real_gas.at_pressure(name, 4e6, kelvin) for kelvin in (299.9, 300.1))
    assert other.enthalpy - one.enthalpy == pytest.approx(300.0 * (other.entropy - one.entropy), rel=1e-5)
    low, high = (real_gas.isentropic(name, one.entropy, pressure, 300.0) for pressure in (4.00e6, 4.01e6))
    assert high.enthalpy - low.enthalpy == pytest.approx(1e4 / (0.5 * (low.density + high.density)), rel=1e-5)


def test_a_choked_hole_runs_at_the_speed_of_sound() -> None:
    flow = real_gas.hole_flow("methane", real_gas.at_pressure("methane", 5e6, 288.15), 101325.0)
    low, high = (
        real_gas.isentropic("methane", flow.state.entropy, flow.state.pressure * step, flow.state.temperature)
        for step in (0.999, 1.001)
    )
    sound = np.sqrt((high.pressure - low.pressure) / (high.density - low.density))
    assert flow.choked
    assert flow.velocity == pytest.approx(sound, rel=1e-3)


def test_a_small_pressure_does_not_choke() -> None:
    before = real_gas.at_pressure("methane", 1.3e5, 288.15)
    flow = real_gas.hole_flow("methane", before, 101325.0)
    assert not flow.choked
    assert flow.state.pressure == pytest.approx(101325.0)


def test_the_notional_nozzle_keeps_mass_momentum_and_energy() -> None:
    before = real_gas.at_pressure("hydrogen", 1e7, 288.15)
    flow = real_gas.hole_flow("hydrogen", before, 101325.0)
    nozzle = jet_flame.expand("hydrogen", 1e7, 288.15, 0.01, AIR)
    area, hole = np.pi / 4 * nozzle.diameter**2, np.pi / 4 * 0.01**2
    assert nozzle.density * nozzle.velocity * area == pytest.approx(nozzle.mass_rate)
    push = flow.state.density * flow.velocity**2 * hole + (flow.state.pressure - 101325.0) * hole
    assert nozzle.mass_rate * nozzle.velocity == pytest.approx(push)
    after = real_gas.at_pressure("hydrogen", 101325.0, nozzle.temperature)
    assert after.enthalpy + nozzle.velocity**2 / 2 == pytest.approx(before.enthalpy, rel=1e-6)


@pytest.mark.parametrize(
    ("name", "pressure", "kelvin"),
    [("propane", 1e6, 288.15), ("methane", np.nan, 288.15), ("methane", 1e6, 50.0), ("methane", 1e9, 288.15)],
)
def test_a_liquid_and_what_is_no_state_refuse(name: str, pressure: float, kelvin: float) -> None:
    with pytest.raises(OutOfRange):
        real_gas.at_rest(name, pressure, kelvin)


@pytest.mark.parametrize(
    ("name", "kelvin", "vapour_pressure"), [("propane", 288.15, 731_512), ("n-butane", 288.15, 176_146)]
)
def test_above_the_vapour_pressure_a_gas_is_none(name: str, kelvin: float, vapour_pressure: float) -> None:
    assert real_gas.at_rest(name, 0.99 * vapour_pressure, kelvin).pressure == pytest.approx(0.99 * vapour_pressure)
    with pytest.raises(OutOfRange, match="liquid"):
        real_gas.at_rest(name, 1.01 * vapour_pressure, kelvin)


def test_an_unknown_gas_refuses_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match="hydrogen"):
        real_gas.at_pressure("hydrogn", 1e6, 300)
    with pytest.raises(ValueError, match="hydrogen"):
        flame_chemistry.flamelet("helium")


@pytest.mark.parametrize("name", flame_chemistry.FUELS)
def test_a_flame_is_hottest_where_fuel_and_air_fit(name: str) -> None:
    flame = flame_chemistry.flamelet(name)
    hottest = flame.fraction[int(np.argmax(flame.temperature))]
    assert hottest == pytest.approx(flame.stoichiometric, rel=0.05)
    assert flame.temperature[0] == pytest.approx(288.15, abs=0.01)
    assert flame.temperature[-1] == pytest.approx(288.15, abs=0.01)
    assert (flame.density > 0).all()


def test_the_gases_of_a_flame_have_the_mass_of_its_fuel_and_air() -> None:
    fuel = flame_chemistry.FUELS["propane"]
    masses = {gas: value[0] for gas, value in flame_chemistry.IDEAL.items()} | {"fuel": 44.09562e-3}
    air = fuel.oxygen_demand * (masses["oxygen"] + 3.76 * masses["nitrogen"])
    fraction = np.linspace(0, 1, 21)
    after = flame_chemistry._products(fuel, masses, fraction, masses["fuel"] / (masses["fuel"] + air))
    np.testing.assert_allclose(sum(after.values()), 1.0, atol=1e-3)


def test_a_harder_release_makes_a_longer_and_stronger_flame() -> None:
    flames = [burning(pressure=pressure) for pressure in (1e6, 5e6, 1e7)]
    assert [flame.length for flame in flames] == sorted(flame.length for flame in flames)
    assert [flame.power for flame in flames] == sorted(flame.power for flame in flames)


def test_a_flame_that_lies_is_bent_up_and_one_that_stands_is_straight() -> None:
    lying, standing = burning(), burning(90.0)
    assert (np.diff(lying.path[:, 1]) >= 0).all()
    assert 0 < lying.path[-1, 1] < lying.length
    np.testing.assert_allclose(standing.path[:, 0], 0, atol=1e-9)
    assert standing.path[-1, 1] == pytest.approx(standing.length)


def test_the_path_is_as_long_as_the_flame() -> None:
    steps = np.linalg.norm(np.diff(burning().path, axis=0), axis=1)
    assert steps.sum() + np.linalg.norm(burning().path[0]) == pytest.approx(burning().length, rel=1e-3)


def test_wind_along_the_release_carries_the_flame_farther() -> None:
    assert burning(wind=8.0).path[-1, 0] > burning().path[-1, 0]
    assert burning(90.0, wind=8.0).path[-1, 0] > 0


def test_flux_falls_with_distance_and_is_the_same_on_both_sides() -> None:
    flame = burning()
    fluxes = jet_flame.flux(flame, [[25, 0, 0], [40, 0, 0], [80, 0, 0]], AIR)
    assert (np.diff(fluxes) < 0).all()
    left, right = jet_flame.flux(flame, [[8, 0, 6], [8, 0, -6]], AIR)
    assert left == pytest.approx(right)


def test_far_away_the_flame_is_a_point_of_its_power() -> None:
    flame = burning()
    flux = float(jet_flame.flux(flame, [[0, 0, 900.0]], AIR)[0])
    through = float(radiation.transmissivity_wayne(900.0, AIR.temperature, AIR.humidity))
    assert flux == pytest.approx(flame.power * through / (4 * np.pi * 900**2), rel=0.05)


@pytest.mark.parametrize(
    ("pressure", "kelvin", "hole"),
    [(np.nan, 288, 0.01), (5e6, np.nan, 0.01), (5e6, 288, np.nan), (5e6, 288, 0.0), (9e4, 288, 0.01), (5e6, 800, 0.01)],
)
def test_a_jet_out_of_range_refuses(pressure: float, kelvin: float, hole: float) -> None:
    with pytest.raises(OutOfRange):
        jet_flame.expand("methane", pressure, kelvin, hole, AIR)


@pytest.mark.parametrize("wind", [np.nan, -1.0, 50.0])
def test_wind_out_of_range_refuses(wind: float) -> None:
    with pytest.raises(OutOfRange):
        burning(wind=wind)
    with pytest.raises(OutOfRange):
        jet_fire.chamberlain(jet_fire.Release(10, 380, 1.2, 0.016, 5e7), wind)


def frustum(wind: float = 5.0, elevation: float = 90.0, rate: float = 10.0) -> jet_fire.Frustum:
    return jet_fire.chamberlain(jet_fire.Release(rate, 380, 1.2, 0.016, 5e7, elevation), wind)


def test_the_frustum_radiates_its_share_of_the_heat() -> None:
    flame = frustum()
    assert flame.emissive_power * flame.surface == pytest.approx(flame.radiant_fraction * 10 * 5e7)


def test_in_still_air_the_frustum_stands_on_the_jet_a_fifth_of_its_length_up() -> None:
    flame = frustum(0.0)
    assert flame.tilt == 0
    assert flame.lift_off == pytest.approx(0.2 * flame.length)
    assert flame.lift_off + flame.body == pytest.approx(flame.length)
    assert flame.base == pytest.approx(np.sqrt(4 * 10 / (np.pi * 1.2 * 380)), rel=1e-6)


def test_wind_shortens_and_tilts_the_frustum_and_a_release_downwind_is_longest() -> None:
    flames = [frustum(wind) for wind in (0.5, 3.0, 10.0)]
    assert [flame.length for flame in flames] == sorted((flame.length for flame in flames), reverse=True)
    assert [flame.tilt for flame in flames] == sorted(flame.tilt for flame in flames)
    assert frustum(3.0, 0.0).length > frustum(3.0, 90.0).length


def test_the_tip_lies_at_the_length_from_the_hole() -> None:
    flame = frustum()
    assert np.linalg.norm(flame.ends[1]) == pytest.approx(flame.length)
    assert np.linalg.norm(flame.ends[1] - flame.ends[0]) == pytest.approx(flame.body)


def test_the_frustums_flux_falls_with_distance() -> None:
    fluxes = [jet_fire.frustum_flux(frustum(), [place, 0, 0], 288.15, 0.7)[1] for place in (30, 60, 120)]
    assert fluxes == sorted(fluxes, reverse=True)


def test_a_point_in_the_middle_of_the_flame_counts_for_api() -> None:
    length = float(jet_fire.length_api(5e8))
    flux = jet_fire.flux_api(5e8, 0.2, 90, [[100.0, length / 2, 0]])
    assert flux[0] == pytest.approx(0.2 * 5e8 / (4 * np.pi * 100**2))


@pytest.mark.parametrize("rate", [np.nan, 0.0, -1.0, 1e6])
def test_a_release_out_of_range_refuses(rate: float) -> None:
    with pytest.raises(OutOfRange):
        frustum(rate=rate)
    with pytest.raises(OutOfRange):
        jet_fire.length_api(rate * 1e6 if rate <= 0 else rate * 1e9)
