"""Installations of a study: what enterprise files hold, added, changed, moved, ended; what one is told of its own."""

from collections.abc import Set as AbstractSet
from dataclasses import fields
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_noop as _
from ninja import Field, Router, Schema, Status

from anlan.apps.consequences.parks import actions, proposing, selectors
from anlan.apps.consequences.parks.models import ParkSource
from anlan.apps.consequences.parks.specs import MOST_SOURCES, SourceSpec
from anlan.apps.core import selectors as core
from anlan.apps.enterprises.selectors import Holder
from anlan.kit.api import Id, Number, Strict, Words
from anlan.kit.errors import BadInput
from anlan.kit.grants import Viewer
from anlan.rules.refusal import Refusal

router = Router(tags=[_("定量风险评价")])

#: Holdings that are offered, the largest.
MOST_STORES = 300


class RiskSourceOut(Schema):
    """An installation with its leaks. SI units."""

    id: int
    name: str
    place_id: int | None = Field(description="Where it stands in the tree; null = nowhere in particular.")
    longitude: float = Field(description="[degree, CGCS2000]", examples=[121.5])
    latitude: float = Field(description="[degree, CGCS2000]", examples=[41.1])
    substance: str = Field(description="CAS number, or a mixture of the pack.", examples=["7782-50-5"])
    mass: float = Field(description="[kg]", examples=[5000.0])
    temperature: float = Field(description="[K]", examples=[293.15])
    pressure: float | None = Field(description="Absolute [Pa]; null = its own vapour.")
    head: float = Field(description="Of liquid above the hole [m].", examples=[2.0])
    bund: float | None = Field(description="Area that holds a spill back [m2]; null = none.")
    equipment: str = Field(description="Code of its kind.", examples=["pressure-vessel"])
    holes: list[str] = Field(description="Leaks that are counted.", examples=[["10mm"]])
    amount: float = Field(description="Items, metres, feet or hours of use a year.", examples=[1.0])
    pipe: float | None = Field(description="Nominal diameter [m], where holes are shares of it; null = not said.")
    duration: float = Field(description="Until it is shut [s].", examples=[1800.0])
    escalation: str = Field(description="Class by which accidents nearby may bring it down; empty = none does.")
    volume: float | None = Field(description="[m3]; null = not said.")


class InstallationIn(Strict):
    """What is stored in what, and how it may leak, in SI units."""

    name: Words = Field(min_length=1, max_length=120, description="What people call it.", examples=["1 号氯罐"])
    place_id: Id | None = Field(None, description="Where it stands, within the study's place; null = not said.")
    longitude: Number = Field(ge=-180, le=180, description="[degree, CGCS2000]", examples=[121.5])
    latitude: Number = Field(ge=-80, le=80, description="[degree, CGCS2000]", examples=[41.1])
    substance: Words = Field(max_length=60, description="Name or CAS number.", examples=["7782-50-5"])
    mass: Number = Field(ge=1e-3, le=1e9, description="In one item at most [kg].", examples=[5000.0])
    equipment: Words = Field(max_length=40, description="A code of chemicals/leak_frequencies.",
                             examples=["pressure-vessel"])  # fmt: skip
    holes: list[Words] = Field(min_length=1, max_length=40, description="Its leaks.", examples=[["10mm"]])
    temperature: Number = Field(293.15, ge=20, le=1000, description="[K]")
    pressure: Number | None = Field(None, ge=5e4, le=1e8, description="Absolute [Pa]; null = its own vapour.")
    head: Number = Field(2.0, ge=0, le=100, description="Of liquid above the hole [m].")
    bund: Number | None = Field(None, ge=1, le=1e6, description="Area that holds a spill back [m2]; null = none.")
    amount: Number = Field(1.0, ge=1e-3, le=1e6, description="Items, metres, feet or hours of use a year.")
    pipe: Number | None = Field(None, ge=5e-3, le=3, description="Nominal diameter [m], if leaks are shares of it.")
    duration: Number = Field(1800.0, ge=6, le=86_400, description="Until it is shut [s].")
    escalation: Words = Field("", max_length=24, description="A class of core/domino_thresholds; empty = none.")
    volume: Number | None = Field(None, ge=0.1, le=1e6, description="[m3]; null = not said.")

    def spec(self) -> SourceSpec:
        columns = {one.name: getattr(self, one.name) for one in fields(SourceSpec)}
        return SourceSpec(**columns | {"holes": tuple(dict.fromkeys(self.holes))})


