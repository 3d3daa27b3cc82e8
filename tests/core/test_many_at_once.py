"""A batch of places or people leaves the same rows, audit rows and events as adding them one by one."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from anlan.apps.core import actions, selectors
from anlan.apps.core.actions import Newcomer, NewGrant, NewPerson, NewPlace
from anlan.apps.core.models import AuditRow, Grant, Outbox, Person, Place
from anlan.kit import clock
from anlan.kit.errors import NotAllowed, NotInScope, Refused
from anlan.kit.grants import SYSTEM, Viewer
from anlan.rules import paths
from tests.world import PASSWORD, World, plot

ViewerOf = Callable[[str], Viewer]


def works(under: int) -> list[NewPlace]:
    return [
        NewPlace("enterprise", "同和制药", under, "works", code=" 91990121ma0000001x ", sector="gas"),
        NewPlace("segment", "东线一段", under, asset="PIPE-1", geometry=plot(120.2, 30.2, 0.1)),
        NewPlace("area", "罐区", "works", "tanks"),
        NewPlace("area", "厂前区", "works"),
        NewPlace("risk_point", "苯储罐", "tanks", sector="ignored"),
    ]


def one_by_one(under: Place) -> list[Place]:
    made: dict[str | int | None, Place] = {under.pk: under}
    places = []
    for spec in works(under.pk):
        place = actions.add_place(SYSTEM, made[spec.parent], spec.kind, spec.name, **spec.details)
        places.append(made.setdefault(spec.key or place.pk, place))
    return places


def traces(places: list[Place]) -> list[dict[str, Any]]:
    """What is told of each place, without the ids that differ."""
    found = []
    for place in places:
        place = Place.objects.get(pk=place.pk)
        row = AuditRow.objects.get(subject=f"place:{place.pk}")
        event = Outbox.objects.get(topic="places", place=place)
        assert place.path.endswith(paths.step(place.pk))
        assert row.place == place
        assert event.payload == {"place": place.pk, "action": "place.add"}
        columns = ("kind", "name", "code", "sector", "asset", "geometry", "west", "south", "east", "north")
        found.append(
            {name: getattr(place, name) for name in columns}
            | {"under": place.parent and place.parent.name, "depth": len(place.path), "audit": row.detail}
            | {"whole": place.path.startswith(place.parent.path) if place.parent else True}
        )
    return found


def test_a_batch_of_places_equals_adding_them_one_by_one(world: World) -> None:
    many = actions.add_places(SYSTEM, works(world.park.pk))
    assert [place.name for place in many] == [spec.name for spec in works(0)]
    assert traces(many) == traces(one_by_one(world.park))


def test_a_batch_starts_at_the_top_too(db: None) -> None:
    county, town = actions.add_places(
        SYSTEM,
        [NewPlace("county", "新河县", None, "c", code="990123"), NewPlace("town", "北镇", "c", code="990123100")],
    )
    assert paths.ancestor_ids(town.path) == [county.pk, town.pk]


def test_thousands_of_places_take_a_handful_of_queries(world: World) -> None:
    specs = [NewPlace("risk_point", f"阀组{n}", world.reactor.pk, geometry=plot(120, 30, 0.01)) for n in range(600)]
    with CaptureQueriesContext(connection) as queries:
        actions.add_places(SYSTEM, specs)
    assert len(queries) <= 30


@pytest.mark.parametrize(
    ("spec", "code"),
    [
        (NewPlace("unit", "孤儿", "nobody"), "place.no_such_key"),
        (NewPlace("unit", "同键", None, "works"), "place.key_twice"),
        (NewPlace("town", "新镇", "tanks"), "place.wrong_parent"),
        (NewPlace("area", " 空格", "works"), "place.bad_name"),
        (NewPlace("area", "管道", "works", asset="PIPE-1"), "place.bad_asset"),
        (NewPlace("area", "点", "works", geometry={"type": "Point", "coordinates": [999, 0]}), "geometry.bad"),
    ],
)
def test_one_bad_place_refuses_the_batch_and_says_which(world: World, spec: NewPlace, code: str) -> None:
    before = Place.objects.count()
    with pytest.raises(Refused) as refused:
        actions.add_places(SYSTEM, [*works(world.park.pk), spec])
    assert refused.value.refusal.code == code
    assert refused.value.refusal.params["row"] == "6"
    assert Place.objects.count() == before


def test_a_batch_of_places_keeps_to_the_viewers_scope(world: World, viewer: ViewerOf) -> None:
    tank = [NewPlace("area", "新区", world.plant.pk, "a"), NewPlace("risk_point", "新罐", "a")]
    assert actions.add_places(viewer("王安"), tank)[1].sector == "chemical"
    with pytest.raises(NotInScope):
        actions.add_places(viewer("王安"), [NewPlace("area", "别家", world.mill.pk)])
    with pytest.raises(NotAllowed):
        actions.add_places(viewer("李巡"), tank)
    with pytest.raises(NotAllowed):
        actions.add_places(viewer("陈县"), [NewPlace("county", "新河县", None)])


def newcomer(username: str, *grants: NewGrant, name: str = "新人") -> Newcomer:
    return Newcomer(NewPerson(username, name, PASSWORD, "内线 1"), grants)


def test_a_batch_of_people_equals_adding_them_one_by_one(world: World, viewer: ViewerOf) -> None:
    manager = viewer("陈县")
    alone = actions.add_person(manager, NewPerson("alone", "独一", PASSWORD, "内线 1"), "inspector", world.dongguan)
    actions.give_grant(manager, alone, "leader", world.park, ["gas", "chemical"])
    grants = (
        NewGrant("inspector", world.dongguan.pk),
        NewGrant("leader", world.park.pk, ("gas", "chemical")),
    )
    (many,) = actions.add_people(manager, [newcomer("many", *grants, name="许多")])
    assert told(many) == told(alone)
    assert Person.objects.get(pk=many.pk).check_password(PASSWORD)
    sealed = AuditRow.objects.get(action="person.add", subject=f"person:{many.pk}").detail["name"]
    assert selectors.unsealed(many.pk, sealed) == "许多"


def told(person: Person) -> list[Any]:
    grants = list(Grant.objects.filter(person=person).order_by("pk"))
    rows = AuditRow.objects.filter(subject__in=[f"grant:{grant.pk}" for grant in grants]).order_by("pk")
    return [
        [(grant.role, grant.place_id, grant.sectors, grant.until, grant.given_by_id) for grant in grants],
        [(row.actor_id, row.action, row.place_id, row.detail | {"person": 0}) for row in rows],
        AuditRow.objects.get(subject=f"person:{person.pk}").place_id,
        list(Outbox.objects.filter(topic="grants", payload__person=person.pk).values_list("place_id", flat=True)),
    ]


def test_a_grant_that_begins_later_does_not_hold_yet(world: World) -> None:
    soon = NewGrant("inspector", world.qinghe.pk, since=clock.now() + timedelta(days=3))
    (person,) = actions.add_people(SYSTEM, [newcomer("later", soon)])
    assert selectors.viewer_of(person).scopes == ()


def test_one_bad_person_refuses_the_batch_and_says_which(world: World, viewer: ViewerOf) -> None:
    good = newcomer("good", NewGrant("worker", world.plant.pk))
    day = timedelta(days=1)
    for bad, code in (
        (newcomer("lixun", NewGrant("worker", world.plant.pk)), "person.username_taken"),
        (newcomer("GOOD", NewGrant("worker", world.plant.pk)), "person.username_taken"),
        (newcomer("x", NewGrant("worker", world.plant.pk)), "person.bad_username"),
        (newcomer("nobody"), "person.no_grant"),
        (newcomer("role", NewGrant("emperor", world.plant.pk)), "grant.no_such_role"),
        (newcomer("past", NewGrant("worker", world.plant.pk, since=clock.now() - day)), "grant.begins_in_the_past"),
        (Newcomer(NewPerson("weak", "弱", "1234"), (NewGrant("worker", world.plant.pk),)), "person.weak_password"),
    ):
        with pytest.raises(Refused) as refused:
            actions.add_people(viewer("陈县"), [good, bad])
        assert (refused.value.refusal.code, refused.value.refusal.params["row"]) == (code, "2")
    assert not Person.objects.filter(username="good").exists()


def test_nobody_adds_people_beyond_their_scope(world: World, viewer: ViewerOf) -> None:
    with pytest.raises(NotInScope):
        actions.add_people(viewer("陈县"), [newcomer("far", NewGrant("worker", world.mill.pk))])
    with pytest.raises(Refused, match=r"grant\.not_yours"):
        actions.add_people(viewer("王安"), [newcomer("near", NewGrant("worker", world.plant.pk))])
