"""Every model refuses what is no number and what lies out of its range, wherever it is given; none answers with NaN."""

import math
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

from anlan.kit.models import cases
from anlan.kit.models.catalogue import models
from anlan.kit.models.describe import describe
from anlan.kit.models.errors import ModelError
from anlan.kit.models.running import run
from anlan.kit.models.shapes import Field

CASES = Path(__file__).parents[1] / "validation/cases"
NAMES = sorted(models())
GAS = {"Q": 2, "u": 3, "class": "D"}
#: Inputs that are good, for models of which no published case stands in the files.
GOOD: dict[str, dict[str, object]] = {
    "bleve/dose": {"mass": 20_000, "heat_of_combustion": 4.6e7, "distances": [100, 300]},
    "dispersion/dense-gas": {
        "release": "pool", "substance": "7782-50-5", "rate": 5, "duration": 600, "diameter": 10, "u": 3, "class": "D",
    },
    "dispersion/dose": {**GAS, "duration": 600, "point": [500, 0, 0]},
    "dispersion/mixing-height": {"u10": 3, "class": "D", "latitude": 30},
    "dispersion/pasquill-class": {"u10": 3, "sun_elevation": 40, "cloud_eighths": 3},
    "dispersion/pasquill-class-gb": {"u10": 3, "total_cloud": 3, "low_cloud": 2, "sun_elevation": 40},
    "dispersion/puff-train": {
        "times": [0, 600], "rates": [2, 1], "u": 3, "class": "D", "point": [500, 0, 0], "t": [200, 400],
    },
    "dispersion/threshold-distance": {**GAS, "threshold": 1e-5},
    "domino/chain": {"primary": "A", "primary_f": 1e-5, "escalation": {"A": {"B": 0.3}}, "cut_off": 1e-9},
    "domino/overpressure-escalation": {"dp": 30_000, "equipment": "atmospheric"},
    "flashfire/extent": {"distances": [10, 50, 100], "concentrations": [0.5, 0.05, 0.001], "LFL": 0.02},
    "pool/spreading": {"substance": "71-43-2", "temperature": 293, "duration": 600, "mass": 5000},
    "poolfire/chain": {
        "diameter": 20, "m_inf": 0.085, "k_beta": 2.7, "heat_of_combustion": 4.0e7, "distances": [40, 80],
    },
    "radiation/point-source": {"power": 1e7, "distance": 100},
    "radiation/view-factor-horizontal": {"length": 20, "radius": 3, "distance": 30},
    "source/catastrophic-rupture": {"substance": "7782-50-5", "mass": 5000, "temperature": 293},
    "source/release": {"substance": "7782-50-5", "temperature": 293, "hole_diameter": 0.02},
    "substance/toxicity": {"substance": "7782-50-5", "minutes": 30},
    "accident/source": {"substance": "7782-50-5", "mass": 5000, "breach": "hole", "hole_diameter": 0.02},
    "accident/zones": {
        "substance": "7664-41-7", "mass": 5000, "breach": "hole", "hole_diameter": 0.01, "points": [[100, 0]],
    },
    "qra/uncertainty-plume": {
        **GAS, "freq": 1e-5, "a": -6.35, "b": 0.5, "n": 2.75, "x": 300, "y": 10, "draws": 20,
    },
    "qra/uncertainty-pll": {"freq": [1e-5], "fatalities": [3], "draws": 20},
}  # fmt: skip
#: Models that take no number, so that none can be out of range.
NUMBERLESS = {"gb36894/individual-risk"}
OUT = (-1e30, 1e30, -1.0)


@cache
def published() -> dict[str, Mapping[str, object]]:
    """Inputs of a case of each model that expects an answer; the one with the most inputs."""
    found = dict[str, Mapping[str, object]]()
    for file in sorted(CASES.glob("*.json")):
        for case in cases.read(file):
            answered = case.expected is not None and case.model in models()
            if answered and len(case.inputs) > len(found.get(case.model, {})):
                found[case.model] = case.inputs
    return found


def good(name: str) -> dict[str, object]:
    return dict(GOOD.get(name) or published()[name])


def numbers(name: str) -> Iterator[tuple[str, object]]:
    """Names of numeric inputs that are given, and a function to put another number in their place."""
    fields: dict[str, Field] = {field.name: field for field in describe(name).inputs}
    for key, value in good(name).items():
        if key in fields and fields[key].shape.measured():
            yield key, value


def with_number(value: object, wrong: float) -> object:
    """The value with its first number replaced, however deep it lies."""
    if isinstance(value, Mapping):
        key = "value" if "value" in value else next(iter(value))
        return {**value, key: with_number(value[key], wrong)}
    if isinstance(value, list):
        return [with_number(value[0], wrong), *value[1:]] if value else value
    return wrong


def refused(name: str, inputs: Mapping[str, object]) -> bool:
    try:
        run(name, inputs)
    except ModelError:
        return True
    return False


@pytest.mark.parametrize("name", NAMES)
def test_a_number_that_is_none_is_refused_in_every_input(name: str) -> None:
    for key, value in numbers(name):
        for wrong in (math.nan, math.inf):
            assert refused(name, {**good(name), key: with_number(value, wrong)}), (key, wrong)


@pytest.mark.parametrize("name", [name for name in NAMES if name not in NUMBERLESS])
def test_a_number_far_out_of_range_is_refused(name: str) -> None:
    tried = [(key, wrong) for key, value in numbers(name) for wrong in OUT]
    assert tried, "the model takes no number"
    assert any(
        refused(name, {**good(name), key: with_number(value, wrong)}) for key, value in numbers(name) for wrong in OUT
    )


@pytest.mark.parametrize("name", sorted(GOOD))
def test_good_inputs_give_an_answer(name: str) -> None:
    assert run(name, good(name)).outputs
