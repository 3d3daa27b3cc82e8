"""The list of scenarios, and the form in which one is written."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from anlan.apps.consequences import actions, beginning, selectors
from anlan.apps.consequences.models import Scenario
from anlan.apps.core import selectors as core
from anlan.apps.core.models import Place
from anlan.apps.enterprises import selectors as enterprises
from anlan.kit import clock, listing
from anlan.kit.errors import BadInput
from anlan.kit.grants import Viewer
from anlan.packs.families import park_study, substances
from anlan.web import basemap
from anlan.web.views.consequences import words
from anlan.web.views.consequences.forms import KILO, ScenarioForm, initial
from anlan.web.views.parts import layout, list_page, page, whole_number


@page
def scenarios_page(request: HttpRequest, viewer: Viewer) -> HttpResponseBase:
    under = whole_number(request, "under", 0, range(2**31))
    place = core.place(viewer, under) if under else None
    context = {"may_edit": viewer.may_anywhere("scenario.edit"), "under": place}
    rows = selectors.scenarios(viewer, place)
    return list_page(request, viewer, _listing(), rows, "web/consequences/list.html", **context)


def _listing() -> listing.Listing:
    kinds = [listing.Option(key, name) for key, name in words.KINDS.items()]
    return listing.Listing(
        name="scenarios",
        title=gettext_lazy("事故情景"),
        columns=(
            listing.Column("name", gettext_lazy("情景"), lambda one: one.name, _link, sort="name"),
            listing.Column("place", gettext_lazy("场所"), lambda one: one.place.name, sort="place__path"),
            listing.Column(
                "substance", gettext_lazy("物质"), lambda one: substance_name(one.substance), sort="substance"
            ),
            listing.Column("tonnes", gettext_lazy("储存量，吨"), lambda one: one.mass / KILO, number=True, sort="mass"),
            listing.Column("kind", gettext_lazy("失效方式"), lambda one: str(words.KINDS[one.kind]), sort="kind"),
            listing.Column("created", gettext_lazy("建立时间"), lambda one: one.created, sort="created", shown=False),
        ),
        filters=(
            listing.Text(gettext_lazy("情景、场所"), ("name__icontains", "place__name__icontains")),
            listing.Choice("kind", gettext_lazy("失效方式"), kinds, "kind"),
        ),
        sort="place",
        empty=listing.Empty(
            gettext_lazy("还没有事故情景"),
            gettext_lazy("从企业的储罐或装置开始，写下它可能怎样失效，就能看到影响范围。"),
        ),
    )


def _substance(one: Scenario) -> str:
    return substance_name(one.substance)


def _link(one: Scenario) -> str:
    return format_html('<a href="{}">{}</a>', reverse("web:study", args=[one.pk]), one.name)


def substance_name(cas: str) -> str:
    """As the table of substances calls it, or the pack of studies a mixture (petrol)."""
    on = clock.today()
    known = substances.load(on).get(cas)
    mixture = park_study.load(on).surrogate(cas, cas)
    return known.name_zh if known else mixture.name if mixture else cas


@page
def new_scenario(request: HttpRequest, viewer: Viewer, place_id: int) -> HttpResponseBase:
    place = core.place(viewer, place_id, "scenario.edit")
    form = ScenarioForm(request.POST or None, initial=_begun(viewer, place, request))
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.add_scenario(viewer, place.pk, form.spec())
        except BadInput as failure:
            form.refuse(failure)
        else:
            return redirect("web:study", made.pk)
    picks = beginning.picks(viewer, place)
    return _form_page(request, viewer, {"form": form, "place": place, "picks": picks, "title": _("新情景")})


@page
def edit_scenario(request: HttpRequest, viewer: Viewer, scenario_id: int) -> HttpResponseBase:
    one = selectors.scenario(viewer, scenario_id)
    place = core.place(viewer, one.place_id, "scenario.edit")
    shown = initial(selectors.spec_of(one)) | {"substance": substance_name(one.substance)}
    form = ScenarioForm(request.POST or None, initial=shown)
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit_scenario(viewer, one.pk, form.spec())
        except BadInput as failure:
            form.refuse(failure)
        else:
            return redirect("web:study", one.pk)
    return _form_page(request, viewer, {"form": form, "place": place, "scenario": one, "title": one.name})


@require_POST
@page
def end_scenario(request: HttpRequest, viewer: Viewer, scenario_id: int) -> HttpResponse:
    one = actions.end_scenario(viewer, scenario_id)
    return redirect(f"{reverse('web:scenarios')}?under={one.place_id}")


def _form_page(request: HttpRequest, viewer: Viewer, context: dict[str, Any]) -> HttpResponse:
    place: Place = context["place"]
    map_config = {
        "base": {"url": basemap.url(), "around": basemap.around(), "terrain": basemap.terrain()},
        "outline": place.geometry,
        "box": [place.west, place.south, place.east, place.north],
    }
    names = sorted({one.name_zh for one in substances.load(clock.today()).values()})
    path = [*core.ancestors(viewer, place), place]
    more = {"map": map_config, "substances": names, "path": path, **layout(request)}
    status = 422 if request.method == "POST" else 200
    return render(request, "web/consequences/form.html", context | more, status=status)


def _begun(viewer: Viewer, place: Place, request: HttpRequest) -> dict[str, Any]:
    """The form begun with what was tried or picked (``?pick=holding-7``), else with the middle of the place."""
    if request.GET.get("substance"):
        return {name: value for name, value in request.GET.items() if name in ScenarioForm.base_fields}
    wanted = request.GET.get("pick", "")
    pick = next((one for one in beginning.picks(viewer, place) if one.key == wanted), None) if wanted else None
    if pick is not None:
        spec = beginning.begun(pick)
        told = initial(spec) | {"substance": substance_name(spec.substance)}
        return told if pick.position else told | _spot(place)
    return _spot(place)


def _spot(place: Place) -> dict[str, Any]:
    spot = middle_of(place)
    return {"longitude": spot[0], "latitude": spot[1]} if spot else {}


def middle_of(place: Place) -> tuple[float, float] | None:
    """As forms show it; None where the place is not drawn."""
    spot = enterprises.middle(place)
    return (round(spot[0], 6), round(spot[1], 6)) if spot is not None else None
