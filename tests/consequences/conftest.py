"""Where people live and how the wind blows about the plant of the two counties."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from anlan.apps.consequences.parks import holding
from anlan.apps.core.models import Place
from anlan.apps.monitoring.actions import TagSpec, add_source, add_tags
from anlan.apps.monitoring.models import Tag
from anlan.engine.values import ValueWriter
from anlan.kit import clock
from anlan.kit.grants import SYSTEM
from tests.world import World

#: In the middle of the plant 恒泰化工厂.
LON, LAT = 120.055, 30.005
UNITS = {"平均风速": "m/s", "风向": "°", "气温": "℃", "相对湿度": "%", "总云量": "成", "低云量": "成"}
Blow = Callable[..., None]


@pytest.fixture
def data(settings: Any, tmp_path: Path) -> Path:
    settings.DATA = tmp_path
    return tmp_path


@pytest.fixture
def people(data: Path) -> Iterator[int]:
    """Cells of about 100 m with 10 people each around the plant; gives how many live in a cell."""
    step_lon, step_lat, each = 0.001, 0.0009, 10
    lon, lat = np.meshgrid(LON + step_lon * np.arange(-40, 41), LAT + step_lat * np.arange(-40, 41))
    (data / "map").mkdir()
    np.savez(data / "map" / "population.npz", lon=lon.ravel(), lat=lat.ravel(), people=np.full(lon.size, each))
    yield each


@pytest.fixture
def station(world: World) -> Place:
    """A weather station at the town hall of 东关镇, which has sent nothing yet."""
    source, _ = add_source(SYSTEM, world.dongguan.pk, "met", "气象站")
    add_tags(SYSTEM, source.pk, [
        TagSpec(world.dongguan.pk, f"M{number}", name, unit, 1) for number, (name, unit) in enumerate(UNITS.items())
    ])  # fmt: skip
    return world.dongguan


@pytest.fixture
def blow(data: Path, station: Place) -> Blow:
    """``blow(平均风速=3, 风向=90, ago_minutes=0)``: what the station measured, and when."""

    def write(ago_minutes: float = 0.0, moment: datetime | None = None, **seen: float) -> None:
        tags = {tag.name: tag.pk for tag in Tag.objects.filter(place=station)}
        writer = ValueWriter(data / "values.bin")
        writer.grow(max(tags.values()) + 1)
        at = int(((moment or clock.now()) - timedelta(minutes=ago_minutes)).timestamp() * 1000)
        ids = np.array([tags[name] for name in seen], np.uint32)
        size = len(ids)
        writer.put(ids, np.full(size, at), np.array(list(seen.values()), float), np.ones(size, np.uint8), at)

    return write


@pytest.fixture
def own_folder(data: Path) -> Iterator[None]:
    """A data folder of the test's own, and no study in memory from the test before."""
    holding._held.cache_clear()
    yield
    holding._held.cache_clear()
