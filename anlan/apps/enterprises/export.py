"""A whole file as tables: one for each group that has rows, every field in words, for Excel and Word."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from anlan.apps.core.models import Place
from anlan.apps.enterprises import forms, selectors
from anlan.apps.enterprises.models import Enterprise, Item
from anlan.kit.grants import Viewer
from anlan.packs.families.file_fields import Field
from anlan.packs.families.file_groups import Group
from anlan.rules.file_values import Value


@dataclass(frozen=True)
class Table:
    """One group. ``rows`` hold typed values, as the columns' fields read them; the last column is where it is."""

    branch: str
    group: Group
    fields: tuple[Field, ...]
    rows: tuple[tuple[Value, ...], ...]

    @property
    def titles(self) -> list[str]:
        units = ((field.label, field.unit) for field in self.fields)
        return [*(f"{_(label)} [{unit}]" if unit else _(label) for label, unit in units), _("所在")]


def tables(viewer: Viewer, place: Place, progress: Callable[[int, int], None] | None = None) -> Iterator[Table]:
    """Every group of the file in the order of its tree, empty ones too; ``progress`` (done, total) after each."""
    known = forms.groups()
    for done, group in enumerate(known.groups, 1):
        yield _table(viewer, place, group, known.branches)
        if progress is not None:
            progress(done, len(known.groups))


def size(viewer: Viewer, place: Place) -> int:
    """How many rows the file has, for choosing between now and later."""
    return sum(each.count for branch in selectors.tree(viewer, place) for each in branch.groups)


def _table(viewer: Viewer, place: Place, group: Group, branches: Mapping[str, str]) -> Table:
    fields = forms.form(group.key).fields
    rows: Sequence[Item | Enterprise]
    if group.kind == "enterprise":
        facts = selectors.facts_of(place)
        rows = [facts] if facts else []
    else:
        rows = list(selectors.rows(viewer, place, group))
    told = tuple((*(_told(row, field, group) for field in fields), row.place.name) for row in rows)
    return Table(branches[group.branch], group, fields, told)


def _told(row: Item | Enterprise, field: Field, group: Group) -> Value:
    """A value for a cell: codes with their names, dates and numbers as such."""
    value = forms.field_value(row, field)
    choices = forms.form(group.key).choices.get(field.key, {})
    if isinstance(value, str) and value in choices and choices[value] != value:
        return f"{value} {_(choices[value])}"
    return _(value) if isinstance(value, str) and field.choices and value else value


def said(value: Value) -> str:
    """A value as a document says it."""
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, date):
        return value.isoformat()
    return f"{value:,.6g}" if isinstance(value, float) else str(value)
