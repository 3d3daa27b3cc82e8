"""Models that put a release together from the stored substance, and the flow of a liquid through a pipe."""

from collections.abc import Mapping

from anlan.kernels.consequence import pipe
from anlan.kernels.consequence import release as kernel
from anlan.kernels.consequence.outflow import ATMOSPHERE, hole_area
from anlan.kernels.validity import within
from anlan.kit.models.catalogue import model
from anlan.kit.models.families.substances import known

Answer = Mapping[str, float | str]


@model("source/release")
def release(
    *,
    substance: str,
    temperature: float,
    hole_diameter: float,
    pressure_abs: float | None = None,
    liquid_head: float = 0.0,
    cd: float = 0.62,
    passage_length: float = 0.0,
    ambient_pressure: float = ATMOSPHERE,
    aerosol_fraction: float | None = None,
    on: str = "",
) -> Answer:
    """The release of a stored substance: its phase, the flow, the flash, what floats and what reaches the ground.

    Chooses by the stored state: gas (see source/gas-hole), liquid (source/liquid-hole) or flashing liquid (Fauske, see
    source/two-phase); drops by RELEASE (source/aerosol-rainout).

    Parameters
    ----------
    substance : str
        CAS number or name.
    temperature : float
        Temperature of storage [K].
    hole_diameter : float
        Diameter of the hole [m].
    pressure_abs : float
        Absolute pressure of storage; left out: vapour pressure [Pa].
    liquid_head : float
        Height of liquid above the hole [m].
    cd : float
        Discharge coefficient [-].
    passage_length : float
        Length of the opening: 0 a hole, from 0.1 m on flashing in equilibrium [m].
    ambient_pressure : float
        Pressure outside [Pa].
    aerosol_fraction : float
        Fraction of the unflashed liquid that floats; left out: from drop sizes [-].
    on : str
        Day whose table of substances counts, ISO date; empty: today.

    Returns
    -------
    phase : str
        gas, liquid or flashing-liquid [text].
    mass_rate : float
        Mass rate out of the hole [kg/s].
    velocity : float
        Velocity at the hole [m/s].
    flash_fraction : float
        Mass fraction that is vapour after expansion [-].
    aerosol_fraction : float
        Fraction of the rest that stays afloat [-].
    airborne_rate : float
        Vapour and drops that stay in the air [kg/s].
    pool_rate : float
        Liquid that reaches the ground [kg/s].
    jet_temperature : float
        Temperature after expansion [K].
    jet_density : float
        Density of vapour and drops after expansion, no air mixed in [kg/m3].
    """
    found = known(substance, on)
    pressure = float(found.vapour_pressure(temperature)) if pressure_abs is None else pressure_abs
    opening = kernel.Opening(hole_area(hole_diameter), cd, passage_length)
    out = kernel.release(
        found, kernel.Storage(temperature, pressure, liquid_head), opening, ambient_pressure, aerosol_fraction
    )
    return {
        "phase": out.phase,
        "mass_rate": out.mass_rate,
        "velocity": out.velocity,
        "flash_fraction": out.flashed,
        "aerosol_fraction": out.aerosol,
        "airborne_rate": out.airborne_rate,
        "pool_rate": out.pool_rate,
        "jet_temperature": out.temperature,
        "jet_density": out.density,
    }


@model("source/catastrophic-rupture")
def catastrophic_rupture(
    *, substance: str, mass: float, temperature: float, ambient_pressure: float = ATMOSPHERE, on: str = ""
) -> Answer:
    """A vessel of liquid bursts: what flashes, what the expansion carries as drops, what stays on the ground (Purple
    Book, CPR 18E, section 4.3).

    Parameters
    ----------
    substance : str
        CAS number or name.
    mass : float
        Mass of liquid [kg].
    temperature : float
        Its temperature [K].
    ambient_pressure : float
        Pressure outside [Pa].
    on : str
        Day whose table of substances counts, ISO date; empty: today.

    Returns
    -------
    flash_fraction : float
        Fraction that flashes, at equal enthalpy [-].
    vapour_mass : float
        Mass of vapour [kg].
    aerosol_mass : float
        Mass of drops afloat [kg].
    airborne_mass : float
        Both [kg].
    pool_mass : float
        Mass on the ground [kg].
    """
    found = kernel.burst(known(substance, on), mass, temperature, ambient_pressure)
    return {
        "flash_fraction": found.flashed,
        "vapour_mass": found.vapour,
        "aerosol_mass": found.aerosol,
        "airborne_mass": found.vapour + found.aerosol,
        "pool_mass": found.pool,
    }


@model("source/liquid-pipe")
def liquid_pipe(
    *,
    pipe_length: float,
    diameter: float,
    density: float,
    p1: float,
    p2: float = ATMOSPHERE,
    roughness: float = 4.57e-5,
    K_entrance: float = 0.5,
    K_exit: float = 1.0,
    viscosity: float | None = None,
    rise: float = 0.0,
) -> Answer:
    """Liquid through a pipe with friction, from a vessel to the open (Perry's 8th ed. section 6; Yellow Book 2.5.4.3).

    Parameters
    ----------
    pipe_length : float
        Length of the pipe [m].
    diameter : float
        Inner diameter [m].
    density : float
        Density of the liquid [kg/m3].
    p1 : float
        Absolute pressure in the vessel at the height of its liquid surface [Pa].
    p2 : float
        Absolute pressure outside the exit [Pa].
    roughness : float
        Roughness of the wall, commercial steel unless given [m].
    K_entrance : float
        Loss of the entrance and fittings in velocity heads [-].
    K_exit : float
        Velocity heads at the exit, 1 for the jet [-].
    viscosity : float
        Viscosity of the liquid for Churchill's friction factor; left out: a fully rough pipe [Pa s].
    rise : float
        Height of the exit above the liquid surface, negative below it [m].

    Returns
    -------
    mass_rate : float
        Mass rate [kg/s].
    velocity : float
        Velocity in the pipe [m/s].
    friction_factor : float
        Darcy's friction factor [-].
    """
    within("p1", p1, "Pa", 0, above=True)
    within("p2", p2, "Pa", 0, above=True)
    run = pipe.Pipe(pipe_length, diameter, roughness, K_entrance, K_exit, viscosity)
    flux = pipe.liquid_pipe(run, p1 - p2, density, rise)
    return {
        "mass_rate": flux * hole_area(diameter),
        "velocity": flux / density,
        "friction_factor": run.friction(flux),
    }
