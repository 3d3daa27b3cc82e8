"""A writer that is killed anywhere loses nothing it had promised and doubles nothing."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import duckdb
import numpy as np
import pytest

from anlan.engine.history import HistoryWriter
from anlan.engine.history_store import Manifest

HOUR = 3_600_000

WRITER = """
import sys
from pathlib import Path
import numpy as np
from anlan.engine.history import HistoryWriter

writer = HistoryWriter(Path(sys.argv[1]))
for offset in range(writer.upto(0) + 1, 40):
    ts = 1_767_225_600_000 + offset * 1_800_000 + np.arange(100) * 36_000
    writer.write(0, offset, np.arange(100, dtype="u4") % 7, ts, np.full(100, float(offset)), np.ones(100, "u1"))
    print(offset, flush=True)
    if offset % 10 == 9:
        writer.compact()
print("done", flush=True)
"""


def kill_at(folder: Path, order: str) -> list[str]:
    """What the writer had promised when it died (or that it was done)."""
    environment = os.environ | {"ANLAN_CRASH": order}
    process = subprocess.run(
        [sys.executable, "-c", WRITER, str(folder)], env=environment, stdout=subprocess.PIPE, text=True, check=False
    )
    assert process.returncode in (0, -signal.SIGKILL)
    return process.stdout.split()


def check(folder: Path, promised: list[str]) -> int:
    manifest = Manifest.load(folder)
    held = manifest.upto.get(0, -1)
    assert held >= max((int(word) for word in promised if word != "done"), default=-1)
    names = [str(folder / part.name) for part in manifest.parts if part.kind == "raw"]
    if names:
        found = duckdb.execute("SELECT value, count(*) FROM read_parquet(?) GROUP BY 1 ORDER BY 1", [names]).fetchall()
        assert found == [(float(offset), 100) for offset in range(held + 1)]
    return held


def until_done(folder: Path, orders: list[str]) -> None:
    for order in orders:
        check(folder, kill_at(folder, order))
    assert kill_at(folder, "never")[-1] == "done"
    assert check(folder, ["39"]) == 39
    writer = HistoryWriter(folder)
    writer.compact(thorough=True)
    writer.close()
    assert check(folder, ["39"]) == 39


def test_killed_between_part_manifest_and_answer_each_reading_is_there_once(tmp_path: Path) -> None:
    until_done(tmp_path, ["history_after_part:4", "history_before_manifest:9", "history_after_manifest:3"])


@pytest.mark.prove
@pytest.mark.parametrize("place", ["history_after_part", "history_before_manifest", "history_after_manifest"])
def test_killed_twenty_times_at_each_point_each_reading_is_there_once(tmp_path: Path, place: str) -> None:
    rng = np.random.default_rng(5)
    until_done(tmp_path, [f"{place}:{passes}" for passes in rng.integers(1, 40, 20)])


@pytest.mark.prove
def test_killed_at_random_moments_each_reading_is_there_once(tmp_path: Path) -> None:
    rng = np.random.default_rng(6)
    for wait in rng.uniform(0.2, 1.5, 20):
        process = subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path)], stdout=subprocess.PIPE, text=True)
        try:
            process.wait(wait)
        except subprocess.TimeoutExpired:
            process.kill()
        out, _ = process.communicate()
        check(tmp_path, out.split())
