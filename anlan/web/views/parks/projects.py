"""建设项目准入: the list, one project with its check, papers and signatures, and its form."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from anlan.apps.consequences.parks.specs import SourceSpec
from anlan.apps.core import selectors as core
from anlan.apps.core.choices import JobState
from anlan.apps.core.models import Place
from anlan.apps.parks import actions, selectors
from anlan.apps.parks.actions.projects import CLOSED, HOMES
from anlan.apps.parks.choices import Opinion, ProjectState
from anlan.apps.parks.models import CheckRun, Project
from anlan.apps.parks.specs import PaperSpec
from anlan.kit import clock, listing
from anlan.kit.errors import BadInput, NotInScope
from anlan.kit.grants import Viewer
from anlan.packs.families import admission, industries, site_distances
from anlan.rules.refusal import Refusal
from anlan.web.views.consequences import park_words
from anlan.web.views.consequences.scenarios import substance_name
from anlan.web.views.parks import effect, export
from anlan.web.views.parks.filling import Kept, acted, day_field, page_of, tried
from anlan.web.views.parks.gates import ReasonForm
from anlan.web.views.parks.project_form import ProjectForm
from anlan.web.views.parts import layout, list_page, page, shape_sent, whole_number

NEIGHBOURS = 60


class PaperForm(Kept):
    """A document: which, when, its number."""

    places = {"paper.ahead": "dated"}
    kind = forms.ChoiceField(label=gettext_lazy("文件 *"))
    dated = day_field(gettext_lazy("日期 *"))
    number = forms.CharField(label=gettext_lazy("文号"), max_length=80, required=False)
    issuer = forms.CharField(label=gettext_lazy("出具单位"), max_length=120, required=False)
    file = forms.FileField(label=gettext_lazy("扫描件"), required=False)

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(one.key, _(one.name)) for one in admission.load(clock.today()).papers]

    def spec(self) -> PaperSpec:
        said = self.cleaned_data
        return PaperSpec(said["kind"], said["dated"], said["number"], said["issuer"])


@page
def projects_page(request: HttpRequest, viewer: Viewer) -> HttpResponseBase:
    under = whole_number(request, "park", 0, range(2**31))
    place = core.place(viewer, under) if under else None
    may = viewer.may_anywhere("project.edit")
    homes = list(core.places(viewer, kinds=HOMES).filter(viewer.scope("project.edit"))[:40]) if may else []
    context = {"under": place, "homes": homes}
    return list_page(
        request, viewer, _listing(), selectors.projects(viewer, place), "web/parks/projects.html", **context
    )


def _listing() -> listing.Listing:
    states = [listing.Option(one.value, one.label) for one in ProjectState]
    return listing.Listing(
        name="projects",
        title=gettext_lazy("建设项目准入"),
        columns=(
            listing.Column("name", gettext_lazy("项目"), lambda one: one.name, _link, sort="name"),
            listing.Column("state", gettext_lazy("结论"), lambda one: one.get_state_display(), sort="state"),
            listing.Column("place", gettext_lazy("拟进"), lambda one: one.place.name, sort="place__name"),
            listing.Column("applicant", gettext_lazy("申请单位"), lambda one: one.applicant, sort="applicant"),
            listing.Column("stage", gettext_lazy("阶段"), _stage, sort="stage"),
            listing.Column("failing", gettext_lazy("否决项未过"), _blocking, number=True),
            listing.Column(
                "investment", gettext_lazy("投资，万元"), lambda one: one.investment, number=True, sort="investment"
            ),
            listing.Column("changed", gettext_lazy("最近改动"), lambda one: one.changed, sort="changed"),
        ),
        filters=(
            listing.Text(gettext_lazy("项目、申请单位"), ("name__icontains", "applicant__icontains")),
            listing.Choice("state", gettext_lazy("结论"), states, "state", inline=True),
        ),
        sort="-changed",
        empty=listing.Empty(
            gettext_lazy("没有建设项目"), gettext_lazy("从园区页“申报项目”写下拟建项目，再运行准入检查。")
        ),
        geometry=lambda one: one.geometry,
    )


def _link(one: Project) -> str:
    return format_html('<a href="{}">{}</a>', reverse("web:project", args=[one.pk]), one.name)


def _stage(one: Project) -> str:
    return _(admission.load(clock.today()).stages.get(one.stage, one.stage))


def _blocking(one: Project) -> int | None:
    run = selectors.newest_check(one)
    return len(run.blocking) if run else None


@page
def project_page(request: HttpRequest, viewer: Viewer, project_id: int) -> HttpResponse:
    project = selectors.project(viewer, project_id)
    return _shown(request, viewer, project)


def _shown(
    request: HttpRequest,
    viewer: Viewer,
    project: Project,
    paper: PaperForm | None = None,
    sign: "SignForm | None" = None,
) -> HttpResponse:
    place, run = project.place, selectors.newest_check(project)
    lines = selectors.lines_of(viewer, run.findings) if run else []
    known = admission.load(clock.today())
    open_ = project.state not in CLOSED
    may_edit = open_ and viewer.may("project.edit", place.path, place.sector)
    may_sign = viewer.may("project.sign", place.path, place.sector)
    added = effect.shown(viewer, project, run)
    context = {
        **layout(request),
        "project": project,
        "plant": _seen_plant(viewer, project),
        "path": [*core.ancestors(viewer, place), place],
        "stage": _stage(project),
        "industry": _industry(project.industry),
        "run": run,
        "stale": run is not None and selectors.is_stale(project, run),
        "lines": sorted(lines, key=lambda one: _ORDER.get(one.verdict, 9)),
        "tally": selectors.open_counts(lines),
        "blocking": [_(known.item(key).title) for key in run.blocking] if run else [],
        "signatures": selectors.signatures(run),
        "papers": _papers(viewer, project),
        "facilities": [_facility(one) for one in project.facilities],
        "paper_form": paper or PaperForm(),
        "sign_form": sign or SignForm(),
        "may_edit": may_edit,
        "may_sign": may_sign and open_ and run is not None,
        "may_reopen": may_sign and not (open_ and project.state != ProjectState.REFUSED),
        "installations": [_installation(*one) for one in selectors.installations(project)],
        "effect": added,
        "job": selectors.job_of(project),
        "config": _map(viewer, project, may_edit=may_edit) | {"contours": _contours(run) if added else None},
    }
    failed = (paper is not None and paper.is_bound) or (sign is not None and sign.is_bound)
    return render(request, "web/parks/project.html", context, status=422 if failed else 200)


def _installation(number: int, spec: SourceSpec) -> dict[str, Any]:
    return {"number": number, "spec": spec, "substance": substance_name(spec.substance)}


def _contours(run: CheckRun | None) -> dict[str, Any] | None:
    """The lines of individual risk before and with the project, with what stands on each."""
    if run is None or run.effect is None:
        return None
    return {when: park_words.lines(lines) for when, lines in run.effect["contours"].items()}


def _seen_plant(viewer: Viewer, project: Project) -> Place | None:
    """The plant that is extended: a park may count one that lies outside of what the reader sees."""
    plant = project.plant
    return plant if plant is not None and viewer.may("place.view", plant.path, plant.sector) else None


_ORDER = {"fail": 0, "unknown": 1, "pass": 2, "none": 3}


class SignForm(Kept):
    """An office's opinion."""

    office = forms.ChoiceField(label=gettext_lazy("代表部门 *"))
    verdict = forms.ChoiceField(label=gettext_lazy("意见 *"), choices=Opinion.choices, widget=forms.RadioSelect)
    text = forms.CharField(label=gettext_lazy("说明 *"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        field = self.fields["office"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(key, _(name)) for key, name in admission.load(clock.today()).offices.items()]


def _papers(viewer: Viewer, project: Project) -> list[dict[str, Any]]:
    """Steps in their order with what there is of each, then the studies that there are."""
    known = admission.load(clock.today())
    held: dict[str, list[Any]] = {}
    for row in selectors.papers(viewer, project_row=project):
        held.setdefault(row.kind, []).append(row)
    due = {one.key for one in known.due(project.stage)}
    kinds = [one for one in known.papers if one.step or one.key in held]
    return [{"kind": one, "rows": held.get(one.key, []), "due": one.key in due} for one in kinds]


def _facility(one: dict[str, Any]) -> str:
    kind = site_distances.load(clock.today()).facility(one["kind"])
    name = _(kind.name) if kind else one["kind"]
    return f"{name} {one['name']}".strip()


def _industry(code: str) -> str:
    line = industries.load(clock.today()).line(code) if code else []
    return f"{code} {line[-1].name}" if line else code


def _map(viewer: Viewer, project: Project, *, may_edit: bool) -> dict[str, Any]:
    """The ground, the park around, plants beside, and where the shape goes."""
    place = project.place
    plants = selectors.enterprises_in(viewer, place) if place.kind == "park" else Place.objects.none()
    beside = [{"name": one.name, "geometry": one.geometry} for one in plants.exclude(geometry=None)[:NEIGHBOURS]]
    return {
        "name": project.name,
        "geometry": project.geometry,
        "around": {"name": place.name, "geometry": place.geometry} if place.geometry else None,
        "beside": beside,
        "wanted": "area",
        "edit": may_edit,
        "urls": {"base": reverse("web:map_base"), "save": reverse("web:project_shape", args=[project.pk])},
    }


@page
def new_project(request: HttpRequest, viewer: Viewer, place_id: int) -> HttpResponse:
    place = core.place(viewer, place_id, "project.edit")
    if place.kind not in HOMES:
        raise NotInScope
    form = ProjectForm(viewer, place, request.POST if request.method == "POST" else None)
    made: list[Project] = []
    if tried(request, form, lambda: made.append(actions.add_project(viewer, place.pk, form.spec())), _("已写下项目。")):
        return redirect("web:project", made[0].pk)
    return page_of(request, viewer, place, form, {"title": _("申报建设项目")}, "web/parks/project_form.html")


@page
def edit_project(request: HttpRequest, viewer: Viewer, project_id: int) -> HttpResponse:
    project = selectors.project(viewer, project_id)
    place = core.place(viewer, project.place_id, "project.edit")
    form = ProjectForm(viewer, place, request.POST if request.method == "POST" else None, selectors.spec_of(project))
    if tried(request, form, lambda: actions.edit_project(viewer, project.pk, form.spec()), _("已保存，请重新检查。")):
        return redirect("web:project", project.pk)
    context = {"title": project.name, "project": project}
    return page_of(request, viewer, place, form, context, "web/parks/project_form.html")


@require_POST
@page
def shape(request: HttpRequest, viewer: Viewer, project_id: int) -> HttpResponseBase:
    """The land as the map sends it: a GeoJSON geometry, or ``null`` to take it off the map."""
    actions.open_project_now(viewer, project_id)  # who may not change it hears that first
    actions.draw_project(viewer, project_id, shape_sent(request))
    return JsonResponse({"saved": True})


@require_POST
@page
def check(request: HttpRequest, viewer: Viewer, project_id: int) -> HttpResponse:
    """Run the check: now, or by a job where the risk around has to be computed."""
    project = selectors.project(viewer, project_id)
    back = reverse("web:project", args=[project.pk])
    said = _("正在检查，结果出来后显示在这里。") if project.installations else _("已检查。")
    return acted(request, lambda: actions.ask_check(viewer, project.pk), said, f"{back}#check")


@page
def progress(request: HttpRequest, viewer: Viewer, project_id: int) -> HttpResponse:
    """How far the check is; once it is done the page is asked to show the result."""
    project = selectors.project(viewer, project_id)
    job = selectors.job_of(project)
    answer = render(request, "web/parks/checking.html", {"project": project, "job": job})
    if job is None or job.state == JobState.FAILED:
        answer["HX-Refresh"] = "true"
    return answer


@require_POST
@page
def sign(request: HttpRequest, viewer: Viewer, project_id: int) -> HttpResponse:
    project = selectors.project(viewer, project_id)
    form = SignForm(request.POST)

    def act() -> None:
        said = form.cleaned_data
        actions.sign(viewer, project.pk, said["office"], said["verdict"], said["text"])

    if tried(request, form, act, _("已签署，并已留痕。")):
        return redirect(f"{reverse('web:project', args=[project.pk])}#sign")
    core.place(viewer, project.place_id, "project.sign")
    return _shown(request, viewer, project, sign=form)


@require_POST
@page
def add_paper(request: HttpRequest, viewer: Viewer, project_id: int) -> HttpResponse:
    project = selectors.project(viewer, project_id)
    form = PaperForm(request.POST, request.FILES)

    def act() -> None:
        actions.add_paper(viewer, form.spec(), project_id=project.pk, upload=form.cleaned_data["file"])

    if tried(request, form, act, _("已登记文件。")):
        return redirect(f"{reverse('web:project', args=[project.pk])}#papers")
    core.place(viewer, project.place_id, "project.edit")
    return _shown(request, viewer, project, paper=form)


@require_POST
@page
def end_paper(request: HttpRequest, viewer: Viewer, paper_id: int) -> HttpResponse:
    row = selectors.paper(viewer, paper_id)
    back = (
        reverse("web:project", args=[row.project_id])
        if row.project_id
        else reverse("web:enterprise", args=[row.place_id])
    )
    return acted(request, lambda: actions.end_paper(viewer, row.pk), _("已取消登记。"), back)


@page
def close(request: HttpRequest, viewer: Viewer, project_id: int, what: str) -> HttpResponse:
    """Withdraw it, or send it back to be examined anew: with the reason."""
    project = selectors.project(viewer, project_id)
    act, title, said, needs = _CLOSINGS[what]
    place = core.place(viewer, project.place_id, needs)
    form = ReasonForm(request.POST or None)
    if tried(request, form, lambda: act(viewer, project.pk, form.cleaned_data["reason"]), _("已登记。")):
        return redirect("web:project", project.pk)
    back = reverse("web:project", args=[project.pk])
    context = {"title": f"{title}：{project.name}", "said": said, "back": back, "yes": title}
    return page_of(request, viewer, place, form, context)


_CLOSINGS: dict[str, tuple[Any, Any, Any, str]] = {
    "withdraw": (
        actions.withdraw_project, gettext_lazy("撤回项目"),
        gettext_lazy("撤回后不能再改、不能再签；需要时由会签部门退回重审。"), "project.edit",
    ),
    "reopen": (
        actions.reopen_project, gettext_lazy("退回重审"),
        gettext_lazy("退回后要重新检查、重新会签；以前的意见留在以前的检查里，不再算数。"), "project.sign",
    ),
}  # fmt: skip


@page
def file(request: HttpRequest, viewer: Viewer, project_id: int) -> HttpResponseBase:
    """The result as Excel, Word or PDF."""
    project = selectors.project(viewer, project_id)
    run = selectors.newest_check(project)
    if run is None:
        raise BadInput(Refusal("project.unchecked", "还没有运行准入检查。", "请先检查，再导出结果。"))
    return export.answer(request, viewer, _result(viewer, project, run))


def _result(viewer: Viewer, project: Project, run: CheckRun) -> export.Result:
    return export.Result(
        title=_("建设项目准入检查结果"),
        name=project.name,
        facts=(
            (_("申请单位"), project.applicant),
            (_("拟进"), project.place.name),
            (_("阶段"), _stage(project)),
            (_("行业"), _industry(project.industry)),
            (_("结论"), str(project.get_state_display())),
            (_("检查时间"), export.when(run.at)),
            (_("检查人"), run.by.name if run.by else _("系统")),
            (_("检查摘要"), run.digest),
        ),
        lines=selectors.lines_of(viewer, run.findings),
        signatures=selectors.signatures(run),
        effect=effect.shown(viewer, project, run),
        place=project.place,
        subject=f"project:{project.pk}",
    )
