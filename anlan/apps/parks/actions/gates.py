"""Gates of a sealed park, passes for vehicles with dangerous goods, and what drives in and out.

A vehicle that may not come in is refused, and that it was there is kept: the refusal is written down before it is
raised. The overstay of a vehicle is a fact from the moment at which it has to be out.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from anlan.apps.core.models import Place
from anlan.apps.ledger.actions import NewFact, clear_fact, raise_facts
from anlan.apps.parks.actions.common import end, held, in_force, inside, park, put, record, told
from anlan.apps.parks.choices import GateState, Way
from anlan.apps.parks.models import Gate, Passage, VehiclePass
from anlan.apps.parks.specs import GateSpec, PassSpec, needed, refuse, short
from anlan.kit import clock
from anlan.kit.errors import BadInput, NotInScope, Refused, check
from anlan.kit.grants import Viewer
from anlan.packs.families import park_desk
from anlan.rules import gates as rules
from anlan.rules.refusal import Refusal

SOURCE = "park_passage"
#: How far the clock of a gate may be off, and how late it may hand in what happened.
AHEAD, BEHIND = timedelta(minutes=5), timedelta(days=2)


@dataclass(frozen=True)
class Report:
    """What a gate saw. ``at`` None: now. ``key``: the gate system's own number; the same one twice changes nothing."""

    gate_id: int
    plate: str
    at: datetime | None = None
    key: str = ""


def add_gate(viewer: Viewer, park_id: int, spec: GateSpec) -> Gate:
    columns = spec.columns()
    with transaction.atomic():
        place = park(viewer, park_id, "park.edit")
        if Gate.objects.filter(place=place, name=columns["name"], ended=None).exists():
            refuse("gate.name_taken", "已经有一个门叫“{name}”。", "请换一个名称。", name=columns["name"])
        gate = Gate.objects.create(place=place, **columns)
        record(viewer, "gate.add", gate, told(columns))
    return gate


def set_gate(viewer: Viewer, gate_id: int, state: str, note: str = "") -> Gate:
    """Open, check or close a gate, with the reason."""
    if state not in GateState.values:
        refuse("gate.bad_state", "没有“{state}”这种状态。", "请从列出的状态里选。", state=state[:12])
    with transaction.atomic():
        gate: Gate = held(viewer, Gate, gate_id, "gate.pass")
        in_force(gate)
        why = short(note, "说明", 200)
        if state == GateState.CLOSED and not why:
            raise BadInput(Refusal("gate.no_reason", "没有写明为什么关闭。", "请写一句原因。"))
        changed = put(gate, {"state": state, "state_note": why})
        if changed:
            gate.state_since = clock.now()
            gate.save()
            record(viewer, "gate.set", gate, {"changed": changed})
    return gate


def end_gate(viewer: Viewer, gate_id: int) -> None:
    """The gate is no more."""
    with transaction.atomic():
        end(viewer, held(viewer, Gate, gate_id, "park.edit"), "gate.end")


def give_pass(viewer: Viewer, park_id: int, spec: PassSpec) -> VehiclePass:
    """Permit a vehicle to come in between two moments."""
    plate = rules.plate_of(spec.plate)
    for refusal in (
        rules.check_plate(plate),
        rules.check_span(spec.since, spec.until, park_desk.load(clock.today()).pass_days),
    ):
        if refusal is not None:
            raise BadInput(refusal)
    if spec.until <= clock.now():
        raise BadInput(Refusal("pass.past", "许可的时间已经过去。", "请更正起止时间。"))
    columns = spec.columns()
    with transaction.atomic():
        place = park(viewer, park_id, "park.edit")
        goal = inside(viewer, place, spec.destination_id)
        row = VehiclePass.objects.create(
            place=place, plate=plate, destination=goal, created_by_id=viewer.person_id, **columns
        )
        record(viewer, "pass.give", row, {"plate": plate, **told(columns)})
    return row


def withdraw_pass(viewer: Viewer, pass_id: int, reason: str) -> VehiclePass:
    """Permit it no longer; a vehicle that is inside stays registered until it leaves."""
    with transaction.atomic():
        row: VehiclePass = held(viewer, VehiclePass, pass_id, "park.edit")
        if row.withdrawn is not None:
            raise Refused(Refusal("pass.already_withdrawn", "这张许可已经撤销。", "请刷新后再看。"))
        row.withdrawn, row.withdrawn_reason = clock.now(), needed(reason, "撤销的原因", 200)
        row.save(update_fields=["withdrawn", "withdrawn_reason"])
        record(viewer, "pass.withdraw", row, {"reason": row.withdrawn_reason})
    return row


