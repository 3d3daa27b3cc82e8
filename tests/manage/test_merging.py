"""Two places become one: everything goes over, and what cannot be is refused with its reason."""

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from anlan.apps.core import actions, selectors
from anlan.apps.core.models import AuditRow, Grant, Place
from anlan.apps.ledger.actions import raise_fact
from anlan.apps.ledger.models import Fact
from anlan.apps.monitoring import actions as monitoring
from anlan.kit import clock
from anlan.kit.errors import NotAllowed, NotInScope, Refused
from anlan.kit.grants import SYSTEM, Viewer
from anlan.rules.alarms import Limits
from anlan.rules.levels import Level
from tests.world import World


@pytest.fixture
def twin(world: World) -> Place:
    """The plant was entered a second time, without its code."""
    return actions.add_place(SYSTEM, world.park, "enterprise", "恒泰化工", sector="chemical")


def test_everything_of_a_place_goes_over(world: World, twin: Place, viewer: Callable[[str], Viewer]) -> None:
    tank = actions.add_place(SYSTEM, twin, "risk_point", "二号罐")
    source, _ = monitoring.add_source(SYSTEM, twin.pk, "twin", "网关")
    tag = monitoring.add_tag(SYSTEM, source.pk, monitoring.TagSpec(twin.pk, "P1", "压力", limits=Limits(h=5)))
    kept_file = actions.store_file(
        selectors.viewer_of(world.people["王安"]), world.plant, SimpleUploadedFile("旧.csv", b"1")
    )
    kept_file.place = twin
    kept_file.save()
    grant = actions.give_grant(SYSTEM, world.people["李巡"], "expert", twin)
    fact = raise_fact(twin.pk, "assessment", Level.GENERAL, "罐区", {}, source=("x", 7), happened=clock.now())

    actions.merge_places(viewer("陈县"), twin.pk, world.plant.pk)

    for row in (tank, tag, source, kept_file, twin, grant):
        row.refresh_from_db()
    assert tank.parent_id == tag.place_id == source.place_id == kept_file.place_id == world.plant.pk
    assert tank.path.startswith(world.plant.path)
    assert twin.retired
    assert grant.until <= clock.now()
    assert Grant.objects.filter(person=world.people["李巡"], place=world.plant, role="expert", until=None).exists()
    moved = Fact.objects.get(place=world.plant, clearing=None, source_kind="x")
    assert (moved.level, moved.reason, moved.since) == (fact.level, fact.reason, fact.since)
    assert Fact.objects.filter(place=twin, clearing=None).count() == 0
    assert AuditRow.objects.get(action="place.merge").detail["into"] == world.plant.pk


def test_the_manager_reads_beforehand_what_will_go_over(
    world: World, twin: Place, viewer: Callable[[str], Viewer]
) -> None:
    actions.add_place(SYSTEM, twin, "unit", "聚合反应釜")
    plan = actions.look_before_merging(viewer("陈县"), twin.pk, world.plant.pk)
    assert plan.refusals == ()
    assert plan.counts == (("下属场所", 1),)
    assert plan.namesakes == ("聚合反应釜",)
    assert Place.objects.get(pk=twin.pk).retired is None


def test_zones_count_the_place_that_stays(world: World, twin: Place, viewer: Callable[[str], Viewer]) -> None:
    zone = actions.add_place(SYSTEM, world.qinghe, "zone", "涉氨专题")
    actions.join_zone(SYSTEM, twin.pk, zone.pk)
    actions.merge_places(viewer("陈县"), twin.pk, world.plant.pk)
    assert list(selectors.members(SYSTEM, zone)) == [world.plant]


@pytest.mark.parametrize(
    ("gone", "kept", "code"),
    [
        ("plant", "plant", "merge.itself"),
        ("reactor", "plant", "merge.other_kind"),
        ("haulier", "plant", "merge.other_sector"),
        ("qinghe", "linshan", "code.division_parent"),
    ],
)
def test_what_cannot_be_one_is_refused(
    world: World, viewer: Callable[[str], Viewer], gone: str, kept: str, code: str
) -> None:
    plan = actions.look_before_merging(viewer("冯管"), world.places[gone].pk, world.places[kept].pk)
    assert code in [refusal.code for refusal in plan.refusals]
    with pytest.raises(Refused):
        actions.merge_places(viewer("冯管"), world.places[gone].pk, world.places[kept].pk)


def test_two_legal_entities_stay_two(world: World, viewer: Callable[[str], Viewer]) -> None:
    from anlan.rules.codes import uscc_check_character

    code = "91990121MA0000002"
    other = actions.add_place(
        SYSTEM, world.park, "enterprise", "另一厂", code=code + uscc_check_character(code), sector="chemical"
    )
    plan = actions.look_before_merging(viewer("陈县"), other.pk, world.plant.pk)
    assert [refusal.code for refusal in plan.refusals] == ["merge.two_legal_entities"]


def test_nobody_gains_more_by_a_merge_than_the_manager_could_give(
    world: World, twin: Place, viewer: Callable[[str], Viewer]
) -> None:
    """A safety officer may change places, but gives no grants: those at the place stand in the way."""
    inner, outer = (actions.add_place(SYSTEM, world.plant, "area", name) for name in ("东罐区", "西罐区"))
    actions.give_grant(SYSTEM, world.people["周工"], "worker", inner)
    plan = actions.look_before_merging(viewer("王安"), inner.pk, outer.pk)
    assert [refusal.code for refusal in plan.refusals] == ["grant.not_yours"]


def test_outsiders_and_readers_merge_nothing(world: World, twin: Place, viewer: Callable[[str], Viewer]) -> None:
    with pytest.raises(NotInScope):
        actions.merge_places(viewer("孙外"), twin.pk, world.plant.pk)
    with pytest.raises(NotAllowed):
        actions.merge_places(viewer("李巡"), twin.pk, world.plant.pk)


def test_rows_of_an_app_that_says_nothing_stand_in_the_way(
    world: World, twin: Place, viewer: Callable[[str], Viewer], monkeypatch: pytest.MonkeyPatch
) -> None:
    from anlan.kit import merging

    monkeypatch.delitem(merging._SHARES, "monitoring")
    monitoring.add_source(SYSTEM, twin.pk, "twin", "网关")
    plan = actions.look_before_merging(viewer("陈县"), twin.pk, world.plant.pk)
    assert [refusal.code for refusal in plan.refusals] == ["merge.rows_left_behind"]


def test_what_was_closed_together_is_reopened_together(world: World, viewer: Callable[[str], Viewer]) -> None:
    actions.retire_place(SYSTEM, world.valve.pk)
    actions.retire_place(SYSTEM, world.plant.pk)
    with pytest.raises(Refused, match=r"place\.parent_retired"):
        actions.reopen_place(viewer("陈县"), world.reactor.pk)
    assert actions.reopen_place(viewer("陈县"), world.plant.pk) == 2
    assert Place.objects.get(pk=world.valve.pk).retired, "it was closed before, by itself"
    with pytest.raises(Refused, match=r"place\.in_use"):
        actions.reopen_place(viewer("陈县"), world.plant.pk)
