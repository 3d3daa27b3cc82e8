"""Changing the limits of many tags at once."""

from collections.abc import Mapping
from dataclasses import asdict

from django.db import transaction
from django.db.models import F

from anlan.apps.core.actions import Entry, audit_many, emit_many
from anlan.apps.monitoring.actions.events import settle_source
from anlan.apps.monitoring.models import Tag
from anlan.kit import clock
from anlan.kit.errors import NotAllowed, NotInScope, check
from anlan.kit.grants import Viewer
from anlan.rules.alarms import Limits, check_limits


def set_limits(viewer: Viewer, wanted: Mapping[int, Limits]) -> int:
    """Give tags their limits, all or none; returns how many changed. The engine takes them up within a second."""
    with transaction.atomic():
        rows = Tag.objects.select_for_update(of=("self",), no_key=True).select_related("place").order_by("pk")
        tags = list(rows.filter(pk__in=list(wanted)))
        _check_scope(viewer, tags, len(wanted))
        entries, now = [], clock.now()
        for tag in tags:
            limits = wanted[tag.pk]
            check(check_limits(limits))
            after = asdict(limits)
            before = {name: getattr(tag, name) for name in after}
            changed = {name: [before[name], value] for name, value in after.items() if before[name] != value}
            if changed:
                Tag.objects.filter(pk=tag.pk).update(**after, revision=F("revision") + 1, changed=now)
                entries.append(Entry(viewer.person_id, "tag.edit", tag.place_id, f"tag:{tag.pk}", {"changed": changed}))
        for source_id in sorted({tag.source_id for tag in tags}):
            settle_source(source_id, now)
        audit_many(entries)
        places = {f"tag:{tag.pk}": tag for tag in tags}
        emit_many("tags", ((entry.place_id, {"tag": places[entry.subject].pk}) for entry in entries))
    return len(entries)


def _check_scope(viewer: Viewer, tags: list[Tag], asked: int) -> None:
    """What the viewer may not see is not there; what they may see but not change is refused."""
    if len(tags) < asked or not all(viewer.may("tag.view", tag.place.path, tag.place.sector) for tag in tags):
        raise NotInScope
    if not all(viewer.may("tag.edit", tag.place.path, tag.place.sector) for tag in tags):
        raise NotAllowed("tag.edit")