class NewInstallations(Strict):
    """All or none."""

    installations: list[InstallationIn] = Field(min_length=1, max_length=MOST_SOURCES)


class StoreOut(Schema):
    """What an enterprise file holds."""

    chemical_id: Id = Field(description="Id of the holding.")
    place_id: Id
    place: str = Field(description="Where it is kept.", examples=["九通化工"])
    substance: str = Field(description="What it is.", examples=["液氯"])
    cas: str = Field(description="CAS number; empty = not written.", examples=["7782-50-5"])
    tonnes: float | None = Field(description="What is held at most [t]; null = not written.", examples=[40.0])
    proposed: dict[str, Any] | None = Field(
        description="The installation that it would be, as it is taken here; null = nobody wrote how much there is."
    )
    used: bool = Field(description="Whether an installation of that name is in the study.")


class HeldIn(Strict):
    chemical_ids: list[Id] = Field(min_length=1, max_length=MOST_STORES, description="Holdings that are stored there.")


class NotTakenOut(Schema):
    """A holding that cannot be computed."""

    chemical_id: Id = Field(description="Id of the holding.")
    name: str
    reason: str = Field(description="Why not, and what to do.")


class TakenOut(Schema):
    """What became of the holdings."""

    added: list[RiskSourceOut]
    refused: list[NotTakenOut]


class SpotOfIn(Strict):
    longitude: Number = Field(ge=-180, le=180, description="[degree, CGCS2000]", examples=[121.5])
    latitude: Number = Field(ge=-80, le=80, description="[degree, CGCS2000]", examples=[41.1])


class OwnSourceOut(Schema):
    """An installation, for who sees its study and for who sees only the place where it stands."""

    id: int
    name: str
    place_id: int | None = Field(description="Where it stands in the tree; null = nowhere in particular.")
    study: str = Field(description="What people call the study.", examples=["澜县化工园区定量风险评价"])
    study_id: Id | None = Field(description="Id of the study; null = it is not the reader's.")
    substance: str = Field(description="CAS number, or a mixture of the pack.", examples=["7782-50-5"])
    mass: float = Field(description="[kg]", examples=[5000.0])
    amount: float = Field(description="Items, metres, feet or hours of use a year.", examples=[1.0])
    ended: datetime | None = Field(description="Since when it is gone; null = it is there.")
    most: float = Field(description="Largest share of the risk of a target beyond its limit that is its doing [-].")
    whole: RiskSourceOut | None = Field(description="All that is written; null = the study is not the reader's.")


@router.get("/risk-studies/{study_id}/stores", response=list[StoreOut], summary=_("可列为风险源的储存"))
def list_stores(request: HttpRequest, study_id: Id) -> list[dict[str, Any]]:
    """What enterprise files hold at the study's place and below of substances that the models know, the largest first;
    for who may change the study."""
    viewer = core.request_viewer(request)
    one = selectors.study(viewer, study_id)
    core.place(viewer, one.place_id, "scenario.edit")
    used = {each.name for each in selectors.sources(viewer, one)}
    return [_store(each, used) for each in selectors.stores(viewer, one.place)[:MOST_STORES]]


@router.post("/risk-studies/{study_id}/installations", response={201: list[RiskSourceOut]}, summary=_("添加风险源"))
def add_installations(request: HttpRequest, study_id: Id, body: NewInstallations) -> Status[list[dict[str, Any]]]:
    """Add installations, all or none; the study is computed anew."""
    specs = [one.spec() for one in body.installations]
    return Status(201, _added(core.request_viewer(request), study_id, specs))


