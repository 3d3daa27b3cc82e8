"""Which tags observe the weather, and for how long a reading is the weather of now."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from anlan.packs.loader import load_as
from anlan.packs.model import Unique

IDS = "core/weather_stations"
KEYS = ("wind", "from", "air", "humidity", "total_cloud", "low_cloud")


@dataclass(frozen=True)
class Quantity:
    """A tag in one of ``units`` whose name has one of ``words`` (the first fits best) and none of ``without``."""

    key: Annotated[str, Unique()]
    name: str
    words: tuple[str, ...]
    units: tuple[str, ...]
    without: tuple[str, ...] = ()

    def problems(self) -> Iterable[str]:
        if self.key not in KEYS:
            yield f"不认识的观测量 {self.key}，应是 {'、'.join(KEYS)}"
        if not self.words or not self.units:
            yield f"{self.key} 的 words 和 units 不能为空"

    def rank(self, name: str, unit: str) -> int | None:
        """How well a tag fits, 0 the best; None where it does not."""
        if unit not in self.units or any(word in name for word in self.without):
            return None
        return next((place for place, word in enumerate(self.words) if word in name), None)


@dataclass(frozen=True)
class WeatherStations:
    """``fresh_minutes`` [min]; ``needed``: what a place must observe to be a station."""

    fresh_minutes: float
    quantities: tuple[Quantity, ...]
    needed: tuple[str, ...]

    def problems(self) -> Iterable[str]:
        if self.fresh_minutes <= 0:
            yield "fresh_minutes 应大于 0"
        known = {one.key for one in self.quantities}
        for key in self.needed:
            if key not in known:
                yield f"needed 里的 {key} 没有列在 quantities 里"


SHAPE = WeatherStations


def load(on: date) -> WeatherStations:
    return load_as(WeatherStations, IDS, on).body
