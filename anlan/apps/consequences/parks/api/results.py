"""What was computed of a study: contours, F-N curve, targets, the risk at a point and with an installation elsewhere,
who brings down whom, who would have to move."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_noop as _
from ninja import Field, Query, Router, Schema

from anlan.apps.consequences.parks import selectors
from anlan.apps.consequences.parks.api.studies import ZONE
from anlan.apps.consequences.parks.selectors import Share, Target
from anlan.apps.core import selectors as core
from anlan.kit.api import Id, Listed, Number, Slice, Strict, bad_cursor, page_of, read_cursor

router = Router(tags=[_("定量风险评价")])

YEARLY = "[1/yr]"


class ContourLevelOut(Schema):
    """Area within a contour of individual risk."""

    level: float = Field(description=f"Individual risk {YEARLY}.", examples=[1e-6])
    hectares: float = Field(description="Within it [ha].", examples=[453.4])
    open: bool = Field(description="Whether it runs out of the grid.")
    people: float | None = Field(description="Who live inside, and who work there as far as the reader may know.")


class CriterionOut(Schema):
    """A line of the F-N diagram."""

    number: float = Field(description="People that it begins at.", examples=[1.0])
    frequency: float = Field(description=f"There {YEARLY}.", examples=[1e-3])
    slope: float = Field(description="Of the logarithms [-].", examples=[-2.0])


class SocietalOut(Schema):
    """The F-N curve and its judgement."""

    number: list[float] = Field(description="N people or more …")
    frequency: list[float] = Field(description=f"… die so often {YEARLY}.")
    any: float = Field(description=f"How often one or more die {YEARLY}.", examples=[2.1e-4])
    zone: str = ZONE
    upper: CriterionOut | None = Field(description="Above it risk is intolerable; null = there is no such limit.")
    lower: CriterionOut | None = Field(description="Below it risk is acceptable; null = there is no such limit.")
    end: float | None = Field(description="Where the limits end, in people; null = they do not, or there are none.")
    ratio: float | None = Field(description="Of the curve to the upper limit where it is nearest [-]; null = no limit.")
    at: int | None = Field(description="How many people that is at; null = there is no limit.", examples=[30])
    most: int | None = Field(description="How many may die at once; null = nobody, or there is no limit.")
    beyond: bool = Field(description="Whether more may die at once than the limits reach to.")
    loss: float = Field(description=f"Potential loss of life {YEARLY}.", examples=[3.3e-3])
    added: float = Field(description=f"Of it by knock-on accidents {YEARLY}.", examples=[1.2e-4])


class SourceLossOut(Schema):
    """What an installation adds to the potential loss of life."""

    installation_id: Id = Field(description="Id of the installation.")
    name: str
    place_id: int | None = Field(description="Where it stands in the tree; null = nowhere in particular.")
    loss: float = Field(description=YEARLY, examples=[1.1e-3])
    share: float | None = Field(description="Of the whole [-]; null = there is no loss.", examples=[0.33])


class LeftOutOut(Schema):
    """What a model did not take."""

    source: str = Field(description="The installation.", examples=["氯库"])
    scenario: str = Field(description="Which leak.", examples=["10mm"])
    effect: str = Field(description="Which effect.", examples=["中毒"])
    why: str = Field(description="Why not.")


class RiskAtOut(Schema):
    """A protected target. Only those in the reader's scope, and homes."""

    place_id: int | None = Field(description="Id of its place; null = homes.")
    name: str = Field(description="What people call it; empty = homes.")
    kind: str = Field(description="public, work or home.", examples=["public"])
    category: str = Field(description="Its category in GB 36894.")
    longitude: float = Field(description="[degree, CGCS2000]", examples=[121.5])
    latitude: float = Field(description="[degree, CGCS2000]", examples=[41.1])
    persons: int = Field(description="How many are there; 0 = not for the reader.", examples=[120])
    limit: float = Field(description=f"Of individual risk {YEARLY}.", examples=[3e-6])
    risk: float = Field(description=f"Individual risk {YEARLY}.", examples=[4.1e-7])
    fails: bool = Field(description="Whether the risk is above the limit.")
    top: str = Field(description="The installation that contributes most.", examples=["氯库"])


class StudyResultOut(Schema):
    """What was computed last."""

    revision: int = Field(description="Which revision of the study.", examples=[3])
    computed: datetime | None = Field(description="When.")
    fresh: bool = Field(description="Whether nothing that it is made of has changed since.")
    levels: list[ContourLevelOut]
    contours: dict[str, Any] = Field(description="GeoJSON lines with their `level` [1/yr].")
    societal: SocietalOut
    sources: list[SourceLossOut] = Field(description="What each installation adds, as they are listed in the study.")
    left_out: list[LeftOutOut]
    protected: int = Field(description="Targets that the reader may know of.", examples=[80])
    failing: int = Field(description="Of these, above their limit.", examples=[2])
    elsewhere: bool = Field(description="Whether a limit is broken at targets outside of what the reader may see.")
    residents: int | None = Field(description="Who live about; null = nobody counted.")


