"""Codes of administrative divisions (GB/T 2260)."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from anlan.packs.loader import load_as
from anlan.packs.model import Ref, Unique

IDS = "core/divisions"


@dataclass(frozen=True)
class Division:
    code: Annotated[str, Unique()]
    name: str
    parent: Annotated[str, Ref("", "divisions.code")] | None = None


@dataclass(frozen=True)
class Divisions:
    """``divisions`` from province down; ``invented`` are first two digits that GB/T 2260 gives to nobody."""

    divisions: tuple[Division, ...]
    invented: tuple[str, ...]

    def name(self, code: str) -> str | None:
        return next((division.name for division in self.divisions if division.code == code), None)

    def below(self, code: str | None) -> list[Division]:
        return [division for division in self.divisions if division.parent == code]


SHAPE = Divisions


def load(on: date) -> Divisions:
    return load_as(Divisions, IDS, on).body
