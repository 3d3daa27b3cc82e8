"""The fireball of a boiling liquid that bursts its vessel: size, duration, emissive power, flux and dose.

Masses are of the fuel that burns in the fireball [kg].
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from anlan.kernels.consequence import radiation
from anlan.kernels.late import brentq
from anlan.kernels.validity import within

Floats = npt.NDArray[np.float64]

#: Emissive power while the ball grows over that of a steady ball of full size and the same heat: 1 / (1/5 + 1/3).
PEAK_OVER_MEAN = 15 / 8
MASS_OF_ROBERTS_BRANCH = 30e3  # above it buoyancy, not momentum, sets the duration [kg]


@dataclass(frozen=True)
class Correlation:
    """Diameter = ``size`` M^``size_power`` [m], duration = ``time`` M^``time_power`` [s], M in kg."""

    size: float
    size_power: float
    time: float
    time_power: float
    source: str


#: Correlations by name. ``roberts`` is CCPS' one; above 30 t its duration is 2.6 M^(1/6).
CORRELATIONS = {
    "roberts": Correlation(5.8, 1 / 3, 0.45, 1 / 3, "Roberts, Fire Safety J. 4 (1982) 197; CCPS Guidelines (1994)"),
    "tno": Correlation(6.48, 0.325, 0.852, 0.26, "Bagster & Pitblado (1989); Yellow Book (CPR 14E) eq. 6.32, 6.34"),
    "fay-lewis": Correlation(6.28, 1 / 3, 2.53, 1 / 6, "Fay & Lewis, 16th Symp. Combustion (1977) 1397"),
    "hasegawa-sato": Correlation(5.28, 0.277, 1.10, 0.097, "Hasegawa & Sato, 2nd Int. Symp. Loss Prevention (1977)"),
    "moorhouse-pritchard": Correlation(5.33, 0.327, 1.09, 0.327, "Moorhouse & Pritchard, IChemE Symp. 71 (1982)"),
}


@dataclass(frozen=True)
class Fireball:
    """Largest diameter [m], duration [s], and height of the centre when it has lifted off [m]."""

    diameter: float
    duration: float
    height: float


def fireball(mass: float, correlation: str = "roberts") -> Fireball:
    """Size, duration and lifted height of the fireball.

    Parameters
    ----------
    mass : float
        Of the burning fuel, 0.1 ... 1e7 [kg].
    correlation : str
        A key of :data:`CORRELATIONS`.

    Returns
    -------
    Fireball
        ``height`` is 0.75 of the diameter (CCPS 1994).

    Raises
    ------
    OutOfRange
        Mass outside its range, or NaN.
    ValueError
        An unknown correlation.
    """
    within("mass", mass, "kg", 0.1, 1e7)
    if correlation not in CORRELATIONS:
        raise ValueError(f"unknown correlation {correlation!r}; known are {', '.join(CORRELATIONS)}")
    law = CORRELATIONS[correlation]
    diameter = law.size * mass**law.size_power
    buoyant = correlation == "roberts" and mass > MASS_OF_ROBERTS_BRANCH
    duration = 2.6 * mass ** (1 / 6) if buoyant else law.time * mass**law.time_power
    return Fireball(diameter, duration, 0.75 * diameter)


def mass_of_duration(duration: float) -> float:
    """Mass whose fireball lasts ``duration`` (0.5-60 s) after the Yellow Book, (t / 0.852)^(1/0.26) [kg]."""
    within("duration", duration, "s", 0.5, 60)
    law = CORRELATIONS["tno"]
    return float((duration / law.time) ** (1 / law.time_power))


def radiative_fraction(burst_pressure: float) -> float:
    """Share of the heat of combustion that the fireball radiates, 0.27 (p in MPa)^0.32, at most 0.4 [-].

    ``burst_pressure``: gauge pressure at which the vessel bursts, 1e5 ... 6e6 [Pa].

    Notes
    -----
    Roberts (1982), Fire Safety J. 4; Yellow Book (CPR 14E) eq. 6.38 has 0.00325 p^0.32 with p in Pa, the same law.
    """
    within("burst pressure", burst_pressure, "Pa", 1e5, 6e6)
    return float(min(0.27 * (burst_pressure / 1e6) ** 0.32, 0.4))


def emissive_power(mass: float, heat_of_combustion: float, fraction: float, ball: Fireball) -> float:
    """Emissive power of the fireball's surface, F M dHc / (pi D^2 t) [W/m2].

    Parameters
    ----------
    mass, heat_of_combustion : float
        [kg]; 1e6 ... 1.5e8 [J/kg].
    fraction : float
        Radiated share, > 0 ... 0.5 [-].
    ball : Fireball
        Its size and duration.

    Raises
    ------
    OutOfRange
        A value outside its range, or NaN.

    Notes
    -----
    CCPS Guidelines (1994) eq. 6.30; Yellow Book (CPR 14E) eq. 6.37.
    """
    within("mass", mass, "kg", 0.1, 1e7)
    within("heat of combustion", heat_of_combustion, "J/kg", 1e6, 1.5e8)
    within("radiative fraction", fraction, "-", 0, 0.5, above=True)
    return float(fraction * mass * heat_of_combustion / (np.pi * ball.diameter**2 * ball.duration))


def emissive_power_aloha(heat_of_combustion: float) -> float:
    """Emissive power that ALOHA takes: 350 kW/m2 for propane (46 MJ/kg), in proportion to the heat of combustion.

    ``heat_of_combustion``: 1e6 ... 1.5e8 [J/kg]; result [W/m2].

    Notes
    -----
    ALOHA Technical Documentation, NOAA TM NOS OR&R 43 (2013), section 5.4.
    """
    within("heat of combustion", heat_of_combustion, "J/kg", 1e6, 1.5e8)
    return 350e3 * heat_of_combustion / 46e6


@dataclass(frozen=True)
class Air:
    """What the radiation passes: temperature [K] and relative humidity [-]."""

    temperature: float = 288.15
    humidity: float = 0.7


def flux(emissive: npt.ArrayLike, ball: Fireball, distance: npt.ArrayLike, air: Air | None = None) -> Floats:
    """Flux on the best turned receiver on the ground while the ball hangs at its full height.

    Parameters
    ----------
    emissive : float[]
        Emissive power, 0 ... 1e6 [W/m2].
    ball : Fireball
        Diameter and height are used.
    distance : float[]
        On the ground from the point below the centre, 0 ... 1e5 [m].
    air : Air
        Wayne's transmissivity between the ball's surface and the receiver; None: 288.15 K, 70 %.

    Returns
    -------
    float[]
        SEP (R/X)^2 tau [W/m2].

    Raises
    ------
    OutOfRange
        A value outside its range, or NaN.

    Notes
    -----
    Yellow Book (CPR 14E) eq. 6.39-6.41.
    """
    return _flux(np.asarray(emissive, float), ball.diameter, ball.height, distance, air or Air())


def _flux(
    emissive: Floats, diameter: npt.ArrayLike, height: npt.ArrayLike, distance: npt.ArrayLike, air: Air
) -> Floats:
    within("distance", distance, "m", 0, 1e5)
    radius = np.asarray(diameter, float) / 2
    slant = np.hypot(np.asarray(distance, float), np.asarray(height, float))
    slant = np.maximum(slant, radius)
    through = radiation.transmissivity_wayne(np.minimum(slant - radius, 2000.0), air.temperature, air.humidity)
    return radiation.solid_flame(emissive, np.minimum((radius / slant) ** 2, 1.0), through)


def distance_of_flux(limit: float, emissive: float, ball: Fireball, air: Air | None = None) -> float:
    """Farthest distance on the ground at which the flux is still ``limit`` > 0 [W/m2]; 0 where it is nowhere [m].

    Parameters and errors as :func:`flux`, which falls with distance.
    """
    within("flux", limit, "W/m2", 0, 1e6, above=True)

    def excess(distance: float) -> float:
        return float(flux(emissive, ball, distance, air)) - limit

    if excess(0.0) <= 0:
        return 0.0
    far = ball.diameter
    while excess(far) > 0:
        far *= 2
    return float(brentq(excess, 0.0, far, xtol=1e-6))


@dataclass(frozen=True)
class Course:
    """A fireball over time: each array has one value a step."""

    time: Floats  # middles of the steps [s]
    step: float  # [s]
    diameter: Floats  # [m]
    height: Floats  # of the centre [m]
    emissive: Floats  # [W/m2]


def course(ball: Fireball, emissive: float, steps: int = 60) -> Course:
    """Growth, lift-off and fading of a fireball (CCPS' dynamic model).

    Parameters
    ----------
    ball : Fireball
        Largest diameter and duration.
    emissive : float
        Emissive power while it grows, 0 ... 1e6 [W/m2].
    steps : int
        6-10000 [-].

    Returns
    -------
    Course
        While it grows (first third) the ball touches the ground: D = 8.66 (M^0.25 t^(1/3)) scaled so that it reaches
        the largest diameter at t/3; then the centre rises from D/2 to 3 D/2 while the emissive power falls to 0.

    Raises
    ------
    OutOfRange
        A value outside its range, or NaN.

    Notes
    -----
    Martinsen & Marx, Int. Conf. on Modeling Accidental Releases, CCPS (1999); CCPS Guidelines 2nd ed. (2010), 6.3.4.
    """
    within("emissive power", emissive, "W/m2", 0, 1e6)
    within("steps", steps, "-", 6, 10000)
    share = (np.arange(steps) + 0.5) / steps
    growing = np.minimum(3 * share, 1.0)
    fading = np.clip((share - 1 / 3) * 1.5, 0, 1)
    diameter = ball.diameter * np.cbrt(growing)
    return Course(
        share * ball.duration,
        ball.duration / steps,
        diameter,
        diameter / 2 + fading * ball.diameter,
        emissive * (1 - fading),
    )


def dose(path: Course, distance: npt.ArrayLike, air: Air | None = None, exposure: float = 1e4) -> Floats:
    """Thermal dose, the integral of flux^(4/3) over time, of one who stays ``exposure`` seconds.

    Parameters
    ----------
    path : Course
        The fireball over time.
    distance : float[]
        On the ground, 0 ... 1e5 [m].
    air : Air
        As in :func:`flux`.
    exposure : float
        Time until shelter, > 0 [s].

    Returns
    -------
    float[]
        [(W/m2)^(4/3) s]

    Raises
    ------
    OutOfRange
        A value outside its range, or NaN.
    """
    within("exposure", exposure, "s", 0, 1e5, above=True)
    places = np.atleast_1d(np.asarray(distance, float))[:, None]
    fluxes = _flux(path.emissive, path.diameter, path.height, places, air or Air())
    present = np.clip((exposure - (path.time - path.step / 2)) / path.step, 0, 1)
    total = np.sum(fluxes ** (4 / 3) * present * path.step, axis=1)
    return np.asarray(total.reshape(np.shape(distance)))
