"""How the demo's invented sensors behave, by what they measure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated

from anlan.packs.loader import load_as
from anlan.packs.model import Unique

IDS = "demo/signals"

#: What the county's weather and working day are made of.
WEATHER = (
    "warmth", "temperature", "gust", "rain_10min", "rain_1h", "rain_24h", "wet", "tide", "activity", "crowd", "wind",
    "wind_from", "humidity", "cloud", "low_cloud",
)  # fmt: skip


@dataclass(frozen=True)
class Kind:
    """A kind of signal; the first kind whose ``units`` and ``words`` (in the tag's name) fit a tag is its own.

    ``noise``, ``couple``, ``batch`` are shares of the room between the normal value and the nearest limit. ``noise``
    wanders with a memory of ``minutes`` [min]; ``couple`` answers the weather's variables, per unit of theirs, about
    their ``usual`` values; ``batch`` rises and falls over about ``hours`` [h]. With ``reads`` the sensor shows that
    variable itself, times ``gain`` (0 = so that its usual value is the tag's normal one). ``toward``: couplings push
    to the side of the alarm. ``whole``: counts. ``every_min`` [min] between readings of the past month.
    """

    key: Annotated[str, Unique()]
    units: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    noise: float = 0.05
    minutes: float = 10.0
    couple: Mapping[str, float] = field(default_factory=dict)
    batch: float = 0.0
    hours: float = 8.0
    reads: str = ""
    gain: float = 0.0
    toward: bool = False
    whole: bool = False
    every_min: int = 5

    def problems(self) -> Iterable[str]:
        for name in (*self.couple, *([self.reads] if self.reads else [])):
            if name not in WEATHER:
                yield f"{self.key} 里有不认识的量 {name}，应是 {'、'.join(WEATHER)}"
        if self.noise < 0 or self.minutes <= 0 or self.hours <= 0 or self.every_min <= 0:
            yield f"{self.key} 的 noise 不能为负，minutes、hours、every_min 应大于 0"

    def fits(self, name: str, unit: str) -> bool:
        return (not self.units or unit in self.units) and (not self.words or any(word in name for word in self.words))


@dataclass(frozen=True)
class Signals:
    """``usual``: what each variable of the weather is on an ordinary day."""

    usual: Mapping[str, float]
    kinds: tuple[Kind, ...]

    def problems(self) -> Iterable[str]:
        if not self.kinds or self.kinds[-1].units or self.kinds[-1].words:
            yield "kinds 的最后一种应不写 units 和 words，接住其余点位"
        for name in WEATHER:
            if name not in self.usual:
                yield f"usual 缺少 {name}"

    def kind_of(self, name: str, unit: str) -> Kind:
        """The kind of a tag, by its name and unit."""
        return next(kind for kind in self.kinds if kind.fits(name, unit))


SHAPE = Signals


def load(on: date) -> Signals:
    return load_as(Signals, IDS, on).body
