"""What every action on files shares: places that may be written to, values into columns, revisions, the trace."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.utils.translation import gettext

from anlan.apps.core.actions import Entry, audit_many, emit_many
from anlan.apps.core.models import Place
from anlan.apps.enterprises import forms
from anlan.apps.enterprises.choices import Change
from anlan.apps.enterprises.models import Enterprise, Item, Revision, plain
from anlan.kit.errors import BadInput, NotAllowed, NotInScope, Refused
from anlan.kit.grants import Viewer
from anlan.packs.families.file_fields import Field
from anlan.rules.file_values import Value
from anlan.rules.places import DIVISIONS
from anlan.rules.refusal import Refusal

SLICE = 200  # rows in one transaction
_ASK = 500
T = TypeVar("T")


@dataclass(frozen=True)
class Trace:
    """One change of one row, for the revision, the audit row and the live event."""

    place_id: int
    kind: str
    item_id: int
    group: str
    title: str
    change: Change
    fields: Mapping[str, tuple[object, object]]


def writable(viewer: Viewer, place_ids: Collection[int]) -> dict[int, Place]:
    """The places, if the viewer may write the file of each. Raises NotInScope, NotAllowed or Refused."""
    wanted = sorted(set(place_ids))
    rows = Place.objects.only("id", "path", "kind", "sector", "name", "retired")
    found = {row.pk: row for chunk in slices(wanted, _ASK) for row in rows.filter(pk__in=chunk)}
    for place_id in wanted:
        place = found.get(place_id)
        if place is None or not _known(viewer, place):
            raise NotInScope
        if not viewer.may("enterprise.edit", place.path, place.sector):
            raise NotAllowed("enterprise.edit")
        if refusal := may_keep_a_file(place.kind, place.name, retired=place.retired is not None):
            raise Refused(refusal)
    return found


def _known(viewer: Viewer, place: Place) -> bool:
    return any(viewer.may(capability, place.path, place.sector) for capability in ("enterprise.view", "place.view"))


def may_keep_a_file(kind: str, name: str, *, retired: bool) -> Refusal | None:
    """Whether rows of a file may lie at a place."""
    if retired:
        return Refusal("item.place_retired", "“{name}”已停用。", "请选择在用的场所。", {"name": name})
    if kind in DIVISIONS:
        return Refusal("item.not_a_site", "“{name}”是行政区划，没有档案。", "请选择企业或其下的场所。", {"name": name})
    return None


def slices(rows: Sequence[T], size: int = SLICE) -> Iterable[Sequence[T]]:
    return (rows[start : start + size] for start in range(0, len(rows), size))


def in_row(number: int, refusal: Refusal, total: int) -> Refused:
    """The refusal of one row of many, with its number; alone it needs none."""
    if total == 1:
        return BadInput(refusal)
    what = refusal.filled(gettext(refusal.message))
    params = {**refusal.params, "row": str(number), "what": what}
    return BadInput(Refusal(refusal.code, "第 {row} 行：{what}", refusal.fix, params))


def put(
    row: Item | Enterprise, values: Mapping[str, Value], fields: Iterable[Field]
) -> dict[str, tuple[object, object]]:
    """Write the values of ``fields`` into a row; returns what changed: key → (before, after)."""
    own = forms.columns(type(row))
    keys = {field.key for field in fields} | (set(values) & own)
    changed: dict[str, tuple[object, object]] = {}
    for key in sorted(keys):
        before, after = plain(forms.value_of(row, key)), plain(values.get(key))
        if key in own:
            _put_column(row, key, values.get(key))
        elif after is None:
            row.values.pop(key, None)
        else:
            row.values[key] = after
        if before != after and not (before in (None, "", False) and after in (None, "", False)):
            changed[key] = (before, after)
    return changed


def _put_column(row: Item | Enterprise, key: str, value: Value) -> None:
    """A column takes its own kind of nothing."""
    column = row._meta.get_field(key)
    if value is None and not getattr(column, "null", False):
        value = column.get_default()  # type: ignore[union-attr]  # a column of a table, not a relation
    setattr(row, key, value)


def leave_traces(viewer: Viewer, traces: Sequence[Trace]) -> None:
    """The revision and the audit row of each change, and one live event for each place."""
    Revision.objects.bulk_create(
        Revision(
            place_id=t.place_id,
            kind=t.kind,
            item_id=t.item_id,
            group=t.group,
            title=t.title[:120],
            by_id=viewer.person_id,
            change=t.change,
            fields={key: list(pair) for key, pair in t.fields.items()},
        )
        for t in traces
    )
    audit_many(
        Entry(
            viewer.person_id,
            f"item.{t.change.value}",
            t.place_id,
            f"{t.kind}:{t.item_id}",
            {"group": t.group, "fields": sorted(t.fields)},
        )
        for t in traces
    )
    groups = {(t.place_id, t.group) for t in traces}
    emit_many("file", ((place_id, {"place": place_id, "group": group}) for place_id, group in sorted(groups)))
