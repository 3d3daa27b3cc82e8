"""What programs write of projects, by the very actions of their pages: declared, drawn, checked, signed."""

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils.translation import gettext_noop as _
from ninja import Field, Status

from anlan.apps.consequences.parks.specs import SourceSpec
from anlan.apps.core import selectors as core
from anlan.apps.core.selectors import request_viewer
from anlan.apps.parks import actions, selectors
from anlan.apps.parks.api import projects
from anlan.apps.parks.api.desk import PaperOut, columns, router
from anlan.apps.parks.api.keeping import Because, Latitude, Longitude
from anlan.apps.parks.choices import Opinion
from anlan.apps.parks.models import Project
from anlan.apps.parks.specs import MOST_ROWS, ChemicalLine, FacilityLine, PaperSpec, ProjectSpec, cas_of
from anlan.kit.api import Day, Id, Listed, Number, Strict, Words
from anlan.kit.grants import Viewer

Name = Annotated[Words, Field(max_length=120)]
Key = Annotated[Words, Field(max_length=24)]
MOST_SCENARIOS = 40


class ChemicalIn(Strict):
    name: Words = Field(min_length=1, max_length=120, examples=["液氯"])
    cas: Words = Field("", max_length=12, description="CAS number; empty = as the name has it.", examples=["7782-50-5"])
    tonnes: Number | None = Field(None, ge=0, le=1e9, description="At most [t]; null = not written.")
    category: Words = Field("", max_length=12, description="Symbol of GB 18218 table 2; empty = not written.")
    state: Words = Field("", max_length=12, description="Gas, liquid or solid, in words.", examples=["气体"])
    hazardous: bool = Field(True, description="Whether it is a hazardous chemical.")

    def line(self) -> ChemicalLine:
        return ChemicalLine(**self.dict() | {"cas": self.cas or cas_of(self.name)})


class SiteIn(Strict):
    kind: Key = Field(description="Key of its kind (pack core/site_distances).", examples=["liquid"])
    name: Words = Field("", max_length=60, description="What people call it.")
    longitude: Longitude | None = Field(None, description="[degree, CGCS2000]; null = anywhere on the land.")
    latitude: Latitude | None = Field(None, description="[degree, CGCS2000]; null = anywhere on the land.")


class ProjectIn(Strict):
    """What a project declares, as it is checked."""

    name: Words = Field(min_length=1, max_length=120, examples=["年产 1 万吨乙酸乙酯项目"])
    applicant: Words = Field(min_length=1, max_length=120, description="Who proposes it.", examples=["新川化工"])
    stage: Key = Field("planned", description="How far it is (pack core/admission).", examples=["planned"])
    contact: Words = Field("", max_length=64, description="Whom to call.", examples=["王工"])
    phone: Words = Field("", max_length=32)
    industry: Words = Field("", max_length=4, description="Code (GB/T 4754); empty = not written.", examples=["2614"])
    investment: Number | None = Field(None, ge=0, le=1e12, description="[10 000 yuan]; null = not written.")
    plant_id: Id | None = Field(None, description="The enterprise that is extended; null = a new one.")
    products: list[Name] = Field([], max_length=MOST_ROWS, description="What it makes.")
    chemicals: list[ChemicalIn] = Field([], max_length=MOST_ROWS)
    processes: list[Name] = Field([], max_length=MOST_ROWS, description="By which processes.")
    equipment: list[Name] = Field([], max_length=MOST_ROWS, description="With which equipment.")
    facilities: list[SiteIn] = Field([], max_length=MOST_ROWS)
    neighbours: int | None = Field(
        None, ge=0, le=10_000_000, description="People within 500 m outside the fence; null = not written."
    )
    scenarios: list[Id] = Field([], max_length=MOST_SCENARIOS, description="Ids of accident scenarios of it.")

    def spec(self) -> ProjectSpec:
        told = {name: getattr(self, name) for name in ProjectSpec.__dataclass_fields__}
        lists = {name: tuple(told[name]) for name in ("products", "processes", "equipment", "scenarios")}
        rows = {"chemicals": tuple(one.line() for one in self.chemicals)}
        sites = {"facilities": tuple(FacilityLine(**one.dict()) for one in self.facilities)}
        return ProjectSpec(**told | lists | rows | sites | {"industry": self.industry.upper()})


class NewProject(ProjectIn):
    """A project that wants to come to a park, a town or a county."""

    place_id: Id


class AreaIn(Strict):
    """A GeoJSON area in degrees (CGCS2000)."""

    type: Literal["Polygon", "MultiPolygon"]
    coordinates: list[Any] = Field(description="As RFC 7946 has them: closed rings of longitude and latitude.")


class LandIn(Strict):
    geometry: AreaIn | None = Field(description="The project's land; null takes it off the map.")


