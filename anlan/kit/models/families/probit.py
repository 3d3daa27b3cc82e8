"""Models of harm: probits of heat, overpressure and toxic gas, from dose to share and back."""

import re
from collections.abc import Mapping
from typing import Literal

import numpy as np

from anlan.kernels.consequence import probit
from anlan.kernels.validity import OutOfRange
from anlan.kit.models.catalogue import model

Answer = Mapping[str, object]
Numbers = float | list[float]

_FORMULA = re.compile(r"(-?\d+(?:\.\d+)?)\s*\+\s*(\d+(?:\.\d+)?)\s*ln")


@model("probit/thermal", names={"name": "probit"})
def thermal(
    *,
    flux: Numbers | None = None,
    time: Numbers | None = None,
    dose: float | None = None,
    name: str = "eisenberg",
    a: float | None = None,
    b: float | None = None,
    dose_unit: Literal["(kW/m2)^(4/3) s", "(W/m2)^(4/3) s"] = "(W/m2)^(4/3) s",
) -> Answer:
    """Death by heat: Y = a + b ln(I^(4/3) t) (Eisenberg 1975, Tsao & Perry 1979, TNO, Lees 1994).

    Parameters
    ----------
    flux : float
        Heat flux, one or several; with the time [W/m2].
    time : float
        Exposure, one or several [s].
    dose : float
        Thermal dose, instead of flux and time [(W/m2)^(4/3) s].
    probit : str
        eisenberg, tsao-perry, tno or lees; a text that begins with one of them will do [-].
    a : float
        With b: coefficients of one's own, instead of a name [-].
    b : float
        With a [-].
    dose_unit : str
        Of the dose for which a and b count [-].

    Returns
    -------
    dose : float
        With one flux and one time, or as given [(W/m2)^(4/3) s].
    probit : float
        At the dose [-].
    fatality : float
        Share that dies [-].
    dose_1pct : float
        That kills one in a hundred [(kW/m2)^(4/3) s].
    dose_50pct : float
        That kills half [(kW/m2)^(4/3) s].
    fatality_percent_rows_by_time : list
        With several fluxes or times: a row for each time, in it one for each flux [%].
    """
    law = _thermal_law(name, a, b, dose_unit)
    answer: dict[str, object] = {
        f"dose_{percent}pct": float(probit.dose_for(law, percent / 100)) / probit.KILOWATT_DOSE for percent in (1, 50)
    }
    if dose is not None:
        if flux is not None or time is not None:
            raise OutOfRange("give dose, or flux and time, not both")
        return answer | _harm(law, dose)
    if flux is None and time is None:
        return answer
    if flux is None or time is None:
        raise OutOfRange("flux and time are needed together")
    if isinstance(flux, list) or isinstance(time, list):
        return answer | {"fatality_percent_rows_by_time": _table(law, flux, time)}
    return answer | _harm(law, float(probit.thermal_dose(flux, time)))


def _thermal_law(name: str, a: float | None, b: float | None, unit: str) -> probit.Coefficients:
    if (a is None) != (b is None):
        raise OutOfRange("a and b are needed together")
    if a is not None and b is not None:
        return probit.Coefficients(a, b, 1 / probit.KILOWATT_DOSE if unit.startswith("(kW") else 1.0)
    words = name.strip().lower().split()
    known = probit.named(probit.THERMAL, words[0] if words else "")
    formula = _FORMULA.search(name)
    if formula is None:
        return known
    written = probit.Coefficients(float(formula[1]), float(formula[2]), 1 / probit.KILOWATT_DOSE)
    ends = [float(probit.evaluate(law, 1e7)) for law in (known, written)]
    if abs(ends[0] - ends[1]) > 0.05:
        raise ValueError(f"probit = {name!r}: the formula (dose in (kW/m2)^(4/3) s) is not the one of {words[0]}")
    return known


def _harm(law: probit.Coefficients, dose: float) -> dict[str, object]:
    value = float(probit.evaluate(law, dose))
    share = probit.probability(value)
    finite = {"probit": value} if np.isfinite(value) else {}
    return {"dose": dose, "fatality": share, **finite}


def _table(law: probit.Coefficients, flux: Numbers, time: Numbers) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    fluxes, times = np.atleast_1d(np.asarray(flux, float)), np.atleast_1d(np.asarray(time, float))
    doses = probit.thermal_dose(fluxes, times[:, None])
    return 100 * probit.probability(probit.evaluate(law, doses))


