"""What a cell means: text, number, day, choice. Each returns the value or raises :class:`Unreadable` with words."""

import math
import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from difflib import get_close_matches

from django.utils.translation import gettext as _

from anlan.kit.sheets.reading import Cell

_ERRORS = re.compile(r"#(N/A|REF!|VALUE!|DIV/0!|NAME\?|NULL!|NUM!)")
_INVISIBLE = re.compile("[​‌‍⁠﻿\u00ad]")
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
_DENSE_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})")
_SERIALS = range(18_264, 73_051)  # 1950 … 2099, as Excel counts days
_EPOCH = date(1899, 12, 30)
_YES = frozenset(("是", "y", "yes", "true", "1", "√", "有"))
_NO = frozenset(("否", "n", "no", "false", "0", "×", "无"))


class Unreadable(ValueError):
    """The cell does not hold what its column asks for; the text says what and what to write instead."""


def text(cell: Cell) -> str:
    """What was written, without spaces around it, invisible signs, and the ".0" of a whole number."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat() if not (cell.hour or cell.minute or cell.second) else cell.isoformat(" ")
    said = _INVISIBLE.sub("", str(cell)).replace("\u00a0", " ").strip().strip("\u3000").strip()
    if _ERRORS.fullmatch(said):
        raise Unreadable(_("单元格是错误值 {value}，请改成真正的内容").format(value=said))
    return " ".join(said.split())


def code(cell: Cell) -> str:
    """A code: full-width signs made plain, no spaces, capital letters."""
    if isinstance(cell, float) and cell >= 1e15:
        raise Unreadable(_("长编码被当成了数字，末几位已丢失：请把该列设为文本格式后重新填写"))
    return unicodedata.normalize("NFKC", text(cell)).replace(" ", "").upper()


def word(cell: Cell) -> str:
    """A name without spaces, full-width signs made plain."""
    return unicodedata.normalize("NFKC", text(cell)).replace(" ", "")


def number(cell: Cell) -> float:
    """A finite number; thousands may be separated, digits full-width."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        found = float(cell)
    else:
        said = unicodedata.normalize("NFKC", text(cell)).replace(",", "").replace(" ", "")
        try:
            found = float(said)
        except ValueError:
            raise Unreadable(_("“{value}”不是数字").format(value=text(cell)[:40])) from None
    if not math.isfinite(found):
        raise Unreadable(_("“{value}”不是数字").format(value=text(cell)[:40]))
    return found


def whole(cell: Cell) -> int:
    found = number(cell)
    if found != int(found):
        raise Unreadable(_("“{value}”不是整数").format(value=text(cell)[:40]))
    return int(found)


def day(cell: Cell) -> date:
    """A day: a date cell, 2026-03-01, 2026/3/1, 2026年3月1日, 20260301, or Excel's count of days."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, int | float) and not isinstance(cell, bool) and math.isfinite(cell) and int(cell) in _SERIALS:
        return _EPOCH + timedelta(days=int(cell))
    said = unicodedata.normalize("NFKC", text(cell))
    found = _DAY.match(said) or _DENSE_DAY.fullmatch(said)
    try:
        if found:
            return date(*(int(part) for part in found.groups()))
    except ValueError:
        pass
    if said.isdecimal() and len(said) < 8 and int(said) in _SERIALS:
        return _EPOCH + timedelta(days=int(said))
    raise Unreadable(_("“{value}”不是日期，请写成 2026-03-01").format(value=said[:40]))


def yes(cell: Cell) -> bool:
    said = unicodedata.normalize("NFKC", text(cell)).casefold()
    if said in _YES or said in _NO:
        return said in _YES
    raise Unreadable(_("“{value}”看不懂，请填“是”或“否”").format(value=said[:40]))


def choice(cell: Cell, choices: Mapping[str, str]) -> str:
    """The key of a choice, given by its name or by the key itself."""
    said = text(cell)
    by_name = {name.casefold(): key for key, name in choices.items()} | {key.casefold(): key for key in choices}
    if (found := by_name.get(said.casefold())) is not None:
        return found
    raise Unreadable(not_among(said, list(choices.values())))


def not_among(said: str, names: list[str]) -> str:
    """That a name is not one of those that may stand here, with the nearest, or all where there are few."""
    close = get_close_matches(said, names, n=3, cutoff=0.5)
    if close:
        return _("没有“{value}”，是否应为：{close}").format(value=said[:40], close="、".join(close))
    if len(names) <= 12:
        return _("没有“{value}”，可填：{names}").format(value=said[:40], names="、".join(names))
    return _("没有“{value}”").format(value=said[:40])
