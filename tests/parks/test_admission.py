"""What the check of a project finds, and that nobody agrees while a veto line does not pass."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db.models import Q

from anlan.apps.consequences import actions as consequences
from anlan.apps.consequences.specs import ScenarioSpec
from anlan.apps.core.models import AuditRow
from anlan.apps.parks import actions, selectors
from anlan.apps.parks.models import Project
from anlan.apps.parks.specs import ChemicalLine, FacilityLine, ListedSpec, PaperSpec
from anlan.kit.errors import BadInput, NotAllowed, NotInScope, Refused
from anlan.kit.grants import SYSTEM, Viewer
from tests.parks.parts import GOOD, INSIDE, Viewers, admissible, graded, proposed, today
from tests.world import World, plot


def found(project: Project, viewer: Viewer = SYSTEM) -> dict[str, tuple[str, str]]:
    """key → (verdict, reason) of a check that is run now."""
    run = actions.check_project(SYSTEM, project.pk)
    return {one.key: (one.verdict, one.reason) for one in selectors.lines_of(viewer, run.findings)}


def test_a_bare_proposal_is_unknown_in_most_lines_and_passes_in_none_of_the_vetoes(world: World) -> None:
    project = proposed(world, replace(GOOD, chemicals=GOOD.chemicals), drawn=False)
    told = found(project)
    assert {told[key][0] for key in ("land", "grade", "negative", "distance_people")} == {"unknown"}
    assert told["three"] == ("fail", "缺：安全条件论证（安全预评价）。")


def test_a_good_project_passes_every_veto_line(world: World) -> None:
    project = admissible(world)
    run = actions.check_project(SYSTEM, project.pk)
    assert run.blocking == [], [(one["key"], one["reason"], one["params"]) for one in run.findings]


def test_land_outside_of_the_park_fails(world: World) -> None:
    project = proposed(world)
    actions.draw_project(SYSTEM, project.pk, plot(120.0395, 30.0001, 0.001))
    verdict, reason = found(project)["land"]
    assert verdict == "fail" and "柳湾化工园" in reason


def test_a_school_that_is_too_near_is_named_with_the_metres_that_lack(world: World, viewer: Viewers) -> None:
    project = proposed(world, replace(GOOD, facilities=(FacilityLine("lpg", "液化烃罐组", 120.0995, 30.005),)))
    actions.draw_project(SYSTEM, project.pk, plot(120.0990, 30.0045, 0.0008))
    verdict, reason = found(project)["distance_people"]
    assert verdict == "fail" and "西岭小学校 48 m，要求不小于 150 m" in reason
    run = selectors.newest_check(project)
    assert run is not None
    hidden = {one.key: one for one in selectors.lines_of(viewer("吴专"), run.findings)}["distance_people"]
    assert "西岭小学校" not in hidden.reason and hidden.place_id is None


def test_the_distance_is_measured_from_the_facility_where_it_is_drawn(world: World) -> None:
    by_land = replace(GOOD, facilities=(FacilityLine("process"),))
    project = proposed(world, by_land)
    actions.draw_project(SYSTEM, project.pk, plot(120.0485, 30.004, 0.0013))  # 19 m to the plant's fence
    assert found(project)["distance_neighbour"][0] == "fail"
    actions.edit_project(
        SYSTEM, project.pk, replace(GOOD, facilities=(FacilityLine("process", "", 120.0486, 30.0045),))
    )
    assert found(project)["distance_neighbour"][0] == "pass"


def test_the_plant_that_is_extended_is_no_neighbour_of_itself(world: World) -> None:
    project = proposed(world, replace(GOOD, plant_id=world.plant.pk))
    actions.draw_project(SYSTEM, project.pk, plot(120.0485, 30.004, 0.0013))
    assert found(project)["distance_neighbour"][0] == "pass"


HALF_LOST = {"F1": 3, "F2": 3, "F3": 4, "U1": 3, "U2": 3, "U3": 4, "P1": 3, "M1": 4, "U4": 4}


@pytest.mark.parametrize(("lost", "verdict"), [({}, "pass"), (HALF_LOST, "fail")])
def test_a_park_of_grade_b_takes_no_new_project(world: World, lost: dict[str, float], verdict: str) -> None:
    graded(world, **lost)
    assert found(proposed(world))["grade"][0] == verdict


def test_an_assessment_that_has_run_out_says_nothing(world: World) -> None:
    graded(world, days_ago=4 * 365)
    assert found(proposed(world))["grade"] == ("unknown", "园区评估（D 级（较低安全风险））已过有效期。")


def test_the_parks_own_list_holds_from_day_to_day(world: World) -> None:
    project = proposed(world)
    late = ListedSpec("product", "乙酸乙酯", "异味扰民", today() + timedelta(days=5))
    actions.add_listed(SYSTEM, world.park.pk, late)
    assert found(project)["negative"][0] == "unknown"
    actions.add_listed(SYSTEM, world.park.pk, ListedSpec("product", "141-78-6", "异味扰民", today()))
    verdict, reason = found(project)["negative"]
    assert verdict == "fail" and "异味扰民" in reason


@pytest.mark.parametrize(
    ("process", "verdict"), [("间歇硝化", "fail"), ("采用氨冷冻盐水的氯气液化", "fail"), ("酯化", "pass")]
)
def test_the_national_list_binds_a_new_project(world: World, process: str, verdict: str) -> None:
    assert found(proposed(world, replace(GOOD, processes=(process,))))["elimination"][0] == verdict


def test_a_supervised_process_asks_for_its_papers(world: World) -> None:
    project = proposed(world, replace(GOOD, processes=("微通道硝化",)))
    verdict, reason = found(project)["process"]
    assert verdict == "fail" and "硝化工艺" in reason and "反应安全风险评估报告" in reason
    for kind in ("reaction", "hazop"):
        actions.add_paper(SYSTEM, PaperSpec(kind, today()), project_id=project.pk)
    assert found(project)["process"][0] == "pass"


def test_a_major_hazard_is_identified_and_graded(world: World) -> None:
    chlorine = ChemicalLine("氯", "7782-50-5", 50.0, "", "气体")
    project = proposed(world, replace(GOOD, chemicals=(chlorine,), neighbours=200))
    told = found(project)
    assert told["major"] == ("pass", "Σq/Q = 10.00，构成二级重大危险源，已辨识定级；须备案并落实包保。")
    assert told["risk"][0] == "unknown" and "定量风险评价法" in told["risk"][1]


def test_a_chemical_without_threshold_is_not_passed_over(world: World) -> None:
    unknown = ChemicalLine("某新物质", "", 50.0)
    verdict, reason = found(proposed(world, replace(GOOD, chemicals=(unknown,))))["major"]
    assert verdict == "unknown" and "某新物质" in reason


def test_a_scenario_that_reaches_a_school_fails(world: World) -> None:
    spec = ScenarioSpec("丙烷罐破裂", 120.1005, 30.0005, "丙烷", 50_000.0, "rupture")
    scenario = consequences.add_scenario(SYSTEM, world.park.pk, spec)
    project = proposed(world, replace(GOOD, scenarios=(scenario.pk,)))
    actions.draw_project(SYSTEM, project.pk, plot(120.1002, 30.0001, 0.001))
    verdict, reason = found(project)["risk"]
    assert verdict == "fail" and "西岭小学校" in reason


def test_a_scenario_is_named_only_to_who_may_see_scenarios(
    world: World, viewer: Viewers, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = ScenarioSpec("丙烷罐破裂", 120.1005, 30.0005, "丙烷", 50_000.0, "rupture")
    scenario = consequences.add_scenario(SYSTEM, world.park.pk, spec)
    project = proposed(world, replace(GOOD, scenarios=(scenario.pk,)))
    actions.draw_project(SYSTEM, project.pk, plot(120.1002, 30.0001, 0.001))
    assert "丙烷罐破裂" in found(project, viewer("李巡"))["risk"][1]
    scope = Viewer.scope

    def without(own: Viewer, what: str, *at: str) -> Q:
        return Q(pk__in=[]) if what == "scenario.view" else scope(own, what, *at)

    monkeypatch.setattr(Viewer, "scope", without)
    run = selectors.newest_check(project)
    assert run is not None
    told = {one.key: one.reason for one in selectors.lines_of(viewer("李巡"), run.findings)}["risk"]
    assert "丙烷罐破裂" not in told and "一个您无权查看的事故情景" in told


def test_steps_in_the_wrong_order_fail(world: World) -> None:
    project = proposed(world, replace(GOOD, stage="building"))
    actions.add_paper(SYSTEM, PaperSpec("conditions", today()), project_id=project.pk)
    actions.add_paper(SYSTEM, PaperSpec("design", today() - timedelta(days=30)), project_id=project.pk)
    verdict, reason = found(project)["three"]
    assert verdict == "fail" and "先后颠倒" in reason


# Who agrees


def signed(viewer: Viewer, project: Project, office: str, verdict: str = "agree") -> None:
    actions.sign(viewer, project.pk, office, verdict, "资料齐全，意见如上。")


def signers(viewer: Viewers) -> list[tuple[str, Viewer]]:
    names = ("李巡", "钱领", "冯管", "陈县")
    return list(zip(("emergency", "planning", "ecology", "industry"), (viewer(name) for name in names), strict=True))


def test_all_offices_agreeing_approve_and_one_refusing_refuses(world: World, viewer: Viewers) -> None:
    project = admissible(world)
    actions.check_project(SYSTEM, project.pk)
    for office, who in signers(viewer):
        signed(who, project, office)
    project.refresh_from_db()
    assert project.state == "checked"  # the park's own office is still to sign
    signed(viewer("李巡"), project, "emergency", "refuse")
    project.refresh_from_db()
    assert project.state == "refused"


def test_nobody_agrees_while_a_veto_line_fails_but_may_refuse(world: World, viewer: Viewers) -> None:
    project = proposed(world, drawn=False)
    actions.check_project(SYSTEM, project.pk)
    with pytest.raises(Refused) as refused:
        signed(viewer("李巡"), project, "emergency")
    assert refused.value.refusal.code == "opinion.vetoed" and "用地在园区范围内" in refused.value.refusal.params["what"]
    signed(viewer("李巡"), project, "emergency", "refuse")
    project.refresh_from_db()
    assert project.state == "refused"


def test_a_change_of_project_or_list_makes_the_check_stale(world: World, viewer: Viewers) -> None:
    project = admissible(world)
    actions.check_project(SYSTEM, project.pk)
    actions.draw_project(SYSTEM, project.pk, plot(120.0402, 30.0001, 0.001))
    with pytest.raises(Refused) as changed:
        signed(viewer("李巡"), project, "emergency")
    actions.check_project(SYSTEM, project.pk)
    actions.add_listed(SYSTEM, world.park.pk, ListedSpec("product", "乙酸乙酯", "异味扰民", today()))
    with pytest.raises(Refused) as listed:
        signed(viewer("李巡"), project, "emergency")
    assert [one.value.refusal.code for one in (changed, listed)] == ["opinion.stale", "opinion.stale"]


def test_one_person_speaks_for_one_office(world: World, viewer: Viewers) -> None:
    project = admissible(world)
    actions.check_project(SYSTEM, project.pk)
    signed(viewer("李巡"), project, "emergency")
    with pytest.raises(Refused) as refused:
        signed(viewer("李巡"), project, "planning")
    assert refused.value.refusal.code == "opinion.two_offices"


def test_without_a_check_nothing_is_signed_and_without_words_neither(world: World, viewer: Viewers) -> None:
    project = admissible(world)
    with pytest.raises(Refused) as unchecked:
        signed(viewer("李巡"), project, "emergency")
    assert unchecked.value.refusal.code == "opinion.unchecked"
    actions.check_project(SYSTEM, project.pk)
    with pytest.raises(BadInput):
        actions.sign(viewer("李巡"), project.pk, "emergency", "agree", " ")
    with pytest.raises(BadInput):
        actions.sign(viewer("李巡"), project.pk, "wizards", "agree", "好")
    with pytest.raises(BadInput):
        actions.sign(viewer("李巡"), project.pk, "emergency", "perhaps", "好")


def test_the_record_of_an_opinion_names_the_check_it_was_given_to(world: World, viewer: Viewers) -> None:
    project = admissible(world)
    run = actions.check_project(SYSTEM, project.pk)
    signed(viewer("李巡"), project, "emergency")
    row = AuditRow.objects.get(action="project.sign")
    assert (row.detail["check"], row.detail["office"], row.actor_id) == (
        run.digest,
        "emergency",
        world.people["李巡"].pk,
    )


def test_a_decided_project_is_not_changed_until_it_is_sent_back(world: World) -> None:
    project = admissible(world)
    Project.objects.filter(pk=project.pk).update(state="approved")
    with pytest.raises(Refused):
        actions.edit_project(SYSTEM, project.pk, GOOD)
    with pytest.raises(Refused):
        actions.draw_project(SYSTEM, project.pk, INSIDE)
    actions.reopen_project(SYSTEM, project.pk, "设计变更")
    assert actions.edit_project(SYSTEM, project.pk, replace(GOOD, name="改名")).state == "draft"


def test_projects_are_known_to_those_who_may_and_changed_by_fewer(world: World, viewer: Viewers) -> None:
    project = proposed(world)
    assert [one.pk for one in selectors.projects(viewer("钱领"))] == [project.pk]
    with pytest.raises(NotAllowed):
        actions.edit_project(viewer("钱领"), project.pk, GOOD)
    for name in ("孙外", "王安", "周工"):
        assert not selectors.projects(viewer(name)).exists()
        with pytest.raises(NotInScope):
            actions.check_project(viewer(name), project.pk)
        with pytest.raises(NotInScope):
            actions.add_project(viewer(name), world.park.pk, GOOD)


def test_what_cannot_be_a_project_is_refused(world: World) -> None:
    for changed, code in (
        ({"name": " "}, "park.missing"),
        ({"stage": "dreamt"}, "project.bad_stage"),
        ({"industry": "ZZZZ"}, "project.bad_industry"),
        ({"chemicals": (ChemicalLine("氯", "7782-50-4"),)}, "project.bad_cas"),
        ({"chemicals": (ChemicalLine("氯", "", float("nan")),)}, "park.bad_amount"),
        ({"chemicals": (ChemicalLine("氯", "", 1.0, "X9"),)}, "project.bad_category"),
        ({"facilities": (FacilityLine("castle"),)}, "project.bad_facility"),
        ({"facilities": (FacilityLine("lpg", "", 120.0, None),)}, "park.half_position"),
        ({"neighbours": -1}, "project.bad_neighbours"),
    ):
        with pytest.raises(BadInput) as refused:
            actions.add_project(SYSTEM, world.park.pk, replace(GOOD, **changed))  # type: ignore[arg-type]  # bad on purpose
        assert refused.value.refusal.code == code
    project = proposed(world)
    with pytest.raises(BadInput):
        actions.draw_project(SYSTEM, project.pk, {"type": "Point", "coordinates": [120, 30]})
    with pytest.raises(BadInput):
        actions.add_paper(SYSTEM, PaperSpec("design", today() + timedelta(days=1)), project_id=project.pk)
