"""The shipped recordings of the Tennessee Eastman plant: what the limits make of them, by file and by kernel."""

import csv
import json
from collections import Counter
from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import pytest
from click.testing import CliRunner

from anlan.cli.demonstration.gateways import library_of
from anlan.cli.detect import command as detect_command
from anlan.kernels import detect as kernel
from anlan.packs import loader
from anlan.packs.families import recordings, tags

TODAY = date(2026, 11, 1)
FOLDER = loader.BUILT_IN / "sectors" / "tep"
NAMES = sorted(recordings.load("tep", TODAY).recordings)
SPECS = sorted(tags.load("tep", TODAY).tags, key=lambda tag: tag.code)


def write_tags(path: Path, speed: float = 1.0) -> Path:
    """The TAGS file of ``anlan detect`` for the plant."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(tags.DETECT_COLUMNS)
        writer.writerows(
            [["" if cell is None else cell for cell in row] for row in tags.detect_rows(SPECS, speed=speed)]
        )
    return path


def events_of_file(recording: Path, folder: Path) -> list[dict[str, object]]:
    """What ``anlan detect`` says of a recording."""
    out = folder / "events.jsonl"
    result = CliRunner().invoke(
        detect_command, [str(recording), "--tags", str(write_tags(folder / "tags.csv")), "-o", str(out)]
    )
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in out.read_text().splitlines()]


def events_of_kernel(name: str) -> list[tuple[str, int, str, str, float]]:
    """What the kernel says when it is called directly, a minute at a time."""
    recording = library_of("tep", TODAY).recording(name)
    numbers = np.arange(len(SPECS), dtype=np.uint32)
    rules = np.zeros(len(SPECS), kernel.RULES)
    for number, tag in enumerate(SPECS):
        limits = [np.nan if value is None else value for value in tag.limits().values()]
        rules[number] = (*limits, tag.deadband, int(tag.on_delay_s * 1000), int(tag.off_delay_s * 1000), 0)
    state = kernel.State.empty(len(SPECS))
    kernel.configure(state, numbers, rules, 0)
    assert recording.tags == tuple(tag.code for tag in SPECS)
    found = []
    good = np.ones(len(SPECS), np.uint8)
    for ts, values in zip(recording.ts, recording.values, strict=True):
        for event in kernel.detect(state, numbers, np.full(len(SPECS), ts), values, good, int(ts)).events:
            kind = "raise" if event["kind"] else "clear"
            limit = kernel.LIMITS[event["limit"]]
            found.append((SPECS[event["tag"]].code, int(event["ts"]), limit, kind, float(event["value"])))
    return found


@pytest.mark.parametrize("name", ["normal", "idv_01", "idv_06", "idv_08"])
def test_the_file_and_the_kernel_give_the_same_events(name: str, tmp_path: Path) -> None:
    file = FOLDER / "recordings" / f"{name}.parquet"
    said = [(e["tag"], e["ts"], e["limit"], e["event"], e["value"]) for e in events_of_file(file, tmp_path)]
    assert sorted(said) == sorted(events_of_kernel(name))  # type: ignore[type-var]


@pytest.mark.parametrize("name", NAMES)
def test_the_limits_make_of_a_recording_what_its_pack_says(name: str) -> None:
    said = recordings.load("tep", TODAY).recordings[name]
    found = Counter(kind for _, _, _, kind, _ in events_of_kernel(name))
    assert (found["raise"], found["clear"]) == (said.raises, said.clears)


def test_normal_running_raises_no_alarm() -> None:
    assert events_of_kernel("normal") == []


@pytest.mark.parametrize("name", [name for name in NAMES if name != "normal"])
def test_a_disturbance_raises_its_first_alarm_after_it_began(name: str) -> None:
    pack = recordings.load("tep", TODAY)
    recording = library_of("tep", TODAY).recording(name)
    first = min(ts for _, ts, _, kind, _ in events_of_kernel(name) if kind == "raise")
    assert first >= recording.ts[0] + pack.lead_minutes * 60_000


def test_the_recordings_take_little_room() -> None:
    assert sum(file.stat().st_size for file in (FOLDER / "recordings").iterdir()) <= 5_000_000


def test_there_are_at_least_six_disturbances_and_normal_running() -> None:
    assert "normal" in NAMES
    assert len(NAMES) >= 7


def test_every_recorded_tag_has_its_limits_and_no_other() -> None:
    for name in NAMES:
        assert library_of("tep", TODAY).recording(name).tags == tuple(tag.code for tag in SPECS)


def test_derived_limits_follow_the_rule_they_name() -> None:
    """Mean ± 6 and ± 12 standard deviations of the normal recording."""
    file = str(FOLDER / "recordings" / "normal.parquet")
    with duckdb.connect() as database:
        rows = database.execute(
            "SELECT tag, avg(value), stddev_samp(value) FROM read_parquet(?) GROUP BY tag", [file]
        ).fetchall()
    spread = {tag: (mean, sd) for tag, mean, sd in rows}
    for tag in SPECS:
        if tag.basis in ("derived", "composition"):
            mean, sd = spread[tag.code]
            assert tag.h == pytest.approx(mean + 6 * sd, abs=10**-tag.decimals), tag.code
            assert tag.l == pytest.approx(mean - 6 * sd, abs=10**-tag.decimals), tag.code
            outer = mean + 12 * sd if tag.basis == "derived" else None
            assert tag.hh == (outer and pytest.approx(outer, abs=10**-tag.decimals)), tag.code


def test_published_limits_are_those_of_downs_and_vogel() -> None:
    found = {tag.code: (tag.hh, tag.h, tag.l) for tag in SPECS if tag.basis == "published"}
    assert found["XMEAS_07"] == (3000, 2895, None)
    assert found["XMEAS_09"] == (175, 150, None)
    assert found["XMEAS_08"][1:] == (100, 50)
    assert found["XMEAS_12"][1:] == found["XMEAS_15"][1:] == (100, 30)
