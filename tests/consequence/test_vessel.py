"""Two-phase flow, and vessels that empty: balances of mass and energy, limits, refusals."""

import math
from datetime import date
from typing import get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anlan.kernels.consequence import twophase
from anlan.kernels.consequence.boiling_vessel import Boiler, boiling_blowdown
from anlan.kernels.consequence.saturation import Saturation, saturation
from anlan.kernels.consequence.vessel import (
    Course,
    GasVessel,
    Hole,
    Shape,
    ShapeName,
    Tank,
    gas_blowdown,
    liquid_outflow,
)
from anlan.kernels.validity import OutOfRange
from anlan.packs.families import substances

TODAY = date(2026, 11, 1)
CHLORINE, AMMONIA, PROPANE, WATER = (
    saturation(substances.find(each, TODAY)) for each in ("chlorine", "ammonia", "propane", "water")
)
few = settings(max_examples=25, deadline=None)


def balanced(course: Course) -> None:
    """What flowed out is what is missing."""
    assert np.trapezoid(course.rate, course.time) == pytest.approx(course.mass[0] - course.mass[-1], rel=2e-3)
    assert (np.diff(course.mass) <= 1e-9 * course.mass[0]).all()


# ------------------------------------------------------------------- two-phase


@pytest.mark.parametrize("line", [CHLORINE, AMMONIA, PROPANE], ids=lambda line: line.name)
def test_omega_and_integration_agree(line: Saturation) -> None:
    for kelvin in (280.0, 300.0):
        for quality in (0.0, 0.05, 0.4, 1.0):
            pressure = line.at(kelvin).pressure
            exact = twophase.homogeneous(line, pressure, kelvin, quality, 101325.0)
            omega = twophase.omega_saturated(twophase.omega_parameter(line, kelvin, quality), 101325.0)
            assert omega.mass_flux == pytest.approx(exact.mass_flux, rel=0.04)
            assert exact.choked and 101325 < exact.pressure < pressure


def test_saturated_steam_has_its_known_volume() -> None:
    """IAPWS: v_g = 0.20850 m3/kg at 450 K, by Clapeyron from the table."""
    assert WATER.at(450.0).v_v == pytest.approx(0.2085, rel=5e-3)


@few
@given(st.floats(0, 0.9), st.floats(0.02, 0.1))
def test_more_vapour_passes_less_mass(quality: float, more: float) -> None:
    pressure = PROPANE.at(290.0).pressure
    one, two = (
        twophase.homogeneous(PROPANE, pressure, 290.0, each, 101325.0).mass_flux for each in (quality, quality + more)
    )
    assert two < one


@few
@given(st.floats(1e3, 5e6), st.floats(1.05, 4))
def test_subcooling_raises_the_flux_by_every_method(over: float, factor: float) -> None:
    saturated = AMMONIA.at(290.0).pressure
    near, far = (
        [
            twophase.homogeneous(AMMONIA, pressure, 290.0, 0.0, 101325.0).mass_flux,
            twophase.omega_subcooled(AMMONIA, pressure, 290.0, 101325.0).mass_flux,
            twophase.fauske(AMMONIA, pressure, 290.0, 0.2, 101325.0),
        ]
        for pressure in (saturated + over, saturated + over * factor)
    )
    assert all(high > low for low, high in zip(near, far, strict=True))


def test_low_and_high_subcooling_meet() -> None:
    state = WATER.at(450.0)
    slope = (state.v_v - state.v_l) / (state.h_v - state.h_l)
    omega = state.cp * 450 * state.pressure / state.v_l * slope**2
    border = state.pressure * (1 + 2 * omega) / (2 * omega)
    low, high = (twophase.omega_subcooled(WATER, border * part, 450.0, 101325.0).mass_flux for part in (0.9999, 1.0001))
    assert low == pytest.approx(high, rel=5e-3)


def test_a_hole_passes_liquid_and_a_long_passage_equilibrium() -> None:
    state = CHLORINE.at(293.15)
    hole = twophase.fauske(CHLORINE, state.pressure, 293.15, 0.0, 101325.0, 0.61)
    assert hole == pytest.approx(0.61 * math.sqrt(2 * (state.pressure - 101325) / state.v_l))
    pipe = twophase.fauske(CHLORINE, state.pressure, 293.15, 0.5, 101325.0)
    equilibrium = (state.h_v - state.h_l) / (state.v_v - state.v_l) / math.sqrt(293.15 * state.cp)
    assert pipe == pytest.approx(equilibrium)
    assert hole > twophase.fauske(CHLORINE, state.pressure, 293.15, 0.05, 101325.0) > pipe


