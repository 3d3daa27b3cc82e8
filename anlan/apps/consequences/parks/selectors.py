"""The only reader of studies: each is read as a whole by whoever may see its place. Of what stands about it (schools,
enterprises) only what lies in the reader's own scope is told or counted; of the rest only that there is something."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from anlan.apps.consequences.parks import holding, kept
from anlan.apps.consequences.parks.holding import Held
from anlan.apps.consequences.parks.models import ParkSource, ParkStudy
from anlan.apps.core import selectors as core
from anlan.apps.core.choices import JobState
from anlan.apps.core.models import Place
from anlan.apps.enterprises import selectors as enterprises
from anlan.apps.enterprises.selectors import Holder
from anlan.kernels.qra import contribution
from anlan.kit import clock
from anlan.kit.errors import BadInput, NotInScope
from anlan.kit.grants import Viewer
from anlan.kit.park import installation
from anlan.packs.families import park_study
from anlan.rules.refusal import Refusal

UNDER_WAY = (JobState.WAITING, JobState.RUNNING)
TOP = 6


def fails(target: Mapping[str, Any]) -> bool:
    """Whether the risk of a target, as it is kept, is above its limit."""
    return target["limit"] is not None and target["risk"] > target["limit"]


@dataclass(frozen=True)
class State:
    """How far the newest revision is. ``share`` of the work done [%], None before it has begun."""

    fresh: bool
    under_way: bool
    failed: bool
    share: int | None
    refusal: Refusal | None
    revision: int | None
    computed: datetime | None


@dataclass(frozen=True)
class Target:
    """A protected target that the reader may know of. ``ratio``: risk over limit."""

    number: int
    place: Place | None
    kind: str
    category: str
    position: tuple[float, float]
    persons: int
    limit: float
    risk: float
    top: str

    @property
    def spot(self) -> str:
        """As addresses have it."""
        return f"{self.position[0]:.6f},{self.position[1]:.6f}"

    @property
    def ratio(self) -> float:
        return self.risk / self.limit

    @property
    def fails(self) -> bool:
        return self.risk > self.limit


@dataclass(frozen=True)
class Share:
    """A case's part of the risk at a point. ``added``: share of its frequency that others bring about [-], and by
    whom most often."""

    source: str
    scenario: str
    effect: str
    risk: float
    share: float
    added: float = 0.0
    by: tuple[str, ...] = ()


def studies(viewer: Viewer, place: Place | None = None) -> QuerySet[ParkStudy]:
    """Studies in force that the viewer may see, at a place and below it if one is given."""
    found = ParkStudy.objects.filter(viewer.scope("scenario.view", "place__"), ended=None)
    if place is not None:
        found = found.filter(place__in=core.subtree(place.path))
    return found.select_related("place", "job").order_by("place__path", "name", "pk")


def study(viewer: Viewer, study_id: int) -> ParkStudy:
    """One study, also if it has ended. Raises NotInScope."""
    found = ParkStudy.objects.filter(viewer.scope("scenario.view", "place__"), pk=study_id)
    one = found.select_related("place", "job").first()
    if one is None:
        raise NotInScope
    return one


def sources(viewer: Viewer, one: ParkStudy) -> list[ParkSource]:
    """The installations of a study."""
    found = ParkSource.objects.filter(study__in=studies(viewer).order_by(), study=one, ended=None)
    return list(found.select_related("place").order_by("pk"))


def source(viewer: Viewer, source_id: int) -> ParkSource:
    """One installation: for who sees the study, and for who sees the place where it stands. Raises NotInScope."""
    seen = viewer.scope("scenario.view", "study__place__") | viewer.scope("scenario.view", "place__")
    found = ParkSource.objects.filter(seen, pk=source_id).select_related("study__place", "place").first()
    if found is None:
        raise NotInScope
    return found


def may_see_study(viewer: Viewer, one: ParkSource) -> bool:
    place = one.study.place
    return viewer.may("scenario.view", place.path, place.sector)


def state(one: ParkStudy) -> State:
    """How far the computation of a study is."""
    job = one.job
    fresh = one.computed_revision == one.revision
    under_way = job is not None and job.state in UNDER_WAY
    share = round(100 * job.done / job.total) if job is not None and under_way and job.total else None
    failed = job is not None and job.state == JobState.FAILED and not fresh
    said = one.refusal
    refusal = Refusal(said["code"], said["message"], said["fix"], said["params"]) if said and not under_way else None
    return State(fresh, under_way, failed, share, refusal, one.computed_revision, one.computed)


def told(one: ParkStudy) -> dict[str, Any] | None:
    """What was computed last; None where nothing was, or its files are gone."""
    if one.computed_revision is None:
        return None
    try:
        return kept.told(one.pk, one.computed_revision)
    except OSError:
        return None


def computed(one: ParkStudy) -> dict[str, Any]:
    """What was computed last. Raises BadInput where there is nothing."""
    found = told(one)
    if found is None:
        raise BadInput(Refusal("park.not_computed", "这个评价还没有算完。", "等计算完成后再看。"))
    return found


def held(one: ParkStudy) -> Held:
    """What was computed last, in memory. Raises BadInput where there is nothing."""
    try:
        if one.computed_revision is not None:
            return holding.held(one.pk, one.computed_revision)
    except OSError:
        pass
    raise BadInput(Refusal("park.not_computed", "这个评价还没有算完。", "等计算完成后再看。"))


def targets(viewer: Viewer, found: Mapping[str, Any], risk: Sequence[float] | None = None) -> list[Target]:
    """Protected targets of the viewer's scope and the homes about, the one nearest to its limit or beyond it first.

    ``risk``: another risk of each than the computed one [1/yr].
    """
    rows, names = found["targets"], [one["name"] for one in found["sources"]]
    ids = {one["place"] for one in rows if one["place"]}
    seen = {place.pk: place for place in core.places(viewer).filter(pk__in=ids).defer("geometry")}
    made = [
        Target(
            number, seen.get(one["place"]), one["kind"], one["category"], (one["lon"], one["lat"]),
            _persons(viewer, one, seen), one["limit"], one["risk"] if risk is None else float(risk[number]),
            names[one["top"]],
        )
        for number, one in enumerate(rows)
        if one["limit"] is not None and (one["place"] is None or one["place"] in seen)
    ]  # fmt: skip
    return sorted(made, key=lambda one: (-one.ratio, one.number))


def _persons(viewer: Viewer, one: Mapping[str, Any], seen: Mapping[int, Place]) -> int:
    """How many are there; 0 where the enterprise's file, which says it, is not the viewer's to read."""
    place = seen.get(one["place"])
    may = place is None or viewer.may("enterprise.view", place.path, place.sector)
    return int(one["persons"]) if may else 0


def elsewhere(found: Mapping[str, Any], seen: Sequence[Target]) -> bool:
    """Whether targets beyond their limit lie outside the reader's scope; how many is nobody's business."""
    known = {one.number for one in seen}
    return any(fails(one) for number, one in enumerate(found["targets"]) if number not in known)


def levels(found: Mapping[str, Any], seen: Sequence[Target]) -> list[dict[str, Any]]:
    """Each contour with its ``people``: who lives inside, and who works there as far as the reader may know."""
    weight = park_study.load(clock.today()).presence.workers
    made = []
    for level in found["levels"]:
        residents = level.get("residents")
        workers = weight * sum(one.persons for one in seen if one.kind == "work" and one.risk >= level["level"])
        made.append({**level, "people": residents + workers if residents is not None else None})
    return made


def plants(found: Mapping[str, Any], seen: Sequence[Target]) -> list[dict[str, Any]]:
    """Who would have to move, with how many of the reader's targets that concerns."""
    known = {one.number for one in seen}
    listed = found.get("relocation", {}).get("plants", [])
    return [{**one, **{name: _among(one[name], known) for name in ("broken", "cured")}} for one in listed]


