"""Figures of a subject that several reports tell: alarms of the period, papers that ran out, the course of levels,
major hazard installations, hazards by the trade's pack, gaps."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache

import numpy as np
from django.utils import timezone

from anlan.apps.enterprises import selectors as enterprises
from anlan.apps.enterprises.selectors import Due, Unit
from anlan.apps.ledger import counting
from anlan.apps.ledger import days as course_of
from anlan.apps.ledger.days import Course
from anlan.apps.ledger.selectors import Node
from anlan.apps.monitoring import selectors as monitoring
from anlan.apps.monitoring.choices import Limit
from anlan.apps.monitoring.selectors.counts import SilentSource
from anlan.apps.monitoring.selectors.lists import AlarmFilter, alarms_matching
from anlan.apps.reports.subject import Subject
from anlan.kit import clock
from anlan.packs.families import hazards, lapse_facts
from anlan.packs.families.hazards import Hazard
from anlan.packs.model import PackError
from anlan.rules.alarms import OPEN

#: So much of a hazard's text must stand in an assessment for it to be that hazard.
TELLING = 16
LICENCES, INSPECTIONS, CERTIFICATES = "licence_lapsed", "inspection_overdue", "certificate_lapsed"


@dataclass(frozen=True)
class AlarmLine:
    """One alarm of the period; ``silent``: that data are missing, no value."""

    raised: datetime
    level: int
    limit: int
    state: str
    tag_id: int
    tag_name: str
    place_id: int
    place_name: str
    path: str
    sector: str
    due: datetime | None
    acknowledged: datetime | None
    historic: bool

    @property
    def silent(self) -> bool:
        return self.limit == Limit.MISSING

    @property
    def open(self) -> bool:
        return self.state in OPEN


_COLUMNS = (
    "raised",
    "level",
    "limit",
    "state",
    "tag_id",
    "tag__name",
    "tag__place_id",
    "tag__place__name",
    "tag__place__path",
    "tag__place__sector",
    "due",
    "acknowledged",
    "historic",
)


def alarms(subject: Subject) -> list[AlarmLine]:
    """Alarms raised in the period as lists show them, the newest first."""
    return _alarms(subject, start=subject.start, end=subject.now)


def open_alarms(subject: Subject) -> list[AlarmLine]:
    """Alarms that are not over, whenever they were raised."""
    return _alarms(subject, states=OPEN)


def _alarms(
    subject: Subject, *, states: Sequence[str] = (), start: datetime | None = None, end: datetime | None = None
) -> list[AlarmLine]:
    if not subject.may("alarm.view"):
        return []
    found = [
        AlarmLine(*row)
        for root in subject.roots
        for row in alarms_matching(
            subject.viewer, AlarmFilter(place_id=root.pk, states=states, start=start, end=end)
        ).values_list(*_COLUMNS)
    ]
    return sorted(found, key=lambda one: (one.raised, one.tag_id), reverse=True)


def before(subject: Subject) -> int | None:
    """Alarms of values in the period of the same length before; None where records do not go so far back."""
    span, known = timedelta(days=subject.days), counting.known_since(subject.viewer)
    if known is None or known > subject.start - span:
        return None
    return sum(
        monitoring.raised_between(subject.viewer, subject.start - span, subject.start, root) for root in subject.roots
    )


def overdue(found: Iterable[AlarmLine], now: datetime) -> list[AlarmLine]:
    """Those whose time to be acknowledged is over."""
    return [
        one for one in found if one.acknowledged is None and one.due is not None and one.due < now and not one.historic
    ]


def days_of(subject: Subject) -> list[date]:
    """The local days of the period, the last is today; at most 90 of them."""
    count = min(subject.days, 90)
    return [subject.on - timedelta(days=back) for back in range(count - 1, -1, -1)]


def by_day(days: Sequence[date], found: Iterable[AlarmLine]) -> list[tuple[int, ...]]:
    counts = Counter((clock.day_of(one.raised), one.level) for one in found)
    return [tuple(counts[day, level] for level in range(5)) for day in days]


def course(subject: Subject) -> tuple[list[date], Course]:
    """What was shown at the end of each day of the period, and now."""
    days = days_of(subject)
    zone = timezone.get_current_timezone()
    ends = [datetime.combine(day + timedelta(days=1), datetime.min.time(), zone) for day in days[:-1]]
    moments = [*ends, subject.now]
    found = [course_of.course(subject.viewer, moments, root) for root in subject.roots]
    whole = Course(sum_of([one.points for one in found]), sum_of([one.enterprises for one in found]))
    return days, whole


def sum_of(tables: Sequence[course_of.Counts]) -> course_of.Counts:
    return np.sum(tables, axis=0)  # type: ignore[no-any-return]


# ---------------------------------------------------------------- papers


def lapses(subject: Subject) -> Counter[str]:
    """How many papers have run out, by the kind of fact that says so."""
    kinds = sorted({rule.fact for rule in lapse_facts.load(subject.on).rules})
    return Counter(row.kind for row in subject.facts(kinds=kinds)) if subject.may("fact.view") else Counter()


def lapses_by_sector(subject: Subject) -> Counter[str]:
    kinds = sorted({rule.fact for rule in lapse_facts.load(subject.on).rules})
    return Counter(row.place.sector for row in subject.facts(kinds=kinds)) if subject.may("fact.view") else Counter()


def dues(subject: Subject) -> list[Due]:
    """What ran out or soon will, the most urgent first."""
    if not subject.may("enterprise.view"):
        return []
    return [one for root in subject.roots for one in enterprises.dues(subject.viewer, root)]


# ---------------------------------------------------------------- installations


@dataclass(frozen=True)
class Installation:
    """A unit of an enterprise that holds hazardous chemicals, identified by GB 18218."""

    firm: Node
    unit: Unit
    neighbours: int | None


def installations(subject: Subject) -> list[Installation]:
    """Every unit that holds hazardous chemicals, the highest Σ q/Q first."""
    if not subject.may("enterprise.view"):
        return []
    assessed = {
        key: one for root in subject.roots for key, one in enterprises.assess_below(subject.viewer, root).items()
    }
    found = [
        Installation(subject.nodes[key], unit, one.neighbours)
        for key, one in assessed.items()
        if key in subject.nodes
        for unit in one.units
    ]
    return sorted(found, key=lambda one: -one.unit.s)


# ---------------------------------------------------------------- hazards


@cache
def _hazards(sector: str, on: date) -> tuple[Hazard, ...]:
    try:
        return hazards.load(sector, on).hazards if sector else ()
    except PackError:
        return ()


def hazard(subject: Subject, node: Node) -> Hazard | None:
    """The hazard of the trade's pack that the assessment of a place speaks of; None where it names none of them."""
    assessed = subject.assessments.get(node.id)
    told = str(assessed.params) if assessed else ""
    return next((one for one in _hazards(node.sector, subject.on) if one.hazard[:TELLING] in told), None)


