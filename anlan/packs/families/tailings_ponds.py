"""What is demanded of tailings ponds: grades, floods, warnings, states, closing, drains, reach of a break."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from anlan.packs.loader import load_as
from anlan.packs.model import Confidence, Unique
from anlan.rules import tailings as rules
from anlan.rules.levels import Level

IDS = "sectors/tailings/ponds"

Class = Literal["critical", "unsafe", "defective", "normal"]
FoundBy = Literal["flood", "drain", "stability", "seen"]
#: By what a red limit is measured: a value of the pond, its three levels, or the number itself.
Base = Literal["min_beach", "min_superelevation", "levels", "control_depth", "displacement_limit", "slide_limit",
               "absolute"]  # fmt: skip
COLOURS = {1: "blue", 2: "yellow", 3: "orange", 4: "red"}


@dataclass(frozen=True)
class Grade:
    """One grade. Volumes [1e4 m3], heights, beaches, depths [m], floods [yr]; factors of safety by Bishop and Swedish
    circle for usual, flood and special loads."""

    grade: int
    name: str
    volume_from: float
    height_from: float
    flood_least: float
    flood_most: float
    superelevation: float
    beach_upstream: float
    beach_downstream: float
    phreatic: float
    stability_normal: float
    stability_flood: float
    stability_special: float
    swedish_normal: float
    swedish_flood: float
    swedish_special: float

    def beach(self, method: str) -> float:
        """The shortest dry beach [m] for a way of raising the dam."""
        return self.beach_upstream if method == "upstream" else self.beach_downstream


@dataclass(frozen=True)
class Item:
    """Something that is measured. The limits are multiples of ``base``, names of levels, or numbers; empty = none.

    ``codes`` begin the codes of tags that measure it; ``critical``: without it nobody knows how the pond stands.
    """

    role: Annotated[str, Unique()]
    name: str
    unit: str
    decimals: int
    codes: str
    falling: bool
    critical: bool
    base: Base
    blue: str | None
    yellow: str | None
    orange: str | None
    red: str
    clause: str
    confidence: Confidence

    def limits(self, of: Mapping[str, float | None]) -> dict[int, float]:
        """Warning → value at which it begins, as far as the pond says what they are measured by."""
        written = {rank: getattr(self, colour) for rank, colour in COLOURS.items()}
        told = {rank: text for rank, text in written.items() if text}
        if self.base == "levels":
            return {rank: value for rank, text in told.items() if (value := of.get(text)) is not None}
        base = 1.0 if self.base == "absolute" else of.get(self.base)
        return {} if base is None else {rank: float(text) * base for rank, text in told.items()}

    def problems(self) -> Iterable[str]:
        if self.base == "levels":
            return
        found = [float(text) for colour in COLOURS.values() if (text := getattr(self, colour))]
        if found != sorted(found, reverse=self.falling):
            yield f"{self.role} 的蓝黄橙红应一级比一级严重，请更正"


@dataclass(frozen=True)
class State:
    """A condition of a pond and the class that it means."""

    key: Annotated[str, Unique()]
    class_: Class
    found_by: FoundBy
    text: str
    clause: str
    confidence: Confidence


@dataclass(frozen=True)
class ClassWords:
    name: str
    level: Level
    duty: str


@dataclass(frozen=True)
class Step:
    order: int
    key: Annotated[str, Unique()]
    name: str
    clause: str


@dataclass(frozen=True)
class Storm:
    """Where a study begins until the handbook's values are written; mm, mm/h."""

    cs_over_cv: float
    n1: float
    n2: float
    peak: float
    initial: float
    rate: float
    reservoirs: float


@dataclass(frozen=True)
class Line:
    """log10 y = ``constant`` + ``power`` log10 x ± ``scatter``."""

    constant: float
    power: float
    scatter: float


@dataclass(frozen=True)
class DamBreak:
    """Volumes [m3], heights [m], speeds [m/s]; who is reached with more than ``warn_share`` is to be warned."""

    released: Line
    runout: Line
    volume_from: float
    volume_to: float
    height_from: float
    height_to: float
    speed_fast: float
    speed_slow: float
    warn_share: float


@dataclass(frozen=True)
class TailingsPonds:
    grades: tuple[Grade, ...]
    items: tuple[Item, ...]
    states: tuple[State, ...]
    steps: tuple[Step, ...]
    upgrades: Mapping[str, int]
    classes: Mapping[str, ClassWords]
    stability_steps: Mapping[str, float]
    overhead_m: float
    overhead_lift: bool
    stale_hours: float
    flood_hours: float
    step_s: float
    idle_years: int
    closing_years: int
    closing_level: Level
    late_level: Level
    test_months: int
    overdue_level: Level
    open_after: Mapping[str, float]
    storm: Storm
    dam_break: DamBreak

    def grade(self, volume: float, height: float) -> Grade:
        """The grade of a pond of ``volume`` [1e4 m3] and ``height`` [m]."""
        lowest = [(one.volume_from, one.height_from) for one in self.grades]
        return self.numbered(rules.grade(volume, height, lowest))

    def numbered(self, number: int) -> Grade:
        return next(one for one in self.grades if one.grade == number)

    def state(self, key: str) -> State:
        return next(one for one in self.states if one.key == key)

    def seen(self, *found_by: FoundBy) -> list[State]:
        return [one for one in self.states if one.found_by in found_by]

    def counts(self) -> dict[int, int]:
        """Colour → how many of it count as one of the next."""
        return {int(rank): count for rank, count in self.upgrades.items()}

    def problems(self) -> Iterable[str]:
        if [one.grade for one in self.grades] != [1, 2, 3, 4, 5]:
            yield "grades 应是 1 至 5 等各一行，从大到小"
        known = {one.key for one in self.states}
        if unknown := set(self.stability_steps) - known:
            yield f"stability_steps 里的 {'、'.join(sorted(unknown))} 不在 states 里"
        if missing := {one.class_ for one in self.states} - set(self.classes):
            yield f"classes 缺少 {'、'.join(sorted(missing))}"


SHAPE = TailingsPonds


def load(on: date) -> TailingsPonds:
    return load_as(TailingsPonds, IDS, on).body
