"""The life of an alarm, and which limits a tag may have.

The life cycle is the part of ANSI/ISA-18.2 (IEC 62682) that needs no shelving: an alarm is closed when the process has
returned to normal *and* somebody has acknowledged it, in either order.
"""

import math
from dataclasses import dataclass
from itertools import pairwise

from anlan.rules.refusal import Refusal

UNACKNOWLEDGED, ACKNOWLEDGED, RETURNED, CLOSED = "unacknowledged", "acknowledged", "returned", "closed"
ACKNOWLEDGE, CLEAR = "acknowledge", "clear"

#: (state, what happens) -> the next state. What is not listed may not happen.
TRANSITIONS = {
    (UNACKNOWLEDGED, ACKNOWLEDGE): ACKNOWLEDGED,
    (UNACKNOWLEDGED, CLEAR): RETURNED,
    (ACKNOWLEDGED, CLEAR): CLOSED,
    (RETURNED, ACKNOWLEDGE): CLOSED,
}

#: States in which the value is still beyond the limit.
ACTIVE = (UNACKNOWLEDGED, ACKNOWLEDGED)
#: States in which somebody still has to look at it.
WAITING = (UNACKNOWLEDGED, RETURNED)
#: States of an alarm that is not over.
OPEN = (UNACKNOWLEDGED, ACKNOWLEDGED, RETURNED)

#: An event whose source time lies further before its arrival [ms] comes from a backlog: recorded, not escalated.
HISTORIC_AFTER_MS = 5 * 60_000

#: Which limit hides which on screen while both are in alarm: the outer one says all.
ECLIPSED_BY = {"H": "HH", "L": "LL"}

MAX_DELAY_S = 86_400.0
MAX_MISSING_S = 31 * 86_400.0


def may_acknowledge(state: str) -> Refusal | None:
    """Whether an alarm in this state may be acknowledged: once, and only while it is not over."""
    if (state, ACKNOWLEDGE) in TRANSITIONS:
        return None
    if state == ACKNOWLEDGED:
        return Refusal("alarm.already_acknowledged", "该报警已确认。", "无需再次确认；如有补充请添加备注。")
    return Refusal("alarm.closed", "该报警已关闭。", "无需再确认；如有补充请添加备注。")


def check_many(count: int, most: int) -> Refusal | None:
    """Whether so many alarms may be acknowledged with one word."""
    if count == 0:
        return Refusal("alarm.none_chosen", "没有选中报警。", "请先选中要确认的报警。")
    if count > most:
        params = {"count": str(count), "most": str(most)}
        return Refusal("alarm.too_many", "一次确认 {count} 条，超过 {most} 条。", "请用筛选分批确认。", params)
    return None


def after_clear(state: str, *, historic: bool) -> str:
    """The state when the value has come back. What came and went in a backlog waits for nobody."""
    following = TRANSITIONS[state, CLEAR]
    return CLOSED if historic else following


def is_historic(happened_ms: int, arrival_ms: int) -> bool:
    """Whether an event is too old on arrival to wake anybody."""
    return arrival_ms - happened_ms > HISTORIC_AFTER_MS


def check_note(text: str, longest: int) -> Refusal | None:
    """Whether ``text`` may stand as a comment of at most ``longest`` characters."""
    if not text.strip():
        return Refusal("alarm.empty_comment", "备注是空的。", "请写明情况后再提交。")
    if len(text) > longest:
        params = {"length": str(len(text)), "longest": str(longest)}
        return Refusal("alarm.long_comment", "备注有 {length} 个字，超过 {longest} 个。", "请写得短一些。", params)
    return None


@dataclass(frozen=True)
class Limits:
    """The alarm rules of one tag, in the tag's own unit and in seconds; None = no such rule."""

    hh: float | None = None
    h: float | None = None
    l: float | None = None  # noqa: E741 - the word of the trade
    ll: float | None = None
    deadband: float = 0.0
    on_delay_s: float = 0.0
    off_delay_s: float = 0.0
    missing_s: float | None = None
    range_low: float | None = None
    range_high: float | None = None

    def ordered(self) -> list[tuple[str, float]]:
        """The limits that are set, from the lowest to the highest."""
        named = (("LL", self.ll), ("L", self.l), ("H", self.h), ("HH", self.hh))
        return [(name, value) for name, value in named if value is not None]


def check_limits(limits: Limits) -> Refusal | None:
    """Whether a tag may have these rules; the first thing that is wrong, with its values."""
    for check in (_finite, _order, _deadband, _times, _range):
        if refusal := check(limits):
            return refusal
    return None


def _finite(limits: Limits) -> Refusal | None:
    for name, value in vars(limits).items():
        if value is not None and not math.isfinite(value):
            return Refusal(
                "tag.not_a_number",
                "{field} 的值 {value} 不是有限的数。",
                "请填写普通的数字，或留空表示无此规则。",
                {"field": name, "value": str(value)},
            )
    return None


def _order(limits: Limits) -> Refusal | None:
    for (low, below), (high, above) in pairwise(limits.ordered()):
        if below >= above:
            return Refusal(
                "tag.limits_out_of_order",
                "{low} = {below} 不小于 {high} = {above}。",
                "限值须满足 LL < L < H < HH。",
                {"low": low, "below": f"{below:g}", "high": high, "above": f"{above:g}"},
            )
    return None


def _deadband(limits: Limits) -> Refusal | None:
    """Not negative, and narrower than every band, or one alarm could only clear inside the next."""
    deadband = {"deadband": f"{limits.deadband:g}"}
    if limits.deadband < 0:
        return Refusal("tag.negative_deadband", "回差 {deadband} 小于零。", "请填写零或正数。", deadband)
    for (low, below), (high, above) in pairwise(limits.ordered()):
        if limits.deadband >= above - below:
            return Refusal(
                "tag.wide_deadband",
                "回差 {deadband} 不小于 {low} 与 {high} 的间距 {band}。",
                "请减小回差，或拉开限值。",
                {**deadband, "low": low, "high": high, "band": f"{above - below:g}"},
            )
    return None


def _times(limits: Limits) -> Refusal | None:
    for delay in (limits.on_delay_s, limits.off_delay_s):
        if not 0 <= delay <= MAX_DELAY_S:
            return _bad_time("tag.bad_delay", "延时 {seconds} 秒不在 0 至 {longest} 秒之间。", delay, MAX_DELAY_S)
    if limits.missing_s is not None and not 0 < limits.missing_s <= MAX_MISSING_S:
        message = "中断时间 {seconds} 秒须大于 0 且不超过 {longest} 秒。"
        return _bad_time("tag.bad_missing", message, limits.missing_s, MAX_MISSING_S)
    return None


def _bad_time(code: str, message: str, seconds: float, longest: float) -> Refusal:
    params = {"seconds": f"{seconds:g}", "longest": f"{longest:g}"}
    return Refusal(code, message, "请填写允许范围内的秒数。", params)


def _range(limits: Limits) -> Refusal | None:
    low, high = limits.range_low, limits.range_high
    if low is None or high is None or low < high:
        return None
    params = {"low": f"{low:g}", "high": f"{high:g}"}
    return Refusal("tag.bad_range", "量程下限 {low} 不小于上限 {high}。", "请核对量程。", params)
