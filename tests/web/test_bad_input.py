"""What makes no sense in an address or a body is passed over or refused in words; no page falls over it."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from anlan.apps.consequences.parks import actions as studies
from anlan.apps.consequences.parks.specs import StudySpec
from anlan.kit.grants import SYSTEM
from anlan.kit.sheets import Unreadable, values
from tests.parks.parts import proposed
from tests.world import World

Browser = Callable[[str], Client]
ENDLESS = "9" * 5000  # more digits than Python takes for a number
DEEP = "[" * 100_000  # deeper than Python reads JSON


def test_numbers_without_end_are_passed_over(world: World, browser: Browser) -> None:
    client = browser("李巡")
    assert client.get("/map/tree.json", {"open": f"{ENDLESS},1"}).status_code == 200
    assert client.get("/map/shapes.json", {"ids": ENDLESS}).json() == {}
    study = studies.add_study(SYSTEM, world.park.pk, StudySpec("园区评价"))
    answer = client.post(f"/consequences/parks/{study.pk}/sources/held", {"holding": ENDLESS}, follow=True)
    assert "没有选中任何储存" in answer.content.decode()


@pytest.mark.parametrize("body", [DEEP, "{", "5", "[]", '"x"', '{"type":"Polygon","coordinates":[[[NaN,1]]]}'])
def test_a_shape_that_is_none_is_refused(world: World, browser: Browser, body: str) -> None:
    project = proposed(world, drawn=False)
    addresses = (f"/projects/{project.pk}/shape", f"/manage/places/{world.plant.pk}/shape")
    for name, address in zip(("李巡", "陈县"), addresses, strict=True):
        answer = browser(name).post(address, body, content_type="application/json")
        assert answer.status_code in (409, 422), (address, answer.content[:200])


@pytest.mark.parametrize("cell", [float("inf"), float("nan"), ENDLESS, "²"])
def test_a_cell_that_is_no_day_is_said_so(cell: float | str) -> None:
    with pytest.raises(Unreadable):
        values.day(cell)
    assert values.day(45000) == date(2023, 3, 15)


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_days_at_the_ends_of_time_narrow_no_list_and_are_no_moment(world: World, browser: Browser, day: str) -> None:
    client = browser("李巡")
    for address, query in (
        (f"/parks/{world.park.pk}/vehicles", {"entered_from": f"{day}T00:00", "entered_to": f"{day}T23:59"}),
        ("/notices", {"created_from": day, "created_to": day}),
    ):
        assert client.get(address, query).status_code == 200, address
    refused = client.get("/map/view.json", {"at": f"{day}T12:00:00+08:00"})
    assert refused.status_code == 422
    assert client.get("/api/alarms", {"start": f"{day}T00:00:00+08:00"}).status_code == 422


def test_a_zero_character_is_refused_before_any_database_meets_it(world: World, browser: Browser) -> None:
    client = browser("李巡")
    assert client.get("/search", {"q": "\0"}).status_code == 422
    assert client.post("/notices/read", {"next": "a\0b"}).status_code == 422
