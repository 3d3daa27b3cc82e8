"""What is kept and shown again — ways to places, rows of the duty desk — is never old, and never somebody else's."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils.safestring import SafeString
from django.utils.translation import override

from anlan.apps.ledger.selectors import PlaceRef
from anlan.kit import clock, marks
from anlan.web import specimens
from anlan.web.templatetags.anlan_web import queue_row

PLANT = PlaceRef(7, "东光化工", "enterprise", visible=True)


def test_a_way_that_one_may_see_tells_another_nothing() -> None:
    assert "东光化工" in marks.place_path([PLANT])
    hidden = marks.place_path([replace(PLANT, id=None, name="", visible=False)])
    assert "东光化工" not in hidden and "/places/7" not in hidden and "范围外" in hidden


def test_a_name_is_text_also_where_the_same_was_marked_safe() -> None:
    for name in (SafeString("<b>厂</b>"), "<b>厂</b>"):
        assert "&lt;b&gt;厂" in marks.place_path([replace(PLANT, name=name)])


def test_links_are_those_that_were_asked_for() -> None:
    assert [marks.place_path([PLANT, PLANT], link).count("<a ") for link in ("all", "above", "none")] == [2, 1, 0]


def test_the_clock_of_a_kept_row_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    now = clock.now()
    row = replace(
        specimens.queue()[0], raised=now - timedelta(minutes=3), deadline=now + timedelta(minutes=5, seconds=1)
    )
    assert "还剩 5 分钟" in queue_row(row)
    monkeypatch.setattr(marks, "now", lambda: now + timedelta(minutes=7))
    assert "已超 1 分钟" in queue_row(row) and "is-late" in queue_row(row)


def test_a_kept_row_follows_its_values_its_list_and_the_language() -> None:
    row = replace(specimens.queue()[0], state="unacknowledged", deadline=clock.now(), may_acknowledge=True)
    assert "data-acknowledge" in queue_row(row)
    assert "data-acknowledge" not in queue_row(replace(row, may_acknowledge=False))
    assert "?level=4" in queue_row(row, "level=4") and "?level=4" not in queue_row(row)
    with override("en"):
        assert "确认" not in queue_row(row)
    assert "确认" in queue_row(row)


def test_no_mark_of_where_the_clock_stands_is_left() -> None:
    assert all("\0" not in queue_row(row) for row in specimens.queue())
