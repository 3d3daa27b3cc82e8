"""A pool fire: how fast it burns, how long, tilted and dragged its flame is, and how strongly its surface radiates."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from anlan.kernels.validity import within

Floats = npt.NDArray[np.float64]

GRAVITY = 9.80665  # [m/s2]
SOOT_EMISSIVE_POWER = 20e3  # of black smoke, Yellow Book eq. 6.21 [W/m2]


def burning_flux_babrauskas(flux_infinite: npt.ArrayLike, k_beta: npt.ArrayLike, diameter: npt.ArrayLike) -> Floats:
    """Mass that a pool burns per area and time, m" = m"inf (1 - exp(-k beta D)).

    Parameters
    ----------
    flux_infinite : float[]
        Of a pool without end, m"inf, 0 < ... 1 [kg/m2/s].
    k_beta : float[]
        Extinction times mean-beam-length corrector, > 0 ... 1000 [1/m].
    diameter : float[]
        Of the pool, 0.2-1000; smaller ones do not burn turbulently [m].

    Returns
    -------
    float[]
        [kg/m2/s]

    Raises
    ------
    OutOfRange
        A value outside these ranges, or NaN.

    Notes
    -----
    Babrauskas, Fire Technology 19 (1983) 251-261; Yellow Book (CPR 14E) eq. 6.66, table 6.5.
    """
    within("burning flux of an endless pool", flux_infinite, "kg/m2/s", 0, 1, above=True)
    within("k beta", k_beta, "1/m", 0, 1000, above=True)
    within("diameter", diameter, "m", 0.2, 1000)
    reach = np.asarray(k_beta, float) * np.asarray(diameter, float)
    return np.asarray(np.asarray(flux_infinite, float) * -np.expm1(-reach))


@dataclass(frozen=True)
class Fuel:
    """What Burgess' correlation needs of a liquid, SI per mass."""

    heat_of_combustion: float  # [J/kg]
    heat_of_vaporisation: float  # at the boiling point [J/kg]
    heat_capacity: float  # of the liquid [J/kg/K]
    boiling_point: float  # [K]


def burning_flux_burgess(fuel: Fuel, temperature: float) -> float:
    """Mass that a large pool burns per area and time, 1e-3 dHc / (dHv + cp (Tb - Ta)) [kg/m2/s].

    Parameters
    ----------
    fuel : Fuel
        All four values > 0.
    temperature : float
        Of the liquid before the fire, 90-400 [K]. A liquid at or above its boiling point needs no heating.

    Raises
    ------
    OutOfRange
        A value outside these ranges, or NaN.

    Notes
    -----
    Burgess, Strasser & Grumer (1961); Yellow Book (CPR 14E) eq. 6.67 with the constant 0.001 kg/m2/s.
    """
    within("heat of combustion", fuel.heat_of_combustion, "J/kg", 1e6, 1.5e8)
    within("heat of vaporisation", fuel.heat_of_vaporisation, "J/kg", 1e4, 1e7)
    within("heat capacity", fuel.heat_capacity, "J/kg/K", 100, 2e4)
    within("boiling point", fuel.boiling_point, "K", 15, 1000)
    within("temperature", temperature, "K", 90, 400)
    heating = fuel.heat_capacity * max(fuel.boiling_point - temperature, 0.0)
    return 1e-3 * fuel.heat_of_combustion / (fuel.heat_of_vaporisation + heating)


def characteristic_wind(burning_flux: npt.ArrayLike, diameter: npt.ArrayLike, density: npt.ArrayLike) -> Floats:
    """Wind that the fire itself draws, (g m" D / rho)^(1/3) [m/s].

    Parameters
    ----------
    burning_flux : float[]
        > 0 ... 1 [kg/m2/s].
    diameter : float[]
        > 0 ... 1000 [m].
    density : float[]
        Of the air for Thomas' length, of the vapour for the AGA tilt, > 0 ... 50 [kg/m3].

    Notes
    -----
    Yellow Book (CPR 14E) eq. 6.14.
    """
    _pool(burning_flux, diameter)
    within("density", density, "kg/m3", 0, 50, above=True)
    draw = GRAVITY * np.asarray(burning_flux, float) * np.asarray(diameter, float) / np.asarray(density, float)
    return np.asarray(np.cbrt(draw))


