"""Every list behaves the same: what is asked stands in the address, files hold all rows, long ones are not counted."""

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import openpyxl
import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from anlan.apps.core.choices import PlaceKind
from anlan.apps.core.models import Place
from anlan.kit import listing
from anlan.kit.errors import BadInput
from anlan.kit.listing import Choice, Column, Dates, Empty, Listing, Option, Shown, Text, show
from tests.world import World

PLACES = Listing(
    name="test-places",
    title="场所",
    columns=(
        Column("name", "名称", lambda row: row.name, sort="name"),
        Column("kind", "类别", lambda row: row.get_kind_display(), sort="kind"),
        Column("code", "编码", lambda row: row.code, sort="code", shown=False),
    ),
    filters=(
        Text("名称或编码", ("name__icontains", "code__startswith")),
        Choice("kind", "类别", [Option(kind.value, kind.label) for kind in PlaceKind], "kind"),
    ),
    sort="name",
    empty=Empty("没有场所", "请先登记。", "/places/new", "登记场所"),
    page_size=5,
)


@dataclass(frozen=True)
class Reading:
    name: str
    value: float | None
    at: datetime


def asked(query: str = "", cookies: Mapping[str, str] | None = None, **headers: str) -> Any:
    request = RequestFactory().get(f"/list?{query}", headers=headers)
    request.user = AnonymousUser()
    request.COOKIES.update(cookies or {})
    return request


def shown(query: str = "", spec: Listing = PLACES, **more: Any) -> Shown:
    return show(asked(query, **more), spec, Place.objects.all())


def names(found: Shown) -> list[str]:
    return [row.name for row in found.fetched]


def body(query: str, rows: Any = None) -> str:
    """What a script gets for the page: the rows without their frame."""
    request = asked(query, **{"HX-Target": "listing-test-places-body"})
    response = listing.answer(request, PLACES, Place.objects.all() if rows is None else rows, "unused.html")
    assert isinstance(response, HttpResponse)
    return response.content.decode()


def content(response: HttpResponseBase) -> bytes:
    assert isinstance(response, StreamingHttpResponse)
    return b"".join(response)  # type: ignore[arg-type]  # a list is not asynchronous


def test_filters_narrow_together_and_each_can_be_taken_off(world: World) -> None:
    found = shown("kind=enterprise&kind=unit&q=厂")
    assert names(found) == ["恒泰化工厂", "金桥冶炼厂"]
    assert [chip.told.text for chip in found.chips] == ["含“厂”", "类别：企业", "类别：生产单元"]
    without_text = found.chips[0].url
    assert len(shown(without_text.lstrip("?")).fetched) == 5
    assert shown(found.plain_url.lstrip("?")).chips == []


def test_what_makes_no_sense_in_the_address_is_passed_over(world: World) -> None:
    found = shown("kind=castle&sort=password&page=-3&col=nothing&q=%00")
    assert found.chips == []
    assert found.page == 1
    assert [column.key for column in found.columns] == ["name", "kind"]


def test_headings_say_how_the_list_is_sorted_and_sort_it(world: World) -> None:
    down = shown("sort=-name")
    assert down.heads[0].state == "descending"
    assert names(down) == sorted((place.name for place in Place.objects.all()), reverse=True)[:5]
    assert shown("sort=name").heads[0].url == "?sort=-name"


def test_columns_are_chosen_in_the_address_or_remembered_by_the_browser_for_one_person(world: World) -> None:
    assert [column.key for column in shown("col=code").columns] == ["name", "code"]
    remembered = {"list.0.test-places": "code"}
    assert [column.key for column in shown(cookies=remembered).columns] == ["name", "code"]
    somebody_else = {"list.7.test-places": "code"}
    assert [column.key for column in shown(cookies=somebody_else).columns] == ["name", "kind"]


def test_pages_lead_to_all_rows_and_no_further(world: World) -> None:
    seen: list[str] = []
    url = "?page=1"
    while url:
        found = shown(url.lstrip("?"))
        seen += names(found)
        url = found.next_url
    assert len(seen) == len(set(seen)) == Place.objects.count()
    assert shown("page=999").page == found.page


