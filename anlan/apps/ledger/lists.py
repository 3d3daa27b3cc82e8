"""What lists of the ledger tell, in parts: facts by place, kind and level; places by what they show."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Q, QuerySet
from django.db.models.functions import Length

from anlan.apps.core import selectors as core
from anlan.apps.core.models import Place
from anlan.apps.ledger.explanation import live
from anlan.apps.ledger.models import Fact
from anlan.kit.errors import NotInScope
from anlan.kit.grants import Viewer
from anlan.rules import paths
from anlan.rules.levels import ORDER, Level


def facts(
    viewer: Viewer,
    place_id: int | None = None,
    *,
    kinds: Collection[str] = (),
    levels: Collection[int] = (),
    at: datetime | None = None,
) -> QuerySet[Fact]:
    """Facts at a place and below (None = wherever the viewer may read them); ``at``: only those that counted then."""
    found = Fact.objects.filter(viewer.scope("fact.view", "place__"))
    if place_id is not None:
        path = core.place(viewer, place_id).path
        found = found.filter(place__path__gte=path, place__path__lt=paths.after(path))
    if kinds:
        found = found.filter(kind__in=list(kinds))
    if levels:
        found = found.filter(level__in=list(levels))
    if at is not None:
        found = found.filter(live(at))
    return found.select_related("clearing")


def fact(viewer: Viewer, fact_id: int) -> Fact:
    found = facts(viewer).filter(pk=fact_id).first()
    if found is None:
        raise NotInScope
    return found


def showing(
    viewer: Viewer,
    place_id: int | None = None,
    *,
    depth: int | None = None,
    levels: Collection[int] = (),
    kinds: Collection[str] = (),
) -> QuerySet[Place]:
    """Places in use with what they show: at one and below, so many steps down, of these levels and kinds."""
    found = core.places(viewer, kinds=kinds).select_related("shown").defer("geometry")
    if place_id is not None:
        root = core.place(viewer, place_id)
        found = found.filter(path__gte=root.path, path__lt=paths.after(root.path))
        if depth is not None:
            found = found.annotate(reach=Length("path")).filter(reach__lte=len(root.path) + depth * paths.STEP)
    if levels:
        never = Q(shown=None) if Level.UNKNOWN in levels else Q(pk__in=[])
        found = found.filter(Q(shown__level__in=list(levels)) | never)
    return found


#: Levels in the order in which they are bad, unknown worse than low; what was never projected is unknown too. With each
#: the column by which its places are ordered, so that an index holds them.
STEPS = (
    (Q(shown__level=int(Level.LOW)), "shown__place_id"),
    (Q(shown=None), "pk"),
    *((Q(shown__level=int(level)), "shown__place_id") for level in ORDER if level is not Level.LOW),
)


def worst_first(rows: QuerySet[Place], after: tuple[int, int] | None, limit: int) -> list[tuple[int, Place]]:
    """The next places from the worst level down, by their ids, each with its step; ``after``: step and id of the last.

    One step after the other is asked until there are enough: an index holds each, all together would be sorted.
    """
    found: list[tuple[int, Place]] = []
    first, last = after or (len(STEPS) - 1, 0)
    for step in range(first, -1, -1):
        which, tie = STEPS[step]
        some = rows.filter(which).order_by(tie)
        some = some.filter(**{f"{tie}__gt": last}) if step == first else some
        found += [(step, place) for place in some[: limit - len(found)]]
        if len(found) >= limit:
            break
    return found


def at_level(level: Level) -> Q:
    """Places at a level; one that was never projected is unknown."""
    found = Q(shown__level=int(level))
    return found | Q(shown=None) if level is Level.UNKNOWN else found
