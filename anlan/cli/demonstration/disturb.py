"""What goes wrong in an ordinary week, drawn by the rates of the pack ``demo/month``: for the past and for now."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from anlan.cli.demonstration.signals import Field, Pull, beyond
from anlan.packs.families.demo_month import Disturbance, Month, Silence, Trace

WEEK_S = 7 * 86_400.0
MINUTE_S = 60.0

Rows = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Pulled:
    """A disturbance of one tag, and what the people who looked into it say."""

    pull: Pull
    said: str


@dataclass(frozen=True)
class Gap:
    """Tags that say nothing, or nothing good (``what``: tag, source, quality), for a while."""

    what: str
    rows: Rows
    start_s: float
    end_s: float
    said: str


class Misfortune:
    """Draws what happens between two times, never two things at once to one tag."""

    def __init__(self, field: Field, month: Month, random: np.random.Generator) -> None:
        self._field, self._month, self._random = field, month, random
        self._busy = np.zeros(len(field))  # until when each tag is taken
        self._by_kind: dict[str, list[int]] = {}
        for row, kind in enumerate(field.kinds):
            self._by_kind.setdefault(kind.key, []).append(row)
        self._by_source: dict[str, list[int]] = {}
        for row, sensor in enumerate(field.sensors):
            self._by_source.setdefault(sensor.source, []).append(row)

    def pulls(self, start_s: float, end_s: float) -> list[Pulled]:
        """Disturbances that begin between two times, in order."""
        found: list[Pulled] = []
        for one in self._month.disturbances:
            for at in self._times(one.per_week, start_s, end_s):
                if (pulled := self._pull(one, at)) is not None:
                    found.append(pulled)
        return sorted(found, key=lambda pulled: pulled.pull.start_s)

    def gaps(self, start_s: float, end_s: float) -> list[Gap]:
        """Silences and bad spells that begin between two times, in order."""
        found = [
            gap
            for one in self._month.silences
            for at in self._times(one.per_week, start_s, end_s)
            if (gap := self._gap(one, at)) is not None
        ]
        return sorted(found, key=lambda gap: gap.start_s)

    def keep_clear(self, rows: Sequence[int], until_s: float) -> None:
        """Nothing else shall happen to these tags until then."""
        self._busy[list(rows)] = np.maximum(self._busy[list(rows)], until_s)

    def _times(self, per_week: float, start_s: float, end_s: float) -> list[float]:
        count = self._random.poisson(per_week * (end_s - start_s) / WEEK_S)
        return sorted((start_s + self._random.random(count) * (end_s - start_s)).tolist())

    def _pull(self, one: Disturbance, at: float) -> Pulled | None:
        row = self._free([row for key in one.kinds for row in self._by_kind.get(key, ())], at, one)
        if row is None:
            return None
        target = beyond(self._field.sensors[row], one.limit, self._between(one.beyond))
        assert target is not None
        rise, hold, fall = (MINUTE_S * self._between(pair) for pair in (one.rise_min, one.hold_min, one.fall_min))
        pull = Pull(row, at, rise, hold, fall, target)
        self._busy[row] = pull.end_s + 600
        return Pulled(pull, self._one_of(one.said))

    def _free(self, rows: Sequence[int], at: float, one: Disturbance) -> int | None:
        """A tag that has this limit, fits the words and is not taken: a few tries, then not this time."""
        for _ in range(12 if rows else 0):
            row = rows[int(self._random.integers(len(rows)))]
            sensor = self._field.sensors[row]
            fits = not one.words or any(word in sensor.name for word in one.words)
            if fits and self._busy[row] <= at and sensor.limit(one.limit) is not None:
                return row
        return None

    def _gap(self, one: Silence, at: float) -> Gap | None:
        if not len(self._field):
            return None
        if one.what == "source":
            names = sorted(self._by_source)
            rows = self._by_source[names[int(self._random.integers(len(names)))]]
        else:
            rows = [int(self._random.integers(len(self._field)))]
        if (self._busy[rows] > at).any():
            return None
        end = at + MINUTE_S * self._between(one.minutes)
        self._busy[rows] = end + 600
        return Gap(one.what, np.array(rows, np.int64), at, end, self._one_of(one.said))

    def _between(self, pair: tuple[float, float]) -> float:
        return float(self._random.uniform(*pair))

    def _one_of(self, words: Sequence[str]) -> str:
        return words[int(self._random.integers(len(words)))]


def traced(field: Field, trace: Trace, start_s: float) -> Iterator[Pull]:
    """The pulls of a small incident, at one enterprise of its trade that has the tags; nothing where none has."""
    wanted = {pull.name for pull in trace.pulls}
    having: dict[str, dict[str, int]] = {}
    for row, sensor in enumerate(field.sensors):
        if sensor.sector == trace.sector:
            names = having.setdefault(sensor.enterprise, {})
            names.update({name: row for name in wanted if name in sensor.name and name not in names})
    best = max(having.values(), key=len, default={})
    for one in trace.pulls:
        place = best.get(one.name)
        target = None if place is None else beyond(field.sensors[place], one.limit, one.beyond)
        if place is not None and target is not None:
            rise, hold, fall = one.rise_min * MINUTE_S, one.hold_min * MINUTE_S, one.fall_min * MINUTE_S
            yield Pull(place, start_s + one.at_min * MINUTE_S, rise, hold, fall, target)
