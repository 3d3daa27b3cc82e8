"""Tags with their last values and their history."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np
from django.conf import settings
from django.db.models import Count, Q, QuerySet

from anlan.apps.core import selectors as core
from anlan.apps.core.models import Place
from anlan.apps.monitoring.models import Source, Tag
from anlan.apps.monitoring.selectors.alarms import active_by_tag
from anlan.engine.values import LastValues
from anlan.kit.errors import NotInScope
from anlan.kit.grants import Viewer
from anlan.kit.lookups import hint, range_of
from anlan.kit.prepared import prepared, prepared_count
from anlan.rules.alarms import Limits
from anlan.rules.levels import Level

if TYPE_CHECKING:
    from anlan.engine.history import Series


@dataclass(frozen=True)
class TagRow:
    """A tag with its last reading. ``state`` is the limit it is beyond ('' = none); ``ts`` None = never a reading."""

    id: int
    code: str
    name: str
    unit: str
    decimals: int
    rank: str
    place_id: int
    place_name: str
    source_id: int
    enabled: bool
    limits: Limits
    value: float | None
    ts: datetime | None
    good: bool
    arrival: datetime | None
    state: str
    level: Level | None
    alarm_id: int | None


def tags_at(viewer: Viewer, at: int | Place) -> list[TagRow]:
    """The tags at a place and below, in the order of the tree, each with its last value."""
    place = core.place(viewer, at)
    return _told(_below(viewer, place.path, hint=hint(place.kind)))


@prepared
def _below(viewer: Viewer, path: str, *, hint: str) -> QuerySet[Tag]:
    below = _visible(viewer).filter(range_of(path, hint, "place__"))
    return _with_places(below.order_by("place__path", "code"))


def how_many_tags(viewer: Viewer, at: Place) -> int:
    """How many tags there are at a place and below."""
    return _how_many(viewer, at.path, hint=hint(at.kind))


@prepared_count
def _how_many(viewer: Viewer, path: str, *, hint: str) -> QuerySet[Tag]:
    return _visible(viewer).filter(range_of(path, hint, "place__"))


def tag(viewer: Viewer, tag_id: int) -> TagRow:
    """One tag with its last value."""
    rows = _told(_of_ids(viewer, [tag_id]))
    if not rows:
        raise NotInScope
    return rows[0]


def tags(viewer: Viewer, tag_ids: Sequence[int]) -> list[TagRow]:
    """Those of the tags that the viewer may read, in the order of the ids."""
    found = {row.id: row for row in _told(_of_ids(viewer, tag_ids))}
    return [found[tag_id] for tag_id in dict.fromkeys(tag_ids) if tag_id in found]


@prepared
def _of_ids(viewer: Viewer, tag_ids: Collection[int]) -> QuerySet[Tag]:
    return _with_places(_visible(viewer).filter(pk__in=tag_ids))


def search_tags(viewer: Viewer, text: str, named: Sequence[int], limit: int = 20) -> list[TagRow]:
    """Tags in scope whose name contains the text, whose code begins with it, or that lie at one of some places.

    The caller knows the places ``named`` so: to ask for their names here reads the place of every tag.
    """
    wanted = Q(name__icontains=text) | Q(code__istartswith=text) | Q(place__in=named)
    found = _visible(viewer).filter(wanted, enabled=True).order_by("place__path", "code")
    return _told(_with_places(found)[:limit])


def permitted_tags(viewer: Viewer, tag_ids: Collection[int]) -> list[int]:
    """Those of the ids that the viewer may read, ascending."""
    return _permitted(viewer, tag_ids)


@prepared
def _permitted(viewer: Viewer, tag_ids: Collection[int]) -> QuerySet[Tag, int]:
    return _visible(viewer).filter(pk__in=tag_ids).order_by("pk").values_list("pk", flat=True)


def tag_history(viewer: Viewer, tag_id: int, start: datetime, end: datetime, points: int = 500) -> "Series":
    """What a tag did from ``start`` to ``end``, in at most ``points`` steps of lowest, highest and mean."""
    if not permitted_tags(viewer, [tag_id]):
        raise NotInScope
    return tags_history(viewer, [tag_id], start, end, points)[tag_id]


def tags_history(
    viewer: Viewer, tag_ids: Collection[int], start: datetime, end: datetime, points: int = 500
) -> "dict[int, Series]":
    """:func:`tag_history` of several tags in one read; those the viewer may not see are left out."""
    from anlan.engine import history_read, recent  # they bring DuckDB along, which most processes never need

    permitted = permitted_tags(viewer, tag_ids)
    span = _ms(start), _ms(end)
    tail = recent.read(settings.DATA, permitted, *span) if permitted else None
    return history_read.read(settings.DATA / "history", permitted, *span, points, tail)


def _ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


def sources(viewer: Viewer) -> QuerySet[Source]:
    """Gateways at places where the viewer keeps them, with the number of their tags."""
    mine = Source.objects.filter(viewer.scope("source.edit", "place__")).select_related("place")
    return mine.annotate(tag_count=Count("tags")).order_by("place__path", "code")


def _visible(viewer: Viewer) -> QuerySet[Tag]:
    return Tag.objects.filter(viewer.scope("tag.view", "place__"))


def _with_places(found: QuerySet[Tag]) -> QuerySet[Tag]:
    return found.select_related("place").defer("place__geometry")


def _told(rows: Iterable[Tag]) -> list[TagRow]:
    """Tags, read with their places, with their last values."""
    rows = list(rows)
    ids = [row.pk for row in rows]
    last = LastValues(settings.DATA / "values.bin").read(np.array(ids, np.uint32))
    active = active_by_tag(ids)
    readings = zip(last.value.tolist(), last.ts.tolist(), last.good.tolist(), last.arrival.tolist(), strict=True)
    return [_row(one, *reading, active.get(one.pk)) for one, reading in zip(rows, readings, strict=True)]


def _row(one: Tag, value: float, ts: int, good: int, arrival: int, active: tuple[int, str, Level] | None) -> TagRow:
    return TagRow(
        id=one.pk,
        code=one.code,
        name=one.name,
        unit=one.unit,
        decimals=one.decimals,
        rank=one.rank,
        place_id=one.place_id,
        place_name=one.place.name,
        source_id=one.source_id,
        enabled=one.enabled,
        limits=Limits(**{name: getattr(one, name) for name in Limits.__dataclass_fields__}),
        value=value if ts and value == value else None,
        ts=_moment(ts),
        good=bool(good),
        arrival=_moment(arrival),
        state=active[1] if active else "",
        level=active[2] if active else None,
        alarm_id=active[0] if active else None,
    )


def _moment(ms: int) -> datetime | None:
    return datetime.fromtimestamp(ms / 1000, UTC) if ms else None
