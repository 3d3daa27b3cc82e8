"""The file of a place that is merged into another goes over; its basic facts go too where the other has none."""

from django.db.models import Model

from anlan.apps.core.actions import Entry, audit_many
from anlan.apps.enterprises.actions.lapses import keep_in_step
from anlan.apps.enterprises.forms import MODELS
from anlan.apps.enterprises.models import Enterprise, Item, Revision
from anlan.kit.merging import Share, register

_TABLES: tuple[type[Model], ...] = (Enterprise, Revision, *MODELS.values())


def take_over(actor: int | None, gone: int, kept: int) -> None:
    """Put every row of one place at the other. The past (revisions) goes with it."""
    if not Enterprise.objects.filter(pk=kept).exists():
        Enterprise.objects.filter(pk=gone).update(place_id=kept)
    Revision.objects.filter(place_id=gone).update(place_id=kept)
    for model in MODELS.values():
        _move(model, (gone, kept), actor)


def _move(model: type[Item], way: tuple[int, int], actor: int | None) -> None:
    gone, kept = way
    rows = list(model._default_manager.filter(place_id=gone))
    model._default_manager.filter(place_id=gone).update(place_id=kept)
    for row in rows:
        row.place_id = kept
    keep_in_step(rows, actor)
    moved = {"changed": {"place_id": [gone, kept]}}
    audit_many(Entry(actor, "item.edit", kept, f"{model.KIND}:{row.pk}", moved) for row in rows)


def count(gone: int) -> list[tuple[str, int]]:
    """What goes over."""
    rows = sum(model._default_manager.filter(place_id=gone).count() for model in MODELS.values())
    return [("档案记录", rows)]


def join() -> None:
    """Have files take part in merges."""
    register(Share("enterprises", frozenset(model._meta.label for model in _TABLES), take_over, count))
