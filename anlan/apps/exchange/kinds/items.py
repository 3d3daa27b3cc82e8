"""Rows of enterprise files: chemicals, equipment, licences, certificates, contractors. Their columns are those of the
pack ``core/file_fields``, so a field that is added there can be imported at once."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anlan.apps.enterprises import actions, forms
from anlan.apps.enterprises.actions.writing import may_keep_a_file
from anlan.apps.enterprises.forms import Form
from anlan.apps.enterprises.models import Item
from anlan.apps.enterprises.specs import Draft
from anlan.apps.exchange.choices import LineState
from anlan.apps.exchange.finding import Finder, Hit, pieces
from anlan.apps.exchange.kinds.base import Field, Kind, Row, Stager, Values, attempt
from anlan.apps.exchange.models import ImportLine
from anlan.kit.grants import Viewer
from anlan.kit.sheets import Cell, values
from anlan.packs.families.file_fields import Field as FileField

SAME = ("name", "code", "number", "role", "site", "category", "holder", "work_type")  # what tells two rows apart


@dataclass(frozen=True)
class Shape:
    """Which groups of the file a kind holds; ``by``: the field that says which group a row belongs to."""

    groups: tuple[str, ...]
    by: str = ""


class Items(Kind):
    """Rows of one or a few groups of the file."""

    capability = "enterprise.edit"

    def __init__(self, key: str, label: str | Promise, subject: str, shape: Shape) -> None:
        self.key, self.label, self.subject, self.shape = key, label, subject, shape

    def fields(self) -> Sequence[Field]:
        where = _("企业或其下场所的编码、名称或完整位置")
        found = {"place": Field("place", _("企业或场所"), where, required=True, width=28)}
        if self.shape.by:
            choices = {str(value): str(value) for value in (self._constant(group) for group in self.shape.groups)}
            found[self.shape.by] = Field(self.shape.by, _("类别"), _("从下拉列表选择"), required=True, choices=choices)
        forms_here = [forms.form(group) for group in self.shape.groups]
        for form in forms_here:
            for asked in form.fields:
                found.setdefault(asked.key, field_of(asked, form))
        for key, one in found.items():  # what only some of the groups ask for is checked where it belongs
            everywhere = key in ("place", self.shape.by) or all(_asks(form, key) for form in forms_here)
            if one.required and not everywhere:
                found[key] = replace(one, required=False)
        return tuple(found.values())

    def stager(self, viewer: Viewer) -> Stager:
        return _ItemStager(viewer, self)

    def publish(self, viewer: Viewer, lines: Sequence[ImportLine], above: Mapping[int, int]) -> list[int]:
        fresh = [line for line in lines if line.state == LineState.NEW]
        source = _("导入 {name}").format(name=lines[0].run.name)[:80] if lines else ""
        drafts = [Draft(line.data["place"], line.data["group"], line.data["values"], source) for line in fresh]
        added = {line.number: row.pk for line, row in zip(fresh, actions.add_items(viewer, drafts), strict=True)}
        for line in lines:
            if line.state == LineState.CHANGED:
                assert line.target is not None
                edited = actions.edit_item(viewer, self.subject, line.target, line.data["values"], line.data["place"])
                added[line.number] = edited.pk
        return [added[line.number] for line in lines]

    def undo(self, viewer: Viewer, lines: Sequence[ImportLine]) -> None:
        for line in lines:
            if line.state == LineState.NEW:
                actions.end_item(viewer, self.subject, line.target or 0, _("撤销导入"))
            elif line.target:
                actions.edit_item(viewer, self.subject, line.target, line.before["values"], line.before["place"])

    def rows(self, viewer: Viewer) -> Iterator[Values]:
        model = forms.MODELS[self.subject]
        found = model._default_manager.filter(viewer.scope("enterprise.view", "place__"), ended=None)
        for row in found.select_related("place").defer("place__geometry").order_by("place__path", "pk").iterator(500):
            said = {one.key: told(forms.value_of(row, one.key)) for one in self.fields() if one.key != "place"}
            yield {"place": row.place.code or row.place.name, **said}

    def group_of(self, row: Row) -> str:
        if not self.shape.by:
            return self.shape.groups[0]
        asked = row.values.get(self.shape.by)
        return next((group for group in self.shape.groups if self._constant(group) == asked), "")

    def _constant(self, group: str) -> Any:
        return forms.form(group).group.where.constants().get(self.shape.by)


def field_of(one: FileField, form: Form) -> Field:
    choices = dict(form.choices.get(one.key, {}))
    return Field(one.key, one.label, one.hint, one.required, _reader(one.type), choices, unit=one.unit)


def _asks(form: Form, key: str) -> bool:
    return any(one.key == key and one.required for one in form.fields)


def _reader(kind: str) -> Any:
    readers = {
        "integer": values.whole, "decimal": values.number, "date": _day, "due": _day, "flag": values.yes,
        "cas": values.code, "uscc": values.code,
    }  # fmt: skip
    return readers.get(kind, values.text)


def _day(cell: Cell) -> str | None:
    """A day as JSON keeps it; none for what never ends."""
    return None if values.text(cell) in ("长期", "永久", "无", "无固定期限") else values.day(cell).isoformat()


def told(value: Any) -> Any:
    return date.fromisoformat(value) if isinstance(value, str) and len(value) == 10 and value[4::3] == "--" else value


def plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


class _ItemStager(Stager):
    def __init__(self, viewer: Viewer, kind: Items) -> None:
        self._viewer, self._kind = viewer, kind
        self._finder = Finder(viewer, "enterprise.edit")
        self._seen: dict[tuple[Any, ...], int] = {}

    def look(self, rows: Sequence[Row]) -> None:
        self._finder.load({row.text("place") for row in rows})
        hits = {row.number: attempt(row, lambda row=row: self._where(row)) for row in rows}  # type: ignore[misc]
        known = self._known({hit.id for hit in hits.values() if hit})
        for row in rows:
            self._look_at(row, hits[row.number], known)

    def _where(self, row: Row) -> Hit | None:
        if not row.text("place"):
            return None
        hit = self._finder.find(row.text("place"))
        row.refuse(may_keep_a_file(hit.kind, hit.name, retired=False))
        return hit

    def _known(self, ids: set[int]) -> dict[tuple[Any, ...], Item]:
        model = forms.MODELS[self._kind.subject]
        found: dict[tuple[Any, ...], Item] = {}
        for some in pieces(str(one) for one in sorted(ids)):
            for row in model._default_manager.filter(place__in=[int(one) for one in some], ended=None):
                found[_identity(row.place_id, {key: plain(forms.value_of(row, key)) for key in SAME})] = row
        return found

    def _look_at(self, row: Row, hit: Hit | None, known: Mapping[tuple[Any, ...], Item]) -> None:
        group = self._kind.group_of(row)
        apart = ("place", self._kind.shape.by)
        given = {key: value for key, value in row.values.items() if key not in apart and value is not None}
        row.title = str(given.get("name") or given.get("holder") or "")
        if not group or hit is None:
            return
        form = forms.form(group)
        self._read(row, form, given)
        identity = _identity(hit.id, {**given, **form.group.where.constants()})
        first = self._seen.setdefault(identity, row.number)
        if first != row.number:
            row.refuse(_("与第 {n} 行重复").format(n=first))
        row.data = {"place": hit.id, "group": group, "values": given}
        if (item := known.get(identity)) is not None:
            self._compare(row, item, form, given)

    def _read(self, row: Row, form: Form, given: dict[str, Any]) -> None:
        """The checks of the form itself; a value that its group does not ask for is named."""
        asked = {one.key for one in form.fields}
        labels = {one.key: one.label for one in self._kind.fields()}
        for key in sorted(given.keys() - asked):
            row.refuse(
                _("“{group}”没有“{label}”一项，请清空").format(group=form.group.name, label=labels.get(key, key))
            )
            del given[key]
        _values, refused = form.read(given)
        for refusal in refused.values():
            row.refuse(refusal)

    def _compare(self, row: Row, item: Item, form: Form, given: Mapping[str, Any]) -> None:
        held = {one.key: plain(forms.value_of(item, one.key)) for one in form.fields}
        held = {key: value for key, value in held.items() if value not in (None, "")}
        merged = {**held, **given}
        row.target, row.before = item.pk, {"place": item.place_id, "values": held}
        row.data["values"] = merged
        row.state = LineState.SAME if merged == held else LineState.CHANGED


def _identity(place_id: int, given: Mapping[str, Any]) -> tuple[Any, ...]:
    return (place_id, *(str(given.get(key) or "") for key in SAME))


def all_kinds() -> tuple[Items, ...]:
    """Every kind of this module; groups are named as in pack ``core/file_groups``."""
    equipment = ("main_equipment", "pressure_vessels", "tanks", "pressure_pipes", "special_equipment")
    return (
        Items("chemicals", gettext_lazy("化学品"), "chemical", Shape(("materials",))),
        Items("equipment", gettext_lazy("设备"), "equipment", Shape(equipment, "category")),
        Items("licences", gettext_lazy("证照"), "licence", Shape(("licences",))),
        Items("certificates", gettext_lazy("人员资质"), "certificate", Shape(("staff",))),
        Items("contractors", gettext_lazy("承包商"), "contractor", Shape(("contractors",))),
    )
