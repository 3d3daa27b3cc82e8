"""Where SQLite begins to look for alarms: with the places of an enterprise, with the alarms of a county."""

import pytest
from django.db import connection

from anlan.apps.core.selectors import viewer_of
from anlan.apps.monitoring.selectors.lists import AlarmFilter, alarms_matching
from tests.world import World

pytestmark = pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL knows its columns by itself")


def first_step(world: World, name: str, asked: AlarmFilter) -> str:
    return str(alarms_matching(viewer_of(world.person(name)), asked).order_by("-raised").explain()).splitlines()[0]


def test_who_keeps_one_enterprise_begins_at_its_places(world: World) -> None:
    assert "core_place" in first_step(world, "王安", AlarmFilter())


def test_who_looks_at_one_enterprise_begins_at_its_places(world: World) -> None:
    assert "core_place" in first_step(world, "赵值", AlarmFilter(place_id=world.plant.pk))


def test_who_looks_at_a_county_begins_at_its_newest_alarms(world: World) -> None:
    assert "alarm_raised" in first_step(world, "赵值", AlarmFilter())
