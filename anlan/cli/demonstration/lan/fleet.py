"""The county's vehicles and boats, each a moving place under its enterprise with tags of where it is and how fast.

What they need to drive about is noted beside the places, so that the threads that drive them need no database.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction

from anlan.apps.core.actions import NewPlace, add_places
from anlan.apps.core.models import Place
from anlan.apps.ledger.actions import NewFact, raise_facts
from anlan.apps.monitoring.actions import TagSpec, add_source, add_tags
from anlan.apps.monitoring.models import Source
from anlan.cli.demonstration.lan.fleet_file import FILE, Fleet
from anlan.cli.demonstration.lan.model import EnterprisePlan
from anlan.cli.demonstration.lan.plan import Plan
from anlan.cli.demonstration.notes import Notes
from anlan.kit import clock
from anlan.kit.grants import SYSTEM
from anlan.packs.families import levels
from anlan.rules.alarms import Limits
from anlan.rules.levels import Level
from anlan.rules.positions import LATITUDE, LONGITUDE

ASSESSED_BEFORE = timedelta(days=45)
#: What a trade drives: kind of way, what one is called, how many, its level and why.
TRADES: dict[str, tuple[str, str, int, Level, str]] = {
    "tanker_fleet": ("road", "危货罐车", 8, Level.GENERAL, "运输途中侧翻、泄漏"),
    "haulier": ("road", "货车", 3, Level.LOW, "疲劳驾驶、超载"),
    "coach": ("road", "客运班车", 3, Level.LOW, "客流集中、路况不良"),
    "ferries": ("sea", "渡轮", 3, Level.GENERAL, "大风、能见度不良时航行"),
    "fleet": ("sea", "渔船", 6, Level.LOW, "大风浪中作业"),
}


def code_of(enterprise: str) -> str:
    return f"{enterprise}-fleet"


def sources(plan: Plan) -> list[str]:
    """Codes of the gateways on board, which send no invented signals."""
    return [code_of(each.key) for each in plan.enterprises if each.trade.key in TRADES]


def add(plan: Plan, data: Path, notes: Notes, now: datetime) -> None:
    """Register the vehicles that are not there yet, and note what drives them."""
    firms = dict(Place.objects.exclude(code="").values_list("code", "pk"))
    mine = [each for each in plan.enterprises if each.trade.key in TRADES and each.code in firms]
    there = set(Source.objects.filter(code__in=[code_of(each.key) for each in mine]).values_list("code", flat=True))
    for each in mine:
        if code_of(each.key) not in there:
            with transaction.atomic():
                _register(each, firms[each.code], notes, now)
    notes.save(data)
    aside = data / f"{FILE}.new"
    aside.write_text(json.dumps([asdict(_fleet(each)) for each in mine]), "utf-8")
    aside.rename(data / FILE)


def _fleet(each: EnterprisePlan) -> Fleet:
    way, _, count, *_ = TRADES[each.trade.key]
    return Fleet(code_of(each.key), way, _home(each), count)


def _home(each: EnterprisePlan) -> tuple[float, float]:
    box = _corners(each.places[0].geometry or {})
    return round(sum(x for x, _ in box) / len(box), 6), round(sum(y for _, y in box) / len(box), 6)


def _corners(geometry: Any) -> list[tuple[float, float]]:
    if geometry.get("type") == "Point":
        return [tuple(geometry["coordinates"])]
    return [tuple(corner) for corner in geometry["coordinates"][0]]


def _register(each: EnterprisePlan, firm: int, notes: Notes, now: datetime) -> None:
    _, what, count, level, reason = TRADES[each.trade.key]
    spot = {"type": "Point", "coordinates": list(_home(each))}
    named = [f"{what}{number + 1:02d}号" for number in range(count)]
    places = add_places(
        SYSTEM, [NewPlace("mobile", name, firm, sector=each.trade.sector, geometry=spot) for name in named]
    )
    params = {"what": reason, "word": levels.load(clock.day_of(now)).word("risk", level).text}
    happened = now - ASSESSED_BEFORE
    raise_facts([NewFact(one.pk, "assessment", level, "风险评估：{what}，{word}", params, happened) for one in places])
    source, key = add_source(SYSTEM, firm, code_of(each.key), f"{each.name}车载终端", "http")
    add_tags(SYSTEM, source.pk, [tag for number, one in enumerate(places) for tag in _tags(one, number)])
    notes.keys[code_of(each.key)] = key


_MEASURED = (("LON", "经度", LONGITUDE, 5), ("LAT", "纬度", LATITUDE, 5), ("SPD", "速度", "km/h", 0))


def _tags(place: Place, number: int) -> Iterator[TagSpec]:
    for code, name, unit, decimals in _MEASURED:
        yield TagSpec(place.pk, f"{code}-{number + 1:02d}", f"{place.name}{name}", unit, decimals, "general", Limits())
