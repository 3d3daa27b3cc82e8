"""What runs out: licences, certificates, inspections and other dates, by clock."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from anlan.apps.core.models import Place
from anlan.apps.enterprises import forms
from anlan.apps.enterprises.models import Item
from anlan.apps.enterprises.selectors.enterprises import Firm, firms_of
from anlan.apps.enterprises.selectors.files import at, where
from anlan.kit import clock
from anlan.kit.grants import Viewer
from anlan.kit.prepared import prepared
from anlan.packs.families import lapse_facts
from anlan.rules import lapses

MOST = 300  # rows of one kind


@dataclass(frozen=True)
class Due:
    """A row with a date. ``band`` 0: run out; 1, 2 …: within the first, second … step of the pack; ``days`` left."""

    kind: str
    id: int
    group: str
    title: str
    label: str
    due: date
    days: int
    band: int
    place_id: int
    place_name: str
    firm: Firm | None

    @property
    def ref(self) -> str:
        """How an address names the row: ``licence-12``."""
        return f"{self.kind}-{self.id}"


def dues(viewer: Viewer, place: Place | None = None, *, kinds: Collection[str] | None = None) -> list[Due]:
    """What has run out or will within the last step, the most urgent first; of some ``kinds`` of rows or of all."""
    today = clock.today()
    steps = lapse_facts.load(today).soon_days
    horizon = today + timedelta(days=steps[-1])
    found: list[Item] = []
    path, hint = where(place)
    for kind, model in forms.MODELS.items():
        if kinds is None or kind in kinds:
            found += _until(viewer, path, hint=hint, model=model, horizon=horizon)
    firms = firms_of(viewer, [row.place.path for row in found])
    told = [_due(row, today, firms.get(row.place.path)) for row in found]
    return sorted(told, key=lambda one: (one.due, one.firm.name if one.firm else "", one.id))


@prepared
def _until(viewer: Viewer, path: str | None, *, hint: str, model: type[Item], horizon: date) -> QuerySet[Any]:
    """The first rows of a kind that run out by a day."""
    mine = at(viewer, model, path, hint).filter(_in_use(model), ended=None, due__lte=horizon)
    return mine.select_related("place").defer("place__geometry").order_by("due", "pk")[:MOST]


def due_counts(found: Iterable[Due]) -> list[int]:
    """How many in each band, the lapsed first."""
    steps = lapse_facts.load(clock.today()).soon_days
    counts = [0] * (len(steps) + 1)
    for one in found:
        counts[one.band] += 1
    return counts


def _in_use(model: type[Item]) -> Q:
    """What is out of use has no clock."""
    if "state" not in forms.columns(model) or model.KIND != "equipment":
        return Q()
    return ~Q(state__in=lapse_facts.load(clock.today()).idle_states)


def _due(row: Item, today: date, firm: Firm | None) -> Due:
    assert row.due is not None
    group = forms.home_of(row)
    fields = forms.form(group.key).dues()
    label = next((field.label for field in fields if forms.field_value(row, field) == row.due), "")
    steps = lapse_facts.load(today).soon_days
    title = str(forms.value_of(row, group.title) or group.name)
    extra = forms.value_of(row, "holder") or forms.value_of(row, "code") or ""
    return Due(
        kind=row.KIND.value,
        id=row.pk,
        group=group.key,
        title=f"{title} · {extra}" if extra else title,
        label=label,
        due=row.due,
        days=(row.due - today).days,
        band=lapses.band(row.due, today, steps),
        place_id=row.place_id,
        place_name=row.place.name,
        firm=firm,
    )
