"""A park's study: written by those who may, computed by a job, judged, told to each what is theirs."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client

from anlan.apps.consequences.models import ParkSource, ParkStudy
from anlan.apps.consequences.parks import actions, computing, selectors
from anlan.apps.consequences.parks.specs import SourceSpec, StudySpec
from anlan.apps.core.actions import add_place, run_due
from anlan.apps.core.models import AuditRow, Job
from anlan.apps.enterprises.models import Enterprise
from anlan.apps.ledger.models import Fact
from anlan.kit.errors import BadInput, NotAllowed, NotInScope, Refused
from anlan.kit.grants import SYSTEM, Viewer
from anlan.kit.park.inputs import WeatherClass
from tests.world import World, plot

pytestmark = pytest.mark.usefixtures("own_folder")

Viewers = Callable[[str], Viewer]
LON, LAT = 121.5, 41.1
METRE = 1 / 111_320
STILL = (WeatherClass("D 3 m/s", "D", 3.0, 1.0, (1 / 16,) * 16),)
STUDY = StudySpec("柳湾园区评价", "in_service", STILL, cell=50.0, margin=1500.0)
CHLORINE = SourceSpec("液氯储罐", LON, LAT, "7782-50-5", 20e3, "pressure-vessel", ("10mm",), amount=50.0)


@pytest.fixture
def study(world: World) -> ParkStudy:
    made = actions.add_study(SYSTEM, world.park.pk, STUDY)
    actions.add_sources(SYSTEM, made.pk, [replace(CHLORINE, place_id=world.plant.pk)])
    return made


@pytest.fixture
def neighbours(world: World) -> dict[str, int]:
    """A school close to the source and an enterprise in the other county, close to it as well."""
    school = add_place(SYSTEM, world.xiling, "public_object", "近处小学", geometry=_at(0, 80))
    mill = add_place(SYSTEM, world.nanpo, "enterprise", "邻县磷肥厂", sector="chemical", geometry=_at(-120, 0))
    Enterprise.objects.create(place=mill, employees=60)
    return {"school": school.pk, "mill": mill.pk}


def _at(east: float, north: float) -> dict[str, object]:
    return plot(LON + east * METRE / 0.7536, LAT + north * METRE, 20 * METRE)


def computed(study: ParkStudy) -> ParkStudy:
    computing.compute_study(study.pk, lambda done, total: None)
    study.refresh_from_db()
    return study


def names(viewer: Viewer, study: ParkStudy) -> dict[str, bool]:
    found = selectors.told(study)
    assert found is not None
    return {one.place.name: one.fails for one in selectors.targets(viewer, found) if one.place}


def test_an_inspector_sets_up_a_study_and_a_job_computes_it(world: World, viewer: Viewers) -> None:
    made = actions.add_study(viewer("李巡"), world.park.pk, STUDY)
    actions.add_sources(viewer("李巡"), made.pk, [CHLORINE])
    assert Job.objects.filter(kind=actions.JOB, state="waiting").count() == 1
    run_due("test")
    made.refresh_from_db()
    assert made.computed_revision == made.revision and made.summary["pll"] >= 0
    assert set(AuditRow.objects.values_list("action", flat=True)) >= {"park_study.add", "park_source.add"}


def test_changes_before_the_job_began_are_one_job(study: ParkStudy) -> None:
    source = ParkSource.objects.get()
    actions.move_source(SYSTEM, source.pk, LON + 0.001, LAT)
    actions.move_source(SYSTEM, source.pk, LON + 0.002, LAT)
    assert Job.objects.filter(kind=actions.JOB).count() == 1
    assert selectors.state(selectors.study(SYSTEM, study.pk)).under_way


def test_risk_falls_from_the_source_outward_and_its_shares_add_up(study: ParkStudy) -> None:
    study = computed(study)
    risks = [selectors.shares(study, LON, LAT + metres * METRE)[0] for metres in (30, 150, 400)]
    assert risks == sorted(risks, reverse=True) and risks[0] > 0
    _, shares = selectors.shares(study, LON, LAT + 100 * METRE)
    assert sum(one.share for one in shares) == pytest.approx(1.0)
    assert (shares[0].source, shares[0].effect) == ("液氯储罐", "中毒")


def test_a_source_beside_a_school_breaks_the_criterion_and_moved_away_no_longer(
    world: World, study: ParkStudy, neighbours: dict[str, int]
) -> None:
    study = computed(study)
    told = names(SYSTEM, study)
    assert told["近处小学"]
    raised = Fact.objects.filter(clearing=None)
    assert raised.get(kind="park_target_risk").place_id == world.park.pk
    assert raised.get(kind="park_source_risk").place_id == world.plant.pk
    computed(study)
    assert Fact.objects.filter(kind="park_target_risk").count() == 1
    actions.move_source(SYSTEM, ParkSource.objects.get().pk, LON + 1200 * METRE, LAT)
    computed(study)
    assert not Fact.objects.filter(clearing=None, source_kind__startswith="park_").exists()


def test_an_ended_study_takes_back_what_it_said(study: ParkStudy, neighbours: dict[str, int]) -> None:
    study = computed(study)
    actions.end_study(SYSTEM, study.pk)
    assert not Fact.objects.filter(clearing=None, source_kind__startswith="park_").exists()
    assert not selectors.studies(SYSTEM).exists()


def test_a_try_tells_what_a_move_would_do_and_stores_nothing(
    study: ParkStudy, neighbours: dict[str, int], browser: Callable[[str], Client]
) -> None:
    study, source = computed(study), ParkSource.objects.get()
    client = browser("李巡")
    here = client.get(f"/consequences/parks/{study.pk}/drag.json?source={source.pk}&lon={LON}&lat={LAT}").json()
    away = f"lon={LON + 1200 * METRE}&lat={LAT}"
    there = client.get(f"/consequences/parks/{study.pk}/drag.json?source={source.pk}&{away}").json()
    assert (here["failing"], there["failing"]) == (1, 0)
    assert there["better"] == ["近处小学"]
    assert here["contours"] != there["contours"]
    stored = selectors.told(study)
    assert stored is not None
    levels = [one["properties"]["level"] for one in stored["contours"]["features"]]
    assert [one["level"] for one in here["contours"]["levels"]] == levels
    source.refresh_from_db()
    assert source.longitude == LON


def test_while_a_source_is_dragged_the_answer_fits_the_screen_and_says_so(
    study: ParkStudy, browser: Callable[[str], Client]
) -> None:
    study, source = computed(study), ParkSource.objects.get()
    address = f"/consequences/parks/{study.pk}/drag.json?source={source.pk}&lon=121.501&lat=41.101"
    client = browser("李巡")
    quick = client.get(f"{address}&view=121.49,41.09,121.52,41.11&pixel=60").json()
    whole = client.get(address).json()
    assert (quick["exact"], whole["exact"]) == (False, True)
    assert quick["cell"] > whole["cell"] == 50
    assert quick["failing"] == whole["failing"] and quick["targets"] is None


@pytest.mark.parametrize("view", ["view=1,2,3&pixel=4", "view=122,41,121,42&pixel=4", "view=121,41,122,42&pixel=nan"])
def test_a_view_that_makes_no_sense_is_refused_in_words(
    study: ParkStudy, browser: Callable[[str], Client], view: str
) -> None:
    study, source = computed(study), ParkSource.objects.get()
    answer = browser("李巡").get(
        f"/consequences/parks/{study.pk}/drag.json?source={source.pk}&lon=121.5&lat=41.1&{view}"
    )
    assert answer.status_code == 422
    assert "看不懂这个图幅" in answer.content.decode()


def test_spheres_side_by_side_are_told_as_a_chain(study: ParkStudy, browser: Callable[[str], Client]) -> None:
    gas = replace(
        CHLORINE, name="球罐", latitude=LAT + 400 * METRE, substance="74-98-6", mass=150e3, holes=("10min",),
        amount=1.0, escalation="pressurised", volume=350.0,
    )  # fmt: skip
    actions.add_sources(SYSTEM, study.pk, [replace(gas, longitude=LON + 35 * METRE * step) for step in range(3)])
    told = selectors.told(computed(study))
    assert told is not None
    pairs = {(one["from"], one["to"]) for one in told["domino"]}
    assert (1, 2) in pairs and (2, 1) in pairs and 0 not in {end for _, end in pairs}
    chains = told["chains"]["listed"]
    ways = [[one["source"], *(unit for step in one["steps"] for unit in step)] for one in chains]
    assert all(len(set(way)) == len(way) > 1 for way in ways)
    often = [one["frequency"] for one in chains if len(one["steps"]) == 1]
    assert often == sorted(often, reverse=True) and all(0 < one["probability"] <= 1 for one in chains)
    assert {one["source"] for one in told["chains"]["fallen"]} == {1, 2, 3}
    page = browser("李巡").get(f"/consequences/parks/{study.pk}").content.decode()
    assert "球罐 (2)" in page and "谁因此更常出事" in page and 'data-chain="0"' in page


def test_nobody_is_told_of_targets_outside_their_scope(
    viewer: Viewers, study: ParkStudy, neighbours: dict[str, int], browser: Callable[[str], Client]
) -> None:
    study = computed(study)
    assert set(names(viewer("冯管"), study)) == {"近处小学", "邻县磷肥厂"}
    assert set(names(viewer("李巡"), study)) == {"近处小学"}
    address = f"/consequences/parks/{study.pk}"
    for part in ("", "/result", "/targets", "/targets?format=csv", "/drag.json?source=1&lon=121.5&lat=41.1"):
        answer = browser("李巡").get(address + part)
        text = b"".join(answer) if answer.streaming else answer.content
        assert "邻县磷肥厂" not in text.decode(), part


def test_an_outsider_neither_sees_nor_changes_it(world: World, viewer: Viewers, study: ParkStudy) -> None:
    outsider, source = viewer("孙外"), ParkSource.objects.get()
    for ask in (
        lambda: selectors.study(outsider, study.pk),
        lambda: selectors.source(outsider, source.pk),
        lambda: actions.edit_study(outsider, study.pk, STUDY),
        lambda: actions.add_sources(outsider, study.pk, [CHLORINE]),
        lambda: actions.move_source(outsider, source.pk, LON, LAT),
        lambda: actions.end_source(outsider, source.pk),
        lambda: actions.ask_to_compute(outsider, study.pk),
    ):
        with pytest.raises(NotInScope):
            ask()


def test_who_may_only_look_changes_nothing(viewer: Viewers, study: ParkStudy) -> None:
    for ask in (
        lambda: actions.edit_study(viewer("钱领"), study.pk, STUDY),
        lambda: actions.move_source(viewer("钱领"), ParkSource.objects.get().pk, LON, LAT),
    ):
        with pytest.raises(NotAllowed):
            ask()


def test_the_enterprise_reads_of_its_own_source_but_not_the_study(
    study: ParkStudy, neighbours: dict[str, int], browser: Callable[[str], Client]
) -> None:
    computed(study)
    client, source = browser("王安"), ParkSource.objects.get()
    assert client.get(f"/consequences/parks/{study.pk}").status_code == 404
    text = client.get(f"/consequences/park-sources/{source.pk}").content.decode()
    assert "防护目标的个人风险超过基准" in text and "近处小学" not in text


def test_a_source_stands_inside_the_place_of_its_study(world: World, viewer: Viewers, study: ParkStudy) -> None:
    with pytest.raises(BadInput) as refused:
        actions.add_sources(viewer("李巡"), study.pk, [replace(CHLORINE, place_id=world.haulier.pk)])
    assert refused.value.refusal.code == "park.outside"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"name": " "}, "park.name"),
        ({"substance": "以太"}, "park.substance"),
        ({"mass": -1.0}, "park.out_of_range"),
        ({"mass": float("nan")}, "park.out_of_range"),
        ({"temperature": 5.0}, "park.out_of_range"),
        ({"equipment": "飞船"}, "park.equipment"),
        ({"holes": ()}, "park.holes"),
        ({"holes": ("open",)}, "park.holes"),
        ({"escalation": "飞船"}, "park.escalation"),
        ({"longitude": float("nan")}, "park.position"),
        ({"amount": 0.0}, "park.out_of_range"),
        ({"volume": -3.0}, "park.out_of_range"),
    ],
)
def test_what_cannot_be_computed_is_refused_in_words(study: ParkStudy, changed: dict[str, Any], code: str) -> None:
    with pytest.raises(BadInput) as refused:
        actions.add_sources(SYSTEM, study.pk, [replace(CHLORINE, **changed)])
    assert refused.value.refusal.code == code
    assert ParkSource.objects.count() == 1


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"name": ""}, "park.name"),
        ({"stage": "later"}, "park.stage"),
        ({"cell": 1.0}, "park.grid"),
        ({"weather": (replace(STILL[0], share=0.5),)}, "park.weather"),
        ({"weather": (replace(STILL[0], wind=float("nan")),)}, "park.weather"),
    ],
)
def test_a_study_that_cannot_be_is_refused(world: World, changed: dict[str, Any], code: str) -> None:
    with pytest.raises(BadInput) as refused:
        actions.add_study(SYSTEM, world.park.pk, replace(STUDY, **changed))
    assert refused.value.refusal.code == code


def test_a_grid_too_large_is_said_and_the_last_result_stays(study: ParkStudy, browser: Callable[[str], Client]) -> None:
    study = computed(study)
    actions.add_sources(SYSTEM, study.pk, [replace(CHLORINE, name="远处的罐", longitude=LON + 3.0)])
    study = computed(study)
    assert study.refusal["code"] == "park.too_large"
    Job.objects.update(state="done")
    text = browser("李巡").get(f"/consequences/parks/{study.pk}").content.decode()
    assert "最多" in text and "潜在生命损失" in text


def test_an_ended_study_is_not_changed(study: ParkStudy) -> None:
    actions.end_study(SYSTEM, study.pk)
    with pytest.raises(Refused):
        actions.add_sources(SYSTEM, study.pk, [CHLORINE])


def test_a_study_of_people_is_written_in_their_units(world: World, browser: Callable[[str], Client]) -> None:
    client = browser("李巡")
    form = {
        "name": "园区评价",
        "stage": "new",
        "margin": "1500",
        "cell": "50",
        "class-0": "D",
        "wind-0": "3",
        "share-0": "100",
    }
    answer = client.post(f"/places/{world.park.pk}/parks/new", form | {"rose-0": " ".join(["1"] * 15)})
    assert answer.status_code == 422 and "16 个数" in answer.content.decode()
    answer = client.post(f"/places/{world.park.pk}/parks/new", form | {"rose-0": " ".join(["1"] * 16)})
    assert answer.status_code == 302, answer.content.decode()
    made = ParkStudy.objects.get()
    assert made.weather[0]["rose"] == [1 / 16] * 16
    source = {
        "name": "1 号氨罐", "substance": "氨", "tonnes": "30", "celsius": "20", "equipment": "pressure-vessel",
        "holes": ["pressure-vessel/10mm", "tank-single/rupture"], "amount": "2",
        "longitude": str(LON), "latitude": str(LAT),
    }  # fmt: skip
    answer = client.post(f"/consequences/parks/{made.pk}/sources/new", source)
    assert answer.status_code == 302, answer.content.decode()
    row = ParkSource.objects.get()
    assert (row.mass, row.holes, row.amount) == (30_000.0, ["10mm"], 2.0)


def test_the_page_says_what_to_do_before_there_is_a_source(world: World, browser: Callable[[str], Client]) -> None:
    made = actions.add_study(SYSTEM, world.park.pk, STUDY)
    text = browser("李巡").get(f"/consequences/parks/{made.pk}").content.decode()
    assert "还没有风险源" in text and "添加风险源" in text


def test_the_page_answers_its_first_question(
    study: ParkStudy, neighbours: dict[str, int], browser: Callable[[str], Client]
) -> None:
    study = computed(study)
    Job.objects.update(state="done")
    text = browser("李巡").get(f"/consequences/parks/{study.pk}").content.decode()
    for words in ("超过基准的防护目标", "近处小学", "社会风险", "潜在生命损失", "park-fn"):
        assert words in text
    point = browser("李巡").get(f"/consequences/parks/{study.pk}/point?lon={LON}&lat={LAT}").content.decode()
    assert "液氯储罐" in point and "10 mm 孔" in point


@pytest.mark.parametrize("query", ["", "lon=abc&lat=1", "lon=nan&lat=41", "lon=0&lat=0", "lon=121.5"])
def test_a_point_that_cannot_be_is_refused(study: ParkStudy, browser: Callable[[str], Client], query: str) -> None:
    study = computed(study)
    assert browser("李巡").get(f"/consequences/parks/{study.pk}/point?{query}").status_code == 422


def test_what_was_computed_lies_in_the_data_folder(study: ParkStudy) -> None:
    study = computed(study)
    home = Path(django_settings.DATA) / "parks" / str(study.pk)
    assert (home / str(study.revision) / "told.json").is_file()
    again = computed(study)
    found = selectors.told(again)
    assert found is not None and found["reused"] == 1
