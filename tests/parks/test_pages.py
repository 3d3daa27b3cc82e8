"""The pages of parks and projects, as their readers use them."""

import io
import json
import zipfile
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from anlan.apps.core import actions as core
from anlan.apps.parks import actions
from anlan.apps.parks.models import Gate, JointGroup, ParkGrading, Passage, Project, SharedFacility, VehiclePass
from anlan.apps.parks.selectors.room import Room
from anlan.apps.parks.specs import FacilitySpec
from anlan.kit.grants import SYSTEM
from anlan.web.views.parks.picture import Mark, _free, _label, _meet
from tests.parks.parts import GOOD, INSIDE, admissible, gate, graded, losses, permitted, proposed, today
from tests.world import World, plot

Browser = Callable[[str], Client]
FORM: dict[str, Any] = {
    "name": "年产 1 万吨乙酸乙酯项目", "applicant": "新川化工", "stage": "planned", "industry": "2614",
    "neighbours": "0", "products": "乙酸乙酯", "processes": "酯化\n精馏", "equipment": "密闭式离心机",
    "chemical-TOTAL_FORMS": "2", "chemical-INITIAL_FORMS": "0", "chemical-0-name": "乙酸乙酯",
    "chemical-0-tonnes": "300", "chemical-0-category": "W5.3", "chemical-1-name": "",
    "facility-TOTAL_FORMS": "1", "facility-INITIAL_FORMS": "0", "facility-0-kind": "process",
}  # fmt: skip


def text_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.content.decode()


# The desk


def test_the_desk_answers_grade_capacity_vehicles_and_projects_at_once(world: World, browser: Browser) -> None:
    graded(world, U5=2.0)
    permitted(world)
    actions.enter(SYSTEM, actions.Report(gate(world).pk, "鲁A12345"))
    actions.add_facility(SYSTEM, world.park.pk, FacilitySpec("emergency_pool", "一号应急池", 20000.0, 2600.0))
    proposed(world)
    text = text_of(browser("李巡"), f"/parks/{world.park.pk}")
    shown = ("98 分", "较低安全风险", "没有定量风险计算", "鲁A12345", "液氯", "一号应急池", GOOD.name, "恒泰化工厂")
    for words in (*shown, "应有而没有登记：消防站"):
        assert words in text, words


@pytest.mark.parametrize(("factor", "told"), [(4.0, "25"), (0.5, "200"), (0.0, "&gt; 100")])
def test_the_share_of_the_capacity_is_a_number_a_reader_can_use(
    world: World, browser: Browser, monkeypatch: pytest.MonkeyPatch, factor: float, told: str
) -> None:
    room = Room(1, "园区评价", factor, "社会风险", 0, None, fresh=True)
    monkeypatch.setattr("anlan.apps.parks.selectors.room_of", lambda *_: room)
    assert f'<b class="num">{told}</b> <span>% 已用' in text_of(browser("李巡"), f"/parks/{world.park.pk}")


def test_the_picture_draws_each_plant_in_its_level_with_the_sign_of_it(world: World, browser: Browser) -> None:
    text = text_of(browser("赵值"), f"/parks/{world.park.pk}")
    assert 'class="park-plant is-unknown"' in text and "park-sign" in text and "park-border" in text


def test_a_park_is_unknown_to_the_neighbour_and_to_its_plants_workers(world: World, browser: Browser) -> None:
    for name in ("孙外", "周工", "王安"):
        assert browser(name).get(f"/parks/{world.park.pk}").status_code == 404
        assert "柳湾化工园" not in text_of(browser(name), "/parks")


def test_near_plants_are_told_as_neighbours_and_joined_in_a_group(world: World, browser: Browser) -> None:
    other = core.add_place(
        SYSTEM, world.park, "enterprise", "邻安储运站", sector="chemical", geometry=plot(120.0601, 30.0, 0.01)
    )
    text = text_of(browser("李巡"), f"/parks/{world.park.pk}/neighbours")
    assert "恒泰化工厂" in text and "邻安储运站" in text and "已在一组联防" not in text
    told = {
        "name": "东片",
        "contact": "王工",
        "phone": "1000-1",
        "members": [world.plant.pk, other.pk],
        "leader": other.pk,
    }
    assert browser("李巡").post(f"/parks/{world.park.pk}/groups/new", told).status_code == 302
    assert JointGroup.objects.get().members.count() == 2
    assert "已在一组联防" in text_of(browser("李巡"), f"/parks/{world.park.pk}/neighbours")


def test_a_group_of_one_is_asked_for_another_member(world: World, browser: Browser) -> None:
    told = {"name": "东片", "contact": "王工", "phone": "1000-1", "members": [world.plant.pk]}
    answer = browser("李巡").post(f"/parks/{world.park.pk}/groups/new", told)
    assert answer.status_code == 422 and "至少两家企业" in answer.content.decode() and "王工" in answer.content.decode()


