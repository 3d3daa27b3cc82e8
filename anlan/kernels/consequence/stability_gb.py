"""Stability class as Chinese standards take it: sun, total and low cloud, wind.

References
----------
GB/T 3840-91, Technical methods for making local emission standards of air pollutants, and HJ/T 2.2-93, appendix B: the
sun's elevation, level of radiation (table B1), class (table B2). Clouds in tenths of the sky; classes are Pasquill's
as corrected there.
"""

import math
from bisect import bisect_left, bisect_right

from anlan.kernels.validity import OutOfRange, within

_ELEVATIONS = (0.0, 15.0, 35.0, 65.0)
#: rows: the cloud classes of :func:`radiation_level`; columns: night, up to 15, 35, 65 degrees, above
_LEVELS = ((-2, -1, 1, 2, 3), (-1, 0, 1, 2, 3), (-1, 0, 0, 1, 1), (0, 0, 0, 0, 1), (0, 0, 0, 0, 0))
_WINDS = (2.0, 3.0, 5.0, 6.0)
#: rows: wind up to 1.9, 2.9, 4.9, 5.9 m/s, more; columns: level -2 to 3
_CLASSES = (
    ("F", "E", "D", "B", "A-B", "A"),
    ("F", "E", "D", "C", "B", "A-B"),
    ("E", "D", "D", "C", "B-C", "B"),
    ("D", "D", "D", "D", "C-D", "C"),
    ("D", "D", "D", "D", "D", "D"),
)


def sun_elevation(day: int, hour: float, latitude: float, longitude: float) -> float:
    """Elevation of the sun at a place and Beijing time.

    Parameters
    ----------
    day
        Day of the year, 0 (1 January) to 365.
    hour
        Beijing time, 0 to 24 [h].
    latitude, longitude
        North and east positive, -90 to 90 and -180 to 180 [deg].

    Returns
    -------
    float
        Elevation, negative by night [deg].
    """
    within("day", day, "-", 0, 365)
    within("hour", hour, "h", 0, 24)
    within("latitude", latitude, "deg", -90, 90)
    within("longitude", longitude, "deg", -180, 180)
    angle = math.radians(15 * hour + longitude - 300)
    north, tilt = math.radians(latitude), _declination(day)
    sine = math.sin(north) * math.sin(tilt) + math.cos(north) * math.cos(tilt) * math.cos(angle)
    return math.degrees(math.asin(max(-1.0, min(1.0, sine))))


def _declination(day: int) -> float:
    """Declination of the sun by its Fourier series [rad]."""
    year = 2 * math.pi * day / 365
    series = ((-0.39912, 0.070257), (-0.006758, 0.000907), (-0.002697, 0.001480))
    waves = (c * math.cos(k * year) + s * math.sin(k * year) for k, (c, s) in enumerate(series, 1))
    return 0.006918 + sum(waves)


def radiation_level(elevation: float, total_cloud: float, low_cloud: float) -> int:
    """Level of radiation, -2 (clear night) to 3 (high sun).

    Parameters
    ----------
    elevation
        Elevation of the sun, -90 to 90 [deg].
    total_cloud, low_cloud
        Tenths of the sky covered by all and by low clouds, 0 to 10, low <= total [-].

    Raises
    ------
    OutOfRange
        An input out of range, or more low cloud than cloud.
    """
    within("elevation", elevation, "deg", -90, 90)
    within("total_cloud", total_cloud, "-", 0, 10)
    within("low_cloud", low_cloud, "-", 0, 10)
    if low_cloud > total_cloud:
        raise OutOfRange(
            f"low_cloud = {low_cloud:g} is more than total_cloud = {total_cloud:g}; give tenths of the sky"
        )
    return _LEVELS[_cloud_row(total_cloud, low_cloud)][bisect_left(_ELEVATIONS, elevation)]


def _cloud_row(total: float, low: float) -> int:
    if low < 5:
        return 0 if total < 5 else 1 if total < 8 else 2
    return 3 if low < 8 else 4


def stability(wind: float, level: int) -> str:
    """Class from the wind at 10 m, 0 to 100 [m/s], and the level of radiation, -2 to 3: "A" to "F" or "A-B"."""
    within("wind", wind, "m/s", 0, 100)
    within("level", level, "-", -2, 3)
    return _CLASSES[bisect_right(_WINDS, wind)][level + 2]
