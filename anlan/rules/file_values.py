"""Reading what people fill into an enterprise's file: text or values in, checked values out."""

import math
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from anlan.rules import codes
from anlan.rules.refusal import Refusal

Value = str | int | float | bool | date | None

_PHONE = re.compile(r"[0-9+()（）转, -]{3,32}|[0-9]{3,5}")
_CAS = re.compile(r"(\d{2,7})-(\d{2})-(\d)")
_TRUE, _FALSE = ("true", "1", "是", "on", "yes"), ("false", "0", "否", "", "no")
LONGEST = {"long": 2000}
_USUAL = 120
EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)


@dataclass(frozen=True)
class Asked:
    """One thing to be filled in, as the rules see it; ``choices`` None = anything."""

    key: str
    label: str
    type: str
    required: bool = False
    choices: Collection[str] | None = None


def read(asked: Asked, given: object) -> tuple[Value, Refusal | None]:
    """The value of what was given, or why it is none. Nothing given is None, unless it is required."""
    if given is None or (isinstance(given, str) and not given.strip() and asked.type != "flag"):
        return None, _missing(asked) if asked.required else None
    try:
        value = _READERS.get(asked.type, _text)(given)
    except (ValueError, OverflowError):
        return None, _wrong(asked, given)
    return value, _check(asked, value)


def read_all(fields: Collection[Asked], given: Mapping[str, object]) -> tuple[dict[str, Value], dict[str, Refusal]]:
    """Every field of a form: values by key, and refusals by key. What no field asks for is refused."""
    values: dict[str, Value] = {}
    refused: dict[str, Refusal] = {}
    for asked in fields:
        value, refusal = read(asked, given.get(asked.key))
        if refusal:
            refused[asked.key] = refusal
        elif value is not None:
            values[asked.key] = value
    for key in set(given) - {asked.key for asked in fields}:
        refused[key] = Refusal(
            "item.unknown_field", "没有“{field}”这一项。", "请按本组的填写项登记。", {"field": key[:40]}
        )
    return values, refused


def _check(asked: Asked, value: Value) -> Refusal | None:
    if asked.choices is not None and str(value) not in asked.choices:
        shown = "、".join(list(asked.choices)[:8]) + ("…" if len(asked.choices) > 8 else "")
        fix = "请选择：{choices}。"
        params = {"label": asked.label, "value": str(value)[:40], "choices": shown}
        return Refusal("item.no_such_choice", "{label}没有“{value}”这一选项。", fix, params)
    if isinstance(value, str) and len(value) > LONGEST.get(asked.type, _USUAL):
        longest = str(LONGEST.get(asked.type, _USUAL))
        params = {"label": asked.label, "longest": longest}
        return Refusal("item.too_long", "{label}超过 {longest} 字。", "请缩短后再保存。", params)
    if asked.type == "uscc":
        return codes.uscc(str(value))
    return None


def _text(given: object) -> str:
    text = str(given).strip()
    if any(ord(c) < 32 and c not in "\r\n\t" for c in text):
        raise ValueError(text)
    return text


def _integer(given: object) -> int:
    number = _number(given)
    if number != int(number) or not 0 <= number < 2**31:
        raise ValueError(given)
    return int(number)


def _decimal(given: object) -> float:
    number = _number(given)
    if not -1e12 < number < 1e12:
        raise ValueError(given)
    return number


def _number(given: object) -> float:
    if isinstance(given, bool) or not isinstance(given, (int, float, Decimal, str)):
        raise ValueError(given)
    number = float(given.replace(",", "").strip()) if isinstance(given, str) else float(given)
    if not math.isfinite(number):
        raise ValueError(given)
    return number


def _date(given: object) -> date:
    if isinstance(given, datetime):
        raise ValueError(given)
    if not isinstance(given, date):
        given = date.fromisoformat(str(given).strip().replace("/", "-").replace(".", "-"))
    if not EARLIEST <= given <= LATEST:
        raise ValueError(given)
    return given


def _flag(given: object) -> bool:
    text = str(given).strip().lower()
    if text in _TRUE:
        return True
    if text in _FALSE:
        return False
    raise ValueError(given)


def _phone(given: object) -> str:
    text = _text(given)
    if not _PHONE.fullmatch(text):
        raise ValueError(given)
    return text


def _cas(given: object) -> str:
    """A CAS number whose check digit is right."""
    text = _text(given)
    parts = _CAS.fullmatch(text)
    if parts is None:
        raise ValueError(given)
    digits = (parts[1] + parts[2])[::-1]
    if sum(int(digit) * place for place, digit in enumerate(digits, 1)) % 10 != int(parts[3]):
        raise ValueError(given)
    return text


def is_cas(text: str) -> bool:
    """Whether a text is a CAS number with the right check digit."""
    try:
        return _cas(text) == text
    except ValueError:
        return False


_READERS: dict[str, Callable[[object], Value]] = {
    "integer": _integer,
    "decimal": _decimal,
    "date": _date,
    "due": _date,
    "flag": _flag,
    "phone": _phone,
    "cas": _cas,
}
_FIXES = {
    "integer": "请填写不小于 0 的整数。",
    "decimal": "请填写数字。",
    "date": "请填写日期，如 2026-11-22。",
    "due": "请填写日期，如 2026-11-22。",
    "flag": "请填写“是”或“否”。",
    "phone": "请填写电话号码，可含区号与分机。",
    "cas": "请填写 CAS 号，如 7664-41-7，最后一位是校验位。",
}


def _missing(asked: Asked) -> Refusal:
    return Refusal("item.missing", "没有填写{label}。", "这一项必填。", {"label": asked.label})


def _wrong(asked: Asked, given: object) -> Refusal:
    fix = _FIXES.get(asked.type, "请去掉不可见的字符。")
    return Refusal("item.wrong_value", "{label}“{value}”不对。", fix, {"label": asked.label, "value": str(given)[:40]})
