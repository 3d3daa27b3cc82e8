"""The register of models: name -> function."""

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
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
    """Every model of ``families/``, by name in alphabetical order. Imports the families at the first call."""
    from anlan.kit.models import families

    for module in pkgutil.iter_modules(families.__path__):
        importlib.import_module(f"{families.__name__}.{module.name}")
    return {name: MODELS[name] for name in sorted(MODELS)}


def find(name: str) -> Model:
    """The model of this name.

    Raises
    ------
    UnknownModel
        Names the models most like it.
    """
    known = models()
    if name not in known:
        raise UnknownModel(f"没有模型 {name}{nearest(name, known) or '；用 anlan model list 查看全部'}")
    return known[name]
