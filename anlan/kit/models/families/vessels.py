"""Models of vessels that blow down or run out over time."""

from collections.abc import Mapping
from typing import Literal

from anlan.kernels.consequence.boiling_vessel import Boiler, boiling_blowdown
from anlan.kernels.consequence.outflow import ATMOSPHERE, hole_area
from anlan.kernels.consequence.saturation import saturation
from anlan.kernels.consequence.substance import GAS_CONSTANT
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
from anlan.kernels.validity import OutOfRange, within
from anlan.kit.models.catalogue import model
from anlan.kit.models.families.substances import known

Answer = Mapping[str, float | str | list[float]]
Content = Literal["gas", "liquid", "boiling-liquid"]


@model("source/vessel-blowdown")
def vessel_blowdown(
    *,
    content: Content,
    hole_diameter: float,
    temperature: float,
    duration: float = 3600.0,
    cd: float = 0.62,
    hole_height: float = 0.0,
    passage_length: float = 0.0,
    ambient_pressure: float = ATMOSPHERE,
    pressure_abs: float | None = None,
    volume: float | None = None,
    gamma: float | None = None,
    molar_mass: float | None = None,
    compressibility: float = 1.0,
    wall_heat: float = 0.0,
    shape: ShapeName = "vertical-cylinder",
    vessel_diameter: float | None = None,
    vessel_length: float | None = None,
    level: float | None = None,
    density: float | None = None,
    closed: bool = False,
    substance: str | None = None,
    heat: float = 0.0,
    swollen: bool = False,
    on: str = "",
) -> Answer:
    """A vessel empties through a hole: gas, liquid, or liquid boiling under its own pressure (Yellow Book section 2.5).

    gas needs pressure_abs, volume, gamma and molar_mass; liquid a shape with its sizes, level and density; a boiling
    liquid a shape, level and substance. Mass and energy are balanced; the flow is that of the hole models.

    Parameters
    ----------
    content : str
        gas, liquid or boiling-liquid.
    hole_diameter : float
        Diameter of the hole [m].
    temperature : float
        Temperature of the content at the start [K].
    duration : float
        Longest time looked at [s].
    cd : float
        Discharge coefficient [-].
    hole_height : float
        Height of the hole above the vessel's bottom [m].
    passage_length : float
        Length of the opening for a boiling liquid: 0 a hole, from 0.1 m on flashing in equilibrium [m].
    ambient_pressure : float
        Pressure outside [Pa].
    pressure_abs : float
        Absolute pressure of the gas, or of the space above a liquid (ambient if left out) [Pa].
    volume : float
        Volume of a gas vessel [m3].
    gamma : float
        Ratio of heat capacities of the gas; of a boiling liquid's vapour it is looked up if left out [-].
    molar_mass : float
        Molar mass of the gas [kg/mol].
    compressibility : float
        Compressibility factor of the gas [-].
    wall_heat : float
        Heat from the wall per kelvin that the gas has cooled; 0: adiabatic [W/K].
    shape : str
        vertical-cylinder, horizontal-cylinder or sphere.
    vessel_diameter : float
        Diameter of the vessel [m].
    vessel_length : float
        Length of a cylinder, its height when upright [m].
    level : float
        Level of the liquid above the bottom [m].
    density : float
        Density of the liquid [kg/m3].
    closed : bool
        Whether the gas above a liquid is shut in and expands.
    substance : str
        The boiling liquid: CAS number or name.
    heat : float
        Heat that flows into a boiling liquid [W].
    swollen : bool
        Whether a boiling content leaves as one mixture, as from a large opening.
    on : str
        Day whose table of substances counts, ISO date; empty: today.

    Returns
    -------
    time : list[float]
        Times [s].
    mass_rate : list[float]
        Mass rate out [kg/s].
    mass : list[float]
        Mass left [kg].
    pressure : list[float]
        Pressure inside, above the liquid [Pa].
    temperature : list[float]
        Temperature inside [K].
    level : list[float]
        Level of the liquid [m].
    released : float
        Mass released in all [kg].
    initial_rate : float
        Mass rate at the start [kg/s].
    mean_rate : float
        Mass released over the time of the release [kg/s].
    end_time : float
        When it ends [s].
    ended : str
        Why it ends [text].
    """
    within("hole_diameter", hole_diameter, "m", 0, 5, above=True)
    hole = Hole(hole_area(hole_diameter), cd, hole_height)
    if content == "gas":
        pressure, size, ratio, mass = _needed(
            content, pressure_abs=pressure_abs, volume=volume, gamma=gamma, molar_mass=molar_mass
        )
        within("molar_mass", mass, "kg/mol", 0.001, 1)
        within("compressibility", compressibility, "-", 0.05, 3)
        constant = compressibility * GAS_CONSTANT / mass
        vessel = GasVessel(size, pressure, temperature, ratio, constant, wall_heat)
        return _answer(gas_blowdown(vessel, hole, duration, ambient_pressure))
    diameter, depth = _needed(content, vessel_diameter=vessel_diameter, level=level)
    body = Shape(shape, diameter, 0.0 if vessel_length is None else vessel_length)
    if content == "liquid":
        (weight,) = _needed(content, density=density)
        above = ambient_pressure if pressure_abs is None else pressure_abs
        tank = Tank(body, depth, weight, temperature, above, closed)
        return _answer(liquid_outflow(tank, hole, duration, ambient_pressure))
    if substance is None:
        raise OutOfRange("boiling-liquid needs substance: its CAS number or name")
    found = known(substance, on)
    ratio = found.heat_capacity_ratio(temperature) if gamma is None else gamma
    boiler = Boiler(body, depth, temperature, ratio, heat, swollen)
    return _answer(boiling_blowdown(boiler, saturation(found), hole, duration, ambient_pressure, passage_length))


def _needed(content: Content, **inputs: float | None) -> tuple[float, ...]:
    """The inputs that this content needs, all of them there."""
    missing = [name for name, value in inputs.items() if value is None]
    if missing:
        raise OutOfRange(f"{content} needs {', '.join(missing)}")
    return tuple(value for value in inputs.values() if value is not None)


def _answer(course: Course) -> Answer:
    released = float(course.mass[0] - course.mass[-1])
    end = float(course.time[-1])
    return {
        "time": course.time.tolist(),
        "mass_rate": course.rate.tolist(),
        "mass": course.mass.tolist(),
        "pressure": course.pressure.tolist(),
        "temperature": course.temperature.tolist(),
        "level": course.level.tolist(),
        "released": released,
        "initial_rate": float(course.rate[0]),
        "mean_rate": released / end if end > 0 else 0.0,
        "end_time": end,
        "ended": course.ended,
    }