def _among(numbers: Any, known: AbstractSet[int]) -> int:
    return len(known & set(numbers)) if isinstance(numbers, list) else 0


def shares(one: ParkStudy, longitude: float, latitude: float) -> tuple[float, list[Share]]:
    """Individual risk at a point [1/yr], and the cases that contribute most to it."""
    whole = held(one)
    told_ = whole.kept.told
    risk = whole.shares(longitude, latitude)
    largest = contribution.largest(risk, TOP) if risk.sum() > 0 else []
    return float(risk.sum()), [_share(told_, each) for each in largest]


def by_source(one: ParkStudy, longitude: float, latitude: float) -> list[tuple[int, float]]:
    """Which sources, by number, contribute to the individual risk at a point, and how much [1/yr], the most first."""
    whole = held(one)
    told_, sums = whole.kept.told, dict[int, float]()
    for case, risk in zip(told_["cases"], whole.shares(longitude, latitude).tolist(), strict=True):
        sums[case["source"]] = sums.get(case["source"], 0.0) + risk
    return sorted(((number, risk) for number, risk in sums.items() if risk > 0), key=lambda each: (-each[1], each[0]))


def _share(found: Mapping[str, Any], each: contribution.Share) -> Share:
    case, names = found["cases"][each.group], [one["name"] for one in found["sources"]]
    added = case.get("added", 0.0) / case["frequency"] if case["frequency"] else 0.0
    by = tuple(names[number] for number in brought_down_by(found, case["source"])) if added > 0 else ()
    return Share(names[case["source"]], case["name"], case["effect"], each.risk, each.share, added, by)