class ShareOut(Schema):
    """A case's part of the risk at a point."""

    source: str = Field(description="The installation.", examples=["氯库"])
    scenario: str = Field(description="Which leak.", examples=["10mm"])
    effect: str = Field(description="By what it kills, in words.", examples=["中毒"])
    risk: float = Field(description=YEARLY, examples=[2.1e-7])
    share: float = Field(description="Of the whole [-].", examples=[0.51])
    added: float = Field(description="Share of its frequency that others bring about [-].", examples=[0.04])
    by: list[str] = Field(description="By whom most often.")


class SourcePartOut(Schema):
    """An installation's part of the risk at a point."""

    installation_id: Id = Field(description="Id of the installation.")
    source: str = Field(description="The installation.", examples=["氯库"])
    risk: float = Field(description=YEARLY, examples=[2.1e-7])
    share: float = Field(description="Of the whole [-].", examples=[0.51])


class PointOut(Schema):
    """Individual risk at a point and what contributes most."""

    risk: float = Field(description=YEARLY, examples=[4.1e-7])
    shares: list[ShareOut] = Field(description="The cases that contribute most.")
    sources: list[SourcePartOut] = Field(description="Every installation that contributes, the most first.")


class MovedOut(Schema):
    """The study with one installation elsewhere; nothing is stored. Of targets those that the reader may know of."""

    contours: dict[str, Any] = Field(description="GeoJSON lines with their `level` [1/yr].")
    failing: int = Field(description="Targets above their limit then.", examples=[1])
    before: int = Field(description="Targets above their limit now.", examples=[2])
    worse: list[RiskAtOut] = Field(description="Those that would be above it and are not, with the risk then.")
    better: list[RiskAtOut] = Field(description="Those that are above it and would not be, with the risk then.")


class KnockPairOut(Schema):
    """An installation that may bring down another, by its likeliest accident."""

    from_id: Id = Field(description="Id of the installation that begins.")
    source: str = Field(description="The installation that begins.", examples=["1 号球罐"])
    to_id: Id = Field(description="Id of the installation that falls.")
    target: str = Field(description="The installation that falls.", examples=["2 号球罐"])
    case: str = Field(description="By which accident.", examples=["整体破裂"])
    effect: str = Field(description="By which effect, in words.", examples=["超压"])
    metres: float = Field(description="Between them [m].", examples=[35.0])
    value: float = Field(description="What comes there at most.", examples=[61.0])
    threshold: float = Field(description="Below it nothing escalates.", examples=[22.0])
    unit: str = Field(description="Unit of both.", examples=["kPa"])
    probability: float = Field(description="Once that accident has happened, over the directions [-].", examples=[0.4])
    frequency: float = Field(description=f"By all accidents {YEARLY}.", examples=[2.4e-6])


class ChainOut(Schema):
    """What falls one after another."""

    source: str = Field(description="The installation that begins.", examples=["1 号球罐"])
    steps: list[list[str]] = Field(description="Which fall next, generation by generation.")
    case: str = Field(description="By which accident most often.", examples=["整体破裂"])
    cases: int = Field(description="How many accidents begin it so.", examples=[2])
    probability: float = Field(description="Once it has begun [-].", examples=[0.12])
    frequency: float = Field(description=YEARLY, examples=[1.2e-6])


class FallenOut(Schema):
    """How much more often an installation fails because of others."""

    source: str = Field(description="The installation.", examples=["2 号球罐"])
    own: float = Field(description=f"By itself {YEARLY}.", examples=[1e-5])
    added: float = Field(description=f"Brought down by others {YEARLY}.", examples=[2.4e-6])


class KnockOnOut(Schema):
    """Who brings down whom. Chains as they were followed; all empty where a computation of before knew none."""

    pairs: list[KnockPairOut] = Field(description="The most often first.")
    chains: list[ChainOut] = Field(description="The most often, and of those with a second generation.")
    count: int = Field(description="Chains in all.", examples=[42])
    cut_off: float | None = Field(description=f"Rarer ones are not followed {YEARLY}; null = none were followed.")
    closed: int = Field(description="Chains that come back to where they began; they are not listed.")
    closed_frequency: float = Field(description=f"Of those in all {YEARLY}.", examples=[1e-8])
    fallen: list[FallenOut] = Field(description="Who fails more often because of others.")
    in_risk: bool = Field(description="Whether the risk of the study counts them.")


