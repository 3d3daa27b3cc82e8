"""Models of what a liquid release leaves in the air: drops that rain out, and the airborne quantity."""

from collections.abc import Mapping

from anlan.kernels.consequence import airborne as air
from anlan.kernels.consequence import flash as flashing
from anlan.kernels.validity import OutOfRange, within
from anlan.kit.models.catalogue import model
from anlan.kit.models.families._vessel_words import leak_in_words

Answer = Mapping[str, float]
RELEASE = "RELEASE (CCPS/Johnson&Woodward)"


@model("source/aerosol-rainout", names={"method": "model"})
def aerosol_rainout(
    *,
    method: str = RELEASE,
    drop_diameter: float | None = None,
    critical_diameter: float | None = None,
    geometric_deviation: float = 1.8,
    spread_angle: float = 4.46,
    weber: float = 12.0,
    velocity: float | None = None,
    superheat: float | None = None,
    surface_tension: float | None = None,
    liquid_density: float | None = None,
    gas_density: float | None = None,
    air_density: float = 1.2,
    gas_viscosity: float = 1.8e-5,
) -> Answer:
    """Fraction of the unflashed liquid that stays airborne (RELEASE; Johnson & Woodward, CCPS 1999, p. 58-64).

    Give the drop diameters, or what they follow from: velocity, superheat, surface tension and densities.

    Parameters
    ----------
    model : str
        Must name RELEASE; the only method there is.
    drop_diameter : float
        Median drop by number; left out: the smaller of aerodynamic and flashing break-up [m].
    critical_diameter : float
        Smallest drop that rains out; left out: from the balance of drag and buoyancy [m].
    geometric_deviation : float
        Geometric standard deviation of the drops, RELEASE's fit [-].
    spread_angle : float
        Half-angle at which the jet spreads, RELEASE's fit [deg].
    weber : float
        Critical Weber number [-].
    velocity : float
        Velocity of the discharged liquid, without discharge coefficient [m/s].
    superheat : float
        Liquid above its boiling point [K].
    surface_tension : float
        At the boiling point [N/m].
    liquid_density : float
        At the boiling point [kg/m3].
    gas_density : float
        Of the vapour at the boiling point, through which drops fall [kg/m3].
    air_density : float
        Of the gas that breaks the drops [kg/m3].
    gas_viscosity : float
        Of the gas through which drops fall [Pa s].

    Returns
    -------
    aerosol_fraction : float
        Mass fraction of the unflashed liquid that stays airborne [-].
    rainout_fraction : float
        The rest of it [-].
    drop_diameter : float
        Median drop used [m].
    critical_diameter : float
        Critical drop used [m].
    """
    if not method.strip().upper().startswith("RELEASE"):
        raise OutOfRange(f"model = {method!r} is not known; use {RELEASE}")
    if drop_diameter is None:
        jet = _given(velocity=velocity, superheat=superheat, surface_tension=surface_tension)
        aerodynamic = flashing.aerodynamic_drop(jet["surface_tension"], air_density, jet["velocity"], weber)
        drop_diameter = min(aerodynamic, flashing.flashing_drop(jet["superheat"]))
    if critical_diameter is None:
        fall = _given(velocity=velocity, liquid_density=liquid_density, gas_density=gas_density)
        settling = flashing.Settling(fall["liquid_density"], fall["gas_density"], gas_viscosity)
        critical_diameter = flashing.critical_drop(fall["velocity"], settling, spread_angle)
    fraction = flashing.aerosol_fraction(drop_diameter, critical_diameter, geometric_deviation)
    return {
        "aerosol_fraction": fraction,
        "rainout_fraction": 1 - fraction,
        "drop_diameter": drop_diameter,
        "critical_diameter": critical_diameter,
    }


def _given(**inputs: float | None) -> dict[str, float]:
    """The inputs, all of them there."""
    missing = [name for name, value in inputs.items() if value is None]
    if missing:
        raise OutOfRange(f"{', '.join(missing)} missing: give them, or what they follow from")
    return {name: value for name, value in inputs.items() if value is not None}


_CONCRETE = {"ground_conductivity": 1.28, "ground_diffusivity": 6.6e-7}


