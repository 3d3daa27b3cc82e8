from collections.abc import Callable
from datetime import timedelta

import pytest

from anlan.apps.core import actions, selectors
from anlan.apps.core.models import AuditRow, Grant, Outbox
from anlan.kit import clock
from anlan.kit.errors import NotAllowed, NotInScope, Refused
from anlan.kit.grants import SYSTEM, Viewer
from tests.world import World

ViewerOf = Callable[[str], Viewer]


def test_the_county_manager_gives_a_role_in_the_county(world: World, viewer: ViewerOf) -> None:
    grant = actions.give_grant(viewer("陈县"), world.people["何客"], "inspector", world.dongguan)
    assert viewer("何客").may("place.view", world.haulier.path, "transport")
    assert not viewer("何客").may("place.view", world.plant.path, "chemical")
    assert AuditRow.objects.get(action="grant.give", subject=f"grant:{grant.pk}").actor == world.people["陈县"]
    assert Outbox.objects.filter(topic="grants", payload__person=world.people["何客"].pk).exists()


def test_nobody_gives_a_role_outside_their_own_scope(world: World, viewer: ViewerOf) -> None:
    with pytest.raises(NotInScope):
        actions.give_grant(viewer("陈县"), world.people["何客"], "inspector", world.nanpo)
    with pytest.raises(NotInScope):
        actions.give_grant(viewer("陈县"), world.people["何客"], "inspector", world.ninghai)


def test_somebody_without_the_right_to_give_gives_nothing(world: World, viewer: ViewerOf) -> None:
    with pytest.raises(Refused, match=r"grant\.not_yours"):
        actions.give_grant(viewer("王安"), world.people["何客"], "worker", world.plant)
    assert not Grant.objects.filter(person=world.people["何客"]).exists()


def test_nobody_gives_more_sectors_than_they_hold(world: World, viewer: ViewerOf) -> None:
    actions.give_grant(SYSTEM, world.people["何客"], "system_manager", world.qinghe, ["transport", "gas"])
    with pytest.raises(NotInScope):  # a county has no sector: they see only what is theirs in it
        actions.give_grant(viewer("何客"), world.people["孙外"], "inspector", world.qinghe)
    actions.give_grant(viewer("何客"), world.people["孙外"], "inspector", world.haulier, ["transport"])
    with pytest.raises(Refused, match=r"grant\.(not_yours|more_than_held)"):
        actions.give_grant(viewer("何客"), world.people["孙外"], "inspector", world.haulier)
    with pytest.raises(Refused, match=r"grant\.(not_yours|more_than_held)"):
        actions.give_grant(viewer("何客"), world.people["孙外"], "inspector", world.haulier, ["transport", "chemical"])


def test_nobody_gives_longer_than_they_hold(world: World, viewer: ViewerOf) -> None:
    tomorrow, next_week = clock.now() + timedelta(days=1), clock.now() + timedelta(days=7)
    actions.give_grant(SYSTEM, world.people["何客"], "system_manager", world.qinghe, until=tomorrow)
    with pytest.raises(Refused, match=r"grant\.not_yours"):
        actions.give_grant(viewer("何客"), world.people["孙外"], "inspector", world.qinghe, until=next_week)
    actions.give_grant(viewer("何客"), world.people["孙外"], "inspector", world.qinghe, until=tomorrow)


def test_a_role_that_the_pack_does_not_know_is_refused(world: World) -> None:
    with pytest.raises(Refused, match=r"grant\.no_such_role"):
        actions.give_grant(SYSTEM, world.people["何客"], "emperor", world.qinghe)


def test_a_grant_does_not_end_before_it_begins(world: World) -> None:
    yesterday = clock.now() - timedelta(days=1)
    with pytest.raises(Refused, match=r"grant\.ends_before_it_begins"):
        actions.give_grant(SYSTEM, world.people["何客"], "worker", world.plant, until=yesterday)


def test_a_withdrawn_grant_holds_no_longer_and_its_row_stays(world: World, viewer: ViewerOf) -> None:
    grant = Grant.objects.get(person=world.people["李巡"])
    actions.withdraw_grant(viewer("陈县"), grant.pk)
    assert not viewer("李巡").may_anywhere("place.view")
    assert Grant.objects.filter(pk=grant.pk).exists()
    assert AuditRow.objects.filter(action="grant.withdraw", subject=f"grant:{grant.pk}").exists()