def length_thomas(
    burning_flux: npt.ArrayLike, diameter: npt.ArrayLike, air_density: npt.ArrayLike, scaled_wind: npt.ArrayLike = 0.0
) -> Floats:
    """Length of the visible flame over the diameter of the pool.

    Parameters
    ----------
    burning_flux, diameter : float[]
        > 0 ... 1 [kg/m2/s], > 0 ... 1000 [m].
    air_density : float[]
        0.5-2 [kg/m3].
    scaled_wind : float[]
        Wind at 10 m over the characteristic wind, >= 0; 0: the correlation for calm air [-].

    Returns
    -------
    float[]
        42 (m"/(rho sqrt(g D)))^0.61 in calm air; else 55 (...)^0.67 u*^-0.21 with u* not below 1 [-].

    Raises
    ------
    OutOfRange
        A value outside these ranges, or NaN.

    Notes
    -----
    Thomas (1963), 9th Symp. Combustion, 844-859; Yellow Book (CPR 14E) eq. 6.12 and 6.13.
    """
    _pool(burning_flux, diameter)
    within("air density", air_density, "kg/m3", 0.5, 2)
    within("scaled wind", scaled_wind, "-", 0, 100)
    wind = np.asarray(scaled_wind, float)
    root = np.sqrt(GRAVITY * np.asarray(diameter, float))
    number = np.asarray(burning_flux, float) / (np.asarray(air_density, float) * root)
    windy = 55 * number**0.67 * np.maximum(wind, 1) ** -0.21
    return np.asarray(np.where(wind > 0, windy, 42 * number**0.61))


@dataclass(frozen=True)
class Tilt:
    """Tilt of the flame axis from the vertical."""

    parameter: float  # tan(tilt)/cos(tilt) [-]
    degrees: float


def tilt_yellow_book(wind: float, diameter: float, viscosity: float) -> Tilt:
    """Tilt in wind, tan t / cos t = 0.666 Fr^0.333 Re^0.117.

    Parameters
    ----------
    wind : float
        At 10 m, 0-50 [m/s].
    diameter : float
        > 0 ... 1000 [m].
    viscosity : float
        Kinematic, of the air, 5e-6 ... 3e-5 [m2/s].

    Raises
    ------
    OutOfRange
        A value outside these ranges, or NaN.

    Notes
    -----
    Welker & Sliepcevich as in the Yellow Book (CPR 14E) eq. 6.15-6.17. The book's worked example (6.6.3) prints
    Fr = 0.0545, where 0.06006 is what its own tilt needs, and uses half the physical viscosity of air.
    """
    _wind(wind)
    within("diameter", diameter, "m", 0, 1000, above=True)
    within("viscosity", viscosity, "m2/s", 5e-6, 3e-5)
    froude = wind**2 / (GRAVITY * diameter)
    reynolds = wind * diameter / viscosity
    parameter = 0.666 * froude**0.333 * reynolds**0.117
    sine = (np.sqrt(1 + 4 * parameter**2) - 1) / (2 * parameter) if parameter else 0.0
    return Tilt(parameter, float(np.degrees(np.arcsin(sine))))


def tilt_aga(scaled_wind: float) -> Tilt:
    """Tilt in wind after the American Gas Association: cos t = u*^-0.5, upright for u* <= 1.

    ``scaled_wind`` is the wind over the characteristic wind with the density of the fuel's *vapour*, 0-100 [-].

    Notes
    -----
    AGA IS 3-1 (1974); Mudan (1984) eq. 16.
    """
    within("scaled wind", scaled_wind, "-", 0, 100)
    cosine = 1 / np.sqrt(max(scaled_wind, 1.0))
    angle = float(np.arccos(cosine))
    return Tilt(float(np.tan(angle) / cosine), float(np.degrees(angle)))


