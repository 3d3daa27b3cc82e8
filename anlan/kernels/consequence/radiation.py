"""Heat that a flame sends to a receiver: what the air lets through, solid flame, point source, many point sources."""

import numpy as np
import numpy.typing as npt

from anlan.kernels.validity import within

Floats = npt.NDArray[np.float64]

PASCAL_PER_MILLIMETRE = 133.322  # of mercury
CO2_PPM_OF_WAYNE = 335.0  # carbon dioxide in the air of Wayne's fit [ppm]


def saturation_pressure(temperature: npt.ArrayLike) -> Floats:
    """Saturated vapour pressure of water, below 273.15 K over ice, 233-333 K [Pa].

    Notes
    -----
    Buck, J. Applied Meteorology 20 (1981) 1527-1532, constants of 1996. With it Wayne's own table is met within 0.7 %
    at 253-293 K; a fit over liquid water (as HyRAM+ takes) misses it by 2.6 % at 253 K.
    """
    within("temperature", temperature, "K", 233, 333)
    celsius = np.asarray(temperature, float) - 273.15
    water = 611.21 * np.exp((18.678 - celsius / 234.5) * celsius / (257.14 + celsius))
    ice = 611.15 * np.exp((23.036 - celsius / 333.7) * celsius / (279.82 + celsius))
    return np.asarray(np.where(celsius < 0, ice, water))


def transmissivity_wayne(
    path: npt.ArrayLike, temperature: npt.ArrayLike, humidity: npt.ArrayLike, carbon_dioxide: float = CO2_PPM_OF_WAYNE
) -> Floats:
    """Share of a flame's radiation that water vapour and carbon dioxide of the air let through.

    Parameters
    ----------
    path : float[]
        Way through the air, 0-2000 [m]. Below 1 m the share of 1 m is given, at most 1.
    temperature : float[]
        Of the air, 233-333 [K].
    humidity : float[]
        Relative humidity, 0.01-1 [-].
    carbon_dioxide : float
        In the air, 100-2000 [ppm].

    Returns
    -------
    float[]
        0-1 [-].

    Raises
    ------
    OutOfRange
        A value outside these ranges, or NaN.

    Notes
    -----
    Wayne, J. Loss Prev. Process Ind. 4 (1991) 86-92, for a hydrocarbon flame of 1500 K. Below its turning point (0.57
    mmHg m of water in the path) the fit would let drier air absorb more; there the turning point counts.
    """
    within("path", path, "m", 0, 2000)
    within("humidity", humidity, "-", 0.01, 1)
    within("carbon dioxide", carbon_dioxide, "ppm", 100, 2000)
    length, kelvin = np.maximum(np.asarray(path, float), 1.0), np.asarray(temperature, float)
    millimetres = saturation_pressure(kelvin) / PASCAL_PER_MILLIMETRE
    water = np.log10(np.asarray(humidity, float) * length * millimetres * 288.651 / kelvin)
    water = np.maximum(water, -0.01171 / (2 * 0.02368))
    dioxide = np.log10(length * 273 / kelvin * carbon_dioxide / CO2_PPM_OF_WAYNE)
    share = 1.006 - 0.01171 * water - 0.02368 * water**2 - 0.03188 * dioxide + 0.001164 * dioxide**2
    return np.asarray(np.clip(share, 0, 1))


def transmissivity_bagster(path: npt.ArrayLike, vapour_pressure: npt.ArrayLike) -> Floats:
    """Share of the radiation let through, after Bagster.

    Parameters
    ----------
    path : float[]
        Way through the air, > 0 [m].
    vapour_pressure : float[]
        Partial pressure of the water in the air, > 0 [Pa].

    Returns
    -------
    float[]
        2.02 (p x)^-0.09 [-].

    Raises
    ------
    OutOfRange
        p x outside 1e4 ... 1e5 N/m, where the fit holds; NaN.

    Notes
    -----
    Bagster & Pitblado (1989); Yellow Book (CPR 14E, 2005) eq. 6.29.
    """
    within("path", path, "m", 0, 1e5, above=True)
    within("vapour pressure", vapour_pressure, "Pa", 0, 2e4, above=True)
    product = np.asarray(path, float) * np.asarray(vapour_pressure, float)
    within("vapour pressure times path (Bagster's band)", product, "N/m", 1e4, 1e5)
    return np.asarray(2.02 * product**-0.09)


def solid_flame(emissive_power: npt.ArrayLike, view_factor: npt.ArrayLike, transmissivity: npt.ArrayLike) -> Floats:
    """Flux from a flame's surface: SEP x F x tau [W/m2], with both shares within 0-1."""
    within("emissive power", emissive_power, "W/m2", 0, 1e6)
    within("view factor", view_factor, "-", 0, 1)
    within("transmissivity", transmissivity, "-", 0, 1)
    return np.asarray(
        np.asarray(emissive_power, float) * np.asarray(view_factor, float) * np.asarray(transmissivity, float)
    )


def point_source(power: npt.ArrayLike, distance: npt.ArrayLike, transmissivity: npt.ArrayLike = 1.0) -> Floats:
    """Flux of a point that radiates ``power`` [W] all around at ``distance`` >= 0.01 [m]: tau P / (4 pi x^2) [W/m2]."""
    within("power", power, "W", 0, 1e13)
    within("distance", distance, "m", 0.01, 1e5)
    within("transmissivity", transmissivity, "-", 0, 1)
    spread = 4 * np.pi * np.asarray(distance, float) ** 2
    return np.asarray(np.asarray(power, float) * np.asarray(transmissivity, float) / spread)


def source_weights(count: int = 50, waist: float = 0.75) -> Floats:
    """Shares of the power of point sources along a jet flame: rising to the waist, then falling.

    Parameters
    ----------
    count : int
        Number of points, 5-1000 [-].
    waist : float
        Where the flame radiates most, as a share of its length, 0.1-0.95 [-].

    Returns
    -------
    float[count]
        They sum to 1 [-].

    Notes
    -----
    Hankinson & Lowesmith, Combustion and Flame 159 (2012) 1165-1177, eq. 7-8.
    """
    within("count", count, "-", 5, 1000)
    within("waist", waist, "-", 0.1, 0.95)
    top = int(waist * count)
    number = np.arange(1.0, count + 1)
    falling = top - (top - 1) / (count - top - 1) * (number - top - 1)
    weights = np.where(number <= top, number, falling)
    return np.asarray(weights / weights.sum())


def many_sources(
    places: npt.ArrayLike, powers: npt.ArrayLike, receivers: npt.ArrayLike, temperature: float, humidity: float
) -> Floats:
    """Flux at receivers that face each of many point sources, through air by Wayne.

    Parameters
    ----------
    places : float[n, 3]
        Sources [m].
    powers : float[n]
        Their radiated powers [W].
    receivers : float[m, 3]
        Receivers, none on a source [m].
    temperature, humidity : float
        Of the air [K], [-]; ranges as in :func:`transmissivity_wayne`.

    Returns
    -------
    float[m]
        [W/m2]

    Raises
    ------
    OutOfRange
        NaN, a negative power, a receiver on a source.
    """
    within("places", places, "m")
    within("receivers", receivers, "m")
    points, watched = np.atleast_2d(np.asarray(places, float)), np.atleast_2d(np.asarray(receivers, float))
    distance = np.linalg.norm(watched[:, None] - points, axis=2)
    through = transmissivity_wayne(distance, temperature, humidity)
    return np.asarray(point_source(powers, distance, through).sum(axis=1))
