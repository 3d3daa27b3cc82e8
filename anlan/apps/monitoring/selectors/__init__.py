"""The only reader of sources, tags and alarms; everything a person asks for is narrowed to the viewer's grants.

``engine`` answers the machine (tags, keys) and takes no viewer.
"""

from anlan.apps.monitoring.selectors.alarms import (
    LONGEST_LIST,
    AlarmDetail,
    AlarmRow,
    NoteLine,
    Queue,
    alarm,
    alarms,
    alarms_by_id,
    alarms_of,
    duty_queue,
    notes_of,
    open_alarm_ids,
)
from anlan.apps.monitoring.selectors.counts import (
    SilentSource,
    missing_at,
    overdue,
    raised_between,
    silent_sources,
    waiting_at,
)
from anlan.apps.monitoring.selectors.engine import source_by_key, tag_table, tag_table_version
from anlan.apps.monitoring.selectors.health import Counter, Health, Part, health, pulse
from anlan.apps.monitoring.selectors.metrics import engine_figures, record_figures
from anlan.apps.monitoring.selectors.positions import Tracked, tracked
from anlan.apps.monitoring.selectors.tags import (
    TagRow,
    how_many_tags,
    permitted_tags,
    search_tags,
    sources,
    tag,
    tag_history,
    tags,
    tags_at,
    tags_history,
)

QueueRow = AlarmRow

__all__ = [
    "LONGEST_LIST",
    "AlarmDetail",
    "AlarmRow",
    "Counter",
    "Health",
    "NoteLine",
    "Part",
    "Queue",
    "QueueRow",
    "SilentSource",
    "TagRow",
    "Tracked",
    "alarm",
    "alarms",
    "alarms_by_id",
    "alarms_of",
    "duty_queue",
    "engine_figures",
    "health",
    "how_many_tags",
    "missing_at",
    "notes_of",
    "open_alarm_ids",
    "overdue",
    "permitted_tags",
    "pulse",
    "raised_between",
    "record_figures",
    "search_tags",
    "silent_sources",
    "source_by_key",
    "sources",
    "tag",
    "tag_history",
    "tag_table",
    "tag_table_version",
    "tags",
    "tags_at",
    "tags_history",
    "tracked",
    "waiting_at",
]
