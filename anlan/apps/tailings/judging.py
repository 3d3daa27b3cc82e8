"""How a pond stands: the worst of what is measured, of what was seen, of the design flood and of the drains' tests."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_noop as _

from anlan.apps.tailings.below import people_close
from anlan.apps.tailings.choices import Outcome
from anlan.apps.tailings.live import Measured, level_of, measured
from anlan.apps.tailings.models import DrainTest, Inspection, Pond
from anlan.apps.tailings.specs import grade_of, period_of, routable, study_of
from anlan.kernels.validity import OutOfRange
from anlan.kit import clock
from anlan.kit.errors import BadInput
from anlan.kit.grants import SYSTEM
from anlan.kit.tailings.study import Result
from anlan.packs.families import tailings_ponds as pack
from anlan.packs.families.tailings_ponds import State, TailingsPonds
from anlan.rules import tailings as rules
from anlan.rules.levels import Level
from anlan.rules.tailings import Judgement, Part

LEVELS = {0: Level.LOW, 1: Level.LOW, 2: Level.GENERAL, 3: Level.SERIOUS, 4: Level.MAJOR}
COLOURS = {0: _("无预警"), 1: _("蓝色预警"), 2: _("黄色预警"), 3: _("橙色预警"), 4: _("红色预警")}
OUTCOMES = {
    Outcome.WORN.value: "drain_worn",
    Outcome.REDUCED.value: "drain_reduced",
    Outcome.BLOCKED.value: "drain_blocked",
}
CLAUSE_DRAINS = "矿安〔2022〕88号 三（九）"
Params = dict[str, str | int | float]
ORDER = ("critical", "unsafe", "defective", "normal")


@dataclass(frozen=True)
class Verdict:
    """``condition``: class of the pack, '' where nobody knows; ``flood``: the design flood from the level of now."""

    judgement: Judgement
    condition: str
    flood: Result | None
    found: tuple[Measured, ...]
    close: int | None


def judge(pond: Pond) -> Verdict:
    """Judge a pond by everything that the product knows of it, whoever looks."""
    tables = pack.load(clock.today())
    found = tuple(measured(SYSTEM, pond))
    flood = design_flood(pond, found)
    states = list(_states(pond, tables, flood))
    parts = [
        *_items(found, tables),
        *(_state(one, tables) for one in states),
        *_flood(pond, flood),
        *_tests(pond, tables),
    ]
    close = people_close(pond)
    judgement = rules.judged(parts, lift=tables.overhead_lift and bool(close))
    if judgement.lifted:
        part = Part("overhead", None, _("下游 {metres} m 内有 {people} 人居住，等级提高一级"),
                    {"metres": round(tables.overhead_m), "people": close or 0}, "应急〔2020〕15号")  # fmt: skip
        judgement = Judgement(judgement.level, (*judgement.parts, part), lifted=True)
    worst = min((ORDER.index(one.class_) for one in states), default=None)
    condition = ORDER[worst] if worst is not None else ("normal" if flood is not None else "")
    return Verdict(judgement, condition, flood, found, close)


def design_flood(pond: Pond, found: Sequence[Measured]) -> Result | None:
    """The design flood from the level of now (or the operating level); None where it cannot be routed."""
    at = level_of(found, pond)
    start = at[0] if at is not None else pond.normal_level
    if not routable(pond) or start is None:
        return None
    try:
        one = study_of(pond, shares(pond))
        low = float(one.pool.storage.levels[0])
        return one.of_period(period_of(pond), min(max(start, low), pond.crest - 0.01))
    except (BadInput, OutOfRange):  # not a pond that models can follow: nobody knows
        return None


def _items(found: Sequence[Measured], tables: TailingsPonds) -> Iterator[Part]:
    for one in found:
        if one.warning is None:
            if one.item.critical:
                lost = _("{item}没有新的数据") if one.tags else _("{item}没有在线监测")
                yield Part(one.item.role, Level.UNKNOWN, lost, {"item": one.item.name}, "GB 39496-2020 5.5.2")
            continue
        told: Params = {
            "item": one.item.name,
            "value": round(one.value or 0.0, one.item.decimals),
            "unit": one.item.unit,
        }
        if one.warning:
            told |= {"colour": COLOURS[one.warning], "limit": round(one.limit or 0.0, 2)}
            text = _("{item} {value} {unit}，达到{colour}限值 {limit}")
            yield Part(one.item.role, LEVELS[one.warning], text, told, one.item.clause)
        else:
            yield Part(one.item.role, Level.LOW, _("{item} {value} {unit}，没有预警"), told, one.item.clause)
    warnings = [one.warning for one in found if one.warning]
    whole = rules.gathered(warnings, tables.counts())
    if warnings and whole > max(warnings):
        text = _("多个监测项目同时预警，合并为{colour}")
        yield Part("gathered", LEVELS[whole], text, {"colour": COLOURS[whole]}, "GB 39496-2020 5.5.4")


def _states(pond: Pond, tables: TailingsPonds, flood: Result | None) -> Iterator[State]:
    known = {one.key: one for one in tables.states}
    if flood is not None:
        key = rules.flood_state(freeboard_holds=flood.height_holds, beach_holds=flood.beach_holds, over=flood.over)
        if key:
            yield known[key]
    if pond.stability is not None:
        steps = list(tables.stability_steps.items())
        if key := rules.stability_state(pond.stability, grade_of(pond).stability_normal, steps):
            yield known[key]
    latest = Inspection.objects.filter(pond=pond).order_by("-at", "-pk").first()
    yield from (known[key] for key in (latest.seen if latest else ()) if key in known)
    outcomes = {OUTCOMES[test.outcome] for test in newest_tests(pond).values() if test.outcome in OUTCOMES}
    yield from (known[key] for key in sorted(outcomes))


def _state(one: State, tables: TailingsPonds) -> Part:
    words = tables.classes[one.class_]
    return Part(one.key, words.level, _("{what}（{class}）"), {"what": one.text, "class": words.name}, one.clause)


def _flood(pond: Pond, flood: Result | None) -> Iterator[Part]:
    if flood is None:
        text = _("缺库容曲线、汇水区参数或水位，没有调洪演算") if not routable(pond) else _("没有水位，不能调洪演算")
        yield Part("flood", Level.UNKNOWN, text, {}, "矿安〔2022〕88号 三（八）")
    elif flood.holds:
        told: dict[str, str | int | float] = {"period": round(flood.period or 0), "left": round(flood.left, 2)}
        yield Part("flood", Level.LOW, _("{period} 年一遇洪水后，滩顶仍高出水面 {left} m"), told, "GB 39496-2020 5.4.1")


def _tests(pond: Pond, tables: TailingsPonds) -> Iterator[Part]:
    today = clock.today()
    newest = newest_tests(pond)
    for name in (str(one["name"]) for one in pond.drains):
        test = newest.get(name)
        if test is None:
            yield Part("untested", tables.overdue_level, _("{drain}没有检测记录"), {"drain": name}, CLAUSE_DRAINS)
        elif test.next_due < today:
            told: Params = {"drain": name, "date": test.next_due.isoformat()}
            text = _("{drain}应于 {date} 前检测，已逾期")
            yield Part("overdue", tables.overdue_level, text, told, CLAUSE_DRAINS)


def newest_tests(pond: Pond) -> dict[str, DrainTest]:
    """The last test of each drain, by its name."""
    rows = DrainTest.objects.filter(pond=pond).order_by("on", "pk")
    return {row.drain: row for row in rows}


def shares(pond: Pond) -> dict[str, float]:
    """How far each drain is open: as written, or less where its last test found it blocked."""
    after, newest = pack.load(clock.today()).open_after, newest_tests(pond)
    written = {str(one["name"]): float(one.get("open", 1.0)) for one in pond.drains}
    return {
        name: min(share, after.get(newest[name].outcome, 1.0)) if name in newest else share
        for name, share in written.items()
    }


def closing_of(pond: Pond, today: date) -> rules.Closing:
    """Whether the pond must be closed, and by when."""
    from anlan.apps.tailings.choices import OVER

    tables = pack.load(today)
    if pond.state in OVER:
        return rules.Closing(must=False)
    return rules.closing(pond.last_deposit, today, tables.idle_years, tables.closing_years)
