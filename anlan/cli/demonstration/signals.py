"""The invented sensors: for every tag a value at every moment, from the weather, the working day and its own wandering.

A value is ``base + C · weather + batch + noise``; it stays inside its limits unless a disturbance or a story takes it
out (:class:`Pull`). All tags are rows of arrays: four thousand of them cost a fraction of a millisecond.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from anlan.cli.demonstration.weather import HOUR_S, NAMES, PLACE, Floats, normals
from anlan.packs.families.demo_signals import Kind, Signals

#: A tag without limits has this much room, as a share of its normal value.
FREE_ROOM = 0.1


@dataclass(frozen=True)
class Sensor:
    """A tag as the feed knows it. Limits are None where there is none; times in seconds."""

    number: int
    code: str
    name: str
    unit: str
    decimals: int
    source: str
    place_id: int
    enterprise: str  # its place's name, for words
    sector: str
    normal: float
    hh: float | None
    h: float | None
    l: float | None  # noqa: E741  # the name of the limit
    ll: float | None
    low: float | None
    high: float | None
    missing_s: float | None

    def limit(self, name: str) -> float | None:
        found: float | None = getattr(self, name)
        return found

    @property
    def room(self) -> float:
        """How far the normal value is from the nearest limit."""
        ups = [limit - self.normal for limit in (self.h, self.hh) if limit is not None]
        downs = [self.normal - limit for limit in (self.l, self.ll) if limit is not None]
        rooms = [room for room in (*ups, *downs) if room > 0]
        return min(rooms, default=max(FREE_ROOM * abs(self.normal), 10.0**-self.decimals))

    @property
    def side(self) -> int:
        """Where its first alarm lies: +1 above, -1 below."""
        return 1 if self.h is not None or self.hh is not None else -1


class Field:
    """Many sensors at once."""

    def __init__(self, sensors: Sequence[Sensor], signals: Signals, seed: int) -> None:
        self.sensors, self.seed = tuple(sensors), seed
        self.kinds = [signals.kind_of(sensor.name, sensor.unit) for sensor in sensors]
        self.numbers = np.array([sensor.number for sensor in sensors], np.uint32)
        self.room = np.array([sensor.room for sensor in sensors])
        self.normal = np.array([sensor.normal for sensor in sensors])
        self.noise = self.room * np.array([kind.noise for kind in self.kinds])
        self.memory_s = 60.0 * np.array([kind.minutes for kind in self.kinds])
        self.every_min = np.array([kind.every_min for kind in self.kinds])
        self._whole = np.array([kind.whole for kind in self.kinds], np.bool_)
        self._step = 10.0 ** -np.array([sensor.decimals for sensor in sensors], np.float64)
        self._low = _bounds([sensor.low for sensor in sensors], self.normal, -1)
        self._high = _bounds([sensor.high for sensor in sensors], self.normal, 1)
        self._batch(signals)
        self._couple(signals)
        self._place = {sensor.number: place for place, sensor in enumerate(self.sensors)}

    def __len__(self) -> int:
        return len(self.sensors)

    def places(self, numbers: npt.ArrayLike) -> npt.NDArray[np.int64]:
        """Rows of tags by their numbers."""
        return np.array([self._place[int(number)] for number in np.asarray(numbers).tolist()], np.int64)

    def calm(self, times: Floats, weather: Floats, rows: npt.NDArray[np.int64] | None = None) -> Floats:
        """Values without noise, a row for each time [s since 1970]; ``weather`` as it was then."""
        pick = slice(None) if rows is None else rows
        turn = times[:, None] / self._period[pick] + self._phase[pick]
        wave = 2 * np.abs(2 * (turn - np.floor(turn + 0.5))) - 1
        return np.asarray(self._base[pick] + weather @ self._gain[pick].T + self._amplitude[pick] * wave, np.float64)

    def finish(self, values: Floats, rows: npt.NDArray[np.int64] | None = None) -> Floats:
        """What the sensor would send: inside its range, in its own digits."""
        pick = slice(None) if rows is None else rows
        held = np.clip(values, self._low[pick], self._high[pick])
        held = np.where(self._whole[pick], np.rint(held), np.rint(held / self._step[pick]) * self._step[pick])
        return np.asarray(held + 0.0, np.float64)

    def _batch(self, signals: Signals) -> None:
        luck = np.abs(normals(self.seed, self.numbers.astype(np.int64)))
        self._amplitude = self.room * np.array([kind.batch for kind in self.kinds])
        self._period = HOUR_S * np.array([kind.hours for kind in self.kinds]) * (0.75 + 0.25 * np.minimum(luck, 2))
        self._phase = luck % 1.0

    def _couple(self, signals: Signals) -> None:
        usual = np.array([signals.usual[name] for name in NAMES])
        self._gain = np.zeros((len(self.sensors), len(NAMES)))
        for row, (sensor, kind) in enumerate(zip(self.sensors, self.kinds, strict=True)):
            for name, share in kind.couple.items():
                self._gain[row, PLACE[name]] = share * sensor.room * (sensor.side if kind.toward else 1)
        self._base = self.normal - self._gain @ usual
        for row, (sensor, kind) in enumerate(zip(self.sensors, self.kinds, strict=True)):
            if kind.reads:
                self._gain[row, PLACE[kind.reads]] = _reading(sensor, kind, signals)
                self._base[row] = 0.0


class Wandering:
    """The noise of every sensor: a first-order autoregression, each with its own memory."""

    def __init__(self, field: Field, seed: int) -> None:
        self._field = field
        self._random = np.random.default_rng(seed)
        self.state: Floats = self._random.standard_normal(len(field))

    def go_on(self, seconds: float) -> Floats:
        """The noise so much later, in the sensors' units."""
        keep = np.exp(-seconds / self._field.memory_s)
        self.state = keep * self.state + np.sqrt(1 - keep**2) * self._random.standard_normal(len(self._field))
        return np.asarray(self.state * self._field.noise, np.float64)


