"""Why a place shows its colour: every fact that alone would hold it, each with the way to it and its source.

A fact holds the colour of a place if it lies at or below it, or in what one of its zones counts, or reaches down to
any of these from above. What the viewer may not read is counted, never described.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any, TypeVar

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext

from anlan.apps.core import selectors as core
from anlan.apps.core.models import Place, ZoneMembership
from anlan.apps.ledger.choices import AppliesTo
from anlan.apps.ledger.models import Fact, LevelChange, PlaceLevel
from anlan.kit import clock, links
from anlan.kit.errors import NotInScope
from anlan.kit.grants import Viewer
from anlan.kit.lookups import hint, range_of
from anlan.kit.prepared import prepared
from anlan.rules import facts as rules
from anlan.rules import paths
from anlan.rules.levels import Level

SHOWN = 50  # lines in an explanation
COUNTED = 1_000  # beyond this, "1 000+"

_ASK = 200  # ranges or ids in one query
T = TypeVar("T")


@dataclass(frozen=True)
class PlaceRef:
    """A step of the way to a fact. Where the viewer may not look it has neither id nor name."""

    id: int | None
    name: str
    kind: str
    visible: bool


@dataclass(frozen=True)
class FactLine:
    """One reason for the colour; out of scope it stands for ``count`` facts of which nothing else is said."""

    fact_id: int | None
    path: tuple[PlaceRef, ...]
    kind: str
    level: Level
    reason: str
    since: datetime | None
    until: datetime | None
    recorded: datetime | None
    source_url: str | None
    in_scope: bool
    inherited: bool = False  # reaches down from above
    count: int = 1


@dataclass(frozen=True)
class Explanation:
    """The colour of a place at ``as_of``, its reasons, newest first, and how many more there are."""

    place: PlaceRef
    level: Level
    since: datetime | None
    as_of: datetime
    lines: tuple[FactLine, ...]
    further: int
    further_at_least: bool  # there are even more than ``further``


@dataclass(frozen=True)
class _Extent:
    """What a place counts: disjoint subtrees by their path, each with the zone through which it is counted."""

    place: Place
    through: dict[str, Place | None]  # path of a subtree's top -> zone (None = the tree itself)

    def top(self, path: str) -> str | None:
        """The top of the counted subtree that ``path`` lies in."""
        steps = range(paths.STEP, len(path) + 1, paths.STEP)
        return next((path[:end] for end in steps if path[:end] in self.through), None)


@dataclass(frozen=True)
class _Asked:
    """Who asks which facts hold this level, as of when."""

    viewer: Viewer
    at: datetime
    level: int


def explain(viewer: Viewer, which: int | Place, at: datetime | None = None) -> Explanation:
    """Why a place shows its colour, or showed it ``at`` a time past (from the facts as they were recorded then)."""
    read = which if isinstance(which, Place) else Place.objects.filter(pk=which).defer("geometry").first()
    if read is None:
        raise NotInScope
    place = core.place(viewer, read)
    level, since, as_of = _colour(place, at)
    extent = _extent(place)
    asked = _Asked(viewer, at or clock.now(), int(level))
    above, may_read = _above(extent, asked), viewer.test("fact.view")
    known = [fact for fact in above if may_read(fact.place.path, fact.place.sector)]
    found, total = _newest(extent, asked, known)
    lines = _lines(viewer, extent, found)
    unread = Counter(fact.place.kind for fact in above if not may_read(fact.place.path, fact.place.sector))
    if not _sees_all(viewer, "fact.view", extent):
        unread += _by_kind(_unread(extent, asked))
    hidden = _hidden(level, unread)
    if level == Level.UNKNOWN:
        blank, blanks, unseen = _unassessed(viewer, extent, at, SHOWN - len(lines))
        lines, total, hidden = lines + blank, total + blanks, hidden + unseen
    further = total - len(lines)
    ref = PlaceRef(place.pk, place.name, place.kind, visible=True)
    return Explanation(ref, level, since, as_of, (*lines, *hidden), min(further, COUNTED), further > COUNTED)


def render(fact: Fact) -> str:
    """The reason of a fact in the reader's language."""
    return said(fact.reason, fact.params)


