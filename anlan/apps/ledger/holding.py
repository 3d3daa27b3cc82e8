"""The facts that hold the colours of many places, in a few questions for all of them; ``explain`` tells all of one.

Of each place the newest few are told. What the viewer may not read is neither told nor counted: only that there is
something.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Concat

from anlan.apps.core.models import Place
from anlan.apps.ledger import explanation
from anlan.apps.ledger.choices import AppliesTo
from anlan.apps.ledger.models import Fact, PlaceLevel
from anlan.kit import clock
from anlan.kit.grants import Viewer
from anlan.kit.lookups import BROAD, COMMON, RARE
from anlan.rules import paths
from anlan.rules.levels import Level

_END = "{"  # sorts after every path, as in paths.after


@dataclass(frozen=True)
class HoldingFact:
    """A fact that holds a colour; ``inherited``: it reaches down from above."""

    fact: Fact
    inherited: bool


@dataclass(frozen=True)
class Held:
    """Why a place has its colour: the newest facts, whether there are ``more`` that the viewer may read, and whether
    there are any that the viewer may not (``hidden``)."""

    facts: tuple[HoldingFact, ...]
    more: bool
    hidden: bool


@dataclass(frozen=True)
class _Top:
    """A subtree with the ids of the newest facts that hold the colour of its top."""

    level: int | None
    ids: tuple[int, ...]
    hidden: bool


def held(viewer: Viewer, places: Sequence[Place], each: int) -> dict[int, Held]:
    """The newest ``each`` facts that hold the colour of each place, by its id; ``places`` with what they ``shown``.

    Some questions for each hundred places, whatever lies below them.
    """
    if not places:
        return {}
    now = clock.now()
    counted = _counted(places)
    every = sorted({path for tops in counted.values() for path in tops})
    below, above = _below(viewer, every, now, each + 1), _above(every, now)
    facts = _facts({pk for top in below.values() for pk in top.ids})
    return {place.pk: _held(viewer, place, counted[place.pk], (below, facts, above), each) for place in places}


def _held(
    viewer: Viewer, place: Place, tops: Collection[str],
    known: tuple[Mapping[str, _Top], Mapping[int, Fact], Sequence[Fact]], each: int,
) -> Held:  # fmt: skip
    below, facts, above = known
    row: PlaceLevel | None = getattr(place, "shown", None)
    level = row.level if row else int(Level.UNKNOWN)
    same = [below[path] for path in tops if path in below and below[path].level == level]
    reaching = [one for one in above if one.level == level and any(one.place.path in _upper(path) for path in tops)]
    seen = [one for one in reaching if viewer.may("fact.view", one.place.path, one.place.sector)]
    found = {pk: facts[pk] for top in same for pk in top.ids if pk in facts} | {one.pk: one for one in seen}
    newest = sorted(found.values(), key=lambda one: (one.since, one.pk), reverse=True)
    lines = tuple(HoldingFact(one, not _inside(one.place.path, tops)) for one in newest[:each])
    return Held(lines, len(newest) > each, len(seen) < len(reaching) or any(top.hidden for top in same))


def _counted(places: Iterable[Place]) -> dict[int, list[str]]:
    """The tops of what each place counts, by its id: its own path, and those of the members of its zones."""
    members: dict[str, list[str]] = {}
    fresh, asked = {place.path for place in places}, set[str]()
    while fresh:
        asked |= fresh
        found = [(row.zone.path, row.place.path) for row in explanation.members_of_all(sorted(fresh))]
        for zone, member in found:
            members.setdefault(zone, []).append(member)
        fresh = {member for _, member in found} - asked
    return {place.pk: _closed(place.path, members) for place in places}


def _closed(path: str, members: Mapping[str, Sequence[str]]) -> list[str]:
    """A place and, again and again, the members of every zone that lies in what was found; none inside another."""
    tops, fresh = {path}, True
    while fresh:
        more = {
            one for zone, found in members.items() if _inside(zone, tops) for one in found if not _inside(one, tops)
        }
        tops |= more
        fresh = bool(more)
    return [one for one in tops if not any(above in tops for above in _upper(one))]


def _upper(path: str) -> list[str]:
    """The paths of the places above."""
    return [path[:end] for end in range(paths.STEP, len(path), paths.STEP)]


def _inside(path: str, tops: Collection[str]) -> bool:
    return path in tops or any(one in tops for one in _upper(path))


def _below(viewer: Viewer, tops: Sequence[str], now: datetime, count: int) -> dict[str, _Top]:
    """Of each subtree the newest facts that hold the colour of its top and that the viewer may read.

    Where much lies below, the newest facts of a level are walked until some lie there; elsewhere all that lies there
    is looked at.
    """
    whole = [one.path for one in viewer.scopes if "fact.view" in one.capabilities and one.sectors is None]
    narrowed = not all(any(paths.covers(path, top) for path in whole) for top in tops)
    found: dict[str, _Top] = {}
    for part in explanation.some(tops):
        rows = Place.objects.filter(path__in=part)
        for query, hint in ((rows.filter(kind__in=BROAD), COMMON), (rows.exclude(kind__in=BROAD), RARE)):
            for path, level, hidden, *ids in _newest(viewer, query, (now, hint), count, narrowed=narrowed):
                found[path] = _Top(level, tuple(pk for pk in ids if pk is not None), bool(hidden))
    return found


def _newest(
    viewer: Viewer, rows: QuerySet[Place], how: tuple[datetime, str], count: int, *, narrowed: bool
) -> QuerySet[Place, Any]:
    now, hint = how
    inside = {
        f"place__path__{hint}gte": OuterRef("path"),
        f"place__path__{hint}lt": Concat(OuterRef("path"), Value(_END)),
    }
    holding = Fact.objects.filter(explanation.live(now), level=OuterRef("shown__level"), place__retired=None, **inside)
    readable = viewer.scope("fact.view", "place__")
    mine = holding.filter(readable).order_by("-since", "-pk").values("pk")
    asked = {f"fact{number}": Subquery(mine[number : number + 1]) for number in range(count)}
    unread = Exists(holding.exclude(readable)) if narrowed else Value(False)
    found = rows.annotate(now=F("shown__level"), unread=unread, **asked)
    return found.values_list("path", "now", "unread", *asked)


def _above(tops: Iterable[str], now: datetime) -> list[Fact]:
    """Each fact that reaches down to any of them from above, once: weather, orders, few at any time."""
    above = sorted({step for top in tops for step in paths.ancestor_ids(top)[:-1]})
    found = Fact.objects.filter(explanation.live(now), place__retired=None, applies_to=AppliesTo.DESCENDANTS)
    asked = (found.filter(place__in=ids).select_related("place") for ids in explanation.some(above))
    return [fact for rows in asked for fact in rows.defer("place__geometry")]


def _facts(ids: Collection[int]) -> dict[int, Fact]:
    rows = Fact.objects.select_related("place").defer("place__geometry")
    return {fact.pk: fact for part in explanation.some(sorted(ids)) for fact in rows.filter(pk__in=part)}
