"""Adding rows to files, many at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from anlan.apps.enterprises import forms
from anlan.apps.enterprises.actions.lapses import keep_in_step
from anlan.apps.enterprises.actions.writing import Trace, in_row, leave_traces, put, slices, writable
from anlan.apps.enterprises.choices import Change, ItemKind
from anlan.apps.enterprises.forms import Form
from anlan.apps.enterprises.models import Certificate, FileRecord, Item
from anlan.apps.enterprises.specs import (
    KIND_OF,
    CertificateSpec,
    ChemicalSpec,
    ContractorSpec,
    Draft,
    EquipmentSpec,
    ItemSpec,
    LicenceSpec,
    RecordSpec,
    given,
)
from anlan.kit.grants import Viewer
from anlan.rules.file_values import Value
from anlan.rules.refusal import Refusal


@dataclass(frozen=True)
class _Checked:
    """A draft whose values were read by its form."""

    draft: Draft
    form: Form
    values: Mapping[str, Value]


def add_licences(viewer: Viewer, specs: Sequence[LicenceSpec]) -> list[Item]:
    return add_items(viewer, [_draft(spec) for spec in specs])


def add_certificates(viewer: Viewer, specs: Sequence[CertificateSpec]) -> list[Item]:
    added = add_items(viewer, [_draft(spec) for spec in specs])
    holders = [(row, spec.person_id) for row, spec in zip(added, specs, strict=True) if spec.person_id]
    for row, person_id in holders:
        Certificate.objects.filter(pk=row.pk).update(person_id=person_id)
    return added


def add_chemicals(viewer: Viewer, specs: Sequence[ChemicalSpec]) -> list[Item]:
    return add_items(viewer, [_draft(spec) for spec in specs])


def add_equipment(viewer: Viewer, specs: Sequence[EquipmentSpec]) -> list[Item]:
    return add_items(viewer, [_draft(spec) for spec in specs])


def add_contractors(viewer: Viewer, specs: Sequence[ContractorSpec]) -> list[Item]:
    return add_items(viewer, [_draft(spec) for spec in specs])


def add_records(viewer: Viewer, specs: Sequence[RecordSpec]) -> list[Item]:
    return add_items(viewer, [Draft(spec.place_id, spec.group, spec.values, spec.source) for spec in specs])


def add_items(viewer: Viewer, drafts: Sequence[Draft]) -> list[Item]:
    """Add rows to groups of files, each to the group that its draft names; returns them in order."""
    writable(viewer, [draft.place_id for draft in drafts])
    checked = [_check(number, draft, len(drafts)) for number, draft in enumerate(drafts, 1)]
    return [row for some in slices(checked) for row in _write(viewer, some)]


def _draft(spec: ItemSpec) -> Draft:
    """The draft of a typed row, for the group that its values belong to."""
    values = given(spec)
    kind = KIND_OF[type(spec)]
    home = "materials" if kind == ItemKind.CHEMICAL else forms.groups().home(kind, values).key
    return Draft(spec.place_id, home, values, spec.source)


def _check(number: int, draft: Draft, total: int) -> _Checked:
    """Raises BadInput, naming the row, for what the form refuses."""
    known = forms.groups().group(draft.group)
    if known is None or known.kind == "enterprise":
        params = {"group": draft.group[:40]}
        raise in_row(
            number, Refusal("item.no_such_group", "没有“{group}”这一组。", "请选择档案的一组。", params), total
        )
    form = forms.form(draft.group)
    values, refused = form.read(draft.values)
    for refusal in refused.values():
        raise in_row(number, refusal, total)
    return _Checked(draft, form, values)


def _write(viewer: Viewer, some: Sequence[_Checked]) -> list[Item]:
    with transaction.atomic():
        rows = [_row(one) for one in some]
        by_kind: dict[type[Item], list[Item]] = {}
        for row in rows:
            by_kind.setdefault(type(row), []).append(row)
        for model, own in by_kind.items():
            model._default_manager.bulk_create(own)
            keep_in_step(own, viewer.person_id)
        leave_traces(viewer, [_trace(row, one) for row, one in zip(rows, some, strict=True)])
    return rows


def _row(one: _Checked) -> Item:
    model = forms.MODELS[one.form.group.kind]
    row = model(place_id=one.draft.place_id, source=one.draft.source[:80])
    if isinstance(row, FileRecord):
        row.group = one.draft.group
    put(row, one.values, one.form.fields)
    row.due = first_due(row, one.form)
    return row


def first_due(row: Item, form: Form) -> date | None:
    """The first of the dates that a clock runs to."""
    found = [forms.field_value(row, field) for field in form.dues()]
    return min((each for each in found if isinstance(each, date)), default=None)


def _trace(row: Item, one: _Checked) -> Trace:
    group = one.form.group
    title = str(forms.value_of(row, group.title) or "")
    return Trace(row.place_id, row.KIND, row.pk, group.key, title, Change.ADD, {})
