"""Models of heat on its way: what the air lets through, view factors, point source."""

from collections.abc import Mapping
from typing import Literal

import numpy as np

from anlan.kernels.consequence import radiation, view_factor
from anlan.kernels.validity import OutOfRange
from anlan.kit.models.catalogue import model

Answer = Mapping[str, object]


@model("radiation/transmissivity")
def transmissivity(
    *,
    T: float,
    RH: float,
    path: float | list[float],
    method: Literal["wayne", "bagster"] = "wayne",
    carbon_dioxide: float = radiation.CO2_PPM_OF_WAYNE,
) -> Answer:
    """Share of a flame's radiation that the air lets through (Wayne 1991; Bagster, Yellow Book eq. 6.29).

    Parameters
    ----------
    T : float
        Temperature of the air, 233-333 [K].
    RH : float
        Relative humidity, 0.01-1 [-].
    path : float
        Way through the air; one or several [m].
    method : str
        wayne, or bagster within its band of 1e4-1e5 N/m [-].
    carbon_dioxide : float
        Carbon dioxide in the air, for wayne [ppm].

    Returns
    -------
    tau : float
        Transmissivity, one a path [-].
    """
    if method == "bagster":
        radiation.transmissivity_wayne(1.0, T, RH)  # the same ranges of temperature and humidity
        return {"tau": radiation.transmissivity_bagster(path, RH * float(radiation.saturation_pressure(T)))}
    return {"tau": radiation.transmissivity_wayne(path, T, RH, carbon_dioxide)}


@model("radiation/view-factor", names={"a": "a=L/R", "b": "b=X/R", "x": "x=X/R", "h": "h=L/R"})
def cylinder(
    *,
    a: float | None = None,
    b: float | None = None,
    tilt: float = 0.0,
    x: float | None = None,
    h: float | None = None,
) -> Answer:
    """View factors of a flame cylinder, upright (Raj) or leaning to the receiver (Mudan; Yellow Book appendix 6.1).

    Parameters
    ----------
    a : float
        Length over radius [-].
    b : float
        Distance from the axis over radius, > 1 [-].
    tilt : float
        Of the axis from the vertical, towards the receiver [deg].
    x : float
        Distance over radius, as table 6.A.1 writes it, instead of b [-].
    h : float
        Length over radius, as table 6.A.1 writes it, instead of a [-].

    Returns
    -------
    Fv : float
        Receiver that stands upright and faces the flame [-].
    Fh : float
        Receiver that lies and faces up [-].
    Fmax : float
        Receiver turned to see most [-].
    1e3*Fv : float
        A thousand times Fv, as table 6.A.1 prints it [-].
    1e3*Fh : float
        A thousand times Fh [-].
    1e3*Fmax : float
        A thousand times Fmax [-].
    """
    length, distance = _one(a, h, "a=L/R", "h=L/R"), _one(b, x, "b=X/R", "x=X/R")
    found = view_factor.tilted_cylinder(length, distance, tilt)
    factors = {"Fv": found.vertical, "Fh": found.horizontal, "Fmax": found.maximum}
    return {**factors, **{f"1e3*{name}": 1000 * value for name, value in factors.items()}}


def _one(first: float | None, second: float | None, name: str, other: str) -> float:
    given = [value for value in (first, second) if value is not None]
    if len(given) != 1:
        raise OutOfRange(f"give either {name} or {other}")
    return given[0]


@model("radiation/view-factor-horizontal")
def horizontal(*, length: float, radius: float, distance: float, position: float = 0.5) -> Answer:
    """View factors of a flame cylinder that lies beside the receiver.

    Parameters
    ----------
    length : float
        Of the flame [m].
    radius : float
        Of the flame [m].
    distance : float
        Shortest distance of the receiver from the axis, > radius [m].
    position : float
        Where along the flame the receiver stands, 0-1 [-].

    Returns
    -------
    F_facing : float
        Receiver that faces the axis [-].
    F_along : float
        Receiver that faces along the axis, to the longer part [-].
    Fmax : float
        Receiver turned to see most [-].
    """
    _size(radius)
    found = view_factor.horizontal_cylinder(length / radius, distance / radius, position)
    return {"F_facing": found.vertical, "F_along": found.horizontal, "Fmax": found.maximum}


@model("radiation/view-factor-sphere")
def sphere(*, radius: float, distance: float, angle: float = 0.0) -> Answer:
    """View factor of a spherical flame.

    Parameters
    ----------
    radius : float
        Of the sphere [m].
    distance : float
        Of the receiver from the centre, > radius [m].
    angle : float
        Between the receiver's normal and the line to the centre, 0-180 [deg].

    Returns
    -------
    F : float
        View factor [-].
    """
    _size(radius)
    return {"F": view_factor.sphere(distance / radius, angle)}


def _size(radius: float) -> None:
    if not radius > 0:
        raise OutOfRange(f"radius = {radius:g} m: must be > 0")


@model("radiation/point-source")
def point_source(
    *, power: float, distance: float | list[float], T: float | None = None, RH: float | None = None
) -> Answer:
    """Flux of a point that radiates all around, P / (4 pi x^2).

    Parameters
    ----------
    power : float
        Radiated power [W].
    distance : float
        One or several, > 0 [m].
    T : float
        Temperature of the air; with RH Wayne's transmissivity counts [K].
    RH : float
        Relative humidity, 0.01-1 [-].

    Returns
    -------
    flux : float
        One a distance [W/m2].
    """
    through: float | np.ndarray[tuple[int, ...], np.dtype[np.float64]] = 1.0
    if T is not None and RH is not None:
        through = radiation.transmissivity_wayne(distance, T, RH)
    elif T is not None or RH is not None:
        raise OutOfRange("give T and RH both, or none of them")
    return {"flux": radiation.point_source(power, distance, through)}
