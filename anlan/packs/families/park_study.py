"""What a park's risk assessment takes where nothing better is known, and what follows when a criterion is broken."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from anlan.packs.loader import load_as
from anlan.packs.model import Ref, Unique
from anlan.rules.levels import Level

IDS = "chemicals/park_study"

FactKey = Literal["target", "outside", "societal", "beyond", "source"]
#: What the reason of each fact may speak of.
_NAMES: dict[FactKey, set[str]] = {
    "target": {"study", "count", "ratio"},
    "outside": {"study"},
    "societal": {"study", "number", "ratio"},
    "beyond": {"study", "number", "most"},
    "source": {"study", "source", "share"},
}


@dataclass(frozen=True)
class Ignition:
    """Probability of ignition after a while, share of it that explodes [-]; substances of low reactivity (CAS)."""

    delayed: float
    explosion: float
    source: str
    low_reactivity: tuple[str, ...]

    def problems(self) -> Iterable[str]:
        if not (0 <= self.delayed <= 1 and 0 <= self.explosion <= 1):
            yield f"delayed {self.delayed}、explosion {self.explosion} 应在 0 到 1 之间"


@dataclass(frozen=True)
class Presence:
    """Share of the year in which people are there [-]."""

    residents: float
    workers: float
    source: str

    def problems(self) -> Iterable[str]:
        if not (0 <= self.residents <= 1 and 0 <= self.workers <= 1):
            yield f"residents {self.residents}、workers {self.workers} 应在 0 到 1 之间"


@dataclass(frozen=True)
class Domino:
    """Whether a study counts knock-on accidents unless somebody says otherwise."""

    in_risk: bool
    source: str


@dataclass(frozen=True)
class Surrogate:
    """A mixture that is computed as a pure substance."""

    cas: Annotated[str, Unique()]
    substitute: str
    name: str
    why: str


@dataclass(frozen=True)
class PublicTarget:
    """Kinds of public objects that belong to a category of GB 36894."""

    category: str
    sorts: tuple[Annotated[str, Ref("core/public_objects", "sorts.code")], ...]


@dataclass(frozen=True)
class BySize:
    """A category of GB 36894 from so many persons on."""

    category: str
    from_persons: int


@dataclass(frozen=True)
class Homes:
    """Squares [m] in which residents are judged together; fewer than ``least`` are no target."""

    square: float
    least: int
    classes: tuple[BySize, ...]

    def problems(self) -> Iterable[str]:
        if not 50 <= self.square <= 5000:
            yield f"square {self.square} 应在 50 到 5000 m 之间"


@dataclass(frozen=True)
class Proposal:
    """How a holding may fail, by its state; ``megapascal``: absolute pressure that a gas is taken to have; ``most_m3``:
    of one vessel [m3]."""

    state: Literal["pressurised", "liquid", "gas"]
    equipment: Annotated[str, Ref("chemicals/leak_frequencies", "equipment.code")]
    holes: tuple[str, ...]
    escalation: str
    most_m3: float
    megapascal: float | None = None


@dataclass(frozen=True)
class FactRule:
    """What is recorded when a criterion is broken; ``least_share``: of a target's risk, to be laid to a source."""

    key: Annotated[FactKey, Unique()]
    fact: str
    level: Level
    reason: str
    clause: str
    least_share: float = 0.0

    def problems(self) -> Iterable[str]:
        if self.level in (Level.UNKNOWN, Level.LOW):
            yield f"{self.key}：超出基准不能显示为低或未知，等级应是 general、serious 或 major"
        known = _NAMES[self.key]
        if unknown := set(re.findall(r"\{(\w+)\}", self.reason)) - known:
            yield f"{self.key}：reason 里不认识 {'、'.join(sorted(unknown))}，可用 {'、'.join(sorted(known))}"


@dataclass(frozen=True)
class UsualWeather:
    """A weather class with the same wind from everywhere."""

    name: Annotated[str, Unique()]
    stability: Literal["A", "B", "C", "D", "E", "F"]
    wind: float
    share: float


@dataclass(frozen=True)
class ParkStudy:
    """``contours`` [1/yr], ``cell`` and ``margin`` [m], ``exposure_s`` [s]."""

    contours: tuple[float, ...]
    cell: float
    margin: float
    most_cells: int
    exposure_s: float
    ignition: Ignition
    presence: Presence
    domino: Domino
    surrogates: tuple[Surrogate, ...]
    targets: tuple[PublicTarget, ...]
    workplaces: tuple[BySize, ...]
    homes: Homes
    proposals: tuple[Proposal, ...]
    words: str
    facts: tuple[FactRule, ...]
    weather: tuple[UsualWeather, ...]

    def problems(self) -> Iterable[str]:
        if list(self.contours) != sorted(set(self.contours)) or not all(0 < one < 1 for one in self.contours):
            yield "contours 应从小到大、不重复，在 0 到 1 之间"
        if abs(sum(one.share for one in self.weather) - 1) > 1e-3:
            yield f"weather 的 share 之和是 {sum(one.share for one in self.weather):g}，应为 1"
        if missing := sorted(set(_NAMES) - {one.key for one in self.facts}):
            yield f"facts 缺少 {'、'.join(missing)}"

    def surrogate(self, cas: str, name: str) -> Surrogate | None:
        """What a mixture is computed as; None where it is a substance of its own."""
        return next((one for one in self.surrogates if one.cas == cas or one.name == name), None)

    def category_of(self, sort: str) -> str:
        """The category of a kind of public object; empty where it has none."""
        return next((one.category for one in self.targets if sort in one.sorts), "")

    def fact(self, key: FactKey) -> FactRule:
        return next(one for one in self.facts if one.key == key)

    def proposal(self, state: str) -> Proposal:
        return next(one for one in self.proposals if one.state == state)


def by_size(classes: Iterable[BySize], persons: float) -> str:
    """The first category whose size is reached."""
    return next((one.category for one in classes if persons >= one.from_persons), "")


SHAPE = ParkStudy


def load(on: date) -> ParkStudy:
    return load_as(ParkStudy, IDS, on).body
