"""The model of a free turbulent gas jet."""

from collections.abc import Mapping
from dataclasses import replace

from anlan.kernels.consequence import atmosphere
from anlan.kernels.consequence import jet as free_jet
from anlan.kernels.validity import OutOfRange
from anlan.kit.models.catalogue import model

Answer = Mapping[str, float]


@model("dispersion/jet")
def jet(
    *,
    orifice: float,
    molar_mass: float,
    T_release: float,
    pressure: float | None = None,
    gamma: float = 1.4,
    cd: float = 1.0,
    velocity: float | None = None,
    T_amb: float = 288.15,
    P_amb: float = 101325.0,
    h: float = 0.0,
    angle: float = 0.0,
    point: list[float] | None = None,
    x: float | None = None,
    LFL: float | None = None,
    UFL: float | None = None,
    method: free_jet.Fit = "long",
) -> Answer:
    """Concentration in a free turbulent jet of gas (Long 1963; Chen & Rodi 1980; choked source after Birch 1987).

    Give the pressure before the opening, or the velocity of a jet that leaves at ambient pressure.

    Parameters
    ----------
    orifice : float
        Diameter of the opening [m].
    molar_mass : float
        Molar mass of the gas [kg/mol].
    T_release : float
        Temperature before the opening, or that of the leaving jet where its velocity is given [K].
    pressure : float
        Absolute pressure before the opening [Pa].
    gamma : float
        Ratio of heat capacities [-].
    cd : float
        Discharge coefficient [-].
    velocity : float
        Velocity of a jet at ambient pressure, instead of a pressure [m/s].
    T_amb : float
        Temperature of the air [K].
    P_amb : float
        Pressure of the air [Pa].
    h : float
        Height of the opening above the ground, which reflects [m].
    angle : float
        Of the axis above the horizontal [deg].
    point : list[float]
        Point at which the concentration is wanted: along, across, height above the ground [m].
    x : float
        Distance along the axis of a jet in free air [m].
    LFL : float
        Lower flammable limit [vol/vol].
    UFL : float
        Upper flammable limit, for the flammable mass [vol/vol].
    method : str
        Constants of the jet.

    Returns
    -------
    conc : float
        Volume fraction at point, ground reflected [vol/vol].
    conc_axis : float
        Volume fraction on the axis at x [vol/vol].
    velocity_axis : float
        Velocity on the axis at x [m/s].
    x_LFL : float
        Distance along the axis at which it has fallen to LFL [m].
    flammable_mass : float
        Mass of gas between LFL and UFL [kg].
    mass_rate : float
        Mass rate [kg/s].
    source_diameter : float
        Diameter of the jet once it has expanded to ambient pressure [m].
    source_velocity : float
        Its velocity [m/s].
    momentum_length : float
        Distance beyond which buoyancy outweighs the momentum of the opening; left out for a neutral gas [m].
    """
    air = atmosphere.air_density(T_amb, P_amb)
    reservoir = None if pressure is None else free_jet.Reservoir(pressure, T_release, molar_mass, gamma)
    if reservoir is not None:
        source = replace(free_jet.pseudo_source(reservoir, orifice, cd, P_amb), air_density=air, fit=method)
    elif velocity is not None:
        density = atmosphere.gas_density(molar_mass, T_release, P_amb)
        source = free_jet.Jet(orifice, velocity, density, air, fit=method)
    else:
        raise OutOfRange("give the pressure before the opening, or the velocity of a jet at ambient pressure")
    pure = atmosphere.gas_density(molar_mass, T_amb, P_amb)
    found = _about(source) | _limits(source, pure, LFL, UFL)
    if x is not None:
        found["conc_axis"] = _fraction(float(free_jet.concentration(source, x)), pure)
        found["velocity_axis"] = float(free_jet.velocity(source, x))
    if point is not None:
        found["conc"] = _fraction(_at(source, h, point, angle), pure)
    return found


def _about(source: free_jet.Jet) -> dict[str, float]:
    found = {
        "mass_rate": source.mass_rate,
        "source_diameter": source.diameter,
        "source_velocity": source.velocity,
    }
    if source.density != source.air_density:
        found["momentum_length"] = free_jet.momentum_length(source)
    return found


def _limits(source: free_jet.Jet, pure: float, lower: float | None, upper: float | None) -> dict[str, float]:
    if lower is None:
        return {}
    found = {"x_LFL": float(free_jet.distance(source, lower * pure))}
    if upper is not None:
        found["flammable_mass"] = free_jet.mass_between(source, lower * pure, upper * pure)
    return found


def _at(source: free_jet.Jet, height: float, point: list[float], angle: float) -> float:
    if len(point) != 3:
        raise OutOfRange(f"point has {len(point)} numbers; it takes three: along, across, height")
    return float(free_jet.concentration_at(source, height, point[0], point[1], point[2], angle))


def _fraction(concentration: float, pure: float) -> float:
    """Volume fraction, at the temperature of the air."""
    return min(concentration / pure, 1.0)
