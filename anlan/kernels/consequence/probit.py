"""Probits: from a dose to the share of people (or things) harmed, and back.

A probit is Y = a + b ln(dose); the share is the normal distribution function of Y - 5. What the dose is and in which
units the coefficients count, belongs to the coefficients: mixing families gives nonsense, so every function says it.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from anlan.kernels.late import ndtr, ndtri
from anlan.kernels.validity import OutOfRange, within

Floats = npt.NDArray[np.float64]

KILOWATT_DOSE = 1000 ** (4 / 3)  # (W/m2)^(4/3) s in one (kW/m2)^(4/3) s
PASCAL_PER_PSI = 6894.757293168
PASCAL_PER_BAR = 1e5


@dataclass(frozen=True)
class Coefficients:
    """Y = ``a`` + ``b`` ln(``scale`` dose), with the dose in the unit that its table names."""

    a: float
    b: float
    scale: float = 1.0
    source: str = ""


#: Death by heat; dose in (W/m2)^(4/3) s. Times of seconds to minutes, unprotected skin.
THERMAL = {
    "eisenberg": Coefficients(-38.48, 2.56, source="Eisenberg, Lynch & Breeding, USCG CG-D-136-75 (1975)"),
    "tsao-perry": Coefficients(-36.38, 2.56, source="Tsao & Perry, USCG CG-38-79 (1979); Purple Book (CPR 18E) 5.4"),
    "tno": Coefficients(-37.23, 2.56, source="TNO Green Book (CPR 16E), clothing-adjusted"),
    "lees": Coefficients(-29.02, 1.99, 0.5, source="Lees, Trans. IChemE 72 B (1994) 127-134"),
}

#: Harm by overpressure alone; dose = side-on peak in the unit that ``scale`` turns Pa into.
OVERPRESSURE = {
    "hse": Coefficients(5.13, 1.37, 1 / PASCAL_PER_BAR, "HSE (1991), people outdoors; dp in bar"),
    "hsc": Coefficients(1.47, 1.37, 1 / PASCAL_PER_PSI, "Hurst, Nussey & Pape (1989); HSE SPC/Tech/OSD/30 eq. 4; psig"),
    "lung-haemorrhage": Coefficients(-77.1, 6.91, 1.0, "Eisenberg et al. (1975); dp in Pa"),
    "eardrum": Coefficients(-15.6, 1.93, 1.0, "Eisenberg et al. (1975); dp in Pa"),
    "structure": Coefficients(-23.8, 2.92, 1.0, "Eisenberg et al. (1975); dp in Pa"),
    "glass": Coefficients(-18.1, 2.79, 1.0, "Eisenberg et al. (1975); dp in Pa"),
}


def probability(probit: npt.ArrayLike) -> Floats:
    """Share harmed at a probit; minus infinity is 0. NaN refuses."""
    value = np.asarray(probit, float)
    if np.isnan(value).any():
        raise OutOfRange("probit = nan: must be a number")
    return np.asarray(ndtr(value - 5))


def of_probability(share: npt.ArrayLike) -> Floats:
    """Probit at which ``share`` is harmed; 0 < share < 1, else OutOfRange."""
    within("probability", share, "-", 0, 1, above=True)
    within("probability", 1 - np.asarray(share, float), "-", 0, 1, above=True)
    return np.asarray(ndtri(np.asarray(share, float)) + 5)


def evaluate(coefficients: Coefficients, dose: npt.ArrayLike) -> Floats:
    """Probit at a dose >= 0 in the coefficients' unit; a dose of 0 gives minus infinity.

    Raises
    ------
    OutOfRange
        A negative, infinite or NaN dose.
    """
    within("dose", dose, "of the probit", 0)
    _check(coefficients)
    with np.errstate(divide="ignore"):
        return np.asarray(coefficients.a + coefficients.b * np.log(coefficients.scale * np.asarray(dose, float)))


def dose_for(coefficients: Coefficients, share: npt.ArrayLike) -> Floats:
    """The dose that harms ``share`` (0 < share < 1), the inverse of :func:`evaluate`."""
    _check(coefficients)
    exponent = (of_probability(share) - coefficients.a) / coefficients.b
    return np.asarray(np.exp(exponent) / coefficients.scale)


def _check(coefficients: Coefficients) -> None:
    within("a", coefficients.a, "-", -1000, 1000)
    within("b", coefficients.b, "-", 0.01, 1000)
    within("scale", coefficients.scale, "-", 0, above=True)


def thermal_dose(flux: npt.ArrayLike, time: npt.ArrayLike) -> Floats:
    """flux^(4/3) t [(W/m2)^(4/3) s] for ``flux`` 0 ... 1e6 [W/m2] and ``time`` 0 ... 1e5 [s]."""
    within("flux", flux, "W/m2", 0, 1e6)
    within("time", time, "s", 0, 1e5)
    return np.asarray(np.asarray(flux, float) ** (4 / 3) * np.asarray(time, float))


def named(table: dict[str, Coefficients], name: str) -> Coefficients:
    """Coefficients by name; an unknown name refuses with the known ones."""
    if name not in table:
        raise ValueError(f"unknown probit {name!r}; known are {', '.join(sorted(table))}")
    return table[name]


def toxic_dose(concentration: npt.ArrayLike, time: npt.ArrayLike, exponent: float) -> Floats:
    """Toxic load C^n t of a steady concentration, in the units the coefficients ask for.

    Parameters
    ----------
    concentration : float[]
        >= 0, in ppm or mg/m3 as the coefficients say.
    time : float[]
        >= 0 [min].
    exponent : float
        n, 0.1-5 [-].

    Raises
    ------
    OutOfRange
        A value outside these ranges, or NaN.
    """
    within("concentration", concentration, "of the probit", 0)
    within("time", time, "min", 0)
    within("exponent", exponent, "-", 0.1, 5)
    return np.asarray(np.asarray(concentration, float) ** exponent * np.asarray(time, float))


def concentration_for(coefficients: Coefficients, exponent: float, share: float, time: npt.ArrayLike) -> Floats:
    """Concentration that kills ``share`` within ``time`` > 0 [min], in the unit of the coefficients."""
    within("time", time, "min", 0, above=True)
    within("exponent", exponent, "-", 0.1, 5)
    return np.asarray((dose_for(coefficients, share) / np.asarray(time, float)) ** (1 / exponent))


def milligrams(parts_per_million: npt.ArrayLike, molar_mass: float, temperature: float = 293.15) -> Floats:
    """Concentration in mg/m3 of a gas given in ppm (by volume), at 101325 Pa.

    ``molar_mass``: 1e-3 ... 1 [kg/mol]; ``temperature``: 200-400 [K].
    """
    within("concentration", parts_per_million, "ppm", 0, 1e6)
    within("molar mass", molar_mass, "kg/mol", 1e-3, 1)
    within("temperature", temperature, "K", 200, 400)
    return np.asarray(np.asarray(parts_per_million, float) * molar_mass * 101325 / (8.314462618 * temperature))


@dataclass(frozen=True)
class Person:
    """Body mass [kg], ambient pressure [Pa]."""

    mass: float = 75.0
    ambient_pressure: float = 101325.0


def lung_damage(overpressure: npt.ArrayLike, impulse: npt.ArrayLike, person: Person | None = None) -> Floats:
    """Probit of death by lung damage, 5 - 5.74 ln(4.2/p + 1.3/i).

    Parameters
    ----------
    overpressure : float[]
        On the chest (side-on, plus dynamic where one stands in the open), > 0 [Pa].
    impulse : float[]
        Of the positive phase, > 0 [Pa s].
    person : Person
        Body mass 1-200 kg, ambient pressure.

    Raises
    ------
    OutOfRange
        A value outside its range, or NaN.

    Notes
    -----
    TNO Green Book (CPR 16E, 1992) chapter 3; p = P/p0 and i = I / (p0^0.5 m^(1/3)).
    """
    who = person or Person()
    within("overpressure", overpressure, "Pa", 0, 1e9, above=True)
    within("impulse", impulse, "Pa s", 0, 1e9, above=True)
    within("body mass", who.mass, "kg", 1, 200)
    pressure = np.asarray(overpressure, float) / who.ambient_pressure
    scaled = np.asarray(impulse, float) / (np.sqrt(who.ambient_pressure) * np.cbrt(who.mass))
    return np.asarray(5 - 5.74 * np.log(4.2 / pressure + 1.3 / scaled))


def head_impact(overpressure: npt.ArrayLike, impulse: npt.ArrayLike) -> Floats:
    """Probit of death by the head's impact, 5 - 8.49 ln(2.43e3/P + 4.0e8/(P I)); P > 0 [Pa], I > 0 [Pa s].

    Notes
    -----
    TNO Green Book (CPR 16E, 1992) chapter 3.
    """
    return _two(overpressure, impulse, (8.49, 2.43e3, 4.0e8))


def body_impact(overpressure: npt.ArrayLike, impulse: npt.ArrayLike) -> Floats:
    """Probit of death by the whole body's impact, 5 - 2.44 ln(7.38e3/P + 1.3e9/(P I)); P > 0 [Pa], I > 0 [Pa s].

    Notes
    -----
    TNO Green Book (CPR 16E, 1992) chapter 3.
    """
    return _two(overpressure, impulse, (2.44, 7.38e3, 1.3e9))


def _two(overpressure: npt.ArrayLike, impulse: npt.ArrayLike, law: tuple[float, float, float]) -> Floats:
    within("overpressure", overpressure, "Pa", 0, 1e9, above=True)
    within("impulse", impulse, "Pa s", 0, 1e9, above=True)
    pressure, push = np.asarray(overpressure, float), np.asarray(impulse, float)
    factor, static, dynamic = law
    return np.asarray(5 - factor * np.log(static / pressure + dynamic / (pressure * push)))


#: TNO's collapse of buildings: power of (p_limit/P) and (i_limit/I), and their factors; P [Pa], I [Pa s].
DAMAGE = {
    "minor": (0.26, 4600.0, 3.9, 110.0, 5.0),
    "major": (0.26, 17500.0, 8.4, 290.0, 9.3),
    "collapse": (0.22, 40000.0, 7.4, 460.0, 11.3),
}


def building(degree: str, overpressure: npt.ArrayLike, impulse: npt.ArrayLike) -> Floats:
    """Probit of damage to brick houses, 5 - c ln((p/P)^m + (i/I)^n).

    Parameters
    ----------
    degree : str
        ``minor``, ``major`` or ``collapse``.
    overpressure, impulse : float[]
        Side-on, > 0 [Pa], > 0 [Pa s].

    Raises
    ------
    OutOfRange
        A value <= 0, or NaN.
    ValueError
        An unknown degree.

    Notes
    -----
    TNO Green Book (CPR 16E, 1992) chapter 2: minor 5 - 0.26 ln((4600/P)^3.9 + (110/I)^5.0), major 5 - 0.26
    ln((17500/P)^8.4 + (290/I)^9.3), collapse 5 - 0.22 ln((40000/P)^7.4 + (460/I)^11.3).
    """
    if degree not in DAMAGE:
        raise ValueError(f"unknown degree {degree!r}; known are {', '.join(DAMAGE)}")
    within("overpressure", overpressure, "Pa", 0, 1e9, above=True)
    within("impulse", impulse, "Pa s", 0, 1e9, above=True)
    factor, pressure, power, push, push_power = DAMAGE[degree]
    sum_ = (pressure / np.asarray(overpressure, float)) ** power + (push / np.asarray(impulse, float)) ** push_power
    return np.asarray(5 - factor * np.log(sum_))
