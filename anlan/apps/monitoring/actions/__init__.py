"""The only writer of sources, tags and alarms: what people do, and what the engine found."""

from anlan.apps.monitoring.actions.alarms import MOST_AT_ONCE, acknowledge, acknowledge_all, comment
from anlan.apps.monitoring.actions.events import DjangoSink
from anlan.apps.monitoring.actions.sources import (
    TagSpec,
    add_source,
    add_tag,
    add_tags,
    edit_tag,
    renew_key,
    switch_source,
)

__all__ = [
    "MOST_AT_ONCE",
    "DjangoSink",
    "TagSpec",
    "acknowledge",
    "acknowledge_all",
    "add_source",
    "add_tag",
    "add_tags",
    "comment",
    "edit_tag",
    "renew_key",
    "switch_source",
]
