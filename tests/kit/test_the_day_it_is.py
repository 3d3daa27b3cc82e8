import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

import anlan
from anlan.kit import clock

SOURCES = Path(anlan.__file__).parent
UTC_DAY = re.compile(r"\b(now|begun)(\(\)|\(UTC\))?\.date\(\)|date\.today\(\)|timezone\.localdate")


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 11, 22, 15, 59, tzinfo=UTC), date(2026, 11, 22)),
        (datetime(2026, 11, 22, 16, 0, tzinfo=UTC), date(2026, 11, 23)),
    ],
)
def test_a_day_begins_at_midnight_where_the_product_works(
    moment: datetime, day: date, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: moment)
    assert clock.today() == day == clock.day_of(moment)


def test_no_source_takes_the_day_of_another_time_zone() -> None:
    found = [path for path in SOURCES.rglob("*.py") if UTC_DAY.search(path.read_text())]
    assert not found, "ask anlan.kit.clock for today() or day_of(moment)"