@model("source/airborne-quantity")
def airborne_quantity(
    *,
    duration: float,
    scenario: str | None = None,
    mass_rate: float | None = None,
    flash_fraction: float | None = None,
    aerosol_fraction: float | None = None,
    liquid_density: float | None = None,
    T_boil: float | None = None,
    heat_of_vaporisation: float | None = None,
    T_ground: float | None = None,
    ground_conductivity: float | None = None,
    ground_diffusivity: float | None = None,
    dike_area: float | None = None,
) -> Answer:
    """Airborne mass of a constant liquid release: flash, aerosol, and what boils off the pool with and without a dike.

    Method of CCPS 1999 sections 2.1.5-2.1.8 and Woodward (CCPS 1998) eq. 4.38.

    A leak in words (scenario) supplies what is left out: rate, flash and drops are computed from it and from the table
    of substances, at 298.15 K and without liquid above the hole unless it says T and head. The very words of the worked
    example below take its head of 15.24 m and its drops, too.

    Parameters
    ----------
    duration : float
        Duration of the release [s].
    scenario : str
        butane sphere 2 in hole 250 psig, 500 ft2 dike, concrete k=1.28 W/m/K alpha=6.6e-7 m2/s; other substances and
        numbers in the same form, with T 298.15 K and 15 m head where known.
    mass_rate : float
        Release rate [kg/s].
    flash_fraction : float
        Fraction that flashes, see source/flash [-].
    aerosol_fraction : float
        Fraction of the rest that stays airborne as drops, see source/aerosol-rainout [-].
    liquid_density : float
        At the boiling point [kg/m3].
    T_boil : float
        Boiling point [K].
    heat_of_vaporisation : float
        At the boiling point [J/kg].
    T_ground : float
        Temperature of the ground [K].
    ground_conductivity : float
        Thermal conductivity of the ground; left out: concrete, 1.28 [W/m/K].
    ground_diffusivity : float
        Thermal diffusivity of the ground; left out: concrete, 6.6e-7 [m2/s].
    dike_area : float
        Area of the dike; left out: the result without a dike only [m2].

    Returns
    -------
    airborne_mass_without_dike : float
        Airborne mass when the pool spreads freely [kg].
    airborne_mass_with_dike : float
        Airborne mass when the dike bounds the pool; only with a dike area [kg].
    flashed_mass : float
        Mass that flashed [kg].
    aerosol_mass : float
        Mass afloat as drops [kg].
    released_mass : float
        Mass released in all [kg].
    mass_rate : float
        Release rate used [kg/s].
    flash_fraction : float
        Used [-].
    aerosol_fraction : float
        Used [-].
    """
    given = {
        "mass_rate": mass_rate,
        "flash_fraction": flash_fraction,
        "aerosol_fraction": aerosol_fraction,
        "liquid_density": liquid_density,
        "T_boil": T_boil,
        "heat_of_vaporisation": heat_of_vaporisation,
        "T_ground": T_ground,
        "ground_conductivity": ground_conductivity,
        "ground_diffusivity": ground_diffusivity,
    }
    told = _CONCRETE if scenario is None else _CONCRETE | leak_in_words(scenario)
    whole = _given(**{name: told.get(name) if value is None else value for name, value in given.items()})
    dike_area = told.get("dike_area") if dike_area is None else dike_area
    within("T_boil", whole["T_boil"], "K", 10, whole["T_ground"])
    release = air.Release(whole["mass_rate"], duration, whole["flash_fraction"], whole["aerosol_fraction"])
    spill = air.Spill(0.0, whole["liquid_density"], whole["T_boil"], whole["heat_of_vaporisation"])
    ground = air.Ground(whole["T_ground"], whole["ground_conductivity"], whole["ground_diffusivity"])
    free = air.airborne(release, spill, ground)
    answer = {
        "airborne_mass_without_dike": free.total,
        "flashed_mass": free.flashed,
        "aerosol_mass": free.aerosol,
        "released_mass": whole["mass_rate"] * duration,
        "mass_rate": whole["mass_rate"],
        "flash_fraction": whole["flash_fraction"],
        "aerosol_fraction": whole["aerosol_fraction"],
    }
    if dike_area is not None:
        answer["airborne_mass_with_dike"] = air.airborne(release, spill, ground, dike_area).total
    return answer
