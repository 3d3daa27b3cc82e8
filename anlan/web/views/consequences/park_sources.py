"""What a park's study is made of, as forms: itself, its weather, its sources; sources out of the enterprise file."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from anlan.apps.consequences.parks import actions, proposing, run, selectors
from anlan.apps.consequences.parks.models import ParkSource, ParkStudy
from anlan.apps.consequences.parks.specs import StudySpec, checked_study, usual_weather
from anlan.apps.core import selectors as core
from anlan.apps.core.models import Place
from anlan.kit import clock
from anlan.kit.errors import BadInput
from anlan.kit.grants import Viewer
from anlan.kit.pages import shape
from anlan.packs.families import park_study, substances
from anlan.rules.refusal import Refusal
from anlan.web import basemap
from anlan.web.views.consequences.park_forms import SourceForm, StudyForm, WeatherRows, initial, weather_rows
from anlan.web.views.consequences.scenarios import middle_of, substance_name
from anlan.web.views.parts import layout, numbers, page, whole_number

#: Places that may be chosen for a source: enterprises and what lies in them, so many at most.
CHOOSABLE = ("enterprise", "area", "unit")
MOST_PLACES, MOST_STORES = 400, 300


@page
def new_study(request: HttpRequest, viewer: Viewer, place_id: int) -> HttpResponse:
    place = core.place(viewer, place_id, "scenario.edit")
    begun = checked_study(StudySpec(_("{place}定量风险评价").format(place=place.name)[:120]))
    form = StudyForm(request.POST or None, initial=vars(begun))
    rows = weather_rows(begun.weather)
    if request.method == "POST":
        typed = WeatherRows(request.POST)
        rows = typed.rows
        made = _try(form, typed, lambda spec: actions.add_study(viewer, place.pk, spec))
        if made is not None:
            return redirect("web:park_source_new", made.pk)
    context = {"form": form, "rows": rows, "place": place, "title": _("新的定量风险评价")}
    return _study_form(request, viewer, context)


@page
def edit_study(request: HttpRequest, viewer: Viewer, study_id: int) -> HttpResponse:
    one = selectors.study(viewer, study_id)
    place = core.place(viewer, one.place_id, "scenario.edit")
    form = StudyForm(
        request.POST or None,
        initial={name: getattr(one, name) for name in ("name", "stage", "margin", "cell", "domino")},
    )
    rows = weather_rows(run.weather_of(one))
    if request.method == "POST":
        typed = WeatherRows(request.POST)
        rows = typed.rows
        if _try(form, typed, lambda spec: actions.edit_study(viewer, one.pk, spec)) is not None:
            return redirect("web:park_study", one.pk)
    context = {"form": form, "rows": rows, "place": place, "study": one, "title": one.name}
    return _study_form(request, viewer, context)


def _try(form: StudyForm, typed: WeatherRows, do: Any) -> ParkStudy | None:
    """The study that was written; None with the errors in the form."""
    good, weather = form.is_valid(), typed.classes()
    for said in typed.problems:
        form.add_error(None, said)
    if not good or typed.problems:
        return None
    try:
        made: ParkStudy = do(form.spec(weather or usual_weather()))
    except BadInput as failure:
        form.refuse(failure)
        return None
    return made


def _study_form(request: HttpRequest, viewer: Viewer, context: dict[str, Any]) -> HttpResponse:
    path = [*core.ancestors(viewer, context["place"]), context["place"]]
    more = {"path": path, "classes": "ABCDEF", **layout(request)}
    status = 422 if request.method == "POST" else 200
    return render(request, "web/consequences/park/study_form.html", context | more, status=status)


@page
def new_source(request: HttpRequest, viewer: Viewer, study_id: int) -> HttpResponse:
    """A source from nothing, or begun with ``?holding=``; above it what the enterprise files hold."""
    one = selectors.study(viewer, study_id)
    core.place(viewer, one.place_id, "scenario.edit")
    stores = selectors.stores(viewer, one.place)[:MOST_STORES]
    begun = _begun(stores, whole_number(request, "holding", 0, range(2**31)), one)
    form = SourceForm(request.POST or None, initial=begun, places=_places(viewer, one.place))
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_sources(viewer, one.pk, [form.spec()])
        except BadInput as failure:
            form.refuse(failure)
        else:
            return redirect("web:park_study", one.pk)
    used = {each.name for each in selectors.sources(viewer, one)}
    context = {"stores": [(each, proposing.proposed(each)) for each in stores], "used": used, "title": _("添加风险源")}
    return _source_form(request, viewer, one, context | {"form": form})


@page
def source_page(request: HttpRequest, viewer: Viewer, source_id: int) -> HttpResponse:
    """A source: its form for who may change it, what is said of it for who may see it."""
    row = selectors.source(viewer, source_id)
    study = row.study
    if not selectors.may_see_study(viewer, row):
        return render(request, "web/consequences/park/source.html", {**_own_part(viewer, row), **layout(request)})
    if not viewer.may("scenario.edit", study.place.path, study.place.sector):
        return redirect(f"{reverse('web:park_study', args=[study.pk])}#sources")
    shown = initial(run.spec_of(row)) | {"substance": substance_name(row.substance)}
    form = SourceForm(request.POST or None, initial=shown, places=_places(viewer, study.place))
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit_source(viewer, row.pk, form.spec())
        except BadInput as failure:
            form.refuse(failure)
        else:
            return redirect("web:park_study", study.pk)
    return _source_form(request, viewer, study, {"form": form, "row": row, "title": row.name})


@require_POST
@page
def add_held(request: HttpRequest, viewer: Viewer, study_id: int) -> HttpResponse:
    """Sources of the chosen holdings, each as the pack proposes; those that cannot be computed are told."""
    one = selectors.study(viewer, study_id)
    core.place(viewer, one.place_id, "scenario.edit")
    chosen = set(numbers(request.POST.getlist("holding")))
    held = [each for each in selectors.stores(viewer, one.place) if each.chemical_id in chosen]
    good, bad = proposing.computable(held)
    if not held:
        messages.error(request, _("没有选中任何储存。请勾选要评价的物质。"))
        return redirect("web:park_source_new", one.pk)
    if good:
        actions.add_sources(viewer, one.pk, proposing.spread(good))
        messages.success(request, _("已添加 {n} 个风险源。").format(n=len(good)))
    for each, said in bad[:5]:
        messages.error(request, f"{each.place_name} {each.substance}：{shape(said)['error']['message']}")
    return redirect("web:park_study", one.pk)


@require_POST
@page
def move(request: HttpRequest, viewer: Viewer, source_id: int) -> HttpResponse:
    try:
        longitude, latitude = (float(request.POST.get(name, "")) for name in ("longitude", "latitude"))
    except ValueError:
        fix = "用十进制度数。"
        raise BadInput(Refusal("park.position", "看不懂这个位置。", fix)) from None
    row = actions.move_source(viewer, source_id, longitude, latitude)
    return JsonResponse({"revision": row.study.revision})


@require_POST
@page
def end_source(request: HttpRequest, viewer: Viewer, source_id: int) -> HttpResponse:
    row = actions.end_source(viewer, source_id)
    return redirect("web:park_study", row.study_id)


def _begun(stores: list[Any], wanted: int, one: ParkStudy) -> dict[str, Any]:
    """The form begun with a holding, else with the middle of the study's place."""
    held = next((each for each in stores if each.chemical_id == wanted), None)
    spec = proposing.proposed(held) if held else None
    if spec is not None:
        return initial(spec) | {"substance": spec.substance if held is None else held.substance}
    spot = middle_of(one.place)
    return ({"longitude": spot[0], "latitude": spot[1]} if spot else {}) | {"minutes": 30}


