"""What an alarm of a tag means for its place: limit × rank of the tag → level, kind, reason, time to acknowledge."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from anlan.packs.loader import load_as
from anlan.rules.levels import Level

IDS = "core/alarm_facts"

LimitName = Literal["HH", "H", "L", "LL", "MISSING", "SOURCE_LOST"]
LIMITS: tuple[LimitName, ...] = ("HH", "H", "L", "LL", "MISSING", "SOURCE_LOST")


@dataclass(frozen=True)
class Effect:
    """The fact an alarm raises. ``reason`` is a msgid with {tag}, {value}, {limit}, {unit}; {source}, {count} for a
    lost source. ``acknowledge_minutes`` [min] is the deadline of the duty queue, counted from the raise."""

    level: Level
    kind: str
    reason: str
    acknowledge_minutes: int

    def problems(self) -> Iterable[str]:
        if self.acknowledge_minutes <= 0:
            yield f"确认时限 {self.acknowledge_minutes} 分钟应大于 0"


@dataclass(frozen=True)
class AlarmFacts:
    """``effects[limit][rank]``; every limit speaks of every rank."""

    words: str
    ranks: Mapping[str, str]
    effects: Mapping[str, Mapping[str, Effect]]

    def effect(self, limit: str, rank: str) -> Effect:
        """The effect of an alarm on a limit (``HH`` … ``MISSING``, ``SOURCE_LOST``) of a tag of this rank."""
        return self.effects[limit][rank]

    def problems(self) -> Iterable[str]:
        for limit in self.effects:
            if limit not in LIMITS:
                yield f"effects 里有不认识的限值 {limit}，应是 {'、'.join(LIMITS)}"
        for limit in LIMITS:
            for rank in self.ranks:
                if rank not in self.effects.get(limit, {}):
                    yield f"effects 缺少 {limit} × {rank}，请补上"
        for limit, by_rank in self.effects.items():
            for rank in by_rank:
                if rank not in self.ranks:
                    yield f"effects.{limit} 里有不认识的点位等级 {rank}，应是 {'、'.join(self.ranks)}"


SHAPE = AlarmFacts


def load(on: date) -> AlarmFacts:
    return load_as(AlarmFacts, IDS, on).body
