"""The air near the ground: Pasquill class, wind with height, Monin-Obukhov length, mixing height, density."""

import math
from bisect import bisect_right
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from anlan.kernels.consequence.sigma import Stability, check_stability
from anlan.kernels.validity import OutOfRange, within

Array = npt.NDArray[np.float64]
Insolation = Literal["strong", "moderate", "slight", "overcast", "night-cloudy", "night-clear"]
PowerLaw = Literal["irwin-rural", "irwin-urban", "isc3-urban", "degadis"]
Similarity = Literal["tno", "businger"]
Profile = Literal[PowerLaw, Similarity]
LengthFit = Literal["pasquill", "tno"]

GRAVITY = 9.80665
"""Standard gravity [m/s2]."""
GAS_CONSTANT = 8.314462618
"""Molar gas constant [J/mol/K]."""
AIR_MOLAR_MASS = 0.0289647
"""Molar mass of dry air [kg/mol]."""
_WATER_MOLAR_MASS = 0.01801528
_EARTH_ROTATION = 7.2921e-5

EXPONENTS: dict[PowerLaw, dict[str, float]] = {
    "irwin-rural": {"A": 0.07, "B": 0.07, "C": 0.10, "D": 0.15, "E": 0.35, "F": 0.55},
    "irwin-urban": {"A": 0.15, "B": 0.15, "C": 0.20, "D": 0.25, "E": 0.40, "F": 0.60},
    "isc3-urban": {"A": 0.15, "B": 0.15, "C": 0.20, "D": 0.25, "E": 0.30, "F": 0.30},
    "degadis": {"A": 0.108, "B": 0.112, "C": 0.120, "D": 0.142, "E": 0.203, "F": 0.253},
}
"""Irwin 1979, Atmos. Environ. 13:191, as in CCPS 1999 p. 83; EPA 1995, ISC3 vol. 2; Spicer & Havens 1989, DEGADIS."""

_WIND_BINS = (2.0, 3.0, 5.0, 6.0)
_PASQUILL: dict[Insolation, tuple[str, str, str, str, str]] = {
    "strong": ("A", "A-B", "B", "C", "C"),
    "moderate": ("A-B", "B", "B-C", "C-D", "D"),
    "slight": ("B", "C", "C", "D", "D"),
    "overcast": ("D", "D", "D", "D", "D"),
    "night-cloudy": ("E", "E", "D", "D", "D"),
    "night-clear": ("F", "F", "E", "D", "D"),
}
_SOLAR_BINS = (175.0, 675.0, 925.0)
_SRDT_DAY = ("DBAA", "DCBA", "DCBB", "DDCC", "DDDC")
_SRDT_NIGHT_BINS = (2.0, 2.5)
_SRDT_NIGHT = ("EDD", "FED")


def pasquill_class(wind: float, insolation: Insolation) -> str:
    """Stability class from wind and sky.

    Parameters
    ----------
    wind
        Wind at 10 m, 0 to 100 [m/s].
    insolation
        By day strong (sun above 60 degrees, clear), moderate, slight; overcast, day or night; by night cloudy (at least
        half) or clear.

    Returns
    -------
    str
        "A" to "F", or two neighbours as "A-B".

    References
    ----------
    Pasquill 1961, Meteorol. Mag. 90:33; Turner 1970, AP-26, table 3-1. Nights with less than 2 m/s, which Pasquill left
    open, are counted as in the row of 2 to 3 m/s.
    """
    within("wind", wind, "m/s", 0, 100)
    if insolation not in _PASQUILL:
        raise OutOfRange(f"insolation {insolation!r} is not known; known are {', '.join(_PASQUILL)}")
    return _PASQUILL[insolation][bisect_right(_WIND_BINS, wind)]


def insolation_of(elevation: float, cloud_eighths: float) -> Insolation:
    """Insolation from the sun's elevation and the cloud cover.

    Parameters
    ----------
    elevation
        Elevation of the sun, -90 to 90 [deg].
    cloud_eighths
        Cover by clouds that dim the sun, 0 to 8 [-].

    References
    ----------
    Turner 1970, AP-26, p. 6: above 60 degrees strong, 35 to 60 moderate, 15 to 35 slight; 5/8 to 7/8 of middle clouds
    lower strong to moderate and moderate to slight.
    """
    within("elevation", elevation, "deg", -90, 90)
    within("cloud_eighths", cloud_eighths, "-", 0, 8)
    if cloud_eighths == 8:
        return "overcast"
    if elevation <= 0:
        return "night-cloudy" if cloud_eighths >= 4 else "night-clear"
    steps: tuple[Insolation, ...] = ("slight", "slight", "moderate", "strong")
    step = bisect_right((15.0, 35.0, 60.0), elevation)
    return steps[max(step - (cloud_eighths >= 5), 0)]