class OpinionIn(Strict):
    """What an office says to the newest check."""

    office: Key = Field(description="Key of the office (pack core/admission).", examples=["emergency"])
    verdict: Opinion
    text: Words = Field(min_length=1, max_length=500)


class PaperIn(Strict):
    """A document: a step of "three at the same time", a study."""

    kind: Key = Field(description="Key of its kind (pack core/admission).", examples=["conditions"])
    dated: Day = Field(description="Its date.")
    number: Words = Field("", max_length=80, description="Its number; empty = none.")
    issuer: Words = Field("", max_length=120, description="Who issued it; empty = not written.")
    file_id: Id | None = Field(
        None, description="Id of its file, handed in at the project's place or at the plant; null = none."
    )

    def spec(self) -> PaperSpec:
        return PaperSpec(self.kind, self.dated, self.number, self.issuer)


class ProposedIn(Strict):
    """What of a project may leak. SI units."""

    name: Words = Field(min_length=1, max_length=120, examples=["液氯储罐"])
    longitude: Longitude = Field(description="[degree, CGCS2000]", examples=[120.04])
    latitude: Latitude = Field(description="[degree, CGCS2000]", examples=[30.0])
    substance: Words = Field(min_length=1, max_length=60, description="CAS number or name.", examples=["7782-50-5"])
    mass: Number = Field(ge=1e-3, le=1e9, description="[kg]", examples=[5000.0])
    equipment: Words = Field(max_length=40, description="Code of its kind (pack core/leak_frequencies).")
    holes: list[Key] = Field(min_length=1, max_length=20, description="Leaks that are counted.", examples=[["10mm"]])
    temperature: Number = Field(293.15, ge=20, le=1000, description="[K]")
    pressure: Number | None = Field(None, ge=5e4, le=1e8, description="Absolute [Pa]; null = its own vapour.")
    head: Number = Field(2.0, ge=0, le=100, description="Of liquid above the hole [m].")
    bund: Number | None = Field(None, ge=1, le=1e6, description="Area that holds a spill back [m2]; null = none.")
    amount: Number = Field(1.0, ge=1e-3, le=1e6, description="Items, metres or hours of use a year.")
    pipe: Number | None = Field(None, ge=0.005, le=3, description="Inner diameter of its pipe [m]; null = none.")
    duration: Number = Field(1800.0, ge=6, le=86_400, description="Until a leak is shut [s].")
    escalation: Words = Field("", max_length=40, description="As what it falls to accidents beside it; empty = never.")
    volume: Number | None = Field(None, ge=0.1, le=1e6, description="Of the vessel [m3]; null = by its mass.")

    def spec(self) -> SourceSpec:
        return SourceSpec(**self.dict() | {"holes": tuple(self.holes)})


@router.post("/projects", response={201: projects.WholeProjectOut}, summary=_("申报建设项目"))
def add_project(request: HttpRequest, body: NewProject) -> Status[dict[str, Any]]:
    """Write a project down that wants to come to a park, a town or a county."""
    viewer = request_viewer(request)
    core.place(viewer, body.place_id, "project.view")  # whoever could not read it may not write it
    made = actions.add_project(viewer, body.place_id, body.spec())
    return Status(201, projects.whole(viewer, made))


@router.put("/projects/{project_id}", response=projects.WholeProjectOut, summary=_("修改建设项目"))
def edit_project(request: HttpRequest, project_id: Id, body: ProjectIn) -> dict[str, Any]:
    """Replace what a project declares; a check that was run before is stale then."""
    viewer, one = _project(request, project_id)
    return projects.whole(viewer, actions.edit_project(viewer, one.pk, body.spec()))


@router.put("/projects/{project_id}/geometry", response=projects.DeclaredOut, summary=_("画建设项目用地"))
def draw_project(request: HttpRequest, project_id: Id, body: LandIn) -> dict[str, Any]:
    """Put a project's land on the map, or take it off."""
    viewer, one = _project(request, project_id)
    shape = body.geometry.dict() if body.geometry else None
    return projects.declared(viewer, actions.draw_project(viewer, one.pk, shape))


@router.post("/projects/{project_id}/check", response={202: projects.WholeProjectOut}, summary=_("运行准入检查"))
def ask_check(request: HttpRequest, project_id: Id) -> Status[dict[str, Any]]:
    """Check a project: at once, or, where it has installations, by a job; ``checking`` tells how far that is."""
    viewer, one = _project(request, project_id)
    actions.ask_check(viewer, one.pk)
    return Status(202, projects.whole(viewer, selectors.project(viewer, one.pk)))


