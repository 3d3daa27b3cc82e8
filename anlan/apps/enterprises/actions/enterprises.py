"""The basic facts of enterprises."""

from collections.abc import Mapping, Sequence

from django.db import transaction

from anlan.apps.enterprises import forms
from anlan.apps.enterprises.actions.writing import Trace, in_row, leave_traces, put, slices, writable
from anlan.apps.enterprises.choices import Change, ItemKind
from anlan.apps.enterprises.models import Enterprise
from anlan.apps.enterprises.specs import EnterpriseSpec, given
from anlan.kit import clock
from anlan.kit.errors import BadInput
from anlan.kit.grants import Viewer
from anlan.rules.file_values import Value
from anlan.rules.refusal import Refusal

BASICS = "basics"
#: What may keep a file of its own.
KINDS = ("enterprise", "public_object")

_Read = tuple[EnterpriseSpec, dict[str, Value]]


def register_enterprises(viewer: Viewer, specs: Sequence[EnterpriseSpec]) -> list[Enterprise]:
    """Open the files of enterprises, or complete those that are open: what a spec leaves out stays as it is."""
    places = writable(viewer, [spec.place_id for spec in specs])
    checked: list[_Read] = []
    for number, spec in enumerate(specs, 1):
        place = places[spec.place_id]
        if place.kind not in KINDS:
            params = {"name": place.name}
            refusal = Refusal("enterprise.not_one", "“{name}”不是企业。", "请选择企业或公共对象。", params)
            raise in_row(number, refusal, len(specs))
        values, refused = forms.form(BASICS).read(given(spec))
        for refusal in (r for r in refused.values() if r.code != "item.missing"):
            raise in_row(number, refusal, len(specs))
        checked.append((spec, values))
    return [row for some in slices(checked) for row in _write(viewer, some)]


def edit_enterprise(viewer: Viewer, place_id: int, values: Mapping[str, object]) -> Enterprise:
    """Change the basic facts: ``values`` are all of the form, as they shall be."""
    places = writable(viewer, [place_id])
    if places[place_id].kind not in KINDS:
        params = {"name": places[place_id].name}
        raise BadInput(Refusal("enterprise.not_one", "“{name}”不是企业。", "请选择企业或公共对象。", params))
    read, refused = forms.form(BASICS).read(values)
    for refusal in refused.values():
        raise BadInput(refusal)
    with transaction.atomic():
        row = Enterprise.objects.select_for_update().filter(pk=place_id).first()
        change = Change.EDIT if row else Change.ADD
        row = row or Enterprise(place_id=place_id)
        changed = put(row, read, forms.form(BASICS).fields)
        row.changed = clock.now()
        row.save()
        if changed:
            leave_traces(viewer, [_trace(places[place_id].name, row, change, changed)])
    return row


def _write(viewer: Viewer, some: Sequence[_Read]) -> list[Enterprise]:
    fields = {field.key: field for field in forms.form(BASICS).fields}
    with transaction.atomic():
        ids = [spec.place_id for spec, _ in some]
        open_files = Enterprise.objects.select_for_update().in_bulk(ids)
        traces, rows = [], []
        for spec, values in some:
            change = Change.EDIT if spec.place_id in open_files else Change.ADD
            row = open_files.setdefault(spec.place_id, Enterprise(place_id=spec.place_id))
            changed = put(row, values, [fields[key] for key in values])
            row.source, row.changed = spec.source[:80] or row.source, clock.now()
            rows.append(row)
            if changed:
                traces.append(_trace(str(values.get("address", "")), row, change, changed))
        updated = [f.name for f in Enterprise._meta.concrete_fields if not f.primary_key]
        Enterprise.objects.bulk_create(
            {row.pk: row for row in rows}.values(),
            update_conflicts=True,
            unique_fields=["place"],
            update_fields=updated,
        )
        leave_traces(viewer, traces)
    return rows


def _trace(title: str, row: Enterprise, change: Change, fields: Mapping[str, tuple[object, object]]) -> Trace:
    shown = {} if change == Change.ADD else fields
    return Trace(row.pk, ItemKind.ENTERPRISE, row.pk, BASICS, title, change, shown)
