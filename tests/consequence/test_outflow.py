"""Holes, pipes and ruptured pipelines."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anlan.kernels.consequence import outflow, pipe
from anlan.kernels.consequence.outflow import Gas
from anlan.kernels.consequence.substance import GAS_CONSTANT
from anlan.kernels.validity import OutOfRange

AIR = GAS_CONSTANT / 0.02896
few = settings(max_examples=40, deadline=None)


def air(pressure: float, temperature: float = 300.0, gamma: float = 1.4) -> Gas:
    return Gas(pressure, temperature, pressure / AIR / temperature, gamma)


def test_no_pressure_difference_no_flow() -> None:
    assert outflow.liquid_hole(0.0, 900).mass_flux == 0
    assert outflow.gas_hole(air(101325.0)).mass_flux == 0
    assert pipe.adiabatic(pipe.Pipe(10, 0.1, 5e-5), air(1e5), 1e5).mass_flux == 0
    assert pipe.isothermal(pipe.Pipe(10, 0.1, 5e-5), air(1e5), 1e5) == 0


@few
@given(st.floats(1, 1e7), st.floats(1.01, 10), st.floats(0, 30))
def test_more_pressure_or_head_gives_more_liquid(pressure: float, factor: float, head: float) -> None:
    one = outflow.liquid_hole(pressure, 800, head=head).mass_flux
    assert outflow.liquid_hole(pressure * factor, 800, head=head).mass_flux > one
    assert outflow.liquid_hole(pressure, 800, head=head + 1).mass_flux > one


@few
@given(st.floats(1.02e5, 1e7), st.floats(1.001, 5), st.floats(1.05, 1.67))
def test_more_pressure_gives_more_gas(pressure: float, factor: float, gamma: float) -> None:
    one, two = (outflow.gas_hole(air(each, gamma=gamma)).mass_flux for each in (pressure, pressure * factor))
    assert two > one


@few
@given(st.floats(1.05, 1.67))
def test_choked_and_subsonic_meet_at_the_critical_ratio(gamma: float) -> None:
    ratio = outflow.critical_ratio(gamma)
    below, above = (outflow.gas_hole(air(1e6, gamma=gamma), ratio * 1e6 * part) for part in (1 - 1e-9, 1 + 1e-9))
    assert below.choked and not above.choked
    assert above.mass_flux == pytest.approx(below.mass_flux, rel=1e-6)
    assert above.velocity == pytest.approx(below.velocity, rel=1e-6)
    sound = math.sqrt(gamma * AIR * below.temperature)
    assert below.velocity == pytest.approx(0.85 * sound)


def test_a_choked_flow_does_not_feel_the_pressure_outside() -> None:
    assert outflow.gas_hole(air(1e6), 1e5).mass_flux == outflow.gas_hole(air(1e6), 2e5).mass_flux


def test_a_jet_keeps_momentum_and_energy_while_it_expands() -> None:
    gas = air(2e6)
    hole = outflow.gas_hole(gas, discharge=1.0)
    jet = outflow.expand(hole, gas)
    assert hole.mass_flux * (jet.velocity - hole.velocity) == pytest.approx(hole.pressure - 101325)
    capacity = 1.4 / 0.4 * AIR
    assert capacity * jet.temperature + jet.velocity**2 / 2 == pytest.approx(capacity * gas.temperature)
    slow = outflow.gas_hole(air(1.2e5), discharge=1.0)
    assert outflow.expand(slow, air(1.2e5)).velocity == pytest.approx(slow.velocity)


@pytest.mark.parametrize("bad", [math.nan, math.inf, -1.0])
def test_impossible_inputs_of_holes_refuse(bad: float) -> None:
    with pytest.raises(OutOfRange):
        outflow.liquid_hole(1e5, bad)
    with pytest.raises(OutOfRange):
        outflow.liquid_hole(1e5, 900, discharge=bad)
    with pytest.raises(OutOfRange):
        outflow.gas_hole(air(1e6), bad)
    with pytest.raises(OutOfRange):
        outflow.gas_hole(Gas(1e6, 300, bad, 1.4))
    with pytest.raises(OutOfRange):
        outflow.hole_area(bad)


def test_a_hole_into_which_the_outside_pushes_refuses() -> None:
    with pytest.raises(OutOfRange, match="outside pressure is higher"):
        outflow.liquid_hole(-1e5, 900)
    with pytest.raises(OutOfRange, match="no outflow"):
        outflow.gas_hole(air(1e5), 2e5)
    with pytest.raises(OutOfRange, match="no outflow"):
        pipe.adiabatic(pipe.Pipe(10, 0.1, 5e-5), air(1e5), 2e5)
    with pytest.raises(OutOfRange):
        outflow.gas_hole(air(1e6, gamma=1.0))


def test_friction_joins_laminar_and_rough_flow() -> None:
    assert pipe.churchill_friction(1000, 1e-4) == pytest.approx(0.064, rel=1e-3)
    assert pipe.churchill_friction(1e11, 1e-3) == pytest.approx(pipe.rough_friction(1e-3), rel=0.01)


def test_the_fanno_line_is_that_of_the_tables() -> None:
    """Shapiro, table B.4, gamma 1.4: 4fL*/D."""
    assert pipe.fanno(0.2, 1.4) == pytest.approx(14.533, rel=1e-4)
    assert pipe.fanno(0.5, 1.4) == pytest.approx(1.06906, rel=1e-4)
    assert pipe.fanno(1.0, 1.4) == 0


@few
@given(st.floats(1, 1e4), st.floats(1.05, 20))
def test_a_longer_pipe_passes_less_and_never_more_than_a_nozzle(length: float, ratio: float) -> None:
    gas = air(ratio * 101325)
    one, two = (pipe.adiabatic(pipe.Pipe(part * length, 0.1, 5e-5), gas, 101325) for part in (1, 2))
    assert two.mass_flux < one.mass_flux
    assert one.mach <= 1
    assert one.pressure >= 101325 * (1 - 1e-9)


@few
@given(st.floats(5, 500))
def test_the_pipe_chokes_without_a_jump(length: float) -> None:
    run, gas = pipe.Pipe(length, 0.05, 5e-5), air(1e6)
    end = pipe.adiabatic(run, gas, 1.0).pressure
    below, above = (pipe.adiabatic(run, gas, end * part) for part in (1 - 1e-6, 1 + 1e-6))
    assert below.choked and not above.choked
    assert above.mass_flux == pytest.approx(below.mass_flux, rel=1e-4)


def test_fanno_keeps_the_stagnation_temperature_and_the_mass() -> None:
    gas = air(5e5)
    flow = pipe.adiabatic(pipe.Pipe(50, 0.1, 5e-5, 0.5), gas, 1e5)
    speed = flow.mass_flux / (flow.pressure / AIR / flow.temperature)
    assert speed == pytest.approx(flow.mach * math.sqrt(1.4 * AIR * flow.temperature), rel=1e-6)
    inlet = flow.mass_flux / gas.density
    capacity = 3.5 * AIR
    assert capacity * 300 + inlet**2 / 2 == pytest.approx(capacity * flow.temperature + speed**2 / 2, rel=1e-9)


def test_a_long_pipe_is_nearly_isothermal() -> None:
    run, gas = pipe.Pipe(5000, 0.1, 5e-5), air(5e5)
    assert pipe.isothermal(run, gas, 4e5) == pytest.approx(pipe.adiabatic(run, gas, 4e5).mass_flux, rel=5e-3)


def test_the_shortcuts_bracket_the_fanno_flow() -> None:
    run, gas = pipe.Pipe(20, 0.0525, 4.57e-5, 0.5, 1.0), air(201325.0, 288.15)
    flux = pipe.adiabatic(run, gas, 101325).mass_flux
    assert pipe.isentropic_exit(run, gas, 101325) < flux < pipe.isentropic_path(run, gas, 101325)
    assert 0.38 < flux * outflow.hole_area(0.0525) < 0.42


def test_a_ruptured_pipeline_loses_what_it_held() -> None:
    gas = Gas(6e6, 288.0, 50.0, 1.3)
    found = pipe.rupture(pipe.Pipe(10000, 0.5, 5e-5), gas, lambda one: outflow.gas_hole(one, discharge=1.0).mass_flux)
    assert found.inventory == pytest.approx(outflow.hole_area(0.5) * 10000 * 50)
    assert float(found.released(1e6)) == pytest.approx(found.inventory, rel=1e-6)
    time = np.linspace(0, 3 * found.time_constant, 20001)
    rate = found.rate(time)
    assert rate[0] == pytest.approx(found.initial_rate)
    assert (np.diff(rate) < 0).all()
    assert np.trapezoid(rate, time) == pytest.approx(float(found.released(time[-1])), rel=1e-4)


@pytest.mark.parametrize("bad", [math.nan, 0.0, -1.0])
def test_impossible_pipes_refuse(bad: float) -> None:
    for run in (pipe.Pipe(bad, 0.1, 1e-5), pipe.Pipe(10, bad, 1e-5), pipe.Pipe(10, 0.1, bad)):
        with pytest.raises(OutOfRange):
            pipe.adiabatic(run, air(1e6), 1e5)
    with pytest.raises(OutOfRange):
        pipe.fanno(bad, 1.4)
    with pytest.raises(OutOfRange, match="f L/D"):
        pipe.rupture(pipe.Pipe(1, 0.5, 5e-5), air(1e6), lambda _: 1.0)
