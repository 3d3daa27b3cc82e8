"""How many alarms there are, or were, at a place and below: for pages that say a number and compare it."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from anlan.apps.core.models import Place
from anlan.apps.monitoring.choices import Limit
from anlan.apps.monitoring.models import Alarm, Source
from anlan.kit.grants import Viewer
from anlan.kit.lookups import inside


@dataclass(frozen=True)
class SilentSource:
    """A gateway of which nothing is heard."""

    name: str
    place_id: int
    place_name: str
    since: datetime


def waiting_at(viewer: Viewer, at: datetime, place: Place | None = None) -> int:
    """Alarms that nobody had acknowledged at that moment; what came later from a backlog is not counted."""
    found = _alarms(viewer, place).filter(raised__lte=at, historic=False)
    return sum(found.filter(part).count() for part in _lasting("acknowledged", at))


def overdue(viewer: Viewer, now: datetime, place: Place | None = None) -> int:
    """Alarms whose time to be acknowledged is over."""
    return _alarms(viewer, place).filter(acknowledged=None, due__lt=now, historic=False).count()


def raised_between(viewer: Viewer, start: datetime, end: datetime, place: Place | None = None) -> int:
    return _alarms(viewer, place).filter(raised__gte=start, raised__lt=end).exclude(limit=Limit.MISSING).count()


def missing_at(viewer: Viewer, at: datetime, place: Place | None = None) -> int:
    """Tags of which nothing was heard at that moment."""
    found = _alarms(viewer, place).filter(limit=Limit.MISSING, raised__lte=at).values_list("tag", flat=True).distinct()
    return len({tag for part in _lasting("cleared", at) for tag in found.filter(part)})


def silent_sources(viewer: Viewer, place: Place | None = None, limit: int = 20) -> list[SilentSource]:
    """Gateways that fell silent, at places whose tags the viewer may read; the longest silent first."""
    found = Source.objects.filter(viewer.scope("tag.view", "place__"), lost_since__isnull=False, enabled=True)
    if place is not None:
        found = found.filter(inside(place.path, place.kind, "place__"))
    rows = found.order_by("lost_since").values_list("name", "place_id", "place__name", "lost_since")[:limit]
    return [SilentSource(name, place_id, place_name, since) for name, place_id, place_name, since in rows if since]


def _lasting(column: str, at: datetime) -> tuple[Q, Q]:
    """What was not over at a moment, in two parts that each have an index: still not, or only since."""
    return Q(**{column: None}), Q(**{f"{column}__rarely_gt": at})


def _alarms(viewer: Viewer, place: Place | None) -> QuerySet[Alarm]:
    found = Alarm.objects.filter(viewer.scope("alarm.view", "tag__place__"))
    if place is None:
        return found
    return found.filter(inside(place.path, place.kind, "tag__place__"))
