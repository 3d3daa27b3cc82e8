"""The register of models: name -> function."""

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeVar

from anlan.kit.models.errors import UnknownModel, nearest

Function = TypeVar("Function", bound=Callable[..., Mapping[str, object]])


@dataclass(frozen=True)
class Model:
    """One model. ``names``: parameter -> the name by which it is known outside, where that is no identifier."""

    name: str
    function: Callable[..., Mapping[str, object]]
    names: Mapping[str, str]


MODELS: dict[str, Model] = {}
_FAMILIES = Path(__file__).parent / "families"


def model(name: str, names: Mapping[str, str] | None = None) -> Callable[[Function], Function]:
    """Register a function as the model ``name``."""

    def register(function: Function) -> Function:
        if name in MODELS:
            raise ValueError(f"two models are called {name}")
        MODELS[name] = Model(name, function, names or {})
        return function

    return register


@cache
def models() -> dict[str, Model]:
    """Every model of ``families/``, by name in alphabetical order. Imports all families at the first call."""
    for family in _FAMILIES.glob("*.py"):
        _import(family)
    return {name: MODELS[name] for name in sorted(MODELS)}


def find(name: str) -> Model:
    """The model of this name. Imports the families that speak of it, because all of them take seconds.

    Raises
    ------
    UnknownModel
        Names the models most like it.
    """
    if name not in MODELS:
        for family in _FAMILIES.glob("*.py"):
            if f'"{name}"' in family.read_text(encoding="utf-8"):
                _import(family)
    if name not in MODELS:
        raise UnknownModel(f"没有模型 {name}{nearest(name, models()) or '；用 anlan model list 查看全部'}")
    return MODELS[name]


def _import(family: Path) -> None:
    importlib.import_module(f"anlan.kit.models.families.{family.stem}")
