"""Knock-on chains of a park: who falls after whom and how often, cycles that close, what the risk counts."""

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from anlan.cli.park import command
from anlan.kernels.qra.domino import TimeToFailure
from anlan.kernels.qra.layout import Rose
from anlan.kit.park import assembly, domino, knock_on
from anlan.kit.park.assembly import Scene
from anlan.kit.park.domino import Escalation
from anlan.kit.park.inputs import Circle, ExplosionInput, Heat, Outcome, Reading, Rings, Scenario, Source
from anlan.kit.park.knock_on import KnockOn
from anlan.kit.park.options import Domino
from anlan.packs.families import domino_thresholds
from tests.qra.runs import DAY, computed, reading

BLAST = Outcome(explosion=ExplosionInput(2000, 4.6e7, efficiency=0.1))
GOLDEN = Path(__file__).parents[1] / "cases/park"


def tank(name: str, x: float, *scenarios: Scenario) -> Source:
    return Source(name, x, 1000, scenarios, "atmospheric", 1000)


def row(*names: str, gap: float = 60, domino: Domino | None = None) -> Reading:
    """Tanks in a row, each of which may explode and reach the next, not the one after."""
    blast = Scenario("爆炸", (BLAST,), frequency=1e-5)
    return reading([tank(name, 500 + gap * number, blast) for number, name in enumerate(names)], domino=domino)


def chains(given: Reading) -> tuple[Scene, list[Escalation], KnockOn]:
    scene = assembly.build(given, DAY)
    found = domino.escalations(given, scene, DAY)
    return scene, found, knock_on.knock_on(scene, found)


def probability(found: list[Escalation], start: str, end: str) -> float:
    return next((one.probability for one in found if (one.case.source.name, one.target.name) == (start, end)), 0.0)


def test_a_chain_of_three_is_told_generation_by_generation() -> None:
    _, found, knock = chains(row("甲", "乙", "丙"))
    near, far = probability(found, "甲", "乙"), probability(found, "甲", "丙")
    course = next(one for one in knock.courses if one.text == "甲 爆炸 → 乙 → 丙")
    assert course.generations == (("乙",), ("丙",)) and not course.closed
    assert course.frequency == pytest.approx(1e-5 * near * (1 - far) * probability(found, "乙", "丙"))


def test_what_falls_by_others_is_added_up_over_all_first_accidents() -> None:
    _, found, knock = chains(row("甲", "乙"))
    added = {one.source.name: one.added for one in knock.fallen}
    chance = probability(found, "甲", "乙")
    assert 0 < chance < 1
    assert added == pytest.approx({"甲": 1e-5 * chance, "乙": 1e-5 * chance})
    assert {one.scenario.name for one in knock.fallen} == {"爆炸"} and {one.own for one in knock.fallen} == {1e-5}


def test_two_tanks_that_reach_each_other_make_no_endless_chain() -> None:
    _, _, knock = chains(row("甲", "乙", "丙", domino=Domino(orders=4)))
    for one in knock.courses:
        fallen = [name for generation in one.generations for name in generation]
        assert len(fallen) == len(set(fallen)) and one.case.source.name not in fallen


def test_a_small_accident_comes_back_to_its_own_tank_and_the_chain_closes_there() -> None:
    small = Scenario("小爆炸", (Outcome(explosion=ExplosionInput(1500, 4.6e7, efficiency=0.1)),), frequency=1e-4)
    whole = Scenario("爆炸", (BLAST,), frequency=1e-5)
    given = reading([tank("甲", 500, small, whole), tank("乙", 560, whole)])
    _, _, knock = chains(given)
    closed = [one for one in knock.courses if one.closed]
    assert [one.text for one in closed] == ["甲 小爆炸 → 乙 → 甲"]
    assert next(one for one in knock.fallen if one.source.name == "甲").scenario.name == "爆炸"


def test_the_scenario_of_a_fall_is_the_marked_one_else_the_largest() -> None:
    small = Scenario("小", (Outcome(circle=Circle(20)),), frequency=1e-4)
    large = Scenario("大", (Outcome(circle=Circle(80)),), frequency=1e-6)
    first = tank("甲", 500, Scenario("爆炸", (BLAST,), frequency=1e-5))
    for second, name in (((small, large), "大"), ((replace(small, knock_on=True), large), "小")):
        _, _, knock = chains(reading([first, tank("乙", 560, *second)]))
        assert [one.scenario.name for one in knock.fallen] == [name]


def test_the_risk_counts_what_was_added_only_where_it_is_asked() -> None:
    given = row("甲", "乙")
    scene, found, knock = chains(given)
    assert not knock.in_risk
    more = knock_on.with_escalated(scene, knock)
    chance = probability(found, "甲", "乙")
    assert [case.frequency for case in more.cases] == pytest.approx([1e-5 * (1 + chance)] * 2)
    assert [case.added for case in more.cases] == pytest.approx([1e-5 * chance] * 2)
    assert more.park.releases.frequency.sum() == pytest.approx(scene.park.releases.frequency.sum() * (1 + chance))
    assert chains(replace(given, run=replace(given.run, domino=Domino(in_risk=True))))[2].in_risk


def test_rarer_chains_are_left_out_and_their_sum_is_told() -> None:
    _, _, every = chains(row("甲", "乙", "丙", "丁", domino=Domino(cut_off=1e-14)))
    _, _, some = chains(row("甲", "乙", "丙", "丁", domino=Domino(cut_off=1e-6)))
    assert len(some.courses) < len(every.courses) and some.left_out > every.left_out
    assert min(one.frequency for one in some.courses) >= 1e-6
    assert [one.added for one in some.fallen] == pytest.approx([one.added for one in every.fallen])


