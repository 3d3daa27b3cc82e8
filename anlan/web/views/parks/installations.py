"""What of a proposed project may leak: a form for each installation, begun with a chemical, a scenario or a source."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from anlan.apps.consequences import selectors as consequences
from anlan.apps.consequences.parks import run as park_run
from anlan.apps.consequences.parks import selectors as studies
from anlan.apps.consequences.parks.specs import SourceSpec
from anlan.apps.core import selectors as core
from anlan.apps.core.models import Place
from anlan.apps.parks import actions, selectors
from anlan.apps.parks.models import Project
from anlan.apps.parks.selectors import proposals
from anlan.kit import clock
from anlan.kit.errors import BadInput, NotInScope
from anlan.kit.grants import Viewer
from anlan.packs.families import park_study, substances
from anlan.web import basemap
from anlan.web.views.consequences.park_forms import SourceForm, initial
from anlan.web.views.consequences.scenarios import substance_name
from anlan.web.views.parks.filling import acted
from anlan.web.views.parts import layout, page, whole_number

IDS = range(2**31)


@page
def new_installation(request: HttpRequest, viewer: Viewer, project_id: int) -> HttpResponse:
    project, place = _editable(viewer, project_id)
    form = _form(request, _begun(request, viewer, project))
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_installations(viewer, project.pk, [form.spec()])
        except BadInput as failure:
            form.refuse(failure)
        else:
            return _back(project)
    context = {"title": _("添加装置"), "begin": _beginnings(viewer, project)}
    return _shown(request, viewer, project, place, form, context)


@page
def edit_installation(request: HttpRequest, viewer: Viewer, project_id: int, number: int) -> HttpResponse:
    project, place = _editable(viewer, project_id)
    spec = dict(selectors.installations(project)).get(number)
    if spec is None:
        raise NotInScope
    form = _form(request, initial(spec) | {"substance": substance_name(spec.substance)})
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit_installation(viewer, project.pk, number, form.spec())
        except BadInput as failure:
            form.refuse(failure)
        else:
            return _back(project)
    return _shown(request, viewer, project, place, form, {"title": spec.name, "number": number})


@require_POST
@page
def end_installation(request: HttpRequest, viewer: Viewer, project_id: int, number: int) -> HttpResponse:
    project, _place = _editable(viewer, project_id)
    return acted(
        request, lambda: actions.end_installation(viewer, project.pk, number), _("已移除。"), _address(project)
    )


@require_POST
@page
def propose(request: HttpRequest, viewer: Viewer, project_id: int) -> HttpResponse:
    """An installation for each hazardous chemical, as the pack thinks."""
    project, _place = _editable(viewer, project_id)
    said = _("已按申报的化学品拟定装置，请逐个核对。")
    return acted(request, lambda: actions.propose_installations(viewer, project.pk), said, _address(project))


def _editable(viewer: Viewer, project_id: int) -> tuple[Project, Place]:
    project = selectors.project(viewer, project_id)
    return project, core.place(viewer, project.place_id, "project.edit")


def _form(request: HttpRequest, begun: dict[str, Any]) -> SourceForm:
    return SourceForm(request.POST if request.method == "POST" else None, initial=begun, places=[])


def _begun(request: HttpRequest, viewer: Viewer, project: Project) -> dict[str, Any]:
    """The form begun with what the address names, else with a place only."""
    spec = _named(request, viewer, project)
    if spec is not None:
        return initial(spec) | {"substance": substance_name(spec.substance), "place": ""}
    spot = proposals.spot_of(project)
    return ({"longitude": spot[0], "latitude": spot[1]} if spot else {}) | {"minutes": 30}


def _named(request: HttpRequest, viewer: Viewer, project: Project) -> SourceSpec | None:
    """``?chemical=`` a row of the project, ``?scenario=`` an accident scenario, ``?source=`` one of a study's."""
    if "chemical" in request.GET:
        row = whole_number(request, "chemical", 0, IDS)
        return selectors.of_chemical(project, project.chemicals[row]) if row < len(project.chemicals) else None
    if "scenario" in request.GET:
        scenario = consequences.scenario(viewer, whole_number(request, "scenario", 0, IDS))
        return selectors.of_scenario(project, scenario)
    if "source" in request.GET:
        source = studies.source(viewer, whole_number(request, "source", 0, IDS))
        spot = proposals.spot_of(project)
        here = {"longitude": spot[0], "latitude": spot[1]} if spot else {}
        return SourceSpec(**vars(park_run.spec_of(source)) | here)
    return None


def _beginnings(viewer: Viewer, project: Project) -> list[tuple[str, str, str]]:
    """(address, name, what it is) of all that a form can be begun with."""
    found = [
        (f"?chemical={number}", str(row["name"]), _("申报的化学品"))
        for number, row in enumerate(project.chemicals)
        if selectors.of_chemical(project, row) is not None
    ]
    named = consequences.scenarios(viewer, project.place).filter(pk__in=project.scenarios)
    found += [(f"?scenario={one.pk}", one.name, _("事故情景")) for one in named]
    study = selectors.study_of(project.place)
    if study is not None and selectors.may_see(viewer, project):
        rows = studies.sources(viewer, study)
        found += [(f"?source={one.pk}", one.name, _("在役装置，照样抄一份")) for one in rows]
    return found


def _address(project: Project) -> str:
    return f"{reverse('web:project', args=[project.pk])}#effect"


def _back(project: Project) -> HttpResponse:
    return redirect(_address(project))


def _shown(
    request: HttpRequest, viewer: Viewer, project: Project, place: Place, form: SourceForm, context: dict[str, Any]
) -> HttpResponse:
    on = clock.today()
    land = project.geometry or place.geometry
    spot = proposals.spot_of(project)
    map_config = {
        "base": {"url": basemap.url(), "around": basemap.around(), "terrain": basemap.terrain()},
        "outline": land,
        "box": [spot[0] - 0.01, spot[1] - 0.008, spot[0] + 0.01, spot[1] + 0.008]
        if spot
        else [place.west, place.south, place.east, place.north],
    }
    names = {each.name_zh for each in substances.load(on).values()} | {
        each.name for each in park_study.load(on).surrogates
    }
    more = {
        "map": map_config, "substances": sorted(names), "project": project, "form": form,
        "path": [*core.ancestors(viewer, place), place], **layout(request),
    }  # fmt: skip
    status = 422 if request.method == "POST" else 200
    return render(request, "web/parks/installation_form.html", context | more, status=status)
