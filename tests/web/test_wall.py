"""The wall says whether the county is safe: six numbers, what is red and why, in scope; a screen stays signed in."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from anlan.apps.core import selectors as core
from anlan.apps.core.models import Person
from anlan.apps.ledger.actions import NewFact, raise_facts
from anlan.apps.ledger.models import LevelChange
from anlan.kit import clock
from anlan.kit.grants import Scope, Viewer
from anlan.rules.levels import Level
from anlan.web import wall as walls
from anlan.web.views.wall import stays
from tests.ledger.conftest import new_projector, settle
from tests.monitoring.conftest import RAISE, Engine, Plant
from tests.world import World


def viewer(name: str):
    return core.viewer_of(Person.objects.get(name=name))


def figures(name: str, place: int | None = None) -> dict[str, walls.Figure]:
    return {figure.title: figure for figure in walls.wall(viewer(name), place).figures}


def burn(world: World) -> None:
    raise_facts([NewFact(world.places["valve"].pk, "assessment", Level.MAJOR, "阀门泄漏", {}, clock.now())])


def test_what_is_red_is_told_with_its_enterprise_and_its_reason(
    world: World, plant: Plant, browser: Callable[[str], Client]
) -> None:
    burn(world)
    html = browser("赵值").get("/wall").content.decode()
    row = html[html.index('data-part="wall-red"') :]
    assert "恒泰化工厂" in row
    assert "阀门泄漏" in row


def test_the_wall_of_somebody_without_rights_tells_nothing(
    world: World, plant: Plant, browser: Callable[[str], Client]
) -> None:
    burn(world)
    html = browser("孙外").get("/wall").content.decode()
    assert "恒泰" not in html
    assert "阀门" not in html
    assert all(figure.value == 0 for figure in figures("孙外").values())
    assert browser("孙外").get("/wall", {"place": world.plant.pk}).status_code == 404


def test_alarms_are_counted_and_compared_with_yesterday(world: World, plant: Plant) -> None:
    Engine().say((plant.pressure, "H", RAISE))
    told = figures("赵值")
    assert (told["待确认报警"].value, told["待确认报警"].before) == (1, None), "nothing is known of yesterday"
    past = clock.now() - timedelta(days=2)
    LevelChange.objects.create(place=world.plant, at=past, before=0, after=1)
    assert figures("赵值")["待确认报警"].change == 1


def test_a_place_has_a_wall_of_its_own(world: World, plant: Plant, browser: Callable[[str], Client]) -> None:
    Engine().say((plant.pressure, "H", RAISE))
    assert figures("赵值", world.plant.pk)["待确认报警"].value == 1
    assert figures("赵值", world.places["school"].pk)["待确认报警"].value == 0
    html = browser("赵值").get("/wall", {"place": world.plant.pk}).content.decode()
    assert re.search(r"<h1[^>]*>\s*<span>恒泰化工厂", html)


@pytest.mark.parametrize(("roles", "lasts"), [(["wall"], True), (["leader"], False), (["wall", "duty_officer"], False)])
def test_only_a_screen_that_may_change_nothing_stays_signed_in(db: None, roles: list[str], *, lasts: bool) -> None:
    scopes = tuple(Scope(core.capabilities_of(role), path="") for role in roles)
    assert stays(Viewer(person_id=1, name="大屏", scopes=scopes)) is lasts


def test_a_part_of_the_wall_is_told_without_its_frame(world: World, browser: Callable[[str], Client]) -> None:
    part = browser("赵值").get("/wall", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert "data-version" in part


def test_the_counts_of_a_day_ago_follow_from_the_changes_since(world: World, plant: Plant) -> None:
    projector = new_projector()
    settle(projector)
    burn(world)
    settle(projector)
    LevelChange.objects.create(place=world.plant, at=clock.now() - timedelta(days=2), before=0, after=1)
    told = figures("赵值")["红色风险点"]
    assert (told.value, told.before) == (1, 0)
