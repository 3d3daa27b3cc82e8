"""Models of releases that do not change: holes, pipes, flash, drops that rain out, airborne quantity."""

import re
from collections.abc import Mapping
from typing import Literal

from anlan.kernels.consequence import flash as flashing
from anlan.kernels.consequence import outflow, pipe
from anlan.kernels.validity import OutOfRange, within
from anlan.kit.models.catalogue import model

Answer = Mapping[str, float | bool]


@model("source/liquid-hole")
def liquid_hole(
    *,
    density: float,
    hole_diameter: float | None = None,
    cd: float = 0.62,
    pressure_abs: float | None = None,
    pressure_gauge: float | None = None,
    ambient_pressure: float = outflow.ATMOSPHERE,
    liquid_head: float = 0.0,
    temperature: float | None = None,
    g: float = outflow.GRAVITY,
) -> Answer:
    """Liquid through a sharp hole (Bernoulli; CCPS 1999 eq. 2.13; CCPS 1996 eq. 4-10; Yellow Book eq. 2.194).

    Give the pressure above the liquid either as absolute or as gauge; without both the tank is open.

    Parameters
    ----------
    density : float
        Density of the liquid [kg/m3].
    hole_diameter : float
        Diameter of the hole; needed for the mass rate [m].
    cd : float
        Discharge coefficient [-].
    pressure_abs : float
        Absolute pressure above the liquid [Pa].
    pressure_gauge : float
        Pressure above the liquid less that outside, instead of the absolute one [Pa].
    ambient_pressure : float
        Pressure outside [Pa].
    liquid_head : float
        Height of the liquid above the hole [m].
    temperature : float
        Temperature of the liquid; only its density enters the result [K].
    g : float
        Acceleration of gravity [m/s2].

    Returns
    -------
    mass_rate : float
        Mass rate; only with a hole diameter [kg/s].
    velocity : float
        Velocity at the hole, the discharge coefficient in it [m/s].
    mass_flux : float
        Mass flux [kg/m2/s].
    """
    if pressure_abs is not None and pressure_gauge is not None:
        raise OutOfRange("give pressure_abs or pressure_gauge, not both")
    within("temperature", 293.15 if temperature is None else temperature, "K", 10, 2000)
    within("ambient_pressure", ambient_pressure, "Pa", 0, 1e7)
    if pressure_abs is not None:
        within("pressure_abs", pressure_abs, "Pa", 0)
        pressure_gauge = pressure_abs - ambient_pressure
    gauge = 0.0 if pressure_gauge is None else pressure_gauge
    found = outflow.liquid_hole(gauge, density, cd, liquid_head, g)
    return {"velocity": found.velocity, "mass_flux": found.mass_flux, **_rate(found.mass_flux, hole_diameter)}


def _rate(flux: float, diameter: float | None) -> dict[str, float]:
    return {} if diameter is None else {"mass_rate": flux * outflow.hole_area(diameter)}


@model("source/gas-hole")
def gas_hole(
    *,
    pressure_abs: float,
    temperature: float,
    gamma: float,
    hole_diameter: float | None = None,
    cd: float = 0.85,
    density_upstream: float | None = None,
    molar_mass: float | None = None,
    compressibility: float = 1.0,
    ambient_pressure: float = outflow.ATMOSPHERE,
) -> Answer:
    """Gas through a hole, choked or subsonic (CCPS 1999 eq. 2.16-2.19, p. 47; Yellow Book eq. 2.22-2.25).

    A real gas enters by its upstream density, or by molar mass and compressibility.

    Parameters
    ----------
    pressure_abs : float
        Absolute pressure upstream [Pa].
    temperature : float
        Temperature upstream [K].
    gamma : float
        Ratio of heat capacities, 1 < gamma <= 1.7 [-].
    hole_diameter : float
        Diameter of the hole; needed for the mass rate [m].
    cd : float
        Discharge coefficient [-].
    density_upstream : float
        Density upstream [kg/m3].
    molar_mass : float
        Molar mass, if no density is given [kg/mol].
    compressibility : float
        Compressibility factor upstream, with the molar mass [-].
    ambient_pressure : float
        Pressure outside [Pa].

    Returns
    -------
    mass_rate : float
        Mass rate; only with a hole diameter [kg/s].
    mass_flux : float
        Mass flux, the discharge coefficient in it [kg/m2/s].
    exit_velocity : float
        Velocity at the hole, the discharge coefficient in it [m/s].
    exit_pressure : float
        Pressure at the hole [Pa].
    exit_temperature : float
        Temperature at the hole [K].
    choked : bool
        Whether the hole is at the speed of sound [bool].
    expanded_velocity : float
        Velocity of the jet expanded to the pressure outside, no air mixed in [m/s].
    expanded_temperature : float
        Temperature of that jet [K].
    expanded_density : float
        Density of that jet [kg/m3].
    """
    if density_upstream is None:
        if molar_mass is None:
            raise OutOfRange("density_upstream or molar_mass is needed: give one of them")
        density_upstream = outflow.gas_density(pressure_abs, temperature, molar_mass, compressibility)
    gas = outflow.Gas(pressure_abs, temperature, density_upstream, gamma)
    found = outflow.gas_hole(gas, ambient_pressure, cd)
    jet = outflow.expand(found, gas, ambient_pressure)
    return {
        "mass_flux": found.mass_flux,
        "exit_velocity": found.velocity,
        "exit_pressure": found.pressure,
        "exit_temperature": found.temperature,
        "choked": found.choked,
        "expanded_velocity": jet.velocity,
        "expanded_temperature": jet.temperature,
        "expanded_density": jet.density,
        **_rate(found.mass_flux, hole_diameter),
    }


