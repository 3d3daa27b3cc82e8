from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from anlan.apps.core import actions, selectors
from anlan.apps.core.models import AuditRow, Outbox, Place, ZoneMembership
from anlan.kit.errors import NotAllowed, Refused
from anlan.kit.grants import SYSTEM, Viewer
from anlan.rules import paths
from tests.world import World


def paths_are_right() -> bool:
    """Every path is the parent's path and the place's own step."""
    rows = {place.pk: place for place in Place.objects.all()}
    return all(
        place.path == (rows[place.parent_id].path if place.parent_id else "") + paths.step(place.pk)
        for place in rows.values()
    )


def test_a_plant_moves_with_everything_in_it(world: World) -> None:
    actions.move_place(SYSTEM, world.plant.pk, world.dongguan.pk)
    assert paths_are_right()
    assert world.valve in selectors.tree(SYSTEM, world.dongguan.pk)
    assert world.valve not in selectors.tree(SYSTEM, world.park.pk)
    assert AuditRow.objects.filter(action="place.move", subject=f"place:{world.plant.pk}").exists()
    assert Outbox.objects.filter(topic="places", place=world.plant, payload__action="place.move").exists()


def test_a_move_is_one_update_however_large_the_subtree(world: World, django_assert_max_num_queries: Callable) -> None:
    for number in range(30):
        actions.add_place(SYSTEM, world.plant, "unit", f"装置{number}")
    with django_assert_max_num_queries(16):
        actions.move_place(SYSTEM, world.plant.pk, world.xiling.pk)


def test_a_unit_moved_to_another_enterprise_takes_its_sector(world: World) -> None:
    actions.move_place(SYSTEM, world.reactor.pk, world.haulier.pk)
    world.valve.refresh_from_db()
    assert world.valve.sector == "transport"


@pytest.mark.parametrize(("what", "under"), [("plant", "valve"), ("plant", "plant"), ("park", "plant")])
def test_nothing_moves_under_itself(world: World, what: str, under: str) -> None:
    with pytest.raises(Refused, match=r"place\.under_itself"):
        actions.move_place(SYSTEM, world.places[what].pk, world.places[under].pk)
    assert paths_are_right()


def test_a_town_does_not_move_to_a_county_whose_code_it_lacks(world: World) -> None:
    with pytest.raises(Refused, match=r"code\.division_parent"):
        actions.move_place(SYSTEM, world.dongguan.pk, world.linshan.pk)


def test_nobody_moves_a_place_to_where_they_may_not_edit(world: World, viewer: Callable[[str], Viewer]) -> None:
    actions.give_grant(SYSTEM, world.people["王安"], "inspector", world.qinghe)
    with pytest.raises(NotAllowed):
        actions.move_place(viewer("王安"), world.plant.pk, world.dongguan.pk)


def test_a_zone_counts_a_place_and_lets_it_go(world: World) -> None:
    river = actions.add_place(SYSTEM, world.ninghai, "zone", "沿河带")
    actions.join_zone(SYSTEM, world.plant.pk, river.pk)
    assert list(selectors.members(SYSTEM, river)) == [world.plant]
    assert list(selectors.zones_of(SYSTEM, world.plant)) == [river]
    actions.leave_zone(SYSTEM, world.plant.pk, river.pk)
    assert not ZoneMembership.objects.exists()
    with pytest.raises(Refused, match=r"zone\.not_a_member"):
        actions.leave_zone(SYSTEM, world.plant.pk, river.pk)


def test_a_zone_gives_no_rights(world: World, viewer: Callable[[str], Viewer]) -> None:
    river = actions.add_place(SYSTEM, world.linshan, "zone", "沿河带")
    actions.join_zone(SYSTEM, world.plant.pk, river.pk)
    assert not selectors.members(viewer("孙外"), river).exists()


def test_a_plant_counts_nothing_but_what_lies_in_it(world: World) -> None:
    with pytest.raises(Refused, match=r"zone\.not_a_zone"):
        actions.join_zone(SYSTEM, world.haulier.pk, world.plant.pk)


def test_a_zone_does_not_count_what_lies_below_it_twice(world: World) -> None:
    with pytest.raises(Refused, match=r"zone\.already_below"):
        actions.join_zone(SYSTEM, world.plant.pk, world.park.pk)


@pytest.mark.parametrize("what", ["park", "qinghe", "ninghai"])
def test_a_zone_counts_neither_itself_nor_what_is_above_it(world: World, what: str) -> None:
    with pytest.raises(Refused, match=r"zone\.circle"):
        actions.join_zone(SYSTEM, world.places[what].pk, world.park.pk)


def test_two_zones_do_not_count_each_other(world: World) -> None:
    upper = actions.add_place(SYSTEM, world.qinghe, "zone", "上游")
    lower = actions.add_place(SYSTEM, world.linshan, "zone", "下游")
    actions.join_zone(SYSTEM, lower.pk, upper.pk)
    with pytest.raises(Refused, match=r"zone\.circle"):
        actions.join_zone(SYSTEM, world.qinghe.pk, lower.pk)


def test_a_move_makes_no_circle_through_a_zone(world: World) -> None:
    zone = actions.add_place(SYSTEM, world.park, "zone", "罐区带")
    actions.join_zone(SYSTEM, world.linshan.pk, zone.pk)
    with pytest.raises(Refused, match=r"zone\.circle"):
        actions.move_place(SYSTEM, zone.pk, world.linshan.pk)


step = st.tuples(st.sampled_from(["move", "join", "leave"]), st.integers(0, 11), st.integers(0, 11))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(step, max_size=25))
def test_whatever_is_moved_and_joined_nothing_counts_itself(db: None, steps: list[tuple[str, int, int]]) -> None:
    Place.objects.all().update(retired=None)
    county = actions.add_place(SYSTEM, None, "county", "甲县")
    zones = [county, *(actions.add_place(SYSTEM, county, "park", f"园{n}") for n in range(4))]
    zones += [actions.add_place(SYSTEM, zones[1 + n % 4], "zone", f"区{n}") for n in range(7)]
    for verb, one, other in steps:
        try:
            {"move": actions.move_place, "join": actions.join_zone, "leave": actions.leave_zone}[verb](
                SYSTEM, zones[one].pk, zones[other].pk
            )
        except Refused:
            continue
    assert paths_are_right()
    assert not _in_a_circle([place.pk for place in zones])


def _in_a_circle(ids: list[int]) -> list[int]:
    """Places that one meets again by following what they count: children and members."""
    counts: dict[int, list[int]] = {place_id: [] for place_id in ids}
    for child, parent in Place.objects.filter(parent__in=ids).values_list("pk", "parent"):
        counts[parent].append(child)
    for member, zone in ZoneMembership.objects.filter(zone__in=ids).values_list("place", "zone"):
        counts[zone].append(member)

    def reached(start: int) -> set[int]:
        found: set[int] = set()
        todo = list(counts[start])
        while todo:
            here = todo.pop()
            if here not in found:
                found.add(here)
                todo += counts[here]
        return found

    return [place_id for place_id in ids if place_id in reached(place_id)]
