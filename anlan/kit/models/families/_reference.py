"""Worked examples of the literature that an input may name: they stand in for inputs that were left out."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from anlan.kernels.validity import OutOfRange

Value = float | str | bool


@dataclass(frozen=True)
class Scenario:
    """``inputs`` by outer name in the model's units; ``source`` says where the example is printed."""

    model: str
    words: tuple[str, ...]
    source: str
    inputs: Mapping[str, Value]
    points: list[list[float]] | None = None


@cache
def scenarios() -> tuple[Scenario, ...]:
    """All of ``reference_scenarios.toml``."""
    text = Path(__file__).with_name("reference_scenarios.toml").read_text(encoding="utf-8")
    return tuple(
        Scenario(one["model"], tuple(one["words"]), one["source"], one["inputs"], one.get("points"))
        for one in tomllib.loads(text)["scenario"]
    )


def named(model: str, words: str) -> Scenario | None:
    """The example of this model that the words name."""
    said = " ".join(words.lower().split())
    return next((one for one in scenarios() if one.model == model and said in one.words), None)


def understood(model: str) -> str:
    """The names of the model's examples, for a refusal."""
    return "; ".join(f"{one.words[0]!r} ({one.source})" for one in scenarios() if one.model == model)


def numbers(model: str, words: str | None, given: Mapping[str, float | None]) -> dict[str, float]:
    """The numbers that are given, and those of the named example for what is not.

    Raises
    ------
    OutOfRange
        The words name no example of the model, or numbers are still missing.
    """
    found = {} if words is None else _needed(model, words).inputs
    filled = {name: found.get(name) if value is None else value for name, value in given.items()}
    missing = [name for name, value in filled.items() if value is None]
    if missing:
        raise OutOfRange(f"{', '.join(missing)} missing: give them, or name an example: {understood(model)}")
    return {name: float(value) for name, value in filled.items() if value is not None}


def _needed(model: str, words: str) -> Scenario:
    found = named(model, words)
    if found is None:
        raise OutOfRange(f"{words!r} is not understood; known are {understood(model)}; or give the numbers")
    return found