@model("source/gas-pipe")
def gas_pipe(
    *,
    pipe_length: float,
    diameter: float,
    p1: float,
    T1: float,
    gamma: float | None = None,
    molar_mass: float | None = None,
    gas: str | None = None,
    p2: float = outflow.ATMOSPHERE,
    roughness: float = 4.57e-5,
    K_entrance: float = 0.0,
    K_exit: float = 0.0,
    viscosity: float | None = None,
    compressibility: float = 1.0,
) -> Answer:
    """Gas through a long pipe: Fanno, isothermal, and the two textbook shortcuts (Perry's 8th ed. section 6; Coulson &
    Richardson vol. 1 section 4.5).

    Pressure and temperature are those in the pipe behind its entrance. All losses count as velocity heads.

    Parameters
    ----------
    pipe_length : float
        Length of the pipe [m].
    diameter : float
        Inner diameter [m].
    p1 : float
        Absolute pressure at the inlet [Pa].
    T1 : float
        Temperature at the inlet [K].
    gamma : float
        Ratio of heat capacities [-].
    molar_mass : float
        Molar mass [kg/mol].
    gas : str
        Both in one text, as "air gamma=1.4 M=28.96", M in g/mol.
    p2 : float
        Absolute pressure outside the exit [Pa].
    roughness : float
        Roughness of the wall, commercial steel unless given [m].
    K_entrance : float
        Loss of the entrance in velocity heads [-].
    K_exit : float
        Loss of the exit in velocity heads [-].
    viscosity : float
        Viscosity of the gas for Churchill's friction factor; left out: a fully rough pipe [Pa s].
    compressibility : float
        Compressibility factor at the inlet [-].

    Returns
    -------
    mass_rate : float
        Mass rate of adiabatic flow (Fanno), choked where it must [kg/s].
    mass_rate_fanno_family_low : float
        Fanno's balance with the exit density of an isentropic expansion: a shortcut, on the low side [kg/s].
    mass_rate_isentropic : float
        Isentropic path along the pipe: a shortcut, on the high side [kg/s].
    mass_rate_isothermal : float
        Isothermal flow, limited at Mach 1/sqrt(gamma) [kg/s].
    exit_pressure : float
        Pressure in the exit plane of the adiabatic flow [Pa].
    exit_temperature : float
        Temperature there [K].
    exit_mach : float
        Mach number there [-].
    choked : bool
        Whether the adiabatic flow is choked [bool].
    """
    ratio, mass = _named_gas(gas, gamma, molar_mass)
    run = pipe.Pipe(pipe_length, diameter, roughness, K_entrance, K_exit, viscosity)
    inlet = outflow.Gas(p1, T1, outflow.gas_density(p1, T1, mass, compressibility), ratio)
    area = outflow.hole_area(diameter)
    flow = pipe.adiabatic(run, inlet, p2)
    return {
        "mass_rate": area * flow.mass_flux,
        "mass_rate_fanno_family_low": area * pipe.isentropic_exit(run, inlet, p2),
        "mass_rate_isentropic": area * pipe.isentropic_path(run, inlet, p2),
        "mass_rate_isothermal": area * pipe.isothermal(run, inlet, p2),
        "exit_pressure": flow.pressure,
        "exit_temperature": flow.temperature,
        "exit_mach": flow.mach,
        "choked": flow.choked,
    }


