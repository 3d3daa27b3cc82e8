"""Models of fireballs: size and duration, emissive power, flux and dose, and a sphere's zones at a glance."""

from collections.abc import Mapping
from typing import Literal

import numpy as np

from anlan.kernels.consequence import bleve, tnt
from anlan.kernels.validity import OutOfRange, within
from anlan.kit.models.catalogue import model
from anlan.kit.models.families import _reference as reference

Answer = Mapping[str, object]
Correlation = Literal["roberts", "tno", "fay-lewis", "hasegawa-sato", "moorhouse-pritchard"]


@model("bleve/geometry")
def geometry(*, mass: float, correlation: Correlation | None = None) -> Answer:
    """Diameter, duration and height of a fireball (Roberts/CCPS; Bagster/Yellow Book; others by name).

    Parameters
    ----------
    mass : float
        Of the fuel that burns in it [kg].
    correlation : str
        A further one to evaluate [-].

    Returns
    -------
    diameter : float
        5.8 M^(1/3) [m].
    duration_M<30t : float
        0.45 M^(1/3), above 30 t 2.6 M^(1/6) [s].
    height : float
        Of the centre when it has lifted off, 0.75 of the diameter [m].
    diameter_6.48M^0.325 : float
        Yellow Book [m].
    duration_0.852M^0.26 : float
        Yellow Book [s].
    diameter_chosen : float
        After the named correlation [m].
    duration_chosen : float
        After the named correlation [s].
    """
    ball, book = bleve.fireball(mass), bleve.fireball(mass, "tno")
    answer: dict[str, object] = {"diameter": ball.diameter, "duration_M<30t": ball.duration, "height": ball.height}
    answer |= {"diameter_6.48M^0.325": book.diameter, "duration_0.852M^0.26": book.duration}
    if correlation is not None:
        chosen = bleve.fireball(mass, correlation)
        answer |= {"diameter_chosen": chosen.diameter, "duration_chosen": chosen.duration}
    return answer


@model("bleve/sep")
def sep(
    *,
    heat_of_combustion: float,
    mass: float | None = None,
    burst_pressure: float | None = None,
    radiative_fraction: float | None = None,
) -> Answer:
    """Emissive power of a fireball (ALOHA: 350 kW/m2 for 46 MJ/kg; Roberts: radiated heat over surface and duration).

    Parameters
    ----------
    heat_of_combustion : float
        Lower heat of combustion [J/kg].
    mass : float
        Of the fuel that burns in it; for Roberts [kg].
    burst_pressure : float
        Gauge, at which the vessel bursts; gives the radiated share [Pa].
    radiative_fraction : float
        Radiated share, instead of the burst pressure [-].

    Returns
    -------
    SEP : float
        ALOHA's [W/m2].
    radiative_fraction : float
        Used for Roberts [-].
    SEP_roberts : float
        After Roberts [W/m2].
    """
    answer = {"SEP": bleve.emissive_power_aloha(heat_of_combustion)}
    if mass is None:
        return answer
    share = _share(burst_pressure, radiative_fraction)
    power = bleve.emissive_power(mass, heat_of_combustion, share, bleve.fireball(mass))
    return {**answer, "radiative_fraction": share, "SEP_roberts": power}


def _share(burst_pressure: float | None, radiative_fraction: float | None) -> float:
    if radiative_fraction is not None:
        return radiative_fraction
    if burst_pressure is None:
        raise OutOfRange("give burst_pressure or radiative_fraction")
    return bleve.radiative_fraction(burst_pressure)


@model("bleve/dose")
def dose(
    *,
    mass: float,
    heat_of_combustion: float,
    distances: list[float],
    radiative_fraction: float = 0.3,
    exposure: float | None = None,
    correlation: Correlation = "roberts",
    T: float = 288.15,
    RH: float = 0.7,
) -> Answer:
    """Flux and thermal dose around a fireball that grows, lifts off and fades (CCPS' dynamic model).

    Parameters
    ----------
    mass : float
        Of the fuel that burns in it [kg].
    heat_of_combustion : float
        Lower heat of combustion [J/kg].
    distances : list
        On the ground from the point below its centre [m].
    radiative_fraction : float
        Radiated share of the heat of combustion [-].
    exposure : float
        Time until shelter; not given: the whole duration [s].
    correlation : str
        For diameter and duration [-].
    T : float
        Temperature of the air [K].
    RH : float
        Relative humidity, 0.01-1 [-].

    Returns
    -------
    duration : float
        Of the fireball [s].
    SEP : float
        While it grows [W/m2].
    flux : list
        With the ball at its full size and height, one a distance [W/m2].
    dose : list
        Over the course of the fireball, one a distance [(W/m2)^(4/3) s].
    """
    ball, air = bleve.fireball(mass, correlation), bleve.Air(T, RH)
    power = bleve.emissive_power(mass, heat_of_combustion, radiative_fraction, ball)
    strongest = power * bleve.PEAK_OVER_MEAN
    course = bleve.course(ball, strongest)
    loads = bleve.dose(course, distances, air, ball.duration if exposure is None else exposure)
    return {
        "duration": ball.duration,
        "SEP": strongest,
        "flux": bleve.flux(power, ball, distances, air),
        "dose": loads,
    }


