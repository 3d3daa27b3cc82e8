"""Why many places have the colour that they show, in a few words each; ``explain`` tells it of one, in full."""

from collections.abc import Collection
from typing import Any

from django.db.models import Max, QuerySet
from django.utils.translation import gettext

from anlan.apps.ledger.explanation import outside, render
from anlan.apps.ledger.models import LevelChange
from anlan.kit.grants import Viewer
from anlan.kit.prepared import prepared


def reasons(viewer: Viewer, place_ids: Collection[int]) -> dict[int, str]:
    """The fact that last changed the colour of each place, in words; those without a change are left out."""
    readable = viewer.test("fact.view")
    return {row.place_id: _words(row, readable) for row in _with_causes(_newest(viewer, place_ids))}


@prepared
def _newest(viewer: Viewer, place_ids: Collection[int]) -> QuerySet[LevelChange, Any]:
    seen = LevelChange.objects.filter(viewer.scope("place.view", "place__"), place__in=place_ids)
    return seen.order_by().values("place").annotate(last=Max("pk")).values_list("last", flat=True)


@prepared
def _with_causes(change_ids: Collection[int]) -> QuerySet[LevelChange]:
    rows = LevelChange.objects.filter(pk__in=change_ids).select_related("cause__place")
    return rows.defer("cause__place__geometry")


def _words(row: LevelChange, readable: object) -> str:
    assert callable(readable)
    if row.cause is None:
        return gettext("场所结构或多项事实变化")
    place = row.cause.place
    if not readable(place.path, place.sector):
        return outside()
    return render(row.cause)
