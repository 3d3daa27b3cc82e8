"""Find the headings of a table among its first rows, and which column each belongs to."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches

from anlan.kit.errors import Refused
from anlan.kit.sheets.reading import Cell, Row
from anlan.kit.sheets.writing import letters
from anlan.rules.refusal import Refusal

SEARCHED_ROWS = 20
#: The column that this product adds to a file it hands back; when the file comes again it is passed over.
REMARK = "导入说明"
_NOISE = re.compile(r"[\s*＊:：]|[（(【\[].*?[)）】\]]")


@dataclass(frozen=True)
class Head:
    """Where the headings stand, which column is which (from 0), and which are not used."""

    row: int
    columns: Mapping[str, int]
    unused: tuple[str, ...]
    remark: int | None
    width: int


def plain(title: Cell) -> str:
    """A heading without spaces, stars, units and remarks in brackets, in one spelling."""
    return _NOISE.sub("", unicodedata.normalize("NFKC", str(title or ""))).casefold()


def find(rows: Sequence[Row], known: Mapping[str, Sequence[str]], required: Sequence[str]) -> Head:
    """The headings among ``rows``. ``known``: for each column its names, the one to say first. Raises Refused."""
    names = {plain(name): key for key, spellings in known.items() for name in spellings}
    best = max(rows, key=lambda row: sum(plain(cell) in names for cell in row[1]), default=None)
    if best is None or not any(plain(cell) in names for cell in best[1]):
        fix = "第一行应是表头，至少有：{wanted}。可下载模板后填写。"
        raise _refused("sheet.no_head", "没有找到表头。", fix, wanted=_said(known, required))
    number, cells = best
    head = _checked(number, cells, names, known, required)
    return replace(head, width=max(len(cells) for _, cells in rows))


def _checked(
    number: int, cells: Sequence[Cell], names: Mapping[str, str], known: Mapping[str, Sequence[str]],
    required: Sequence[str],
) -> Head:  # fmt: skip
    columns: dict[str, int] = {}
    unused, remark = [], None
    for at, cell in enumerate(cells):
        key = names.get(plain(cell))
        if plain(cell) == plain(REMARK):
            remark = at
        elif key is None and cell is not None:
            unused.append(str(cell).strip())
        elif key in columns:
            params = {"title": str(cell).strip(), "columns": f"{letters(columns[key] + 1)}、{letters(at + 1)}"}
            raise _refused("sheet.twice", "表头“{title}”出现不止一次（{columns} 列）。", "请只保留一列。", **params)
        elif key is not None:
            columns[key] = at
    missing = [key for key in required if key not in columns]
    if missing:
        hints = _hints(missing, unused, known)
        fix = "请补上这些列，或下载模板后填写。{hints}"
        raise _refused("sheet.missing", "缺少必需的列：{missing}。", fix, missing=_said(known, missing), hints=hints)
    return Head(number, columns, tuple(unused), remark, len(cells))


def _hints(missing: Sequence[str], unused: Sequence[str], known: Mapping[str, Sequence[str]]) -> str:
    """“企业” may have been meant for “企业名称”."""
    found = []
    for key in missing:
        close = get_close_matches(known[key][0], unused, n=1, cutoff=0.4)
        found += [f"“{close[0]}”是否应为“{known[key][0]}”？"] if close else []
    return "".join(found)


def _said(known: Mapping[str, Sequence[str]], keys: Sequence[str]) -> str:
    return "、".join(known[key][0] for key in keys)


def _refused(code: str, message: str, fix: str, **params: str) -> Refused:
    return Refused(Refusal(code, message, fix, params))
