"""The county's tailings ponds, registered through the product's own actions, with their past."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from anlan.apps.core.actions import add_place
from anlan.apps.core.models import Place
from anlan.apps.tailings import actions
from anlan.apps.tailings.actions import TestSpec
from anlan.apps.tailings.models import Pond
from anlan.apps.tailings.specs import PondSpec
from anlan.cli.demonstration.lan.ground import Ground
from anlan.cli.demonstration.lan.plan import Plan
from anlan.kit import clock
from anlan.kit.grants import SYSTEM
from anlan.packs.families import demo_ponds as pack
from anlan.rules import paths

MONTH = timedelta(days=30.44)


def add(plan: Plan, now: datetime) -> None:
    """Register the ponds that are not there yet."""
    by_code = dict(Place.objects.exclude(code="").values_list("code", "pk"))
    firms = {each.key: by_code[each.code] for each in plan.enterprises if each.code in by_code}
    ground = Ground(plan.county.origin)
    for told in pack.load(clock.day_of(now)).ponds:
        if told.enterprise in firms and not Pond.objects.filter(name=told.name).exists():
            with transaction.atomic():
                _add(ground, Place.objects.get(pk=firms[told.enterprise]), told, now)


def _add(ground: Ground, firm: Place, told: pack.Pond, now: datetime) -> None:
    place = _area(ground, firm, told)
    pond = actions.add_pond(SYSTEM, place.pk, _spec(told, now))
    for test in told.tests:
        on = _day(now, test.months_ago)
        actions.add_test(SYSTEM, pond.pk, TestSpec(test.drain, on, test.way, test.outcome, test.flow, test.note))
    actions.add_inspection(SYSTEM, pond.pk, list(told.seen), told.note)
    for number, step in enumerate(told.steps):
        actions.add_step(SYSTEM, pond.pk, step, _day(now, 2 * (len(told.steps) - number)))


def _area(ground: Ground, firm: Place, told: pack.Pond) -> Place:
    """The area of the enterprise that has the name, or a new one."""
    below = Place.objects.filter(path__gte=firm.path, path__lt=paths.after(firm.path), name=told.area, kind="area")
    found = below.first()
    if found is not None:
        return found
    x, y = ground.metres(firm.west or 0.0, firm.south or 0.0)
    west, south = x + told.offset[0], y + told.offset[1]
    corners = ((0, 0), (1, 0), (1, 1), (0, 1), (0, 0))
    ring = [ground.degrees(west + told.size * across, south + told.size * up) for across, up in corners]
    return add_place(SYSTEM, firm, "area", told.area, geometry={"type": "Polygon", "coordinates": [ring]})


def _spec(told: pack.Pond, now: datetime) -> PondSpec:
    values: dict[str, Any] = dict(told.values)
    if "people_below" in values:
        values["people_below"] = int(values["people_below"])
    return PondSpec(
        name=told.name,
        method=told.method,
        state=told.state,
        raised=told.raised,
        commissioned=told.commissioned,
        last_deposit=None if told.idle_months is None else _day(now, told.idle_months),
        stability_on=None if told.stability_months is None else _day(now, told.stability_months),
        storage=[list(row) for row in told.storage],
        drains=[{"name": one.name, "kind": one.kind, **one.values} for one in told.drains],
        catchment=dict(told.catchment),
        path=[list(spot) for spot in told.path],
        **values,
    )


def _day(now: datetime, months_ago: int) -> Any:
    return timezone.localtime(min(now, clock.now()) - months_ago * MONTH).date()
