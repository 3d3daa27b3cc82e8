"""Accidents that the county is prepared for, written down at the enterprises where they may happen."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from anlan.apps.consequences import actions, selectors
from anlan.apps.consequences.sites import middle
from anlan.apps.consequences.specs import ScenarioSpec
from anlan.apps.core.models import Place
from anlan.apps.core.selectors import subtree
from anlan.cli.demonstration.lan.model import EnterprisePlan
from anlan.kit.grants import SYSTEM
from anlan.packs.families import demo_scenarios
from anlan.packs.families.demo_scenarios import Scenario

ZERO_C, KILO, MEGA, MILLI, MINUTE = 273.15, 1000.0, 1e6, 1e-3, 60.0
SIZES = "LMS"


def add(enterprises: Sequence[EnterprisePlan], today: date) -> int:
    """Write down what is not there yet; how many."""
    there = set(selectors.scenarios(SYSTEM).values_list("place_id", "name"))
    count = 0
    for one in demo_scenarios.load(today).scenarios:
        for firm in _firms(one, enterprises):
            inside = list(subtree(firm.path))
            spot = _spot(one, inside) or firm
            if (spot.pk, one.name) not in there:
                actions.add_scenario(SYSTEM, spot.pk, _spec(one, spot if spot.west is not None else firm))
                count += 1
    return count


def _firms(one: Scenario, enterprises: Iterable[EnterprisePlan]) -> Iterator[Place]:
    """The enterprises of its trade, the largest first; or the one that is named."""
    if one.firm:
        yield from Place.objects.filter(kind="enterprise", name=one.firm, retired=None)
        return
    mine = [each for each in enterprises if each.trade.key == one.trade]
    mine.sort(key=lambda each: (SIZES.index(each.size), each.key))
    codes = [each.code for each in mine[: one.most]]
    yield from Place.objects.filter(code__in=codes, retired=None).order_by("path")


def _spot(one: Scenario, inside: Iterable[Place]) -> Place | None:
    """The point whose name has the first of the words that any has."""
    points = [place for place in inside if place.kind == "risk_point" and place.west is not None]
    return next((place for word in one.at for place in points if word in place.name), None)


def _spec(one: Scenario, spot: Place) -> ScenarioSpec:
    longitude, latitude = middle(spot)
    return ScenarioSpec(
        name=one.name, longitude=round(longitude, 6), latitude=round(latitude, 6), substance=one.substance,
        mass=one.tonnes * KILO, kind=one.kind, temperature=one.celsius + ZERO_C,
        pressure=one.megapascal * MEGA if one.megapascal is not None else None, head=one.head, height=one.height,
        bund=one.bund, diameter=one.millimetres * MILLI, length=one.length, duration=one.minutes * MINUTE,
    )  # fmt: skip
