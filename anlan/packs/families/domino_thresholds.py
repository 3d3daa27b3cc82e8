"""When fire or blast of one unit brings down another: thresholds, times to failure, probits by class of equipment."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from anlan.packs.loader import load_as

IDS = "core/domino_thresholds"


@dataclass(frozen=True)
class TimeToFailure:
    """ln(ttf in s) = ``slope`` ln(I in kW/m2) + ``size`` V^``power`` + ``constant``; V in m3 within the two bounds."""

    slope: float
    size: float
    power: float
    constant: float
    volume_from: float
    volume_to: float

    def problems(self) -> Iterable[str]:
        if not 0 <= self.volume_from < self.volume_to:
            yield f"容积范围 {self.volume_from}–{self.volume_to} m³ 应从小到大且不小于 0"


@dataclass(frozen=True)
class Probit:
    """Y = ``a`` + ``b`` ln(``scale`` dose); the dose is named where the probit is used."""

    a: float
    b: float
    scale: float = 1.0


@dataclass(frozen=True)
class Equipment:
    """A class of equipment. ``heat`` [kW/m2] for ``heat_minutes`` [min], ``overpressure`` [kPa]: below them nothing
    escalates. ``blast``: probit in Pa. ``time_to_failure`` is left out where fire models do not cover the class."""

    name: str
    overpressure: float
    blast: Probit
    heat: float | None = None
    heat_minutes: float | None = None
    time_to_failure: TimeToFailure | None = None
    confidence: str = "memory"

    def problems(self) -> Iterable[str]:
        if self.overpressure <= 0:
            yield f"{self.name} 的超压阈值 {self.overpressure} kPa 应大于 0"


@dataclass(frozen=True)
class DominoThresholds:
    """``mitigation``: probit of the time to failure in minutes, Y = a - b ln(t): ``b`` is written positive."""

    equipment: Mapping[str, Equipment]
    mitigation: Probit


SHAPE = DominoThresholds


def load(on: date) -> DominoThresholds:
    return load_as(DominoThresholds, IDS, on).body
