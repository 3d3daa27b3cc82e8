"""The only writer of ponds: what is known of them, what was seen and tested, what was judged."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from anlan.apps.core import selectors as core
from anlan.apps.core.actions import audit
from anlan.apps.tailings import facts
from anlan.apps.tailings.choices import OVER, Outcome, PondState, Way
from anlan.apps.tailings.judging import Verdict, judge
from anlan.apps.tailings.models import ClosingStep, DrainTest, Inspection, Judging, Pond
from anlan.apps.tailings.specs import PondSpec, checked
from anlan.kit import clock
from anlan.kit.errors import BadInput, NotAllowed, NotInScope, Refused
from anlan.kit.grants import Viewer
from anlan.packs.families import tailings_ponds as pack
from anlan.rules import tailings as rules
from anlan.rules.refusal import Refusal

NOTE = 300


@dataclass(frozen=True)
class TestSpec:
    """A test of a drain. ``next_due`` None: after the pack's interval."""

    __test__ = False  # for pytest: not a test of ours

    drain: str
    on: date
    way: str
    outcome: str
    flow: float | None = None
    note: str = ""
    next_due: date | None = None


def add_pond(viewer: Viewer, place_id: int, spec: PondSpec) -> Pond:
    """Register a pond at a place, and judge it."""
    checked(spec)
    with transaction.atomic():
        place = core.place(viewer, place_id, "pond.edit")
        pond = Pond.objects.create(place=place, created_by_id=viewer.person_id, **spec.columns())
        audit(viewer.person_id, "pond.add", place, f"pond:{pond.pk}", _plain(spec.columns()))
        _settle(pond, viewer.person_id)
    return pond


def edit_pond(viewer: Viewer, pond_id: int, spec: PondSpec) -> Pond:
    """Replace what is written of a pond; what was written before stays in the audit row."""
    checked(spec)
    with transaction.atomic():
        pond = _locked(viewer, pond_id)
        before = {name: getattr(pond, name) for name in spec.columns()}
        changed = {name: [before[name], new] for name, new in spec.columns().items() if before[name] != new}
        for name, new in spec.columns().items():
            setattr(pond, name, new)
        pond.revision += 1
        pond.save()
        audit(viewer.person_id, "pond.edit", pond.place, f"pond:{pond.pk}", {"changed": _plain(changed)})
        _settle(pond, viewer.person_id)
    return pond


def add_inspection(viewer: Viewer, pond_id: int, seen: Sequence[str], note: str = "") -> Inspection:
    """Write down what was seen at a pond; nothing seen is an inspection too."""
    tables = pack.load(clock.today())
    known = {one.key for one in tables.seen("seen")}
    if unknown := [key for key in seen if key not in known]:
        told = {"key": unknown[0][:40]}
        raise BadInput(Refusal("pond.unknown_state", "没有“{key}”这种情形。", "请从列表中勾选。", told))
    with transaction.atomic():
        pond = _locked(viewer, pond_id)
        row = Inspection.objects.create(
            pond=pond, by_id=viewer.person_id, seen=sorted(set(seen)), note=note.strip()[:NOTE]
        )
        audit(viewer.person_id, "pond.inspect", pond.place, f"pond:{pond.pk}", {"seen": row.seen, "note": row.note})
        _settle(pond, viewer.person_id)
    return row


def add_test(viewer: Viewer, pond_id: int, spec: TestSpec) -> DrainTest:
    """Write down a test of a drain; when the next one is due moves the colour by itself."""
    with transaction.atomic():
        pond = _locked(viewer, pond_id)
        due = _checked_test(pond, spec)
        row = DrainTest.objects.create(
            pond=pond, drain=spec.drain, on=spec.on, way=spec.way, flow=spec.flow, outcome=spec.outcome,
            note=spec.note.strip()[:NOTE], next_due=due, by_id=viewer.person_id,
        )  # fmt: skip
        told = {"drain": row.drain, "on": row.on.isoformat(), "outcome": row.outcome, "next_due": due.isoformat()}
        audit(viewer.person_id, "pond.test", pond.place, f"pond:{pond.pk}", told)
        _settle(pond, viewer.person_id)
    return row


def _checked_test(pond: Pond, spec: TestSpec) -> date:
    """When the next test is due. Raises BadInput with what is wrong."""
    names = [str(one["name"]) for one in pond.drains]
    if spec.drain not in names:
        told = {"drain": spec.drain[:40], "known": "、".join(names) or "无"}
        fix = "这座库的排洪设施有：{known}。先在“修改”中登记。"
        raise BadInput(Refusal("test.no_drain", "没有“{drain}”这处排洪设施。", fix, told))
    if spec.way not in Way.values or spec.outcome not in Outcome.values:
        raise BadInput(Refusal("test.words", "检测方法或结果不认识。", "请从列表中选择。"))
    if spec.on > today():
        raise BadInput(Refusal("test.future", "检测日期在将来。", "请填实际检测的日期。"))
    if spec.flow is not None and not 0 <= spec.flow <= 10_000:
        raise BadInput(Refusal("test.flow", "实测流量不对。", "请填 0 至 10000 m³/s；没有测流就留空。"))
    due = spec.next_due or rules.months_after(spec.on, pack.load(today()).test_months)
    if due <= spec.on:
        raise BadInput(Refusal("test.due", "下次检测日期不晚于本次。", "请更正下次检测日期。"))
    return due


