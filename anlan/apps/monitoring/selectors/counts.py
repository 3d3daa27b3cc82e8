"""How many alarms there are, or were, at a place and below: for pages that say a number and compare it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from anlan.apps.core.models import Place
from anlan.apps.monitoring.choices import Limit
from anlan.apps.monitoring.models import Alarm, Source
from anlan.kit.grants import Viewer
from anlan.kit.lookups import inside
from anlan.kit.prepared import prepared, prepared_count


@dataclass(frozen=True)
class SilentSource:
    """A gateway of which nothing is heard."""

    name: str
    place_id: int
    place_name: str
    since: datetime


def waiting_at(viewer: Viewer, at: datetime, place: Place | None = None) -> int:
    """Alarms that nobody had acknowledged at that moment; what came later from a backlog is not counted."""
    path, kind = _where(place)
    return sum(_waiting(viewer, path, at, kind=kind, since=since) for since in (False, True))


@prepared_count
def _waiting(viewer: Viewer, path: str | None, at: datetime, *, kind: str, since: bool) -> QuerySet[Alarm]:
    found = _alarms(viewer, path, kind).filter(raised__lte=at, historic=False)
    return found.filter(_lasting("acknowledged", at, since=since))


def overdue(viewer: Viewer, now: datetime, place: Place | None = None) -> int:
    """Alarms whose time to be acknowledged is over."""
    path, kind = _where(place)
    return _overdue(viewer, path, now, kind=kind)


@prepared_count
def _overdue(viewer: Viewer, path: str | None, now: datetime, *, kind: str) -> QuerySet[Alarm]:
    return _alarms(viewer, path, kind).filter(acknowledged=None, due__lt=now, historic=False)


def raised_between(viewer: Viewer, start: datetime, end: datetime, place: Place | None = None) -> int:
    path, kind = _where(place)
    return _raised(viewer, path, start, end, kind=kind)


@prepared_count
def _raised(viewer: Viewer, path: str | None, start: datetime, end: datetime, *, kind: str) -> QuerySet[Alarm]:
    return _alarms(viewer, path, kind).filter(raised__gte=start, raised__lt=end).exclude(limit=Limit.MISSING)


def missing_at(viewer: Viewer, at: datetime, place: Place | None = None) -> int:
    """Tags of which nothing was heard at that moment."""
    path, kind = _where(place)
    return len({tag for since in (False, True) for tag in _missing(viewer, path, at, kind=kind, since=since)})


@prepared
def _missing(viewer: Viewer, path: str | None, at: datetime, *, kind: str, since: bool) -> QuerySet[Alarm, Any]:
    found = _alarms(viewer, path, kind).filter(limit=Limit.MISSING, raised__lte=at)
    return found.filter(_lasting("cleared", at, since=since)).values_list("tag", flat=True).distinct()


def silent_sources(viewer: Viewer, place: Place | None = None, limit: int = 20) -> list[SilentSource]:
    """Gateways that fell silent, at places whose tags the viewer may read; the longest silent first."""
    path, kind = _where(place)
    return [SilentSource(*told) for told in _silent(viewer, path, kind=kind, limit=limit)]


@prepared
def _silent(viewer: Viewer, path: str | None, *, kind: str, limit: int) -> QuerySet[Source, Any]:
    found = Source.objects.filter(viewer.scope("tag.view", "place__"), lost_since__isnull=False, enabled=True)
    if path is not None:
        found = found.filter(inside(path, kind, "place__"))
    return found.order_by("lost_since").values_list("name", "place_id", "place__name", "lost_since")[:limit]


def _where(place: Place | None) -> tuple[str | None, str]:
    return (place.path, place.kind) if place else (None, "")


def _lasting(column: str, at: datetime, *, since: bool) -> Q:
    """What was not over at a moment, in two parts that each have an index: still not, or only ``since``."""
    return Q(**{f"{column}__rarely_gt": at}) if since else Q(**{column: None})


def _alarms(viewer: Viewer, path: str | None, kind: str) -> QuerySet[Alarm]:
    found = Alarm.objects.filter(viewer.scope("alarm.view", "tag__place__"))
    return found if path is None else found.filter(inside(path, kind, "tag__place__"))
