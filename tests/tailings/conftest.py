"""A pond at the plant of the world, with sensors whose values a test sets."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from anlan.apps.core.actions import add_place
from anlan.apps.monitoring import actions as monitoring
from anlan.apps.monitoring import selectors as monitored
from anlan.apps.monitoring.selectors import TagRow
from anlan.apps.tailings import actions
from anlan.apps.tailings.models import Pond
from anlan.apps.tailings.specs import PondSpec
from anlan.kit import clock
from anlan.kit.grants import SYSTEM
from anlan.rules.alarms import Limits
from tests.world import World

TOWER = {
    "name": "1 号排水井",
    "kind": "tower",
    "sill": 206.3,
    "width": 6,
    "mouth": 4.9,
    "culvert": 3.1,
    "outlet": 170,
    "loss": 3.5,
}
CATCHMENT = {"area": 1.2, "mean24": 85, "cv": 0.5, "lag": 0.4}
SPEC = PondSpec(
    name="东沟尾矿库", method="upstream", height=42, volume=3.2e6, stored=2.1e6, crest=210.0, top=210.0, slope=0.015,
    normal_level=206.6, flood_limit_level=207.2, design_flood_level=208.9, control_depth=4.0, displacement_limit=8.0,
    slide_limit=10.0, stability=1.31, stability_on=date(2026, 3, 1),
    storage=((198, 0), (203, 180_000), (206, 390_000), (208, 610_000), (210, 890_000)),
    drains=(TOWER,), catchment=CATCHMENT, commissioned=date(2008, 5, 1),
)  # fmt: skip
#: code, unit, a reading when nothing is wrong
SENSORS = (("BEACH_1", "m", 118.0), ("FREE_1", "m", 3.6), ("POND_1", "m", 206.4), ("PHR_1", "m", 6.8),
           ("DISP_1", "mm/d", 0.3), ("BANK_1", "mm/d", 0.5), ("RAIN_1", "mm", 2.0))  # fmt: skip
Reads = Callable[..., None]


@pytest.fixture
def reads(world: World, monkeypatch: pytest.MonkeyPatch) -> Reads:
    """Sensors at the plant; ``reads(BEACH_1=48)`` sets what some say, None that one says nothing any more."""
    source, _ = monitoring.add_source(SYSTEM, world.plant.pk, "dam", "坝上网关")
    for code, unit, _value in SENSORS:
        monitoring.add_tag(SYSTEM, source.pk, monitoring.TagSpec(world.plant.pk, code, code, unit, limits=Limits()))
    said: dict[str, float | None] = {code: value for code, _, value in SENSORS}
    real = monitored.tags_at

    def tags_at(viewer: Any, place_id: int) -> list[TagRow]:
        return [told(row, said) for row in real(viewer, place_id)]

    monkeypatch.setattr(monitored, "tags_at", tags_at)

    def set_to(**values: float | None) -> None:
        said.update(values)

    return set_to


def told(row: TagRow, said: Mapping[str, float | None]) -> TagRow:
    value = said.get(row.code)
    at: datetime | None = None if value is None else clock.now()
    return replace(row, value=value, ts=at, good=value is not None)


@pytest.fixture
def pond(world: World, reads: Reads) -> Pond:
    return actions.add_pond(SYSTEM, world.plant.pk, SPEC)


@pytest.fixture
def tested(pond: Pond) -> Pond:
    """The same, with nothing left to find fault with."""
    actions.add_test(SYSTEM, pond.pk, actions.TestSpec("1 号排水井", actions.today(), "robot", "good"))
    return pond


@pytest.fixture
def elsewhere(world: World) -> Pond:
    """A pond of the neighbouring county without sensors."""
    place = add_place(SYSTEM, world.nanpo, "enterprise", "南坡铁矿厂", sector="chemical")
    return actions.add_pond(SYSTEM, place.pk, replace(SPEC, name="南坡尾矿库"))
