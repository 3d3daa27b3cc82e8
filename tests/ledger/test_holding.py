"""The facts that hold many colours, told at once, are those that the explanation of each tells."""

import random
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from anlan.apps.core import selectors as core
from anlan.apps.core.actions import add_place
from anlan.apps.core.models import Person, Place
from anlan.apps.ledger.actions import NewFact, raise_facts
from anlan.apps.ledger.holding import held
from anlan.apps.ledger.projector import Projector
from anlan.apps.ledger.selectors import explain
from anlan.kit.grants import SYSTEM, Viewer
from anlan.rules.levels import Level
from tests.ledger.conftest import Clock
from tests.world import World

Project = Callable[[], Projector]
EACH = 3


def shown(viewer: Viewer) -> list[Place]:
    return list(core.places(viewer).select_related("shown"))


def tell(world: World, hands: Clock, seed: int) -> None:
    """Facts all over the world, some of which reach down, and a zone that counts what lies elsewhere."""
    rng, places = random.Random(seed), list(world.places.values())
    zone = add_place(SYSTEM, world.ninghai, "zone", "沿江带")
    for member in (world.plant, world.nanpo, world.school):
        member.also_in.add(zone)
    world.haulier.also_in.add(world.park)
    for number in range(40):
        place, level = rng.choice(places), Level(rng.choice((0, 1, 2, 2, 3, 4)))
        since = hands() - timedelta(seconds=rng.randrange(900))
        reach = "descendants" if rng.random() < 0.2 else "self"
        raise_facts([NewFact(place.pk, "test", level, f"事实{number}", {}, since, since=since, applies_to=reach)])


@pytest.mark.parametrize("seed", range(4))
def test_what_holds_many_colours_is_what_explains_each(world: World, hands: Clock, project: Project, seed: int) -> None:
    tell(world, hands, seed)
    project()
    for name in ("李巡", "王安", "郑运", "孙外"):
        viewer = core.viewer_of(Person.objects.get(name=name))
        places = shown(viewer)
        found = held(viewer, places, EACH)
        assert places, name
        for place in places:
            lines = [line for line in explain(viewer, place).lines if line.kind != "unassessed"]
            known = [line for line in lines if line.in_scope]
            one = found[place.pk]
            assert [each.fact.pk for each in one.facts] == [line.fact_id for line in known[:EACH]], (name, place.name)
            assert [each.inherited for each in one.facts] == [line.inherited for line in known[:EACH]]
            assert one.more == (len(known) > EACH)
            assert one.hidden == any(not line.in_scope for line in lines), (name, place.name)


def test_more_places_take_no_more_questions(world: World, hands: Clock, project: Project) -> None:
    tell(world, hands, 1)
    project()
    viewer = core.viewer_of(Person.objects.get(name="李巡"))
    places = shown(viewer)

    def asked(some: list[Place]) -> int:
        with CaptureQueriesContext(connection) as counted:
            held(viewer, some, EACH)
        return len(counted)

    asked(places)  # shapes are learnt at first
    held(viewer, places[:2], EACH)
    assert asked(places) <= asked(places[:2]) + 1, "one for what zones count in turn"


def test_of_nothing_nothing_is_asked(world: World, django_assert_num_queries: Callable[[int], object]) -> None:
    with django_assert_num_queries(0):  # type: ignore[attr-defined]  # a context manager
        assert held(SYSTEM, [], EACH) == {}
