"""What a model is, read from its function: summary, inputs, outputs, JSON schema, and what its docstring forgot."""

import inspect
import typing
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from anlan.kit.models import docstring, units
from anlan.kit.models.catalogue import Model, find
from anlan.kit.models.shapes import Field, Shape, object_schema, shape_of

_NOT_SAID = docstring.Entry("", "", None)


@dataclass(frozen=True)
class Description:
    """``inputs`` and ``outputs`` in the order in which they are written."""

    name: str
    summary: str
    text: str
    inputs: tuple[Field, ...]
    outputs: tuple[docstring.Entry, ...]

    def schema(self) -> dict[str, object]:
        """Everything a program needs to call the model; ``inputs`` and ``outputs`` are JSON schemas."""
        outputs = {entry.name: {"description": entry.text, "x-unit": entry.unit} for entry in self.outputs}
        return {
            "model": self.name,
            "summary": self.summary,
            "description": self.text,
            "inputs": {"$schema": "https://json-schema.org/draft/2020-12/schema", **object_schema(self.inputs)},
            "outputs": {"type": "object", "properties": outputs},
        }


@cache
def describe(name: str) -> Description:
    """The description of the model ``name``; raises UnknownModel."""
    return _of(find(name))


def _of(model: Model) -> Description:
    written = docstring.read(model.function.__doc__)
    entries = written.sections.get("Parameters", {})
    hints = typing.get_type_hints(model.function)
    inputs = tuple(
        _field(model, parameter, shape_of(hints[parameter.name]), entries)
        for parameter in inspect.signature(model.function).parameters.values()
    )
    return Description(
        model.name, written.summary, written.text, inputs, tuple(written.sections.get("Returns", {}).values())
    )


def _field(model: Model, parameter: inspect.Parameter, shape: Shape, entries: dict[str, docstring.Entry]) -> Field:
    outer = model.names.get(parameter.name, parameter.name)
    entry = entries.get(outer) or entries.get(parameter.name, _NOT_SAID)
    required = parameter.default is inspect.Parameter.empty
    default = None if required else parameter.default
    return Field(outer, parameter.name, shape, entry.unit, entry.text, required, default)


def problems(model: Model) -> list[str]:
    """What keeps a model from being fully documented; empty for a good one."""
    signature = inspect.signature(model.function)
    loose = [each.name for each in signature.parameters.values() if each.kind is not inspect.Parameter.KEYWORD_ONLY]
    found = [f"parameter {name} is not keyword-only" for name in loose]
    found += [f"names speaks of {name}, which is no parameter" for name in set(model.names) - set(signature.parameters)]
    try:
        described = _of(model)
    except (TypeError, KeyError, NameError) as error:
        return [*found, f"type hints: {error}"]
    written = docstring.read(model.function.__doc__).sections.get("Parameters", {})
    known = {name for field in described.inputs for name in (field.name, field.parameter)}
    found += [f"the docstring describes {name}, which is no input" for name in written if name not in known]
    return [*found, *_unsaid(described)]


def _unsaid(described: Description) -> Iterator[str]:
    if not described.summary:
        yield "no summary"
    if not described.outputs:
        yield "no Returns section"
    for field in _every(described.inputs):
        if not field.text:
            yield f"input {field.name} is not described"
        yield from _bad_unit(f"input {field.name}", field.unit, needed=field.shape.measured())
    for entry in described.outputs:
        if not entry.text:
            yield f"output {entry.name} is not described"
        yield from _bad_unit(f"output {entry.name}", entry.unit, needed=True)


def _every(fields: tuple[Field, ...]) -> Iterator[Field]:
    for field in fields:
        yield field
        for shape in (field.shape, field.shape.items):
            yield from _every(shape.fields) if shape else ()


def _bad_unit(where: str, unit: str | None, *, needed: bool) -> Iterator[str]:
    if unit is None:
        if needed:
            yield f"{where} has no unit at the end of its description"
    elif not units.known(unit):
        yield f"{where}: [{unit}] is no unit that is known"
