"""Invented examples for the style page, in every state that a component has."""

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from django.utils.translation import gettext as _

from anlan.apps.ledger.explanation import FactLine, PlaceRef
from anlan.apps.monitoring.selectors import AlarmRow
from anlan.kit import clock
from anlan.rules.levels import ORDER, Level

COLOURS = ("page", "surface", "raised", "sunken", "line", "line-strong", "ink", "ink-soft", "ink-faint", "action")
LEVEL_COLOURS = ("major", "serious", "general", "low", "unknown")


def places() -> tuple[PlaceRef, ...]:
    names = (("county", "青澜县"), ("park", "临港化工园区"), ("enterprise", "东岸化工"), ("risk_point", "反应器 R-101"))
    return tuple(PlaceRef(key, name, kind, visible=True) for key, (kind, name) in enumerate(names, start=1))


def hidden_places() -> tuple[PlaceRef, ...]:
    return (places()[0], PlaceRef(None, "", "enterprise", visible=False))


def facts() -> list[FactLine]:
    """A fact of each level, one that ends, one inherited, one without a source, one out of scope."""
    now = clock.now()
    alarm = FactLine(
        fact_id=1,
        path=places(),
        kind="alarm",
        level=Level.MAJOR,
        reason=_("反应器压力 2 912 kPa，达到高高限 2 895 kPa"),
        since=now - timedelta(minutes=3),
        until=None,
        recorded=now,
        source_url="#facts",
        in_scope=True,
    )
    permit = replace(
        alarm,
        level=Level.SERIOUS,
        reason=_("一级动火作业正在进行"),
        path=places()[:3],
        since=now - timedelta(hours=2),
        until=now + timedelta(hours=6),
    )
    weather = replace(
        alarm,
        level=Level.GENERAL,
        reason=_("雷电黄色预警，自上级区域向下生效"),
        path=places()[:1],
        inherited=True,
        source_url=None,
    )
    assessed = replace(alarm, level=Level.LOW, reason=_("风险评估：低风险"), since=now - timedelta(days=40))
    lost = replace(
        alarm, level=Level.UNKNOWN, reason=_("网关失联，53 个监测点没有数据"), since=now - timedelta(minutes=18)
    )
    foreign = replace(
        alarm, level=Level.SERIOUS, reason=_("原因不公开"), path=hidden_places(), source_url=None, in_scope=False
    )
    return [alarm, permit, weather, assessed, lost, foreign]


def queue() -> list[AlarmRow]:
    """Waiting, late, acknowledged, and a lost source."""
    now = clock.now()
    waiting = AlarmRow(
        alarm_id=1,
        level=Level.MAJOR,
        place=places(),
        tag_id=1,
        tag_name=_("反应器压力"),
        unit="kPa",
        decimals=0,
        limit="HH",
        limit_value=2895.0,
        value=2912.4,
        raised=now - timedelta(minutes=1),
        cleared=None,
        deadline=now + timedelta(minutes=4),
        state="unacknowledged",
        historic=False,
        acknowledged_by="",
        acknowledged_at=None,
        comments=0,
        source_name=_("东岸化工网关"),
        folded=0,
        may_acknowledge=True,
    )
    late = replace(
        waiting,
        alarm_id=2,
        level=Level.SERIOUS,
        tag_name=_("汽提塔液位"),
        unit="%",
        decimals=1,
        limit="L",
        limit_value=30.0,
        value=28.6,
        deadline=now - timedelta(minutes=2),
    )
    taken = replace(
        late,
        alarm_id=3,
        level=Level.GENERAL,
        tag_name=_("分离器温度"),
        unit="℃",
        limit="H",
        limit_value=92.0,
        value=92.7,
        deadline=None,
        state="acknowledged",
        acknowledged_by=_("赵值"),
        acknowledged_at=now,
        may_acknowledge=False,
    )
    lost = replace(waiting, alarm_id=4, level=Level.UNKNOWN, limit="MISSING", value=None, folded=52, place=places()[:3])
    return [waiting, late, taken, lost]


def clocks() -> list[dict[str, Any]]:
    now = clock.now()
    ages = (
        timedelta(seconds=4),
        timedelta(minutes=3),
        timedelta(hours=5),
        timedelta(days=1, hours=3),
        timedelta(days=400),
    )
    ago = [{"moment": now - age, "mode": "ago"} for age in ages]
    due = [
        {"moment": now + ahead, "mode": "due"}
        for ahead in (timedelta(minutes=4, seconds=30), timedelta(minutes=-2, seconds=-5))
    ]
    return [*ago, {"moment": None, "mode": "ago"}, *due]


def trends() -> list[dict[str, Any]]:
    """Sparklines: calm, over its limit, with a gap, flat, nothing yet."""
    calm = [50 + (at * 37 % 11) / 5 for at in range(40)]
    rising = [2705 + at * 5.2 + (at * 17 % 7) * 4 for at in range(40)]
    gap = [value if not 14 <= at <= 22 else None for at, value in enumerate(calm)]
    return [
        {"label": _("平稳"), "values": calm, "high": 60},
        {"label": _("超过高限"), "values": rising, "high": 2895},
        {"label": _("有一段没有数据"), "values": gap, "high": None},
        {"label": _("不变"), "values": [7.5] * 40, "high": None},
        {"label": _("还没有数据"), "values": [], "high": None},
    ]


def figures() -> list[dict[str, Any]]:
    """Numbers of the wall: with and without a level, more and fewer than yesterday, nothing known of yesterday."""
    return [
        {
            "title": _("红色风险点"),
            "value": 2,
            "unit": _("处"),
            "said": _("比昨日多 1"),
            "note": "",
            "level": Level.MAJOR,
        },
        {
            "title": _("橙色风险点"),
            "value": 0,
            "unit": _("处"),
            "said": _("比昨日少 3"),
            "note": "",
            "level": Level.SERIOUS,
        },
        {
            "title": _("待确认报警"),
            "value": 17,
            "unit": _("条"),
            "said": _("昨日未知"),
            "note": _("其中超时 2 条"),
            "level": None,
        },
    ]


def everything() -> dict[str, Any]:
    return {
        "levels": [level for level in reversed(ORDER) if level is not Level.UNKNOWN] + [Level.UNKNOWN],
        "colours": COLOURS,
        "level_colours": LEVEL_COLOURS,
        "path": places(),
        "hidden_path": hidden_places(),
        "person": SimpleNamespace(name=_("赵值")),
        "facts": facts(),
        "queue": queue(),
        "clocks": clocks(),
        "trends": trends(),
        "figures": figures(),
    }
