"""Turns JSON into what a model takes: the right type, finite, in the unit that the model documents."""

import math
import re
from collections.abc import Callable, Mapping

from anlan.kit.models import units
from anlan.kit.models.errors import BadInput, UnknownInput, nearest
from anlan.kit.models.shapes import Field, Kind, Shape

#: Inputs whose name says that they are differences of pressure: psig and barg are welcome.
_GAUGE = re.compile(r"gauge|overpressure|^dp$|^delta_p$")
_QUANTITY = re.compile(r"\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*(.*?)\s*")


def read_all(fields: tuple[Field, ...], given: Mapping[str, object], where: str = "") -> dict[str, object]:
    """The inputs by their Python names; what may be left out and is, stays out.

    Raises
    ------
    BadInput
        For the first input that is unknown, missing or wrong; ``where`` says of what it is an input.
    """
    known = {field.name: field for field in fields}
    for name in given:
        if name not in known:
            raise UnknownInput(f"{where}没有输入 {name}{nearest(name, known)}")
    missing = [field for field in fields if field.required and given.get(field.name) is None]
    if missing:
        first = missing[0]
        unit = f" [{first.unit}]" if first.unit else ""
        raise BadInput(f"{where}缺少输入 {'、'.join(each.name for each in missing)}；{first.name}{unit}：{first.text}")
    return {
        known[name].parameter: read(known[name], value, where) for name, value in given.items() if value is not None
    }


def read(field: Field, raw: object, where: str = "") -> object:
    """One input, bare or as ``{"value": …, "unit": …}``, or a number with its unit in a text."""
    value, unit = raw, None
    if isinstance(raw, Mapping) and "value" in raw and set(raw) <= {"value", "unit"}:
        value, unit = raw["value"], raw.get("unit")
        if unit is not None and not isinstance(unit, str):
            raise BadInput(f"{where}{field.name}：unit 应是文字，如 {field.unit or '-'}")
    if value is None and not field.required:
        return field.default
    return _Reader(field, where + field.name)(field.shape, value, unit)


class _Reader:
    """Reads the values of one input. ``name`` says which, for messages."""

    def __init__(self, field: Field, name: str) -> None:
        self.field = field
        self.name = name
        self.read: dict[Kind, Callable[[Shape, object, str | None], object]] = {
            "number": self.as_number,
            "integer": self.as_integer,
            "boolean": self.as_boolean,
            "text": self.as_text,
            "choice": self.as_choice,
            "list": self.as_list,
            "mapping": self.as_mapping,
            "object": self.as_object,
            "union": self.as_union,
        }

    def __call__(self, shape: Shape, value: object, unit: str | None) -> object:
        return self.read[shape.kind](shape, value, unit)

    def as_number(self, shape: Shape, value: object, unit: str | None) -> float:
        value, unit = self.quantity(shape, value, unit)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.wrong(shape, value)
        try:
            number = float(value)
        except OverflowError:
            number = math.inf
        if not math.isfinite(number):
            raise BadInput(f"{self.name} = {number}：不是有限的数，请给出普通的数")
        if unit is None or self.field.unit is None:
            return number
        gauge = bool(_GAUGE.search(self.field.name))
        return float(str(units.convert(number, unit, self.field.unit, self.name, gauge=gauge)))

    def quantity(self, shape: Shape, value: object, unit: str | None) -> tuple[object, str | None]:
        """Takes apart ``"5 mm"`` and ``{"value": 5, "unit": "mm"}``."""
        if isinstance(value, Mapping) and "value" in value and set(value) <= {"value", "unit"}:
            return value["value"], str(value["unit"]) if value.get("unit") is not None else unit
        if not isinstance(value, str):
            return value, unit
        found = _QUANTITY.fullmatch(value)
        if found is None:
            raise self.wrong(shape, value)
        return float(found[1]), found[2] or unit

    def as_integer(self, shape: Shape, value: object, unit: str | None) -> int:
        number = self.as_number(shape, value, unit)
        if not number.is_integer():
            raise self.wrong(shape, value)
        return int(number)

    def as_boolean(self, shape: Shape, value: object, unit: str | None) -> bool:
        if not isinstance(value, bool):
            raise self.wrong(shape, value)
        return value

    def as_text(self, shape: Shape, value: object, unit: str | None) -> str:
        if not isinstance(value, str):
            raise self.wrong(shape, value)
        return value

    def as_choice(self, shape: Shape, value: object, unit: str | None) -> str | int | float:
        for choice in shape.choices:
            if value == choice and isinstance(value, bool) == isinstance(choice, bool):
                return choice
        like = nearest(str(value), map(str, shape.choices), most=1) if len(shape.choices) > 12 else ""
        raise BadInput(f"{self.name} = {_shown(value)}：应是{shape.words()}{like}")

    def as_list(self, shape: Shape, value: object, unit: str | None) -> list[object]:
        if not isinstance(value, list | tuple) or shape.items is None:
            raise self.wrong(shape, value)
        return [self.below(f"[{index}]", shape.items, each, unit) for index, each in enumerate(value)]

    def as_mapping(self, shape: Shape, value: object, unit: str | None) -> dict[str, object]:
        if not isinstance(value, Mapping) or shape.items is None:
            raise self.wrong(shape, value)
        return {str(key): self.below(f".{key}", shape.items, each, unit) for key, each in value.items()}

    def as_object(self, shape: Shape, value: object, unit: str | None) -> dict[str, object]:
        if not isinstance(value, Mapping):
            raise self.wrong(shape, value)
        return read_all(shape.fields, value, f"{self.name} 的 ")

    def as_union(self, shape: Shape, value: object, unit: str | None) -> object:
        """The option that the value's own type asks for; a wrong value is refused in the words of that option."""
        fitting = [option for option in shape.options if _fits(option, value)]
        if not fitting:
            raise self.wrong(shape, value)
        for option in fitting[:-1]:
            try:
                return self(option, value, unit)
            except BadInput:
                continue
        return self(fitting[-1], value, unit)

    def below(self, step: str, shape: Shape, value: object, unit: str | None) -> object:
        return _Reader(self.field, self.name + step)(shape, value, unit)

    def wrong(self, shape: Shape, value: object) -> BadInput:
        unit = f"（单位 {self.field.unit}）" if shape.measured() and self.field.unit else ""
        return BadInput(f"{self.name} = {_shown(value)}：应是{shape.words()}{unit}")


def _fits(shape: Shape, value: object) -> bool:
    """Whether a value of this JSON type could be meant for the shape."""
    if isinstance(value, list | tuple):
        return shape.kind == "list"
    if isinstance(value, Mapping):
        return shape.kind in ("mapping", "object") or ("value" in value and shape.kind in ("number", "integer"))
    if isinstance(value, bool):
        return shape.kind == "boolean" or (shape.kind == "choice" and value in shape.choices)
    if isinstance(value, str):
        return shape.kind in ("text", "choice", "number", "integer")
    return shape.kind in ("number", "integer", "choice")


def _shown(value: object) -> str:
    text = f"“{value}”" if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else text[:57] + "…"
