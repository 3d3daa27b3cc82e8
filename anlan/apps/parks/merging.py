"""What a park or a plant keeps goes over to the place that it is merged into."""

from django.db import models

from anlan.apps.core.actions import Entry, audit_many
from anlan.apps.parks.models import (
    Gate,
    JointGroup,
    ListedEntry,
    Paper,
    ParkGrading,
    ParkProfile,
    Passage,
    Project,
    SharedFacility,
    VehiclePass,
)
from anlan.kit.merging import Share, register

#: The rows that lie at a place, in people's words.
ROWS: dict[type[models.Model], str] = {
    ParkGrading: "园区评估",
    Gate: "卡口",
    VehiclePass: "车辆通行许可",
    Passage: "车辆进出记录",
    SharedFacility: "共用设施",
    JointGroup: "联防联控组",
    ListedEntry: "禁限控目录",
    Project: "建设项目",
    Paper: "项目文件",
}
#: Rows that name a place beside the one at which they lie.
NAMED: tuple[tuple[type[models.Model], str], ...] = (
    (VehiclePass, "destination"),
    (JointGroup, "leader"),
    (Project, "plant"),
)


def take_over(actor: int | None, gone: int, kept: int) -> None:
    """Put all rows of one place at the other. Of two profiles the one of the place that stays is kept."""
    taken = Gate.objects.filter(place_id=kept, ended=None).values("name")
    for gate in Gate.objects.filter(place_id=gone, ended=None, name__in=taken):
        Gate.objects.filter(pk=gate.pk).update(name=f"{gate.name[:50]}（并入）")
    for model in ROWS:
        rows = model._default_manager.filter(place_id=gone)
        moved = list(rows.values_list("pk", flat=True))
        rows.update(place_id=kept)
        name = model._meta.model_name or ""
        audit_many(
            Entry(actor, "park.move", kept, f"{name}:{one}", {"changed": {"place_id": [gone, kept]}}) for one in moved
        )
    for model, column in NAMED:
        model._default_manager.filter(**{column: gone}).update(**{column: kept})
    members = JointGroup.members.through._default_manager.filter(place_id=gone)
    there = JointGroup.members.through._default_manager.filter(place_id=kept).values("jointgroup_id")
    members.filter(jointgroup_id__in=list(there.values_list("jointgroup_id", flat=True))).delete()
    members.update(place_id=kept)
    profile = ParkProfile.objects.filter(pk=gone)
    if ParkProfile.objects.filter(pk=kept).exists():
        profile.delete()
    else:
        profile.update(place_id=kept)


def count(gone: int) -> list[tuple[str, int]]:
    """What goes over."""
    return [(name, model._default_manager.filter(place_id=gone).count()) for model, name in ROWS.items()]


def join() -> None:
    """Have parks take part in merges."""
    kinds: list[type[models.Model]] = [*ROWS, ParkProfile]
    tables = {model._meta.label for model in kinds}
    register(Share("parks", frozenset(tables), take_over, count))
