"""What a manager asks about gateways: when they were last heard, what was taken and what refused, what was changed."""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime

import numpy as np
from django.conf import settings
from django.db.models import Count, QuerySet

from anlan.apps.core import selectors as core
from anlan.apps.core.models import AuditRow
from anlan.apps.monitoring.models import Source, Tag
from anlan.apps.monitoring.selectors.health import engine_says
from anlan.engine.reasons import REASONS, TEXTS
from anlan.engine.values import LastValues
from anlan.kit.errors import NotInScope
from anlan.kit.grants import Viewer

#: What becomes of a reading without being refused.
KEPT = ("taken", "late")


def sources(viewer: Viewer) -> QuerySet[Source]:
    """Gateways at places where the viewer keeps them, with the number of their tags."""
    mine = Source.objects.filter(viewer.scope("source.edit", "place__")).select_related("place")
    return mine.annotate(tag_count=Count("tags"))


def source(viewer: Viewer, source_id: int) -> Source:
    found = sources(viewer).filter(pk=source_id).first()
    if found is None:
        raise NotInScope
    return found


def last_heard(source_ids: Collection[int]) -> dict[int, datetime]:
    """When a reading of each gateway last came in."""
    tags = Tag.objects.filter(source_id__in=list(source_ids)).order_by("pk").values_list("pk", "source_id")
    rows = list(tags)
    if not rows:
        return {}
    arrivals = LastValues(settings.DATA / "values.bin").read(np.array([row[0] for row in rows], np.uint32)).arrival
    newest: dict[int, int] = {}
    for (_, owner), at in zip(rows, arrivals.tolist(), strict=True):
        newest[owner] = max(newest.get(owner, 0), at)
    return {owner: datetime.fromtimestamp(at / 1000, UTC) for owner, at in newest.items() if at}


def counts() -> dict[int, Mapping[str, int]]:
    """Readings by gateway and by what became of them, since the engine began."""
    said = engine_says().get("sources", {})
    return {int(one): found for one, found in said.items()} if isinstance(said, dict) else {}


def reasons(found: Mapping[str, int]) -> list[tuple[str, str, int]]:
    """Why readings were not used: in words, what to do about it, how many; the most first."""
    told = dict(zip(REASONS, TEXTS, strict=True))
    rows = [(*told[name], n) for name, n in found.items() if n and name in told and name not in KEPT]
    return sorted(rows, key=lambda row: -row[2])


def a_code(source: Source) -> str:
    """The code of one of its tags, for the example that the page shows."""
    return (
        Tag.objects.filter(source=source, enabled=True).order_by("pk").values_list("code", flat=True).first() or "P-101"
    )


def changes(viewer: Viewer, source: Source) -> list[AuditRow]:
    """What was last done to a gateway."""
    return list(core.audit_rows(viewer).filter(subject=f"source:{source.pk}")[:10])


def tag_changes(viewer: Viewer, tag_id: int) -> list[AuditRow]:
    """What was last done to a tag."""
    return list(core.audit_rows(viewer).filter(subject=f"tag:{tag_id}")[:20])


def editable_tags(viewer: Viewer) -> QuerySet[Tag]:
    """Tags whose limits the viewer may change."""
    mine = Tag.objects.filter(viewer.scope("tag.edit", "place__")).filter(viewer.scope("tag.view", "place__"))
    return mine.select_related("place", "source__place").defer("place__geometry", "source__place__geometry")


def editable_tag(viewer: Viewer, tag_id: int) -> Tag:
    found = editable_tags(viewer).filter(pk=tag_id).first()
    if found is None:
        raise NotInScope
    return found


def source_name(viewer: Viewer, tag: Tag) -> str:
    """The name of a tag's gateway for those who keep it; a gateway may lie above what somebody sees."""
    at = tag.source.place
    return tag.source.name if viewer.may("source.edit", at.path, at.sector) else ""
