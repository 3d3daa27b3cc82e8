"""The model that looks substances up: constants and properties of temperature."""

from collections.abc import Mapping

from anlan.kernels.consequence.substance import FORMS, Substance
from anlan.kernels.validity import OutOfRange
from anlan.kit.models.catalogue import model
from anlan.kit.models.packdate import day
from anlan.packs.families import substances

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
