"""A park: its grade with what was lost, facilities, groups, its own list, who is in it."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from anlan.apps.core.choices import PlaceKind
from anlan.apps.core.models import Place
from anlan.apps.enterprises import selectors as enterprises
from anlan.apps.parks.choices import GateState
from anlan.apps.parks.models import Gate, JointGroup, ListedEntry, ParkGrading, ParkProfile, SharedFacility
from anlan.kit import clock
from anlan.kit.errors import NotAllowed, NotInScope
from anlan.kit.grants import Viewer
from anlan.packs.families import park_desk
from anlan.packs.families import park_grading as pack
from anlan.packs.families.park_grading import Grade, Item, Veto
from anlan.rules import paths


@dataclass(frozen=True)
class Lost:
    """An item that lost points, with what was found."""

    item: Item
    section: str
    lost: float
    note: str


@dataclass(frozen=True)
class Shown:
    """A grading as pages show it; ``days``: until it runs out, below 0: it has."""

    row: ParkGrading
    grade: Grade | None
    days: int
    lost: tuple[Lost, ...]
    vetoes: tuple[Veto, ...]

    @property
    def valid(self) -> bool:
        return self.days >= 0 and self.row.withdrawn is None


def parks(viewer: Viewer) -> QuerySet[Place]:
    """Parks in use that the viewer may see, by name, with what they show (``place.shown``)."""
    found = Place.objects.filter(viewer.scope("park.view"), kind=PlaceKind.PARK, retired=None)
    return found.select_related("shown", "park_profile").order_by("name", "pk")


def park(viewer: Viewer, place_id: int, capability: str = "park.view") -> Place:
    """One park. Raises NotInScope, NotAllowed."""
    seen = viewer.scope("park.view") | viewer.scope("place.view")
    place = Place.objects.filter(seen, pk=place_id, kind=PlaceKind.PARK).first()
    if place is None:
        raise NotInScope
    for needed in {"park.view", capability}:
        if not viewer.may(needed, place.path, place.sector):
            raise NotAllowed(needed)
    return place


def profile(place: Place) -> ParkProfile:
    """What is written of a park that the viewer may see; an empty one where nothing is."""
    return ParkProfile.objects.filter(pk=place.pk).first() or ParkProfile(place=place)


def gradings(viewer: Viewer, place: Place | None = None) -> QuerySet[ParkGrading]:
    """Assessments, the newest first; withdrawn ones too."""
    rows = ParkGrading.objects.filter(viewer.scope("park.view", "place__"))
    rows = rows.filter(place=place) if place is not None else rows
    return rows.select_related("place", "created_by", "report").order_by("-assessed", "-pk")


def current_grading(place: Place) -> ParkGrading | None:
    """The assessment that counts. The caller has checked the park."""
    return ParkGrading.objects.filter(place=place, withdrawn=None).order_by("-assessed", "-pk").first()


def current_gradings(places: Collection[Place]) -> dict[int, ParkGrading]:
    """The assessment that counts of each park, by the park's id. The caller has checked the parks."""
    rows = ParkGrading.objects.filter(place__in=[one.pk for one in places], withdrawn=None)
    return {row.place_id: row for row in rows.order_by("assessed", "pk")}  # the last one of each stays


def shown_grading(row: ParkGrading) -> Shown:
    """A grading with its words, by the version of the checklist that it was made with."""
    known = pack.load(row.pack_from)
    vetoes = tuple(one for one in known.vetoes if one.code in row.vetoes)
    days = (row.valid_until - clock.today()).days
    return Shown(row, known.grade(row.grade), days, tuple(lost_points(row)), vetoes)


def lost_points(row: ParkGrading) -> list[Lost]:
    """What lost points, the most first."""
    known = pack.load(row.pack_from)
    names = {section.key: section.name for section in known.sections}
    found = [
        Lost(item, names[item.section], lost, str(row.notes.get(item.code, "")))
        for item in known.items
        if (lost := float(row.losses.get(item.code, 0))) > 0
    ]
    return sorted(found, key=lambda one: -one.lost)


