"""Moments and days are read as they are written in ISO 8601, and nothing else is taken for one."""

from datetime import UTC, datetime

import pytest
from pydantic import TypeAdapter, ValidationError

from anlan.kit.api import Day, Moment

MOMENT, DAY = TypeAdapter(Moment), TypeAdapter(Day)


@pytest.mark.parametrize(
    ("text", "hour"), [("2026-11-21T03:00:00Z", 3), ("2026-11-21T11:00:00+08:00", 3), ("2026-11-20T07:28:00-19:32", 3)]
)
def test_a_moment_of_any_zone_is_kept_in_utc(text: str, hour: int) -> None:
    read = MOMENT.validate_python(text)
    assert read == datetime(2026, 11, 21, hour, tzinfo=UTC) and read.utcoffset() == UTC.utcoffset(None)


@pytest.mark.parametrize("text", ["0", "1795228200", 1795228200, 1.5, "2026-11-21T03:00:00", "0001-01-01T00:00:00Z"])
def test_what_is_no_moment_is_refused(text: object) -> None:
    with pytest.raises(ValidationError):
        MOMENT.validate_python(text)


@pytest.mark.parametrize("text", ["0", "1795228200", 0, "21.11.2026", "9999-12-31", "0001-01-01"])
def test_what_is_no_day_is_refused(text: object) -> None:
    with pytest.raises(ValidationError):
        DAY.validate_python(text)