@router.post("/risk-studies/{study_id}/installations/held", response={201: TakenOut}, summary=_("从企业档案添加风险源"))
def add_held_installations(request: HttpRequest, study_id: Id, body: HeldIn) -> Status[dict[str, Any]]:
    """Add chosen holdings, each as the pack proposes; those that cannot be computed are told."""
    viewer = core.request_viewer(request)
    one = selectors.study(viewer, study_id)
    core.place(viewer, one.place_id, "scenario.edit")
    held = [each for each in selectors.stores(viewer, one.place) if each.chemical_id in set(body.chemical_ids)]
    if not held:
        fix = "请用 stores 所列的 chemical_id。"
        raise BadInput(Refusal("park.not_held", "所选的储存都不在评价范围里。", fix))
    good, bad = proposing.computable(held)
    added = _added(viewer, study_id, proposing.spread(good)) if good else []
    return Status(201, {"added": added, "refused": [_not_taken(each, said) for each, said in bad]})


@router.get("/risk-installations/{installation_id}", response=OwnSourceOut, summary=_("查看风险源"))
def get_risk_installation(request: HttpRequest, installation_id: Id) -> dict[str, Any]:
    """One installation; who sees only the place where it stands is told what it does, not the study."""
    viewer = core.request_viewer(request)
    return _own(viewer, selectors.source(viewer, installation_id))


@router.put("/risk-installations/{installation_id}", response=RiskSourceOut, summary=_("修改风险源"))
def replace_risk_installation(request: HttpRequest, installation_id: Id, body: InstallationIn) -> dict[str, Any]:
    """Replace what is said of an installation; the study is computed anew."""
    return installation(actions.edit_source(core.request_viewer(request), installation_id, body.spec()))


@router.post("/risk-installations/{installation_id}/move", response=RiskSourceOut, summary=_("移动风险源"))
def move_risk_installation(request: HttpRequest, installation_id: Id, body: SpotOfIn) -> dict[str, Any]:
    """Put an installation elsewhere; the study is computed anew. `moved` tells beforehand what that would do."""
    viewer = core.request_viewer(request)
    return installation(actions.move_source(viewer, installation_id, body.longitude, body.latitude))


@router.post("/risk-installations/{installation_id}/end", response=RiskSourceOut, summary=_("移除风险源"))
def end_risk_installation(request: HttpRequest, installation_id: Id) -> dict[str, Any]:
    """The installation is gone; the study is computed anew."""
    return installation(actions.end_source(core.request_viewer(request), installation_id))


def installation(row: ParkSource) -> dict[str, Any]:
    """What is written of it."""
    return {name: getattr(row, name) for name in RiskSourceOut.model_fields}


def _added(viewer: Viewer, study_id: int, specs: list[SourceSpec]) -> list[dict[str, Any]]:
    return [installation(row) for row in actions.add_sources(viewer, study_id, specs)]


def _store(held: Holder, used: AbstractSet[str]) -> dict[str, Any]:
    spec = proposing.proposed(held)
    told = {name: getattr(held, name) for name in ("chemical_id", "place_id", "substance", "cas")}
    told |= {"place": held.place_name, "tonnes": selectors.amount_of(held), "used": bool(spec and spec.name in used)}
    return told | {"proposed": vars(spec) if spec else None}


def _not_taken(held: Holder, said: Refusal) -> dict[str, Any]:
    reason = "".join(said.filled(text) for text in (said.message, said.fix))
    return {"chemical_id": held.chemical_id, "name": f"{held.place_name} {held.substance}", "reason": reason}


def _own(viewer: Viewer, row: ParkSource) -> dict[str, Any]:
    seen = selectors.may_see_study(viewer, row)
    told = {name: getattr(row, name) for name in ("id", "name", "place_id", "substance", "mass", "amount", "ended")}
    study = {"study": row.study.name, "study_id": row.study_id if seen else None}
    return told | study | {"most": selectors.laid_to_source(row), "whole": installation(row) if seen else None}