def _places(viewer: Viewer, place: Place) -> list[Place]:
    found = core.places(viewer, kinds=CHOOSABLE).filter(pk__in=core.subtree(place.path)).exclude(pk=place.pk)
    return list(found.defer("geometry")[:MOST_PLACES])


def _source_form(request: HttpRequest, viewer: Viewer, one: ParkStudy, context: dict[str, Any]) -> HttpResponse:
    on, place = clock.today(), one.place
    map_config = {
        "base": {"url": basemap.url(), "around": basemap.around(), "terrain": basemap.terrain()},
        "outline": place.geometry,
        "box": [place.west, place.south, place.east, place.north],
    }
    names = {each.name_zh for each in substances.load(on).values()} | {
        each.name for each in park_study.load(on).surrogates
    }
    path = [*core.ancestors(viewer, place), place]
    more = {"map": map_config, "substances": sorted(names), "path": path, "study": one, **layout(request)}
    status = 422 if request.method == "POST" else 200
    return render(request, "web/consequences/park/source_form.html", context | more, status=status)


def _own_part(viewer: Viewer, row: ParkSource) -> dict[str, Any]:
    """What an enterprise is told of its own source in a study that it may not read."""
    most = selectors.laid_to_source(row)
    path = [*core.ancestors(viewer, row.place), row.place] if row.place else []
    return {
        "row": row,
        "path": path,
        "substance": substance_name(row.substance),
        "most": round(100 * most),
    }
