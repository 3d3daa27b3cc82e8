"""Gateways with keys and tags with limits: who may change them, and how the engine hears of it."""

import pytest

from anlan.apps.core.models import AuditRow, Outbox
from anlan.apps.monitoring import actions, selectors
from anlan.apps.monitoring.actions import TagSpec
from anlan.apps.monitoring.models import Source, Tag
from anlan.kit.errors import NotAllowed, NotInScope, Refused
from anlan.kit.grants import SYSTEM
from anlan.rules.alarms import Limits
from tests.monitoring.conftest import Plant
from tests.world import World


def spec_of(world: World, **changes: object) -> TagSpec:
    return TagSpec(**{"place_id": world.reactor.pk, "code": "PI-9", "name": "测压点", **changes})


def test_a_key_is_shown_once_and_kept_as_a_digest(plant: Plant) -> None:
    assert selectors.source_by_key(plant.key) == (plant.source.pk, True)
    assert selectors.source_by_key("wrong") is None
    stored = [str(value) for row in Source.objects.values() for value in row.values()]
    assert plant.key not in stored
    assert plant.key not in str(list(AuditRow.objects.values()))


def test_a_renewed_key_replaces_the_old_one(viewer, plant: Plant) -> None:
    key = actions.renew_key(viewer("冯管"), plant.source.pk)
    assert selectors.source_by_key(plant.key) is None
    assert selectors.source_by_key(key) == (plant.source.pk, True)


def test_a_source_out_of_use_is_known_and_its_tags_leave_the_table(viewer, plant: Plant) -> None:
    before = selectors.tag_table()
    actions.switch_source(viewer("冯管"), plant.source.pk, enabled=False)
    after = selectors.tag_table()
    assert selectors.source_by_key(plant.key) == (plant.source.pk, False)
    assert (len(before.tags), len(after.tags)) == (3, 0)
    assert before.version != after.version == selectors.tag_table_version()


def test_the_table_holds_the_rules_of_every_tag(plant: Plant) -> None:
    table = selectors.tag_table()
    row = table.rules[list(table.tags).index(plant.pressure.pk)]
    assert [row[name] for name in ("hh", "h", "l", "ll", "deadband")] == [110, 100, 10, 5, 2]
    assert row["missing_ms"] == 60_000
    assert table.codes[plant.source.pk, "PI-101"] == plant.pressure.pk


def test_every_edit_changes_the_version_and_leaves_a_trace(viewer, world: World, plant: Plant) -> None:
    before = selectors.tag_table_version()
    spec = TagSpec(world.reactor.pk, "PI-101", "釜压", "kPa", 1, "critical", Limits(hh=120, h=105, missing_s=60))
    actions.edit_tag(viewer("王安"), plant.pressure.pk, spec)
    assert selectors.tag_table_version() != before
    changed = AuditRow.objects.get(action="tag.edit").detail["changed"]
    assert changed["h"] == [100.0, 105]
    assert changed["l"] == [10.0, None]
    assert Outbox.objects.filter(topic="tags").last().payload == {"tag": plant.pressure.pk}


def test_an_edit_that_changes_nothing_leaves_no_trace(viewer, world: World, plant: Plant) -> None:
    before = selectors.tag_table_version()
    limits = Limits(hh=110, h=100, l=10, ll=5, deadband=2, missing_s=60)
    actions.edit_tag(
        viewer("王安"), plant.pressure.pk, TagSpec(world.reactor.pk, "PI-101", "釜压", "kPa", 1, "critical", limits)
    )
    assert selectors.tag_table_version() == before
    assert not AuditRow.objects.filter(action="tag.edit").exists()


def test_limits_that_make_no_sense_change_nothing(viewer, world: World, plant: Plant) -> None:
    spec = TagSpec(world.reactor.pk, "PI-101", "釜压", limits=Limits(h=10, l=20))
    with pytest.raises(Refused, match="L = 20 不小于 H = 10"):
        actions.edit_tag(viewer("王安"), plant.pressure.pk, spec)
    assert Tag.objects.get(pk=plant.pressure.pk).h == 100


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"code": " "}, "tag.bad_code"),
        ({"code": "PI-101"}, "tag.code_taken"),
        ({"name": ""}, "monitoring.bad_name"),
        ({"name": "一\n二"}, "monitoring.bad_name"),
        ({"rank": "vital"}, "tag.bad_rank"),
        ({"decimals": 12}, "tag.bad_format"),
    ],
)
def test_a_tag_that_makes_no_sense_is_refused(
    world: World, plant: Plant, changes: dict[str, object], code: str
) -> None:
    with pytest.raises(Refused, match=code):
        actions.add_tag(SYSTEM, plant.source.pk, spec_of(world, **changes))


def test_a_tag_lies_at_or_below_the_place_of_its_gateway(world: World, plant: Plant) -> None:
    with pytest.raises(Refused, match=r"tag\.outside_source"):
        actions.add_tag(SYSTEM, plant.source.pk, spec_of(world, place_id=world.depot.pk))


@pytest.mark.parametrize(
    ("code", "kind", "refusal"),
    [("a b", "http", "source.bad_code"), ("hengtai-dcs", "http", "source.code_taken"), ("x", "ftp", "source.bad_kind")],
)
def test_a_source_that_makes_no_sense_is_refused(
    world: World, plant: Plant, code: str, kind: str, refusal: str
) -> None:
    with pytest.raises(Refused, match=refusal):
        actions.add_source(SYSTEM, world.plant.pk, code, "名称", kind)


def test_the_outsider_changes_nothing_and_knows_nothing(viewer, world: World, plant: Plant) -> None:
    sun = viewer("孙外")
    tries = (
        lambda: actions.add_source(sun, world.plant.pk, "x", "x"),
        lambda: actions.renew_key(sun, plant.source.pk),
        lambda: actions.switch_source(sun, plant.source.pk, enabled=False),
        lambda: actions.add_tag(sun, plant.source.pk, spec_of(world)),
        lambda: actions.edit_tag(sun, plant.pressure.pk, spec_of(world)),
        lambda: selectors.tag(sun, plant.pressure.pk),
        lambda: selectors.tags_at(sun, world.plant.pk),
    )
    for attempt in tries:
        with pytest.raises(NotInScope):
            attempt()
    assert list(selectors.sources(sun)) == []
    assert selectors.permitted_tags(sun, [plant.pressure.pk]) == []


def test_the_leader_sees_the_tags_and_may_not_change_them(viewer, world: World, plant: Plant) -> None:
    assert len(selectors.tags_at(viewer("钱领"), world.plant.pk)) == 3
    with pytest.raises(NotAllowed):
        actions.edit_tag(viewer("钱领"), plant.pressure.pk, spec_of(world))
