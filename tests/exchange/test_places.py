"""Places by file: looked at, published, marked, taken back."""

import json
from collections.abc import Callable

import openpyxl
import pytest

from anlan.apps.core.actions import add_place, edit_place, give_grant
from anlan.apps.core.models import AuditRow, Place
from anlan.apps.exchange import actions, selectors
from anlan.apps.exchange.models import ImportRun
from anlan.kit.errors import NotAllowed, NotInScope, Refused
from anlan.kit.grants import SYSTEM, Viewer
from tests.exchange.conftest import HandIn, counts, publish, remarks, undo
from tests.world import World

HEAD = ("名称", "类别", "上级", "编码", "行业", "经度 [°]", "纬度 [°]")
GOOD = (
    HEAD,
    ("东区", "区域", "恒泰化工厂", "A-1", None, 121.5, 29.9),
    ("1 号储罐", "生产单元", "东区", "T-1", None, None, None),
    ("储罐进料口", "风险点", "1 号储罐", None, None, None, None),
    ("聚合反应釜", "生产单元", "恒泰化工厂", "R-101", None, None, None),
)


def test_a_good_file_becomes_a_branch_of_the_tree(
    hand_in: HandIn, viewer: Callable[[str], Viewer], world: World
) -> None:
    keeper = viewer("王安")
    run = hand_in(keeper, "places", GOOD)
    assert (run.state, counts(run)) == ("staged", (3, 1, 0, 0))
    assert not Place.objects.filter(name="东区").exists()
    publish(keeper, run)
    assert run.state == "published"
    point = Place.objects.get(name="储罐进料口")
    assert [step.name for step in (point.parent, point.parent.parent)] == ["1 号储罐", "东区"]  # type: ignore[union-attr]
    assert point.path.startswith(world.plant.path) and point.sector == world.plant.sector
    assert Place.objects.get(name="东区").geometry == {"type": "Point", "coordinates": [121.5, 29.9]}
    assert Place.objects.get(pk=world.reactor.pk).code == "R-101"
    assert AuditRow.objects.filter(action="place.add", actor=keeper.person_id).count() == 3
    assert AuditRow.objects.filter(action="import.publish", subject=f"import:{run.pk}").exists()


def test_the_same_file_again_changes_nothing(hand_in: HandIn, viewer: Callable[[str], Viewer]) -> None:
    keeper = viewer("王安")
    publish(keeper, hand_in(keeper, "places", GOOD))
    again = hand_in(keeper, "places", GOOD)
    assert counts(again) == (0, 0, 4, 0)
    with pytest.raises(Refused, match=r"import\.nothing_to_do"):
        actions.ask_to_publish(keeper, again.pk)


BAD = (
    HEAD,
    ("东区", "区域", "恒泰化工"),
    ("西区", "片区", "恒泰化工厂"),
    ("西区", "区域", "临山县"),
    ("三车间", "风险点", "清河县", "x" * 30),
    ("甲罐", "生产单元", "恒泰化工厂", "T-9"),
    ("乙罐", "生产单元", "恒泰化工厂", "T-9"),
    (None, "生产单元", "恒泰化工厂"),
    ("丙罐", "生产单元", "恒泰化工厂", None, None, "东经", 29.9),
    ("丁罐", "生产单元", "西区", None, None, None, None),
    ("戊罐", "生产单元", "恒泰化工厂", None, None, 121.5, None),
)


def test_each_bad_row_is_told_what_is_wrong_and_what_was_meant(
    hand_in: HandIn, viewer: Callable[[str], Viewer]
) -> None:
    keeper = viewer("王安")
    run = hand_in(keeper, "places", BAD)
    said = remarks(keeper, run)
    assert "没有找到“恒泰化工”，是否应为：恒泰化工厂" in said[2]
    assert "是否应为" in said[3] or "可填" in said[3] or "没有“片区”" in said[3]
    assert "临山县" in said[4]
    assert "清河县" in said[5]
    assert "与第 6 行重复" in said[7]
    assert said[8] == "名称没有填"
    assert said[9] == "经度：“东经”不是数字"
    assert "第 3、4 行都有" in said[10]
    assert said[11] == "经度和纬度要一起填"
    assert counts(run) == (1, 0, 0, 9)
    publish(keeper, run)
    assert Place.objects.filter(name="甲罐").exists()
    assert not Place.objects.filter(name="乙罐").exists()


def test_a_row_that_lies_in_a_bad_row_is_bad_too(hand_in: HandIn, viewer: Callable[[str], Viewer]) -> None:
    keeper = viewer("王安")
    rows = (
        HEAD,
        ("罐顶", "风险点", "罐 7"),
        ("罐 7", "生产单元", "恒太化工厂"),
        ("甲", "区域", "乙"),
        ("乙", "区域", "甲"),
    )
    said = remarks(keeper, hand_in(keeper, "places", rows))
    assert "第 3 行有错" in said[2]
    assert "是否应为：恒泰化工厂" in said[3]
    assert "绕成了一圈" in said[4]


def test_the_bad_file_comes_back_marked(hand_in: HandIn, viewer: Callable[[str], Viewer], tmp_path: object) -> None:
    keeper = viewer("王安")
    run = hand_in(keeper, "places", BAD)
    target = tmp_path / "marked.xlsx"  # type: ignore[operator]  # a path
    selectors.mark(run, target)
    sheet = openpyxl.load_workbook(target).worksheets[0]
    assert sheet["H1"].value == "导入说明"
    assert sheet["H8"].value == "名称没有填"
    assert sheet["H6"].value is None
    assert selectors.marked_name(run) == "名单-有错的行已标出.xlsx"


