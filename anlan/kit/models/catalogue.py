"""The register of models: name -> function."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

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