_MEASURES = {
    "engineering": "工程技术",
    "management": "管理",
    "training": "培训",
    "protection": "防护",
    "emergency": "应急",
}


def measures(found: Hazard | None, node: Node) -> str:
    """The measures of the pack, kind by kind; said where nothing is registered."""
    if found is None:
        return "未登记"
    told = "；".join(f"{_MEASURES[kind]}：{text}" for kind, text in found.measures().items())
    return f"{told}（sectors/{node.sector}/hazards {found.code}）"


# ---------------------------------------------------------------- gaps


def silent(subject: Subject) -> list[SilentSource]:
    return [one for root in subject.roots for one in monitoring.silent_sources(subject.viewer, root)]


def missing(subject: Subject) -> int:
    """Tags of which nothing is heard."""
    return sum(monitoring.missing_at(subject.viewer, subject.now, root) for root in subject.roots)


def gaps(subject: Subject) -> list[tuple[str, str]]:
    """What is not known, and what that means for the report."""
    found = list(_rights(subject))
    unknown = len(subject.of_level(0))  # type: ignore[arg-type]
    if unknown:
        found.append((f"{unknown} 处风险点等级未知", "没有评估或监测中断，未计入任何一级，不视为低风险"))
    firms = [node for node in subject.nodes.values() if node.kind == "enterprise"]
    without = [node for node in firms if node.id not in subject.files]
    if subject.may("enterprise.view") and without:
        found.append((f"{len(without)} 家企业没有档案", "证照、化学品、人员情况未知，本报告不含"))
    lost = silent(subject)
    if lost:
        names = "、".join(one.name for one in lost[:3])
        found.append(
            (f"{len(lost)} 个数据来源没有数据（{names}{'等' if len(lost) > 3 else ''}）", "其监测点此间的报警未知")
        )
    points = [node for node in subject.points if node.kind == "risk_point" and node.shown.level >= 3]
    unread = [node for node in points if hazard(subject, node) is None]
    if unread:
        found.append((f"{len(unread)} 处重大、较大风险点没有登记可对照的危险源", "其措施栏写“未登记”"))
    return found


def _rights(subject: Subject) -> Iterable[tuple[str, str]]:
    words = {
        "fact.view": "风险事实",
        "alarm.view": "报警",
        "enterprise.view": "企业档案",
        "scenario.view": "事故情景",
    }
    for capability, text in words.items():
        if not subject.may(capability):
            yield f"编制人没有查看{text}的权限", "相应各节从略"
