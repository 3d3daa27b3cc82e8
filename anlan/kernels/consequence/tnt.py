"""Blast of high explosive: TNT equivalence, Kinney & Graham's free-air curves, Kingery & Bulmash's surface burst.

Scaled distance Z = R / W^(1/3) [m/kg^(1/3)] with W the mass of TNT.
"""

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from anlan.kernels.late import brentq
from anlan.kernels.validity import within

Floats = npt.NDArray[np.float64]

TNT_ENERGY = 4.68e6  # heat of detonation that most equivalence tables use [J/kg]
STANDARD_PRESSURE = 101325.0

_LOWEST, _HIGHEST = 0.05, 40.0  # of Kinney & Graham's fit [m/kg^(1/3)]

#: (highest Z, coefficients of ln Z) of Swisdak's simplified Kingery airblast, metric, hemispherical surface burst.
_PRESSURE = (  # kPa, from Z = 0.2
    (2.9, (7.2106, -2.1069, -0.3229, 0.1117, 0.0685)),
    (23.8, (7.5938, -3.0523, 0.40977, 0.0261, -0.01267)),
    (198.5, (6.0536, -1.4066)),
)
_IMPULSE = (  # kPa ms / kg^(1/3), from Z = 0.2
    (0.96, (5.522, 1.117, 0.6, -0.292, -0.087)),
    (2.38, (5.465, -0.308, -1.464, 1.362, -0.432)),
    (33.7, (5.2749, -0.4677, -0.2499, 0.0588, -0.00554)),
    (158.7, (5.9825, -1.062)),
)
_DURATION = (  # ms / kg^(1/3), from Z = 0.2
    (1.02, (0.5426, 3.2299, -1.5931, -5.9667, -4.0815, -0.9149)),
    (2.8, (0.5440, 2.7082, -9.7354, 14.3425, -9.7791, 2.8535)),
    (40.0, (-2.4608, 7.1639, -5.6215, 2.2711, -0.44994, 0.03486)),
)
_REFLECTED = (  # kPa, from Z = 0.06
    (2.0, (9.006, -2.6893, -0.6295, 0.1011, 0.29255, 0.13505, 0.019736)),
    (40.0, (8.8396, -1.733, -2.64, 2.293, -0.8232, 0.14247, -0.0099)),
)
_ARRIVAL = (  # ms / kg^(1/3), from Z = 0.06
    (1.5, (-0.7604, 1.8058, 0.1257, -0.0437, -0.0310, -0.00669)),
    (40.0, (-0.7137, 1.5732, 0.5561, -0.4213, 0.1054, -0.00929)),
)
Fit = Sequence[tuple[float, Sequence[float]]]


def equivalent_mass(
    mass: npt.ArrayLike, heat_of_combustion: npt.ArrayLike, efficiency: npt.ArrayLike, tnt_energy: float = TNT_ENERGY
) -> Floats:
    """Mass of TNT with the energy of a share of the fuel.

    Parameters
    ----------
    mass : float[]
        Flammable mass, > 0 ... 1e9 [kg].
    heat_of_combustion : float[]
        1e5 ... 1.5e8 [J/kg].
    efficiency : float[]
        Share that makes blast (yield), > 0 ... 1; vapour clouds 0.01-0.1, condensed explosives up to 1 [-].
    tnt_energy : float
        4e6 ... 5.2e6 [J/kg].

    Returns
    -------
    float[]
        [kg]

    Raises
    ------
    OutOfRange
        A value outside these ranges, or NaN.

    Notes
    -----
    CCPS, Guidelines for Evaluating the Characteristics of Vapor Cloud Explosions (1994) eq. 4.1.
    """
    within("mass", mass, "kg", 0, 1e9, above=True)
    within("heat of combustion", heat_of_combustion, "J/kg", 1e5, 1.5e8)
    within("yield", efficiency, "-", 0, 1, above=True)
    within("energy of TNT", tnt_energy, "J/kg", 4e6, 5.2e6)
    energy = np.asarray(efficiency, float) * np.asarray(mass, float) * np.asarray(heat_of_combustion, float)
    return np.asarray(energy / tnt_energy)


def scaled_distance(distance: npt.ArrayLike, tnt_mass: npt.ArrayLike) -> Floats:
    """R / W^(1/3) for R > 0 [m] and W > 0 [kg] [m/kg^(1/3)]."""
    within("distance", distance, "m", 0, 1e6, above=True)
    within("mass of TNT", tnt_mass, "kg", 0, 1e9, above=True)
    return np.asarray(np.asarray(distance, float) / np.cbrt(np.asarray(tnt_mass, float)))


def kinney_graham(scaled: npt.ArrayLike) -> Floats:
    """Peak side-on overpressure over ambient pressure of a free-air burst.

    Parameters
    ----------
    scaled : float[]
        Z, 0.05-40 [m/kg^(1/3)].

    Returns
    -------
    float[]
        [-]

    Raises
    ------
    OutOfRange
        Z outside 0.05-40, or NaN.

    Notes
    -----
    Kinney & Graham, Explosive Shocks in Air, 2nd ed. (1985), eq. 6-10; constants 808, 4.5, 0.048, 0.32, 1.35.
    """
    z = _kinney_graham_range(scaled)
    root = np.sqrt(1 + (z / 0.048) ** 2) * np.sqrt(1 + (z / 0.32) ** 2) * np.sqrt(1 + (z / 1.35) ** 2)
    return np.asarray(808 * (1 + (z / 4.5) ** 2) / root)


