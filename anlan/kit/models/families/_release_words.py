"""Releases and gases as published cases write them, in words: read into numbers, or refused."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from anlan.kernels.consequence.sigma import PlumeSet, Stability, check_stability
from anlan.kernels.validity import OutOfRange
from anlan.kit.models.families import _reference as reference
from anlan.kit.models.families.substances import known

Terrained = Literal[
    Stability,
    "A rural (Briggs)", "B rural (Briggs)", "C rural (Briggs)", "D rural (Briggs)", "E rural (Briggs)",
    "F rural (Briggs)", "A urban (Briggs)", "B urban (Briggs)", "C urban (Briggs)", "D urban (Briggs)",
    "E urban (Briggs)", "F urban (Briggs)",
]  # fmt: skip

_NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
_STACK = re.compile(rf"vertical jet((?:\s+[dvhT]={_NUMBER} (?:m/s|m|K))+)\s*")
_PART = re.compile(rf"([dvhT])=({_NUMBER}) (m/s|m|K)")
_UNITS = {"d": "m", "v": "m/s", "h": "m", "T": "K"}
_CELSIUS = re.compile(r"(-?\d+(?:\.\d*)?) ?°?C")
_SILENT = {"ground", "open country"}
_FORMULAS = {
    "NH3": "7664-41-7",
    "HF": "7664-39-3",
    "Cl2": "7782-50-5",
    "H2S": "7783-06-4",
    "SO2": "7446-09-5",
    "HCl": "7647-01-0",
    "CO": "630-08-0",
    "HCN": "74-90-8",
    "COCl2": "75-44-5",
    "NO2": "10102-44-0",
    "PH3": "7803-51-2",
    "H2": "1333-74-0",
    "CH4": "74-82-8",
    "C3H8": "74-98-6",
}


@dataclass(frozen=True)
class VerticalJet:
    """A vertical release: diameter [m], velocity [m/s], height [m], temperature [K]."""

    diameter: float
    velocity: float
    height: float
    temperature: float


@dataclass(frozen=True)
class Said:
    """What a text says of a release: numbers by outer name, and whether the plume rises and is drawn down."""

    numbers: Mapping[str, float]
    plume_rise: Literal["none", "Briggs"] = "none"
    downwash: bool = False


def release(model: str, words: str | None) -> Said:
    """A release in words: a vertical jet, or the name of a worked example of the model."""
    if words is None:
        return Said({})
    example = reference.named(model, words)
    if example is None:
        jet = vertical_jet(words, reference.understood(model))
        opening = {"jet_diameter": jet.diameter, "jet_velocity": jet.velocity, "jet_temperature": jet.temperature}
        return Said({"h": jet.height, **opening})
    numbers = {name: value for name, value in example.inputs.items() if isinstance(value, float)}
    rises = example.inputs.get("plume_rise") == "Briggs"
    return Said(numbers, "Briggs" if rises else "none", example.inputs.get("downwash") is True)


def vertical_jet(words: str, examples: str = "") -> VerticalJet:
    """``vertical jet d=1 m v=1 m/s h=10 m T=298 K``, the four in any order."""
    if not _STACK.fullmatch(words):
        named = f", or name an example: {examples}" if examples else ""
        raise OutOfRange(
            f"release = {words!r}: write it as 'vertical jet d=1 m v=1 m/s h=10 m T=298 K', or as numbers{named}"
        )
    parts = _PART.findall(words)
    found = {name: float(value) for name, value, unit in parts if _UNITS[name] == unit}
    if len(parts) != len(found) or set(found) != set(_UNITS):
        raise OutOfRange(f"release = {words!r}: give each of d [m], v [m/s], h [m] and T [K] once")
    return VerticalJet(found["d"], found["v"], found["h"], found["T"])


def gas(words: str) -> tuple[float, float | None]:
    """A gas by formula, name or CAS number, with its temperature where one follows: (molar mass [kg/mol], [K]).

    ``NH3, 25 C``. "ground" and "open country" may follow; they are what the models take anyhow.
    """
    name, *rest = (part.strip() for part in words.split(","))
    temperature = None
    for part in rest:
        degrees = _CELSIUS.fullmatch(part)
        if degrees:
            temperature = float(degrees[1]) + 273.15
        elif part not in _SILENT:
            raise OutOfRange(f"gas = {words!r}: {part!r} is not understood; write 'NH3, 25 C', or molar_mass and T_amb")
    return known(_FORMULAS.get(name, name)).molar_mass, temperature


def class_and_set(given: Terrained | None, chosen: PlumeSet | None) -> tuple[Stability | None, PlumeSet]:
    """The class and, where it is said with it, the set: ``D rural (Briggs)``."""
    if given is None:
        return None, chosen or "pasquill-gifford"
    letter = next((each for each in ("A", "B", "C", "D", "E", "F") if given.startswith(each)), None)
    stability: Stability = check_stability(letter or given)  # type: ignore[arg-type]  # checked just here
    if given == stability:
        return stability, chosen or "pasquill-gifford"
    said: PlumeSet = "briggs-rural" if "rural" in given else "briggs-urban"
    if chosen not in (None, said):
        raise OutOfRange(f"class = {given!r} speaks of the set {said}, but set = {chosen!r}; say it once")
    return stability, said
