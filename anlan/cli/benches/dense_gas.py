"""The dense-gas model, source by source, and the footprints of a park: made, kept and found again.

Seconds are the processor's own of one core: neighbours on the machine do not count. Beside it stands nothing: the open
peers run a Fortran program or Julia, which are not installed here.
"""

import os
import platform
import statistics
import time
from collections.abc import Callable, Iterator
from functools import partial

from anlan.kernels.consequence.footprint import ToxicProbit
from anlan.kernels.consequence.footprint_cache import DenseScenario, FootprintCache, dense_footprint
from anlan.kernels.consequence.slab import Fluid, Kind, Release, Weather, disperse

RUNS, RATES = 60, 50
MACHINE = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
CHLORINE = Fluid(0.070906, 498.1, 239.1, 287_840, 926.3, 1574, 1978.34, -27.01)
LETHAL = ToxicProbit(-6.35, 0.5, 2.75)
WEATHERS = [
    Weather(wind, stability) for stability, wind in (("B", 3), ("D", 1.5), ("D", 5), ("D", 9), ("E", 3), ("F", 2))
]
RELEASES: dict[Kind, Release] = {
    "pool": Release("pool", 300, 239.1, rate=10, duration=1800),
    "horizontal-jet": Release("horizontal-jet", 0.1, 239.1, rate=10, duration=1800, height=1, liquid=0.8),
    "vertical-jet": Release("vertical-jet", 0.02, 239.1, rate=3, duration=1800, height=5, liquid=0.8),
    "instantaneous": Release("instantaneous", 100, 239.1, mass=2000),
}


def run() -> Iterator[dict[str, object]]:
    """Milliseconds of a run by kind of release, of a footprint, and footprints a second from the cache."""
    for kind, release in RELEASES.items():
        yield _figure(f"dense gas, one run, {kind}", _times(partial(disperse, CHLORINE, release)))
    jet = RELEASES["horizontal-jet"]
    yield _figure("dense gas, run and footprint, horizontal-jet", _times(lambda w: dense_footprint(_scenario(jet, w))))
    yield _kept()


def _scenario(release: Release, weather: Weather, rate: float | None = None) -> DenseScenario:
    own = Release("pool", 300, 239.1, rate=rate, duration=1800) if rate else release
    return DenseScenario(CHLORINE, own, weather, LETHAL)


def _times(make: Callable[[Weather], object]) -> list[float]:
    """Seconds of each call over the six weathers, after one to warm up."""
    make(WEATHERS[0])
    seconds = []
    for turn in range(RUNS):
        begin = time.process_time_ns()
        make(WEATHERS[turn % len(WEATHERS)])
        seconds.append((time.process_time_ns() - begin) / 1e9)
    return seconds


def _figure(name: str, seconds: list[float]) -> dict[str, object]:
    in_order = sorted(seconds)
    return {
        "name": name,
        "value": round(1e3 * statistics.median(seconds), 3),
        "unit": "ms a run, one core",
        "p95": round(1e3 * in_order[int(0.95 * len(in_order))], 3),
        "runs": RUNS,
        "target": 5.0,
        "machine": MACHINE,
    }


def _kept() -> dict[str, object]:
    """Footprints of 50 rates in 6 weathers: computed, then asked for again."""
    cache, jet = FootprintCache(), RELEASES["pool"]
    asked = [_scenario(jet, weather, 1.0 + rate) for rate in range(RATES) for weather in WEATHERS]
    spent = []
    for _ in range(2):
        begin = time.process_time_ns()
        cache.get_all(asked)
        spent.append((time.process_time_ns() - begin) / 1e9)
    return {
        "name": f"dense gas, {len(asked)} footprints of pools",
        "value": round(len(asked) / spent[0]),
        "unit": "footprints/s, one core",
        "kept": round(len(asked) / max(spent[1], 1e-9)),
        "machine": MACHINE,
    }
