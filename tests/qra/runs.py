"""Runs of a park written in Python, for tests that need no file."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from anlan.kit.park import assembly, compute, findings
from anlan.kit.park.assembly import Scene
from anlan.kit.park.compute import Result
from anlan.kit.park.findings import Findings
from anlan.kit.park.inputs import (
    Circle,
    Criteria,
    GridInput,
    Outcome,
    People,
    Reading,
    Run,
    Scenario,
    Source,
    Target,
    Weather,
    WeatherClass,
)

DAY = date(2026, 6, 1)
ROSE = (0.3, 0.2, 0.2, 0.3)
STILL = WeatherClass("F2", "F", 2.0, 1.0, ROSE)


def source(name: str, x: float, y: float, frequency: float, radius: float, **more: object) -> Source:
    """A source whose one accident kills half of the people within a circle."""
    scenario = Scenario("破裂", (Outcome(circle=Circle(radius, 0.5)),), frequency=frequency)
    return Source(name, x, y, (scenario,), **more)  # type: ignore[arg-type]  # of the caller


def reading(sources: Sequence[Source], targets: Sequence[Target] = (), **more: object) -> Reading:
    run = Run(
        "试验", GridInput(0, 0, 20, 100, 100), Weather((STILL,)), tuple(sources),
        Criteria((1e-6, 1e-5), "GB 36894"), targets=tuple(targets),
    )  # fmt: skip
    return Reading(replace(run, **more), Path("run.yaml"), {})  # type: ignore[arg-type]  # of the caller


def computed(given: Reading) -> tuple[Scene, Result, Findings]:
    scene = assembly.build(given, DAY)
    result = compute.compute(scene, None)
    return scene, result, findings.find(given, scene, result, DAY)


__all__ = ["DAY", "People", "computed", "reading", "source"]