@router.post("/projects/{project_id}/signatures", response={201: projects.SignatureOut}, summary=_("会签建设项目"))
def sign_project(request: HttpRequest, project_id: Id, body: OpinionIn) -> Status[dict[str, Any]]:
    """Give the opinion of an office on the newest check. Nobody can agree while a veto line does not pass."""
    viewer, one = _project(request, project_id)
    row = actions.sign(viewer, one.pk, body.office, body.verdict.value, body.text)
    given = selectors.signatures(row.check_run)
    return Status(201, vars(next(each for each in given if each.office == body.office)))


@router.post("/projects/{project_id}/withdraw", response=projects.WholeProjectOut, summary=_("撤回建设项目"))
def withdraw_project(request: HttpRequest, project_id: Id, body: Because) -> dict[str, Any]:
    """The applicant takes a project back."""
    viewer, one = _project(request, project_id)
    return projects.whole(viewer, actions.withdraw_project(viewer, one.pk, body.reason))


@router.post("/projects/{project_id}/reopen", response=projects.WholeProjectOut, summary=_("退回建设项目重审"))
def reopen_project(request: HttpRequest, project_id: Id, body: Because) -> dict[str, Any]:
    """Examine a project anew: earlier opinions no longer count."""
    viewer, one = _project(request, project_id)
    return projects.whole(viewer, actions.reopen_project(viewer, one.pk, body.reason))


@router.post("/projects/{project_id}/papers", response={201: PaperOut}, summary=_("登记建设项目文书"))
def add_project_paper(request: HttpRequest, project_id: Id, body: PaperIn) -> Status[dict[str, Any]]:
    """Register a document of a project."""
    viewer, one = _project(request, project_id)
    upload = core.file(viewer, body.file_id) if body.file_id is not None else None
    row = actions.add_paper(viewer, body.spec(), project_id=one.pk, upload=upload)
    return Status(201, columns(row, PaperOut))


@router.post("/parks/{place_id}/screening/{plant_id}/papers", response={201: PaperOut}, summary=_("登记企业文书"))
def add_plant_paper(request: HttpRequest, place_id: Id, plant_id: Id, body: PaperIn) -> Status[dict[str, Any]]:
    """Register a document of a plant that is in a park."""
    viewer = request_viewer(request)
    plant = selectors.plant_in(viewer, selectors.park(viewer, place_id, "project.view"), plant_id)
    core.place(viewer, plant.pk, "project.view")
    upload = core.file(viewer, body.file_id) if body.file_id is not None else None
    row = actions.add_paper(viewer, body.spec(), plant_id=plant.pk, upload=upload)
    return Status(201, columns(row, PaperOut))


@router.post("/projects/papers/{paper_id}/end", response={204: None}, summary=_("取消登记文书"))
def end_paper(request: HttpRequest, paper_id: Id) -> Status[None]:
    """A document was registered wrongly."""
    viewer = request_viewer(request)
    actions.end_paper(viewer, selectors.paper(viewer, paper_id).pk)
    return Status(204, None)


@router.post(
    "/projects/{project_id}/installations", response={201: projects.InstallationOut}, summary=_("添加拟建装置")
)
def add_installation(request: HttpRequest, project_id: Id, body: ProposedIn) -> Status[dict[str, Any]]:
    """Write down what of a project may leak."""
    viewer, one = _project(request, project_id)
    found = projects.installations(actions.add_installations(viewer, one.pk, [body.spec()]))
    return Status(201, found[-1])


@router.post(
    "/projects/{project_id}/installations/propose", response={201: Listed[projects.InstallationOut]},
    summary=_("按申报的化学品拟定装置"),
)  # fmt: skip
def propose_installations(request: HttpRequest, project_id: Id) -> Status[dict[str, Any]]:
    """Write down what a project's chemicals would be kept in, as the rules think; answers with all there are then."""
    viewer, one = _project(request, project_id)
    return Status(201, {"items": projects.installations(actions.propose_installations(viewer, one.pk))})


@router.put(
    "/projects/{project_id}/installations/{number}", response=projects.InstallationOut, summary=_("修改拟建装置")
)
def edit_installation(request: HttpRequest, project_id: Id, number: Id, body: ProposedIn) -> dict[str, Any]:
    """Replace what is said of an installation of a project."""
    viewer, one = _project(request, project_id)
    found = projects.installations(actions.edit_installation(viewer, one.pk, number, body.spec()))
    return next(each for each in found if each["number"] == number)


@router.post("/projects/{project_id}/installations/{number}/end", response={204: None}, summary=_("移除拟建装置"))
def end_installation(request: HttpRequest, project_id: Id, number: Id) -> Status[None]:
    """The project is without an installation."""
    viewer, one = _project(request, project_id)
    actions.end_installation(viewer, one.pk, number)
    return Status(204, None)


def _project(request: HttpRequest, project_id: int) -> tuple[Viewer, Project]:
    """Who asks, and the project, if they may see it. Raises NotInScope."""
    viewer = request_viewer(request)
    return viewer, selectors.project(viewer, project_id)
