"""Enterprises, and the combined search over them."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Count, Q, QuerySet

from anlan.apps.core import selectors as core
from anlan.apps.core.models import Place, ZoneMembership
from anlan.apps.enterprises.models import Enterprise
from anlan.kit import clock
from anlan.kit.grants import Viewer
from anlan.kit.lookups import inside
from anlan.kit.prepared import prepared
from anlan.packs.families import economic_types, industries
from anlan.rules import paths

#: What may keep a file.
KINDS = ("enterprise", "public_object")


@dataclass(frozen=True)
class Firm:
    """The enterprise (or school, or hospital) that a place belongs to."""

    id: int
    name: str
    path: str


def enterprises(viewer: Viewer) -> QuerySet[Place]:
    """Enterprises in use, with their basic facts (``place.enterprise``) and what they show (``place.shown``).

    One without a file yet has no ``enterprise``; see :func:`facts_of`. Public objects appear once they keep a file.
    """
    kept = Q(kind="enterprise") | Q(kind="public_object", enterprise__isnull=False)
    found = Place.objects.filter(viewer.scope("enterprise.view"), kept, kind__in=KINDS, retired=None)
    return found.select_related("enterprise", "shown").order_by("name", "pk")


def facts_of(place: Place) -> Enterprise | None:
    """The basic facts of an enterprise, or None where nobody has opened its file."""
    return getattr(place, "enterprise", None)


def under(rows: QuerySet[Place], viewer: Viewer, place_id: int) -> QuerySet[Place]:
    """Those in an area, or counted by a zone."""
    area = core.place(viewer, place_id)
    members = ZoneMembership.objects.filter(zone=area).values("place")
    return rows.filter(inside(area.path, area.kind) | Q(pk__in=members))


def of_economic_type(rows: QuerySet[Place], codes: Iterable[str]) -> QuerySet[Place]:
    """Those of an economic type or a finer one."""
    known = economic_types.load(clock.today())
    return rows.filter(enterprise__economic_type__in={one for code in codes for one in known.within(code)})


def in_industry(rows: QuerySet[Place], codes: Iterable[str]) -> QuerySet[Place]:
    """Those of an industry: a section, division, group or class."""
    known = industries.load(clock.today())
    starts = [start for code in codes for start in known.prefixes(code)]
    either = (Q(enterprise__industry__startswith=start) for start in starts)
    return rows.filter(reduce(or_, either, Q(pk__in=[])))


def holding(rows: QuerySet[Place], viewer: Viewer, place_ids: Collection[int]) -> QuerySet[Place]:
    """Those among the given ids, in however many pieces the database needs."""
    return rows.filter(pk__in=sorted(place_ids))


@dataclass(frozen=True)
class Many:
    """How many enterprises of a trade show a level (0 unknown … 4 major)."""

    sector: str
    level: int
    count: int


def counted(rows: QuerySet[Place]) -> list[Many]:
    """The rows by trade and level, in one question."""
    found = rows.order_by().values_list("sector", "shown__level").annotate(n=Count("pk"))
    return [Many(sector, level or 0, number) for sector, level, number in found]


def one_by_one(rows: QuerySet[Place], most: int) -> list[tuple[int, str, int]]:
    """Id, trade and level of some of the rows, all if they are not more than so many."""
    found = rows.order_by().values_list("pk", "sector", "shown__level")[:most]
    return [(pk, sector, level or 0) for pk, sector, level in found]


def of_ids(place_ids: Collection[int]) -> QuerySet[Place]:
    """Those that the caller has just found, as :func:`enterprises` reads them."""
    return Place.objects.filter(pk__in=place_ids).select_related("enterprise", "shown").order_by("name", "pk")


def trades(rows: QuerySet[Place]) -> list[tuple[str, str]]:
    """The pairs of trade and industry that there are."""
    found = rows.order_by().values_list("sector", "enterprise__industry").distinct()
    return [(sector, industry or "") for sector, industry in found]


def firms_of(viewer: Viewer, found: Sequence[str]) -> dict[str, Firm]:
    """The enterprise above (or at) each path, as far as the viewer may see it, in one query."""
    above = {place_id for path in found for place_id in paths.ancestor_ids(path)}
    firms = {pk: Firm(pk, name, path) for pk, name, path in _firms(viewer, above)}
    ways = {path: [firms[one] for one in paths.ancestor_ids(path) if one in firms] for path in found}
    return {path: way[-1] for path, way in ways.items() if way}


@prepared
def _firms(viewer: Viewer, place_ids: Collection[int]) -> QuerySet[Place, Any]:
    seen = viewer.scope("place.view") | viewer.scope("enterprise.view")
    return Place.objects.filter(seen, kind__in=KINDS, pk__in=place_ids).values_list("pk", "name", "path")
