"""What every action on a park begins with: the park, or the row, held for the transaction and checked."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, TypeVar

from django.core.files.base import File
from django.db import models

from anlan.apps.core import selectors as core
from anlan.apps.core.actions import audit, emit, store_file
from anlan.apps.core.choices import PlaceKind
from anlan.apps.core.models import Place, StoredFile
from anlan.kit import clock
from anlan.kit.errors import BadInput, NotAllowed, NotInScope, Refused
from anlan.kit.grants import Viewer
from anlan.rules import paths
from anlan.rules.refusal import Refusal

Row = TypeVar("Row", bound=models.Model)


def park(viewer: Viewer, place_id: int, capability: str) -> Place:
    """The park, if the viewer may do this there."""
    place = core.place(viewer, place_id, capability)
    if place.kind != PlaceKind.PARK:
        told = {"place": place.name}
        raise BadInput(Refusal("park.not_a_park", "{place}不是园区。", "请选择园区。", told))
    return place


def held(viewer: Viewer, model: type[Row], row_id: int, capability: str, view: str = "park.view") -> Any:
    """A row of a park, held for this transaction, if the viewer may change it. Raises NotInScope, NotAllowed."""
    rows = model._default_manager.filter(viewer.scope(view, "place__") | viewer.scope(capability, "place__"), pk=row_id)
    row: Any = rows.select_related("place").select_for_update(of=("self",), no_key=True).first()
    if row is None:
        raise NotInScope
    if not viewer.may(capability, row.place.path, row.place.sector):
        raise NotAllowed(capability)
    return row


def paper_of(viewer: Viewer, place: Place, given: File[bytes] | StoredFile | None) -> StoredFile | None:
    """A file for a row at a place: kept there now, or handed in there before."""
    if not isinstance(given, StoredFile):
        return store_file(viewer, place, given) if given else None
    if given.place_id != place.pk:
        told_ = {"file": given.name, "place": place.name}
        raise BadInput(Refusal("park.file_elsewhere", "文件“{file}”不是交在{place}的。", "请先把文件交在那里。", told_))
    return given


def in_force(row: Any) -> None:
    """Refused where a row was ended before."""
    if row.ended is not None:
        raise Refused(Refusal("park.ended", "这一项已经停用。", "请刷新后再看。"))


def inside(viewer: Viewer, park_: Place, place_id: int | None) -> Place | None:
    """A place in the park or counted by it, that the viewer sees."""
    if place_id is None:
        return None
    place = core.place(viewer, place_id)
    counted = place.also_in.filter(pk=park_.pk).exists()
    if not (counted or paths.covers(park_.path, place.path)):
        told = {"place": place.name, "park": park_.name}
        raise BadInput(Refusal("park.not_inside", "{place}不在{park}里。", "请选择园区里的企业。", told))
    return place


def put(row: models.Model, columns: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Write columns into a row; returns what changed, before and after, as the audit keeps it."""
    changed = {key: [plain(getattr(row, key)), plain(new)] for key, new in columns.items() if getattr(row, key) != new}
    for key, new in columns.items():
        setattr(row, key, new)
    return changed


def plain(value: Any) -> Any:
    """A value as JSON keeps it."""
    return value.isoformat() if isinstance(value, date | datetime) else value


def told(columns: Mapping[str, Any], *without: str) -> dict[str, Any]:
    """Columns for an audit row, personal ones left out."""
    return {key: plain(value) for key, value in columns.items() if key not in without}


def record(viewer: Viewer, action: str, row: Any, detail: Mapping[str, Any]) -> None:
    """The audit row and the live event of a change at a park."""
    name = row._meta.model_name
    place: Place = row.place
    audit(viewer.person_id, action, place, f"{name}:{row.pk}", detail)
    emit("park", place.pk, {"place": place.pk, "what": name})


def end(viewer: Viewer, row: Any, action: str) -> None:
    """Take a row out of force."""
    in_force(row)
    row.ended = clock.now()
    row.save(update_fields=["ended"])
    record(viewer, action, row, {})