def brought_down_by(found: Mapping[str, Any], source: int, most: int = 2) -> list[int]:
    """The sources whose accidents bring one down most often, the first first."""
    often: dict[int, float] = {}
    for pair in found["domino"]:
        if pair["to"] == source:
            often[pair["from"]] = often.get(pair["from"], 0.0) + pair["frequency"]
    return sorted(often, key=lambda one: -often[one])[:most]


def location_of(whole: Held, source_id: int) -> int:
    """The number of a source in what was computed. Raises BadInput where it was not part of it."""
    found = [number for number, one in enumerate(whole.kept.told["sources"]) if one["id"] == source_id]
    if not found:
        raise BadInput(Refusal("park.not_computed", "这个风险源还没有算进去。", "等计算完成后再移动。"))
    return found[0]


def stores(viewer: Viewer, place: Place) -> list[Holder]:
    """What is kept at a place and below it of substances that the models know, the largest first."""
    on = clock.today()
    held_there = [one for one in enterprises.holders(viewer) if one.path.startswith(place.path) and one.position]
    return sorted((one for one in held_there if _known(one, on)), key=lambda one: -(amount_of(one) or 0.0))


def amount_of(one: Holder) -> float | None:
    """What is held at most [t]."""
    return one.design_maximum or one.quantity


def _known(one: Holder, on: Any) -> bool:
    pack = park_study.load(on)
    if pack.surrogate(one.cas, one.substance):
        return True
    try:
        installation.substance_of(one.cas or one.substance, on)
    except KeyError:
        return False
    return True


def laid_to(one: ParkStudy, location: int) -> float:
    """The largest share [-] that a source has at targets beyond their limit; 0 where none is to speak of."""
    try:
        whole = held(one)
    except BadInput:
        return 0.0
    beyond = [number for number, each in enumerate(whole.kept.told["targets"]) if fails(each)]
    risk = whole.kept.at_targets[beyond]
    share = risk[:, location] / risk.sum(axis=1) if beyond else risk[:, location]
    least = park_study.load(clock.today()).fact("source").least_share
    most = float(share.max(initial=0.0))
    return most if beyond and most >= least else 0.0


def laid_to_source(row: ParkSource) -> float:
    """The same of an installation as it is written; 0 where it was not computed."""
    found = told(row.study)
    numbers = [number for number, each in enumerate(found["sources"]) if each["id"] == row.pk] if found else []
    return laid_to(row.study, numbers[0]) if numbers else 0.0


def pairs(found: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Who can bring down whom: the likeliest case of each pair, and how ``often`` in all [1/yr], the most often first.
    ``from`` and ``to``: numbers of sources, ``source`` and ``target``: their names."""
    names, made = [one["name"] for one in found["sources"]], dict[tuple[int, int], dict[str, Any]]()
    for one in found["domino"]:
        pair = made.setdefault((one["from"], one["to"]), {**one, "often": 0.0})
        pair["often"] += one["frequency"]
        if one["probability"] > pair["probability"]:
            pair |= {key: one[key] for key in ("case", "kind", "value", "threshold", "unit", "probability")}
    told_ = [pair | {"source": names[start], "target": names[end]} for (start, end), pair in made.items()]
    return sorted(told_, key=lambda pair: -float(pair["often"]))


def lacking(found: Mapping[str, Any], seen: Sequence[Target]) -> list[tuple[Target, Mapping[str, Any]]]:
    """Of the reader's targets those that lie too near: to which ``plant``, at how many ``metres``, and how many are
    ``needed`` in the same direction (None: farther than was looked)."""
    known = found.get("relocation", {}).get("targets", {})
    return [(one, known[str(one.number)]) for one in seen if one.fails and str(one.number) in known]


def losses(found: Mapping[str, Any]) -> list[tuple[float, float | None]]:
    """Potential loss of life by each source [1/yr] and its share of the whole [-], None where there is no loss."""
    each = found["societal"]["losses"]
    whole = sum(each)
    return [(loss, loss / whole if whole > 0 else None) for loss in each]
