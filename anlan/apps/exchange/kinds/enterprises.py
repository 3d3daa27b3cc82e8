"""Enterprises: the place and the basic facts of its file in one row."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext_lazy

from anlan.apps.core import selectors as core
from anlan.apps.core.actions import edit_place
from anlan.apps.core.choices import PlaceKind
from anlan.apps.enterprises import actions, forms
from anlan.apps.enterprises.models import Enterprise
from anlan.apps.enterprises.specs import EnterpriseSpec
from anlan.apps.exchange.choices import LineState
from anlan.apps.exchange.finding import pieces
from anlan.apps.exchange.kinds.base import Field, Row, Stager, Values
from anlan.apps.exchange.kinds.items import field_of, plain, told
from anlan.apps.exchange.kinds.places import Places
from anlan.apps.exchange.models import ImportLine
from anlan.kit.grants import Viewer

BASICS = "basics"
_OWN = ("name", "parent", "code", "sector", "longitude", "latitude")
_COLUMNS = {name for name in EnterpriseSpec.__dataclass_fields__ if name not in ("place_id", "values", "source")}


class Enterprises(Places):
    key = "enterprises"
    label = gettext_lazy("企业")

    def fields(self) -> Sequence[Field]:
        own = [one for one in super().fields() if one.key in _OWN]
        form = forms.form(BASICS)
        return (*own, *(replace(field_of(one, form), required=False) for one in form.fields))

    def stager(self, viewer: Viewer) -> Stager:
        return _EnterpriseStager(super().stager(viewer), viewer)

    def publish(self, viewer: Viewer, lines: Sequence[ImportLine], above: Mapping[int, int]) -> list[int]:
        placed = [line for line in lines if line.state == LineState.NEW or line.data.get("changes")]
        ids = dict(zip((line.number for line in placed), super().publish(viewer, placed, above), strict=True))
        ids |= {line.number: line.target for line in lines if line.number not in ids and line.target}
        told = [line for line in lines if line.data["basics"]]
        actions.register_enterprises(viewer, [_basics(ids[line.number], line.data["basics"]) for line in told])
        return [ids[line.number] for line in lines]

    def undo(self, viewer: Viewer, lines: Sequence[ImportLine]) -> None:
        super().undo(viewer, [line for line in lines if line.state == LineState.NEW])
        for line in lines:
            if line.state == LineState.CHANGED and line.target:
                if changes := line.before.get("changes"):
                    edit_place(viewer, line.target, **changes)
                if basics := line.before.get("basics"):
                    actions.edit_enterprise(viewer, line.target, basics)

    def geometries(self, viewer: Viewer) -> Iterator[tuple[Values, Mapping[str, Any] | None]]:
        keys = [one.key for one in forms.form(BASICS).fields]
        facts = {row.pk: row for row in Enterprise.objects.filter(viewer.scope("enterprise.view", "place__"))}
        ids = core.places(viewer, kinds=[PlaceKind.ENTERPRISE]).values_list("pk", flat=True).iterator(chunk_size=2000)
        for (row, shape), place_id in zip(self._places(viewer), ids, strict=True):
            held = facts.get(place_id)
            yield {**row, **({key: told(forms.value_of(held, key)) for key in keys} if held else {})}, shape

    def _places(self, viewer: Viewer) -> Iterator[tuple[Values, Mapping[str, Any] | None]]:
        kind = str(PlaceKind.ENTERPRISE.label)
        return (pair for pair in super().geometries(viewer) if pair[0]["kind"] == kind)


def _basics(place_id: int, given: Mapping[str, Any]) -> EnterpriseSpec:
    own = {key: value for key, value in given.items() if key in _COLUMNS}
    rest = {key: value for key, value in given.items() if key not in _COLUMNS}
    return EnterpriseSpec(place_id=place_id, **own, values=rest)


class _EnterpriseStager(Stager):
    """The place by the rules of places, the facts by the form of the file."""

    def __init__(self, places: Stager, viewer: Viewer) -> None:
        self._places, self._viewer = places, viewer
        self._form = forms.form(BASICS)

    def survey(self, rows: Any) -> None:
        self._places.survey(self._as_enterprise(row) for row in rows)

    def look(self, rows: Sequence[Row]) -> None:
        self._places.look([self._as_enterprise(row) for row in rows])
        held = self._held([row.target for row in rows if row.target])
        for row in rows:
            self._look_at(row, held.get(row.target or 0))

    def finish(self) -> Mapping[int, str]:
        return self._places.finish()

    def _held(self, ids: Sequence[int]) -> dict[int, Enterprise]:
        found: dict[int, Enterprise] = {}
        for some in pieces(str(one) for one in ids):
            found |= Enterprise.objects.in_bulk([int(one) for one in some])
        return found

    def _look_at(self, row: Row, held: Enterprise | None) -> None:
        keys = {one.key for one in self._form.fields}
        given = {key: value for key, value in row.values.items() if key in keys and value is not None}
        _values, refused = self._form.read(given)
        for refusal in (one for one in refused.values() if one.code != "item.missing"):
            row.refuse(refusal)
        if row.state == LineState.NEW:
            row.data["basics"] = given
            return
        before = {key: plain(forms.value_of(held, key)) if held else None for key in keys}
        changed = {key: value for key, value in given.items() if before[key] != value}
        kept = {key: value for key, value in before.items() if value not in (None, "")}
        row.data["basics"] = changed
        row.before = {"changes": row.before, "basics": kept}
        row.state = LineState.CHANGED if changed or row.data.get("changes") else LineState.SAME

    def _as_enterprise(self, row: Row) -> Row:
        row.values["kind"] = "enterprise"
        return row
