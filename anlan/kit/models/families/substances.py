"""The models that look substances up: constants, properties of temperature, toxicity."""

from collections.abc import Mapping

from anlan.kernels.consequence.substance import FORMS, Substance
from anlan.kernels.validity import OutOfRange
from anlan.kit.models.catalogue import model
from anlan.kit.models.packdate import day
from anlan.packs.families import substances, toxic_probits, toxic_thresholds

_CONSTANTS = (
    "molar_mass", "boiling_temperature", "critical_temperature", "critical_pressure", "acentric_factor",
    "melting_temperature", "heat_of_combustion", "lower_flammable_limit", "upper_flammable_limit", "flash_point",
    "autoignition_temperature",
)  # fmt: skip


def known(name: str, on: str = "") -> Substance:
    """A substance by CAS number or name; refused when the table has none."""
    try:
        return substances.find(name, day(on))
    except KeyError:
        raise OutOfRange(
            f"substance {name!r} is not in the table: give its CAS number or its Chinese or English name, or add it in "
            "a pack chemicals/substances_own"
        ) from None


@model("substance/properties")
def properties(
    *, substance: str, temperature: float | None = None, pressure: float | None = None, on: str = ""
) -> Mapping[str, float | str]:
    """Constants of a substance, its fitted properties at a temperature, and its boiling point at a pressure.

    What the table does not know, or what is not fitted at that temperature, is left out.

    Parameters
    ----------
    substance : str
        CAS number, or Chinese or English name.
    temperature : float
        Temperature of the properties; left out: constants only [K].
    pressure : float
        Pressure for which the boiling point is wanted [Pa].
    on : str
        Day whose table counts, ISO date; empty: today.

    Returns
    -------
    cas : str
        CAS number [text].
    name_zh : str
        Chinese name [text].
    name_en : str
        English name [text].
    molar_mass : float
        Molar mass [kg/mol].
    boiling_temperature : float
        Boiling point at 101325 Pa [K].
    critical_temperature : float
        Critical temperature [K].
    critical_pressure : float
        Critical pressure [Pa].
    acentric_factor : float
        Acentric factor [-].
    melting_temperature : float
        Melting point [K].
    heat_of_combustion : float
        Lower heat of combustion; fuels only [J/kg].
    lower_flammable_limit : float
        In air [vol/vol].
    upper_flammable_limit : float
        In air [vol/vol].
    flash_point : float
        Flash point [K].
    autoignition_temperature : float
        Autoignition temperature [K].
    vapour_pressure : float
        At the temperature [Pa].
    liquid_density : float
        Of the saturated liquid [kg/m3].
    heat_of_vaporisation : float
        At the temperature [J/kg].
    liquid_heat_capacity : float
        Of the liquid [J/kg/K].
    gas_heat_capacity : float
        Of the ideal gas at constant pressure [J/kg/K].
    surface_tension : float
        Of the liquid [N/m].
    liquid_viscosity : float
        Of the liquid [Pa s].
    gamma : float
        Ratio of the ideal gas' heat capacities [-].
    saturation_temperature : float
        Boiling point at the pressure [K].
    not_fitted : str
        Properties that are not known at the temperature, with the range where they are [text].
    """
    found = known(substance, on)
    answer: dict[str, float | str] = {"cas": found.cas, "name_zh": found.name_zh, "name_en": found.name_en}
    answer |= {name: value for name in _CONSTANTS if (value := getattr(found, name)) is not None}
    if temperature is not None:
        answer |= _at(found, temperature)
    if pressure is not None:
        answer["saturation_temperature"] = found.saturation_temperature(pressure)
    return answer


def _at(found: Substance, temperature: float) -> dict[str, float | str]:
    fitted = {
        name: float(found.property(name, temperature))
        for name, fit in found.correlations.items()
        if fit.low <= temperature <= fit.high
    }
    if not fitted:
        raise OutOfRange(f"temperature = {temperature:g} K: no property of {found.name_en} is fitted there")
    answer: dict[str, float | str] = dict(fitted)
    if "gas_heat_capacity" in fitted:
        answer["gamma"] = found.heat_capacity_ratio(temperature)
    missing = [f"{name} ({_range(found, name)})" for name in FORMS if name not in fitted]
    return answer | ({"not_fitted": "; ".join(missing)} if missing else {})


def _range(found: Substance, name: str) -> str:
    fit = found.correlations.get(name)
    return "none" if fit is None else f"{fit.low:g} to {fit.high:g} K"


@model("substance/toxicity")
def toxicity(
    *, substance: str, minutes: int = 60, family: toxic_probits.Family = "purple-book", on: str = ""
) -> Mapping[str, float | str]:
    """Toxic thresholds of a substance for a duration, and its probit of death in one family.

    What no source gives is left out; AEGL values are not interpolated between their durations.

    Parameters
    ----------
    substance : str
        CAS number, or Chinese or English name.
    minutes : int
        Duration of the AEGL values: 10, 30, 60, 240 or 480 [min].
    family : str
        Family of probits: purple-book (mg/m3, min), lees (ppm, min), or own; never mixed.
    on : str
        Day whose tables count, ISO date; empty: today.

    Returns
    -------
    cas : str
        CAS number [text].
    AEGL-1 : float
        Notable discomfort [ppm].
    AEGL-2 : float
        Lasting harm or impaired escape [ppm].
    AEGL-3 : float
        Danger to life [ppm].
    IDLH : float
        Immediately dangerous to life or health [ppm].
    ERPG-1 : float
        Mild effects, one hour [ppm].
    ERPG-2 : float
        Serious effects, one hour [ppm].
    ERPG-3 : float
        Danger to life, one hour [ppm].
    a : float
        Coefficient a of the probit [-].
    b : float
        Coefficient b of the probit [-].
    n : float
        Exponent of the concentration [-].
    concentration_unit : str
        Unit of the concentration in the probit; time is in minutes [text].
    sources : str
        Source and confidence of each value [text].
    """
    if minutes not in (10, 30, 60, 240, 480):
        raise OutOfRange(f"minutes = {minutes}: AEGL values exist for 10, 30, 60, 240 and 480 min")
    found, today = known(substance, on), day(on)
    values = [one for one in toxic_thresholds.of(found.cas, today) if _counts(one, minutes)]
    probit = toxic_probits.find(found.cas, family, today)
    if not values and probit is None:
        raise OutOfRange(f"no toxic threshold and no {family} probit of {found.name_en} is known")
    answer: dict[str, float | str] = {"cas": found.cas, **{one.kind: one.ppm for one in values}}
    sources = [f"{one.kind}: {one.source} ({one.confidence})" for one in values]
    if probit is not None:
        answer |= {"a": probit.a, "b": probit.b, "n": probit.n, "concentration_unit": probit.concentration_unit}
        sources.append(f"probit: {probit.source} ({probit.confidence})")
    return answer | {"sources": "; ".join(sources)}


def _counts(one: toxic_thresholds.Threshold, minutes: int) -> bool:
    return one.minutes == minutes or not one.kind.startswith("AEGL")
