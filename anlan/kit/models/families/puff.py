"""Models of neutral gas released at once or for a short time."""

from collections.abc import Mapping

import numpy as np

from anlan.kernels.consequence import puff, sigma
from anlan.kernels.validity import OutOfRange
from anlan.kit.models.catalogue import model
from anlan.kit.models.families.plume import STANDARD_GAS, coordinates, fraction, wind_of

Answer = Mapping[str, float | list[float]]


@model("dispersion/puff", names={"stability": "class", "sigma_set": "set"})
def instantaneous(
    *,
    mass: float,
    stability: sigma.Stability,
    point: list[float],
    t: float | list[float],
    u: float | None = None,
    u10: float | None = None,
    h: float = 0.0,
    sigma_set: sigma.PuffSet = "slade-puff",
    widths_at: puff.WidthsAt = "centre",
    mixing_height: float | None = None,
    gas_density: float = STANDARD_GAS,
) -> Answer:
    """Instantaneous Gaussian puff of neutral gas (CCPS 1999, section 2.3).

    Parameters
    ----------
    mass : float
        Released mass, > 0 [kg].
    class : str
        Pasquill stability class, A to F.
    point : list[float]
        Place: distance down the wind, across it, height [m].
    t : float | list[float]
        Time since the release, one or several, > 0 [s].
    u : float
        Wind that carries the puff [m/s].
    u10 : float
        In its place the wind at 10 m [m/s].
    h : float
        Height of release [m].
    set : str
        Set of formulas for the widths.
    widths_at : str
        Where they are taken: at the puff's centre, or at the receptor.
    mixing_height : float
        Height of an inversion; left out: none [m].
    gas_density : float
        Density of the pure gas in the air's state, for the volume fraction [kg/m3].

    Returns
    -------
    mass_conc : float | list[float]
        Concentration; a list if t is one [kg/m3].
    conc : float | list[float]
        Volume fraction; a list if t is one [vol/vol].
    """
    weather = puff.Weather(wind_of(u, u10, h, stability), stability, sigma_set, mixing_height)
    found = puff.puff(mass, h, weather, puff.Receptors(*coordinates(point)), np.asarray(t, float), widths_at)
    if isinstance(t, list):
        return {"mass_conc": list(map(float, found)), "conc": [fraction(float(c), gas_density) for c in found]}
    return {"mass_conc": float(found), "conc": fraction(float(found), gas_density)}


@model("dispersion/short-duration", names={"stability": "class"})
def short_duration(
    *,
    Q: float,
    duration: float,
    stability: sigma.Stability,
    point: list[float],
    t: float,
    u: float | None = None,
    u10: float | None = None,
    h: float = 0.0,
    gas_density: float = STANDARD_GAS,
) -> Answer:
    """Steady release of short duration: a plume with a front and a tail (Palazzi et al. 1982).

    Three ways to take the spread along the wind: Palazzi's, at the receptor's distance with the plume's sigmas
    (DEGADIS sigma_y, Seinfeld's sigma_z); that of an infinite train of puffs, at the travel of front and tail with the
    puff sigmas of Slade 1968; that of the Yellow Book (CPR 14E 2005, eq. 4.60b) with Palazzi's sigmas.

    Parameters
    ----------
    Q : float
        Release rate, > 0 [kg/s].
    duration : float
        Duration of the release, > 0 [s].
    class : str
        Pasquill stability class, A to F.
    point : list[float]
        Place: distance down the wind (> 0), across it, height [m].
    t : float
        Time since the start, >= 0 [s].
    u : float
        Wind that carries the gas [m/s].
    u10 : float
        In its place the wind at 10 m [m/s].
    h : float
        Height of release [m].
    gas_density : float
        Density of the pure gas in the air's state, for the volume fraction [kg/m3].

    Returns
    -------
    conc_intpuff_sigmas : float
        Volume fraction as by an infinite train of puffs [vol/vol].
    conc_palazzi_default : float
        Volume fraction by Palazzi's model [vol/vol].
    conc_tno : float
        Volume fraction by the Yellow Book's variant [vol/vol].
    """
    release = puff.ShortRelease(Q, duration, h)
    wind = wind_of(u, u10, h, stability)
    where = puff.Receptors(*coordinates(point))

    def at(sigma_set: sigma.PuffSet, along: puff.Along) -> float:
        weather = puff.Weather(wind, stability, sigma_set)
        return fraction(float(puff.short_release(release, weather, where, t, along)), gas_density)

    return {
        "conc_intpuff_sigmas": at("slade-puff", "intpuff"),
        "conc_palazzi_default": at("plume-puff", "palazzi"),
        "conc_tno": at("plume-puff", "tno"),
    }


