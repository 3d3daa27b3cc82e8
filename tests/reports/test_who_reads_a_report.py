"""A report tells what its maker was allowed to see: only who may see all of that may read it, now."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from anlan.apps.core.models import Grant
from anlan.apps.reports import basis, selectors
from anlan.apps.reports.models import Report
from anlan.kit import clock
from anlan.kit.errors import NotInScope
from anlan.kit.grants import Viewer
from tests.world import World

Who = Callable[[str], Viewer]
Make = Callable[..., Report]


def readers(report: Report, viewer: Who) -> set[str]:
    people = ("王安", "李巡", "赵值", "孙外", "钱领", "周工", "吴专", "郑运", "冯管", "何客")
    return {name for name in people if selectors.reports(viewer(name)).filter(pk=report.pk).exists()}


def test_a_countys_report_is_read_by_who_sees_the_whole_county(ground: World, viewer: Who, make: Make) -> None:
    report = make(viewer("赵值"), ground.qinghe, "major_list")
    assert readers(report, viewer) == {"李巡", "赵值", "钱领", "冯管"}


def test_an_enterprises_report_is_read_by_who_sees_all_of_it(ground: World, viewer: Who, make: Make) -> None:
    report = make(viewer("王安"), ground.plant, "major_list")
    assert readers(report, viewer) == {"王安", "李巡", "赵值", "钱领", "吴专", "冯管"}


def test_a_view_of_one_sector_is_not_enough_for_a_report_of_all(ground: World, viewer: Who, make: Make) -> None:
    report = make(viewer("赵值"), ground.haulier, "major_list")
    assert "郑运" not in readers(report, viewer)
    own = make(viewer("郑运"), ground.haulier, "major_list")
    assert {"郑运", "赵值"} <= readers(own, viewer)


def test_whose_grant_has_ended_reads_not_even_their_own(ground: World, viewer: Who, make: Make) -> None:
    report = make(viewer("赵值"), ground.qinghe, "major_list")
    Grant.objects.filter(person=ground.people["赵值"]).update(until=clock.now() - timedelta(seconds=1))
    with pytest.raises(NotInScope):
        selectors.stored(viewer("赵值"), report.pk, "pdf")


def test_what_lies_beyond_the_place_must_be_seen_too(ground: World, viewer: Who) -> None:
    """A cloud that drifts into a neighbour's yard: who sees the plant alone may not read of it."""
    needs = basis.needs(viewer("赵值"), [ground.plant.path, ground.haulier.path])
    at = {ground.qinghe.pk: ground.qinghe.path}
    assert {place for _, place, _ in needs} == {ground.qinghe.pk}
    assert basis.Reader(viewer("李巡"), at).may(needs)
    assert not basis.Reader(viewer("王安"), at).may(needs)


def test_the_lowest_place_over_several_is_found_by_whole_steps() -> None:
    assert basis.common(["00000100000200000a", "00000100000200000b"]) == "000001000002"
    assert basis.common(["000001000002"]) == "000001000002"
    assert basis.common(["000001", "000002"]) == ""