def add_step(viewer: Viewer, pond_id: int, step: str, on: date, note: str = "") -> ClosingStep:
    """Write down a step of closing that is done: the first begins closing, acceptance and cancelling end it."""
    steps = {one.key: one for one in pack.load(today()).steps}
    if step not in steps:
        raise BadInput(Refusal("step.unknown", "没有这个闭库步骤。", "请从列表中选择。"))
    if on > today():
        raise BadInput(Refusal("step.future", "完成日期在将来。", "请填实际完成的日期。"))
    with transaction.atomic():
        pond = _locked(viewer, pond_id)
        done = set(pond.steps.values_list("step", flat=True))
        missing = [one for one in steps.values() if one.order < steps[step].order and one.key not in done]
        if step in done:
            raise Refused(Refusal("step.done", "“{step}”已经登记过。", "请刷新页面。", {"step": steps[step].name}))
        if missing:
            told = {"step": missing[0].name}
            raise Refused(Refusal("step.order", "还没有完成“{step}”。", "请按顺序登记。", told))
        row = ClosingStep.objects.create(pond=pond, step=step, on=on, note=note.strip()[:200], by_id=viewer.person_id)
        pond.state = _state_after(step)
        pond.save(update_fields=["state"])
        told = {"step": step, "on": on.isoformat(), "state": pond.state}
        audit(viewer.person_id, "pond.step", pond.place, f"pond:{pond.pk}", told)
        _settle(pond, viewer.person_id)
    return row


def _state_after(step: str) -> str:
    ends = {"acceptance": PondState.CLOSED.value, "cancel": PondState.CANCELLED.value}
    return ends.get(step, PondState.CLOSING.value)


def judge_all(pond_ids: Iterable[int] | None = None) -> int:
    """Judge ponds again by what is known now; returns how many changed. Safe to repeat."""
    ponds = Pond.objects.exclude(state__in=OVER).order_by("pk")
    wanted = ponds if pond_ids is None else ponds.filter(pk__in=list(pond_ids))
    return sum(_judged(pk) for pk in wanted.values_list("pk", flat=True))


def _judged(pond_id: int) -> bool:
    with transaction.atomic():
        pond = Pond.objects.select_for_update(of=("self",), no_key=True).select_related("place").get(pk=pond_id)
        return _settle(pond, None)


def _settle(pond: Pond, by: int | None) -> bool:
    """Keep the facts of a pond in step with what is known; whether its judgement changed."""
    if pond.place.retired is not None:
        return False
    verdict = None if pond.state in OVER else judge(pond)
    changed = verdict is not None and _keep(pond, verdict)
    facts.keep_in_step(pond, verdict, by)
    return changed


def _keep(pond: Pond, verdict: Verdict) -> bool:
    """A row for a judgement that differs from the one before in level, class or in what holds it."""
    judgement = verdict.judgement
    parts = [
        {"key": one.key, "level": None if one.level is None else int(one.level), "text": one.text,
         "params": dict(one.params), "clause": one.clause}
        for one in judgement.parts
    ]  # fmt: skip
    last = Judging.objects.filter(pond=pond).order_by("-at", "-pk").first()
    now = (int(judgement.level), verdict.condition, _marks(parts))
    if last is not None and now == (last.level, last.condition, _marks(last.parts)):
        return False
    Judging.objects.create(
        pond=pond, at=clock.now(), level=int(judgement.level), condition=verdict.condition, lifted=judgement.lifted,
        parts=parts,
    )  # fmt: skip
    return True


def _marks(parts: Iterable[Mapping[str, Any]]) -> list[tuple[Any, ...]]:
    """What of the parts is worth a new row: not a reading that moved within its colour."""
    return [(part["key"], part["level"], part["params"].get("colour", "")) for part in parts]


def _locked(viewer: Viewer, pond_id: int) -> Pond:
    """The pond, held for this transaction, if the viewer may change it."""
    found = Pond.objects.filter(viewer.scope("pond.view", "place__"), pk=pond_id)
    pond = found.select_for_update(of=("self",), no_key=True).select_related("place").first()
    if pond is None:
        raise NotInScope
    if not viewer.may("pond.edit", pond.place.path, pond.place.sector):
        raise NotAllowed("pond.edit")
    return pond


def _plain(columns: Any) -> Any:
    """Dates as texts, for the audit."""
    if isinstance(columns, dict):
        return {name: _plain(value) for name, value in columns.items()}
    if isinstance(columns, list):
        return [_plain(value) for value in columns]
    return columns.isoformat() if isinstance(columns, date) else columns


def today() -> date:
    return clock.today()
