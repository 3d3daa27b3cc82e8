"""Vehicles with dangerous goods come in with a pass, through a gate that is not closed, once, and go out again."""

from datetime import timedelta

import pytest

from anlan.apps.ledger.models import Fact
from anlan.apps.parks import actions, selectors
from anlan.apps.parks.actions import Report
from anlan.apps.parks.models import Passage
from anlan.apps.parks.specs import PassSpec
from anlan.kit import clock
from anlan.kit.errors import BadInput, NotAllowed, NotInScope, Refused
from anlan.kit.grants import SYSTEM
from tests.parks.parts import Viewers, gate, permitted
from tests.world import World

PLATE = "鲁A12345"


def test_a_vehicle_with_a_pass_comes_in_and_goes_out(world: World, viewer: Viewers) -> None:
    north, south = gate(world), gate(world, "南门")
    permitted(world)
    came = actions.enter(viewer("赵值"), Report(north.pk, "鲁a·123 45"))
    assert (came.plate, came.way) == (PLATE, "inside")
    [row] = selectors.inside(viewer("李巡"), world.park)
    assert (row.cargo, row.un, row.goal, row.late) == ("液氯", "1017", "恒泰化工厂", 0)
    actions.leave(viewer("赵值"), Report(south.pk, PLATE))
    assert selectors.inside(viewer("李巡"), world.park) == []
    told = selectors.counts(viewer("李巡"), world.park)
    assert (told.inside, told.entered, told.left, told.turned) == (0, 1, 1, 0)


def test_without_a_pass_it_is_turned_away_and_that_is_kept(world: World, viewer: Viewers) -> None:
    north = gate(world)
    with pytest.raises(Refused) as refused:
        actions.enter(viewer("赵值"), Report(north.pk, PLATE))
    assert refused.value.refusal.code == "pass.none"
    row = Passage.objects.get()
    assert (row.way, row.why) == ("turned", "pass.none")
    assert selectors.counts(viewer("赵值"), world.park).turned == 1


def test_a_withdrawn_pass_and_a_closed_gate_let_nobody_in(world: World) -> None:
    north, held = gate(world), permitted(world)
    actions.set_gate(SYSTEM, north.pk, "closed", "路面施工")
    with pytest.raises(Refused) as closed:
        actions.enter(SYSTEM, Report(north.pk, PLATE))
    actions.set_gate(SYSTEM, north.pk, "checked")
    actions.withdraw_pass(SYSTEM, held.pk, "承运资质过期")
    with pytest.raises(Refused) as withdrawn:
        actions.enter(SYSTEM, Report(north.pk, PLATE))
    assert [one.value.refusal.code for one in (closed, withdrawn)] == ["gate.closed", "pass.withdrawn"]


def test_a_vehicle_that_is_inside_does_not_come_in_again_and_one_outside_does_not_leave(world: World) -> None:
    north = gate(world)
    permitted(world)
    with pytest.raises(Refused) as outside:
        actions.leave(SYSTEM, Report(north.pk, PLATE))
    actions.enter(SYSTEM, Report(north.pk, PLATE))
    with pytest.raises(Refused) as inside:
        actions.enter(SYSTEM, Report(north.pk, PLATE))
    assert [one.value.refusal.code for one in (outside, inside)] == ["vehicle.outside", "vehicle.inside"]
    assert Passage.objects.filter(way="inside").count() == 1


def test_an_overstay_is_a_fact_from_its_minute_on_and_ends_with_the_vehicle(world: World) -> None:
    north = gate(world)
    permitted(world, stay_min=30)
    came = actions.enter(SYSTEM, Report(north.pk, PLATE, clock.now() - timedelta(hours=1)))
    fact = Fact.objects.get(kind="vehicle_overstay")
    assert (fact.since, fact.place_id) == (came.leave_by, world.park.pk)
    [row] = selectors.inside(SYSTEM, world.park)
    assert row.late == 30
    actions.leave(SYSTEM, Report(north.pk, PLATE))
    assert not Fact.objects.filter(kind="vehicle_overstay", clearing=None).exists()


def test_the_same_number_of_the_gate_system_twice_changes_nothing(world: World) -> None:
    north = gate(world)
    permitted(world)
    first = actions.enter(SYSTEM, Report(north.pk, PLATE, key="N-1"))
    assert actions.enter(SYSTEM, Report(north.pk, PLATE, key="N-1")).pk == first.pk
    out = actions.leave(SYSTEM, Report(north.pk, PLATE, key="N-2"))
    assert actions.leave(SYSTEM, Report(north.pk, PLATE, key="N-2")).pk == out.pk == first.pk
    with pytest.raises(Refused):
        actions.enter(SYSTEM, Report(north.pk, "鲁B00001", key="N-3"))
    with pytest.raises(Refused):
        actions.enter(SYSTEM, Report(north.pk, "鲁B00001", key="N-3"))
    assert Passage.objects.count() == 2


@pytest.mark.parametrize("plate", ["", "abc", "鲁A", "鲁A1234567890", "<script>"])
def test_what_is_no_plate_is_refused(world: World, plate: str) -> None:
    with pytest.raises(BadInput) as refused:
        actions.enter(SYSTEM, Report(gate(world).pk, plate))
    assert refused.value.refusal.code == "vehicle.bad_plate"


@pytest.mark.parametrize("hours", [1, -72])
def test_a_gate_whose_clock_is_wrong_is_told_so(world: World, hours: int) -> None:
    permitted(world)
    with pytest.raises(BadInput):
        actions.enter(SYSTEM, Report(gate(world).pk, PLATE, clock.now() + timedelta(hours=hours)))


def test_a_pass_names_a_plant_of_the_park_and_lasts_no_longer_than_is_usual(world: World) -> None:
    now = clock.now()
    for until, goal, code in (
        (now + timedelta(days=90), None, "pass.too_long"),
        (now - timedelta(days=1), None, "pass.backwards"),
        (now + timedelta(days=1), world.haulier.pk, "park.not_inside"),
    ):
        with pytest.raises(BadInput) as refused:
            actions.give_pass(SYSTEM, world.park.pk, PassSpec(PLATE, "顺达", "液氯", now, until, destination_id=goal))
        assert refused.value.refusal.code == code


def test_the_gate_is_kept_by_those_who_may_and_unknown_to_others(world: World, viewer: Viewers) -> None:
    north = gate(world)
    permitted(world)
    with pytest.raises(NotAllowed):
        actions.enter(viewer("钱领"), Report(north.pk, PLATE))
    for name in ("孙外", "王安"):
        with pytest.raises(NotInScope):
            actions.enter(viewer(name), Report(north.pk, PLATE))
        assert selectors.inside(viewer(name), world.park) == []
