"""Fills the limits of ``sectors/tep/tags`` from what was published and from the normal recording.

    python examples/tep/limits.py

Rules (the pack repeats them): ``published`` limits are the operating constraints and shutdown limits of Downs and
Vogel (1993), table 6; volumes are turned into per cent by the two pairs that the table gives for each vessel.
``derived`` limits are the mean of the normal recording ± 6 and ± 12 standard deviations, deadband 2 standard
deviations; ``composition`` only ± 6; ``valve`` is near the ends of the valve's travel.
"""

import csv
from dataclasses import dataclass
from pathlib import Path

import duckdb

PACK = Path(__file__).resolve().parents[2] / "anlan" / "packs" / "sectors" / "tep"
DERIVED = {"derived": (6.0, 12.0), "composition": (6.0, None)}
DEADBAND_SD = 2.0


@dataclass(frozen=True)
class Spread:
    mean: float
    sd: float


def spreads() -> dict[str, Spread]:
    """Mean and standard deviation of every tag in normal running."""
    with duckdb.connect() as database:
        found = database.execute(
            "SELECT tag, avg(value), stddev_samp(value) FROM read_parquet(?) GROUP BY tag",
            [str(PACK / "recordings" / "normal.parquet")],
        ).fetchall()
    return {tag: Spread(mean, sd) for tag, mean, sd in found}


def derived(row: dict[str, str], spread: Spread) -> dict[str, float | None]:
    """Limits of a row whose basis is a derived one, rounded to the tag's decimals."""
    inner, outer = DERIVED[row["basis"]]
    decimals = int(row["decimals"])

    def at(times: float | None) -> float | None:
        return None if times is None else round(spread.mean + times * spread.sd, decimals)

    return {
        "hh": at(outer),
        "h": at(inner),
        "l": at(-inner),
        "ll": at(None if outer is None else -outer),
        "deadband": round(DEADBAND_SD * spread.sd, decimals),
    }


def main() -> None:
    table = PACK / "tags.csv"
    with table.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        rows, head = list(reader), list(reader.fieldnames or [])
    found = spreads()
    for row in rows:
        if row["basis"] in DERIVED:
            row.update({key: "" if v is None else f"{v:g}" for key, v in derived(row, found[row["code"]]).items()})
    with table.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, head, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main()