def test_a_cold_liquid_is_plain_liquid() -> None:
    flow = twophase.homogeneous(WATER, 5e5, 300.0, 0.0, 101325.0)
    assert flow.mass_flux == pytest.approx(math.sqrt(2 * (5e5 - 101325) / WATER.at(300.0).v_l))
    assert not flow.choked
    assert twophase.omega_subcooled(WATER, 5e5, 300.0, 101325.0).mass_flux == pytest.approx(flow.mass_flux)


def test_two_phase_flow_refuses_what_it_is_not_for() -> None:
    with pytest.raises(OutOfRange, match="superheated"):
        twophase.homogeneous(PROPANE, 2e5, 300.0, 0.5, 101325.0)
    with pytest.raises(OutOfRange, match="subcooled"):
        twophase.homogeneous(PROPANE, 2e6, 300.0, 0.5, 101325.0)
    for bad in (math.nan, -0.1, 1.1):
        with pytest.raises(OutOfRange):
            twophase.homogeneous(PROPANE, 1e6, 300.0, bad, 101325.0)
    with pytest.raises(OutOfRange):
        PROPANE.at(500.0)
    with pytest.raises(OutOfRange):
        PROPANE.boiling(math.nan)
    with pytest.raises(OutOfRange):
        twophase.critical_omega_ratio(0.0)
    with pytest.raises(OutOfRange):
        twophase.fauske(PROPANE, 1e6, 300.0, math.nan, 101325.0)


# ----------------------------------------------------------------- the vessels


@few
@given(st.sampled_from(get_args(ShapeName)), st.floats(0.5, 30), st.floats(0.5, 50), st.floats(0, 1))
def test_a_level_and_its_volume_are_one(name: ShapeName, diameter: float, length: float, part: float) -> None:
    shape = Shape(name, diameter, length)
    volumes, levels = shape.levels()
    assert (np.diff(volumes) >= 0).all()
    level = part * shape.height
    assert float(np.interp(float(shape.filled(level)), volumes, levels)) == pytest.approx(
        level, abs=2e-3 * shape.height
    )
    assert float(shape.filled(shape.height / 2)) == pytest.approx(shape.volume / 2)


def test_the_shapes_hold_what_geometry_says() -> None:
    assert Shape("sphere", 2).volume == pytest.approx(4 / 3 * math.pi)
    assert Shape("vertical-cylinder", 2, 5).volume == pytest.approx(5 * math.pi)
    assert Shape("horizontal-cylinder", 2, 5).volume == pytest.approx(5 * math.pi)


@settings(max_examples=8, deadline=None)
@given(st.floats(2e5, 2e7), st.floats(1.1, 1.66))
def test_gas_blows_down_along_its_isentrope_and_is_not_lost(pressure: float, gamma: float) -> None:
    course = gas_blowdown(GasVessel(5.0, pressure, 300.0, gamma, 287.0), Hole(1e-3, 0.85), 3600.0)
    balanced(course)
    expected = 300.0 * (course.pressure / pressure) ** ((gamma - 1) / gamma)
    assert course.temperature == pytest.approx(expected, rel=1e-4)
    assert course.ended == "压力降到环境压力"


def test_the_choked_blowdown_follows_its_closed_form() -> None:
    """p/p0 = (1 + (gamma-1)/2 t/tau)^(-2 gamma/(gamma-1)), tau = m0 / q0 (Crowl & Louvar; isentropic, choked)."""
    course = gas_blowdown(GasVessel(10.0, 1e7, 300.0, 1.4, 287.0), Hole(1e-4, 1.0), 600.0)
    tau = course.mass[0] / course.rate[0]
    expected = 1e7 * (1 + 0.2 * course.time / tau) ** -7
    assert course.pressure == pytest.approx(expected, rel=1e-4)


def test_a_warm_wall_keeps_the_gas_warm() -> None:
    cold, warm = (
        gas_blowdown(GasVessel(10.0, 5e6, 300.0, 1.4, 287.0, heat), Hole(1e-4, 0.85), 1e5) for heat in (0.0, 1e3)
    )
    assert warm.temperature[-1] > cold.temperature[-1]
    balanced(warm)


def test_a_bigger_hole_empties_faster() -> None:
    ends = [gas_blowdown(GasVessel(5.0, 1e6, 300.0, 1.4, 287.0), Hole(a, 0.85), 1e6).time[-1] for a in (1e-4, 2e-4)]
    assert ends[0] == pytest.approx(2 * ends[1], rel=1e-3)


