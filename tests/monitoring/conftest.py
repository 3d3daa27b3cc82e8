"""A plant with a gateway and tags, and the engine's events as the sink gets them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import numpy as np
import pytest

from anlan.apps.monitoring import actions
from anlan.apps.monitoring.actions import DjangoSink, TagSpec
from anlan.apps.monitoring.choices import Limit
from anlan.apps.monitoring.models import Source, Tag
from anlan.kit import clock
from anlan.kit.grants import SYSTEM
from anlan.rules.alarms import Limits
from tests.world import World

EVENT = np.dtype([("index", "u4"), ("tag", "u4"), ("ts", "i8"), ("limit", "u1"), ("kind", "u1"), ("value", "f8")])
RAISE, CLEAR = 1, 0


def ms_ago(seconds: float = 0) -> int:
    return round((clock.now() - timedelta(seconds=seconds)).timestamp() * 1000)


@dataclass
class Engine:
    """Hands events to the sink, one record for each call, like the engine."""

    sink: DjangoSink = field(default_factory=DjangoSink)
    shard: int = 0
    offset: int = 0

    def say(self, *events: tuple[Tag, str, int], ago_s: float = 0, value: float = 99.0, arrival_s: float = 0) -> int:
        """Events (tag, limit, RAISE or CLEAR) of one record; returns its offset."""
        self.offset += 1
        rows = [
            (index, tag.pk, ms_ago(ago_s), Limit[limit], kind, np.nan if limit == "MISSING" else value)
            for index, (tag, limit, kind) in enumerate(events)
        ]
        self.send(self.offset, np.array(rows, EVENT), arrival_s)
        return self.offset

    def send(self, upto: int, events: np.ndarray, arrival_s: float = 0) -> None:
        offsets = np.full(len(events), upto, np.int64)
        self.sink.apply(self.shard, upto, events, offsets, np.full(len(events), ms_ago(arrival_s), np.int64))


@dataclass(frozen=True)
class Plant:
    source: Source
    key: str
    pressure: Tag
    level: Tag
    valve: Tag


@pytest.fixture
def plant(world: World) -> Plant:
    """Three watched tags of one gateway: two at the reactor, one at the valve."""
    source, key = actions.add_source(SYSTEM, world.plant.pk, "hengtai-dcs", "恒泰 DCS")
    watched = Limits(hh=110, h=100, l=10, ll=5, deadband=2, missing_s=60)

    def tag(place: str, code: str, name: str, rank: str, limits: Limits) -> Tag:
        spec = TagSpec(world.places[place].pk, code, name, "kPa", 1, rank, limits)
        return actions.add_tag(SYSTEM, source.pk, spec)

    return Plant(
        source,
        key,
        tag("reactor", "PI-101", "釜压", "critical", watched),
        tag("reactor", "LI-101", "液位", "general", watched),
        tag("valve", "PI-102", "阀前压力", "important", Limits(h=50, missing_s=60)),
    )


@pytest.fixture
def engine() -> Callable[[], Engine]:
    return Engine