def test_a_facility_out_of_use_needs_its_reason(world: World, browser: Browser) -> None:
    told = {"kind": "fire_station", "name": "特勤站", "capacity": "9", "state": "out"}
    answer = browser("李巡").post(f"/parks/{world.park.pk}/facilities/new", told)
    assert answer.status_code == 422 and "没有写明为什么停用" in answer.content.decode()
    assert browser("李巡").post(f"/parks/{world.park.pk}/facilities/new", told | {"note": "检修"}).status_code == 302
    assert SharedFacility.objects.get().state == "out"


# The grade


def test_the_checklist_is_filled_in_and_gives_the_grade(world: World, browser: Browser) -> None:
    told = {f"lost_{code}": "0" for code in losses()} | {"assessed": today().isoformat(), "assessor": "省院"}
    told |= {"lost_U5": "5", "lost_M1": "4", "lost_L3": "3", "lost_P3": "5", "note_U5": "没有封闭"}
    assert browser("李巡").post(f"/parks/{world.park.pk}/gradings/new", told).status_code == 302
    row = ParkGrading.objects.get()
    assert (row.grade, row.score) == ("C", 83.0)
    text = text_of(browser("钱领"), f"/parks/gradings/{row.pk}")
    assert "没有封闭" in text and "凭记忆" not in text.split("place-head")[0]


def test_too_many_points_keep_the_form_as_it_was(world: World, browser: Browser) -> None:
    told = {f"lost_{code}": "0" for code in losses()} | {"assessed": today().isoformat(), "assessor": "虚构省院"}
    answer = browser("李巡").post(f"/parks/{world.park.pk}/gradings/new", told | {"lost_F1": "9"})
    assert answer.status_code == 422 and "虚构省院" in answer.content.decode()
    assert not ParkGrading.objects.exists()


# Gates


def test_the_gate_keeper_lets_in_who_has_a_pass_and_turns_others_away(world: World, browser: Browser) -> None:
    north, keeper = gate(world), browser("赵值")
    permitted(world)
    address = f"/parks/{world.park.pk}/vehicles"
    assert keeper.post(f"{address}/in", {"plate": "鲁A12345", "gate": north.pk}).status_code == 302
    refused = keeper.post(f"{address}/in", {"plate": "鲁B99999", "gate": north.pk})
    assert refused.status_code == 422 and "没有通行许可" in refused.content.decode()
    assert sorted(Passage.objects.values_list("way", flat=True)) == ["inside", "turned"]
    text = text_of(keeper, address)
    assert "鲁A12345" in text and "拦下 1" in text


def test_a_pass_is_given_on_the_page(world: World, browser: Browser) -> None:
    day = (today() + timedelta(days=1)).isoformat()
    told = {
        "plate": "鲁A54321",
        "carrier": "顺达",
        "cargo": "甲醇",
        "un": "1230",
        "since": f"{day}T08:00",
        "until": f"{day}T18:00",
    }
    assert browser("李巡").post(f"/parks/{world.park.pk}/passes/new", told).status_code == 302
    assert VehiclePass.objects.get().plate == "鲁A54321"
    wrong = browser("李巡").post(f"/parks/{world.park.pk}/passes/new", told | {"un": "12a"})
    assert wrong.status_code == 422 and "不是四位数字" in wrong.content.decode()


def test_a_gate_system_tells_by_the_api_what_drives_in_and_out(world: World, browser: Browser) -> None:
    north, client = gate(world), browser("赵值")
    permitted(world)
    address = f"/api/parks/{world.park.pk}/passages"

    def tell(**said: Any) -> Any:
        body = {"gate_id": north.pk, "plate": "鲁A12345", "direction": "in", "key": "N1", **said}
        return client.post(address, json.dumps(body), content_type="application/json")

    assert (first := tell()).status_code == 201 and tell().json()["id"] == first.json()["id"]
    assert [one["plate"] for one in client.get(f"/api/parks/{world.park.pk}/vehicles").json()] == ["鲁A12345"]
    refused = tell(plate="鲁B11111", key="N2")
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "pass.none")
    assert tell(direction="out", key="N3").json()["way"] == "left"
    assert client.get("/api/parks").json()[0]["inside"] == 0


def test_closing_a_gate_needs_a_reason(world: World, browser: Browser) -> None:
    north = gate(world)
    browser("赵值").post(f"/parks/gates/{north.pk}/set", {"state": "closed", "note": ""})
    assert Gate.objects.get().state == "checked"
    browser("赵值").post(f"/parks/gates/{north.pk}/set", {"state": "closed", "note": "施工"})
    assert Gate.objects.get().state == "closed"


# Projects


