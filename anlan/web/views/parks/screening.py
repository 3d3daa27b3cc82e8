"""The plants of a park, checked as new projects are: the list with failing lines, and one plant with its papers."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anlan.apps.core import selectors as core
from anlan.apps.core.models import Place
from anlan.apps.parks import actions, selectors
from anlan.apps.parks.selectors import Screened
from anlan.kit import clock, listing
from anlan.kit.grants import Viewer
from anlan.packs.families import admission
from anlan.web.views.parks import export
from anlan.web.views.parks.filling import tried
from anlan.web.views.parks.projects import PaperForm
from anlan.web.views.parts import layout, list_page, page


@page
def screening_page(request: HttpRequest, viewer: Viewer, place_id: int) -> HttpResponseBase:
    park = selectors.park(viewer, place_id, "project.view")
    rows = selectors.screen_park(viewer, park)
    return list_page(request, viewer, _listing(park), rows, "web/parks/screening.html", park=park)


def _listing(park: Place) -> listing.Listing:
    known = admission.load(clock.today())
    items = [listing.Option(one.key, one.title) for one in known.items]
    return listing.Listing(
        name="screening",
        title=gettext_lazy("现有企业筛查"),
        columns=(
            listing.Column(
                "name", gettext_lazy("企业"), lambda one: one.place.name, lambda one: _link(park, one), sort="name"
            ),
            listing.Column(
                "failing", gettext_lazy("不通过"), lambda one: len(one.failing), number=True, sort="failing"
            ),
            listing.Column(
                "unknown", gettext_lazy("查不清"), lambda one: len(one.unknown), number=True, sort="unknown"
            ),
            listing.Column("what", gettext_lazy("不通过的是什么"), _said, _shown, width=80),
            listing.Column("lacking", gettext_lazy("查不清的是什么"), _unknown, width=60, shown=False),
        ),
        filters=(
            listing.Text(
                gettext_lazy("企业名称"), apply=lambda rows, text: [one for one in rows if text in one.place.name]
            ),
            listing.Choice("item", gettext_lazy("不通过的项"), items, apply=_failing),
        ),
        sort="-failing",
        empty=listing.Empty(
            gettext_lazy("没有可筛查的企业"), gettext_lazy("园区里登记了企业并建立档案后，在这里逐家筛查。")
        ),
    )


def _failing(rows: Any, asked: Any) -> list[Screened]:
    return [one for one in rows if any(line.key in asked for line in one.failing)]


def _said(one: Screened) -> str:
    return "；".join(f"{line.title}：{line.reason}" for line in one.failing)


def _unknown(one: Screened) -> str:
    return "；".join(f"{line.title}：{line.reason}" for line in one.unknown)


def _shown(one: Screened) -> str:
    return format_html_join(
        "", '<p class="screened"><b>{}</b> {}</p>', ((line.title, line.reason) for line in one.failing)
    )


def _link(park: Place, one: Screened) -> str:
    address = reverse("web:park_screened", args=[park.pk, one.place.pk])
    return format_html('<a href="{}">{}</a>', address, one.place.name)


@page
def plant_page(request: HttpRequest, viewer: Viewer, place_id: int, plant_id: int) -> HttpResponseBase:
    """One plant, every line; a paper may be registered here."""
    park = selectors.park(viewer, place_id, "project.view")
    plant = selectors.plant_in(viewer, park, plant_id)
    if request.GET.get("format"):
        return export.answer(request, viewer, _result(viewer, park, plant))
    form = PaperForm(request.POST or None, request.FILES or None)

    def act() -> None:
        actions.add_paper(viewer, form.spec(), plant_id=plant.pk, upload=form.cleaned_data["file"])

    if tried(request, form, act, _("已登记文件。")):
        return redirect("web:park_screened", park.pk, plant.pk)
    may_edit = viewer.may("project.edit", plant.path, plant.sector)
    if request.method == "POST" and not may_edit:
        core.place(viewer, plant.pk, "project.edit")
    context = {
        **layout(request), "park": park, "plant": plant, "path": [*core.ancestors(viewer, plant), plant],
        "screened": selectors.screen(viewer, plant, park), "paper_form": form, "may_edit": may_edit,
        "papers": _papers(viewer, plant),
    }  # fmt: skip
    return _render(request, context, bound=form.is_bound)


def _render(request: HttpRequest, context: dict[str, Any], *, bound: bool) -> HttpResponse:
    return render(request, "web/parks/plant.html", context, status=422 if bound else 200)


def _papers(viewer: Viewer, plant: Place) -> list[dict[str, Any]]:
    known = admission.load(clock.today())
    held: dict[str, list[Any]] = {}
    for row in selectors.papers(viewer, plant=plant):
        held.setdefault(row.kind, []).append(row)
    kinds = [one for one in known.papers if one.step or one.key in held]
    return [{"kind": one, "rows": held.get(one.key, []), "due": one.step} for one in kinds]


def _result(viewer: Viewer, park: Place, plant: Place) -> export.Result:
    screened = selectors.screen(viewer, plant, park)
    facts = ((_("企业"), plant.name), (_("园区"), park.name), (_("筛查时间"), export.when(clock.now())))
    return export.Result(_("现有企业准入筛查结果"), plant.name, facts, screened.lines, plant, f"place:{plant.pk}")
