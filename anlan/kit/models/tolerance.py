"""By how much a computed value may differ from a published one.

``relative`` and ``absolute`` hold for every expected value (absolute in ``unit``, else in the value's own), ``exact``
is equality, ``order-of-magnitude`` a factor. A further key that is an output's name, or its beginning (``flux`` for
``flux_at_receptors``), replaces ``value`` for that output; ``vs_ALOHA`` does for ``ALOHA_distance``; with
``or_absolute`` a value also passes within that bound. Texts, yes/no and null are always equal or not.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, cast

from anlan.kit.models import units
from anlan.kit.models.errors import BadInput, ModelError
from anlan.kit.models.running import Json, Quantity

Type = Literal["relative", "absolute", "exact", "order-of-magnitude"]
TYPES: tuple[Type, ...] = ("relative", "absolute", "exact", "order-of-magnitude")

#: Two numbers are equal when they agree to twelve digits: the last ones belong to the order of additions.
_EQUAL = 1e-12
_KEYS = {"type", "value", "unit", "or_absolute"}


@dataclass(frozen=True)
class Bound:
    """What holds for one output. ``unit``: empty = the value's own."""

    type: Type
    value: float = 0.0
    unit: str = ""
    or_absolute: float | None = None

    def sign(self) -> str:
        """In the signs of the trade: ``±1%``, ``±0.05 kPa``, ``×2`` up or down, ``=``."""
        unit = f" {self.unit}" if self.unit not in ("", "-") else ""
        said = {
            "relative": f"±{100 * self.value:g}%",
            "absolute": f"±{self.value:g}{unit}",
            "order-of-magnitude": f"×{self.value:g}",
            "exact": "=",
        }[self.type]
        return said if self.or_absolute is None else f"{said} / ±{self.or_absolute:g}"


@dataclass(frozen=True)
class Tolerance:
    """The rule of a case, and the values that replace it for some outputs."""

    bound: Bound
    outputs: Mapping[str, float] = field(default_factory=dict)

    @classmethod
    def read(cls, raw: object) -> "Tolerance":
        """From the JSON of a case; refuses what it does not know, because a tolerance left unread is a lax one."""
        if not isinstance(raw, dict) or raw.get("type") not in TYPES:
            raise BadInput(f"tolerance 应是对象，type 是 {' / '.join(TYPES)} 之一")
        kind = cast(Type, raw["type"])
        numbers = {key: value for key, value in raw.items() if key not in ("type", "unit")}
        for key, value in numbers.items():
            if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < math.inf:
                raise BadInput(f"tolerance 的 {key} = {value}：应是不小于 0 的数")
        if kind != "exact" and "value" not in numbers:
            raise BadInput("tolerance 缺少 value，请补上")
        bound = Bound(kind, numbers.get("value", 0.0), str(raw.get("unit", "")), numbers.get("or_absolute"))
        return cls(bound, {key: value for key, value in numbers.items() if key not in _KEYS})

    def of(self, output: str) -> Bound:
        """What holds for an output: the longest key that names it or its beginning wins."""
        fitting = [key for key in self.outputs if _names(key, output)]
        if not fitting:
            return self.bound
        return Bound(self.bound.type, self.outputs[max(fitting, key=len)], self.bound.unit)


def _names(key: str, output: str) -> bool:
    return output == key or output.startswith(key + "_") or (key == "vs_ALOHA" and output == "ALOHA_distance")


@dataclass(frozen=True)
class Comparison:
    """One output beside what was published, in the published unit.

    ``deviation``: the largest relative difference of its elements; None where a text is compared or 0 was expected.
    """

    name: str
    expected: Json
    computed: Json
    unit: str
    deviation: float | None
    allowed: str
    met: bool

    def as_json(self) -> Json:
        return {
            "expected": self.expected,
            "computed": self.computed,
            "unit": self.unit,
            "deviation": self.deviation,
            "tolerance": self.allowed,
            "met": self.met,
        }


def compare(name: str, expected: Quantity, computed: Quantity, tolerance: Tolerance) -> Comparison:
    """Compare one output, element by element, in the unit of ``expected``."""
    unit = expected.unit or computed.unit
    if not units.known(unit) and units.is_bare(computed.unit):
        unit = computed.unit  # a remark on a plain number
    gauge = units.is_gauge(unit) or units.is_gauge(computed.unit)
    value = cast(Json, units.convert(computed.value, computed.unit, unit, name, gauge=gauge))
    bound = _in_unit(tolerance.of(name), unit, name)
    pairs = list(_pairs(expected.value, value))
    met = all(_agree(wanted, found, bound) for wanted, found in pairs)
    return Comparison(name, expected.value, value, unit, _deviation(pairs), bound.sign(), met)


def _in_unit(bound: Bound, unit: str, name: str) -> Bound:
    """The bound in the value's unit; ``-`` as the unit of an absolute bound means the value's own."""
    if bound.type != "absolute" or units.is_bare(bound.unit) or bound.unit == unit:
        return bound
    try:
        return Bound(bound.type, bound.value * units.factor(bound.unit, unit, name), unit)
    except ModelError as error:
        raise BadInput(f"tolerance 的单位用不上：{error}") from error


def _pairs(expected: Json, computed: Json) -> Iterator[tuple[Json, Json]]:
    """Elements side by side. One number may stand for all elements of a computed list; other lengths or names never
    agree."""
    if isinstance(expected, list) and isinstance(computed, list) and len(expected) == len(computed):
        for wanted, found in zip(expected, computed, strict=True):
            yield from _pairs(wanted, found)
    elif isinstance(expected, dict) and isinstance(computed, dict) and expected.keys() == computed.keys():
        for name, wanted in expected.items():
            yield from _pairs(wanted, computed[name])
    elif isinstance(computed, list) and computed and isinstance(expected, int | float):
        for found in computed:
            yield from _pairs(expected, found)
    else:
        yield expected, computed


def _agree(expected: Json, computed: Json, bound: Bound) -> bool:
    if not _is_number(expected) or not _is_number(computed):
        return type(expected) is type(computed) and expected == computed
    wanted, found = float(cast(float, expected)), float(cast(float, computed))
    difference = abs(found - wanted)
    if bound.or_absolute is not None and difference <= bound.or_absolute:
        return True
    if bound.type == "order-of-magnitude":
        return wanted * found > 0 and max(wanted / found, found / wanted) <= bound.value
    allowed = {"relative": bound.value * abs(wanted), "absolute": bound.value, "exact": 0.0}[bound.type]
    return difference <= allowed + _EQUAL * abs(wanted)


def _deviation(pairs: list[tuple[Json, Json]]) -> float | None:
    found = [
        abs(float(cast(float, computed)) - float(cast(float, expected))) / abs(float(cast(float, expected)))
        for expected, computed in pairs
        if _is_number(expected) and _is_number(computed) and expected != 0
    ]
    return max(found, default=None)


def _is_number(value: Json) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
