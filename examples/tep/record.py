"""Makes the recordings of the Tennessee Eastman plant that the demo and the tests replay.

    uv run --with tep-studio python examples/tep/record.py [--only idv_06] [--out FOLDER]

The plant is the published simulation problem of Downs and Vogel (Computers & Chemical Engineering 17(3), 1993) in the
revised model of Bathelt, Ricker and Jelali (IFAC-PapersOnLine 48(8), 2015), run by the PyPI package ``tep-studio``
under Ricker's decentralised control (mode 1). It needs a C compiler and is no dependency of the product.

Every run first settles for ``SETTLE_H`` hours that are not recorded. A disturbance enters ``LEAD_MIN`` minutes after
the recording starts. One row per minute and tag: ``ts`` (epoch ms, from ``EPOCH``), ``tag``, ``value`` rounded to the
resolution of an ordinary transmitter. The same seed gives the same file, byte for byte, on the same machine.
"""

import argparse
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np

EPOCH = 1_767_196_800_000  # 2026-01-01 00:00 +08:00 [ms]
SETTLE_H = 10.0
LEAD_MIN = 15
STEP_H = 1 / 120  # control interval; every second step is recorded
OUT = Path(__file__).resolve().parents[2] / "anlan" / "packs" / "sectors" / "tep" / "recordings"
#: Decimals kept of XMEAS(1) … XMEAS(41); valve positions keep two.
DECIMALS = (4, 1, 1, 4, 3, 3, 1, 2, 2, 4, 2, 2, 1, 3, 2, 1, 3, 2, 2, 2, 2, 2, *(3,) * 14, *(4,) * 3, *(3,) * 2)


@dataclass(frozen=True)
class Run:
    """One recording. ``idv`` 0 is normal running."""

    idv: int
    hours: float
    seed: float

    @property
    def name(self) -> str:
        return f"idv_{self.idv:02d}" if self.idv else "normal"


RUNS = (Run(0, 48, 20260101.0), *(Run(idv, 9, 20260101.0 + idv) for idv in (1, 2, 4, 6, 7, 8, 11, 12, 13, 14)))


def schedule(run: Run) -> Callable[[float], np.ndarray]:
    """The disturbance vector at a time [h] from the start of the simulation."""
    start = SETTLE_H + LEAD_MIN / 60

    def at(hour: float) -> np.ndarray:
        vector = np.zeros(28)
        if run.idv and hour >= start:
            vector[run.idv - 1] = 1.0
        return vector

    return at


def rows(run: Run) -> Iterator[tuple[int, str, float]]:
    """``(ts, tag, value)`` of a run, one minute after the other; a run that trips ends there."""
    from tep_studio import ClosedLoopSimulation

    simulation = ClosedLoopSimulation(control_interval=STEP_H, horizon=SETTLE_H + run.hours)
    result = simulation.run(seed=run.seed, disturbance_schedule=schedule(run), record_every=2)
    settled = round(SETTLE_H * 60)
    for minute, step in enumerate(result.results[settled:]):
        ts = EPOCH + minute * 60_000
        for number, (value, decimals) in enumerate(zip(step.measurements[:41], DECIMALS, strict=True), 1):
            yield ts, f"XMEAS_{number:02d}", round(float(value), decimals)
        for number, value in enumerate(step.implemented_action[:12], 1):
            yield ts, f"XMV_{number:02d}", round(float(value), 2)


def write(run: Run, folder: Path) -> Path:
    """Record a run into ``folder``; returns the file."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{run.name}.parquet"
    ts, tag, value = zip(*rows(run), strict=True)
    columns = {"ts": np.array(ts), "tag": np.array(tag), "value": np.array(value)}
    with duckdb.connect() as database:
        database.register("columns", columns)
        relation = database.sql("SELECT ts, tag, value FROM columns")
        relation.write_parquet(str(path), compression="zstd", row_group_size=200_000)
    return path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", action="append", help="name of a recording (normal, idv_06); may be repeated")
    parser.add_argument("--out", type=Path, default=OUT, help="folder to write to")
    chosen = parser.parse_args()
    for run in RUNS:
        if not chosen.only or run.name in chosen.only:
            path = write(run, chosen.out)
            sys.stdout.write(f"{path} {path.stat().st_size / 1000:.0f} kB\n")


if __name__ == "__main__":
    main()
