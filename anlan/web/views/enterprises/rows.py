"""A row of the file: looked at, filled in, changed, ended, restored; its files and its history."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from anlan.apps.core import selectors as core
from anlan.apps.core.models import Place
from anlan.apps.enterprises import actions, forms, selectors
from anlan.apps.enterprises.actions import Draft
from anlan.apps.enterprises.models import Item
from anlan.kit.errors import NotAllowed, NotInScope, Refused
from anlan.kit.grants import Viewer
from anlan.packs.families.file_groups import Group
from anlan.rules import paths
from anlan.rules.refusal import Refusal
from anlan.web.views.enterprises import filling
from anlan.web.views.parts import layout, page

BASICS = "basics"
MOST_PLACES = 400
LONGEST_ID = 18


@page
def basics(request: HttpRequest, viewer: Viewer, place_id: int) -> HttpResponse:
    """The basic facts, as a form."""
    place = _editable(viewer, place_id)
    facts = selectors.facts_of(place)
    refused: Mapping[str, Refusal] = {}
    values = filling.held(BASICS, facts)
    if request.method == "POST":
        values = filling.given(BASICS, request.POST)
        _read, refused = forms.form(BASICS).read(values)
        if not refused:
            actions.edit_enterprise(viewer, place_id, values)
            messages.success(request, _("基本信息已保存。"))
            return redirect("web:enterprise", place_id)
    found = {"title": _("企业基本信息"), "back": reverse("web:enterprise", args=[place_id])}
    return _form(request, place, filling.controls(BASICS, values, refused), found)


@page
def add(request: HttpRequest, viewer: Viewer, place_id: int) -> HttpResponse:
    """A new row of the group that the address or the form names."""
    place = _editable(viewer, place_id)
    group = request.POST.get("of", request.GET.get("group", ""))
    known = _group(group)
    at = _at(viewer, place, request.POST.get("place", ""))
    values: dict[str, object] = {}
    refused: Mapping[str, Refusal] = {}
    if request.method == "POST":
        values = filling.given(group, request.POST)
        _read, refused = forms.form(group).read(values)
        if not refused:
            [row] = actions.add_items(viewer, [Draft(at.pk, group, values, request.POST.get("from", ""))])
            messages.success(request, _("已登记。"))
            return redirect(item_url(row) if "stay" not in request.POST else f"{request.path}?group={group}")
    found = {
        "title": _("登记：{group}").format(group=_(known.name)),
        "back": group_url(place.pk, group),
        "places": _places(viewer, place),
        "at": at.pk,
        "more": group,
        "source": request.POST.get("from", ""),
    }
    return _form(request, place, filling.controls(group, values, refused), found)


@page
def item(request: HttpRequest, viewer: Viewer, ref: str) -> HttpResponse:
    """One row: everything that is known of it. A fact that it raised leads here."""
    kind, item_id = selectors.parts(ref)
    row, firm, group = _row(viewer, kind, item_id)
    may = viewer.may("enterprise.edit", row.place.path, row.place.sector)
    context = {
        **layout(request),
        "row": row,
        "ref": ref,
        "firm": firm,
        "group": group,
        "title": forms.value_of(row, group.title) or group.name,
        "lines": filling.lines(group.key, row),
        "files": selectors.attachments(viewer, kind, [row.pk]).get(row.pk, []),
        "history": [_told(revision, group) for revision in selectors.history(viewer, kind, item_id)],
        "may_edit": may and row.place.retired is None,
        "may_attach": may and viewer.may("file.add", row.place.path, row.place.sector),
        "due": next((one for one in selectors.dues(viewer, row.place, kinds=[kind]) if one.id == row.pk), None),
    }
    return render(request, "web/enterprises/item.html", context)


@page
def edit(request: HttpRequest, viewer: Viewer, ref: str) -> HttpResponse:
    kind, item_id = selectors.parts(ref)
    row, firm, group = _row(viewer, kind, item_id)
    place = _editable(viewer, firm.pk)
    key = form_of(group)
    values = filling.held(key, row)
    refused: Mapping[str, Refusal] = {}
    at = _at(viewer, place, request.POST.get("place", str(row.place_id)))
    if request.method == "POST":
        values = filling.given(key, request.POST)
        _read, refused = forms.form(key).read(values)
        if not refused:
            actions.edit_item(viewer, kind, item_id, values, at.pk)
            messages.success(request, _("已保存。"))
            return redirect(item_url(row))
    found = {
        "title": _("更改：{group}").format(group=_(group.name)),
        "back": item_url(row),
        "places": _places(viewer, place),
        "at": at.pk,
    }
    return _form(request, place, filling.controls(key, values, refused), found)


@require_POST
@page
def end(request: HttpRequest, viewer: Viewer, ref: str) -> HttpResponse:
    row = actions.end_item(viewer, *selectors.parts(ref), request.POST.get("reason", ""))
    messages.success(request, _("已停用，可在“已停用”中查看或恢复。"))
    return redirect(item_url(row))


@require_POST
@page
def restore(request: HttpRequest, viewer: Viewer, ref: str) -> HttpResponse:
    row = actions.restore_item(viewer, *selectors.parts(ref))
    messages.success(request, _("已恢复。"))
    return redirect(item_url(row))


@require_POST
@page
def attach(request: HttpRequest, viewer: Viewer, ref: str) -> HttpResponse:
    upload = request.FILES.get("file")
    if upload is None:
        raise Refused(Refusal("file.empty", "没有选择文件。", "请先选择文件。"))
    actions.attach_file(viewer, *selectors.parts(ref), upload)
    messages.success(request, _("附件已上传。"))
    return redirect("web:enterprise_item", ref)


def item_url(row: Item) -> str:
    return reverse("web:enterprise_item", args=[f"{row.KIND.value}-{row.pk}"])


def group_url(place_id: int, group: str) -> str:
    return f"{reverse('web:enterprise', args=[place_id])}?group={group}"


def form_of(group: Group) -> str:
    """The group whose form changes a row: what is held may move from one site to another."""
    return "materials" if group.kind == "chemical" else group.key


def _editable(viewer: Viewer, place_id: int) -> Place:
    place = selectors.file_place(viewer, place_id)
    if not viewer.may("enterprise.edit", place.path, place.sector):
        raise NotAllowed("enterprise.edit")
    return place


def _group(key: str) -> Group:
    found = forms.groups().group(key)
    if found is None or found.kind == "enterprise":
        raise NotInScope
    return found


def _row(viewer: Viewer, kind: str, item_id: int) -> tuple[Item, Place, Group]:
    """A row, the enterprise that it belongs to, and its group. A row of a place without one is its own."""
    row = selectors.item(viewer, kind, item_id)
    firm = selectors.firms_of(viewer, [row.place.path]).get(row.place.path)
    place = selectors.file_place(viewer, firm.id) if firm else row.place
    return row, place, forms.home_of(row)


def _places(viewer: Viewer, place: Place) -> list[tuple[int, str]]:
    """Where in the enterprise a row may lie, in the order of the tree."""
    found = core.tree(viewer, place.pk).only("id", "name", "path")[:MOST_PLACES]
    depth = len(place.path)
    return [(one.pk, "　" * ((len(one.path) - depth) // paths.STEP) + one.name) for one in found]


def _at(viewer: Viewer, place: Place, text: str) -> Place:
    """The place of the form, if it is one of the enterprise; else the enterprise."""
    if not text.isdecimal() or len(text) > LONGEST_ID:
        return place
    found = core.tree(viewer, place.pk).filter(pk=int(text)).first()
    if found is None:
        raise NotInScope
    return found


def _form(request: HttpRequest, place: Place, found: list[filling.Control], words: Mapping[str, Any]) -> HttpResponse:
    wrong = filling.errors(found)
    context = {**layout(request), "place": place, "controls": found, "wrong": wrong, **words}
    return render(request, "web/enterprises/form.html", context, status=422 if wrong else 200)


def _told(revision: Any, group: Group) -> dict[str, Any]:
    """A revision with its fields in words."""
    fields = {field.key: field for field in forms.form(form_of(group)).fields}
    changed = [
        (_(fields[key].label), filling.shown(fields[key], before), filling.shown(fields[key], after))
        for key, (before, after) in revision.fields.items()
        if key in fields
    ]
    note = next((after for key, (_b, after) in revision.fields.items() if key in ("ended_reason", "file")), "")
    return {"revision": revision, "changed": changed, "note": note or ""}
