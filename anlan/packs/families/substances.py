"""Properties of substances: constants and fitted correlations. A user's own rows win over those of the product.

``chemicals/substances`` is shipped. A pack ``chemicals/substances_own`` (same shape) in the folder named by
``ANLAN_PACKS`` adds substances, or replaces those with the same CAS number, without copying the whole table.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Annotated, Literal

from anlan.packs import loader
from anlan.packs.loader import load_as
from anlan.packs.model import Unique

if TYPE_CHECKING:
    from anlan.kernels.consequence.substance import Substance

IDS = "chemicals/substances*"
SHIPPED = "chemicals/substances"
OWN = "chemicals/substances_own"

Property = Literal[
    "vapour_pressure", "liquid_density", "heat_of_vaporisation", "liquid_heat_capacity", "gas_heat_capacity",
    "surface_tension", "liquid_viscosity",
]  # fmt: skip


@dataclass(frozen=True)
class Row:
    """Constants of a substance; units as in :class:`anlan.kernels.consequence.substance.Substance`."""

    cas: Annotated[str, Unique()]
    name_zh: str
    name_en: str
    molar_mass: float
    boiling_temperature: float
    critical_temperature: float
    critical_pressure: float
    acentric_factor: float
    melting_temperature: float | None = None
    heat_of_combustion: float | None = None
    lower_flammable_limit: float | None = None
    upper_flammable_limit: float | None = None
    flash_point: float | None = None
    autoignition_temperature: float | None = None

    def problems(self) -> Iterable[str]:
        if not 0.002 <= self.molar_mass <= 1:
            yield f"{self.cas} 的摩尔质量 {self.molar_mass} 不像 kg/mol，请按 kg/mol 填写"
        if self.boiling_temperature >= self.critical_temperature:
            yield f"{self.cas} 的沸点不低于临界温度，请更正"


@dataclass(frozen=True)
class Fit:
    """One fitted property of one substance, valid for ``low`` … ``high`` [K]; ``max_error`` [-] is of the fit."""

    cas: str
    property: Property
    low: float
    high: float
    max_error: float
    basis: str
    coefficients: tuple[float, ...]

    def problems(self) -> Iterable[str]:
        if not 0 < self.low < self.high:
            yield f"{self.cas} {self.property} 的温度范围应从低到高，请更正"


@dataclass(frozen=True)
class Lacking:
    """A named substance of GB 18218 (its number ``no``) for which the table has no row, and why."""

    no: int
    name: str
    reason: str


@dataclass(frozen=True)
class Substances:
    substances: tuple[Row, ...]
    correlations: tuple[Fit, ...]
    lacking: tuple[Lacking, ...] = ()

    def problems(self) -> Iterable[str]:
        known = {row.cas for row in self.substances}
        for cas in sorted({fit.cas for fit in self.correlations} - known):
            yield f"correlations 里的 {cas} 不在 substances 里，请补上或删去"


SHAPE = Substances


@cache
def _built(pack: Substances) -> "Mapping[str, Substance]":
    from anlan.kernels.consequence.substance import Correlation, Substance  # NumPy: not for every command's start

    fits: dict[str, dict[str, Correlation]] = {}
    for fit in pack.correlations:
        one = Correlation(fit.low, fit.high, fit.coefficients, fit.max_error, fit.basis)
        fits.setdefault(fit.cas, {})[fit.property] = one
    return {row.cas: Substance(**vars(row), correlations=fits.get(row.cas, {})) for row in pack.substances}


def load(on: date) -> "Mapping[str, Substance]":
    """CAS number -> substance, with the user's own."""
    shipped = _built(load_as(Substances, SHIPPED, on).body)
    if not loader.versions(OWN):
        return shipped
    return {**shipped, **_built(load_as(Substances, OWN, on).body)}


def find(named: str, on: date) -> "Substance":
    """A substance by CAS number or by its Chinese or English name.

    Raises
    ------
    KeyError
        Nothing is called so.
    """
    known = load(on)
    wanted = named.strip()
    for substance in known.values():
        if wanted == substance.cas or wanted.casefold() in (substance.name_zh, substance.name_en.casefold()):
            return substance
    raise KeyError(wanted)
