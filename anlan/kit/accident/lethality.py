"""How likely somebody who stays in the open dies of an effect, at points of the wind's frame.

Poison by the substance's probit and the dose of the passing cloud; heat by Tsao and Perry for the time that the pack
``core/accident`` gives people to get away; blast by HSE's probit for people outdoors; within a burning cloud everybody.
Nobody takes shelter and nobody flees: what comes of it is an upper bound.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import shapely

from anlan.kernels.consequence import probit
from anlan.kernels.consequence.footprint import Footprint
from anlan.kernels.consequence.substance import Substance
from anlan.kernels.late import ndtr
from anlan.kit.accident.blast import Pressure
from anlan.kit.accident.cloud import Concentration
from anlan.kit.accident.fire import Radiant
from anlan.kit.accident.inputs import Sky
from anlan.kit.accident.toxic import probit_of
from anlan.kit.accident.zones import Effect, Floats
from anlan.packs.families import accident

#: Heat and blast beyond which the probits are not asked any more: nobody survives it.
MOST_HEAT, MOST_PRESSURE = 1e6, 1e7


@dataclass(frozen=True)
class Lethality:
    """``chance``: x [m], y [m] → probability of death [-]; ``source`` of the law."""

    chance: Callable[[Floats, Floats], Floats]
    source: str


def lethality(effect: Effect, substance: Substance, sky: Sky, on: date) -> Lethality | None:
    """What an effect does to people outdoors; None where no law is known for it.

    Raises
    ------
    OutOfRange
        The cloud cannot be followed as far as it kills.
    """
    field = effect.field
    if effect.kind == "flash_fire":
        return Lethality(_inside(effect.zones[-1].shape), "点燃时身处爆炸下限以内者按死亡计（CPR 18E）")
    if effect.kind == "toxic" and isinstance(field, Concentration):
        return _poison(field, substance, sky, on)
    if isinstance(field, Radiant):
        return _heat(field, accident.load(on).assumed("thermal_exposure"))
    if isinstance(field, Pressure):
        law = probit.OVERPRESSURE["hse"]
        return Lethality(lambda x, y: _blast(field, law, x, y), "HSE（1991）室外人员超压概率函数")
    return None


def _inside(shape: shapely.Geometry) -> Callable[[Floats, Floats], Floats]:
    return lambda x, y: np.asarray(shapely.contains_xy(shape, x, y), float)


def _poison(field: Concentration, substance: Substance, sky: Sky, on: date) -> Lethality | None:
    found = probit_of(substance, sky, on)
    if found is None:
        return None
    law, source, _ = found
    tables = [one.deadly(law) for one in field.drifts]
    return Lethality(lambda x, y: _worst(tables, x, y), f"中毒概率函数：{source}")


def _worst(tables: Sequence[Footprint], x: Floats, y: Floats) -> Floats:
    return np.asarray(np.max([_of_tables(one, x, y) for one in tables], axis=0))


def _of_tables(tables: Footprint, x: Floats, y: Floats) -> Floats:
    along = np.interp(x, tables.x, tables.a, right=-np.inf)
    across = np.interp(x, tables.x, tables.b)
    with np.errstate(invalid="ignore"):
        value = np.where(np.isfinite(along), along - across * np.square(y), -np.inf)
    return np.where(np.asarray(x) > 0, ndtr(value), 0.0)


def _heat(field: Radiant, exposure: float) -> Lethality:
    law = probit.THERMAL["tsao-perry"]

    def chance(x: Floats, y: Floats) -> Floats:
        flux = np.clip(field.at(x, y), 0.0, MOST_HEAT)
        dose = probit.thermal_dose(flux, np.minimum(field.lasting(x, y), exposure))
        return probit.probability(probit.evaluate(law, dose))

    return Lethality(chance, f"Tsao–Perry（1979）热辐射概率函数，暴露不超过 {exposure:g} 秒")


def _blast(field: Pressure, law: probit.Coefficients, x: Floats, y: Floats) -> Floats:
    pressure = np.clip(field.at(x, y), 0.0, MOST_PRESSURE)
    return probit.probability(probit.evaluate(law, pressure))
