"""The meaning of levels and counts, written down as plainly as possible: sets and loops, no cleverness.

Level of a place = the worst of its own live facts, of the facts that reach down from above, of its children and, for a
zone, of its members. A leaf without a live fact of its own is unknown. Everything counted is counted once.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from anlan.apps.core.models import Place, ZoneMembership
from anlan.apps.ledger.models import Fact

#: Mildest to worst: low, unknown, general, serious, major, as stored.
WORSE = [1, 0, 2, 3, 4]
POINTS = {"risk_point", "public_object", "segment", "mobile"}


@dataclass(frozen=True)
class Spot:
    parent: int | None
    kind: str


@dataclass(frozen=True)
class Said:
    """A live fact."""

    place: int
    level: int
    reaches: bool


Picture = dict[int, tuple[int, tuple[int, ...], tuple[int, ...]]]


def picture(spots: Mapping[int, Spot], members: Iterable[tuple[int, int]], facts: Iterable[Said]) -> Picture:
    """Level, risk points by level and enterprises by level of every place. ``members``: (place, zone)."""
    facts = list(facts)
    children: dict[int, set[int]] = {place: set() for place in spots}
    for place, spot in spots.items():
        if spot.parent is not None:
            children[spot.parent].add(place)
    counted = {place: set(below) for place, below in children.items()}
    for place, zone in members:
        counted[zone].add(place)
    says = {place: _said(place, spots, counted, facts) for place in spots}
    closures = {place: _closure(place, counted) for place in spots}
    level = {place: worst([rank for one in closures[place] for rank in says[one]]) for place in spots}
    points = {place for place, spot in spots.items() if spot.kind in POINTS and not children[place]}
    firms = {place for place, spot in spots.items() if spot.kind == "enterprise"}
    return {
        place: (level[place], _count(closures[place] & points, level), _count(closures[place] & firms, level))
        for place in spots
    }


def holders(spots: Mapping[int, Spot], members: Iterable[tuple[int, int]], facts: Mapping[int, Said]) -> dict[int, int]:
    """For each place the highest id of the facts that alone hold its level, 0 if none does."""
    members = list(members)
    shown = picture(spots, members, facts.values())
    counted = {place: {p for p, s in spots.items() if s.parent == place} for place in spots}
    for place, zone in members:
        counted[zone].add(place)
    return {
        place: max(
            (
                fact_id
                for fact_id, fact in facts.items()
                for one in _closure(place, counted)
                if fact.level == shown[place][0]
                and (fact.place == one or (fact.reaches and _below(one, fact.place, spots)))
            ),
            default=0,
        )
        for place in spots
    }


def _below(place: int, above: int, spots: Mapping[int, Spot]) -> bool:
    up = spots[place].parent
    return up is not None and (up == above or _below(up, above, spots))


def worst(ranks: Iterable[int]) -> int:
    return max(ranks, key=WORSE.index, default=0)


def _said(place: int, spots: Mapping[int, Spot], counted: Mapping[int, set[int]], facts: Iterable[Said]) -> list[int]:
    own = [fact.level for fact in facts if fact.place == place]
    above = set()
    up = spots[place].parent
    while up is not None:
        above.add(up)
        up = spots[up].parent
    inherited = [fact.level for fact in facts if fact.place in above and fact.reaches]
    unknown = [0] if not counted[place] and not own else []
    return own + inherited + unknown


def _closure(place: int, counted: Mapping[int, set[int]]) -> set[int]:
    found: set[int] = set()
    waiting = [place]
    while waiting:
        here = waiting.pop()
        if here not in found:
            found.add(here)
            waiting.extend(counted[here])
    return found


def _count(places: set[int], level: Mapping[int, int]) -> tuple[int, ...]:
    return tuple(sum(level[place] == rank for place in places) for rank in range(5))


def from_database(at: datetime) -> Picture:
    """The same from the rows, as of a moment."""
    spots = {p.pk: Spot(p.parent_id, p.kind) for p in Place.objects.filter(retired=None)}
    rows = ZoneMembership.objects.values_list("place_id", "zone_id")
    members = [(place, zone) for place, zone in rows if place in spots and zone in spots]
    facts = Fact.objects.select_related("clearing")
    live = [
        Said(f.place_id, f.level, f.applies_to == "descendants") for f in facts if f.place_id in spots and _live(f, at)
    ]
    return picture(spots, members, live)


def _live(fact: Fact, at: datetime) -> bool:
    clearing = getattr(fact, "clearing", None)
    ended = (fact.until is not None and fact.until <= at) or (clearing is not None and clearing.at <= at)
    return fact.since <= at and not ended