def test_an_open_tank_follows_torricelli() -> None:
    tank, hole = Tank(Shape("vertical-cylinder", 4, 6), 5.0, 1000.0, 290.0), Hole(1e-3, 0.6)
    course = liquid_outflow(tank, hole, 1e7)
    balanced(course)
    area = 4 * math.pi
    root = np.maximum(math.sqrt(5.0) - 0.6 * 1e-3 * math.sqrt(9.80665 / 2) * course.time / area, 0)
    assert course.level == pytest.approx(root**2, abs=5e-3)


def test_the_liquid_stays_below_the_hole() -> None:
    course = liquid_outflow(Tank(Shape("sphere", 10), 8.0, 600.0, 290.0, 5e5), Hole(1e-3, 0.6, 3.0), 1e7)
    assert course.level[-1] == pytest.approx(3.0, abs=1e-2)
    assert course.ended == "液位降到孔口"
    balanced(course)


def test_a_closed_tank_stops_when_its_gas_has_expanded() -> None:
    course = liquid_outflow(
        Tank(Shape("vertical-cylinder", 4, 6), 5.0, 1000.0, 290.0, 2e5, closed=True), Hole(1e-3, 0.6), 1e7
    )
    balanced(course)
    assert course.ended == "推动压力为零"
    assert course.pressure[-1] + 1000 * 9.80665 * course.level[-1] == pytest.approx(101325, rel=1e-3)


@pytest.mark.parametrize("height", [0.2, 1.9])
@pytest.mark.parametrize("swollen", [False, True])
def test_a_boiling_vessel_keeps_mass_and_energy(height: float, swollen: bool) -> None:
    boiler = Boiler(Shape("horizontal-cylinder", 2.0, 6.0), 1.5, 293.15, 1.32, swollen=swollen)
    course = boiling_blowdown(boiler, CHLORINE, Hole(1e-3, 0.62, height), 1e5)
    balanced(course)
    assert (np.diff(course.temperature) <= 1e-6).all()
    assert course.pressure[-1] >= 101325
    boiling = [CHLORINE.at(float(kelvin)).pressure for kelvin in course.temperature[::40]]
    assert course.pressure[::40] == pytest.approx(boiling, rel=1e-4)


def test_liquid_leaves_before_vapour_does() -> None:
    boiler = Boiler(Shape("vertical-cylinder", 2.0, 4.0), 3.0, 290.0, 1.3)
    course = boiling_blowdown(boiler, PROPANE, Hole(5e-4, 0.62, 1.0), 1e6)
    jump = int(np.argmax(np.abs(np.diff(course.rate))))
    assert course.level[jump] == pytest.approx(1.0, abs=1e-3)
    assert course.rate[jump] > 3 * course.rate[jump + 1]
    balanced(course)


def test_vapour_withdrawal_ends_near_the_boiling_point() -> None:
    boiler = Boiler(Shape("vertical-cylinder", 2.0, 4.0), 2.0, 290.0, 1.3)
    course = boiling_blowdown(boiler, PROPANE, Hole(1e-3, 0.62, 3.9), 1e6)
    assert course.temperature[-1] == pytest.approx(231.1, abs=0.5)
    lost = (course.mass[0] - course.mass[-1]) / course.mass[0]
    assert 0.25 < lost < 0.45  # about cp dT / h


def test_a_vessel_refuses_what_it_cannot_do() -> None:
    shape, hole = Shape("sphere", 2), Hole(1e-3, 0.6)
    for bad in (math.nan, 0.0, -1.0):
        with pytest.raises(OutOfRange):
            gas_blowdown(GasVessel(bad, 1e6, 300, 1.4, 287), hole, 10.0)
        with pytest.raises(OutOfRange):
            liquid_outflow(Tank(shape, bad, 900, 300), hole, 10.0)
        with pytest.raises(OutOfRange):
            boiling_blowdown(Boiler(shape, bad, 290, 1.3), PROPANE, hole, 10.0)
        with pytest.raises(OutOfRange):
            gas_blowdown(GasVessel(1.0, 1e6, 300, 1.4, 287), Hole(bad, 0.6), 10.0)
    with pytest.raises(OutOfRange, match="vessel pressure"):
        gas_blowdown(GasVessel(1.0, 9e4, 300, 1.4, 287), hole, 10.0)
    with pytest.raises(OutOfRange, match="not above ambient"):
        boiling_blowdown(Boiler(shape, 1.0, 225.0, 1.3), PROPANE, hole, 10.0)
    with pytest.raises(OutOfRange, match="ullage"):
        liquid_outflow(Tank(shape, 2.0, 900, 300, 2e5, closed=True), hole, 10.0)
    with pytest.raises(OutOfRange, match="not known"):
        liquid_outflow(Tank(Shape("cube", 2.0), 1.0, 900, 300), hole, 10.0)  # type: ignore[arg-type]  # a wrong name
