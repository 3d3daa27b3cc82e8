"""Facts are raised and cleared, never edited; what a source says twice counts once."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from anlan.apps.core.models import AuditRow, Outbox
from anlan.apps.ledger.actions import Clearing, NewFact, clear_fact, clear_facts, raise_fact, raise_facts
from anlan.apps.ledger.models import Fact, FactClearing
from anlan.kit import clock
from anlan.kit.errors import Refused
from tests.world import World

ALARM = ("alarm", 7)


def alarm(world: World, **changes: object) -> Fact:
    given = {"source": ALARM, "happened": clock.now()} | changes
    return raise_fact(world.valve.pk, "alarm", given.pop("level", 3), "{tag} 超过高限", {"tag": "TI-101"}, **given)


def test_a_fact_leaves_an_audit_row_and_a_live_event(world: World) -> None:
    fact = alarm(world)
    assert AuditRow.objects.filter(action="fact.raise", subject=f"fact:{fact.pk}", place=world.valve).count() == 1
    event = Outbox.objects.filter(topic="fact").get()
    assert (event.place_id, event.payload["fact"], event.payload["event"]) == (world.valve.pk, fact.pk, "raise")


def test_a_fact_counts_from_when_it_happened_unless_said_otherwise(world: World) -> None:
    happened = clock.now() - timedelta(minutes=3)
    assert alarm(world, happened=happened).since == happened


def test_the_same_source_saying_the_same_again_changes_nothing(world: World) -> None:
    happened = clock.now()
    first = alarm(world, happened=happened)
    assert alarm(world, happened=happened) == first
    assert Fact.objects.count() == Outbox.objects.filter(topic="fact").count() == 1


def test_the_same_source_saying_something_else_is_refused_until_it_clears(world: World) -> None:
    happened = clock.now()
    alarm(world, happened=happened)
    with pytest.raises(Refused) as refused:
        alarm(world, happened=happened, level=4)
    assert refused.value.refusal.code == "fact.source_holds_another"
    clear_fact(ALARM, clock.now())
    assert alarm(world, happened=happened, level=4).level == 4


def test_one_source_twice_in_a_batch_is_one_fact(world: World) -> None:
    new = NewFact(world.valve.pk, "alarm", 3, "超限", {}, clock.now(), source=ALARM)
    first, second = raise_facts([new, new])
    assert first is second
    assert Fact.objects.count() == 1


def test_a_batch_is_recorded_whole_or_not_at_all(world: World) -> None:
    good = NewFact(world.valve.pk, "alarm", 3, "超限", {}, clock.now())
    bad = NewFact(world.valve.pk, "alarm", 9, "超限", {}, clock.now())
    with pytest.raises(Refused):
        raise_facts([good, bad])
    assert not Fact.objects.exists()


def test_clearing_again_changes_nothing(world: World) -> None:
    alarm(world)
    (first,) = clear_fact(ALARM, clock.now())
    assert clear_fact(ALARM, clock.now()) == []
    assert FactClearing.objects.get() == first


def test_clearing_what_a_source_does_not_hold_does_nothing(world: World) -> None:
    assert clear_fact(("alarm", 404), clock.now()) == []


def test_several_facts_are_cleared_together(world: World) -> None:
    one, two = alarm(world), alarm(world, source=("alarm", 8))
    ends = clear_facts([Clearing(one.pk, clock.now()), Clearing(("alarm", 8), clock.now(), reason="已恢复")])
    assert {end.fact_id for end in ends} == {one.pk, two.pk}
    assert AuditRow.objects.filter(action="fact.clear").count() == 2


def test_clearing_an_unknown_fact_is_refused(world: World) -> None:
    with pytest.raises(Refused) as refused:
        clear_fact(404, clock.now())
    assert refused.value.refusal.code == "fact.unknown"
    assert "404" in str(refused.value)


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("fact.bad_level", {"level": 5}),
        ("fact.bad_reach", {"applies_to": "everywhere"}),
        ("fact.happened_in_future", {"happened": clock.now() + timedelta(hours=1)}),
        ("fact.ends_before_it_begins", {"until": clock.now() - timedelta(days=1)}),
        ("fact.naive_time", {"until": clock.now().replace(tzinfo=None)}),
    ],
)
def test_a_fact_that_makes_no_sense_is_refused(world: World, code: str, changes: dict[str, object]) -> None:
    with pytest.raises(Refused) as refused:
        alarm(world, **changes)
    assert refused.value.refusal.code == code
    assert not Fact.objects.exists()


def test_a_reason_must_have_all_its_parts(world: World) -> None:
    with pytest.raises(Refused) as refused:
        raise_fact(world.valve.pk, "alarm", 3, "{tag} 为 {value}", {"tag": "TI-101"}, happened=clock.now())
    assert "value" in str(refused.value)


def test_nothing_is_raised_at_a_place_that_does_not_exist(world: World) -> None:
    with pytest.raises(Refused) as refused:
        raise_fact(10**6, "alarm", 3, "超限", {}, happened=clock.now())
    assert refused.value.refusal.code == "fact.no_place"


@pytest.mark.parametrize("statement", ["UPDATE ledger_fact SET level = 1", "DELETE FROM ledger_fact"])
def test_the_database_itself_refuses_to_change_a_fact(world: World, statement: str) -> None:
    alarm(world, level=4)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert Fact.objects.get().level == 4


def test_a_batch_takes_a_handful_of_queries(world: World, django_assert_max_num_queries: object) -> None:
    new = [NewFact(world.valve.pk, "alarm", 3, "超限", {}, clock.now(), source=("alarm", n)) for n in range(200)]
    with django_assert_max_num_queries(14):  # SQLite takes 999 values in one statement
        raise_facts(new)
