"""What happens in the demo county in an ordinary month: disturbances, silences, storms, and how people answer."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from anlan.packs.loader import load_as
from anlan.packs.model import Unique

IDS = "demo/month"


@dataclass(frozen=True)
class Disturbance:
    """Something that takes a tag of one of these kinds beyond a limit, ``per_week`` times in the whole county.

    ``beyond`` is a share of the room between normal and limit; times [min] are drawn between the two given.
    ``said`` are words of whoever looks into it.
    """

    key: Annotated[str, Unique()]
    kinds: tuple[str, ...]
    limit: Literal["hh", "h", "l", "ll"]
    per_week: float
    beyond: tuple[float, float]
    rise_min: tuple[float, float]
    hold_min: tuple[float, float]
    fall_min: tuple[float, float]
    said: tuple[str, ...]
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Silence:
    """Tags or whole gateways that fall silent, or send readings of bad quality."""

    what: Literal["tag", "source", "quality"]
    per_week: float
    minutes: tuple[float, float]
    said: tuple[str, ...]


@dataclass(frozen=True)
class Gale:
    """A storm so many days before the demo began, at an hour of that day. Gust [m/s], rain [mm/h]."""

    days_before: float
    hours: float
    gust: float
    rain: float


@dataclass(frozen=True)
class Trace:
    """A small incident of the past: tags of an enterprise's trade that answer one after another."""

    title: str
    days_before: float
    sector: str
    pulls: tuple["TracePull", ...]
    said: tuple["TraceWord", ...]


@dataclass(frozen=True)
class TracePull:
    """A tag by its name goes beyond its limit, ``at_min`` after the beginning."""

    name: str
    limit: Literal["hh", "h", "l", "ll"]
    beyond: float
    at_min: float
    rise_min: float
    hold_min: float
    fall_min: float


@dataclass(frozen=True)
class TraceWord:
    """What somebody writes at the incident's first alarm. ``who``: the desk, or the enterprise."""

    at_min: float
    who: Literal["desk", "enterprise"]
    text: str


@dataclass(frozen=True)
class Upset:
    """A recorded upset of one of the played plants (``plant``: which, from 0), so many days before the demo began."""

    recording: str
    plant: int
    days_before: float
    start: int
    minutes: int


@dataclass(frozen=True)
class Desk:
    """``changes``: local hours at which shifts change. Minutes until an alarm is acknowledged: half are sooner than
    ``answer_min`` [min], none takes longer than ``longest_min``. ``comments``: share of alarms somebody writes at."""

    changes: tuple[float, ...]
    answer_min: float
    longest_min: float
    comments: float
    quiet: tuple[str, ...]
    busy: tuple[str, ...]


@dataclass(frozen=True)
class Month:
    """The plan of a month of ``days``."""

    days: int
    seed: int
    weather_seed: int
    desk: Desk
    disturbances: tuple[Disturbance, ...]
    silences: tuple[Silence, ...]
    gales: tuple[Gale, ...]
    traces: tuple[Trace, ...]
    upsets: tuple[Upset, ...]

    def problems(self) -> Iterable[str]:
        for one in self.disturbances:
            for name in ("beyond", "rise_min", "hold_min", "fall_min"):
                low, high = getattr(one, name)
                if not 0 <= low <= high:
                    yield f"{one.key} 的 {name} 应是从小到大的两个非负数"
            if not one.said:
                yield f"{one.key} 没有 said，值班的人无话可说"


SHAPE = Month


def load(on: date) -> Month:
    return load_as(Month, IDS, on).body
