"""People with grants, enterprises with their files, and tags by file: each is written by the app that owns it."""

from collections.abc import Callable
from datetime import date

from anlan.apps.core import selectors
from anlan.apps.core.models import Grant, Person
from anlan.apps.enterprises.models import Chemical, Enterprise, Equipment
from anlan.apps.monitoring.actions import add_source
from anlan.apps.monitoring.models import Tag
from anlan.kit.grants import SYSTEM, Viewer
from tests.exchange.conftest import HandIn, counts, publish, remarks, undo
from tests.world import World

PEOPLE = (
    ("用户名", "姓名", "电话", "角色", "场所", "行业", "授权止"),
    ("wangwu", "王五", "0427-1", "员工", "恒泰化工厂", None, None),
    ("wangwu", "王五", None, "值班员", "东关镇", None, date(2099, 12, 31)),
    ("zhao liu", "赵六", None, "员工", "恒泰化工厂", None, None),
    ("sunqi", "孙七", None, "员工", "恒泰化工", None, None),
    ("zhouba", "周八", None, "神仙", "恒泰化工厂", None, None),
    ("wujiu", "吴九", None, "员工", "恒泰化工厂", None, "2020-01-01"),
)


def test_people_come_with_every_grant_they_have_and_leave_again(
    hand_in: HandIn, viewer: Callable[[str], Viewer]
) -> None:
    keeper = viewer("陈县")
    run = hand_in(keeper, "people", PEOPLE)
    said = remarks(keeper, run)
    assert (run.fresh, run.bad) == (3, 3), said
    assert "是否应为：恒泰化工厂" in said[5] and "神仙" in said[6] and "已过" in said[7]
    publish(keeper, run)
    person = Person.objects.get(username="wangwu")
    assert Person.objects.filter(username="zhaoliu").exists(), "spaces in a user name are a slip"
    held = {(grant.role, grant.place.name) for grant in Grant.objects.filter(person=person)}
    assert held == {("worker", "恒泰化工厂"), ("duty_officer", "东关镇")}
    again = hand_in(keeper, "people", PEOPLE)
    assert (again.fresh, again.changed, again.same) == (0, 0, 3)
    assert undo(keeper, run).state == "undone"
    person.refresh_from_db()
    assert not person.is_active and not selectors.viewer_of(person).scopes


ENTERPRISES = (
    ("名称", "统一社会信用代码", "编码", "上级", "行业", "从业人数", "主要负责人", "企业规模", "成立日期"),
    ("新安冷库", None, None, "东关镇", None, 42, "钱总", "小型", "2019年5月1日"),
    ("恒泰化工厂", None, "91990121MA0000001X", "柳湾化工园", None, "１２０", "孙总", "中型", None),
    ("坏代码厂", None, "91990121MA00000019", "东关镇", None, -3, None, "超大", None),
)


def test_enterprises_come_with_their_place_and_the_facts_of_their_file(
    hand_in: HandIn, viewer: Callable[[str], Viewer], world: World
) -> None:
    keeper = viewer("陈县")
    run = hand_in(keeper, "enterprises", ENTERPRISES)
    said = remarks(keeper, run)
    assert counts(run) == (1, 1, 0, 1), said
    assert "统一社会信用代码" in run.unused
    assert "校验码不符" in said[4] and "超大" in said[4]
    publish(keeper, run)
    fresh = Enterprise.objects.get(place__name="新安冷库")
    assert (fresh.employees, fresh.principal, fresh.founded) == (42, "钱总", date(2019, 5, 1))
    assert Enterprise.objects.get(pk=world.plant.pk).employees == 120
    assert counts(hand_in(keeper, "enterprises", ENTERPRISES)) == (0, 0, 2, 1)


CHEMICALS = (
    ("企业或场所", "名称", "CAS 号", "用途", "所在", "实际存量 [t]", "设计最大量 [t]"),
    ("恒泰化工厂", "氨", "7664-41-7", "原料", "贮罐区", 8.2, 12),
    ("恒泰化工厂", "氨", "7664-41-7", "原料", "贮罐区", 9, 12),
    ("恒泰化工厂", "氯", "7782-50-6", "原料", "贮罐区", "约三吨", 12),
    ("东关镇", "氯", None, "原料", "贮罐区", 1, 2),
)


def test_chemicals_come_into_the_file_and_are_ended_when_taken_back(
    hand_in: HandIn, viewer: Callable[[str], Viewer], world: World
) -> None:
    keeper = viewer("陈县")
    run = hand_in(keeper, "chemicals", CHEMICALS)
    said = remarks(keeper, run)
    assert counts(run) == (1, 0, 0, 3), said
    assert "与第 2 行重复" in said[3] and "不是数字" in said[4] and "行政区划" in said[5]
    publish(keeper, run)
    assert Chemical.objects.get(name="氨", place=world.plant.pk).quantity == 8.2
    more = hand_in(keeper, "chemicals", [CHEMICALS[0], ("恒泰化工厂", "氨", "7664-41-7", "原料", "贮罐区", 9.5, None)])
    assert counts(more) == (0, 1, 0, 0)
    publish(keeper, more)
    assert Chemical.objects.get(name="氨").quantity == 9.5
    undo(keeper, more)
    assert Chemical.objects.get(name="氨").quantity == 8.2
    assert Chemical.objects.get(name="氨").ended is None


def test_equipment_goes_to_the_group_that_its_category_names(
    hand_in: HandIn, viewer: Callable[[str], Viewer], world: World
) -> None:
    keeper = viewer("陈县")
    rows = (
        ("企业或场所", "类别", "设备名称", "位号或编号", "使用状态", "下次检验日期"),
        ("聚合反应釜", "主要设备", "聚合釜", "R-101", "在用", "2027-03-01"),
        ("恒泰化工厂", "飞行器", "无人机", "U-1", "在用", None),
    )
    run = hand_in(keeper, "equipment", rows)
    assert counts(run) == (1, 0, 0, 1), remarks(keeper, run)
    publish(keeper, run)
    assert Equipment.objects.get(place=world.reactor.pk).category == "主要设备"


def test_tags_come_to_their_gateway_with_limits(hand_in: HandIn, viewer: Callable[[str], Viewer], world: World) -> None:
    add_source(SYSTEM, world.plant.pk, "gw-1", "恒泰网关")
    keeper = viewer("王安")
    rows = (
        ("来源代码", "位号", "名称", "场所", "单位", "高限", "高高限", "低限"),
        ("gw-1", "P1", "釜压", "聚合反应釜", "kPa", 90, 95, None),
        ("gw-1", "P2", "釜温", "聚合反应釜", "℃", 90, 80, None),
        ("gw-2", "P3", "液位", "聚合反应釜", "%", 90, None, None),
    )
    run = hand_in(keeper, "tags", rows)
    said = remarks(keeper, run)
    assert counts(run) == (1, 0, 0, 2), said
    assert "gw-1" in said[4]
    publish(keeper, run)
    tag = Tag.objects.get(code="P1")
    assert (tag.h, tag.hh, tag.place_id) == (90, 95, world.reactor.pk)
    undo(keeper, run)
    tag.refresh_from_db()
    assert not tag.enabled