def drag_diameter(wind: float, diameter: float, vapour_density: float, air_density: float) -> float:
    """Length of the base that the wind drags out, 1.25 D Fr^0.069 (rho_v/rho_a)^0.48, never below D [m].

    Parameters
    ----------
    wind, diameter : float
        At 10 m, 0-50 [m/s]; > 0 ... 1000 [m].
    vapour_density, air_density : float
        Of the fuel's vapour at its boiling point, > 0 ... 50; of the air, 0.5-2 [kg/m3].

    Notes
    -----
    Moorhouse (1982) in Mudan (1984) eq. 21; Yellow Book (CPR 14E) eq. 6.18.
    """
    _wind(wind)
    within("diameter", diameter, "m", 0, 1000, above=True)
    within("vapour density", vapour_density, "kg/m3", 0, 50, above=True)
    within("air density", air_density, "kg/m3", 0.5, 2)
    froude = wind**2 / (GRAVITY * diameter)
    return float(max(1.25 * diameter * froude**0.069 * (vapour_density / air_density) ** 0.48, diameter))


def emissive_power_yellow_book(
    radiative_fraction: npt.ArrayLike,
    heat_of_combustion: npt.ArrayLike,
    length_to_diameter: npt.ArrayLike,
    burning_flux: npt.ArrayLike,
) -> Floats:
    """Emissive power of the clear flame: radiated heat over mantle and top, F m" dHc / (1 + 4 L/D) [W/m2].

    Parameters
    ----------
    radiative_fraction : float[]
        Of the heat of combustion, > 0 ... 0.6 [-].
    heat_of_combustion : float[]
        1e6 ... 1.5e8 [J/kg].
    length_to_diameter : float[]
        > 0 ... 20 [-].
    burning_flux : float[]
        > 0 ... 1 [kg/m2/s].

    Raises
    ------
    OutOfRange
        A value outside these ranges, or NaN.

    Notes
    -----
    Yellow Book (CPR 14E) eq. 6.19.
    """
    within("radiative fraction", radiative_fraction, "-", 0, 0.6, above=True)
    within("heat of combustion", heat_of_combustion, "J/kg", 1e6, 1.5e8)
    within("length to diameter", length_to_diameter, "-", 0, 20, above=True)
    within("burning flux", burning_flux, "kg/m2/s", 0, 1, above=True)
    heat = np.asarray(radiative_fraction, float) * np.asarray(burning_flux, float)
    return np.asarray(heat * np.asarray(heat_of_combustion, float) / (1 + 4 * np.asarray(length_to_diameter, float)))


def emissive_power_with_soot(
    clear: npt.ArrayLike, soot_fraction: npt.ArrayLike, soot: float = SOOT_EMISSIVE_POWER
) -> Floats:
    """Mean emissive power of a flame of which black smoke hides the share ``soot_fraction`` (0-1) [W/m2].

    Notes
    -----
    Yellow Book (CPR 14E) eq. 6.20: SEPact = SEPmax (1 - s) + 20e3 s; s is 0.8 for smoky fuels.
    """
    within("emissive power of the clear flame", clear, "W/m2", 0, 1e6)
    within("soot fraction", soot_fraction, "-", 0, 1)
    within("emissive power of soot", soot, "W/m2", 0, 1e5)
    share = np.asarray(soot_fraction, float)
    return np.asarray(np.asarray(clear, float) * (1 - share) + soot * share)


def emissive_power_mudan_croce(diameter: npt.ArrayLike) -> Floats:
    """Mean emissive power of smoky hydrocarbon pools, 140e3 exp(-0.12 D) + 20e3 (1 - exp(-0.12 D)) [W/m2].

    ``diameter``: 1-200 [m]; outside OutOfRange.

    Notes
    -----
    Mudan & Croce, SFPE Handbook (1988), 2-58.
    """
    within("diameter", diameter, "m", 1, 200)
    clear = np.exp(-0.12 * np.asarray(diameter, float))
    return np.asarray(140e3 * clear + 20e3 * (1 - clear))


def _pool(burning_flux: npt.ArrayLike, diameter: npt.ArrayLike) -> None:
    within("burning flux", burning_flux, "kg/m2/s", 0, 1, above=True)
    within("diameter", diameter, "m", 0, 1000, above=True)


def _wind(wind: float) -> None:
    within("wind", wind, "m/s", 0, 50)