def said(reason: str, params: Mapping[str, Any]) -> str:
    """A reason filled in, in the reader's language."""
    return rules.fill(gettext(reason), params)


def outside() -> str:
    return gettext("在您的权限范围之外")


def live(at: datetime) -> Q:
    """Facts that count at a time, as far as they were recorded then."""
    ended = Q(clearing__at__lte=at, clearing__recorded__lte=at)
    begun = Q(recorded__lte=at, since__lte=at)
    return begun & (Q(until=None) | Q(until__gt=at)) & (Q(clearing=None) | ~ended)


def _colour(place: Place, at: datetime | None) -> tuple[Level, datetime | None, datetime]:
    """Level shown, since when, and as of when."""
    if at is None:
        for level, since, as_of in _level(place.pk):
            return Level(level), since, as_of
        return Level.UNKNOWN, None, clock.now()
    change = LevelChange.objects.filter(place=place, at__lte=at).order_by("-at", "-pk").first()
    return (Level(change.after), change.at, at) if change else (Level.UNKNOWN, None, at)


@prepared
def _level(place_id: int) -> QuerySet[PlaceLevel, Any]:
    return PlaceLevel.objects.filter(place=place_id).values_list("level", "since", "as_of")


def _extent(place: Place) -> _Extent:
    """The place's own subtree and, again and again, the members of every zone that lies in what was found."""
    through: dict[str, Place | None] = {place.path: None}
    fresh = [place.path]
    while fresh:
        members = sorted(members_of_all(fresh), key=lambda row: (row.place.path, row.pk))
        fresh = []
        for row in members:
            if _Extent(place, through).top(row.place.path) is None:
                through[row.place.path] = row.zone
                fresh.append(row.place.path)
    return _Extent(place, _outermost(through))


def members_of_all(tops: Sequence[str]) -> Iterator[ZoneMembership]:
    """What the zones at and below some places count."""
    return (row for part in some(tops) for row in _members_of(part))


@prepared
def _members_of(tops: Sequence[str]) -> QuerySet[ZoneMembership]:
    """Few beside the places, also to a planner that knows nothing of a table that was empty when it looked."""
    rows = ZoneMembership.objects.filter(place__retired=None, zone__retired=None, pk__rarely_gte=0)
    rows = rows.filter(_within(tops, "zone__", "likely_"))
    rows = rows.select_related("place", "zone")
    return rows.defer("place__geometry", "zone__geometry")


def _outermost(through: dict[str, Place | None]) -> dict[str, Place | None]:
    """Without the subtrees that lie in another one, so that nothing is counted twice."""
    kept: dict[str, Place | None] = {}
    last = None
    for path in sorted(through):
        if last is None or not paths.covers(last, path):
            kept[path] = through[path]
            last = path
    return kept


def some(found: Sequence[T]) -> Iterator[Sequence[T]]:
    """Some hundred at a time, as many as one query should ask for."""
    return (found[start : start + _ASK] for start in range(0, len(found), _ASK))


def _within(tops: Sequence[str], prefix: str = "place__", hint: str = "") -> Q:
    """The subtrees of ``tops``; ``likely_`` where the rows themselves are few."""
    return reduce(or_, (range_of(top, hint, prefix) for top in tops), Q())


def _parts(extent: _Extent) -> Iterator[tuple[Sequence[str], str]]:
    """Tops of subtrees, and a hint how much lies there, that together are what the place counts."""
    if len(extent.through) == 1:
        yield [extent.place.path], hint(extent.place.kind)
    else:
        yield from ((tops, "") for tops in some(sorted(extent.through)))


def _holding(at: datetime, level: int) -> QuerySet[Fact]:
    """The facts that hold a colour at a time."""
    return Fact.objects.filter(live(at), level=level, place__retired=None)


def _readable(asked: _Asked, tops: Sequence[str], much: str) -> QuerySet[Fact]:
    readable = asked.viewer.scope("fact.view", "place__")
    return _holding(asked.at, asked.level).filter(_within(tops, "place__", much)).filter(readable)


