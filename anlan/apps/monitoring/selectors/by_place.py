"""Alarms and tags summed up by place, for a map that shows where they are."""

from dataclasses import dataclass

from django.db.models import Count

from anlan.apps.monitoring.choices import Limit
from anlan.apps.monitoring.models import Alarm, Tag
from anlan.kit.grants import Viewer
from anlan.rules import alarms as rules


@dataclass(frozen=True)
class AlarmCount:
    """Open alarms of one level at one place."""

    place_id: int
    level: int
    count: int


def open_alarms(viewer: Viewer) -> list[AlarmCount]:
    """Where something is in alarm or waits to be acknowledged; the alarms of a silent source are one at each place."""
    found = Alarm.objects.filter(viewer.scope("alarm.view", "tag__place__"), state__rarely_in=rules.OPEN)
    lost = found.filter(limit=Limit.MISSING, cleared=None, tag__source__lost_since__isnull=False)
    plain = found.exclude(pk__in=lost.values("pk"))
    rows = plain.order_by().values_list("tag__place_id", "level").annotate(n=Count("tag_id", distinct=True))
    silent = lost.order_by().values_list("tag__place_id", "level").annotate(n=Count("tag__source_id", distinct=True))
    return [AlarmCount(*row) for row in [*rows, *silent]]


def tag_counts(viewer: Viewer) -> tuple[list[int], list[int]]:
    """Where something is watched, and how many tags lie at each of these places."""
    found = Tag.objects.filter(viewer.scope("tag.view", "place__"), enabled=True)
    rows = found.order_by().values_list("place_id").annotate(n=Count("pk"))
    places, counts = zip(*rows, strict=True) if rows else ((), ())
    return list(places), list(counts)
