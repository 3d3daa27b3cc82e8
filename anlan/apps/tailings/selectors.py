"""The only reader of ponds: rows in scope, and what a storm would do to them tonight."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from anlan.apps.core import selectors as core
from anlan.apps.core.models import Place
from anlan.apps.tailings.below import Below, Met, below
from anlan.apps.tailings.choices import OVER
from anlan.apps.tailings.judging import Verdict, closing_of, judge, newest_tests, shares
from anlan.apps.tailings.live import Measured, level_of, measured
from anlan.apps.tailings.models import DrainTest, Inspection, Judging, Pond
from anlan.apps.tailings.specs import PondSpec, demands_of, grade_of, period_of, refused, routable, study_of
from anlan.kernels.validity import OutOfRange
from anlan.kit import clock
from anlan.kit.errors import BadInput, NotInScope
from anlan.kit.grants import Viewer
from anlan.kit.tailings.study import Result, Study
from anlan.packs.families import tailings_ponds as pack
from anlan.rules import tailings as rules

__all__ = ["Below", "Measured", "Met", "Verdict", "below", "demands_of", "grade_of", "judge", "level_of", "measured",
           "newest_tests", "period_of", "routable", "shares", "study_of"]  # fmt: skip

PERIODS = (10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0)  # that are looked at together [yr]
DRAWN = 20  # of the nodes of a curve one is drawn
RAINS = (50.0, 100.0, 150.0)  # that are looked at beside the design storm [mm in 24 h]


@dataclass(frozen=True)
class Outlook:
    """What a pond would stand from a level. ``floods``: design storms and given rains; ``stands`` [yr] with all demands
    met, ``over`` [yr] without overtopping; ``rain`` [mm] in 24 h with all demands met; ``limit`` [m]: highest water."""

    start: float
    floods: tuple[Result, ...]
    stands: float
    over: float
    rain: float
    limit: float


@dataclass(frozen=True)
class Tonight:
    """How a pond stands now, as far as the viewer may know of it.

    ``verdict`` None: closed, nothing is judged any more. ``readings``: whether the viewer may know what is measured.
    ``level`` [m] with the moment it was read at; None without a reading. ``safe``: with the design flood from the level
    of now ``yes``, ``tight`` (it stays below the crest, but not all demands are met), ``no``, or ``unknown``.
    """

    verdict: Verdict | None
    readings: bool
    found: list[Measured]
    level: tuple[float, datetime | None] | None
    outlook: Outlook | None
    safe: str


@dataclass(frozen=True)
class ClosingRow:
    """A pond on the closing list. ``next`` is the step to do now, None when all are done; ``idle`` [yr]."""

    pond: Pond
    due: rules.Closing
    idle: float | None
    done: tuple[tuple[str, date], ...]
    next: pack.Step | None


def ponds(viewer: Viewer, place: Place | None = None) -> QuerySet[Pond]:
    """Ponds in scope, at a place and below it if one is given, with ``condition`` and ``judged`` of the last time."""
    found = Pond.objects.filter(viewer.scope("pond.view", "place__"), place__retired=None).select_related("place")
    if place is not None:
        found = found.filter(place__in=core.subtree(place.path))
    newest = Judging.objects.filter(pond=OuterRef("pk")).order_by("-at", "-pk")
    return found.annotate(
        judged_level=Subquery(newest.values("level")[:1]),
        condition=Subquery(newest.values("condition")[:1]),
        judged=Subquery(newest.values("at")[:1]),
    ).order_by("place__path", "name", "pk")


def pond(viewer: Viewer, pond_id: int) -> Pond:
    """One pond. Raises NotInScope."""
    one = ponds(viewer).filter(pk=pond_id).first()
    if one is None:
        raise NotInScope
    return one


def spec_of(one: Pond) -> PondSpec:
    """What is written of it."""
    return PondSpec(**{name: getattr(one, name) for name in PondSpec.__dataclass_fields__})


def judgings(one: Pond) -> QuerySet[Judging]:
    """How it was judged, the newest first."""
    return Judging.objects.filter(pond=one).order_by("-at", "-pk")


def inspections(one: Pond) -> QuerySet[Inspection]:
    """Who looked, the newest first."""
    return Inspection.objects.filter(pond=one).select_related("by").order_by("-at", "-pk")


def tests(viewer: Viewer, one: Pond | None = None) -> QuerySet[DrainTest]:
    """Tests of drains in scope, the newest first."""
    found = DrainTest.objects.filter(viewer.scope("pond.view", "pond__place__"), pond__place__retired=None)
    found = found.select_related("pond", "pond__place", "by").order_by("-on", "-pk")
    return found if one is None else found.filter(pond=one)


def rained(found: Sequence[Measured]) -> float:
    """What fell in the last 24 h [mm]; 0 where nothing measures it."""
    rain = next((one for one in found if one.item.role == "rain" and one.warning is not None), None)
    return (rain.value or 0.0) if rain is not None else 0.0


def outlook(one: Pond, start: float, rains: Sequence[float] = (), opened: Mapping[str, float] | None = None) -> Outlook:
    """Floods of the design storm and of given 24 h rains [mm] from a level [m]. Raises BadInput where it refuses."""
    study = study_of(one, shares(one) if opened is None else opened)
    try:
        floods = (study.of_period(period_of(one), start), *(study.of_rain(rain, start) for rain in rains))
        limit = study.demands.limit
        brim = min(study.pool.crest, study.demands.top) - 0.001
        return Outlook(start, floods, study.stands(start), study.stands(start, brim), study.rain_stood(start), limit)
    except OutOfRange as error:
        raise BadInput(refused(error)) from error


def tonight(viewer: Viewer, one: Pond) -> Tonight:
    """How a pond stands now: by everything that is known, told as far as the viewer may read measurements."""
    verdict = judge(one) if one.state not in OVER else None
    found = measured(viewer, one)
    readings = viewer.may("tag.view", one.place.path, one.place.sector)
    at = level_of(verdict.found if verdict and readings else found, one)
    ahead = _ahead(one, at[0] if at else one.normal_level) if verdict else None
    return Tonight(verdict, readings, found, at, ahead, _safe(ahead, period_of(one)))


def _ahead(one: Pond, start: float | None) -> Outlook | None:
    if start is None or not routable(one):
        return None
    try:
        return outlook(one, _within(one, start), RAINS)
    except BadInput:
        return None


def level_of_now(viewer: Viewer, one: Pond) -> float:
    """From where a storm begins [m] if nothing else is said: the water of now, else the operating level."""
    at = level_of(measured(viewer, one), one)
    return _within(one, at[0] if at else (one.normal_level or one.flood_limit_level or one.crest - 3))


def _within(one: Pond, level: float) -> float:
    """A level [m] that the storage curve knows, below the crest."""
    return min(max(level, float(one.storage[0][0])), one.crest - 0.01)


def _safe(ahead: Outlook | None, period: float) -> str:
    if ahead is None:
        return "unknown"
    if ahead.start > ahead.limit or ahead.over < period:
        return "no"
    return "yes" if ahead.stands >= period else "tight"


def routed(study: Study, start: float, *, period: float | None, rain: float | None, wet: float = 0.0) -> Result:
    """One storm: of a return period, or a given rain. Raises BadInput with the model's reason."""
    try:
        if rain is not None:
            return study.of_rain(rain, start, wet)
        return study.of_period(period or 100.0, start)
    except OutOfRange as error:
        raise BadInput(refused(error)) from error


