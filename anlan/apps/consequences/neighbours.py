"""Which neighbouring vessels an accident may bring down: knock-on effects by heat and blast, with their probability.

Vessels are the equipment of enterprise files, and points on the map that are named after a vessel; which is of which
class is data (pack ``core/what_if``). A vessel of which only the plant is drawn counts at the plant's nearest edge; one
of the source's own plant that is drawn nowhere cannot be judged and is counted apart.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from anlan.apps.consequences.selectors import Study
from anlan.apps.consequences.sites import boxed, shapes
from anlan.apps.core import selectors as core
from anlan.apps.core.choices import PlaceKind
from anlan.apps.core.models import Place
from anlan.apps.enterprises import selectors as enterprises
from anlan.apps.enterprises.models import Equipment
from anlan.apps.enterprises.selectors.files import below
from anlan.kit import clock
from anlan.kit.accident.blast import Pressure
from anlan.kit.accident.escalation import Escalation, Load, escalation
from anlan.kit.accident.fire import Radiant
from anlan.kit.accident.zones import Effect
from anlan.kit.grants import Viewer
from anlan.packs.families import domino_thresholds, what_if
from anlan.packs.families.domino_thresholds import DominoThresholds
from anlan.packs.families.what_if import WhatIf

POINTS = (PlaceKind.RISK_POINT, PlaceKind.UNIT)
#: Nearer to the source than this it is the vessel that fails itself [m].
ITSELF = 3.0
MOST = 400


@dataclass(frozen=True)
class Vessel:
    """A neighbour: ``of`` a class of equipment, ``volume`` [m3] if the file says it, where it is nearest to the source
    in the wind's frame [m]; ``exact``: drawn itself, not only the plant in which it stands."""

    name: str
    place_id: int
    place_name: str
    firm: str
    of: str
    volume: float | None
    spot: tuple[float, float]
    exact: bool


@dataclass(frozen=True)
class Hit:
    """A vessel within the threshold of an effect; ``position`` [degree]."""

    vessel: Vessel
    class_name: str
    effect: str
    metres: float
    found: Escalation
    position: tuple[float, float]


@dataclass(frozen=True)
class Neighbours:
    """``hits``: the likeliest first; ``looked``: vessels that were judged; ``undrawn``: those that were not."""

    hits: tuple[Hit, ...]
    looked: int
    undrawn: int


def neighbours(viewer: Viewer, study: Study) -> Neighbours:
    """Knock-on effects of every fire and blast of a study on vessels in the viewer's scope; of several effects on one
    vessel the likeliest counts."""
    effects = [one for one in study.accident.effects if isinstance(one.field, Radiant | Pressure)]
    reach = max((zone.reach for effect in effects for zone in effect.zones), default=0.0)
    if not reach:
        return Neighbours((), 0, 0)
    vessels, undrawn = _vessels(viewer, study, reach)
    pack = domino_thresholds.load(clock.today())
    best: dict[tuple[int, str], Hit] = {}
    for hit in _hits(study, effects, vessels, pack):
        key = hit.vessel.place_id, hit.vessel.name
        if key not in best or hit.found.probability > best[key].found.probability:
            best[key] = hit
    ranked = sorted(best.values(), key=lambda hit: (-hit.found.probability, hit.metres, hit.vessel.name))
    return Neighbours(tuple(ranked), len(vessels), undrawn)


def _hits(study: Study, effects: Sequence[Effect], vessels: Sequence[Vessel], pack: DominoThresholds) -> Iterator[Hit]:
    if not vessels:
        return
    spots = np.array([vessel.spot for vessel in vessels])
    x, y = spots[:, 0], spots[:, 1]
    degrees = shapely.get_coordinates(study.frame.shape(shapely.MultiPoint(spots)))
    for effect in effects:
        assert effect.field is not None
        values, lasting = effect.field.at(x, y).tolist(), effect.field.lasting(x, y).tolist()
        heat = isinstance(effect.field, Radiant)
        for row, vessel in enumerate(vessels):
            load = Load(heat=values[row], lasting=lasting[row]) if heat else Load(overpressure=values[row])
            unit = pack.equipment[vessel.of]
            found = escalation(load, unit, vessel.volume, pack)
            if found is not None:
                spot = (float(degrees[row, 0]), float(degrees[row, 1]))
                yield Hit(vessel, unit.name, effect.kind, float(np.hypot(*vessel.spot)), found, spot)


def _vessels(viewer: Viewer, study: Study, reach: float) -> tuple[list[Vessel], int]:
    """Those within reach, and how many of the source's own plant are drawn nowhere."""
    pack = what_if.load(clock.today())
    bounds = study.frame.shape(shapely.Point(0, 0).buffer(reach)).bounds
    near = list(boxed(core.places(viewer), bounds).exclude(kind__in=_UPPER)[: 20 * MOST])
    drawn = dict(zip((place.pk for place in near), shapes(study.frame, near), strict=True))
    rows, undrawn = _of_files(viewer, near, drawn, pack)
    named = [
        _vessel(place.name, place, None, drawn[place.pk], of, exact=True)
        for place in near
        if place.kind in POINTS and (of := pack.class_of(place.name)) is not None
    ]
    found = [one for one in (*rows, *named) if ITSELF < np.hypot(*one.spot) <= reach]
    return _with_firms(viewer, near, sorted(found, key=lambda one: float(np.hypot(*one.spot)))[:MOST]), undrawn


_UPPER = ("province", "city", "county", "town", "grid", "park", "zone")


def _of_files(
    viewer: Viewer, near: Sequence[Place], drawn: Mapping[int, shapely.Geometry], pack: WhatIf
) -> tuple[list[Vessel], int]:
    """Equipment of files at drawn places; how many stand somewhere in the plant of the source."""
    by_id = {place.pk: place for place in near}
    rows = below(viewer, Equipment, None).filter(place__in=list(by_id), ended=None)
    found, undrawn = [], 0
    for row in rows[: 5 * MOST]:
        of = pack.class_of(f"{row.name} {row.category} {row.medium}")
        if of is None or row.category in pack.ignored:
            continue
        place = by_id[row.place_id]
        exact = place.kind != PlaceKind.ENTERPRISE
        shape = drawn[place.pk]
        if not exact and shape.intersects(shapely.Point(0, 0)):
            undrawn += 1
            continue
        found.append(_vessel(row.name, place, _volume(row.values), shape, of, exact=exact))
    return found, undrawn


def _vessel(name: str, place: Place, volume: float | None, shape: shapely.Geometry, of: str, *, exact: bool) -> Vessel:
    x, y = shapely.get_coordinates(shapely.shortest_line(shape, shapely.Point(0, 0)))[0].tolist()
    return Vessel(name, place.pk, place.name, "", of, volume, (x, y), exact)


def _with_firms(viewer: Viewer, near: Iterable[Place], found: list[Vessel]) -> list[Vessel]:
    """With the enterprise's name for what lies inside one."""
    path_of = {place.pk: place.path for place in near}
    firms = enterprises.firms_of(viewer, [path_of[one.place_id] for one in found])
    return [
        Vessel(**{**vars(one), "firm": firm.name if (firm := firms.get(path_of[one.place_id])) else ""})
        for one in found
    ]


def _volume(values: Mapping[str, object]) -> float | None:
    """As the file says it [m3]."""
    try:
        volume = float(str(values.get("volume", "")))
    except ValueError:
        return None
    return volume if 0 < volume < 1e6 else None
