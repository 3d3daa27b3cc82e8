"""What a project itself adds to individual and societal risk: computed with the check, judged, kept, told."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from anlan.apps.consequences import actions as scenarios
from anlan.apps.consequences.models import ParkStudy
from anlan.apps.consequences.parks import actions as studies
from anlan.apps.consequences.parks.specs import SourceSpec, StudySpec
from anlan.apps.consequences.specs import ScenarioSpec
from anlan.apps.core.actions import add_place, run_due
from anlan.apps.parks import actions, selectors
from anlan.apps.parks.models import CheckRun, Project
from anlan.apps.parks.specs import ChemicalLine
from anlan.kit.errors import BadInput, NotAllowed, NotInScope, Refused
from anlan.kit.grants import SYSTEM
from anlan.kit.park.inputs import WeatherClass
from anlan.rules.added_risk import Added, Exposed, effect
from tests.parks.parts import GOOD, Viewers, proposed
from tests.world import World, plot

STILL = (WeatherClass("D 3 m/s", "D", 3.0, 1.0, (1 / 16,) * 16),)
METRE = 1 / 111_320
LON, LAT = 120.0408, 30.0008  # in the land of the project
THERE = SourceSpec("在役氨罐", LON + 700 * METRE, LAT, "7664-41-7", 20e3, "pressure-vessel", ("10mm",))
CHLORINE = SourceSpec("拟建液氯储罐", LON, LAT, "7782-50-5", 20e3, "pressure-vessel", ("10mm",), amount=50.0)
TOXIC = replace(GOOD, chemicals=(ChemicalLine("氯", "7782-50-5", 50.0, "", "气体"),))


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> None:
    settings.DATA = tmp_path


@pytest.fixture
def study(world: World) -> ParkStudy:
    made = studies.add_study(SYSTEM, world.park.pk, StudySpec("柳湾园区评价", "in_service", STILL, 50.0, 1500.0))
    studies.add_sources(SYSTEM, made.pk, [THERE])
    add_place(SYSTEM, world.dongguan, "public_object", "近处小学", geometry=_at(0, 90))
    return made


def _at(east: float, north: float) -> dict[str, object]:
    return plot(LON + east * METRE / 0.866, LAT + north * METRE, 20 * METRE)


def checked(project: Project) -> CheckRun:
    return actions.check_project(SYSTEM, project.pk)


def effect_of(run: CheckRun) -> dict[str, Any]:
    assert isinstance(run.effect, dict)
    return run.effect


def line_of(run: CheckRun, key: str = "effect") -> selectors.FindingLine:
    return {one.key: one for one in selectors.lines_of(SYSTEM, run.findings)}[key]


def test_a_toxic_store_beside_a_school_breaks_the_limit_of_new_installations(world: World, study: ParkStudy) -> None:
    project = proposed(world, TOXIC)
    actions.add_installations(SYSTEM, project.pk, [CHLORINE])
    run = checked(project)
    assert line_of(run).verdict == "fail" and "近处小学：项目增加个人风险每年" in line_of(run).reason
    assert "effect" in run.blocking
    school = next(one for one in selectors.effect_targets(SYSTEM, effect_of(run)) if one.place)
    assert school.broken == "new" and school.exposed.after == pytest.approx(school.exposed.before + school.exposed.own)
    grown = [one["after"] - one["before"] for one in effect_of(run)["levels"]]
    assert min(grown) >= 0 and max(grown) > 0
    society = effect_of(run)["societal"]
    assert society["after"]["pll"] >= society["before"]["pll"]
    assert effect_of(run)["room"]["before"] is None  # nothing bounds it yet
    assert effect_of(run)["room"]["after"][0] < 1


def test_with_the_project_the_study_would_say_the_same(world: World, study: ParkStudy) -> None:
    """The comparison is what the study itself tells once the installation stands in it."""
    from anlan.apps.consequences.parks import computing
    from anlan.apps.consequences.parks import selectors as read

    project = proposed(world, TOXIC)
    actions.add_installations(SYSTEM, project.pk, [CHLORINE])
    found = effect_of(checked(project))
    studies.add_sources(SYSTEM, study.pk, [CHLORINE])
    computing.compute_study(study.pk, lambda done, total: None)
    study.refresh_from_db()
    told = read.told(study)
    assert told is not None
    assert [one["hectares"] for one in told["levels"]] == [one["after"] for one in found["levels"]]
    assert told["societal"]["pll"] == pytest.approx(found["societal"]["after"]["pll"])
    risks = {one["place"]: one["risk"] for one in told["targets"]}
    assert all(risks[one["place"]] == pytest.approx(one["after"]) for one in found["targets"] if one["place"])


def test_without_a_study_or_an_installation_it_is_unknown_where_quantities_ask_for_it(world: World) -> None:
    project = proposed(world, TOXIC)
    assert line_of(checked(project)).verdict == "unknown"
    actions.add_installations(SYSTEM, project.pk, [CHLORINE])
    line = line_of(checked(project))
    assert line.verdict == "unknown" and "柳湾化工园还没有定量风险评价" in line.reason
    assert line_of(checked(proposed(world))).verdict == "none"


def test_installations_are_proposed_from_the_chemicals(world: World) -> None:
    project = actions.propose_installations(SYSTEM, proposed(world, TOXIC).pk)
    [(_, spec)] = selectors.installations(project)
    assert spec.substance == "7782-50-5" and spec.mass * spec.amount == pytest.approx(50e3)
    with pytest.raises(BadInput) as refused:
        actions.propose_installations(SYSTEM, proposed(world, replace(TOXIC, name="未画用地"), drawn=False).pk)
    assert refused.value.refusal.code == "project.nothing_to_propose"


def test_a_change_of_installations_or_of_the_study_makes_the_check_stale(world: World, study: ParkStudy) -> None:
    project = proposed(world, TOXIC)
    actions.add_installations(SYSTEM, project.pk, [CHLORINE])
    run = checked(project)
    project.refresh_from_db()
    assert not selectors.is_stale(project, run)
    studies.add_sources(SYSTEM, study.pk, [replace(THERE, name="又一个")])
    assert selectors.is_stale(project, run)
    run = checked(project)
    actions.end_installation(SYSTEM, project.pk, 1)
    project.refresh_from_db()
    assert selectors.is_stale(project, run)


def test_who_may_not_write_projects_writes_no_installations(world: World, viewer: Viewers) -> None:
    project = proposed(world, TOXIC)
    for name, failure in (("钱领", NotAllowed), ("孙外", NotInScope)):
        for act in (
            lambda who: actions.add_installations(who, project.pk, [CHLORINE]),
            lambda who: actions.propose_installations(who, project.pk),
            lambda who: actions.ask_check(who, project.pk),
        ):
            with pytest.raises(failure):
                act(viewer(name))
    with pytest.raises(NotInScope):
        actions.end_installation(SYSTEM, project.pk, 9)
    with pytest.raises(Refused):
        actions.add_installations(SYSTEM, project.pk, [CHLORINE] * 21)


# The rule


def exposed(before: float, own: float) -> Exposed:
    return Exposed("小学", before, before + own, 3e-7, 3e-6)


@pytest.mark.parametrize(
    ("before", "own", "broken"),
    [
        (0.0, 2e-7, ""), (0.0, 4e-7, "new"), (2.9e-6, 2e-7, "in_service"), (5e-6, 2e-7, "worse"), (5e-6, 1e-9, ""),
    ],
)  # fmt: skip
def test_each_limit_of_a_target_is_judged_by_itself(before: float, own: float, broken: str) -> None:
    assert exposed(before, own).broken(0.01) == broken


def test_societal_risk_that_becomes_intolerable_or_grows_there_fails() -> None:
    for intolerable, loss, verdict in (
        ((False, True), (1e-3, 1.001e-3), "fail"), ((True, True), (1e-3, 1.2e-3), "fail"),
        ((True, True), (1e-3, 1.001e-3), "pass"), ((False, False), (1e-3, 2e-3), "pass"),
    ):  # fmt: skip
        found = Added([], intolerable, (2.0, 1.5), loss, "评价")
        assert effect(found, "", hazardous=True, required=True, least=0.01).verdict == verdict


# The pages


def test_the_check_of_a_project_with_installations_is_a_job_and_its_result_stays(
    world: World, study: ParkStudy, browser: Callable[[str], Client]
) -> None:
    project, client = proposed(world, TOXIC), browser("李巡")
    address = f"/projects/{project.pk}"
    assert "按申报的化学品拟定" in client.get(address).content.decode()
    client.post(f"{address}/installations/propose")
    begun = client.get(f"{address}/installations/1").content.decode()
    assert "拟建氯储存" in begun and "移除这个装置" in begun
    client.post(f"{address}/check")
    assert not CheckRun.objects.exists()
    assert "正在检查" in client.get(f"{address}/progress").content.decode()
    run_due("test")
    done = client.get(f"{address}/progress")
    assert done["HX-Refresh"] == "true"
    page = client.get(address).content.decode()
    for words in ("对周边风险的影响", "近处小学", "超过新建基准", "柳湾园区评价", 'id="park-fn"', "建成后"):
        assert words in page, words
    for form, begin in (("xlsx", b"PK"), ("docx", b"PK"), ("pdf", b"%PDF")):
        answer = client.get(f"{address}/file?format={form}")
        assert answer.content.startswith(begin), form
    told = client.get(f"/api{address}/check").json()
    school = next(one for one in told["effect"]["targets"] if one["name"] == "近处小学")
    assert school["broken"] == "new" and school["own"] > school["new_limit"]
    assert "effect" in told["blocking"] and told["effect"]["loss_after"] >= told["effect"]["loss_before"]


def test_a_form_begins_with_a_chemical_a_scenario_or_an_installation_of_the_park(
    world: World, study: ParkStudy, browser: Callable[[str], Client]
) -> None:
    spec = ScenarioSpec("氯瓶破裂", LON, LAT, "7782-50-5", 1000.0, "rupture")
    scenario = scenarios.add_scenario(SYSTEM, world.park.pk, spec)
    project, client = proposed(world, replace(TOXIC, scenarios=(scenario.pk,))), browser("李巡")
    address = f"/projects/{project.pk}/installations/new"
    page = client.get(address).content.decode()
    assert "氯瓶破裂" in page and "在役氨罐" in page
    source = study.sources.get()
    for asked, words in (
        ("chemical=0", 'value="50.0"'), (f"scenario={scenario.pk}", 'value="1.0"'), (f"source={source.pk}", "在役氨罐"),
        ("chemical=7", "name"),
    ):  # fmt: skip
        assert words in client.get(f"{address}?{asked}").content.decode(), asked
    sent = {
        "name": "氯罐", "substance": "氯", "tonnes": "20", "celsius": "20", "equipment": "pressure-vessel",
        "holes": ["pressure-vessel/10mm"], "amount": "2", "longitude": str(LON), "latitude": str(LAT),
    }  # fmt: skip
    assert client.post(address, sent | {"substance": "以太"}).status_code == 422
    assert client.post(address, sent).status_code == 302
    project.refresh_from_db()
    assert [spec.amount for _, spec in selectors.installations(project)] == [2.0]
    assert client.get(f"/projects/{project.pk}/installations/5").status_code == 404
    client.post(f"/projects/{project.pk}/installations/1/end")
    project.refresh_from_db()
    assert project.installations == []


def test_a_reader_is_told_of_their_own_targets_and_that_there_are_others(
    world: World, study: ParkStudy, viewer: Viewers
) -> None:
    project = proposed(world, TOXIC)
    actions.add_installations(SYSTEM, project.pk, [CHLORINE])
    run = checked(project)
    seen = selectors.effect_targets(viewer("吴专"), effect_of(run))
    assert "近处小学" not in {one.exposed.name for one in seen}
    assert selectors.effect_elsewhere(effect_of(run), seen)
    line = {one.key: one for one in selectors.lines_of(viewer("吴专"), run.findings)}["effect"]
    assert line.verdict == "fail" and "近处小学" not in line.reason
