"""What a project has declared, its papers and what offices said of it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_noop as _
from ninja import Field, Query, Schema

from anlan.apps.core.selectors import request_viewer
from anlan.apps.parks import selectors
from anlan.apps.parks.api.desk import PaperOut, columns, router
from anlan.apps.parks.choices import ProjectState
from anlan.apps.parks.models import Project
from anlan.kit.api import Id, Listed, Slice, cut
from anlan.kit.grants import Viewer


class DeclaredChemicalOut(Schema):
    name: str
    cas: str = Field("", description="CAS number; empty = not written.", examples=["7782-50-5"])
    tonnes: float | None = Field(None, description="At most [t]; null = not written.", examples=[25.0])
    category: str = Field("", description="Hazard category; empty = not written.")
    state: str = Field("", description="Gas, liquid or solid, in words.", examples=["气体"])
    hazardous: bool = Field(True, description="Whether it is a hazardous chemical.")


class SiteOut(Schema):
    kind: str = Field(description="Key of its kind.", examples=["liquid"])
    name: str = Field("", description="What people call it.")
    longitude: float | None = Field(None, description="[degree, CGCS2000]; null = anywhere on the land.")
    latitude: float | None = Field(None, description="[degree, CGCS2000]; null = anywhere on the land.")


class InstallationOut(Schema):
    """What of a project may leak. SI units."""

    number: int = Field(description="Its number in the project.", examples=[1])
    name: str
    substance: str = Field(description="CAS number or name.", examples=["7782-50-5"])
    mass: float = Field(description="[kg]", examples=[5000.0])
    temperature: float = Field(description="[K]", examples=[293.15])
    pressure: float | None = Field(description="Absolute [Pa]; null = its own vapour.")
    longitude: float = Field(description="[degree, CGCS2000]", examples=[120.04])
    latitude: float = Field(description="[degree, CGCS2000]", examples=[30.0])
    equipment: str = Field(description="Code of its kind.", examples=["pressure-vessel"])
    holes: list[str] = Field(description="Leaks that are counted.", examples=[["10mm"]])
    amount: float = Field(description="Items, metres or hours of use a year.", examples=[1.0])
    head: float = Field(description="Of liquid above the hole [m].", examples=[2.0])
    bund: float | None = Field(description="Area that holds a spill back [m2]; null = none.")
    pipe: float | None = Field(description="Inner diameter of its pipe [m]; null = none.")
    duration: float = Field(description="Until a leak is shut [s].", examples=[1800.0])
    escalation: str = Field(description="As what it falls to accidents beside it; empty = never.")
    volume: float | None = Field(description="Of the vessel [m3]; null = by its mass.")


class DeclaredOut(Schema):
    """What a project has declared, as it is checked."""

    id: int
    name: str
    place_id: int
    plant_id: int | None = Field(
        description="The enterprise that is extended; null = a new one, or not for the reader."
    )
    applicant: str = Field(description="Who proposes it.", examples=["新川化工有限公司"])
    contact: str = Field(description="Whom to call.", examples=["王工"])
    phone: str
    industry: str = Field(description="Code (GB/T 4754); empty = not written.", examples=["2614"])
    investment: float | None = Field(description="[10 000 yuan]; null = not written.", examples=[12000.0])
    stage: str = Field(description="How far it is.", examples=["planned"])
    geometry: dict[str, Any] | None
    products: list[str] = Field(description="What it makes.")
    chemicals: list[DeclaredChemicalOut]
    processes: list[str] = Field(description="By which processes.")
    equipment: list[str] = Field(description="With which equipment.")
    facilities: list[SiteOut]
    installations: list[InstallationOut]
    neighbours: int | None = Field(description="People within 500 m outside the fence; null = not written.")
    scenarios: list[int] = Field(description="Ids of its accident scenarios that the reader may see.")


class ProjectOut(Schema):
    """A project that wants to come."""

    id: int
    name: str
    place_id: int
    place: str = Field(description="What people call the place.", examples=["澜县化工园区"])
    applicant: str = Field(description="Who proposes it.", examples=["新川化工有限公司"])
    stage: str = Field(description="How far it is.", examples=["planned"])
    state: ProjectState = Field(description="What became of it so far.")
    investment: float | None = Field(description="[10 000 yuan]; null = not written.", examples=[12000.0])
    blocking: int | None = Field(description="Veto lines that do not pass; null = never checked.", examples=[1])
    changed: datetime = Field(description="When it was last changed.")


class WholeProjectOut(ProjectOut):
    """A project with how far its check is."""

    checking: str = Field(
        description="waiting or running: a job checks it; failed: that broke off; empty = no check is under way.",
        examples=[""],
    )


class SignatureOut(Schema):
    """An office that has to sign, with its last opinion on the newest check."""

    office: str = Field(description="Key of the office.", examples=["emergency"])
    name: str
    verdict: str = Field(description="agree or refuse; empty = it has not signed.", examples=["agree"])
    text: str
    by: str = Field(description="Who signed; empty = nobody yet.", examples=["李巡"])
    at: datetime | None = Field(description="When it was signed; null = not yet.")
    digest: str = Field(description="SM3 of the check's digest and the opinion; empty = not signed.")


@router.get("/projects/{project_id}/declared", response=DeclaredOut, summary=_("建设项目申报内容"))
def get_declared(request: HttpRequest, project_id: Id) -> dict[str, Any]:
    """What a project has declared: land, products, chemicals, processes, what may leak."""
    viewer = request_viewer(request)
    return declared(viewer, selectors.project(viewer, project_id))


@router.get("/projects/{project_id}/papers", response=Listed[PaperOut], summary=_("建设项目文书"))
def list_papers(request: HttpRequest, project_id: Id, query: Query[Slice]) -> dict[str, Any]:
    """The documents in force of a project, in the order of their dates."""
    viewer = request_viewer(request)
    found = selectors.papers(viewer, project_row=selectors.project(viewer, project_id))
    part: dict[str, Any] = cut(found, query, "dated", "pk")
    return {**part, "items": [columns(row, PaperOut) for row in part["items"]]}


@router.get("/projects/{project_id}/signatures", response=Listed[SignatureOut], summary=_("建设项目会签"))
def list_signatures(request: HttpRequest, project_id: Id) -> dict[str, Any]:
    """Every office that has to sign, with its last opinion on the newest check."""
    run = selectors.newest_check(selectors.project(request_viewer(request), project_id))
    return {"items": [vars(one) for one in selectors.signatures(run)]}


def whole(viewer: Viewer, one: Project) -> dict[str, Any]:
    """A project as ``WholeProjectOut`` has it."""
    run = selectors.newest_check(one)
    return row(one, run.blocking if run else None) | {"checking": selectors.checking_state(one)}


def row(one: Project, blocking: Sequence[str] | None) -> dict[str, Any]:
    """A project as ``ProjectOut`` has it; ``blocking`` of its newest check."""
    names = ("name", "place_id", "applicant", "stage", "state", "investment", "changed")
    told = {name: getattr(one, name) for name in names}
    return told | {"id": one.pk, "place": one.place.name, "blocking": None if blocking is None else len(blocking)}


def declared(viewer: Viewer, one: Project) -> dict[str, Any]:
    """A project as ``DeclaredOut`` has it."""
    told = {name: getattr(one, name) for name in DeclaredOut.model_fields if name not in ("id", "installations")}
    plant = one.plant
    seen = plant is not None and viewer.may("place.view", plant.path, plant.sector)
    told |= {"plant_id": one.plant_id if seen else None, "scenarios": selectors.scenarios_seen(viewer, one)}
    return told | {"id": one.pk, "installations": installations(one)}


def installations(one: Project) -> list[dict[str, Any]]:
    """What of a project may leak, by its number."""
    return [{"number": number, **vars(spec)} for number, spec in selectors.installations(one)]
