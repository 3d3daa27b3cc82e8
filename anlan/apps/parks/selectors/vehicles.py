"""Vehicles with dangerous goods: who is in a park now, who came and went, which passes there are."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from anlan.apps.core import selectors as core
from anlan.apps.core.models import Place
from anlan.apps.parks.choices import Way
from anlan.apps.parks.models import Gate, Passage, VehiclePass
from anlan.kit import clock
from anlan.kit.errors import NotInScope
from anlan.kit.grants import Viewer


@dataclass(frozen=True)
class VehicleRow:
    """A vehicle at the gates. ``late`` [min] beyond its time, 0: none; ``goal`` as far as the viewer may see it."""

    row: Passage
    plate: str
    cargo: str
    un: str
    tonnes: float | None
    carrier: str
    goal: str
    goal_id: int | None
    entered: datetime
    leave_by: datetime | None
    left: datetime | None
    gate_in: str
    gate_out: str
    way: str
    why: str
    late: int


@dataclass(frozen=True)
class Counts:
    """Numbers of a day at the gates."""

    inside: int
    late: int
    entered: int
    left: int
    turned: int
    tonnes: float  # inside now [t]


def inside(viewer: Viewer, place: Place) -> list[VehicleRow]:
    """Who is in the park now, the longest overdue first."""
    rows = list(_rows(viewer, place).filter(way=Way.INSIDE).order_by("leave_by"))
    return list(prepare(viewer, rows))


def counts(viewer: Viewer, place: Place) -> Counts:
    """What the gates did today, and what is inside."""
    midnight = timezone.localtime(clock.now()).replace(hour=0, minute=0, second=0, microsecond=0)
    rows = Passage.objects.filter(viewer.scope("park.view", "place__"), place=place)
    there = list(rows.filter(way=Way.INSIDE).values_list("leave_by", "under__tonnes"))
    now = clock.now()
    came = rows.filter(entered__gte=midnight)
    return Counts(
        inside=len(there),
        late=sum(1 for due, _ in there if due is not None and due < now),
        entered=came.exclude(way=Way.TURNED).count(),
        left=rows.filter(left__gte=midnight).count(),
        turned=came.filter(way=Way.TURNED).count(),
        tonnes=sum(tonnes or 0.0 for _, tonnes in there),
    )


def insides(viewer: Viewer, places: Collection[Place]) -> dict[int, tuple[int, int]]:
    """How many vehicles are inside each park, and how many of them are over their time."""
    rows = Passage.objects.filter(viewer.scope("park.view", "place__"), place__in=[one.pk for one in places])
    found: dict[int, tuple[int, int]] = {one.pk: (0, 0) for one in places}
    now = clock.now()
    for place_id, due in rows.filter(way=Way.INSIDE).values_list("place_id", "leave_by"):
        there, late = found[place_id]
        found[place_id] = (there + 1, late + (due is not None and due < now))
    return found


def passages(viewer: Viewer, place: Place) -> QuerySet[Passage]:
    """All that was seen at the gates, the newest first."""
    return _rows(viewer, place).order_by("-entered", "-pk")


def passage(viewer: Viewer, passage_id: int) -> Passage:
    """One of them. Raises NotInScope."""
    found = Passage.objects.filter(viewer.scope("park.view", "place__"), pk=passage_id).first()
    if found is None:
        raise NotInScope
    return found


def passes(viewer: Viewer, place: Place) -> QuerySet[VehiclePass]:
    """Permissions of a park, those in force and to come first."""
    rows = VehiclePass.objects.filter(viewer.scope("park.view", "place__"), place=place)
    return rows.select_related("destination", "created_by", "place").order_by("-until", "-pk")


def vehicle_pass(viewer: Viewer, pass_id: int) -> VehiclePass:
    """One permission. Raises NotInScope."""
    found = VehiclePass.objects.filter(viewer.scope("park.view", "place__"), pk=pass_id).first()
    if found is None:
        raise NotInScope
    return found


def gate(viewer: Viewer, gate_id: int) -> Gate:
    """One gate in use. Raises NotInScope."""
    found = Gate.objects.filter(viewer.scope("park.view", "place__"), pk=gate_id, ended=None).first()
    if found is None:
        raise NotInScope
    return found


def gate_of(viewer: Viewer, place: Place, gate_id: int) -> Gate:
    """A gate of this park. Raises NotInScope."""
    found = gate(viewer, gate_id)
    if found.place_id != place.pk:
        raise NotInScope
    return found


def prepare(viewer: Viewer, rows: Sequence[Passage]) -> list[VehicleRow]:
    """Rows as lists show them, in one query for all names."""
    goals = {row.under.destination_id for row in rows if row.under and row.under.destination_id}
    names = dict(core.places(viewer, retired=True).filter(pk__in=goals).values_list("pk", "name")) if goals else {}
    now = clock.now()
    return [_row(row, names, now) for row in rows]


def prepare_passages(viewer: Viewer, rows: Sequence[Passage]) -> list[VehicleRow]:
    return prepare(viewer, rows)


def _row(row: Passage, names: dict[int, str], now: datetime) -> VehicleRow:
    under = row.under
    goal_id = under.destination_id if under and under.destination_id in names else None
    end = row.left or now
    over = end - row.leave_by if row.leave_by and row.way != Way.TURNED and end > row.leave_by else timedelta()
    return VehicleRow(
        row=row,
        plate=row.plate,
        cargo=under.cargo if under else "",
        un=under.un if under else "",
        tonnes=under.tonnes if under else None,
        carrier=under.carrier if under else "",
        goal=names[goal_id] if goal_id else "",
        goal_id=goal_id,
        entered=row.entered,
        leave_by=row.leave_by,
        left=row.left,
        gate_in=row.gate_in.name,
        gate_out=row.gate_out.name if row.gate_out else "",
        way=row.way,
        why=row.why_text,
        late=int(over.total_seconds() // 60),
    )


def _rows(viewer: Viewer, place: Place) -> QuerySet[Passage]:
    rows = Passage.objects.filter(viewer.scope("park.view", "place__"), place=place)
    return rows.select_related("under", "gate_in", "gate_out")
