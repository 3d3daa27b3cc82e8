"""Dispersion parameters: the widths of a plume or puff by Pasquill class and distance.

Each set is known by a name and carries its source; see :data:`PLUME_SETS` and :data:`PUFF_SETS`. The sets are fits of
field data and differ by a factor of two from one another, more beyond 10 km: choose one and keep it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, cast, get_args

import numpy as np
import numpy.typing as npt

from anlan.kernels.consequence import _sigma_tables as tables
from anlan.kernels.validity import OutOfRange, within

Array = npt.NDArray[np.float64]
Stability = Literal["A", "B", "C", "D", "E", "F"]
PlumeSet = Literal[
    "briggs-rural", "briggs-urban", "pasquill-gifford", "isc3-rural", "tno-plume", "turner", "martin", "gb-3840"
]
PuffSet = Literal["slade-puff", "tno-puff", "plume-puff"]
SigmaSet = Literal[PlumeSet, PuffSet]

FARTHEST = 100e3
"""No set was fitted beyond 100 km."""


@dataclass(frozen=True)
class Provenance:
    """Where a set comes from: citation, fitted distances [m], averaging time of sigma_y [s] (0: instantaneous)."""

    source: str
    nearest: float
    farthest: float
    averaging: float


PLUME_SETS: dict[PlumeSet, Provenance] = {
    "briggs-rural": Provenance(
        "Briggs 1973, ATDL contribution 79, open country; class D sigma_z 0.0015 (Griffiths 1994)", 100, 10e3, 600
    ),
    "briggs-urban": Provenance("Briggs 1973, ATDL contribution 79, urban; also ISC3 urban", 100, 10e3, 600),
    "pasquill-gifford": Provenance(
        "sigma_y: Spicer & Havens 1989, EPA-450/4-89-019, pp. 45-46; sigma_z: Seinfeld 1986", 100, 100e3, 600
    ),
    "isc3-rural": Provenance(
        "EPA 1995, ISC3 User's Guide vol. 2, EPA-454/B-95-003b, tables 1-1 and 1-2", 100, 100e3, 600
    ),
    "tno-plume": Provenance("Yellow Book CPR 14E 2005, chapter 4, z0 = 0.1 m", 100, 10e3, 600),
    "turner": Provenance("Turner 1970, AP-26, as fitted in Lees 1996, ch. 15", 100, 100e3, 600),
    "martin": Provenance("Martin 1976, JAPCA 26(2), 145-147", 100, 100e3, 600),
    "gb-3840": Provenance("GB/T 3840-91, power laws for half-hour sampling", 1, 100e3, 1800),
}
PUFF_SETS: dict[PuffSet, Provenance] = {
    "slade-puff": Provenance("Slade 1968, TID-24190, pp. 163-175; CCPS 1999", 100, 10e3, 0),
    "tno-puff": Provenance("Yellow Book CPR 14E 2005, chapter 4: half the plume's sigma_y, 0.13 x along", 100, 10e3, 0),
    "plume-puff": Provenance("Palazzi et al. 1982: the plume's sigma_y taken along the wind too", 100, 100e3, 600),
}


def provenance(sigma_set: SigmaSet) -> Provenance:
    """Source and range of a set; refuses a name that is not known."""
    known: dict[SigmaSet, Provenance] = {**PLUME_SETS, **PUFF_SETS}  # type: ignore[dict-item]  # keys are subsets
    if sigma_set not in known:
        raise OutOfRange(f"sigma set {sigma_set!r} is not known; known are {', '.join(known)}")
    return known[sigma_set]


def check_stability(stability: Stability) -> Stability:
    """Refuse what is not a Pasquill class A to F."""
    if stability not in get_args(Stability):
        raise OutOfRange(f"stability class {stability!r} is not known; known are A, B, C, D, E, F")
    return stability


def sigma_y(x: npt.ArrayLike, stability: Stability, sigma_set: SigmaSet) -> Array:
    """Crosswind dispersion parameter.

    Parameters
    ----------
    x
        Downwind distance, any shape, 0 < x <= 100 km [m].
    stability
        Pasquill class.
    sigma_set
        Name of the set, plume or puff.

    Returns
    -------
    ndarray
        sigma_y, shape of ``x``, at the set's own averaging time [m].

    Raises
    ------
    OutOfRange
        Distance outside (0, 100 km], unknown class or set.
    """
    return _evaluate("y", x, stability, sigma_set)


def sigma_z(x: npt.ArrayLike, stability: Stability, sigma_set: SigmaSet) -> Array:
    """Vertical dispersion parameter; as :func:`sigma_y` [m]."""
    return _evaluate("z", x, stability, sigma_set)


def sigma_x(x: npt.ArrayLike, stability: Stability, sigma_set: PuffSet) -> Array:
    """Dispersion parameter along the wind, of a puff set; as :func:`sigma_y` [m]."""
    if sigma_set not in PUFF_SETS:
        raise OutOfRange(
            f"sigma set {sigma_set!r} has no dispersion along the wind; take one of {', '.join(PUFF_SETS)}"
        )
    return _evaluate("x", x, stability, sigma_set)


def averaging_factor(time: float, reference: float, shortest: float = 18.75) -> float:
    """Ratio of sigma_y at an averaging time to that at the set's own: ``(max(time, shortest) / reference) ** 0.2``.

    A plume meanders, so its time-averaged width grows with the fifth root. At 18.75 s the ratio to 600 s is one half:
    the instantaneous plume (Yellow Book CPR 14E 2005, chapter 4).

    Parameters
    ----------
    time
        Averaging time, 0 to 3600 [s].
    reference
        Averaging time of the set [s].
    shortest
        Below this the plume counts as instantaneous [s].
    """
    within("averaging_time", time, "s", 0, 3600)
    within("reference", reference, "s", 0, above=True)
    within("shortest", shortest, "s", 0, above=True)
    return cast(float, (max(time, shortest) / reference) ** 0.2)


def shortest_averaging(stability: Stability, sigma_set: SigmaSet) -> float:
    """Averaging time below which the plume counts as instantaneous [s]: by class for the DEGADIS fit, else 18.75."""
    check_stability(stability)
    return tables.DEGADIS_SHORTEST[stability] if sigma_set == "pasquill-gifford" else 18.75


def _evaluate(axis: str, x: npt.ArrayLike, stability: Stability, sigma_set: SigmaSet) -> Array:
    provenance(sigma_set)
    check_stability(stability)
    within("x", x, "m", 0, FARTHEST, above=True)
    result = _FUNCTIONS[sigma_set, axis](np.asarray(x, float), stability)
    return np.asarray(result, float)


def _power(coefficients: dict[str, tuple[float, float]]) -> Callable[[Array, str], Array]:
    """``c x**p`` by class."""

    def evaluate(x: Array, stability: str) -> Array:
        factor, power = coefficients[stability]
        return factor * x**power

    return evaluate


def _briggs(coefficients: dict[str, tuple[float, float, float]]) -> Callable[[Array, str], Array]:
    """``c x (1 + k x)**p`` by class."""

    def evaluate(x: Array, stability: str) -> Array:
        factor, curvature, power = coefficients[stability]
        return factor * x * (1 + curvature * x) ** power

    return evaluate


def _stepwise(
    pieces: dict[str, tuple[tuple[float, float, float], ...]], scale: float = 1.0
) -> Callable[[Array, str], Array]:
    """``c (x / scale)**p`` by class, with (up to this distance inclusive, c, p) per piece."""

    def evaluate(x: Array, stability: str) -> Array:
        distance = x / scale
        bounds, factors, powers = np.array(pieces[stability]).T
        piece = np.searchsorted(bounds[:-1], distance)
        return cast(Array, factors[piece] * distance ** powers[piece])

    return evaluate


def _log_parabola(x: Array, stability: str) -> Array:
    factor, power, curvature = tables.SEINFELD_Z[stability]
    log = np.log(x)
    return factor * np.exp(power * log + curvature * log**2)


def _isc3_y(x: Array, stability: str) -> Array:
    c, d = tables.ISC3_Y[stability]
    km = x / 1000
    return 465.11628 * km * np.tan(np.radians(c - d * np.log(km)))


def _isc3_z(x: Array, stability: str) -> Array:
    rise = _stepwise(tables.ISC3_Z, 1000)(x, stability)
    return np.minimum(rise, 5000.0)


def _turner_z(x: Array, stability: str) -> Array:
    near = _power(tables.TURNER_Z_NEAR)(x, stability)
    if stability not in tables.TURNER_Z_FAR:
        return near
    joint, *fit = tables.TURNER_Z_FAR[stability]
    log = np.log10(x)
    return np.where(x <= joint, near, 10 ** (fit[0] + fit[1] * log + fit[2] * log**2))


def _martin_z(x: Array, stability: str) -> Array:
    km = x / 1000
    near, far = (c * km**d + f for c, d, f in tables.MARTIN_Z[stability])
    return np.maximum(np.where(km <= 1, near, far), 1e-3)


def _martin_y(x: Array, stability: str) -> Array:
    return tables.MARTIN_Y[stability] * (x / 1000) ** 0.894


def _half_tno(x: Array, stability: str) -> Array:
    return 0.5 * _power(tables.TNO_Y)(x, stability)


def _along_tno(x: Array, stability: str) -> Array:
    del stability
    return 0.13 * x


def _vertical_tno(x: Array, stability: str) -> Array:
    return tables.TNO_Z[stability][0] * x


_FUNCTIONS: dict[tuple[str, str], Callable[[Array, str], Array]] = {
    ("briggs-rural", "y"): _briggs(tables.BRIGGS_RURAL_Y),
    ("briggs-rural", "z"): _briggs(tables.BRIGGS_RURAL_Z),
    ("briggs-urban", "y"): _briggs(tables.BRIGGS_URBAN_Y),
    ("briggs-urban", "z"): _briggs(tables.BRIGGS_URBAN_Z),
    ("pasquill-gifford", "y"): _power(tables.DEGADIS_Y),
    ("pasquill-gifford", "z"): _log_parabola,
    ("isc3-rural", "y"): _isc3_y,
    ("isc3-rural", "z"): _isc3_z,
    ("tno-plume", "y"): _power(tables.TNO_Y),
    ("tno-plume", "z"): _power(tables.TNO_Z),
    ("turner", "y"): _power(tables.TURNER_Y),
    ("turner", "z"): _turner_z,
    ("martin", "y"): _martin_y,
    ("martin", "z"): _martin_z,
    ("gb-3840", "y"): _stepwise(tables.GB3840_Y),
    ("gb-3840", "z"): _stepwise(tables.GB3840_Z),
    ("slade-puff", "x"): _power(tables.SLADE_Y),
    ("slade-puff", "y"): _power(tables.SLADE_Y),
    ("slade-puff", "z"): _power(tables.SLADE_Z),
    ("tno-puff", "x"): _along_tno,
    ("tno-puff", "y"): _half_tno,
    ("tno-puff", "z"): _vertical_tno,
    ("plume-puff", "x"): _power(tables.DEGADIS_Y),
    ("plume-puff", "y"): _power(tables.DEGADIS_Y),
    ("plume-puff", "z"): _log_parabola,
}
