"""What lists of tags and alarms hold, as rows to be cut into parts; :func:`tags` and :func:`alarms_by_id` tell each."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import Q, QuerySet

from anlan.apps.core import selectors as core
from anlan.apps.monitoring.models import Alarm, Tag
from anlan.apps.monitoring.selectors.alarms import AlarmRow, _on_screen, _visible, alarms_by_id, in_states
from anlan.apps.monitoring.selectors.tags import TagRow, tags
from anlan.apps.monitoring.selectors.tags import _visible as _visible_tags
from anlan.kit.grants import Viewer
from anlan.kit.lookups import BROAD, inside
from anlan.rules import paths

_EVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class AlarmFilter:
    """Which alarms: at a place and below, of a tag, in states, of levels (none = all), raised in a span of time."""

    place_id: int | None = None
    tag_id: int | None = None
    states: Collection[str] = ()
    levels: Collection[int] = ()
    start: datetime | None = None
    end: datetime | None = None


def tags_matching(
    viewer: Viewer, place_id: int | None = None, text: str = "", *, enabled: bool | None = None
) -> QuerySet[Tag]:
    """Tags in scope: at a place and below, with a text in code or name, in use or not."""
    found = _visible_tags(viewer)
    if place_id is not None:
        path = core.place(viewer, place_id).path
        found = found.filter(place__path__gte=path, place__path__lt=paths.after(path))
    if text:
        found = found.filter(Q(name__icontains=text) | Q(code__icontains=text))
    return found if enabled is None else found.filter(enabled=enabled)


def alarms_matching(viewer: Viewer, asked: AlarmFilter) -> QuerySet[Alarm]:
    """Alarms in scope as a list shows them: an outer limit hides the inner, a silent source is one line.

    Lists show the newest first: the planner is led to begin with those, not with all places, unless these are few.
    """
    found, few = _visible(viewer), viewer.narrow("alarm.view")
    if asked.place_id is not None:
        place = core.place(viewer, asked.place_id)
        found = found.filter(inside(place.path, place.kind, "tag__place__"))
        few = few or place.kind not in BROAD
    if not few:
        found = found.filter(raised__rarely_gte=_EVER)
    given = {
        "tag_id": asked.tag_id,
        "level__in": list(asked.levels) or None,
        "raised__gte": asked.start,
        "raised__lt": asked.end,
    }
    found = found.filter(**{name: value for name, value in given.items() if value is not None})
    if asked.states:
        found = found.filter(in_states(asked.states))
    return _on_screen(viewer, found)


def tag_rows(viewer: Viewer, found: Collection[Tag]) -> list[TagRow]:
    """The tags with their last values, in the same order."""
    return tags(viewer, [tag.pk for tag in found])


def alarm_rows(viewer: Viewer, found: Collection[Alarm]) -> list[AlarmRow]:
    """The alarms as lists show them, in the same order."""
    rows = {row.alarm_id: row for row in alarms_by_id(viewer, [alarm.pk for alarm in found])}
    return [rows[alarm.pk] for alarm in found if alarm.pk in rows]