class PlantToMoveOut(Schema):
    """An enterprise whose installations bring targets beyond their limits."""

    plant: str = Field(description="What people call it.", examples=["九通化工"])
    order: int | None = Field(description="In which order it would go; null = those before it suffice.", examples=[1])
    broken: int = Field(description="Of the reader's targets, those above their limit that it has part in.")
    cured: int = Field(description="Of these, those that would keep their limit without it.")
    societal: bool = Field(description="Whether societal risk would be intolerable no more without it.")
    loss: float = Field(description="Its part of the potential loss of life [-].", examples=[0.6])


class TooNearOut(RiskAtOut):
    """A target above its limit, and how far it would have to be."""

    plant: str = Field(description="From which enterprise.", examples=["九通化工"])
    metres: float = Field(description="How far it is [m].", examples=[90.0])
    needed: float | None = Field(description="How far it should be, in the same direction [m]; null = beyond reach.")


class RelocationOut(Schema):
    """Who would have to move for every limit to be kept; empty where all are."""

    plants: list[PlantToMoveOut] = Field(description="In the order in which their going helps most.")
    targets: list[TooNearOut] = Field(description="Targets that lie too near, the one farthest beyond its limit first.")


class TargetQuery(Slice):
    failing: bool = Field(False, description="Only those above their limit.")


class MovedQuery(Strict):
    installation_id: Id = Field(description="Which installation of the study.")
    longitude: Number = Field(ge=-180, le=180, description="Where it would be [degree, CGCS2000].")
    latitude: Number = Field(ge=-80, le=80, description="Where it would be [degree, CGCS2000].")


class PointQuery(Strict):
    longitude: Number = Field(ge=-180, le=180, description="[degree, CGCS2000]")
    latitude: Number = Field(ge=-80, le=80, description="[degree, CGCS2000]")


@router.get("/risk-studies/{study_id}/result", response=StudyResultOut, summary=_("定量风险评价结果"))
def get_study_result(request: HttpRequest, study_id: Id) -> dict[str, Any]:
    """What was computed last: contours of individual risk, F-N curve, how many targets are above their limit."""
    viewer = core.request_viewer(request)
    one = selectors.study(viewer, study_id)
    found = selectors.computed(one)
    protected, societal = selectors.targets(viewer, found), found["societal"]
    names = ("number", "frequency", "zone", "any")
    told = {name: societal[name] for name in names} | {"loss": societal["pll"], "added": societal.get("added", 0.0)}
    told |= {name: societal.get(name) for name in ("upper", "lower", "end", "ratio", "at", "most")}
    told["beyond"] = societal.get("beyond", False)
    return {
        "revision": one.computed_revision, "computed": one.computed, "fresh": selectors.state(one).fresh,
        "levels": selectors.levels(found, protected), "contours": found["contours"], "societal": told,
        "sources": _losses(found), "left_out": found["left_out"],
        "protected": len(protected), "failing": sum(each.fails for each in protected),
        "elsewhere": selectors.elsewhere(found, protected), "residents": found["people"]["residents"],
    }  # fmt: skip


@router.get("/risk-studies/{study_id}/targets", response=Listed[RiskAtOut], summary=_("防护目标的风险"))
def list_targets(request: HttpRequest, study_id: Id, query: Query[TargetQuery]) -> dict[str, Any]:
    """Protected targets of a study, the one nearest to its limit or beyond it first."""
    viewer = core.request_viewer(request)
    rows = selectors.targets(viewer, selectors.computed(selectors.study(viewer, study_id)))
    wanted = [each for each in rows if each.fails or not query.failing]
    if query.cursor:
        last = _last(query.cursor)
        wanted = [each for each in wanted if (-each.ratio, each.number) > last]
    part = page_of(wanted[: query.limit + 1], query, lambda each: [repr(each.ratio), each.number])
    return {**part, "items": [_target(each) for each in part["items"]]}


@router.get("/risk-studies/{study_id}/point", response=PointOut, summary=_("某一点的个人风险"))
def get_point(request: HttpRequest, study_id: Id, query: Query[PointQuery]) -> dict[str, Any]:
    """Individual risk at a point, and the cases that contribute most to it."""
    one = selectors.study(core.request_viewer(request), study_id)
    risk, shares = selectors.shares(one, query.longitude, query.latitude)
    rows = selectors.computed(one)["sources"]
    parts = [
        {"installation_id": rows[number]["id"], "source": rows[number]["name"], "risk": part, "share": part / risk}
        for number, part in selectors.by_source(one, query.longitude, query.latitude)
    ]
    return {"risk": risk, "shares": [_share(each) for each in shares], "sources": parts}