def test_a_grant_elsewhere_cannot_be_withdrawn_or_seen(world: World, viewer: ViewerOf) -> None:
    foreign = Grant.objects.get(person=world.people["孙外"])
    with pytest.raises(NotInScope):
        actions.withdraw_grant(viewer("陈县"), foreign.pk)
    assert foreign not in selectors.grants(viewer("陈县"))
    assert world.people["孙外"] not in selectors.people(viewer("陈县"))


def test_the_last_manager_at_the_top_stays(world: World, viewer: ViewerOf) -> None:
    grant = Grant.objects.get(person=world.people["冯管"])
    with pytest.raises(Refused, match=r"grant\.last_manager"):
        actions.withdraw_grant(viewer("冯管"), grant.pk)
    actions.give_grant(viewer("冯管"), world.people["陈县"], "system_manager", world.ninghai)
    actions.withdraw_grant(viewer("冯管"), grant.pk)


def test_an_expired_grant_shows_nothing(world: World, viewer: ViewerOf, monkeypatch: pytest.MonkeyPatch) -> None:
    until = clock.now() + timedelta(hours=1)
    actions.give_grant(SYSTEM, world.people["何客"], "expert", world.plant, until=until)
    assert selectors.places(viewer("何客")).exists()
    monkeypatch.setattr(clock, "now", lambda: until)
    assert not selectors.places(viewer("何客")).exists()


def test_several_grants_add_up(world: World, viewer: ViewerOf) -> None:
    actions.give_grant(SYSTEM, world.people["孙外"], "leader", world.plant)
    seen = set(selectors.places(viewer("孙外")))
    assert {world.plant, world.mill} <= seen
    assert not viewer("孙外").may("alarm.acknowledge", world.plant.path, "chemical")


def test_a_manager_adds_a_person_with_a_first_role(world: World, viewer: ViewerOf) -> None:
    new = actions.NewPerson("xinren", "新人", "平安河山-Safe-88")
    person = actions.add_person(viewer("陈县"), new, "worker", world.plant)
    assert person in selectors.people(viewer("陈县"))
    assert viewer("陈县").person_id == AuditRow.objects.get(action="person.add", subject=f"person:{person.pk}").actor_id


def test_a_person_without_a_role_is_added_by_nobody(world: World, viewer: ViewerOf) -> None:
    with pytest.raises(Refused, match=r"person\.no_grant"):
        actions.add_person(viewer("冯管"), actions.NewPerson("xinren", "新人"))
    with pytest.raises(NotAllowed):
        actions.add_person(viewer("王安"), actions.NewPerson("xinren", "新人"), "worker", world.plant)


@pytest.mark.parametrize("username", ["WANGAN", "a", "有 空格", "<script>", "x" * 65])
def test_a_user_name_that_is_taken_or_odd_is_refused(world: World, username: str) -> None:
    with pytest.raises(Refused, match=r"person\.(username_taken|bad_username)"):
        actions.add_person(SYSTEM, actions.NewPerson(username, "某人"))


@pytest.mark.parametrize("password", ["short", "1234567890123", "password123", "wangan2-wangan2"])
def test_a_weak_password_is_refused(world: World, password: str) -> None:
    with pytest.raises(Refused, match=r"person\.weak_password"):
        actions.add_person(SYSTEM, actions.NewPerson("wangan2-wangan2", "某人", password))


def test_nobody_takes_over_a_person_who_holds_more(world: World, viewer: ViewerOf) -> None:
    actions.give_grant(SYSTEM, world.people["冯管"], "worker", world.plant)  # so that the county manager sees them
    for action in (actions.reset_sign_in, actions.deactivate_person, actions.erase_person):
        with pytest.raises(NotAllowed):
            action(viewer("陈县"), world.people["冯管"].pk)


def test_nobody_locks_themselves_out(world: World, viewer: ViewerOf) -> None:
    with pytest.raises(Refused, match=r"person\.yourself"):
        actions.deactivate_person(viewer("冯管"), world.people["冯管"].pk)


def test_the_people_who_may_acknowledge_at_a_place_are_found(world: World) -> None:
    found = selectors.people_with("alarm.acknowledge", world.valve)
    assert found == sorted(world.people[name].pk for name in ("王安", "赵值", "冯管", "陈县"))
