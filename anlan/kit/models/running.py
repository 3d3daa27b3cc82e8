"""Runs a model: JSON in, JSON out, every number with its unit; what is refused is refused in one message."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from anlan.kit.models.catalogue import find
from anlan.kit.models.describe import Description, describe
from anlan.kit.models.errors import ModelError, Refused
from anlan.kit.models.reading import read_all
from anlan.packs.model import PackError

#: ``F(N>=1)`` documents ``F(N>=50)``, too.
_NUMBER = re.compile(r"\d+(?:\.\d+)?(?:e[+-]?\d+)?")

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]


@dataclass(frozen=True)
class Quantity:
    """A value and the unit in which it stands."""

    value: Json
    unit: str

    def as_json(self) -> Json:
        return {"value": self.value, "unit": self.unit}


@dataclass(frozen=True)
class Outcome:
    """``inputs`` are those that were given, as the model took them."""

    model: str
    inputs: dict[str, Quantity]
    outputs: dict[str, Quantity]

    def as_json(self) -> Json:
        return {
            "model": self.model,
            "inputs": {name: each.as_json() for name, each in self.inputs.items()},
            "outputs": {name: each.as_json() for name, each in self.outputs.items()},
        }


def run(name: str, inputs: Mapping[str, object]) -> Outcome:
    """Run the model ``name``.

    Parameters
    ----------
    inputs : Mapping[str, object]
        By outer name: a plain value in the documented unit, ``{"value": …, "unit": …}``, or a text such as ``5 mm``.

    Raises
    ------
    UnknownModel, BadInput, Refused
        See :mod:`anlan.kit.models.errors`.
    """
    described = describe(name)
    arguments = read_all(described.inputs, inputs)
    return Outcome(name, _taken(described, arguments), _outputs(described, _called(name, arguments)))


def _called(name: str, arguments: Mapping[str, object]) -> Mapping[str, object]:
    """What the model returns. Numbers that overflow or do not fit each other are refusals, too."""
    try:
        with np.errstate(all="ignore"):
            return find(name).function(**arguments)
    except ModelError:
        raise
    except (ValueError, PackError) as error:
        raise Refused(str(error)) from error
    except (ArithmeticError, LookupError, TypeError, AttributeError, RuntimeError, AssertionError) as error:
        raise Refused(f"{name} 用这些输入算不出结果（{type(error).__name__}: {error}）；请核对数值") from error


def _taken(described: Description, arguments: Mapping[str, object]) -> dict[str, Quantity]:
    return {
        field.name: Quantity(_plain(arguments[field.parameter], field.name), field.unit or "-")
        for field in described.inputs
        if field.parameter in arguments
    }


def _outputs(described: Description, returned: Mapping[str, object]) -> dict[str, Quantity]:
    """Every returned value, finite, with its documented unit. A number in a documented name stands for any number."""
    documented = {entry.name: entry.unit or "-" for entry in described.outputs}
    alike = {_NUMBER.sub("#", name): unit for name, unit in documented.items()}
    found = {}
    for name, value in returned.items():
        unit = documented.get(name) or alike.get(_NUMBER.sub("#", name))
        if unit is None:
            raise Refused(f"模型 {described.name} 的说明里没有输出 {name}，请补写说明")
        found[name] = Quantity(_plain(value, name), unit)
    return found


def _plain(value: object, name: str) -> Json:
    """NumPy's numbers and arrays as JSON; not a finite number is no result."""
    if isinstance(value, np.ndarray | np.generic):
        value = value.tolist()
    if isinstance(value, float) and not math.isfinite(value):
        raise Refused(f"{name} 算出来不是有限的数（{value}）；输入超出了模型能算的范围，请核对")
    if isinstance(value, Mapping):
        return {str(key): _plain(each, name) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each, name) for each in value]
    if value is None or isinstance(value, bool | int | float | str):
        return value
    raise Refused(f"{name} 的结果类型 {type(value).__name__} 不能写成 JSON")
