"""When a shift may be put on the roster, changed, and taken over."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from anlan.rules.refusal import Refusal


@dataclass(frozen=True)
class Terms:
    """What the pack core/shifts says: [min], [h], characters, weeks."""

    early_minutes: int
    longest_hours: int
    longest_note: int
    weeks_ahead: int


@dataclass(frozen=True)
class Span:
    """A shift on the roster. ``who`` is a name for messages."""

    since: datetime
    until: datetime
    who: str = ""


def may_roster(span: Span, others: Iterable[Span], now: datetime, terms: Terms) -> Refusal | None:
    """Whether a shift may stand on the roster of a place beside ``others`` that stand there already."""
    if span.until <= span.since:
        return Refusal("shift.backwards", "班次的结束时间不晚于开始时间。", "请更正起止时间；跨夜的班次结束在第二天。")
    if span.until - span.since > timedelta(hours=terms.longest_hours):
        hours = {"hours": f"{(span.until - span.since) / timedelta(hours=1):g}", "most": str(terms.longest_hours)}
        return Refusal("shift.too_long", "班次长 {hours} 小时，超过 {most} 小时。", "请拆成几个班次。", hours)
    if span.until <= now:
        return Refusal("shift.past", "班次已经过去。", "请排现在或以后的班次。")
    if span.since > now + timedelta(weeks=terms.weeks_ahead):
        return Refusal("shift.too_far", "班次在 {weeks} 周以后。", "请临近时再排。", {"weeks": str(terms.weeks_ahead)})
    clash = next((other for other in others if other.since < span.until and span.since < other.until), None)
    if clash is not None:
        text = "与{who}的班次重叠。"
        return Refusal("shift.overlap", text, "请先调整那个班次，或改变起止时间。", {"who": clash.who})
    return None


def may_change(since: datetime, taken: datetime | None, now: datetime) -> Refusal | None:
    """Whether a shift may still be changed or removed: nobody has taken it over, and it has not begun."""
    if taken is not None:
        return Refusal("shift.taken", "该班次已接班。", "已接的班次是值班记录，不能再改；请调整以后的班次。")
    if since <= now:
        return Refusal("shift.begun", "该班次已开始。", "请由在岗的人先接班，再调整以后的班次。")
    return None


def may_take_over(span: Span, taken: datetime | None, now: datetime, terms: Terms) -> Refusal | None:
    """Whether the person on the roster may take the shift over now."""
    if taken is not None:
        return Refusal("shift.already_taken", "该班次已接班。", "无需再次接班。")
    if now < span.since - timedelta(minutes=terms.early_minutes):
        early = {"minutes": str(terms.early_minutes)}
        return Refusal("shift.too_early", "离该班次开始还早。", "班次开始前 {minutes} 分钟内可以接班。", early)
    if now >= span.until:
        return Refusal("shift.over", "该班次已经结束。", "请接现在的班次；漏接的班次请告知排班的人。")
    return None


def check_note(note: str, carried: int, terms: Terms) -> Refusal | None:
    """Whether a handover note will do: something must be said about alarms that are carried over."""
    if len(note) > terms.longest_note:
        told = {"length": str(len(note)), "longest": str(terms.longest_note)}
        return Refusal("shift.long_note", "交接记录有 {length} 个字，超过 {longest} 个。", "请写得短一些。", told)
    if carried and not note.strip():
        told = {"count": str(carried)}
        return Refusal("shift.no_note", "有 {count} 条报警随班移交，交接记录是空的。", "请写明移交情况。", told)
    return None
