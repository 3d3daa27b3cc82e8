"""A form made from the fields of a group: what each control shows, what was refused, in words beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.http import QueryDict
from django.utils.translation import gettext as _

from anlan.apps.enterprises import forms
from anlan.apps.enterprises.models import Enterprise, Item
from anlan.packs.families.file_fields import Field
from anlan.rules.refusal import Refusal

INPUTS = {"integer": "number", "decimal": "text", "date": "date", "due": "date", "phone": "tel"}
MODES = {"integer": "numeric", "decimal": "decimal", "phone": "tel"}
FEW = 5  # choices that stand in the open


@dataclass(frozen=True)
class Control:
    """One field as the page shows it. ``kind``: ``long``, ``flag``, ``choice``, ``search`` (many), ``input``."""

    field: Field
    value: str
    error: str
    choices: tuple[tuple[str, str], ...]

    @property
    def id(self) -> str:
        return f"field-{self.field.key}"

    @property
    def label(self) -> str:
        return _(self.field.label)

    @property
    def hint(self) -> str:
        return _(self.field.hint) if self.field.hint else ""

    @property
    def kind(self) -> str:
        if self.choices:
            return "search" if len(self.choices) > 30 else "choice"
        return self.field.type if self.field.type in ("long", "flag") else "input"

    @property
    def input(self) -> str:
        return INPUTS.get(self.field.type, "text")

    @property
    def mode(self) -> str:
        return MODES.get(self.field.type, "")

    @property
    def described(self) -> str:
        """The ids of what explains the control to those who do not see it."""
        notes = [f"{self.id}-hint"] * bool(self.hint or self.field.type == "due")
        return " ".join([*notes, *[f"{self.id}-error"] * bool(self.error)])


def given(group: str, post: QueryDict) -> dict[str, object]:
    """What a posted form says, by field. A choice among many may be typed with its name: ``2614 有机化学原料制造``."""
    form = forms.form(group)
    found: dict[str, object] = {}
    for field in form.fields:
        text = post.get(field.key, "").strip()
        if field.type in ("industry", "economic_type"):
            text = text.split(" ", 1)[0]
        found[field.key] = (field.key in post) if field.type == "flag" else text
    return found


def controls(group: str, values: Mapping[str, object], refused: Mapping[str, Refusal] | None = None) -> list[Control]:
    form = forms.form(group)
    return [
        Control(field, _text(values.get(field.key)), _error((refused or {}).get(field.key)), _options(form, field))
        for field in form.fields
    ]


def held(group: str, row: Item | Enterprise | None) -> dict[str, object]:
    """What a row holds now, by field."""
    if row is None:
        return {}
    return {field.key: forms.value_of(row, field.key) for field in forms.form(group).fields}


def shown(field: Field, value: object, choices: Mapping[str, str] | None = None) -> str:
    """A value as a page or a document says it, with its unit."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        value = f"{value:,.6g}" if abs(value) < 1e6 else f"{value:,.0f}"
    if choices and str(value) in choices and choices[str(value)] != value:
        return f"{_(choices[str(value)])}（{value}）"
    return f"{value} {field.unit}".rstrip() if field.unit else _(str(value)) if field.choices else str(value)


def lines(group: str, row: Item | Enterprise) -> list[tuple[Field, str]]:
    """Every field of a row in words, those without a value too."""
    form = forms.form(group)
    return [(field, shown(field, forms.value_of(row, field.key), form.choices.get(field.key))) for field in form.fields]


def _options(form: forms.Form, field: Field) -> tuple[tuple[str, str], ...]:
    choices = form.choices.get(field.key, {})
    return tuple((value, _(words) if value == words else f"{value} {_(words)}") for value, words in choices.items())


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else ""
    return f"{value:g}" if isinstance(value, float) and abs(value) < 1e6 else str(value)


def _error(refusal: Refusal | None) -> str:
    if refusal is None:
        return ""
    return f"{refusal.filled(_(refusal.message))}{refusal.filled(_(refusal.fix))}"


def errors(found: Sequence[Control]) -> list[Control]:
    return [control for control in found if control.error]
