"""Releases put together: the phase, the flow of its kind, and where the mass goes."""

import math
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anlan.kernels.consequence import outflow, pipe
from anlan.kernels.consequence.release import Opening, Storage, airborne_share, burst, flashed, phase_of, release
from anlan.kernels.consequence.saturation import saturation
from anlan.kernels.validity import OutOfRange
from anlan.packs.families import substances

TODAY = date(2026, 11, 1)
CHLORINE, METHANE, BENZENE, PROPANE = (
    substances.find(each, TODAY) for each in ("chlorine", "methane", "benzene", "propane")
)
HOLE = Opening(1e-4, 0.62)


def test_the_stored_state_tells_the_phase() -> None:
    assert phase_of(METHANE, Storage(293.0, 5e6)) == "gas"
    assert phase_of(METHANE, Storage(111.0, 1.2e5)) == "liquid"
    assert phase_of(CHLORINE, Storage(293.0, 2e5)) == "gas"
    assert phase_of(CHLORINE, Storage(293.0, 8e5)) == "flashing-liquid"
    assert phase_of(BENZENE, Storage(293.0, 2e5)) == "liquid"


def test_a_liquid_and_a_gas_flow_as_through_their_holes() -> None:
    liquid = release(BENZENE, Storage(293.15, 2e5, 3.0), HOLE)
    alone = outflow.liquid_hole(2e5 - 101325, float(BENZENE.liquid_density(293.15)), 0.62, 3.0)
    assert liquid.mass_rate == pytest.approx(1e-4 * alone.mass_flux)
    gas = release(METHANE, Storage(293.15, 5e6), HOLE)
    assert gas.airborne_rate == gas.mass_rate and gas.pool_rate == 0
    assert gas.temperature < 293.15


@settings(max_examples=25, deadline=None)
@given(st.floats(245, 310), st.floats(0, 5), st.floats(0, 0.3))
def test_what_comes_out_is_in_the_air_or_on_the_ground(kelvin: float, head: float, length: float) -> None:
    pressure = float(CHLORINE.vapour_pressure(kelvin))
    out = release(CHLORINE, Storage(kelvin, pressure, head), Opening(1e-4, 0.62, length))
    assert out.airborne_rate + out.pool_rate == pytest.approx(out.mass_rate)
    assert out.pool_rate >= 0 and 0 <= out.flashed <= 1 and 0 <= out.aerosol <= 1
    assert out.temperature == pytest.approx(239.2, abs=0.2)


def test_hotter_storage_flashes_more() -> None:
    line = saturation(PROPANE)
    parts = [flashed(line, kelvin) for kelvin in (225.0, 240.0, 270.0, 300.0, 320.0)]
    assert parts[0] == 0
    assert parts == sorted(parts)
    assert flashed(line, 293.15) == pytest.approx(0.357, abs=0.01)


def test_a_given_aerosol_fraction_is_used() -> None:
    out = release(CHLORINE, Storage(293.15, 7e5), HOLE, aerosol=0.25)
    assert out.airborne_rate == pytest.approx(out.mass_rate * (out.flashed + 0.25 * (1 - out.flashed)))


def test_the_rule_of_a_burst_has_no_jump_and_ends_at_all() -> None:
    assert airborne_share(0.0) == 0
    assert airborne_share(0.1 - 1e-9) == pytest.approx(airborne_share(0.1))
    assert airborne_share(0.36) == pytest.approx(1.0) and airborne_share(0.9) == 1
    found = burst(PROPANE, 1000.0, 293.15)
    assert found.vapour + found.aerosol + found.pool == pytest.approx(1000)
    assert burst(BENZENE, 1000.0, 293.15).pool == pytest.approx(1000)


def test_laminar_pipe_flow_is_hagen_poiseuille() -> None:
    run = pipe.Pipe(100.0, 0.01, 0.0, 0.0, 0.1, 0.1)
    flux = pipe.liquid_pipe(run, 1e5, 1000.0)
    assert flux / 1000 == pytest.approx(1e5 * 0.01**2 / (32 * 0.1 * 100), rel=0.01)


def test_a_longer_or_rising_pipe_passes_less_liquid() -> None:
    flux = [pipe.liquid_pipe(pipe.Pipe(length, 0.1, 5e-5, 0.5, 1.0), 2e5, 800.0) for length in (10.0, 100.0)]
    assert flux[1] < flux[0] < math.sqrt(2 * 2e5 * 800 / 1.5)
    assert pipe.liquid_pipe(pipe.Pipe(10.0, 0.1, 5e-5, 0.5, 1.0), 2e5, 800.0, 5.0) < flux[0]
    assert pipe.liquid_pipe(pipe.Pipe(10.0, 0.1, 5e-5, 0.5, 1.0), 0.0, 800.0) == 0


@pytest.mark.parametrize("bad", [math.nan, -1.0, math.inf])
def test_impossible_releases_refuse(bad: float) -> None:
    with pytest.raises(OutOfRange):
        release(CHLORINE, Storage(bad, 7e5), HOLE)
    with pytest.raises(OutOfRange):
        release(CHLORINE, Storage(293.0, bad), HOLE)
    with pytest.raises(OutOfRange):
        release(CHLORINE, Storage(293.0, 7e5), Opening(bad, 0.62))
    with pytest.raises(OutOfRange):
        release(CHLORINE, Storage(293.0, 7e5), HOLE, aerosol=bad)
    with pytest.raises(OutOfRange):
        burst(CHLORINE, bad, 293.0)
    with pytest.raises(OutOfRange):
        pipe.liquid_pipe(pipe.Pipe(10.0, 0.1, 5e-5, 0.5, 1.0), 2e5, bad)
    with pytest.raises(OutOfRange):
        pipe.liquid_pipe(pipe.Pipe(10.0, 0.1, 5e-5, 0.5, 1.0), -2e5, 800.0)