def enter(viewer: Viewer, report: Report) -> Passage:
    """A vehicle comes in, if it may. Raises Refused, and keeps that it was turned away."""
    plate, at = _plate(report), _moment(report)
    try:
        with transaction.atomic():
            gate = _gate(viewer, report)
            if known := _known(gate.place, report.key, "key_in"):
                return known if known.way != Way.TURNED else _again(known)
            row, refusal = _let_in(viewer, gate, plate, at, report.key)
    except IntegrityError as error:
        raise Refused(Refusal("vehicle.inside", "这辆车登记着还在园区里。", "请先登记它离园。")) from error
    check(refusal)
    return row


def leave(viewer: Viewer, report: Report) -> Passage:
    """A vehicle drives out; its overstay, if any, ends."""
    plate, at = _plate(report), _moment(report)
    with transaction.atomic():
        gate = _gate(viewer, report)
        if known := _known(gate.place, report.key, "key_out"):
            return known
        row = Passage.objects.select_for_update().filter(place=gate.place, plate=plate, way=Way.INSIDE).first()
        if row is None:
            told_ = {"plate": plate}
            raise Refused(
                Refusal("vehicle.outside", "{plate}没有登记在园区里。", "请核对车牌；漏登的先补登进园。", told_)
            )
        if at < row.entered:
            raise BadInput(Refusal("vehicle.out_before_in", "离园时间早于进园时间。", "请更正时间。"))
        row.way, row.left, row.gate_out, row.key_out = Way.LEFT, at, gate, report.key
        row.save(update_fields=["way", "left", "gate_out", "key_out"])
        clear_fact((SOURCE, row.pk), at, viewer.person_id)
        record(viewer, "vehicle.leave", row, {"plate": plate, "gate": gate.name})
    return row


def _let_in(viewer: Viewer, gate: Gate, plate: str, at: datetime, key: str) -> tuple[Passage, Refusal | None]:
    passes = list(VehiclePass.objects.filter(place=gate.place, plate=plate, until__gt=at - timedelta(days=60)))
    plain = [rules.Pass(one.since, one.until, one.stay_min, one.withdrawn is not None) for one in passes]
    there = Passage.objects.filter(place=gate.place, plate=plate, way=Way.INSIDE).exists()
    refusal = rules.may_enter(rules.Scene(gate.name, gate.state, plain, there), at)
    row = Passage(place=gate.place, plate=plate, gate_in=gate, entered=at, key_in=key, recorded_by_id=viewer.person_id)
    if refusal is not None:
        row.way, row.why, row.why_text = Way.TURNED, refusal.code, refusal.filled(refusal.message)[:200]
        row.save()
        record(viewer, "vehicle.turn_away", row, {"plate": plate, "gate": gate.name, "why": refusal.code})
        return row, refusal
    used = rules.pass_in_force(plain, at)
    assert used is not None  # else it would have been refused
    row.way, row.under = Way.INSIDE, passes[plain.index(used)]
    row.leave_by = rules.leaves_by(at, used, park_desk.load(clock.today()).longest_stay_min)
    row.save()
    raise_facts([_overstay(viewer, row)])
    record(viewer, "vehicle.enter", row, {"plate": plate, "gate": gate.name, "leave_by": row.leave_by.isoformat()})
    return row, None


def _overstay(viewer: Viewer, row: Passage) -> NewFact:
    known = park_desk.load(clock.today())
    return NewFact(
        place_id=row.place_id,
        kind=known.overstay_fact,
        level=known.overstay_level,
        reason="危险品车辆 {plate}（{cargo}）超过停留时限仍在园区",
        params={"plate": row.plate, "cargo": row.under.cargo if row.under else ""},
        happened=row.entered,
        since=row.leave_by,
        source=(SOURCE, row.pk),
        by=viewer.person_id,
        words=known.words,
    )


def _gate(viewer: Viewer, report: Report) -> Gate:
    gate: Gate = held(viewer, Gate, report.gate_id, "gate.pass")
    if gate.ended is not None:
        raise NotInScope
    return gate


def _known(place: Place, key: str, column: str) -> Passage | None:
    """What the gate system told before under the same number."""
    return Passage.objects.filter(**{"place": place, column: key}).first() if key else None


def _again(known: Passage) -> Passage:
    raise Refused(Refusal(known.why, known.why_text, "不得放行。"))


def _plate(report: Report) -> str:
    plate = rules.plate_of(report.plate)
    if refusal := rules.check_plate(plate):
        raise BadInput(refusal)
    if len(report.key) > 64:
        refuse("vehicle.bad_key", "卡口流水号超过 64 个字符。", "请缩短。")
    return plate


def _moment(report: Report) -> datetime:
    now = clock.now()
    at = report.at or now
    if at > now + AHEAD:
        raise BadInput(Refusal("vehicle.ahead", "进出时间在将来。", "请校准卡口的时钟。"))
    if at < now - BEHIND:
        raise BadInput(Refusal("vehicle.too_late", "进出时间早于两天以前。", "太久以前的请由管理员补记说明。"))
    return at
