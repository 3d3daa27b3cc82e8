"""Who can see a place and through which grant, what a person can see and why, and what a move would change of it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from anlan.apps.core import selectors
from anlan.apps.core.choices import PlaceKind
from anlan.apps.core.models import Grant, Person, Place
from anlan.kit import clock
from anlan.kit.grants import Viewer
from anlan.packs.families import roles
from anlan.rules import paths
from anlan.rules.places import ZONES


@dataclass(frozen=True)
class Through:
    """One grant as a reason: role, where it is held, in which sectors, until when. ``reaches``: does it count here."""

    grant: Grant
    role: str
    capabilities: frozenset[str]
    partly: bool = False  # only for things of some sectors below


@dataclass(frozen=True)
class Watcher:
    """A person who sees a place, through one grant or several."""

    person: Person
    through: tuple[Through, ...]

    @property
    def capabilities(self) -> frozenset[str]:
        return frozenset().union(*(one.capabilities for one in self.through))


@dataclass(frozen=True)
class Above:
    """People of whom the viewer may know only that they are there: by role and place, above the viewer's own."""

    role: str
    place: str
    people: int


@dataclass(frozen=True)
class Sight:
    """Everybody who sees a place."""

    watchers: tuple[Watcher, ...]
    above: tuple[Above, ...]


@dataclass(frozen=True)
class Reach:
    """What one grant of a person opens: ``places`` in use at and below, of which ``enterprises``."""

    through: Through
    path: tuple[Place, ...]
    places: int
    enterprises: int
    inside: bool  # lies below another of the person's grants


@dataclass(frozen=True)
class Shift:
    """A person for whom a move changes how many of the moved places they see."""

    name: str
    role: str
    before: int
    after: int


@dataclass(frozen=True)
class Move:
    """What a move would change, told before it is done."""

    counts: tuple[tuple[str, int], ...]  # places that move, by kind
    losing: tuple[Shift, ...]
    gaining: tuple[Shift, ...]
    unnamed: int  # people above the viewer's own who lose or gain
    zones_left: tuple[Place, ...]
    zones_joined: tuple[Place, ...]
    sector: tuple[str, str] | None  # when it changes: before, after


def role_name(role: str) -> str:
    """What people call a role; the key itself once the pack no longer knows it."""
    known = roles.load(clock.today()).roles
    return known[role].name if role in known else role


def who_sees(viewer: Viewer, place: Place) -> Sight:
    """Everybody who holds a grant that reaches a place, where the viewer keeps the people; others only counted."""
    rows = list(_reaching(place).select_related("person", "place"))
    kept = set(selectors.grants(viewer).filter(pk__in=[row.pk for row in rows]).values_list("pk", flat=True))
    by_person: dict[Person, list[Through]] = defaultdict(list)
    beyond: dict[tuple[str, str], set[int]] = defaultdict(set)
    for row in rows:
        through = _through(row, place)
        if through is None:
            continue
        if row.pk in kept:
            by_person[row.person].append(through)
        else:
            beyond[through.role, row.place.name].add(row.person_id)
    watchers = tuple(Watcher(person, tuple(found)) for person, found in by_person.items())
    above = tuple(Above(role, name, len(people)) for (role, name), people in sorted(beyond.items()))
    return Sight(tuple(sorted(watchers, key=lambda one: (-len(one.capabilities), one.person.name))), above)


def what_sees(viewer: Viewer, person: Person) -> tuple[list[Reach], int]:
    """What each grant of a person opens, from the top down, and how many grants lie outside what the viewer keeps."""
    mine = list(selectors.grants(viewer).filter(person=person).order_by("place__path", "pk"))
    everything = _live().filter(person=person).count()
    names = _places_above(viewer, [row.place for row in mine])
    return [_reach(row, mine, names) for row in mine], everything - len(mine)


def past_grants(viewer: Viewer, person: Person) -> QuerySet[Grant]:
    """Grants of a person that have ended, where the viewer keeps the people, newest first."""
    ended = Grant.objects.filter(person=person, until__lte=clock.now())
    seen = ended.filter(viewer.scope("person.edit", "place__") | Q(person_id=viewer.oneself))
    return seen.select_related("place", "given_by").order_by("-until", "-pk")