@model("bleve/plausibility")
def plausibility(
    *,
    scenario: str | None = None,
    serious_dose: float | None = None,
    lethal_dose: float | None = None,
    lethal_overpressure: float | None = None,
    serious_overpressure: float | None = None,
    exposure: float | None = None,
    mass: float | None = None,
    heat_of_combustion: float = 45.7e6,
    burst_energy_per_mass: float = 5e4,
    T: float = 288.15,
    RH: float = 0.7,
) -> Answer:
    """Zones of a fireball and of the burst around a vessel at a glance: order of magnitude, not design.

    Distances to thermal doses (steady fireball, ALOHA's emissive power) and to overpressures (expansion of the contents
    as a TNT charge on the ground).

    Parameters
    ----------
    scenario : str
        Name of a published scenario for what is left out: largest butane sphere, French PPI Reichstett.
    serious_dose : float
        Dose of the zone of irreversible harm [(W/m2)^(4/3) s].
    lethal_dose : float
        Dose of the zone of first deaths [(W/m2)^(4/3) s].
    lethal_overpressure : float
        Overpressure of the zone of first deaths [Pa].
    serious_overpressure : float
        Overpressure of the zone of irreversible harm [Pa].
    exposure : float
        Duration of the fireball; with it alone the mass follows from Yellow Book's 0.852 M^0.26 [s].
    mass : float
        Of the contents [kg].
    heat_of_combustion : float
        Lower heat of combustion [J/kg].
    burst_energy_per_mass : float
        Work of the isentropic expansion of the contents [J/kg].
    T : float
        Temperature of the air [K].
    RH : float
        Relative humidity, 0.01-1 [-].

    Returns
    -------
    mass : float
        Used [kg].
    d_5kW : float
        To the lethal dose, which French practice equals to 5 kW/m2 for long fires [m].
    d_3kW : float
        To the serious dose, which French practice equals to 3 kW/m2 for long fires [m].
    d_overpressure_lethal : float
        To the lethal overpressure [m].
    d_overpressure_serious : float
        To the serious overpressure [m].
    """
    loads = {
        "serious_dose": serious_dose,
        "lethal_dose": lethal_dose,
        "lethal_overpressure": lethal_overpressure,
        "serious_overpressure": serious_overpressure,
    }
    if mass is None and exposure is None and scenario is None:
        raise OutOfRange("give mass or exposure")
    wanted = loads if mass is not None else {**loads, "exposure": exposure}
    filled = reference.numbers("bleve/plausibility", scenario, wanted)
    exposure = filled.get("exposure", exposure)
    if mass is None:
        mass = bleve.mass_of_duration(filled["exposure"])
    ball, air = bleve.fireball(mass, "tno"), bleve.Air(T, RH)
    power, time = bleve.emissive_power_aloha(heat_of_combustion), exposure or ball.duration
    within("exposure", time, "s", 0, 300, above=True)
    within("burst energy", burst_energy_per_mass, "J/kg", 1e3, 1e6)
    charge = mass * burst_energy_per_mass / tnt.TNT_ENERGY

    def reached(load: float) -> float:
        within("dose", load, "(W/m2)^(4/3) s", 0, above=True)
        return bleve.distance_of_flux((load / time) ** 0.75, power, ball, air)

    def blown(pressure: float) -> float:
        return tnt.surface_distance(pressure) * float(np.cbrt(charge))

    return {
        "mass": mass,
        "d_5kW": reached(filled["lethal_dose"]),
        "d_3kW": reached(filled["serious_dose"]),
        "d_overpressure_lethal": blown(filled["lethal_overpressure"]),
        "d_overpressure_serious": blown(filled["serious_overpressure"]),
    }