@model("dispersion/dose", names={"stability": "class", "sigma_set": "set"})
def dose(
    *,
    Q: float,
    duration: float,
    stability: sigma.Stability,
    point: list[float],
    u: float | None = None,
    u10: float | None = None,
    h: float = 0.0,
    sigma_set: sigma.PuffSet = "plume-puff",
    along: puff.Along = "palazzi",
    exponent: float = 1.0,
    threshold: float | None = None,
) -> Answer:
    """What one place gets from a short release while it passes: dose, toxic load, peak, times of arrival and leaving.

    Parameters
    ----------
    Q : float
        Release rate, > 0 [kg/s].
    duration : float
        Duration of the release, > 0 [s].
    class : str
        Pasquill stability class, A to F.
    point : list[float]
        Place: distance down the wind (> 0), across it, height [m].
    u : float
        Wind that carries the gas [m/s].
    u10 : float
        In its place the wind at 10 m [m/s].
    h : float
        Height of release [m].
    set : str
        Puff set of formulas for the widths.
    along : str
        Where the spread along the wind is taken: palazzi, intpuff, tno.
    exponent : float
        Exponent n of the toxic load, 0 < n <= 10 [-].
    threshold : float
        Concentration that counts as arrived [kg/m3].

    Returns
    -------
    dose : float
        Integral of the concentration over time [kg s/m3].
    toxic_load : float
        Integral of the concentration in mg/m3 to the power n over the time in minutes [-].
    peak : float
        Greatest concentration [kg/m3].
    arrival : float
        When the threshold is first reached; left out where it never is [s].
    departure : float
        When it was last reached [s].
    """
    release, where = puff.ShortRelease(Q, duration, h), puff.Receptors(*coordinates(point))
    weather = puff.Weather(wind_of(u, u10, h, stability), stability, sigma_set)
    times = puff.passage_times(release, weather, where.x)
    values = puff.short_release(release, weather, where, times, along)
    found = {
        "dose": float(puff.toxic_load(times, values)),
        "toxic_load": float(puff.toxic_load(times, values * 1e6, exponent)) / 60,
        "peak": float(values.max()),
    }
    if threshold is None:
        return found
    stay = puff.arrival(release, weather, where, threshold, along)
    return found if stay is None else found | {"arrival": stay[0], "departure": stay[1]}


@model("dispersion/puff-train", names={"stability": "class", "sigma_set": "set"})
def puff_train(
    *,
    times: list[float],
    rates: list[float],
    stability: sigma.Stability,
    point: list[float],
    t: list[float],
    u: float | None = None,
    u10: float | None = None,
    h: float = 0.0,
    sigma_set: sigma.PuffSet = "slade-puff",
    puffs: int = 500,
) -> Answer:
    """A release whose rate changes, such as a blowdown, as a train of puffs (INPUFF 2.0, EPA-600/8-86-024).

    Parameters
    ----------
    times : list[float]
        Times at which the rate is given, ascending [s].
    rates : list[float]
        Release rate at those times, linear between them, >= 0 [kg/s].
    class : str
        Pasquill stability class, A to F.
    point : list[float]
        Place: distance down the wind, across it, height [m].
    t : list[float]
        Times at which the concentration is wanted [s].
    u : float
        Wind that carries the puffs [m/s].
    u10 : float
        In its place the wind at 10 m [m/s].
    h : float
        Height of release [m].
    set : str
        Puff set of formulas for the widths.
    puffs : int
        Number of puffs, 1 to 100 000 [-].

    Returns
    -------
    mass_conc : list[float]
        Concentration at those times [kg/m3].
    released : float
        Mass released [kg].
    """
    if len(times) != len(rates) or len(times) < 2:
        raise OutOfRange(f"{len(times)} times but {len(rates)} rates; give as many of both, at least two")
    starts, masses = puff.varying_puffs(times, rates, puffs)
    weather = puff.Weather(wind_of(u, u10, h, stability), stability, sigma_set)
    found = puff.puff_train(starts, masses, h, weather, puff.Receptors(*coordinates(point)), t)
    return {"mass_conc": list(map(float, found[0])), "released": float(masses.sum())}