@dataclass(frozen=True)
class Pull:
    """Something takes a tag to ``target``: there within ``rise_s``, then for ``hold_s``, and back within ``fall_s``."""

    row: int
    start_s: float
    rise_s: float
    hold_s: float
    fall_s: float
    target: float

    @property
    def end_s(self) -> float:
        return self.start_s + self.rise_s + self.hold_s + self.fall_s

    def share(self, t: Floats) -> Floats:
        """How far the tag is taken there: 0 … 1, smooth at both ends."""
        since = t - self.start_s
        up = np.clip(since / max(self.rise_s, 1.0), 0, 1)
        down = np.clip((since - self.rise_s - self.hold_s) / max(self.fall_s, 1.0), 0, 1)
        x = np.minimum(up, 1 - down)
        return np.asarray(x * x * (3 - 2 * x), np.float64)


def beyond(sensor: Sensor, limit: str, share: float) -> float | None:
    """A value beyond a limit by a share of the room between it and the normal value; None if there is no such limit."""
    at = sensor.limit(limit)
    if at is None:
        return None
    reach = at + share * (at - sensor.normal)
    return min(max(reach, sensor.low if sensor.low is not None else reach), sensor.high or reach)


def _reading(sensor: Sensor, kind: Kind, signals: Signals) -> float:
    return kind.gain or sensor.normal / (signals.usual[kind.reads] or 1.0)


def _bounds(given: Sequence[float | None], normal: Floats, side: int) -> Floats:
    """Ranges; what has none may go anywhere, but a quantity that is not negative in normal running stays so."""
    free = [side * np.inf if side > 0 or value < 0 else 0.0 for value in normal.tolist()]
    return np.array([free[i] if limit is None else limit for i, limit in enumerate(given)])