def gates(place: Place) -> list[Gate]:
    """The gates of a park that the viewer may see: those in use first, in the order of the pack's uses."""
    uses = list(park_desk.load(clock.today()).gates)
    rows = Gate.objects.filter(place=place, ended=None).order_by("name")
    return sorted(rows, key=lambda one: (one.state == GateState.CLOSED, uses.index(one.use) if one.use in uses else 99))


def facilities(place: Place) -> QuerySet[SharedFacility]:
    return SharedFacility.objects.filter(place=place, ended=None).order_by("kind", "name")


def missing_facilities(rows: Sequence[SharedFacility]) -> list[str]:
    """Kinds that a park needs and has not registered."""
    there = {row.kind for row in rows}
    known = park_desk.load(clock.today()).facilities
    return [kind.name for key, kind in known.items() if kind.needed and key not in there]


def facility(viewer: Viewer, facility_id: int) -> SharedFacility:
    """One shared facility in use. Raises NotInScope."""
    rows = SharedFacility.objects.filter(viewer.scope("park.view", "place__"), pk=facility_id, ended=None)
    found = rows.select_related("place").first()
    if found is None:
        raise NotInScope
    return found


def entry(viewer: Viewer, entry_id: int) -> ListedEntry:
    """One entry of a park's list. Raises NotInScope."""
    found = ListedEntry.objects.filter(viewer.scope("park.view", "place__"), pk=entry_id).first()
    if found is None:
        raise NotInScope
    return found


def grading(viewer: Viewer, grading_id: int) -> ParkGrading:
    """One assessment, withdrawn or not. Raises NotInScope."""
    found = gradings(viewer).filter(pk=grading_id).first()
    if found is None:
        raise NotInScope
    return found


def groups(place: Place) -> QuerySet[JointGroup]:
    rows = JointGroup.objects.filter(place=place, ended=None).select_related("leader")
    return rows.prefetch_related("members").order_by("name")


def group(viewer: Viewer, group_id: int) -> JointGroup:
    """One joint-control group. Raises NotInScope."""
    rows = JointGroup.objects.filter(viewer.scope("park.view", "place__"), pk=group_id, ended=None)
    found = rows.select_related("place", "leader").first()
    if found is None:
        raise NotInScope
    return found


def listed(viewer: Viewer, place: Place, on: date | None = None) -> QuerySet[ListedEntry]:
    """The park's own list: all entries, or those in force on a day."""
    rows = ListedEntry.objects.filter(viewer.scope("park.view", "place__"), place=place).select_related("created_by")
    if on is not None:
        rows = rows.filter(Q(until=None) | Q(until__gte=on), ended=None, since__lte=on)
    return rows.order_by("kind", "words", "pk")


def plant_counts(viewer: Viewer, places: Collection[Place]) -> Counter[int]:
    """How many enterprises that the viewer may see lie in each park, or are counted by it."""
    near = Q(also_in__in=[one.pk for one in places])
    for one in places:
        near |= Q(path__gte=one.path, path__lt=paths.after(one.path))
    rows = enterprises.enterprises(viewer).filter(near, kind=PlaceKind.ENTERPRISE).order_by()
    found = set[tuple[int, int]]()
    for plant, path, zone in rows.values_list("pk", "path", "also_in"):
        within = {one.pk for one in places if one.pk == zone or paths.covers(one.path, path)}
        found |= {(park_id, plant) for park_id in within}
    return Counter(park_id for park_id, _ in found)


def enterprises_in(viewer: Viewer, place: Place) -> QuerySet[Place]:
    """The enterprises in a park, or counted by it, that the viewer may see; with their facts and levels."""
    return enterprises.under(enterprises.enterprises(viewer), viewer, place.pk).filter(kind=PlaceKind.ENTERPRISE)


def plant_in(viewer: Viewer, place: Place, plant_id: int) -> Place:
    """One of the enterprises in a park, or counted by it. Raises NotInScope."""
    found = enterprises_in(viewer, place).filter(pk=plant_id).first()
    if found is None:
        raise NotInScope
    return found
