"""Other limits tried on a tag's own past: the same alarms that the kernel would have raised live."""

from pathlib import Path

import numpy as np

from anlan.engine import trial
from anlan.engine.history import HistoryWriter

MINUTE = 60_000
START = 1_750_000_000_000
OFF = {"hh": None, "l": None, "ll": None, "deadband": 0.0, "on_delay_s": 0.0, "off_delay_s": 0.0, "missing_s": None}


def past(folder: Path, values: list[float]) -> None:
    """A reading a minute, the first at START."""
    writer = HistoryWriter(folder / "history")
    n = len(values)
    ts = START + MINUTE * np.arange(n)
    writer.write(0, n, np.full(n, 7, np.uint32), ts, np.array(values), np.ones(n, np.uint8))
    writer.close()


def tried(folder: Path, now: float, then: float, minutes: int) -> trial.Trial:
    wanted = [{"tag": 7, "now": OFF | {"h": now}, "then": OFF | {"h": then}}]
    return trial.run(folder, wanted, START, START + minutes * MINUTE)[0]


def test_a_lower_limit_would_have_raised_more(tmp_path: Path) -> None:
    past(tmp_path, [10, 12, 30, 12, 10, 22, 10, 10])
    found = tried(tmp_path, now=25, then=20, minutes=8)
    assert (found.readings, found.low, found.high) == (8, 10, 30)
    assert found.now.counts == {"H": 1}
    assert found.then.counts == {"H": 2}
    assert found.now.total == MINUTE
    assert found.then.total == 2 * MINUTE
    assert [one.value for one in found.then.alarms] == [22, 30]


def test_an_alarm_that_stood_before_the_window_counts_and_what_is_outside_does_not(tmp_path: Path) -> None:
    past(tmp_path, [30, 30, 10, 10, 30, 10])
    wanted = [{"tag": 7, "now": OFF | {"h": 25}, "then": OFF | {"h": 99}}]
    found = trial.run(tmp_path, wanted, START + MINUTE, START + 4 * MINUTE)[0]
    assert found.now.counts == {"H": 1}
    assert found.now.total == MINUTE
    assert found.then.counts == {}


def test_a_delay_keeps_short_visits_quiet(tmp_path: Path) -> None:
    past(tmp_path, [30, 10, 30, 30, 30, 10])
    wanted = [{"tag": 7, "now": OFF | {"h": 25}, "then": OFF | {"h": 25, "on_delay_s": 90.0}}]
    found = trial.run(tmp_path, wanted, START, START + 6 * MINUTE)[0]
    assert found.now.counts == {"H": 2}
    assert found.then.counts == {"H": 1}


def test_a_tag_without_a_past_says_so(tmp_path: Path) -> None:
    found = tried(tmp_path, now=25, then=20, minutes=8)
    assert (found.readings, found.first, found.now.counts) == (0, None, {})