def forecast(one: Pond, start: float, rain: float, fallen: float) -> Result | None:
    """The water of the next day if so much falls; what has fallen already has wetted the ground."""
    if not routable(one):
        return None
    try:
        return study_of(one).of_rain(rain, start, fallen)
    except (BadInput, OutOfRange):
        return None


def closings(viewer: Viewer, today: date | None = None) -> list[ClosingRow]:
    """Ponds that are out of use, must be closed, are being closed or were, the most urgent first."""
    day = today or clock.today()
    rows = [_closing(one, day) for one in ponds(viewer).prefetch_related("steps")]
    listed = [row for row in rows if row.pond.state not in ("in_use", "building") or row.due.since is not None]
    return sorted(listed, key=lambda row: (not row.due.late, not row.due.must, row.due.until or date.max, row.pond.pk))


def closing(one: Pond, today: date | None = None) -> ClosingRow:
    """How far the closing of one pond is."""
    return _closing(one, today or clock.today())


def _closing(one: Pond, day: date) -> ClosingRow:
    steps = pack.load(day).steps
    done = {row.step: row.on for row in one.steps.all()}
    ahead = next((step for step in steps if step.key not in done), None)
    idle = (day - one.last_deposit).days / 365.25 if one.last_deposit else None
    return ClosingRow(
        one, closing_of(one, day), idle, tuple((s.name, done[s.key]) for s in steps if s.key in done), ahead
    )


def study_tried(one: Pond, opened: Mapping[str, float], tried: Mapping[str, float]) -> Study:
    """What can be asked what a storm does, with some values of the catchment tried; nothing is kept.

    Raises BadInput where the storage curve or the catchment is not written.
    """
    one.catchment = {**one.catchment, **tried}
    return study_of(one, opened)


def of_periods(study: Study, start: float) -> list[Result]:
    """The design storms of several return periods from a level [m], the smallest first. Raises BadInput."""
    return [routed(study, start, period=one, rain=None) for one in PERIODS]


def runoff(study: Study, result: Result) -> float:
    """All that flows in during a routed storm [m3]."""
    flow = result.course.inflow
    return float(sum((flow[1:] + flow[:-1]) / 2 * study.setting.step))


def curve(study: Study) -> dict[str, list[float]]:
    """Storage and discharge up to the crest, for drawing: level [m], volume [m3], flow [m3/s]."""
    names = ("level", "volume", "flow")
    return {
        name: [*column[:-1:DRAWN].round(3).tolist(), round(float(column[-1]), 3)]
        for name, column in zip(names, study.pool.curves(), strict=True)
    }


def course(result: Result, begins: datetime | None = None, every: int = 1) -> dict[str, Any]:
    """A routed storm for drawing: hours (or times) with rain, inflow, outflow and level."""
    one = result.course
    told: dict[str, Any] = {
        "hours": (one.times[::every] / 3600).round(3).tolist(),
        "inflow": one.inflow[::every].round(3).tolist(),
        "outflow": one.outflow[::every].round(3).tolist(),
        "level": one.levels[::every].round(3).tolist(),
        "rain": result.rain.round(2).tolist(),
    }
    if begins is not None:
        told["times"] = [(begins + timedelta(hours=hour)).isoformat() for hour in told["hours"]]
    return told