@model("probit/overpressure", names={"name": "probit"})
def overpressure(
    *,
    dp: Numbers | None = None,
    probability: Numbers | None = None,
    impulse: float | None = None,
    name: Literal[
        "hse",
        "hsc",
        "lung-haemorrhage",
        "eardrum",
        "structure",
        "glass",
        "lung",
        "head-impact",
        "body-impact",
        "minor",
        "major",
        "collapse",
    ] = "hse",
    body_mass: float = 75.0,
) -> Answer:
    """Harm by blast: HSE, Hurst (HSC), Eisenberg; with the impulse TNO's lung, head, body and buildings.

    Parameters
    ----------
    dp : float
        Peak overpressure, one or several [Pa].
    probability : float
        Share harmed, one or several, to find the overpressure; not with an impulse [-].
    impulse : float
        Of the positive phase; for lung, head-impact, body-impact, minor, major, collapse [Pa s].
    probit : str
        hse, hsc: death outdoors; lung-haemorrhage, eardrum, structure, glass: Eisenberg's by pressure alone; lung,
        head-impact, body-impact: death after TNO; minor, major, collapse: damage to brick houses after TNO [-].
    body_mass : float
        For lung [kg].

    Returns
    -------
    probit : float
        At dp [-].
    fatality : float
        Share harmed at dp [-].
    dp : float
        Overpressure for the given share [Pa].
    """
    if (dp is None) == (probability is None):
        raise OutOfRange("give either dp or probability")
    if name not in probit.OVERPRESSURE:
        return _by_impulse(name, dp, impulse, body_mass)
    law = probit.named(probit.OVERPRESSURE, name)
    if dp is None:
        return {"dp": probit.dose_for(law, probability if probability is not None else 0.0)}
    value = probit.evaluate(law, dp)
    finite = {"probit": value} if np.isfinite(value).all() else {}
    return {"fatality": probit.probability(value), **finite}


def _by_impulse(name: str, dp: Numbers | None, impulse: float | None, body_mass: float) -> Answer:
    if dp is None or impulse is None:
        raise OutOfRange(f"probit = {name}: give dp and impulse")
    if name == "lung":
        value = probit.lung_damage(dp, impulse, probit.Person(body_mass))
    elif name == "head-impact":
        value = probit.head_impact(dp, impulse)
    elif name == "body-impact":
        value = probit.body_impact(dp, impulse)
    else:
        value = probit.building(name, dp, impulse)
    return {"probit": value, "fatality": probit.probability(value)}


@model("probit/toxic", names={"unit": "C unit", "time_unit": "t unit", "abn": "a,b,n"})
def toxic(
    *,
    a: float | None = None,
    b: float | None = None,
    n: float | None = None,
    abn: list[float] | None = None,
    unit: Literal["ppm", "mg/m3"] = "mg/m3",
    time_unit: Literal["min", "s"] = "min",
    C: float | None = None,
    C_ppm: float | None = None,
    t: float | None = None,
    molar_mass: float | None = None,
    temperature: float = 293.15,
) -> Answer:
    """Death by a toxic gas: Y = a + b ln(C^n t) (Lees 2005; Purple Book table 5.2), and the concentrations that kill.

    The coefficients count for the units that come with them; a concentration in the other unit is converted with the
    molar mass.

    Parameters
    ----------
    a : float
        Coefficient [-].
    b : float
        Coefficient [-].
    n : float
        Exponent of the concentration [-].
    a,b,n : list
        The three at once, instead [-].
    C unit : str
        Of the concentration for which they count [-].
    t unit : str
        Of the time for which they count [-].
    C : float
        Concentration [mg/m3].
    C_ppm : float
        Concentration, instead [ppm].
    t : float
        Exposure; needed with a concentration [min].
    molar_mass : float
        Of the gas [kg/mol].
    temperature : float
        Of the air, to convert concentrations [K].

    Returns
    -------
    probit : float
        At the concentration; left out where there is none [-].
    fatality : float
        Share that dies [-].
    LC1_5min : float
        Kills one in a hundred in 5 min; for coefficients in ppm, or with a molar mass [ppm].
    LC1_30min : float
        In 30 min [ppm].
    LC50_5min : float
        Kills half in 5 min [ppm].
    LC50_30min : float
        In 30 min [ppm].
    """
    first, second, third = _three(a, b, n, abn)
    law = probit.Coefficients(first, second, 60.0 if time_unit == "s" else 1.0)
    factor = None if molar_mass is None else float(probit.milligrams(1.0, molar_mass, temperature))
    answer: dict[str, object] = {}
    in_ppm = 1.0 if unit == "ppm" else factor  # of the coefficients' unit in one ppm
    if in_ppm is not None:
        for percent in (1, 50):
            for minutes in (5, 30):
                level = float(probit.concentration_for(law, third, percent / 100, minutes))
                answer[f"LC{percent}_{minutes}min"] = level / in_ppm
    if C is None and C_ppm is None:
        if not answer:
            raise OutOfRange("give a concentration with t, or molar_mass for coefficients in mg/m3")
        return answer
    if t is None:
        raise OutOfRange("give t with the concentration")
    load = float(probit.toxic_dose(_level(C, C_ppm, unit, factor), t, third))
    harm = _harm(law, load)
    del harm["dose"]
    return answer | harm


def _three(a: float | None, b: float | None, n: float | None, abn: list[float] | None) -> tuple[float, float, float]:
    single = [value for value in (a, b, n) if value is not None]
    if abn is not None and not single and len(abn) == 3:
        return abn[0], abn[1], abn[2]
    if abn is None and a is not None and b is not None and n is not None:
        return a, b, n
    raise OutOfRange("give a, b and n, or the three as a,b,n")


def _level(milligrams: float | None, parts: float | None, unit: str, factor: float | None) -> float:
    """The concentration in the unit of the coefficients."""
    if (milligrams is None) == (parts is None):
        raise OutOfRange("give C or C_ppm, not both")
    if milligrams is not None:
        if unit == "mg/m3":
            return milligrams
        return milligrams / _needed(factor)
    assert parts is not None
    return parts if unit == "ppm" else parts * _needed(factor)


def _needed(factor: float | None) -> float:
    if factor is None:
        raise OutOfRange("the concentration is not in the coefficients' unit: give molar_mass to convert it")
    return factor
