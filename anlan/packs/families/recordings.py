"""Recordings of a plant: real or simulated readings in a file, to be replayed or run through the alarm rules."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from anlan.packs.loader import load_as
from anlan.packs.model import DataFile

IDS = "sectors/*/recordings"


@dataclass(frozen=True)
class Recording:
    """``file``: Parquet with ts [epoch ms], tag, value. ``raises`` and ``clears``: what the tags' limits make of it."""

    title: str
    file: Annotated[str, DataFile()]
    raises: int
    clears: int


@dataclass(frozen=True)
class Recordings:
    """A disturbance begins ``lead_minutes`` [min] after its recording; rows are ``step_s`` [s] apart."""

    lead_minutes: int
    step_s: int
    recordings: Mapping[str, Recording]


SHAPE = Recordings


def load(sector: str, on: date) -> Recordings:
    return load_as(Recordings, f"sectors/{sector}/recordings", on).body