def test_all_or_nothing_takes_everything_back_when_a_row_fails_late(
    hand_in: HandIn, viewer: Callable[[str], Viewer], world: World
) -> None:
    keeper = viewer("王安")
    with pytest.raises(Refused, match=r"import\.has_bad_rows"):
        actions.ask_to_publish(keeper, hand_in(keeper, "places", BAD).pk, whole=True)
    run = hand_in(keeper, "places", GOOD)
    edit_place(SYSTEM, world.reactor.pk, name="别的名字")
    Place.objects.filter(pk=world.reactor.pk).update(retired=None, kind="risk_point", code="")
    actions.ask_to_publish(keeper, run.pk, whole=True)
    line = run.lines.get(number=3)
    line.data["spec"]["kind"] = "county"  # what no longer fits the tree
    line.save()
    publish_job(run)
    assert run.state == "staged"
    assert run.problem["code"] == "import.not_whole"
    assert not Place.objects.filter(name__in=["东区", "1 号储罐"], retired=None).exists()


def publish_job(run: ImportRun) -> None:
    from tests.exchange.conftest import work

    work()
    run.refresh_from_db()


def test_an_import_can_be_undone_while_nothing_else_has_touched_it(
    hand_in: HandIn, viewer: Callable[[str], Viewer], world: World
) -> None:
    keeper = viewer("王安")
    run = undo(keeper, publish(keeper, hand_in(keeper, "places", GOOD)))
    assert run.state == "undone"
    assert not Place.objects.filter(name__in=["东区", "1 号储罐", "储罐进料口"], retired=None).exists()
    assert Place.objects.get(pk=world.reactor.pk).code == ""


def test_what_was_touched_since_is_named_when_undoing_is_refused(
    hand_in: HandIn, viewer: Callable[[str], Viewer]
) -> None:
    keeper = viewer("王安")
    run = publish(keeper, hand_in(keeper, "places", GOOD))
    add_place(SYSTEM, Place.objects.get(name="东区"), "unit", "后来的装置")
    with pytest.raises(Refused, match="第 2 行“东区”：其下已有“后来的装置”"):
        actions.ask_to_undo(keeper, run.pk)
    run.refresh_from_db()
    assert run.state == "published"


def test_nobody_imports_into_what_they_do_not_keep(
    hand_in: HandIn, viewer: Callable[[str], Viewer], world: World
) -> None:
    with pytest.raises(NotAllowed):
        hand_in(viewer("孙外"), "places", GOOD)
    give_grant(SYSTEM, world.people["孙外"], "safety_officer", world.ferry)
    stranger = viewer("孙外")
    run = hand_in(
        stranger,
        "places",
        (HEAD, ("偷来的", "生产单元", "恒泰化工厂"), ("改名", "企业", "柳湾化工园", "91990121MA0000001X")),
    )
    assert counts(run) == (0, 0, 0, 2)
    assert all("恒泰" not in words or "没有找到" in words for words in remarks(stranger, run).values())
    with pytest.raises(NotInScope):
        selectors.run(viewer("王安"), run.pk)


def test_places_come_by_geojson_with_their_shapes_and_go_back_marked(
    hand_in: HandIn, viewer: Callable[[str], Viewer], tmp_path: object
) -> None:
    keeper = viewer("王安")
    square = {"type": "Polygon", "coordinates": [[[121.5, 29.9], [121.6, 29.9], [121.6, 30.0], [121.5, 29.9]]]}
    features = [
        {"type": "Feature", "geometry": square, "properties": {"名称": "罐区", "类别": "区域", "上级": "恒泰化工厂"}},
        {"type": "Feature", "geometry": None, "properties": {"名称": "无主", "类别": "区域", "上级": "没有的厂"}},
    ]
    content = json.dumps({"type": "FeatureCollection", "features": features}).encode()
    run = hand_in(keeper, "places", content, "图.geojson")
    assert counts(run) == (1, 0, 0, 1)
    publish(keeper, run)
    assert Place.objects.get(name="罐区").geometry == square
    selectors.mark(run, tmp_path / "m.geojson")  # type: ignore[operator]
    marked = json.loads((tmp_path / "m.geojson").read_text())  # type: ignore[operator]
    assert "没有找到" in marked["features"][1]["properties"]["导入说明"]
    assert "导入说明" not in marked["features"][0]["properties"]


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([["甲", "乙"]], "sheet.no_head"),
        ([["名称", "类别"]], "sheet.missing"),
        (b"\xd0\xcf\x11\xe0xx", "sheet.old_excel"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(
    hand_in: HandIn, viewer: Callable[[str], Viewer], rows: object, code: str
) -> None:
    run = hand_in(viewer("王安"), "places", rows)
    assert (run.state, run.problem["code"]) == ("refused", code)
    assert run.problem["fix"]


def test_a_publishing_that_was_killed_goes_on_without_doing_anything_twice(
    hand_in: HandIn, viewer: Callable[[str], Viewer]
) -> None:
    keeper = viewer("王安")
    run = hand_in(keeper, "places", GOOD)
    actions.ask_to_publish(keeper, run.pk)

    class Killed(BaseException):
        pass

    def die(done: int, total: int) -> None:
        raise Killed

    with pytest.raises(Killed):
        actions.work(run.pk, "publish", keeper, die)
    assert Place.objects.filter(name="东区").count() == 1
    publish_job(run)
    assert run.state == "published"
    assert [Place.objects.filter(name=name).count() for name in ("东区", "1 号储罐", "储罐进料口")] == [1, 1, 1]