def look_before_moving(viewer: Viewer, place: Place, parent: Place, sector: str) -> Move:
    """What moving ``place`` under ``parent`` changes: who loses or gains sight, and which zones count it."""
    below = selectors.subtree(place.path).filter(retired=None)
    kinds = below.order_by().values("kind").annotate(n=Count("pk")).values_list("kind", "n")
    order = {kind: number for number, kind in enumerate(PlaceKind.values)}
    sectors = dict(below.order_by().values("sector").annotate(n=Count("pk")).values_list("sector", "n"))
    shifts, unnamed = _shifts(viewer, place, parent, sectors)
    before, after = _zones(place, place.parent), _zones(place, parent)
    visible = selectors.places(viewer, kinds=ZONES)
    return Move(
        counts=tuple(sorted(kinds, key=lambda row: order.get(row[0], 0))),
        losing=tuple(one for one in shifts if one.after < one.before),
        gaining=tuple(one for one in shifts if one.after > one.before),
        unnamed=unnamed,
        zones_left=tuple(visible.filter(pk__in=before - after)),
        zones_joined=tuple(visible.filter(pk__in=after - before)),
        sector=(place.sector, sector) if sector != place.sector else None,
    )


def _live() -> QuerySet[Grant]:
    return selectors.live_grants(clock.now()).filter(person__is_active=True)


def _reaching(place: Place) -> QuerySet[Grant]:
    """Grants at the place and above it."""
    return _live().filter(place_id__in=paths.ancestor_ids(place.path)).order_by("place__path", "person__name", "pk")


def _through(row: Grant, place: Place) -> Through | None:
    """The grant as a reason to see the place, or things of its sectors below it; None if it reaches neither."""
    capabilities = selectors.capabilities_of(row.role)
    if "place.view" not in capabilities:
        return None
    whole = not row.sectors or place.sector in row.sectors
    if not whole and not selectors.subtree(place.path).filter(sector__in=row.sectors, retired=None).exists():
        return None
    return Through(row, role_name(row.role), capabilities, partly=not whole)


def _reach(row: Grant, all_of_them: Sequence[Grant], names: dict[int, Place]) -> Reach:
    opened = selectors.subtree(row.place.path).filter(retired=None)
    if row.sectors:
        opened = opened.filter(sector__in=row.sectors)
    counts = opened.aggregate(all=Count("pk"), firms=Count("pk", filter=Q(kind="enterprise")))
    inside = any(
        other.pk != row.pk and other.place.path != row.place.path and paths.covers(other.place.path, row.place.path)
        for other in all_of_them
    )
    through = Through(row, role_name(row.role), selectors.capabilities_of(row.role))
    path = tuple(names[step] for step in paths.ancestor_ids(row.place.path) if step in names)
    return Reach(through, path, counts["all"], counts["firms"], inside)


def _places_above(viewer: Viewer, below: Iterable[Place]) -> dict[int, Place]:
    ids = {step for place in below for step in paths.ancestor_ids(place.path)}
    return selectors.places(viewer, retired=True).defer("geometry").in_bulk(sorted(ids))


def _shifts(viewer: Viewer, place: Place, parent: Place, sectors: dict[str, int]) -> tuple[list[Shift], int]:
    """By person: how many of the moved places they see before and after. Grants at or below the place move along."""
    old, new = set(paths.ancestor_ids(place.path)[:-1]), set(paths.ancestor_ids(parent.path))
    moving = list(_live().filter(place_id__in=old | new).select_related("person", "place").order_by("person__name"))
    own = list(_live().filter(place_id=place.pk))
    keeps = set(selectors.grants(viewer).filter(pk__in=[row.pk for row in moving]).values_list("pk", flat=True))
    found, unnamed = [], 0
    for person_id in {row.person_id: None for row in moving}:
        rows = [row for row in moving if row.person_id == person_id]
        always = [row for row in own if row.person_id == person_id]
        before = _seen([row for row in rows if row.place_id in old] + always, sectors)
        after = _seen([row for row in rows if row.place_id in new] + always, sectors)
        if before == after:
            continue
        named = next((row for row in rows if row.pk in keeps), None)
        if named is None:
            unnamed += 1
        else:
            found.append(Shift(named.person.name, role_name(named.role), before, after))
    return found, unnamed


def _seen(rows: Sequence[Grant], sectors: dict[str, int]) -> int:
    seeing = [row for row in rows if "place.view" in selectors.capabilities_of(row.role)]
    return sum(n for sector, n in sectors.items() if any(not row.sectors or sector in row.sectors for row in seeing))


def _zones(place: Place, parent: Place | None) -> set[int]:
    """Ids of the parks and zones that count the place under that parent, by the tree or as their member."""
    counted = set(selectors.counting(parent)) if parent is not None else set()
    for zone in Place.objects.filter(zone_memberships__place=place):
        counted |= selectors.counting(zone)
    return set(Place.objects.filter(pk__in=counted, kind__in=ZONES).values_list("pk", flat=True))


def givable_roles(viewer: Viewer) -> Iterator[tuple[str, roles.Role]]:
    """The roles that the viewer could give somewhere: those of which they hold every capability at one place."""
    known = roles.load(clock.today()).roles
    for key, role in known.items():
        if any({"grant.give", *role.capabilities} <= set(scope.capabilities) for scope in viewer.scopes):
            yield key, role
