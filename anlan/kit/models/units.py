"""Converts values between units. Pint knows the units; it is imported when two units differ, not before.

Read are names with prefixes (kPa, mm, degC, t, g/s, mg/m3, ppm, %), powers (``m2``, ``m^2``, ``m²``, ``kg^1/3``),
products (space, ``*`` or ``·``), quotients and brackets. ``-``, ``vol/vol`` and nothing are the number itself. Psig,
barg, kPag and MPag are gauge pressures: they convert among themselves and with differences of pressure, never to an
absolute pressure; psia, bara are absolute.
"""

import re
from functools import cache
from typing import TYPE_CHECKING

from anlan.kit.models.errors import BadInput

if TYPE_CHECKING:
    import pint

#: Words that stand for the number itself.
_BARE = {
    "",
    "-",
    "1",
    "vol/vol",
    "mol/mol",
    "kg/kg",
    "persons",
    "sources",
    "liq. mass fraction",
    "bool",
    "text",
    "date",
}
_ALIASES = {"percentage points": "%", "per 1e8 h": "per_1e8_h", "℃": "degC", "°": "deg", "°C": "degC", "C": "degC"}
#: Units that only convert to themselves.
_LABELS = {"ln s"}
_PRESSURE = re.compile(r"(psi|m?bar|[kM]?Pa)[ ]?(?:\((?P<in>[ag])\)|(?P<end>[ag]))")
_TOKEN = re.compile(
    r"\s*(?:(?P<name>per_1e8_h|[^\W\d_][\w%]*?|[%‰°])(?=[\s\d()/*·^²³⁴⁻-]|$)|(?P<open>\()|(?P<close>\))|(?P<op>[/*·])"
    r"|(?P<one>1(?=\s*/)))"
)
_POWER = re.compile(r"\s*(?:\^\s*\(\s*(-?\d)\s*/\s*(\d)\s*\)|\^(-?\d)/(\d)(?!\d)|\^?(-?\d)(?!\d))")
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_ANGLES = {"degree", "radian", "turn", "arcminute", "arcsecond", "grade"}
_LONGEST = 60


@cache
def _registry() -> "pint.UnitRegistry[float]":
    import pint

    registry: pint.UnitRegistry[float] = pint.UnitRegistry()
    registry.define("per_1e8_h = 1e-8 / hour")
    registry.define("ppb = 1e-9")
    for currency in ("GBP", "EUR", "USD", "CNY"):
        registry.define(f"{currency} = [money_{currency}]")
    return registry


def is_bare(unit: str) -> bool:
    """Whether the unit is none: a plain number."""
    return unit.strip() in _BARE


def known(unit: str) -> bool:
    """Whether a unit is one that can be read."""
    return is_bare(unit) or unit in _LABELS or _parsed(_spelled(unit)) is not None


def is_gauge(unit: str) -> bool:
    """Whether the unit is a gauge pressure: psig, barg."""
    found = _PRESSURE.fullmatch(unit)
    return found is not None and "g" in (found["in"], found["end"])


def is_ratio(unit: str) -> bool:
    """Whether the unit is of no dimension, as %, ppm and the number itself."""
    if is_bare(unit) or unit in _LABELS:
        return is_bare(unit)
    found = _parsed(_spelled(unit))
    return found is not None and bool(found.dimensionless)


def convert(value: object, given: str, wanted: str, name: str, *, gauge: bool = False) -> object:
    """``value`` (a number or nested lists of numbers) from the unit ``given`` to ``wanted``.

    Parameters
    ----------
    name : str
        What the value is called, for messages.
    gauge : bool
        Whether it is a difference of pressure, so that psig and the like are welcome.

    Raises
    ------
    BadInput
        ``given`` is no unit, or one of another dimension.
    """
    given, wanted = given.strip(), wanted.strip()
    if given == wanted or (is_bare(given) and is_bare(wanted)):
        return value
    source, target = _checked(given, wanted, name)
    _check_gauge(given, wanted, name, gauge=gauge or is_gauge(wanted))
    return _apply(value, source, target, name)


