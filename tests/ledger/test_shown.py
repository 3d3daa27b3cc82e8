"""What is shown, to whom, and how it came about."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test.utils import CaptureQueriesContext

from anlan.apps.core.models import Outbox
from anlan.apps.ledger.actions import clear_fact, raise_fact
from anlan.apps.ledger.projector import Projector
from anlan.apps.ledger.selectors import history, recent_changes, shown, tree_with_levels
from anlan.kit.errors import NotInScope
from anlan.kit.grants import Viewer
from anlan.rules.levels import Level
from tests.ledger.conftest import BEGIN, Clock
from tests.world import World

Look = Callable[[str], Viewer]
Project = Callable[[], Projector]
Counted = Callable[[int], CaptureQueriesContext]


def say(world: World, place: str, level: int, clock: Clock, **more: object) -> int:
    return raise_fact(world.places[place].pk, "alarm", level, "超限", {}, happened=clock(), **more).pk


def test_the_county_counts_its_points_and_enterprises(
    world: World, viewer: Look, project: Project, hands: Clock
) -> None:
    say(world, "valve", 4, hands)
    say(world, "school", 1, hands)
    project()
    county = shown(viewer("赵值"), [world.qinghe.pk])[world.qinghe.pk]
    assert county.level == Level.MAJOR
    assert county.points == (1, 1, 0, 0, 1)  # depot unknown, school low, valve major
    assert county.enterprises == (1, 0, 0, 0, 1)
    assert county.since == hands()


def test_an_expiry_clears_the_colour_by_itself(world: World, viewer: Look, project: Project, hands: Clock) -> None:
    say(world, "valve", 1, hands)
    say(world, "valve", 4, hands, until=hands() + timedelta(seconds=30))
    project()
    hands.turn(29.9)
    project()
    assert shown(viewer("王安"), [world.plant.pk])[world.plant.pk].level == Level.MAJOR
    hands.turn(0.2)
    project()
    assert shown(viewer("王安"), [world.plant.pk])[world.plant.pk].level == Level.LOW


def test_a_future_fact_counts_from_its_time(world: World, viewer: Look, project: Project, hands: Clock) -> None:
    say(world, "valve", 3, hands, since=hands() + timedelta(hours=1))
    project()
    assert shown(viewer("王安"), [world.valve.pk])[world.valve.pk].level == Level.UNKNOWN
    hands.turn(3600)
    project()
    assert shown(viewer("王安"), [world.valve.pk])[world.valve.pk].level == Level.SERIOUS


def test_nobody_is_shown_what_lies_outside_their_scope(
    world: World, viewer: Look, project: Project, hands: Clock
) -> None:
    say(world, "valve", 4, hands)
    project()
    ids = [place.pk for place in world.places.values()]
    assert set(shown(viewer("王安"), ids)) == {world.plant.pk, world.reactor.pk, world.valve.pk}
    assert not recent_changes(viewer("孙外"), BEGIN - timedelta(days=1))
    with pytest.raises(NotInScope):
        history(viewer("孙外"), world.plant.pk, BEGIN, hands())
    assert "恒泰化工厂" not in {node.name for node in tree_with_levels(viewer("孙外"))}


def test_the_tree_comes_in_order_and_as_deep_as_asked(world: World, viewer: Look, project: Project) -> None:
    project()
    nodes = tree_with_levels(viewer("赵值"), world.qinghe.pk, depth=1)
    assert [node.name for node in nodes] == ["清河县", "东关镇", "西岭乡", "柳湾化工园"]


def test_changes_carry_the_fact_that_moved_the_colour(
    world: World, viewer: Look, project: Project, hands: Clock
) -> None:
    fact = say(world, "valve", 4, hands)
    project()
    risen = recent_changes(viewer("赵值"), BEGIN - timedelta(days=1))
    assert {change.place.name for change in risen} == {"清河县", "柳湾化工园", "恒泰化工厂", "聚合反应釜", "进料阀组"}
    assert {(change.before, change.after, change.reason, change.cause_id) for change in risen} == {
        (Level.UNKNOWN, Level.MAJOR, "超限", fact)
    }
    at = hands.turn(10)
    clear_fact(fact, at)
    project()
    fallen = history(viewer("赵值"), world.valve.pk, at, at + timedelta(seconds=1))
    assert [(change.after, change.cause_id) for change in fallen] == [(Level.MAJOR, fact), (Level.UNKNOWN, fact)]


def test_a_change_does_not_tell_of_a_fact_outside_the_scope(
    world: World, viewer: Look, project: Project, hands: Clock
) -> None:
    say(world, "qinghe", 4, hands, applies_to="descendants")
    project()
    change = recent_changes(viewer("王安"), BEGIN - timedelta(days=1))[0]
    assert (change.reason, change.cause_id) == ("在您的权限范围之外", None)
    reasons = {row.place_id: row.payload["reason"] for row in Outbox.objects.filter(topic="level")}
    assert reasons[world.plant.pk] == ""
    assert reasons[world.qinghe.pk] == "超限"


def test_changes_take_one_query_however_many(
    world: World,
    viewer: Look,
    project: Project,
    hands: Clock,
    django_assert_num_queries: Counted,
) -> None:
    say(world, "qinghe", 4, hands, applies_to="descendants")
    project()
    looking = viewer("赵值")
    with django_assert_num_queries(1):
        assert len(recent_changes(looking, BEGIN - timedelta(days=1))) > 5


def test_raised_and_cleared_between_two_looks_shows_nothing(world: World, project: Project, hands: Clock) -> None:
    project()
    before = Outbox.objects.filter(topic="level").count()
    fact = say(world, "valve", 4, hands)
    clear_fact(fact, hands())
    project()
    assert Outbox.objects.filter(topic="level").count() == before