@prepared
def _read(viewer: Viewer, at: datetime, tops: Sequence[str], *, level: int, much: str) -> QuerySet[Fact]:
    """The newest facts of some subtrees that the viewer may read."""
    found = _readable(_Asked(viewer, at, level), tops, much)
    return found.select_related("place").defer("place__geometry").order_by("-since", "-pk")[:SHOWN]


def _unread(extent: _Extent, asked: _Asked) -> Iterator[QuerySet[Fact]]:
    """Queries that together find each fact that the viewer may not read, at and below the place and in what its zones
    count."""
    hidden = _holding(asked.at, asked.level).exclude(asked.viewer.scope("fact.view", "place__"))
    return (hidden.filter(_within(tops, "place__", much)) for tops, much in _parts(extent))


def _above(extent: _Extent, asked: _Asked) -> list[Fact]:
    """Each fact that reaches down to any of that, once: weather, orders, few at any time."""
    above = sorted({step for top in extent.through for step in paths.ancestor_ids(top)[:-1]})
    return [fact for ids in some(above) for fact in _reaching(asked.at, ids, level=asked.level)]


@prepared
def _reaching(at: datetime, place_ids: Sequence[int], *, level: int) -> QuerySet[Fact]:
    found = _holding(at, level).filter(applies_to=AppliesTo.DESCENDANTS, place__in=place_ids)
    return found.select_related("place").defer("place__geometry")


def _newest(extent: _Extent, asked: _Asked, known: Sequence[Fact]) -> tuple[list[Fact], int]:
    """The newest of some facts and of those at and below the place, and in what its zones count, that the viewer may
    read; and how many there are in all (counted no further than needed)."""
    found = list(known)
    total = len(known)
    for tops, much in _parts(extent):
        part = _read(asked.viewer, asked.at, tops, level=asked.level, much=much)
        found += part
        many = len(part) >= SHOWN
        total += _readable(asked, tops, much)[: COUNTED + SHOWN + 1].count() if many else len(part)
    found.sort(key=lambda fact: (fact.since, fact.pk), reverse=True)
    return found[:SHOWN], total


def _lines(viewer: Viewer, extent: _Extent, facts: Sequence[Fact]) -> tuple[FactLine, ...]:
    ways = [_way(extent, fact.place) for fact in facts]
    refs = _refs(viewer, {step for way in ways for step in way})
    return tuple(
        _line(viewer, extent, fact, [refs[step] for step in way]) for fact, way in zip(facts, ways, strict=True)
    )