def test_a_project_is_written_drawn_checked_and_shown_line_by_line(world: World, browser: Browser) -> None:
    client = browser("李巡")
    assert client.post(f"/places/{world.park.pk}/projects/new", FORM).status_code == 302
    project = Project.objects.get()
    assert project.chemicals[0]["cas"] == "141-78-6" and project.processes == ["酯化", "精馏"]
    drawn = client.post(f"/projects/{project.pk}/shape", json.dumps(INSIDE), content_type="application/json")
    assert drawn.status_code == 200
    client.post(f"/projects/{project.pk}/check")
    text = text_of(client, f"/projects/{project.pk}")
    for words in ("用地全部在柳湾化工园的边界以内", "园区还没有安全风险评估分级", "缺：安全条件论证", "否决项没有通过"):
        assert words in text, words


def test_a_row_that_is_wrong_is_told_beside_the_form_and_nothing_is_lost(world: World, browser: Browser) -> None:
    answer = browser("李巡").post(f"/places/{world.park.pk}/projects/new", FORM | {"chemical-0-cas": "141-78-7"})
    text = answer.content.decode()
    assert answer.status_code == 422 and "校验位不对" in text and "密闭式离心机" in text
    assert not Project.objects.exists()


def test_offices_sign_on_the_page_and_a_veto_is_told_there(world: World, browser: Browser) -> None:
    bad = proposed(world, drawn=False)
    actions.check_project(SYSTEM, bad.pk)
    said = {"office": "emergency", "verdict": "agree", "text": "同意"}
    answer = browser("李巡").post(f"/projects/{bad.pk}/sign", said)
    assert answer.status_code == 422 and "没有特批" in answer.content.decode()
    good = admissible(world)
    actions.check_project(SYSTEM, good.pk)
    assert browser("李巡").post(f"/projects/{good.pk}/sign", said).status_code == 302
    assert "同意" in text_of(browser("钱领"), f"/projects/{good.pk}")


@pytest.mark.parametrize("suffix", ["xlsx", "docx"])
def test_the_result_leaves_as_a_file_that_names_reasons(world: World, browser: Browser, suffix: str) -> None:
    project = admissible(world)
    actions.check_project(SYSTEM, project.pk)
    answer = browser("钱领").get(f"/projects/{project.pk}/file?format={suffix}")
    assert answer.status_code == 200
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        whole = "".join(
            archive.read(name).decode(errors="replace") for name in archive.namelist() if name.endswith(".xml")
        )
    assert "用地全部在柳湾化工园的边界以内" in whole and "应急管理" in whole


def test_an_unchecked_project_and_an_unknown_format_are_refused(world: World, browser: Browser) -> None:
    project = proposed(world)
    assert browser("李巡").get(f"/projects/{project.pk}/file").status_code == 422
    actions.check_project(SYSTEM, project.pk)
    assert browser("李巡").get(f"/projects/{project.pk}/file?format=exe").status_code == 422


# Screening


def test_plants_are_screened_by_the_same_lines_and_what_is_not_registered_is_not_failed(
    world: World, browser: Browser
) -> None:
    text = text_of(browser("李巡"), f"/parks/{world.park.pk}/screening")
    assert "恒泰化工厂" in text
    one = f"/parks/{world.park.pk}/screening/{world.plant.pk}"
    assert "系统里没有登记：安全条件论证" in text_of(browser("李巡"), one)
    for kind, ago in (("conditions", 50), ("design", 40), ("construction", 30), ("trial", 20), ("acceptance", 10)):
        day = (today() - timedelta(days=ago)).isoformat()
        assert browser("李巡").post(one, {"kind": kind, "dated": day}).status_code == 302
    assert "5 步都已办完" in text_of(browser("李巡"), one)
    assert browser("李巡").get(f"{one}?format=docx").status_code == 200


def test_the_list_of_the_park_is_edited_with_dates_and_an_entry_is_taken_off(world: World, browser: Browser) -> None:
    client = browser("李巡")
    told = {"kind": "product", "words": "光气", "reason": "剧毒", "since": today().isoformat()}
    assert client.post(f"/parks/{world.park.pk}/listed/new", told).status_code == 302
    assert "光气" in text_of(client, f"/parks/{world.park.pk}/listed")
    wrong = client.post(f"/parks/{world.park.pk}/listed/new", told | {"words": "苯"})
    assert wrong.status_code == 422 and "会误伤" in wrong.content.decode()
    entry = world.park.listed_entries.get()
    assert client.post(f"/parks/listed/{entry.pk}/end").status_code == 302
    assert "已移出" in text_of(client, f"/parks/{world.park.pk}/listed")


def test_the_name_of_a_gate_stands_beside_a_plant_and_not_on_it() -> None:
    gate = Mark(40.0, 100.0, "西门（应急）", "", "gate")
    plant = (60.0, 90.0, 110.0, 130.0)
    placed = _free(gate, [plant])
    assert not placed.left and placed.down < 0 and not _meet(_label(placed), plant)
    assert _free(gate, []) == gate
    assert _free(Mark(400.0, 100.0, "西门", "", "gate"), [(405.0, 90.0, 470.0, 130.0)]).left
