"""Rows are checked before any is written, and leave a revision, an audit row and a live event."""

from collections.abc import Callable
from datetime import date

import pytest

from anlan.apps.core.models import AuditRow, Outbox
from anlan.apps.enterprises.actions import (
    Draft,
    EquipmentSpec,
    RecordSpec,
    add_chemicals,
    add_equipment,
    add_items,
    add_licences,
    add_records,
    edit_item,
    end_item,
    register_enterprises,
    restore_item,
)
from anlan.apps.enterprises.models import Chemical, Enterprise, Equipment, FileRecord, Licence, Revision
from anlan.apps.enterprises.specs import EnterpriseSpec
from anlan.kit.errors import NotAllowed, NotInScope, Refused
from anlan.kit.grants import SYSTEM, Viewer
from tests.enterprises.conftest import ammonia, days, licence
from tests.world import World

PLAN = {"name": "综合预案", "type": "综合应急预案", "issued": "2026-01-05", "review_due": "2029-01-04"}


def test_a_registered_enterprise_keeps_what_a_later_list_leaves_out(world: World, firm: Enterprise) -> None:
    register_enterprises(SYSTEM, [EnterpriseSpec(place_id=world.plant.pk, size="中型")])
    kept = Enterprise.objects.get(pk=world.plant.pk)
    assert (kept.size, kept.principal, kept.employees) == ("中型", "何总", 86)


def test_a_row_is_traced_by_revision_audit_row_and_live_event(world: World, viewer: Callable[[str], Viewer]) -> None:
    [row] = add_licences(viewer("王安"), [licence(world.plant.pk, days(100))])
    revision = Revision.objects.get(kind="licence", item_id=row.pk)
    assert (revision.change, revision.title, revision.by) == ("add", "安全生产许可证", world.people["王安"])
    assert AuditRow.objects.get(action="item.add").subject == f"licence:{row.pk}"
    assert Outbox.objects.filter(topic="file", place=world.plant).exists()


def test_the_first_date_that_runs_is_kept_as_due(world: World) -> None:
    values = {"vessel_class": "第一类", "design_pressure": 1.6, "safety_valve_due": days(20).isoformat()}
    spec = EquipmentSpec(
        place_id=world.reactor.pk,
        category="压力容器",
        name="液氨储罐",
        code="容15辽K0001",
        medium="液氨",
        inspection_due=days(300),
        values=values,
    )
    [row] = add_equipment(SYSTEM, [spec])
    kept = Equipment.objects.get(pk=row.pk)
    assert kept.due == days(20)
    assert kept.values["design_pressure"] == 1.6


def test_a_wrong_row_names_its_number_and_nothing_is_written(world: World) -> None:
    good, bad = ammonia(world.plant.pk), ammonia(world.plant.pk)
    object.__setattr__(bad, "cas", "7664-41-8")
    with pytest.raises(Refused, match="第 2 行：CAS 号“7664-41-8”不对"):
        add_chemicals(SYSTEM, [good, bad])
    assert not Chemical.objects.exists()


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"type": "综合应急预案", "issued": "2026-01-05"}, "没有填写预案名称"),
        ({**PLAN, "type": "大预案"}, "没有“大预案”这一选项"),
        ({**PLAN, "issued": "五月"}, "发布日期“五月”不对"),
        ({**PLAN, "colour": "红"}, "没有“colour”这一项"),
        ({**PLAN, "name": "长" * 121}, "超过 120 字"),
    ],
)
def test_what_is_wrong_is_said_in_words(world: World, values: dict[str, object], said: str) -> None:
    with pytest.raises(Refused, match=said):
        add_records(SYSTEM, [RecordSpec(world.plant.pk, "plans", values)])
    assert not FileRecord.objects.exists()


def test_a_group_that_does_not_exist_is_refused(world: World) -> None:
    with pytest.raises(Refused, match="没有“secrets”这一组"):
        add_items(SYSTEM, [Draft(world.plant.pk, "secrets", {})])


def test_a_division_keeps_no_file(world: World) -> None:
    with pytest.raises(Refused, match="行政区划"):
        add_licences(SYSTEM, [licence(world.dongguan.pk, None)])
    with pytest.raises(Refused, match="不是企业"):
        register_enterprises(SYSTEM, [EnterpriseSpec(place_id=world.reactor.pk, size="小型")])


def test_who_may_not_edit_may_not_write_and_strangers_learn_nothing(
    world: World, viewer: Callable[[str], Viewer]
) -> None:
    with pytest.raises(NotAllowed):
        add_licences(viewer("赵值"), [licence(world.plant.pk, None)])
    with pytest.raises(NotInScope):
        add_licences(viewer("王安"), [licence(world.mill.pk, None)])
    assert not Licence.objects.exists()


def test_a_change_keeps_before_and_after(world: World, viewer: Callable[[str], Viewer]) -> None:
    officer = viewer("王安")
    [row] = add_records(officer, [RecordSpec(world.plant.pk, "plans", PLAN)])
    edit_item(officer, "record", row.pk, {**PLAN, "review_due": "2030-01-04", "number": "备-7"})
    revision = Revision.objects.get(change="edit")
    assert revision.fields == {"number": [None, "备-7"], "review_due": ["2029-01-04", "2030-01-04"]}
    assert FileRecord.objects.get().due == date(2030, 1, 4)


def test_an_ended_row_stays_is_not_changed_and_can_come_back(world: World, viewer: Callable[[str], Viewer]) -> None:
    officer = viewer("王安")
    [row] = add_licences(officer, [licence(world.plant.pk, None)])
    with pytest.raises(Refused, match="没有写明停用的原因"):
        end_item(officer, "licence", row.pk, " ")
    end_item(officer, "licence", row.pk, "已换证")
    with pytest.raises(Refused, match="已停用"):
        edit_item(officer, "licence", row.pk, {})
    restore_item(officer, "licence", row.pk)
    assert Licence.objects.get().ended is None
    assert list(Revision.objects.order_by("pk").values_list("change", flat=True)) == ["add", "end", "restore"]


def test_hundreds_of_rows_take_a_transaction_for_every_two_hundred(world: World) -> None:
    rows = add_licences(SYSTEM, [licence(world.plant.pk, days(9), number=str(n)) for n in range(450)])
    assert len({row.pk for row in rows}) == Licence.objects.count() == 450
