"""The demo's stories: what happens at one place, minute by minute, with the weather that explains it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from anlan.packs.loader import load_as
from anlan.packs.model import Unique

IDS = "demo/stories"


@dataclass(frozen=True)
class StoryPull:
    """A tag, by words of its name, is taken beyond its limit by a share of its room; times in minutes [min]."""

    name: str
    limit: Literal["hh", "h", "l", "ll"]
    beyond: float
    rise_min: float
    hold_min: float
    fall_min: float


@dataclass(frozen=True)
class StoryWeather:
    """A hump of gusts [m/s] and rain [mm/h] over the whole county, for so many minutes from its step on."""

    minutes: float
    gust: float = 0.0
    rain: float = 0.0


@dataclass(frozen=True)
class Step:
    """What happens ``at_min`` after the story began; ``text`` says it to whoever asks."""

    at_min: float
    text: str
    pulls: tuple[StoryPull, ...] = ()
    weather: StoryWeather | None = None


@dataclass(frozen=True)
class Story:
    """``place``: key of the enterprise; without it, the one of the trade ``sector`` that has the tags.

    ``begin_min``: minutes after the start of the demo at which it begins by itself; null = only when somebody asks.
    """

    key: Annotated[str, Unique()]
    title: str
    about: str
    sector: str
    place: str
    begin_min: float | None
    steps: tuple[Step, ...]

    @property
    def minutes(self) -> float:
        """When all of it is over."""
        ends = [step.at_min + step.weather.minutes for step in self.steps if step.weather]
        ends += [step.at_min + one.rise_min + one.hold_min + one.fall_min for step in self.steps for one in step.pulls]
        return max([*ends, *(step.at_min for step in self.steps)], default=0.0)

    def problems(self) -> Iterable[str]:
        times = [step.at_min for step in self.steps]
        if times != sorted(times):
            yield f"{self.key} 的步骤应按 at_min 从小到大写"
        for step in self.steps:
            if any(min(one.rise_min, one.hold_min, one.fall_min) < 0 for one in step.pulls):
                yield f"{self.key} 第 {step.at_min:g} 分钟一步的时间不能为负"


@dataclass(frozen=True)
class Stories:
    """``speeds``: how many times faster than life a trainer may let a story run."""

    speeds: tuple[float, ...]
    stories: tuple[Story, ...]


SHAPE = Stories


def load(on: date) -> Stories:
    return load_as(Stories, IDS, on).body