def radiation_class(wind: float, solar_radiation: float, temperature_gradient: float) -> Stability:
    """Stability class from measured radiation and, by night, the temperature difference with height.

    Parameters
    ----------
    wind
        Wind at 10 m, 0 to 100 [m/s].
    solar_radiation
        Global radiation, 0 to 1500; 0 is night [W/m2].
    temperature_gradient
        Temperature at 10 m less that at 2 m, only used by night [K].

    References
    ----------
    EPA 2000, Meteorological Monitoring Guidance, EPA-454/R-99-005, table 6-7 (SRDT method).
    """
    within("wind", wind, "m/s", 0, 100)
    within("solar_radiation", solar_radiation, "W/m2", 0, 1500)
    within("temperature_gradient", temperature_gradient, "K", -50, 50)
    if solar_radiation > 0:
        return _letter(_SRDT_DAY[bisect_right(_WIND_BINS, wind)][bisect_right(_SOLAR_BINS, solar_radiation)])
    return _letter(_SRDT_NIGHT[temperature_gradient >= 0][bisect_right(_SRDT_NIGHT_BINS, wind)])


def _letter(name: str) -> Stability:
    return next(letter for letter in get_args(Stability) if letter == name)


def monin_obukhov_length(roughness: float, stability: Stability, fit: LengthFit = "pasquill") -> float:
    """Monin-Obukhov length of a class over ground of a roughness.

    Parameters
    ----------
    roughness
        Roughness length, 0 < z0 <= 3 [m].
    stability
        Pasquill class.
    fit
        "pasquill": Pasquill 1974, Atmospheric Diffusion, as used in DEGADIS; "tno": Yellow Book CPR 14E 2005, chapter 4
        (the roughness counts as 0.5 m at most).

    Returns
    -------
    float
        Length, negative in unstable air, infinite in neutral air [m].
    """
    within("roughness", roughness, "m", 0, 3, above=True)
    check_stability(stability)
    if fit not in get_args(LengthFit):
        raise OutOfRange(f"fit {fit!r} is not known; known are {', '.join(get_args(LengthFit))}")
    if stability == "D":
        return math.inf
    if fit == "tno":
        scale, origin = _TNO_LENGTH[stability]
        return scale / math.log10(min(roughness, 0.5) / origin)
    factor, power = _PASQUILL_LENGTH[stability]
    return factor * math.pow(roughness, power)


_PASQUILL_LENGTH = {"A": (-11.4, 0.10), "B": (-26.0, 0.17), "C": (-123.0, 0.30), "E": (123.0, 0.30), "F": (26.0, 0.17)}
_TNO_LENGTH = {
    "A": (33.162, 1117.0),
    "B": (32.258, 11.46),
    "C": (51.787, 1.324),
    "E": (-48.330, 1.262),
    "F": (-31.325, 19.36),
}


def wind_at(
    z: npt.ArrayLike,
    wind: float,
    height: float,
    stability: Stability,
    profile: Profile = "irwin-rural",
    roughness: float = 0.1,
) -> Array:
    """Wind at a height from the wind at another.

    Parameters
    ----------
    z
        Height, 0 < z <= 500; above the roughness length for a similarity profile [m].
    wind
        Measured wind, 0 < wind <= 100 [m/s].
    height
        Height of the measurement, 0 < height <= 500 [m].
    stability
        Pasquill class.
    profile
        A power law of :data:`EXPONENTS`; or "tno" (Yellow Book CPR 14E 2005, eq. 4.32) or "businger" (Businger et al.
        1971, J. Atmos. Sci. 28:181; Paulson 1970) from the Monin-Obukhov length.
    roughness
        Roughness length, for the similarity profiles [m].

    Returns
    -------
    ndarray
        Wind, shape of ``z`` [m/s].

    Raises
    ------
    OutOfRange
        A wind or height out of range; unknown class or profile; a profile that has reached zero wind.
    """
    within("wind", wind, "m/s", 0, 100, above=True)
    within("z", z, "m", 0, 500, above=True)
    within("height", height, "m", 0, 500, above=True)
    check_stability(stability)
    heights = np.asarray(z, float)
    for name, exponents in EXPONENTS.items():
        if name == profile:
            return np.asarray(wind * (heights / height) ** exponents[stability], float)
    shape = _shape(heights, stability, profile, roughness)
    return np.asarray(wind * shape / _shape(np.asarray(height), stability, profile, roughness), float)


