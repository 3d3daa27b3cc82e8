"""A question whose SQL is kept gives what Django gives: for other values, other people, other lengths of a list."""

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import Q, QuerySet
from django.test.utils import CaptureQueriesContext

from anlan.apps.core.models import Grant, Place
from anlan.kit import clock
from anlan.kit.grants import NOBODY, SYSTEM, Scope, Viewer
from anlan.kit.lookups import inside
from anlan.kit.prepared import LONGEST, prepared, prepared_count
from tests.world import World

pytestmark = pytest.mark.django_db
ViewerNamed = Callable[[str], Viewer]


def _below(viewer: Viewer, path: str, *, kind: str) -> QuerySet[Place]:
    return Place.objects.filter(viewer.scope("place.view"), inside(path, kind)).order_by("path")


below, how_many_below = prepared(_below), prepared_count(_below)


@prepared
def names(ids: Collection[int]) -> QuerySet[Place, Any]:
    return Place.objects.filter(pk__in=ids).order_by("pk").values_list("name", flat=True)


@prepared
def given_since(at: datetime) -> QuerySet[Grant, Any]:
    return Grant.objects.filter(since__gte=at).order_by("pk").values_list("pk", "since")


def test_everybody_sees_what_is_theirs(world: World, viewer: ViewerNamed) -> None:
    for place in (world.qinghe, world.park, world.linshan, world.plant):
        for name in ("李巡", "赵值", "孙外", "王安", "郑运", "冯管", "何客", "赵值"):
            who = viewer(name)
            plain = list(_below(who, place.path, kind="county"))
            assert below(who, place.path, kind="county") == plain
            assert how_many_below(who, place.path, kind="county") == len(plain)


def test_who_may_nothing_there_is_nobody_else(world: World) -> None:
    may_all, may_nothing = SYSTEM, replace(SYSTEM, scopes=(Scope(frozenset(), "", hint=SYSTEM.scopes[0].hint),))
    assert below(may_all, world.qinghe.path, kind="county")
    assert below(may_nothing, world.qinghe.path, kind="county") == []
    assert below(NOBODY, world.qinghe.path, kind="county") == []


def test_lists_of_any_length(world: World) -> None:
    known = list(Place.objects.order_by("pk").values_list("pk", "name"))
    for many in (0, 1, 2, 3, 5, 8, len(known)):
        assert names([pk for pk, _ in known[:many]]) == [name for _, name in known[:many]]
    assert names({known[0][0]}) == names([known[0][0]] * 3) == [known[0][1]]
    assert names(range(1, LONGEST * 2)) == [name for pk, name in known if pk < LONGEST * 2]


def test_numbers_that_no_row_can_have(world: World) -> None:
    assert names([world.park.pk]) == [world.park.name]
    assert names([10**30]) == names([-(10**30)]) == []
    assert names([world.park.pk, 10**30]) == [world.park.name]


def test_moments(world: World) -> None:
    now = clock.now()
    for at in (now - timedelta(days=4_000), now + timedelta(days=1), now - timedelta(days=3_000)):
        assert given_since(at) == list(Grant.objects.filter(since__gte=at).order_by("pk").values_list("pk", "since"))


def test_sql_is_built_once_for_all_values(world: World, viewer: ViewerNamed) -> None:
    built: list[str] = []

    @prepared
    def counted(path: str) -> QuerySet[Place]:
        built.append(path)
        return Place.objects.filter(path=path)

    assert counted(world.park.path) == [world.park]
    after_first = len(built)
    with CaptureQueriesContext(connection) as asked:
        assert [counted(place.path) for place in (world.plant, world.mill)] == [[world.plant], [world.mill]]
    assert len(built) == after_first
    assert len(asked) == 2


def test_a_question_that_looks_at_its_values_is_asked_the_long_way(world: World) -> None:
    @prepared
    def towns_or_all(pk: int, path: str) -> QuerySet[Place]:
        found = Place.objects.filter(~Q(pk=pk), path=path)
        return found.filter(kind="town") if path == world.xiling.path else found

    @prepared
    def never_used(pk: int) -> QuerySet[Place]:
        return Place.objects.filter(pk=world.park.pk) if pk > 0 else Place.objects.none()

    assert towns_or_all(0, world.xiling.path) == [world.xiling]
    assert never_used(5) == [world.park]
    assert never_used(-5) == []


def test_a_retired_place_is_seen_at_once(world: World) -> None:
    @prepared
    def in_use(ids: Collection[int]) -> QuerySet[Place]:
        return Place.objects.filter(pk__in=ids, retired=None)

    assert in_use([world.mill.pk]) == [world.mill]
    Place.objects.filter(pk=world.mill.pk).update(retired=clock.now())
    assert in_use([world.mill.pk]) == []
