"""What each group of the file asks for, with choices from the packs filled in; and reading what was given."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from anlan.apps.enterprises.choices import ItemKind
from anlan.apps.enterprises.models import (
    Certificate,
    Chemical,
    Contractor,
    Enterprise,
    Equipment,
    FileRecord,
    Item,
    Licence,
)
from anlan.kit import clock
from anlan.packs.families import economic_types, file_fields, file_groups, industries, major_installations
from anlan.packs.families.file_fields import Field
from anlan.packs.families.file_groups import FileGroups, Group
from anlan.rules.file_values import Asked, Value, read_all
from anlan.rules.refusal import Refusal

MODELS: Mapping[str, type[Item]] = {
    model.KIND: model for model in (Licence, Certificate, Chemical, Equipment, Contractor, FileRecord)
}
#: Columns that an action fills in, not a form.
_KEPT = {"id", "values", "due", "source", "created", "changed", "ended", "ended_reason", "place", "group", "person"}


@dataclass(frozen=True)
class Form:
    """The fields of a group today. ``choices[key]``: value → words, for fields that are chosen."""

    group: Group
    fields: tuple[Field, ...]
    choices: Mapping[str, Mapping[str, str]]

    def read(self, given: Mapping[str, object]) -> tuple[dict[str, Value], dict[str, Refusal]]:
        """Checked values, with the constants of the group, and what is refused by field."""
        fixed = self.group.where.constants()
        asked = [self._asked(field) for field in self.fields]
        values, refused = read_all(asked, {key: value for key, value in given.items() if key not in fixed})
        return {**values, **fixed}, refused

    def _asked(self, field: Field) -> Asked:
        return Asked(field.key, field.label, field.type, field.required, self.choices.get(field.key))

    def dues(self) -> list[Field]:
        return [field for field in self.fields if field.type == "due"]


def groups() -> FileGroups:
    return file_groups.load(clock.today())


def form(group: str) -> Form:
    """The form of a group. Raises KeyError for a group that the pack does not know."""
    return _form(group, clock.today())


@cache
def _form(group: str, on: date) -> Form:
    found = file_groups.load(on).group(group)
    if found is None:
        raise KeyError(group)
    fields = tuple(f for f in file_fields.load(on).of(group) if f.key not in found.where.constants())
    return Form(found, fields, {field.key: choices for field in fields if (choices := _choices(field, on)) is not None})


def _choices(field: Field, on: date) -> Mapping[str, str] | None:
    if field.type == "choice":
        return {word: word for word in field.choices}
    if field.type == "economic_type":
        return economic_types.load(on).names()
    if field.type == "industry":
        return {each.code: each.name for each in industries.load(on).industries if each.level != "section"}
    if field.type == "gb18218":
        categories = major_installations.load(on).categories
        return {each.symbol: f"{each.category}：{each.description}" for each in categories}
    return None


@cache
def columns(model: type[Item] | type[Enterprise]) -> frozenset[str]:
    """The fields of a group that are columns of its table; the others are kept in ``values``."""
    return frozenset(field.name for field in model._meta.concrete_fields) - _KEPT


def value_of(row: Item | Enterprise, key: str) -> Value:
    """What a row holds for a field, typed as in its column or as JSON keeps it."""
    if key in columns(type(row)):
        found: Value = getattr(row, key)
        return found
    kept: Value = row.values.get(key)
    return kept


def field_value(row: Item | Enterprise, field: Field) -> Value:
    """:func:`value_of` with dates read from their text."""
    value = value_of(row, field.key)
    if field.type in ("date", "due") and isinstance(value, str):
        return date.fromisoformat(value) if value else None
    return value


def home_of(row: Item) -> Group:
    """The group that a row belongs to first, whose form it was filled in with."""
    if isinstance(row, FileRecord):
        return _form(row.group, clock.today()).group
    return groups().home(row.KIND, {name: getattr(row, name) for name in columns(type(row))})


def kind(name: str) -> type[Item] | None:
    return MODELS.get(name) if name in ItemKind.values else None
