"""One click, a number while it is made, a notice at the end; refusals in words; deleting; keeping for a year."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client

from anlan.apps.core import actions as core
from anlan.apps.core import selectors as places
from anlan.apps.core.actions import run_due
from anlan.apps.core.models import AuditRow
from anlan.apps.reports import actions, retention, selectors
from anlan.apps.reports.models import Report
from anlan.kit import clock
from anlan.kit.errors import BadInput, NotAllowed, NotInScope, Refused
from anlan.kit.grants import SYSTEM, Viewer
from tests.world import World

Who = Callable[[str], Viewer]
Browser = Callable[[str], Client]
Make = Callable[..., Report]


@pytest.mark.parametrize("address", ["/places/{}", "/enterprises/{}", "/map/places/{}"])
def test_the_four_reports_are_offered_where_the_place_is_shown(ground: World, browser: Browser, address: str) -> None:
    shown = browser("李巡").get(address.format(ground.plant.pk)).content.decode()
    for offer in selectors.offers():
        assert f'value="{offer.key}"' in shown
        assert offer.name in shown


def test_who_may_not_have_reports_made_is_not_offered_any(ground: World, browser: Browser) -> None:
    client = browser("周工")
    assert "report-offer" not in client.get(f"/places/{ground.plant.pk}").content.decode()
    assert client.post("/reports/new", {"place": ground.plant.pk, "kind": "analysis"}).status_code == 403
    assert not Report.objects.exists()


def test_one_click_makes_a_report_that_can_be_fetched(ground: World, browser: Browser) -> None:
    client = browser("李巡")
    answer = client.post("/reports/new", {"place": ground.plant.pk, "kind": "major_list"})
    report = Report.objects.get()
    assert answer["Location"] == f"/reports/{report.pk}"
    waiting = client.get(answer["Location"]).content.decode()
    assert "正在汇总、计算和排版" in waiting and "every 1s" in waiting
    run_due("test")
    ready = client.get(answer["Location"]).content.decode()
    assert "?as=pdf" in ready and "?as=docx" in ready and "?as=xlsx" in ready
    fetched = client.get(f"/reports/{report.pk}/file?as=pdf")
    assert b"".join(fetched).startswith(b"%PDF-")
    assert "filename*=UTF-8''" in fetched["Content-Disposition"]
    mine = places.viewer_of(ground.people["李巡"])
    assert "恒泰化工厂重大安全生产风险清单已生成" in places.notices(mine)[0].text
    done = set(AuditRow.objects.filter(subject=f"report:{report.pk}").values_list("action", flat=True))
    assert done == {"report.ask", "report.make", "report.fetch"}


def test_the_list_shows_what_was_made_with_its_files(ground: World, browser: Browser, viewer: Who, make: Make) -> None:
    report = make(viewer("李巡"), ground.plant, "major_list")
    shown = browser("李巡").get("/reports").content.decode()
    assert "恒泰化工厂重大安全生产风险清单" in shown
    assert f"/reports/{report.pk}/file?as=xlsx" in shown


def test_an_unknown_kind_and_period_are_refused_in_words(ground: World, viewer: Who, browser: Browser) -> None:
    with pytest.raises(BadInput, match="没有“white_paper”这种报告"):
        actions.ask(viewer("李巡"), ground.plant.pk, "white_paper")
    with pytest.raises(BadInput, match="统计期间不能是 11 天"):
        actions.ask(viewer("李巡"), ground.plant.pk, "analysis", 11)
    shown = browser("李巡").post("/reports/new", {"place": ground.plant.pk, "kind": "x"}, follow=True).content.decode()
    assert "没有“x”这种报告" in shown


def test_an_area_with_nothing_in_it_is_refused(ground: World, viewer: Who) -> None:
    empty = core.add_place(SYSTEM, ground.qinghe, "town", "新设镇")
    with pytest.raises(Refused, match="范围内没有企业，也没有风险点"):
        actions.ask(viewer("李巡"), empty.pk, "assessment")


def test_without_stores_there_is_no_knock_on_report(ground: World, viewer: Who) -> None:
    with pytest.raises(Refused, match="没有事故情景，也没有可推定情景的化学品储存"):
        actions.ask(viewer("李巡"), ground.haulier.pk, "knock_on")


def test_places_beyond_ones_grants_are_not_reported_on(ground: World, viewer: Who) -> None:
    with pytest.raises(NotInScope):
        actions.ask(viewer("王安"), ground.haulier.pk, "analysis")
    with pytest.raises(NotAllowed):
        actions.ask(viewer("周工"), ground.plant.pk, "analysis")


def test_whoever_lost_the_right_meanwhile_gets_no_report(ground: World, viewer: Who) -> None:
    report = actions.ask(viewer("李巡"), ground.plant.pk, "analysis")
    ground.people["李巡"].grants.all().delete()
    run_due("test")
    report.refresh_from_db()
    assert report.files == {} and report.state != "done"


def test_only_the_maker_deletes_a_report_and_its_files_go(
    ground: World, browser: Browser, viewer: Who, make: Make, django_capture_on_commit_callbacks: Any
) -> None:
    report = make(viewer("李巡"), ground.plant, "major_list")
    names = [one["name"] for one in report.files.values()]
    refused = browser("赵值").post(f"/reports/{report.pk}/remove", follow=True).content.decode()
    assert "只能删除自己生成的报告" in refused
    assert all(default_storage.exists(name) for name in names)
    with django_capture_on_commit_callbacks(execute=True):
        browser("李巡").post(f"/reports/{report.pk}/remove")
    assert not Report.objects.exists()
    assert not any(default_storage.exists(name) for name in names)


def test_a_report_deleted_before_its_turn_is_not_made(ground: World, viewer: Who) -> None:
    report = actions.ask(viewer("李巡"), ground.plant.pk, "analysis")
    actions.remove(viewer("李巡"), report.pk)
    run_due("test")
    assert not Report.objects.exists()


def test_reports_go_with_their_files_when_their_time_is_over(ground: World, viewer: Who, make: Make) -> None:
    report = make(viewer("李巡"), ground.plant, "major_list")
    names = [one["name"] for one in report.files.values()]
    assert retention._remove(clock.now() - timedelta(days=365)) == 0
    assert retention._remove(clock.now()) == 1
    assert not any(default_storage.exists(name) for name in names)
