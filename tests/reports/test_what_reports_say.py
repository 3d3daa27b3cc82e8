"""What stands in a report is what stands in the records, and nothing that its maker may not see."""

import io
from collections.abc import Callable

import openpyxl

from anlan.apps.consequences import actions as consequences
from anlan.apps.consequences.specs import ScenarioSpec
from anlan.apps.monitoring import actions as monitoring
from anlan.apps.monitoring.models import Alarm
from anlan.apps.reports.models import Report
from anlan.kit.grants import SYSTEM, Viewer
from anlan.packs.families import hazards
from anlan.rules.alarms import Limits
from tests.monitoring.conftest import RAISE, Engine
from tests.reports.conftest import HAZARD, content, told, words
from tests.world import World

Make = Callable[..., Report]
Who = Callable[[str], Viewer]


def test_the_analysis_of_an_enterprise_tells_its_points_papers_and_chemicals(ground: World, viewer: Who) -> None:
    said = told(viewer("王安"), ground.plant, "analysis")
    assert "恒泰化工厂为红（重大风险）" in said
    assert "风险点 1 处：红 1" in said
    assert HAZARD in said
    assert "安全生产许可证｜恒泰化工厂" in said and "过期 10 天" in said
    assert "氨 25 t" in said and "2.50" in said  # Σq/Q against 10 t
    assert "1 个单元构成重大危险源，但缺数据不能定级" in said


def test_measures_are_those_of_the_trades_pack_and_say_so(ground: World, viewer: Who) -> None:
    found = next(one for one in hazards.load("hazchem", ground.plant.created.date()).hazards if HAZARD in one.hazard)
    said = told(viewer("王安"), ground.plant, "analysis")
    assert found.engineering in said
    assert f"sectors/hazchem/hazards {found.code}" in said


def test_the_list_of_major_risks_is_the_same_in_word_and_excel(ground: World, viewer: Who, make: Make) -> None:
    report = make(viewer("赵值"), ground.qinghe, "major_list")
    said = words(report)
    sheet = openpyxl.load_workbook(io.BytesIO(content(report, "xlsx"))).worksheets[0]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    names = [str(row[1]) for row in rows if isinstance(row[0], int)]
    assert names == ["进料阀组", "聚合反应釜（重大危险源）"]
    assert "有重大风险点 1 处、构成重大危险源的单元 1 个" in said
    assert all(name in said for name in names)
    assert "王安（安全负责人）" in said
    assert "停车场油罐" not in names  # serious, not major


def test_the_assessment_of_a_county_counts_what_the_county_shows(ground: World, viewer: Who) -> None:
    said = told(viewer("赵值"), ground.qinghe, "assessment")
    assert "风险点 3 处：红 1、橙 1、未 1" in said
    assert "企业 2 家：红 1、橙 1" in said
    assert "较大以上风险点最多的是" in said
    assert "1 项许可、证照已过有效期" in said
    assert "1 家企业没有档案" in said  # the haulier


def test_alarms_of_the_period_are_counted_as_lists_count_them(ground: World, viewer: Who) -> None:
    source, _ = monitoring.add_source(SYSTEM, ground.plant.pk, "gw", "网关")
    tag = monitoring.add_tag(SYSTEM, source.pk, monitoring.TagSpec(ground.valve.pk, "P", "釜压", limits=Limits(h=50)))
    Engine().say((tag, "H", RAISE), value=60.0, ago_s=60)
    said = told(viewer("王安"), ground.plant, "analysis")
    assert Alarm.objects.count() == 1
    assert "期间越限报警 1 次" in said
    assert "釜压" in said


def test_a_report_tells_nothing_beyond_its_makers_grants(ground: World, viewer: Who) -> None:
    for name, place in (("王安", ground.plant), ("赵值", ground.qinghe)):
        said = told(viewer(name), place, "assessment")
        assert "金桥冶炼厂" not in said
        assert "临山县" not in said
    assert "顺达运输行" not in told(viewer("王安"), ground.plant, "analysis")


def test_every_report_says_when_who_what_it_lacks_and_by_which_rules(ground: World, viewer: Who) -> None:
    for kind in ("analysis", "major_list", "assessment"):
        said = told(viewer("赵值"), ground.qinghe, kind)
        for one in ("数据时点", "编制人｜赵值", "数据缺口", "core/levels", "core/reports", "1 处风险点等级未知"):
            assert one in said, (kind, one)


def test_the_demonstration_is_marked_on_every_page(ground: World, viewer: Who, make: Make, settings: object) -> None:
    import docx

    settings.DEMO = True  # type: ignore[attr-defined]  # pytest-django's settings
    report = make(viewer("王安"), ground.plant, "major_list")
    document = docx.Document(io.BytesIO(content(report, "docx")))
    assert "虚构" in document.sections[0].header.paragraphs[0].text


def test_knock_on_tells_how_far_an_accident_reaches_and_who_is_there(ground: World, viewer: Who) -> None:
    spec = ScenarioSpec("球罐爆裂", 121.105, 41.105, "甲烷", 500.0, "rupture", pressure=2e6)
    consequences.add_scenario(SYSTEM, ground.plant.pk, spec)
    said = told(viewer("赵值"), ground.plant, "knock_on")
    assert "影响最远的是恒泰化工厂“球罐爆裂”" in said
    assert "容器爆裂｜70 kPa" in said
    assert "登记的情景" in said
    assert "core/domino_thresholds" in said


def test_stores_without_a_scenario_are_reported_as_assumed(ground: World, viewer: Who) -> None:
    from anlan.apps.reports import accidents
    from anlan.apps.reports.subject import Subject

    registered, free = accidents.stores(Subject(viewer("赵值"), ground.qinghe, 30))
    assert registered == []
    assert [(held.substance, cas) for held, cas, _ in free] == [("氨", "7664-41-7")]


def test_pdf_carries_its_typeface_and_bookmarks(ground: World, viewer: Who, make: Make) -> None:
    found = content(make(viewer("赵值"), ground.qinghe, "assessment"), "pdf")
    assert found.startswith(b"%PDF-")
    assert b"/FontFile2" in found and b"AnlanSans" in found
    assert b"/Outlines" in found
