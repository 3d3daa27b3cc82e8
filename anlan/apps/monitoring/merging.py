"""Tags and gateways of a place that is merged into another go over; their alarms go with them."""

from django.db.models import F

from anlan.apps.core.actions import Entry, audit_many, emit
from anlan.apps.monitoring.models import Source, Tag
from anlan.kit import clock
from anlan.kit.merging import Share, register


def take_over(actor: int | None, gone: int, kept: int) -> None:
    """Put the tags and gateways of one place at the other; the engine takes up the change within a second."""
    tags = list(Tag.objects.filter(place_id=gone).values_list("pk", flat=True))
    sources = list(Source.objects.filter(place_id=gone).values_list("pk", flat=True))
    Tag.objects.filter(pk__in=tags).update(place_id=kept, revision=F("revision") + 1, changed=clock.now())
    Source.objects.filter(pk__in=sources).update(place_id=kept, revision=F("revision") + 1)
    moved = {"changed": {"place_id": [gone, kept]}}
    audit_many(Entry(actor, "tag.edit", kept, f"tag:{tag}", moved) for tag in tags)
    audit_many(Entry(actor, "source.edit", kept, f"source:{source}", moved) for source in sources)
    if tags:
        emit("tags", kept, {"moved": len(tags)})


def count(gone: int) -> list[tuple[str, int]]:
    """What goes over."""
    tags, sources = Tag.objects.filter(place_id=gone), Source.objects.filter(place_id=gone)
    return [("监测点", tags.count()), ("数据来源", sources.count())]


def join() -> None:
    """Have tags and gateways take part in merges."""
    register(Share("monitoring", frozenset({"monitoring.Tag", "monitoring.Source"}), take_over, count))