def test_a_long_list_is_not_counted_to_its_end(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("anlan.kit.listing.shown.COUNTED", 10)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        found = shown()
    assert found.counted == "10+"
    assert "LIMIT 11" in next(query["sql"] for query in queries if "COUNT" in query["sql"])
    assert found.next_url


def test_rows_in_memory_are_filtered_and_sorted_like_those_of_the_database() -> None:
    start = datetime(2026, 11, 1, 4, tzinfo=UTC)
    rows = [Reading(name, value, start + timedelta(days=day)) for day, (name, value) in
            enumerate([("釜温", 81.5), ("釜压", None), ("液位", 9.0)])]  # fmt: skip
    spec = Listing(
        "readings", "读数", (Column("name", "名称", lambda row: row.name), Column("value", "值", lambda row: row.value,
        sort="value", number=True, unit="℃")), (Dates("at", "时间", "at"),), "-value")  # fmt: skip
    assert names(show(asked(), spec, rows)) == ["釜温", "液位", "釜压"]
    assert names(show(asked("sort=value"), spec, rows)) == ["液位", "釜温", "釜压"]
    found = show(asked("at_from=2026-11-02&at_to=2026-11-02"), spec, rows)
    assert names(found) == ["釜压"]
    assert found.chips[0].told.text == "时间：2026-11-02"
    assert names(show(asked("at_to=2026-11-02"), spec, rows)) == ["釜温", "釜压"]


def test_excel_holds_every_row_and_column_of_what_was_asked_with_texts_that_cannot_run(world: World) -> None:
    Place.objects.filter(pk=world.depot.pk).update(name="=cmd|'/c calc'!A1")
    response = listing.answer(asked("kind=risk_point&format=xlsx"), PLACES, Place.objects.all(), "unused.html")
    assert "filename*=UTF-8''%E5%9C%BA%E6%89%80-" in response["Content-Disposition"]
    book = openpyxl.load_workbook(io.BytesIO(content(response)))
    sheet = book["场所"]
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0] == ("名称", "类别", "编码")
    assert len(rows) == 1 + Place.objects.filter(kind="risk_point").count()
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == f"A1:C{len(rows)}"


def test_csv_opens_in_a_spreadsheet_and_runs_nothing(world: World) -> None:
    Place.objects.filter(pk=world.depot.pk).update(name="=1+1")
    response = listing.answer(asked("q=1%2B1&format=csv"), PLACES, Place.objects.all(), "unused.html")
    text = content(response).decode()
    assert text.startswith("\ufeff名称,类别,编码")
    assert "'=1+1,风险点" in text


def test_geojson_is_offered_only_where_rows_have_a_shape(world: World) -> None:
    with pytest.raises(BadInput):
        listing.answer(asked("format=geojson"), PLACES, Place.objects.all(), "unused.html")
    spec = Listing("p", "场所", PLACES.columns, geometry=lambda row: {"type": "Point", "coordinates": [121, 30]})
    collection = json.loads(content(listing.answer(asked("format=geojson"), spec, Place.objects.all(), "unused.html")))
    assert len(collection["features"]) == Place.objects.count()
    assert collection["features"][0]["properties"]["类别"]


def test_who_writes_files_down_is_told_when_one_leaves(world: World) -> None:
    left: list[str] = []
    listing.answer(asked("format=csv"), PLACES, Place.objects.all(), "unused.html", exported=left.append)
    assert left == ["csv"]


def test_a_list_without_rows_says_what_to_do_next(world: World) -> None:
    nothing = body("", Place.objects.none())
    assert "没有场所" in nothing
    assert 'href="/places/new"' in nothing
    filtered = body("q=无")
    assert "没有符合条件的" in filtered
    assert "清除全部条件" in filtered


def test_what_rows_say_is_escaped(world: World) -> None:
    Place.objects.filter(pk=world.depot.pk).update(name="<script>alert(1)</script>")
    assert "&lt;script&gt;" in body("q=script")
    assert "<script" not in body("q=script")