def friction_velocity(
    wind: float, height: float, stability: Stability, roughness: float, profile: Similarity = "tno"
) -> float:
    """Friction velocity from a measured wind: von Karman's 0.4 ("tno") or 0.35 ("businger") over the profile's shape.

    Parameters as in :func:`wind_at`. Returns the friction velocity [m/s].
    """
    within("wind", wind, "m/s", 0, 100, above=True)
    within("height", height, "m", 0, 500, above=True)
    check_stability(stability)
    karman = 0.35 if profile == "businger" else 0.4
    return float(karman * wind / _shape(np.asarray(height, float), stability, profile, roughness))


def _shape(z: Array, stability: Stability, profile: Profile, roughness: float) -> Array:
    """``k u(z) / u*`` of a similarity profile."""
    if profile not in get_args(Similarity):
        known = [*get_args(PowerLaw), *get_args(Similarity)]
        raise OutOfRange(f"wind profile {profile!r} is not known; known are {', '.join(known)}")
    within("z", z, "m", roughness, above=True)
    length = monin_obukhov_length(roughness, stability, "tno" if profile == "tno" else "pasquill")
    if profile == "tno":
        return np.log(z / roughness) - _psi(z, length, 16, 5) + _psi(np.asarray(roughness), length, 16, 5)
    return np.asarray(np.log(z / roughness) - _psi(z, length, 15, 4.7))


def _psi(z: Array, length: float, unstable: float, stable: float) -> Array:
    """Stability correction of the profile: Businger-Dyer forms with the constants of the book."""
    if length > 0:
        return np.asarray(-stable * z / length)
    a = (1 - unstable * z / length) ** 0.25
    return np.asarray(2 * np.log((1 + a) / 2) + np.log((1 + a**2) / 2) - 2 * np.arctan(a) + np.pi / 2)


def mixing_height(wind_10m: float, stability: Stability, latitude: float = 40.0) -> float | None:
    """Height of the mechanically mixed layer, ``0.3 u* / f`` with ``u* = 0.1 u10``.

    Parameters
    ----------
    wind_10m
        Wind at 10 m, > 0 [m/s].
    stability
        Pasquill class.
    latitude
        Latitude, 5 to 90 (the formula fails at the equator) [deg].

    Returns
    -------
    float or None
        Height [m]; None in stable air (E, F), which has no mixed layer.

    References
    ----------
    EPA 1995, SCREEN3 User's Guide, EPA-454/B-95-004.
    """
    within("wind_10m", wind_10m, "m/s", 0, 100, above=True)
    within("latitude", abs(latitude), "deg", 5, 90)
    if check_stability(stability) in ("E", "F"):
        return None
    coriolis = 2 * _EARTH_ROTATION * math.sin(math.radians(abs(latitude)))
    return 0.3 * 0.1 * wind_10m / coriolis


def air_density(temperature: float, pressure: float = 101325.0, vapour_pressure: float = 0.0) -> float:
    """Density of air as an ideal gas.

    Parameters
    ----------
    temperature
        180 to 350 [K].
    pressure
        3e4 to 1.2e5 [Pa].
    vapour_pressure
        Partial pressure of water vapour, 0 to 1e4 [Pa].

    Returns
    -------
    float
        Density [kg/m3].
    """
    within("temperature", temperature, "K", 180, 350)
    within("pressure", pressure, "Pa", 3e4, 1.2e5)
    within("vapour_pressure", vapour_pressure, "Pa", 0, 1e4)
    mass = AIR_MOLAR_MASS * (pressure - vapour_pressure) + _WATER_MOLAR_MASS * vapour_pressure
    return mass / (GAS_CONSTANT * temperature)


def gas_density(molar_mass: float, temperature: float, pressure: float = 101325.0) -> float:
    """Density of an ideal gas.

    Parameters
    ----------
    molar_mass
        0.001 to 1 [kg/mol].
    temperature
        20 to 3000 [K].
    pressure
        > 0 [Pa].

    Returns
    -------
    float
        Density [kg/m3].
    """
    within("molar_mass", molar_mass, "kg/mol", 0.001, 1)
    within("temperature", temperature, "K", 20, 3000)
    within("pressure", pressure, "Pa", 0, above=True)
    return pressure * molar_mass / (GAS_CONSTANT * temperature)
