"""The worst that the weather can make of a scenario: how far each zone reaches in any class and wind, wherever it blows
from, and from where it hits most people."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely

from anlan.apps.consequences import exposure, selectors
from anlan.apps.consequences.models import Scenario
from anlan.apps.consequences.selectors import Study, Wind
from anlan.kit import clock
from anlan.kit.accident.ground import Frame
from anlan.kit.accident.inputs import Sky
from anlan.kit.accident.zones import Effect, Level, Zone, disc
from anlan.kit.errors import BadInput
from anlan.packs.families import what_if

#: Of how many directions the wind is tried.
DIRECTIONS = 16


@dataclass(frozen=True)
class Farthest:
    """In which weather a level reaches farthest, and how far [m]."""

    level: Level
    reach: float
    sky: Sky


@dataclass(frozen=True)
class Worst:
    """``effect``: discs about the source, one for each level; ``farthest``: the weathers behind them, from the mildest
    level; ``skies`` that were tried and ``refused`` ones; ``wind_from`` [degree] and ``residents``: from where it kills
    most, and how many (None where that cannot be said)."""

    effect: Effect
    farthest: tuple[Farthest, ...]
    skies: int
    refused: int
    wind_from: float | None
    residents: float | None


def skies(like: Sky) -> list[Sky]:
    """The classes and winds to try, in the same air over the same ground."""
    return [replace(like, stability=one.stability, wind=one.wind) for one in what_if.load(clock.today()).worst]


def studies(one: Scenario, like: Wind) -> tuple[list[Study], int]:
    """The scenario in each of them, and how many the models refuse. Raises BadInput where they refuse all."""
    found: list[Study] = []
    refused: list[BadInput] = []
    for sky in skies(like.sky):
        try:
            found.append(selectors.study(one, Wind(sky, like.wind_from)))
        except BadInput as failure:
            refused.append(failure)
    if not found:
        raise refused[0]
    return found, len(refused)


def kinds(found: Sequence[Study]) -> list[str]:
    """Effects that occur in any of the weathers, in the order in which they are first met."""
    return list(dict.fromkeys(effect.kind for study in found for effect in study.accident.effects))


def worst(found: Sequence[Study], refused: int, kind: str) -> Worst:
    """Of one kind of effect, which occurs in at least one of the studies."""
    met = [(study, effect) for study in found if (effect := study.accident.effect(kind)) is not None]
    farthest = _farthest(met)
    zones = tuple(Zone(one.level, disc(one.reach)) for one in farthest)
    first = met[0][1]
    notes = tuple(dict.fromkeys(note for _, effect in met for note in effect.notes))
    models = tuple(dict.fromkeys(model for _, effect in met for model in effect.models))
    wind_from, residents = _direction(met)
    return Worst(Effect(first.kind, zones, (), models, notes), farthest, len(found), refused, wind_from, residents)


def blown(one: Scenario, like: Wind, told: Worst) -> Study:
    """The scenario in the weather in which the worst zone reaches farthest, from where the wind kills most."""
    wind_from = like.wind_from if told.wind_from is None else told.wind_from
    return selectors.study(one, Wind(told.farthest[-1].sky, wind_from))


def _farthest(met: Sequence[tuple[Study, Effect]]) -> tuple[Farthest, ...]:
    """By level, from the mildest. A level may stand for another value in another weather (its time of exposure)."""
    best: dict[str, Farthest] = {}
    for study, effect in met:
        for zone in effect.zones:
            told = Farthest(zone.level, zone.reach, study.wind.sky)
            if zone.level.key not in best or told.reach > best[zone.level.key].reach:
                best[zone.level.key] = told
    longest = max((effect for _, effect in met), key=lambda effect: len(effect.zones))
    order = [zone.level.key for zone in longest.zones]
    return tuple(sorted(best.values(), key=lambda one: order.index(one.level.key) if one.level.key in order else -1))


def _direction(met: Sequence[tuple[Study, Effect]]) -> tuple[float | None, float | None]:
    """From where the wind kills most residents, in the weather in which the worst zone reaches farthest."""
    study, effect = max(met, key=lambda pair: pair[1].zones[-1].reach)
    law = study.lethality(effect)
    if law is None:
        return None, None
    region = shapely.union_all([zone.shape for zone in effect.zones])
    best: tuple[float, float] | None = None
    for wind_from in np.arange(DIRECTIONS) * (360.0 / DIRECTIONS):
        frame = Frame(study.frame.longitude, study.frame.latitude, float(wind_from))
        homes = exposure.homes(frame, region)
        if homes is None:
            return None, None
        dying = homes.dying(law, region)
        if best is None or dying > best[1]:
            best = float(wind_from), dying
    return best if best is not None else (None, None)