def _way(extent: _Extent, to: Place) -> list[int]:
    """Ids of the places between the explained place and a fact's, in reading order."""
    here, there = extent.place.path, to.path
    if paths.covers(here, there):
        return paths.ancestor_ids(there)[len(here) // paths.STEP - 1 :]
    if paths.covers(there, here):
        return paths.ancestor_ids(here)[len(there) // paths.STEP - 1 :]
    top = extent.top(there) or next((path for path in extent.through if paths.covers(there, path)), there)
    zone = extent.through.get(top)
    start = [extent.place.pk] if zone is None or zone.pk == extent.place.pk else [extent.place.pk, zone.pk]
    if there != top and paths.covers(there, top):  # reaches a member from above it
        return [*start, paths.ancestor_ids(top)[-1], to.pk]
    return start + paths.ancestor_ids(there)[len(top) // paths.STEP - 1 :]


def _refs(viewer: Viewer, ids: set[int]) -> dict[int, PlaceRef]:
    may_see = viewer.test("place.view")
    return {pk: _ref(pk, name, kind, visible=may_see(*where)) for pk, name, kind, *where in _steps(ids)}


@prepared
def _steps(place_ids: Collection[int]) -> QuerySet[Place, Any]:
    return Place.objects.filter(pk__in=place_ids).values_list("pk", "name", "kind", "path", "sector")


def _ref(place_id: int, name: str, kind: str, *, visible: bool) -> PlaceRef:
    return PlaceRef(place_id, name, kind, visible=True) if visible else PlaceRef(None, "", kind, visible=False)


def _line(viewer: Viewer, extent: _Extent, fact: Fact, way: Sequence[PlaceRef]) -> FactLine:
    return FactLine(
        fact_id=fact.pk,
        path=tuple(way),
        kind=fact.kind,
        level=Level(fact.level),
        reason=render(fact),
        since=fact.since,
        until=fact.until,
        recorded=fact.recorded,
        source_url=source_url(viewer, fact),
        in_scope=True,
        inherited=extent.top(fact.place.path) is None,
    )


def source_url(viewer: Viewer, fact: Fact) -> str | None:
    """Where the record that a fact came from is shown; None where there is no page, or not for the viewer."""
    link = links.find(fact.source_kind)
    if link is None or fact.source_id is None or not viewer.may(link.capability, fact.place.path, fact.place.sector):
        return None
    return link.url.format(id=fact.source_id)


def _sees_all(viewer: Viewer, capability: str, extent: _Extent) -> bool:
    """Whether all that the place counts lies in the viewer's scope: a quick look instead of a long count."""
    whole = [scope.path for scope in viewer.scopes if capability in scope.capabilities and scope.sectors is None]
    return all(any(paths.covers(path, top) for path in whole) for top in extent.through)


def _by_kind(queries: Iterable[QuerySet[Any]], place_kind: str = "place__kind") -> Counter[str]:
    """How many rows there are at each kind of place."""
    counts: Counter[str] = Counter()
    for query in queries:
        counts.update(dict(query.order_by().values_list(place_kind).annotate(Count("pk"))))
    return counts


def _hidden(level: Level, counts: Mapping[str, int], kind: str = "") -> list[FactLine]:
    """One line for each kind of place that holds something the viewer may not read."""
    return [_hidden_line(level, kind, at, counts[at]) for at in sorted(counts)]


def _hidden_line(level: Level, kind: str, place_kind: str, count: int) -> FactLine:
    where = (PlaceRef(None, "", place_kind, visible=False),)
    return FactLine(None, where, kind, level, outside(), None, None, None, None, in_scope=False, count=count)


def _unassessed(
    viewer: Viewer, extent: _Extent, at: datetime | None, room: int
) -> tuple[tuple[FactLine, ...], int, list[FactLine]]:
    """Leaves that nothing was ever said about: as many lines as there is room, their number, those out of scope."""
    seen = viewer.scope("place.view")
    queries = [_blank(at).filter(_within(tops, "")) for tops in some(sorted(extent.through))]
    found: list[Place] = []
    total = 0
    for query in (query.filter(seen) for query in queries):
        found += query.order_by("path")[: max(room - len(found), 0)]
        total += query[: COUNTED + SHOWN + 1].count()
    ways = [_way(extent, place) for place in found]
    refs = _refs(viewer, {step for way in ways for step in way})
    lines = tuple(_blank_line([refs[step] for step in way]) for way in ways)
    if _sees_all(viewer, "place.view", extent):
        return lines, total, []
    unseen = _by_kind((query.exclude(seen) for query in queries), "kind")
    return lines, total, _hidden(Level.UNKNOWN, unseen, "unassessed")


def _blank(at: datetime | None) -> QuerySet[Place]:
    """Leaves without a live fact of their own; now they are found by what they show."""
    children = Place.objects.filter(parent=OuterRef("pk"), retired=None)
    counted = ZoneMembership.objects.filter(zone=OuterRef("pk"), place__retired=None)
    facts = Fact.objects.filter(live(at or clock.now()), place=OuterRef("pk"))
    in_use = Place.objects.filter(retired=None).only("id", "name", "kind", "path", "sector")
    if at is None:
        in_use = in_use.filter(shown__level=Level.UNKNOWN)
    return in_use.exclude(Exists(children)).exclude(Exists(counted)).exclude(Exists(facts))


def _blank_line(way: Sequence[PlaceRef]) -> FactLine:
    return FactLine(
        None, tuple(way), "unassessed", Level.UNKNOWN, gettext("从未评估"), None, None, None, None, in_scope=True
    )
