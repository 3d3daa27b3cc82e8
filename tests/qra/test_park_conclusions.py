"""What a computed park breaks, with figures and clause, and who would have to move, in which order."""

import csv
from pathlib import Path

import pytest
from click.testing import CliRunner

from anlan.cli.park import command
from anlan.kit.park.conclusions import Conclusions, conclude
from anlan.kit.park.inputs import People, Reading, Target
from anlan.kit.park.options import RequiredDistance
from tests.qra.runs import DAY, computed, reading, source

SCHOOL = Target("学校", 1000, 1000, "高敏感防护目标")
SHOP = Target("商店", 1300, 1000, limit=1e-5)


def concluded(given: Reading) -> Conclusions:
    return conclude(given, *computed(given), DAY)


def park(**more: object) -> Reading:
    """Plant 甲 breaks the school's limit by its two sources, 乙 breaks the shop's, 丙 hurts nobody."""
    sources = [
        source("甲一", 950, 1000, 4e-6, 100, plant="甲"),
        source("甲二", 1000, 1080, 2e-6, 120, plant="甲"),
        source("乙", 1250, 1000, 1e-4, 100),
        source("丙", 200, 200, 1e-3, 50),
    ]
    return reading(sources, [SCHOOL, SHOP, Target("无限值", 1000, 900)], **more)


def test_a_target_beyond_its_limit_is_told_with_figures_clause_and_pack() -> None:
    first, second = concluded(park()).broken
    assert (first.key, first.place, first.kind) == ("individual:学校", "学校", "individual")
    assert first.value == pytest.approx(3e-6) and first.limit == 3e-7 and first.excess == pytest.approx(10)
    assert first.criterion.pack == "chemicals/gb36894" and first.criterion.standard == "GB 36894-2018"
    assert "高敏感防护目标" in first.criterion.clause and first.criterion.confidence == "memory"
    assert [name for name, _ in first.causes] == ["甲一 破裂 圆", "甲二 破裂 圆"]
    assert "3.00e-06/年" in first.text and "10 倍" in first.text
    assert second.key == "individual:商店" and second.criterion.pack == "" and second.excess == pytest.approx(5)


def test_a_park_that_keeps_every_criterion_breaks_none() -> None:
    found = concluded(reading([source("丙", 200, 200, 1e-3, 50)], [SCHOOL]))
    assert found.broken == () and found.relocation.targets == () and found.relocation.plants == ()


def test_a_curve_above_the_line_is_told_with_the_number_at_which_it_is_worst() -> None:
    crowd = People("集市", 1250, 1010, 400)
    found = [one for one in concluded(park(population=(crowd,))).broken if one.kind == "societal"]
    assert len(found) == 1 and found[0].unit == "/年"
    assert found[0].at == pytest.approx(200) and found[0].value == pytest.approx(1e-4)
    assert found[0].limit == pytest.approx(1e-3 / 200) and found[0].excess == pytest.approx(20)
    assert found[0].causes[0][0] == "乙 破裂 圆"


def test_more_deaths_than_the_diagram_shows_break_the_criterion_however_rare() -> None:
    crowd = People("体育场", 1250, 1010, 4000)
    far = reading([source("乙", 1250, 1000, 1e-9, 100)], population=(crowd,))
    [one] = concluded(far).broken
    assert (one.unit, one.limit) == ("人", 1000) and one.value == pytest.approx(2000)


def test_a_distance_shorter_than_a_rule_asks_is_told() -> None:
    rule = RequiredDistance(100, "乙", "商店", "GB 50984-2014", "表 4.1.5")
    everywhere = RequiredDistance(60, "", "高敏感防护目标")
    found = [one for one in concluded(park(distances=(rule, everywhere))).broken if one.kind == "distance"]
    assert [one.key for one in found] == ["distance:乙:商店", "distance:甲一:学校"]
    assert found[0].value == pytest.approx(50) and found[0].excess == pytest.approx(2)
    assert "差 50 m" in found[0].text and found[0].criterion.clause == "表 4.1.5"


def test_targets_to_move_are_sorted_by_excess_and_told_how_far() -> None:
    first, second = concluded(park()).relocation.targets
    assert (first.judged.target.name, first.plant) == ("学校", "甲")
    assert first.share == pytest.approx(1.0) and first.distance == pytest.approx(50)
    assert first.needed == pytest.approx(139.4, abs=2)  # where the circle of 甲二 ends in that direction
    assert (second.judged.target.name, second.plant) == ("商店", "乙")


def test_plants_to_move_come_in_the_order_that_cures_most() -> None:
    first, second = sorted(concluded(park()).relocation.plants, key=lambda one: one.order or 9)
    assert (first.plant, first.sources, first.order, first.left) == ("甲", ("甲一", "甲二"), 1, 1)
    assert (second.plant, second.order, second.left) == ("乙", 2, 0)
    assert first.excess == pytest.approx(10) and first.cured == 1 and first.worst == "学校"


def test_a_plant_without_which_the_curve_is_tolerable_is_listed_though_no_target_is_broken() -> None:
    crowd = People("集市", 1250, 1010, 400)
    only = reading([source("乙", 1250, 1000, 1e-4, 100), source("丙", 200, 200, 1e-3, 50)], population=(crowd,))
    [plant] = concluded(only).relocation.plants
    assert plant.plant == "乙" and plant.cures_societal and plant.order is None and plant.loss == pytest.approx(1.0)


GOLDEN = Path(__file__).parents[1] / "cases/park"


def run_file(folder: Path, *changes: tuple[str, str], more: str = "") -> Path:
    """The golden run, changed."""
    text = (GOLDEN / "run.yaml").read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    (folder / "run.yaml").write_text(text + more, encoding="utf-8")
    (folder / "population.csv").write_bytes((GOLDEN / "population.csv").read_bytes())
    return folder / "run.yaml"


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def test_the_command_writes_what_is_broken_and_who_moves(tmp_path: Path) -> None:
    strict = ("x: 1400, y: 900, limit: 1.0e-6", "x: 1180, y: 1000, category: 高敏感防护目标")
    run = run_file(tmp_path, strict, more="\ndistances:\n  - {metres: 600, target: 学校, clause: 第 3 条}\n")
    result = CliRunner().invoke(command, [str(run), "-o", str(tmp_path / "out"), "--no-report"])
    assert result.exit_code == 0 and "不符合：商店" in result.output and "搬迁改造次序：" in result.output
    found = rows(tmp_path / "out/broken.csv")
    assert {row["kind"] for row in found} == {"individual", "distance"}
    assert found[0]["pack"] == "chemicals/gb36894" and float(found[0]["excess"]) > 1
    assert rows(tmp_path / "out/relocation_targets.csv")[0]["name"] == "商店"
    assert rows(tmp_path / "out/relocation_plants.csv")[0]["plant"] in result.output


def test_a_distance_between_things_that_are_not_there_is_refused(tmp_path: Path) -> None:
    run = run_file(tmp_path, more="\ndistances: [{metres: 600, source: 没有}]\n")
    result = CliRunner().invoke(command, [str(run), "-o", str(tmp_path / "out")])
    assert result.exit_code == 1 and "没有 不在本文件中" in result.output
