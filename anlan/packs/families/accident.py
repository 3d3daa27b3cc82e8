"""At which heat, overpressure and concentration people are harmed, and what the accident models assume."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from anlan.packs.families.toxic_thresholds import Kind
from anlan.packs.loader import load_as

IDS = "core/accident"


@dataclass(frozen=True)
class Threshold:
    """``value`` in kW/m2 (heat) or kPa (overpressure); ``rank`` 1 (mildest) to 4."""

    key: str
    value: float
    rank: int
    harm: str
    source: str

    def problems(self) -> Iterable[str]:
        if self.value <= 0:
            yield f"{self.key} 的值 {self.value} 应大于 0"
        if self.rank not in (1, 2, 3, 4):
            yield f"{self.key} 的 rank {self.rank} 应是 1 到 4"


@dataclass(frozen=True)
class ToxicGroup:
    """Kinds of thresholds that are used together, from the worst; each with its rank and harm."""

    kinds: tuple[Kind, ...]
    ranks: tuple[int, ...]
    harms: tuple[str, ...]

    def problems(self) -> Iterable[str]:
        if not len(self.kinds) == len(self.ranks) == len(self.harms):
            yield f"{'、'.join(self.kinds)} 的 kinds、ranks、harms 应一样多"


@dataclass(frozen=True)
class Assumption:
    """What a model takes for granted: ``value`` in ``unit``, in words ``what`` it is."""

    value: float
    unit: str
    what: str
    source: str


NEEDED = ("jet_fraction", "tnt_efficiency", "least_cloud", "fireball_burst", "thermal_exposure", "flash_share")


@dataclass(frozen=True)
class Accident:
    heat: tuple[Threshold, ...]
    overpressure: tuple[Threshold, ...]
    toxic: tuple[ToxicGroup, ...]
    assumptions: Mapping[str, Assumption]

    def problems(self) -> Iterable[str]:
        if missing := [name for name in NEEDED if name not in self.assumptions]:
            yield f"assumptions 缺少 {'、'.join(missing)}"

    def assumed(self, name: str) -> float:
        return self.assumptions[name].value


SHAPE = Accident


def load(on: date) -> Accident:
    return load_as(Accident, IDS, on).body