_GAS_TEXT = re.compile(r"gamma\s*=\s*([\d.]+).*?\bM\s*=\s*([\d.]+)")


def _named_gas(text: str | None, gamma: float | None, molar_mass: float | None) -> tuple[float, float]:
    """gamma [-] and molar mass [kg/mol] from numbers, or from a text that holds both."""
    if text is None:
        if gamma is None or molar_mass is None:
            raise OutOfRange("gamma and molar_mass are needed (or gas, as 'air gamma=1.4 M=28.96')")
        return gamma, molar_mass
    found = _GAS_TEXT.search(text)
    if found is None:
        raise OutOfRange(f"gas = {text!r} gives no gamma and M; write 'air gamma=1.4 M=28.96', or use the numbers")
    return gamma or float(found[1]), molar_mass or float(found[2]) / 1000


@model("source/pipe-rupture")
def pipe_rupture(
    *,
    pipe_length: float,
    diameter: float,
    pressure_abs: float,
    temperature: float,
    gamma: float,
    molar_mass: float,
    roughness: float = 4.57e-5,
    compressibility: float = 1.0,
    ambient_pressure: float = outflow.ATMOSPHERE,
    time: list[float] | None = None,
) -> Mapping[str, float | list[float]]:
    """Full-bore rupture of a long gas pipeline, one end, shut off at the other (Bell 1978, Wilson 1979; Yellow Book
    section 2.5.2.3).

    Parameters
    ----------
    pipe_length : float
        Length from the rupture to the shut-off [m].
    diameter : float
        Inner diameter [m].
    pressure_abs : float
        Absolute pressure before the rupture [Pa].
    temperature : float
        Temperature before the rupture [K].
    gamma : float
        Ratio of heat capacities [-].
    molar_mass : float
        Molar mass [kg/mol].
    roughness : float
        Roughness of the wall [m].
    compressibility : float
        Compressibility factor [-].
    ambient_pressure : float
        Pressure outside [Pa].
    time : list[float]
        Times at which the rate is wanted; left out: 0 to 3 time constants [s].

    Returns
    -------
    initial_rate : float
        Rate of the first moment [kg/s].
    inventory : float
        Gas in the pipe, all of which leaves [kg].
    time_constant : float
        Wilson's time constant [s].
    time : list[float]
        Times [s].
    mass_rate : list[float]
        Mass rate at those times [kg/s].
    released : list[float]
        Mass released until then [kg].
    """
    density = outflow.gas_density(pressure_abs, temperature, molar_mass, compressibility)
    gas = outflow.Gas(pressure_abs, temperature, density, gamma)
    found = pipe.rupture(
        pipe.Pipe(pipe_length, diameter, roughness),
        gas,
        lambda one: outflow.gas_hole(one, ambient_pressure, 1).mass_flux,
    )
    times = [found.time_constant * step / 10 for step in range(31)] if time is None else time
    return {
        "initial_rate": found.initial_rate,
        "inventory": found.inventory,
        "time_constant": found.time_constant,
        "time": times,
        "mass_rate": found.rate(times).tolist(),
        "released": found.released(times).tolist(),
    }


@model("source/flash")
def flash(
    *, T_release: float, T_boil: float, cp: float, dHv: float, form: Literal["linear", "exponential"] = "linear"
) -> Answer:
    """Fraction of a superheated liquid that flashes adiabatically (CCPS 1996 eq. 4-14; CCPS 1999 eq. 2.34).

    Parameters
    ----------
    T_release : float
        Temperature of the liquid [K].
    T_boil : float
        Its boiling point at the pressure outside [K].
    cp : float
        Heat capacity of the liquid [J/kmol/K].
    dHv : float
        Heat of vaporisation [J/kmol].
    form : str
        linear: cp dT / dHv; exponential: 1 - exp(-cp dT / dHv).

    Returns
    -------
    flash_fraction : float
        Mass fraction that becomes vapour [-].
    """
    within("T_release", T_release, "K", 10, 2000)
    within("T_boil", T_boil, "K", 10, 2000)
    fraction = flashing.flash_fraction(T_release - T_boil, cp, dHv, exact=form == "exponential")
    return {"flash_fraction": fraction}