def test_more_tanks_in_reach_of_one_another_than_sets_can_be_listed_are_no_obstacle() -> None:
    names = [f"罐{number}" for number in range(18)]
    _, _, knock = chains(row(*names, gap=4, domino=Domino(cut_off=1e-7, orders=1)))
    assert len(knock.fallen) == 18 and all(0 < one.added < 18e-5 for one in knock.fallen)


def test_a_park_without_reach_has_no_chains() -> None:
    _, found, knock = chains(row("甲", "乙", gap=1000))
    assert not found and knock == KnockOn(cut_off=1e-9)


def test_the_command_lists_chains_and_counts_them_where_asked(tmp_path: Path) -> None:
    text = (GOLDEN / "run.yaml").read_text(encoding="utf-8")
    (tmp_path / "population.csv").write_bytes((GOLDEN / "population.csv").read_bytes())
    loss = dict[bool, float]()
    for counted in (False, True):
        more = f"\ndomino: {{in_risk: {str(counted).lower()}}}\n"
        (tmp_path / "run.yaml").write_text(text + more, encoding="utf-8")
        out = tmp_path / str(counted)
        result = CliRunner().invoke(command, [str(tmp_path / "run.yaml"), "-o", str(out), "--no-report"])
        assert result.exit_code == 0, result.output
        assert ("已计入" in result.output) is counted and ("未计入" in result.output) is not counted
        with (out / "pll.csv").open(encoding="utf-8-sig", newline="") as file:
            loss[counted] = sum(float(line["PLL_per_year"]) for line in csv.DictReader(file))
        with (out / "chains.csv").open(encoding="utf-8-sig", newline="") as file:
            assert [line["chain"] for line in csv.DictReader(file)] == ["丙烷 破裂（爆炸） → 汽油"]
        with (out / "escalated.csv").open(encoding="utf-8-sig", newline="") as file:
            assert [line["in_risk"] for line in csv.DictReader(file)] == ["yes" if counted else "no"]
    assert loss[True] > loss[False]


def test_an_option_out_of_range_is_refused(tmp_path: Path) -> None:
    text = (GOLDEN / "run.yaml").read_text(encoding="utf-8")
    (tmp_path / "population.csv").write_bytes((GOLDEN / "population.csv").read_bytes())
    for wrong in ("orders: 9", "cut_off: .nan", "cut_off: 0"):
        (tmp_path / "run.yaml").write_text(f"{text}\ndomino: {{{wrong}}}\n", encoding="utf-8")
        result = CliRunner().invoke(command, [str(tmp_path / "run.yaml"), "-o", str(tmp_path / "out")])
        assert result.exit_code == 1 and (wrong.split(":")[0] in result.output or "不是数字" in result.output)


def test_chains_of_one_source_are_found() -> None:
    scene, _, _ = computed(row("甲", "乙"))
    found = domino.escalations(row("甲", "乙"), scene, DAY)
    knock = knock_on.knock_on(scene, found)
    assert {one.case.source.name for one in knock_on.chains_of(knock, "乙")} == {"甲", "乙"}


def test_a_drifted_cloud_strikes_who_stands_down_the_wind() -> None:
    drifted = Outcome(explosion=ExplosionInput(2000, 4.6e7, efficiency=0.1, drift=60))
    blast = Scenario("爆炸", (drifted,), frequency=1e-5)
    given = reading([tank("甲", 500, blast), tank("东", 560, blast), tank("西", 440, blast)])
    scene = assembly.build(given, DAY)
    rose = scene.park.rose.probability
    east_only = np.zeros_like(rose)
    east_only[:, 0] = rose.sum(axis=1)
    blown = replace(scene, park=replace(scene.park, rose=Rose(east_only)))
    found = domino.escalations(given, blown, DAY)
    assert probability(found, "甲", "东") == 1.0
    assert probability(found, "甲", "西") == 0.0
    everywhere = domino.escalations(given, scene, DAY)
    assert 0 < probability(everywhere, "甲", "西") < 1
    assert max(one.value for one in found) <= domino.HARDEST / 1e3


def test_a_jet_brings_down_what_it_strikes_for_long_enough() -> None:
    def chance(seconds: float) -> float:
        heat = Heat((1.0, 100.0), (0.0, 0.3, np.pi), ((200e3, 200e3, 0.0), (200e3, 200e3, 0.0)), seconds)
        jet = Scenario("喷射火", (Outcome(rings=Rings((0.0, 50.0), (1.0, 0.0), heat=heat)),), frequency=1e-5)
        return probability(chains(reading([tank("甲", 500, jet), tank("乙", 530, jet)]))[1], "甲", "乙")

    assert chance(300.0) == 0.0  # the pack asks for ten minutes
    assert 0 < chance(1800.0) < 1


@pytest.mark.parametrize(("volume", "as_if"), [(2000.0, 300.0), (2.0, None)])
def test_a_vessel_beyond_the_law_is_taken_on_the_safe_side(volume: float, as_if: float | None) -> None:
    unit = domino_thresholds.load(DAY).equipment["pressurised"].time_to_failure
    assert unit is not None
    law = TimeToFailure(unit.slope, unit.size, unit.power, unit.constant, (unit.volume_from, unit.volume_to))
    assert domino._within_law(volume, law) == as_if
