"""How a chemical park is assessed and graded: scored items, conditions that decide by themselves, the four grades."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from anlan.packs.loader import load_as
from anlan.packs.model import Header, Unique
from anlan.rules.levels import Level

IDS = "chemicals/park_grading"


@dataclass(frozen=True)
class Item:
    """A line of the checklist: ``points`` at most, ``how`` they are lost."""

    code: Annotated[str, Unique()]
    section: str
    text: str
    points: float
    how: str


@dataclass(frozen=True)
class Veto:
    """A condition that makes the park the worst grade, whatever its score."""

    code: Annotated[str, Unique()]
    text: str


@dataclass(frozen=True)
class Section:
    key: Annotated[str, Unique()]
    name: str


@dataclass(frozen=True)
class Grade:
    """``score_from`` of 100 upwards; ``projects``: whether new projects of hazardous chemicals may come."""

    key: Annotated[str, Unique()]
    name: str
    score_from: float
    projects: Literal["none", "restricted", "open"]
    meaning: str


@dataclass(frozen=True)
class ParkGrading:
    """``validity_years``: an assessment is good for so long; then a fact of ``overdue_level`` is raised."""

    validity_years: int
    overdue_level: Level
    overdue_fact: str
    words: str
    grades: tuple[Grade, ...]
    sections: tuple[Section, ...]
    items: tuple[Item, ...]
    vetoes: tuple[Veto, ...]

    @property
    def total(self) -> float:
        return sum(item.points for item in self.items)

    def grade(self, key: str) -> Grade | None:
        return next((one for one in self.grades if one.key == key), None)

    def problems(self) -> Iterable[str]:
        known = {section.key for section in self.sections}
        yield from (
            f"{one.code} 的 section {one.section} 不在 sections 里" for one in self.items if one.section not in known
        )
        yield from (f"{one.code} 的分值应大于 0" for one in self.items if one.points <= 0)
        starts = [grade.score_from for grade in self.grades]
        if starts != sorted(set(starts)) or (starts and starts[0] != 0):
            yield "grades 的 score_from 应从 0 起、从小到大，且不重复"
        if self.overdue_level in (Level.UNKNOWN, Level.LOW):
            yield "overdue_level 应是 general、serious 或 major"


SHAPE = ParkGrading


def load(on: date) -> ParkGrading:
    return load_as(ParkGrading, IDS, on).body


def header(on: date) -> Header:
    """Where the checklist comes from."""
    return load_as(ParkGrading, IDS, on).header