def kinney_graham_duration(scaled: npt.ArrayLike) -> Floats:
    """Duration of the positive phase over W^(1/3), same range as :func:`kinney_graham` [s/kg^(1/3)].

    Notes
    -----
    Kinney & Graham (1985) eq. 6-11; their milliseconds as seconds.
    """
    z = _kinney_graham_range(scaled)
    lower = (1 + (z / 0.02) ** 3) * (1 + (z / 0.74) ** 6) * np.sqrt(1 + (z / 6.9) ** 2)
    return np.asarray(0.980 * (1 + (z / 0.54) ** 10) / lower)


def kinney_graham_impulse(scaled: npt.ArrayLike) -> Floats:
    """Impulse per area over W^(1/3), same range as :func:`kinney_graham` [Pa s/kg^(1/3)].

    Notes
    -----
    Kinney & Graham (1985) eq. 6-12: 0.067 bar ms sqrt(1+(Z/0.23)^4) / (Z^2 cbrt(1+(Z/1.55)^3)).
    """
    z = _kinney_graham_range(scaled)
    return np.asarray(6.7 * np.sqrt(1 + (z / 0.23) ** 4) / (z**2 * np.cbrt(1 + (z / 1.55) ** 3)))


def kinney_graham_distance(overpressure_ratio: float) -> float:
    """Scaled distance at which :func:`kinney_graham` gives ``overpressure_ratio`` [m/kg^(1/3)].

    Raises
    ------
    OutOfRange
        A ratio that the curve does not reach within Z 0.05-40, or NaN.
    """
    ends = float(kinney_graham(_LOWEST)), float(kinney_graham(_HIGHEST))
    within("overpressure over ambient", overpressure_ratio, "-", ends[1], ends[0])
    goal = math.log(overpressure_ratio)
    return float(brentq(lambda z: math.log(float(kinney_graham(z))) - goal, _LOWEST, _HIGHEST, xtol=1e-9))


def _kinney_graham_range(scaled: npt.ArrayLike) -> Floats:
    within("scaled distance Z", scaled, "m/kg^(1/3)", _LOWEST, _HIGHEST)
    return np.asarray(scaled, float)


def surface_overpressure(scaled: npt.ArrayLike) -> Floats:
    """Peak side-on overpressure of a hemispherical surface burst, Z 0.2-198.5 [Pa].

    Raises
    ------
    OutOfRange
        Z outside its range, or NaN. So for all ``surface_`` functions.

    Notes
    -----
    Kingery & Bulmash (1984) in Swisdak's simplified form, 26th DoD Explosives Safety Seminar (1994), table 2, metric.
    """
    return _fit(scaled, 0.2, _PRESSURE, 1e3)


def surface_reflected(scaled: npt.ArrayLike) -> Floats:
    """Peak normally reflected overpressure, Z 0.06-40 [Pa]; source as :func:`surface_overpressure`."""
    return _fit(scaled, 0.06, _REFLECTED, 1e3)


def surface_impulse(scaled: npt.ArrayLike) -> Floats:
    """Side-on impulse over W^(1/3), Z 0.2-158.7 [Pa s/kg^(1/3)]; source as :func:`surface_overpressure`."""
    return _fit(scaled, 0.2, _IMPULSE, 1.0)


def surface_duration(scaled: npt.ArrayLike) -> Floats:
    """Positive phase over W^(1/3), Z 0.2-40 [s/kg^(1/3)]; source as :func:`surface_overpressure`."""
    return _fit(scaled, 0.2, _DURATION, 1e-3)


def surface_arrival(scaled: npt.ArrayLike) -> Floats:
    """Time of arrival over W^(1/3), Z 0.06-40 [s/kg^(1/3)]; source as :func:`surface_overpressure`."""
    return _fit(scaled, 0.06, _ARRIVAL, 1e-3)


def surface_distance(overpressure: float) -> float:
    """Scaled distance at which the surface burst's side-on overpressure is ``overpressure`` [Pa] [m/kg^(1/3)].

    Raises
    ------
    OutOfRange
        An overpressure that the curve does not reach within Z 0.2-198.5, or NaN.
    """
    ends = float(surface_overpressure(198.5)), float(surface_overpressure(0.2))
    within("overpressure", overpressure, "Pa", *ends)
    goal = math.log(overpressure)
    return float(brentq(lambda z: math.log(float(surface_overpressure(z))) - goal, 0.2, 198.5, xtol=1e-9))


def _fit(scaled: npt.ArrayLike, lowest: float, fit: Fit, unit: float) -> Floats:
    within("scaled distance Z", scaled, "m/kg^(1/3)", lowest, fit[-1][0])
    z = np.asarray(scaled, float)
    values = [np.exp(_polynomial(terms, np.log(z))) for _, terms in fit]
    return np.asarray(unit * np.select([z <= top for top, _ in fit], values))


def _polynomial(terms: Sequence[float], x: Floats) -> Floats:
    """By Horner's rule; the first term is the constant one."""
    value = np.full_like(x, terms[-1])
    for term in reversed(terms[:-1]):
        value = term + value * x
    return value


def distance_one_psi(tnt_mass: npt.ArrayLike) -> Floats:
    """EPA's distance to 1 psi, 17 W^(1/3) [m] with W > 0 [kg].

    Notes
    -----
    US EPA, Risk Management Program Guidance for Offsite Consequence Analysis, EPA 550-B-99-009 (1999), eq. C-1.
    """
    within("mass of TNT", tnt_mass, "kg", 0, 1e9, above=True)
    return np.asarray(17 * np.cbrt(np.asarray(tnt_mass, float)))
