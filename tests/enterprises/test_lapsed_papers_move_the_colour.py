"""A licence that runs out colours its place from the next midnight on, until it is renewed."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from django.utils import timezone

from anlan.apps.enterprises.actions import (
    RecordSpec,
    add_certificates,
    add_licences,
    add_records,
    edit_item,
    end_item,
    restore_item,
)
from anlan.apps.ledger.actions import raise_fact
from anlan.apps.ledger.models import Fact
from anlan.apps.ledger.projector import Projector
from anlan.apps.ledger.selectors import explain, shown
from anlan.kit import clock
from anlan.kit.grants import SYSTEM, Viewer
from anlan.rules.levels import Level
from tests.enterprises.conftest import certificate, days, licence
from tests.ledger import oracle
from tests.ledger.conftest import Clock
from tests.ledger.test_projector_equals_oracle import shown as shown_everywhere
from tests.world import World


def midnight_after(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), datetime.min.time(), timezone.get_default_timezone())


def values(until: date | None, name: str = "安全生产许可证") -> dict[str, object]:
    return {
        "name": name,
        "number": "WH-001",
        "issuer": "省应急管理厅",
        "issued": "2023-01-01",
        "valid_until": until.isoformat() if until else "",
    }


def open_facts() -> list[Fact]:
    return list(Fact.objects.filter(clearing=None, source_kind="licence").order_by("pk"))


def test_the_fact_begins_at_the_midnight_after_the_last_good_day(world: World) -> None:
    [row] = add_licences(SYSTEM, [licence(world.plant.pk, days(40))])
    [fact] = open_facts()
    assert fact.since == midnight_after(days(40))
    assert (fact.place_id, fact.level, fact.kind) == (world.plant.pk, Level.SERIOUS, "licence_lapsed")
    assert (fact.source_kind, fact.source_id) == ("licence", row.pk)
    assert fact.params["title"] == "安全生产许可证"


def test_renewal_clears_the_old_fact_and_raises_one_for_the_new_date(world: World) -> None:
    [row] = add_licences(SYSTEM, [licence(world.plant.pk, days(-3))])
    edit_item(SYSTEM, "licence", row.pk, values(days(900)))
    [fact] = open_facts()
    assert fact.since == midnight_after(days(900))
    assert Fact.objects.filter(clearing__isnull=False).count() == 1


def test_a_correction_of_something_else_leaves_the_fact_alone(world: World) -> None:
    [row] = add_licences(SYSTEM, [licence(world.plant.pk, days(10))])
    [before] = open_facts()
    edit_item(SYSTEM, "licence", row.pk, {**values(days(10)), "number": "WH-002"})
    assert [fact.pk for fact in open_facts()] == [before.pk]


def test_without_a_date_or_out_of_force_nothing_is_held(world: World) -> None:
    [row] = add_licences(SYSTEM, [licence(world.plant.pk, days(-1))])
    end_item(SYSTEM, "licence", row.pk, "已注销")
    assert open_facts() == []
    restore_item(SYSTEM, "licence", row.pk)
    assert len(open_facts()) == 1
    edit_item(SYSTEM, "licence", row.pk, values(None))
    assert open_facts() == []


def test_the_rule_of_the_pack_says_how_grave_it_is(world: World) -> None:
    add_licences(SYSTEM, [licence(world.plant.pk, days(-1), name="排污许可证")])
    assert [fact.level for fact in open_facts()] == [Level.GENERAL]


def test_a_date_without_a_rule_moves_no_colour(world: World) -> None:
    rule = {"name": "动火管理制度", "type": "规章制度", "issued": "2020-01-01", "review_due": "2021-01-01"}
    [row] = add_records(SYSTEM, [RecordSpec(world.plant.pk, "rules", rule)])
    assert row.due == date(2021, 1, 1)
    assert not Fact.objects.exists()


def test_no_name_of_a_person_stands_in_a_fact(world: World) -> None:
    add_certificates(SYSTEM, [certificate(world.plant.pk, days(-1), holder="张三丰")])
    [fact] = Fact.objects.all()
    assert "张三丰" not in f"{fact.reason}{fact.params}"


def test_the_plant_turns_orange_at_midnight_and_the_projector_agrees_with_the_oracle(
    world: World, viewer: Callable[[str], Viewer], hands: Clock, project: Callable[[], Projector]
) -> None:
    for place in (world.plant, world.valve):
        raise_fact(place.pk, "assessment", Level.GENERAL, "评估", {}, source=None, happened=clock.now())
    last_day = timezone.localdate(hands.time)
    [row] = add_licences(SYSTEM, [licence(world.plant.pk, last_day)])
    officer = viewer("王安")
    levels = []
    for turn in (0, (midnight_after(last_day) - hands.time).total_seconds() - 1, 2):
        hands.turn(turn)
        project()
        assert shown_everywhere() == oracle.from_database(hands())
        levels.append(shown(officer, [world.plant.pk])[world.plant.pk].level)
    assert levels == [Level.GENERAL, Level.GENERAL, Level.SERIOUS]
    [line] = explain(officer, world.plant.pk).lines
    assert (line.reason, line.source_url) == (
        f"安全生产许可证有效期至 {last_day}，已过期",
        f"/enterprises/items/licence-{row.pk}",
    )
