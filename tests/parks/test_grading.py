"""A park's grade follows from its checklist; when the assessment has run out, its colour says so."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.apps.core.models import AuditRow
from anlan.apps.ledger.models import Fact
from anlan.apps.parks import actions, selectors
from anlan.apps.parks.specs import GradingSpec
from anlan.kit.errors import BadInput, NotAllowed, NotInScope, Refused
from anlan.kit.grants import SYSTEM
from anlan.packs.families import park_grading as pack
from anlan.rules import park_grading as rules
from tests.parks.parts import Viewers, graded, losses, today
from tests.world import World

KNOWN = pack.load(today())
POINTS = {item.code: item.points for item in KNOWN.items}


def test_the_checklist_is_worth_a_hundred_points() -> None:
    assert KNOWN.total == 100


@pytest.mark.parametrize(
    ("lost", "grade"), [(0, "D"), (15, "D"), (15.1, "C"), (30, "C"), (30.1, "B"), (40, "B"), (40.1, "A"), (100, "A")]
)
def test_the_grade_follows_from_the_points_lost_and_a_bound_belongs_to_the_better_one(lost: float, grade: str) -> None:
    left, spread = lost, {}
    for code, worth in POINTS.items():
        spread[code] = round(min(worth, left), 6)
        left = round(left - spread[code], 6)
    assert rules.grade(spread, POINTS, (), KNOWN.grades).grade == grade


def test_one_condition_makes_the_best_park_the_worst_grade(world: World) -> None:
    row = graded(world, vetoes=("V5",))
    assert (row.score, row.grade, row.by_veto) == (100.0, "A", True)


@given(st.data())
def test_losing_more_never_betters_the_grade(data: st.DataObject) -> None:
    some = {code: data.draw(st.floats(0, worth)) for code, worth in POINTS.items()}
    more = {code: data.draw(st.floats(some[code], worth)) for code, worth in POINTS.items()}
    order = [grade.key for grade in KNOWN.grades]
    better, worse = (rules.grade(each, POINTS, (), KNOWN.grades).grade for each in (some, more))
    assert order.index(worse) <= order.index(better)


@pytest.mark.parametrize(
    ("changed", "code"),
    [({"F1": 9.0}, "grading.bad_loss"), ({"F1": -1.0}, "grading.bad_loss"), ({"F1": float("nan")}, "grading.bad_loss"),
     ({"ZZ": 0.0}, "grading.unknown_item")],
)  # fmt: skip
def test_points_that_cannot_be_lost_are_refused(world: World, changed: dict[str, float], code: str) -> None:
    with pytest.raises(BadInput) as refused:
        actions.assess_park(SYSTEM, world.park.pk, GradingSpec(today(), "省院", losses() | changed))
    assert refused.value.refusal.code == code


def test_an_item_that_nobody_judged_is_asked_for(world: World) -> None:
    judged = losses()
    del judged["M7"]
    with pytest.raises(BadInput) as refused:
        actions.assess_park(SYSTEM, world.park.pk, GradingSpec(today(), "省院", judged))
    assert refused.value.refusal.params["item"] == "M7"


def test_an_assessment_in_the_future_is_refused(world: World) -> None:
    with pytest.raises(Refused):
        actions.assess_park(SYSTEM, world.park.pk, GradingSpec(today() + timedelta(days=2), "省院", losses()))


def test_the_colour_of_the_park_turns_when_the_assessment_has_run_out(world: World) -> None:
    row = graded(world)
    fact = Fact.objects.get(kind="park_assessment_overdue")
    assert (fact.place_id, fact.since.date()) == (world.park.pk, row.valid_until)  # the next local midnight, in UTC
    newer = graded(world, days_ago=1)
    assert [one.source_id for one in Fact.objects.filter(clearing=None, kind=fact.kind)] == [newer.pk]


def test_a_withdrawn_assessment_leaves_the_field_to_the_one_before(world: World) -> None:
    before, wrong = graded(world, days_ago=40), graded(world, days_ago=1, F1=3.0)
    actions.withdraw_grading(SYSTEM, wrong.pk, "附表用错了版本")
    current = selectors.current_grading(world.park)
    assert current is not None and current.pk == before.pk
    assert [one.source_id for one in Fact.objects.filter(clearing=None)] == [before.pk]
    with pytest.raises(Refused):
        actions.withdraw_grading(SYSTEM, wrong.pk, "再作废一次")


def test_what_lost_points_is_listed_with_what_was_found(world: World) -> None:
    spec = GradingSpec(today(), "省院", losses(U5=2.0, F2=1.0), {"U5": "东侧货运门没有管控"})
    shown = selectors.shown_grading(actions.assess_park(SYSTEM, world.park.pk, spec))
    assert [(one.item.code, one.lost, one.note) for one in shown.lost] == [
        ("U5", 2.0, "东侧货运门没有管控"),
        ("F2", 1.0, ""),
    ]


def test_who_may_only_look_assesses_nothing_and_the_neighbour_sees_nothing(world: World, viewer: Viewers) -> None:
    row = graded(world)
    spec = GradingSpec(today(), "省院", losses())
    for name, error in (("赵值", NotAllowed), ("孙外", NotInScope), ("周工", NotInScope)):
        with pytest.raises(error):
            actions.assess_park(viewer(name), world.park.pk, spec)
        with pytest.raises(error):
            actions.withdraw_grading(viewer(name), row.pk, "不对")
    assert not selectors.gradings(viewer("孙外")).exists()


def test_the_record_tells_score_and_grade(world: World, viewer: Viewers) -> None:
    actions.assess_park(viewer("李巡"), world.park.pk, GradingSpec(today(), "省院", losses(F1=3.0)))
    row = AuditRow.objects.get(action="park.assess")
    assert (row.detail["score"], row.detail["grade"], row.actor_id) == (97.0, "D", world.people["李巡"].pk)
