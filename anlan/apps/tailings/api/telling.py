"""Rows and results of ponds as the shapes of the API."""

from collections.abc import Mapping, Sequence
from typing import Any

from anlan.apps.tailings import selectors
from anlan.apps.tailings.choices import OVER
from anlan.apps.tailings.models import DrainTest, Inspection, Judging, Pond
from anlan.apps.tailings.selectors import Below, ClosingRow, Measured, Outlook, Tonight
from anlan.apps.tailings.words import condition, duty, kept, said
from anlan.kit import clock
from anlan.kit.tailings.study import Result, Study

_ROW = ("name", "place_id", "state", "method", "height", "volume", "crest", "people_below", "last_deposit")
_WHOLE = ("stored", "raised", "top", "slope", "normal_level", "flood_limit_level", "design_flood_level",
          "control_depth", "displacement_limit", "slide_limit", "stability", "stability_on", "storage", "drains",
          "catchment", "path", "corridor", "commissioned")  # fmt: skip


def row(one: Pond) -> dict[str, Any]:
    """A pond of ``selectors.ponds``, which tells its last judgement."""
    judged = {"level": getattr(one, "judged_level", None), "condition": getattr(one, "condition", None) or ""}
    if one.state in OVER:
        judged["level"] = None
    told = {name: getattr(one, name) for name in _ROW} | judged
    grade = selectors.grade_of(one).grade
    return told | {"id": one.pk, "place": one.place.name, "judged": getattr(one, "judged", None), "grade": grade}


def whole(one: Pond) -> dict[str, Any]:
    demands = selectors.demands_of(one)
    told = {
        "period": selectors.period_of(one), "limit": demands.limit, "min_superelevation": demands.superelevation,
        "min_beach": demands.beach,
    }  # fmt: skip
    return row(one) | {name: getattr(one, name) for name in _WHOLE} | told


def standing(now: Tonight, shares: Mapping[str, float]) -> dict[str, Any]:
    verdict = now.verdict
    parts = verdict.judgement.parts if verdict else ()
    texts = [(part.level, said(part, readings=now.readings), part.clause) for part in parts]
    return {
        "safe": now.safe, "name": condition(verdict.condition if verdict else ""),
        "duty": duty(verdict.condition if verdict else ""), "level": int(verdict.judgement.level) if verdict else None,
        "condition": verdict.condition if verdict else "", "lifted": verdict.judgement.lifted if verdict else False,
        "parts": [{"level": level, "text": text, "clause": clause} for level, text, clause in texts],
        "water": now.level[0] if now.level else None, "read": now.level[1] if now.level else None,
        "close": verdict.close if verdict else None, "outlook": _outlook(now.outlook) if now.outlook else None,
        "items": [_measured(one) for one in now.found], "open": dict(shares),
    }  # fmt: skip


def _outlook(one: Outlook) -> dict[str, Any]:
    names = ("start", "limit", "stands", "over", "rain")
    return {name: getattr(one, name) for name in names} | {"floods": [flood(each) for each in one.floods]}


def _measured(one: Measured) -> dict[str, Any]:
    return {
        "item": one.item.role, "name": one.item.name, "unit": one.item.unit, "value": one.value, "at": one.at,
        "tag_id": one.worst.id if one.worst else None, "tags": len(one.tags), "warning": one.warning,
        "limits": one.limits,
    }  # fmt: skip


def flood(one: Result) -> dict[str, Any]:
    """A routed storm: what is left of the dam."""
    return {
        "period": one.period, "rain": one.h24, "start": one.start, "peak_level": one.course.peak_level,
        "peak_hours": one.course.peak_time / 3600, "peak_outflow": one.course.peak_outflow, "left": one.left,
        "beach": one.beach, "over": one.over, "holds": one.holds,
    }  # fmt: skip


def course(study: Study, one: Result) -> dict[str, Any]:
    """A routed storm, step by step, with what would be stood from the same level."""
    drawn = selectors.course(one)
    told = {"stands": study.stands(one.start), "rain_stood": study.rain_stood(one.start)}
    told |= {"runoff": selectors.runoff(study, one), "step": study.setting.step}
    steps = {name: drawn[name] for name in ("hours", "inflow", "outflow")}
    volumes = one.course.volumes.round(1).tolist()
    return flood(one) | told | steps | {"levels": drawn["level"], "rains": drawn["rain"], "volumes": volumes}


def curves(one: Pond, study: Study) -> dict[str, Any]:
    """What a pond holds and what its drains carry at each level, with the levels that charts name."""
    drawn = selectors.curve(study)
    told = {"crest": one.crest, "limit": study.demands.limit, "flood_limit_level": one.flood_limit_level}
    return told | {"levels": drawn["level"], "volumes": drawn["volume"], "flows": drawn["flow"]}


def below(one: Below) -> dict[str, Any]:
    names = ("metres", "chance", "earliest", "latest", "people")
    met = [
        {"place_id": each.place.pk, "name": each.place.name, "kind": each.place.kind}
        | {name: getattr(each, name) for name in names}
        for each in one.met
    ]
    farthest = next((each.shape for each in one.stretches if each.kind == "tenth"), None)
    stretches = [{"kind": each.kind, "metres": each.metres, "geometry": each.shape} for each in one.stretches]
    return {
        "why": one.why, "median": one.reach.median if one.reach else None, "warned": one.warned,
        "residents": one.residents, "close": one.close, "met": met, "geometry": farthest,
        "stretches": stretches,
    }  # fmt: skip


def test(one: DrainTest) -> dict[str, Any]:
    names = ("pond_id", "drain", "on", "way", "flow", "outcome", "note", "next_due")
    told = {name: getattr(one, name) for name in names}
    by = one.by.name if one.by else ""
    return told | {"id": one.pk, "pond": one.pond.name, "late": one.next_due < clock.today(), "by": by}


def inspection(one: Inspection) -> dict[str, Any]:
    return {"id": one.pk, "at": one.at, "by": one.by.name if one.by else "", "seen": one.seen, "note": one.note}


def judging(one: Judging, *, readings: bool) -> dict[str, Any]:
    parts: Sequence[Mapping[str, Any]] = kept(one, readings=readings)
    told = {name: getattr(one, name) for name in ("at", "level", "condition", "lifted")}
    return told | {"id": one.pk, "parts": parts}


def closing(one: ClosingRow) -> dict[str, Any]:
    pond, due = one.pond, one.due
    return {
        "pond_id": pond.pk, "pond": pond.name, "place_id": pond.place_id, "state": pond.state, "idle": one.idle,
        "must": due.must, "since": due.since, "until": due.until, "late": due.late,
        "next": one.next.key if one.next else "", "done": [{"step": name, "on": on} for name, on in one.done],
    }  # fmt: skip
