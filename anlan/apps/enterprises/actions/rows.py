"""Changing, ending and restoring a row of a file, and attaching files to it."""

from collections.abc import Mapping

from django.core.files.base import File
from django.db import transaction

from anlan.apps.core import actions as core
from anlan.apps.core.models import StoredFile
from anlan.apps.enterprises import forms
from anlan.apps.enterprises.actions.items import first_due
from anlan.apps.enterprises.actions.lapses import keep_in_step
from anlan.apps.enterprises.actions.writing import Trace, leave_traces, put, writable
from anlan.apps.enterprises.choices import Change
from anlan.apps.enterprises.models import Attachment, Item
from anlan.kit import clock
from anlan.kit.errors import BadInput, NotInScope, Refused
from anlan.kit.grants import Viewer
from anlan.rules.refusal import Refusal


def edit_item(
    viewer: Viewer, kind: str, item_id: int, values: Mapping[str, object], place_id: int | None = None
) -> Item:
    """Change a row: ``values`` are all of its form, as it shall be. What has lapsed or no longer lapses follows."""
    with transaction.atomic():
        row = _locked(viewer, kind, item_id)
        _is_open(row)
        group = forms.home_of(row)
        form = forms.form("materials" if group.kind == "chemical" else group.key)
        read, refused = form.read(values)
        for refusal in refused.values():
            raise BadInput(refusal)
        changed = put(row, read, form.fields)
        if place_id is not None and place_id != row.place_id:
            writable(viewer, [place_id])
            changed["place"] = (row.place_id, place_id)
            row.place_id = place_id
        if changed:
            row.due, row.changed = first_due(row, form), clock.now()
            row.save()
            keep_in_step([row], viewer.person_id)
            leave_traces(viewer, [_trace(row, Change.EDIT, changed)])
    return row


def end_item(viewer: Viewer, kind: str, item_id: int, reason: str) -> Item:
    """Take a row out of the file in force, with the reason. It stays in the history and can be restored."""
    if not reason.strip():
        raise BadInput(Refusal("item.no_reason", "没有写明停用的原因。", "请写一句，例如“已换证”。"))
    with transaction.atomic():
        row = _locked(viewer, kind, item_id)
        _is_open(row)
        row.ended, row.ended_reason = clock.now(), reason.strip()[:200]
        row.save()
        keep_in_step([row], viewer.person_id)
        leave_traces(viewer, [_trace(row, Change.END, {"ended_reason": (None, row.ended_reason)})])
    return row


def restore_item(viewer: Viewer, kind: str, item_id: int) -> Item:
    """Put an ended row back into force."""
    with transaction.atomic():
        row = _locked(viewer, kind, item_id)
        if row.ended is None:
            raise Refused(Refusal("item.not_ended", "这一项没有停用。", "请刷新后再看。"))
        before, row.ended, row.ended_reason = row.ended_reason, None, ""
        row.save()
        keep_in_step([row], viewer.person_id)
        leave_traces(viewer, [_trace(row, Change.RESTORE, {"ended_reason": (before, None)})])
    return row


def attach_file(viewer: Viewer, kind: str, item_id: int, upload: File[bytes]) -> StoredFile:
    """Keep an uploaded file with a row."""
    with transaction.atomic():
        row = _locked(viewer, kind, item_id)
        _is_open(row)
        kept = core.store_file(viewer, row.place, upload)
        Attachment.objects.create(kind=kind, item_id=item_id, file=kept)
        leave_traces(viewer, [_trace(row, Change.ATTACH, {"file": (None, kept.name)})])
    return kept


def _locked(viewer: Viewer, kind: str, item_id: int) -> Item:
    model = forms.kind(kind)
    seen = viewer.scope("enterprise.view", "place__") | viewer.scope("enterprise.edit", "place__")
    rows = model._default_manager.filter(seen) if model else None
    row = rows.select_for_update(of=("self",)).select_related("place").filter(pk=item_id).first() if rows else None
    if row is None:
        raise NotInScope
    writable(viewer, [row.place_id])
    return row


def _is_open(row: Item) -> None:
    if row.ended is not None:
        raise Refused(Refusal("item.ended", "这一项已停用。", "如需更改，请先恢复。"))


def _trace(row: Item, change: Change, fields: Mapping[str, tuple[object, object]]) -> Trace:
    group = forms.home_of(row)
    title = str(forms.value_of(row, group.title) or "")
    return Trace(row.place_id, row.KIND, row.pk, group.key, title, change, fields)
