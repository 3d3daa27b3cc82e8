"""Who may drive into a sealed park, and out again: vehicles with dangerous goods, their passes, the gates."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from anlan.rules.refusal import Refusal

#: Letters and digits of any plate, a Chinese character in front and, for some vehicles, at the end.
_PLATE = re.compile(r"[\u4e00-\u9fff]?[A-Z][A-Z0-9]{4,7}[\u4e00-\u9fff]?")
OPEN, CLOSED = "open", "closed"


@dataclass(frozen=True)
class Pass:
    """A permission for one vehicle: from when to when it may come in, how long it may stay [min] (0: as usual)."""

    since: datetime
    until: datetime
    stay_min: int
    withdrawn: bool = False


@dataclass(frozen=True)
class Scene:
    """What a gate keeper has before them: the gate, the passes of this vehicle, whether it is inside already."""

    gate_name: str
    gate_state: str
    passes: Sequence[Pass]
    inside: bool


def plate_of(text: str) -> str:
    """A plate as it is kept: capitals, no spaces or dots."""
    return re.sub(r"[\s·.\-]", "", text).upper()


def check_plate(plate: str) -> Refusal | None:
    if _PLATE.fullmatch(plate):
        return None
    told = {"plate": plate[:20]}
    return Refusal("vehicle.bad_plate", "车牌号“{plate}”不像车牌。", "写成 鲁A12345 这样，挂车写牵引车的牌。", told)


def check_span(since: datetime, until: datetime, longest_days: int) -> Refusal | None:
    """Whether a pass ends after it begins, and is not for longer than is usual [d]."""
    if until <= since:
        return Refusal("pass.backwards", "许可的结束时间不晚于开始时间。", "请更正起止时间。")
    if until - since > timedelta(days=longest_days):
        told = {"days": str(longest_days)}
        return Refusal("pass.too_long", "一张许可最长 {days} 天。", "请缩短，到期再办。", told)
    return None


def may_enter(scene: Scene, now: datetime) -> Refusal | None:
    """Whether a vehicle may drive in now."""
    told = {"gate": scene.gate_name}
    if scene.gate_state == CLOSED:
        return Refusal("gate.closed", "{gate}已关闭。", "请走别的门，或先打开这个门。", told)
    if scene.inside:
        return Refusal("vehicle.inside", "这辆车登记着还在园区里。", "请先登记它离园。")
    if not any(_holds(one, now) for one in scene.passes):
        return _without(scene.passes, now)
    return None


def pass_in_force(passes: Sequence[Pass], now: datetime) -> Pass | None:
    """The pass under which a vehicle comes in: of several the one that lasts longest."""
    return max((one for one in passes if _holds(one, now)), key=lambda one: one.until, default=None)


def leaves_by(entered: datetime, held: Pass, usual_min: int) -> datetime:
    """When the vehicle has to be out again."""
    return entered + timedelta(minutes=held.stay_min or usual_min)


def _holds(one: Pass, now: datetime) -> bool:
    return not one.withdrawn and one.since <= now < one.until


def _without(passes: Sequence[Pass], now: datetime) -> Refusal:
    if any(one.withdrawn and one.since <= now < one.until for one in passes):
        return Refusal("pass.withdrawn", "这辆车的通行许可已撤销。", "请联系发证人，不得放行。")
    if any(one.until <= now for one in passes):
        return Refusal("pass.over", "这辆车的通行许可已过期。", "请收货企业重新申请，不得放行。")
    if passes:
        return Refusal("pass.not_yet", "这辆车的通行许可还没有开始。", "请在许可的时间里再来。")
    return Refusal("pass.none", "这辆车没有通行许可。", "请收货企业先申请，不得放行。")
