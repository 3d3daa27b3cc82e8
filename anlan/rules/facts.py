"""When a fact may be raised and cleared. A fact is never edited: a wrong one is cleared and a right one raised."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from anlan.rules.levels import Level
from anlan.rules.refusal import Refusal

APPLIES_TO = ("self", "descendants")
#: How far a source's clock may run ahead of ours.
AHEAD = timedelta(minutes=5)
_KIND = re.compile(r"[a-z][a-z0-9_]{0,31}")
_NAMES = re.compile(r"\{(\w+)\}")

Param = str | int | float


@dataclass(frozen=True)
class Draft:
    """A fact as it is about to be recorded. ``reason`` is a msgid with {names} that ``params`` fills."""

    kind: str
    level: int
    reason: str
    params: Mapping[str, Param]
    happened: datetime
    since: datetime
    until: datetime | None
    applies_to: str


def may_raise(fact: Draft, now: datetime, *, retired: bool) -> Refusal | None:
    """Whether a fact may be recorded ``now`` at a place that is ``retired`` or not."""
    if retired:
        return Refusal("fact.place_retired", "该场所已停用，不能再登记事实。", "请选择在用的场所。")
    return _words_are_good(fact) or _times_are_good(fact, now)


def _words_are_good(fact: Draft) -> Refusal | None:
    if not _KIND.fullmatch(fact.kind):
        return Refusal("fact.bad_kind", "事实类型“{kind}”不可用。", "请使用小写英文标识。", {"kind": fact.kind[:40]})
    if fact.level not in set(Level):
        return Refusal("fact.bad_level", "等级“{level}”不存在。", "等级为 0 至 4。", {"level": str(fact.level)})
    if fact.applies_to not in APPLIES_TO:
        return Refusal(
            "fact.bad_reach", "作用范围“{reach}”不存在。", "请选择本处或本处及以下。", {"reach": fact.applies_to[:40]}
        )
    if not fact.reason.strip() or len(fact.reason) > 200:
        return Refusal("fact.bad_reason", "必须写明原因，且不超过 200 字。", "请写明为什么改变了风险。")
    if missing := set(_NAMES.findall(fact.reason)) - set(fact.params):
        names = "、".join(sorted(missing))
        return Refusal("fact.reason_incomplete", "原因中缺少：{names}。", "请补全原因的各项。", {"names": names})
    return None


def _times_are_good(fact: Draft, now: datetime) -> Refusal | None:
    if any(moment is not None and moment.tzinfo is None for moment in (fact.happened, fact.since, fact.until)):
        return Refusal("fact.naive_time", "时间没有时区。", "请给出带时区的时间。")
    if fact.happened > now + AHEAD:
        return Refusal("fact.happened_in_future", "发生时间晚于现在。", "将来才起作用的事实请填写起始时间。")
    if fact.until is not None and fact.until <= fact.since:
        return Refusal("fact.ends_before_it_begins", "截止时间不晚于起始时间。", "请更正起止时间。")
    return None


@dataclass(frozen=True)
class Held:
    """What a source holds already: an uncleared fact of the same kind."""

    place_id: int
    level: int
    applies_to: str
    since: datetime
    until: datetime | None


def may_raise_again(held: Held, wanted: Held) -> Refusal | None:
    """A source may say the same twice (nothing happens); to say something else it clears what it said before."""
    if held == wanted:
        return None
    return Refusal("fact.source_holds_another", "同一来源已有一条不同的有效事实。", "请先解除原有事实，再登记新的。")


def fill(reason: str, params: Mapping[str, Param]) -> str:
    """A (translated) reason with its {names} filled in; names without a value stay as they are."""
    return _NAMES.sub(lambda name: str(params.get(name[1], name[0])), reason)