def factor(given: str, wanted: str, name: str) -> float:
    """How many ``wanted`` a difference of one ``given`` is: 1 for degC and K."""
    one, none = (convert(each, given, wanted, name, gauge=True) for each in (1.0, 0.0))
    assert isinstance(one, float | int) and isinstance(none, float | int)
    return one - none


def _checked(given: str, wanted: str, name: str) -> tuple["pint.Unit", "pint.Unit"]:
    source, target = (None if each in _LABELS else _parsed(_spelled(each)) for each in (given, wanted))
    if source is None:
        raise BadInput(f"{name}：不认识的单位“{given}”；应是 {wanted or '-'} 或能换算成它的单位")
    same = target is not None and source.is_compatible_with(target) and _angle(source) == _angle(target)
    if target is None or not same:
        raise BadInput(f"{name}：单位“{given}”换算不成 {wanted or '-'}（量纲不同），请改用 {wanted or '-'} 一类的单位")
    return source, target


def _angle(unit: "pint.Unit") -> bool:
    """Angles have no dimension in pint, but 30 is not 30 degrees."""
    return not _ANGLES.isdisjoint(re.findall(r"[A-Za-z_]+", str(unit)))


def _check_gauge(given: str, wanted: str, name: str, *, gauge: bool) -> None:
    if is_gauge(given) and not gauge:
        raise BadInput(f"{name}：“{given}”是表压，这里要绝对压力；请加上大气压，以 {wanted} 给出")
    absolute = (found := _PRESSURE.fullmatch(given)) and (found["in"] or found["end"]) == "a"
    if absolute and gauge:
        raise BadInput(f"{name}：“{given}”是绝对压力，这里要表压或压差；请减去大气压，以 {wanted} 给出")


def _apply(value: object, source: "pint.Unit", target: "pint.Unit", name: str) -> object:
    if isinstance(value, list | tuple):
        return [_apply(each, source, target, name) for each in value]
    if isinstance(value, dict):
        return {key: _apply(each, source, target, name) for key, each in value.items()}
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value  # its type is refused, with its own words, where it is read
    return float(_registry().Quantity(float(value), source).to(target).magnitude)


def _spelled(unit: str) -> str:
    """The unit without a, g behind a pressure and with other spellings replaced."""
    unit = _ALIASES.get(unit.strip(), unit.strip())
    if is_bare(unit):
        return ""
    pressure = _PRESSURE.fullmatch(unit)
    return pressure[1] if pressure else unit.replace("℃", "degC").replace("°C", "degC").replace("**", "^")


@cache
def _parsed(unit: str) -> "pint.Unit | None":
    """The unit; None when it cannot be read. Only what :func:`_translated` writes reaches pint's evaluator."""
    import pint

    text = "" if unit == "" else _translated(unit)
    if text is None:
        return None
    try:
        return _registry().parse_units(text)
    except (pint.errors.PintError, ValueError, TypeError, AssertionError, AttributeError, SyntaxError):
        return None


def _translated(unit: str) -> str | None:
    """The unit as pint writes it, with every power in brackets; None when it is not well formed."""
    text, parts = unit.translate(_RAISED).rstrip(), list[str]()
    at, depth, operand = 0, 0, False  # operand: a factor stands before this place
    while at < len(text) <= _LONGEST:
        token = _TOKEN.match(text, at)
        if token is None or not _fits(token, depth, operand=operand):
            return None
        parts += ["*"] if operand and not (token["op"] or token["close"]) else []
        parts.append(token[0].strip().replace("·", "*"))
        at, depth = token.end(), depth + bool(token["open"]) - bool(token["close"])
        operand = not (token["op"] or token["open"])
        power = _POWER.match(text, at) if token["name"] or token["close"] else None
        if power:
            parts.append(_power(power))
            at = power.end()
    return "".join(parts) if operand and depth == 0 and len(text) <= _LONGEST else None


def _fits(token: "re.Match[str]", depth: int, *, operand: bool) -> bool:
    """Whether a token may stand here: operators and closing brackets behind a factor."""
    if token["op"]:
        return operand
    return not token["close"] or (operand and depth > 0)


def _power(found: "re.Match[str]") -> str:
    numbers = [part for part in found.groups() if part is not None]
    return f"**({'/'.join(numbers)})"
