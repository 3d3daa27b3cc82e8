"""What a parameter accepts, read from its type hint: the one table between Python types and JSON."""

import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from anlan.kit.models import docstring

Kind = Literal["number", "integer", "boolean", "text", "choice", "list", "mapping", "object", "union"]
Choice = str | int | float

_SCALARS: dict[object, Kind] = {float: "number", int: "integer", bool: "boolean", str: "text"}
_JSON = {"number": "number", "integer": "integer", "boolean": "boolean", "text": "string"}
_WORDS = {"number": "数", "integer": "整数", "boolean": "true 或 false", "text": "文字"}


@dataclass(frozen=True)
class Field:
    """One named input. ``parameter``: the name in Python; ``unit``: None where nothing is measured."""

    name: str
    parameter: str
    shape: "Shape"
    unit: str | None
    text: str
    required: bool = True
    default: object = None


@dataclass(frozen=True)
class Shape:
    """``items`` of a list or mapping, ``choices`` of a choice, ``options`` of a union, ``fields`` of an object."""

    kind: Kind
    nullable: bool = False
    items: "Shape | None" = None
    choices: tuple[Choice, ...] = ()
    options: tuple["Shape", ...] = ()
    fields: tuple[Field, ...] = ()

    def measured(self) -> bool:
        """Whether a unit says something about it."""
        below = [*self.options, *([self.items] if self.items else [])]
        return self.kind in ("number", "integer") or any(shape.measured() for shape in below)

    def words(self) -> str:
        """What is wanted, in words."""
        if self.kind == "choice":
            return " / ".join(map(str, self.choices)) + " 之一"
        if self.kind == "union":
            return " 或 ".join(option.words() for option in self.options)
        if self.kind == "object":
            return "对象（" + "、".join(field.name for field in self.fields) + "）"
        inner = self.items.words() if self.items else ""
        return {"list": f"列表（{inner}）", "mapping": f"对象（名称: {inner}）"}.get(self.kind) or _WORDS[self.kind]

    def schema(self) -> dict[str, object]:
        """The JSON schema of the bare value, without its unit."""
        if self.kind == "choice":
            return {"enum": list(self.choices)}
        if self.kind == "union":
            return {"anyOf": [option.schema() for option in self.options]}
        if self.kind == "object":
            return object_schema(self.fields)
        inner = self.items.schema() if self.items else {}
        if self.kind == "list":
            return {"type": "array", "items": inner}
        return {"type": "object", "additionalProperties": inner} if inner else {"type": _JSON[self.kind]}


def object_schema(fields: tuple[Field, ...]) -> dict[str, object]:
    """The JSON schema of named inputs."""
    return {
        "type": "object",
        "properties": {field.name: field_schema(field) for field in fields},
        "required": [field.name for field in fields if field.required],
        "additionalProperties": False,
    }


def field_schema(field: Field) -> dict[str, object]:
    """One input: its bare value in ``x-unit``, or with a unit of its own where it is measured."""
    bare = field.shape.schema()
    found: dict[str, object] = {"description": field.text}
    if field.shape.measured():
        given = {"type": "object", "properties": {"value": bare, "unit": {"type": "string"}}, "required": ["value"]}
        texts = [{"type": "string", "description": "number and unit, as in 5 mm"}] if _scalar(field.shape) else []
        found |= {"anyOf": [bare, given, *texts], "x-unit": field.unit or "-"}
    else:
        found |= bare
    return found if field.required else {**found, "default": field.default}


def _scalar(shape: Shape) -> bool:
    return shape.kind in ("number", "integer") or any(_scalar(option) for option in shape.options)


def shape_of(hint: object) -> Shape:
    """The shape of a type hint.

    Raises
    ------
    TypeError
        The hint is none that a model may have.
    """
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (types.UnionType, typing.Union):
        return _union([each for each in arguments if each is not type(None)], nullable=type(None) in arguments)
    if origin is Literal:
        return Shape("choice", choices=arguments)
    if origin in (list, tuple) or str(origin) == "<class 'collections.abc.Sequence'>":
        return Shape("list", items=shape_of(arguments[0]))
    if origin in (dict, Mapping):
        return Shape("mapping", items=shape_of(arguments[1]))
    if typing.is_typeddict(hint):
        return Shape("object", fields=_typed_dict(typing.cast(type, hint)))
    if hint in _SCALARS:
        return Shape(_SCALARS[hint])
    raise TypeError(f"a model cannot take {hint}")


def _union(options: list[object], *, nullable: bool) -> Shape:
    shapes = [shape_of(option) for option in options]
    if len(shapes) > 1:
        return Shape("union", nullable, options=tuple(shapes))
    [only] = shapes
    return Shape(only.kind, nullable, only.items, only.choices, only.options, only.fields)


def _typed_dict(hint: type) -> tuple[Field, ...]:
    """The keys of a TypedDict; its docstring's ``Parameters`` describe them."""
    entries = docstring.read(hint.__doc__).sections.get("Parameters", {})
    required: frozenset[str] = getattr(hint, "__required_keys__", frozenset())
    found = []
    for name, each in typing.get_type_hints(hint).items():
        entry = entries.get(name, docstring.Entry(name, "", None))
        found.append(Field(name, name, shape_of(each), entry.unit, entry.text, name in required))
    return tuple(found)