@router.get("/risk-studies/{study_id}/moved", response=MovedOut, summary=_("风险源移到别处的风险"))
def get_moved(request: HttpRequest, study_id: Id, query: Query[MovedQuery]) -> dict[str, Any]:
    """What the risk would be with an installation elsewhere: contours, and which targets would pass or keep their
    limit. Nothing is stored."""
    viewer = core.request_viewer(request)
    one = selectors.study(viewer, study_id)
    lifted = selectors.source(viewer, query.installation_id)
    whole = selectors.held(one)
    redrawn = whole.redrawn(selectors.location_of(whole, lifted.pk), query.longitude, query.latitude)
    after = selectors.targets(viewer, whole.kept.told, redrawn.risk.tolist())
    failed = {each.number for each in after if selectors.fails(whole.kept.told["targets"][each.number])}
    return {
        "contours": redrawn.contours, "failing": sum(each.fails for each in after), "before": len(failed),
        "worse": [_target(each) for each in after if each.fails and each.number not in failed],
        "better": [_target(each) for each in after if not each.fails and each.number in failed],
    }  # fmt: skip


@router.get("/risk-studies/{study_id}/knock-on", response=KnockOnOut, summary=_("多米诺效应"))
def get_knock_on(request: HttpRequest, study_id: Id) -> dict[str, Any]:
    """Who may bring down whom, with effect and distance, what falls one after another, and who fails more often."""
    found = selectors.computed(selectors.study(core.request_viewer(request), study_id))
    chains = found.get("chains") or _NO_CHAINS
    names, closed = [one["name"] for one in found["sources"]], chains["closed"]
    return {
        "pairs": [_pair(found, one) for one in selectors.pairs(found)],
        "chains": [_chain(names, one) for one in chains["listed"]], "count": chains["count"],
        "cut_off": chains["cut_off"], "closed": closed["count"], "closed_frequency": closed["frequency"],
        "fallen": [{**one, "source": names[one["source"]]} for one in chains["fallen"]],
        "in_risk": chains.get("in_risk", False),
    }  # fmt: skip


@router.get("/risk-studies/{study_id}/relocation", response=RelocationOut, summary=_("需要搬迁的装置与目标"))
def get_relocation(request: HttpRequest, study_id: Id) -> dict[str, Any]:
    """Who would have to move, in which order; which targets lie too near, and how far they would have to be."""
    viewer = core.request_viewer(request)
    found = selectors.computed(selectors.study(viewer, study_id))
    seen = selectors.targets(viewer, found)
    near = [{**_target(one), **told} for one, told in selectors.lacking(found, seen)]
    return {"plants": selectors.plants(found, seen), "targets": near}


_NO_CHAINS: dict[str, Any] = {
    "listed": [], "count": 0, "cut_off": None, "closed": {"count": 0, "frequency": 0.0}, "fallen": [],
}  # fmt: skip


def _losses(found: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {"installation_id": one["id"], "name": one["name"], "place_id": one["place"], "loss": loss, "share": share}
        for one, (loss, share) in zip(found["sources"], selectors.losses(found), strict=True)
    ]


def _pair(found: dict[str, Any], one: dict[str, Any]) -> dict[str, Any]:
    names = ("source", "target", "case", "metres", "value", "threshold", "unit", "probability")
    ends = {"from_id": found["sources"][one["from"]]["id"], "to_id": found["sources"][one["to"]]["id"]}
    return {name: one[name] for name in names} | ends | {"effect": one["kind"], "frequency": one["often"]}


def _chain(names: list[str], one: dict[str, Any]) -> dict[str, Any]:
    steps = [[names[each] for each in generation] for generation in one["steps"]]
    return {**one, "source": names[one["source"]], "steps": steps}


def _last(cursor: str) -> tuple[float, int]:
    """The place in the order of targets that a cursor names. Raises BadInput."""
    ratio, number = read_cursor(cursor, 2)
    try:
        return -float(ratio), int(number)
    except (OverflowError, ValueError) as error:
        raise bad_cursor() from error


def _target(one: Target) -> dict[str, Any]:
    names = ("kind", "category", "persons", "limit", "risk", "fails", "top")
    told = {name: getattr(one, name) for name in names}
    told |= {"longitude": one.position[0], "latitude": one.position[1]}
    return told | {"place_id": one.place.pk if one.place else None, "name": one.place.name if one.place else ""}


def _share(one: Share) -> dict[str, Any]:
    return {name: getattr(one, name) for name in ShareOut.model_fields}
