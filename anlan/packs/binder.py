"""Reads YAML nodes and CSV rows into frozen dataclasses, and remembers the line of everything that does not fit.

The shape of a pack is a dataclass, nothing else: its annotations say which keys there are and of which type. Known
types: str, int, float, bool, date, Literal, Enum (by lower-case name), ``T | None``, ``tuple[T, ...]``,
``frozenset[T]``, ``Mapping[str, T]`` and dataclasses. A tuple of dataclasses may also be the name of a CSV file beside
the pack. A dataclass may have ``problems()`` that yields what is wrong between its values. A key that is a word of
Python (``for``, ``class``) is a field with ``_`` at its end.
"""

import csv
import dataclasses
import difflib
import functools
import io
import keyword
import types
import typing
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from pathlib import Path

import yaml

from anlan.packs.model import DataFile, Problem, Ref, Spaced, Unique

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_MISSING = object()

#: What a value that could not be read becomes; nothing that holds it is handed out.
BAD = object()


@dataclass(frozen=True)
class Link:
    """A value that must be found in a table of another pack."""

    ref: Ref
    value: str
    file: Path
    line: int


class Binder:
    """Reads one pack file and its tables. ``problems`` and ``links`` fill up while it works."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self.links: list[Link] = []
        self.tables: set[Path] = set()
        self.places: dict[int, tuple[Path, int]] = {}  # of rows and mappings, by their id()

    def report(self, line: int, message: str, file: Path | None = None) -> object:
        self.problems.append(Problem(file or self.file, line, message))
        return BAD

    # ------------------------------------------------------------------ YAML

    def document(self) -> yaml.MappingNode | None:
        """The file's top mapping, or None with the reason among the problems."""
        text = self._text(self.file)
        if text is None:
            return None
        try:
            node = yaml.compose(text, Loader=_LOADER)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            self.report(mark.line + 1 if mark else 1, f"YAML 语法错误：{error.problem}；请检查缩进、冒号和引号")
            return None
        except yaml.reader.ReaderError as error:
            self.report(text.count("\n", 0, error.position) + 1, "文件含有控制字符，请删除")
            return None
        if isinstance(node, yaml.MappingNode):
            return node
        self.report(1, "文件应是键和值的列表（键: 值），请从 id、title 等抬头写起")
        return None

    def bind(self, node: yaml.Node, hint: object) -> object:
        """The node as a value of type ``hint``; BAD, with the reason among the problems, when it does not fit."""
        inner, marks, optional = _peel(hint)
        if optional and _is_null(node):
            return None
        value = self._bind_shape(node, inner)
        self._follow(marks, value, self.file, line_of(node))
        return value

    def _bind_shape(self, node: yaml.Node, hint: object) -> object:
        origin, arguments = typing.get_origin(hint), typing.get_args(hint)
        if dataclasses.is_dataclass(hint) and isinstance(hint, type):
            return self._bind_dataclass(node, hint)
        if origin in (tuple, frozenset):
            return self._bind_sequence(node, arguments[0], origin)
        if origin is Mapping:
            return self._bind_mapping(node, arguments[1])
        return self._bind_scalar(node, hint)

    def _bind_dataclass(self, node: yaml.Node, shape: type) -> object:
        if not isinstance(node, yaml.MappingNode):
            return self.report(line_of(node), f"这里应是键和值：{'、'.join(fields_of(shape))}")
        return self.bind_fields(self.entries(node), shape, line_of(node))

    def bind_fields(self, entries: Mapping[str, tuple[yaml.Node, int]], shape: type, line: int) -> object:
        """A dataclass from its named nodes; also checks unknown and missing keys and what it checks itself."""
        fields = fields_of(shape)
        for key, (_, at) in entries.items():
            if key not in fields:
                self.report(at, f"不认识的键 {key}{_nearest(key, fields)}")
        values: dict[str, object] = {}
        for name, (hint, default) in fields.items():
            if name in entries:
                values[name] = self.bind(entries[name][0], hint)
            elif default is _MISSING:
                values[name] = self.report(line, f"缺少 {name}，请补上")
        return self._build(shape, values, line, self.file)

    def _build(self, shape: type, values: dict[str, object], line: int, file: Path) -> object:
        if any(value is BAD for value in values.values()):
            return BAD
        built = shape(**{name + "_" * keyword.iskeyword(name): value for name, value in values.items()})
        self.places[id(built)] = (file, line)
        check = getattr(built, "problems", None)
        for message in check() if check else ():
            self.report(line, message, file)
        return built

    def entries(self, node: yaml.MappingNode) -> dict[str, tuple[yaml.Node, int]]:
        """The mapping's values with the line of their key; a key written twice is a problem."""
        found: dict[str, tuple[yaml.Node, int]] = {}
        for key, value in node.value:
            if key.value in found:
                self.report(line_of(key), f"键 {key.value} 写了两次（第一次在第 {found[key.value][1]} 行），请删去一个")
            else:
                found[key.value] = (value, line_of(key))
        return found

    def _bind_sequence(self, node: yaml.Node, hint: object, kind: type) -> object:
        if isinstance(node, yaml.ScalarNode) and node.value.endswith(".csv"):
            return self._bind_table(node, hint)
        if not isinstance(node, yaml.SequenceNode):
            return self.report(line_of(node), "这里应是列表（每项以 - 开头，或写在方括号里）")
        items = [self.bind(child, hint) for child in node.value]
        lines = [line_of(child) for child in node.value]
        if kind is frozenset:
            self._check_twice(items, lines, self.file)
        self._check_unique(items, hint, lines, self.file)
        return BAD if any(item is BAD for item in items) else kind(items)

    def _bind_mapping(self, node: yaml.Node, hint: object) -> object:
        if not isinstance(node, yaml.MappingNode):
            return self.report(line_of(node), "这里应是键和值（键: 值）")
        values = {key: self.bind(value, hint) for key, (value, _) in self.entries(node).items()}
        return BAD if any(value is BAD for value in values.values()) else types.MappingProxyType(values)

    def _bind_scalar(self, node: yaml.Node, hint: object) -> object:
        if not isinstance(node, yaml.ScalarNode):
            return self.report(line_of(node), f"这里应是{_words(hint)}，不是列表或键值")
        if hint is str and not node.tag.endswith(":str"):
            return self.report(line_of(node), f"{node.value or '空值'} 不是文字；如果是编码或文字，请加引号")
        if hint in (int, float, bool, date) and node.tag.endswith(":str"):
            return self.report(line_of(node), f"“{node.value}”不是{_words(hint)}，请改为{_words(hint)}（不加引号）")
        return self._convert(node.value, hint, line_of(node), self.file)

    # ------------------------------------------------------------------- CSV

    def _bind_table(self, node: yaml.ScalarNode, shape: object) -> object:
        path = self.file.parent / node.value
        if not (isinstance(shape, type) and dataclasses.is_dataclass(shape)):
            return self.report(line_of(node), "这里不能用 CSV 表，请直接写列表")
        if not path.is_file():
            return self.report(line_of(node), f"找不到表 {node.value}，请把它放在规则包文件旁边或更正文件名")
        self.tables.add(path)
        text = self._text(path)
        return BAD if text is None else self._bind_rows(path, text, shape)

    def _bind_rows(self, path: Path, text: str, shape: type) -> object:
        reader = csv.reader(io.StringIO(text))
        head = next(reader, [])
        before = len(self.problems)
        self._check_head(path, head, shape)
        if len(self.problems) > before:
            return BAD
        rows, lines = [], []
        previous = reader.line_num
        for cells in reader:
            line, previous = previous + 1, reader.line_num
            if cells:
                rows.append(self._bind_row(path, line, (head, cells), shape))
                lines.append(line)
        self._check_unique(rows, shape, lines, path)
        return BAD if any(row is BAD for row in rows) else tuple(rows)

    def _check_head(self, path: Path, head: list[str], shape: type) -> None:
        fields = fields_of(shape)
        for name in head:
            if name not in fields:
                self.report(1, f"不认识的列 {name or '（空）'}{_nearest(name, fields)}", path)
        for name, (_, default) in fields.items():
            if default is _MISSING and name not in head:
                self.report(1, f"缺少列 {name}，请补上", path)
        if len(set(head)) < len(head):
            self.report(1, "有两列同名，请改名或删去一列", path)

    def _bind_row(self, path: Path, line: int, row: tuple[list[str], list[str]], shape: type) -> object:
        head, found = row
        if surplus := len(found) - len(head):
            more = f"{'多' if surplus > 0 else '少'} {abs(surplus)} 格"
            return self.report(line, f"这一行比表头{more}，请补齐或删去（含逗号的文字要加双引号）", path)
        cells = dict(zip(head, found, strict=True))
        fields = fields_of(shape)
        values = {
            name: self._bind_cell(path, line, (name, cell), fields[name][0])
            for name, cell in cells.items()
            if cell != "" or fields[name][1] is _MISSING
        }
        return self._build(shape, values, line, path)

    def _bind_cell(self, path: Path, line: int, named: tuple[str, str], hint: object) -> object:
        name, cell = named
        inner, marks, optional = _peel(hint)
        if cell == "":
            if optional:
                return None
            if typing.get_origin(inner) is not tuple:
                return self.report(line, f"{name} 是空的，请填写", path)
        if typing.get_origin(inner) is tuple:
            separator = None if any(isinstance(mark, Spaced) for mark in marks) else ";"
            item, marks = _unwrap(typing.get_args(inner)[0])
            parts = [part.strip() for part in cell.split(separator) if part.strip()]
            values = tuple(self._convert(part, item, line, path) for part in parts)
            for value in values:
                self._follow(marks, value, path, line)
            return BAD if any(value is BAD for value in values) else values
        value = self._convert(cell, inner, line, path)
        self._follow(marks, value, path, line)
        return value

    # ---------------------------------------------------------------- common

    def _convert(self, text: str, hint: object, line: int, file: Path) -> object:
        try:
            return _CONVERT[hint](text) if hint in _CONVERT else _choose(text, hint)
        except (ValueError, KeyError):
            return self.report(line, f"“{text}”不是{_words(hint)}，请更正", file)

    def _follow(self, marks: tuple[object, ...], value: object, file: Path, line: int) -> None:
        for mark in marks:
            if isinstance(mark, Ref) and isinstance(value, str):
                self.links.append(Link(mark, value, file, line))
            elif isinstance(mark, DataFile) and not (self.file.parent / str(value)).is_file():
                self.report(line, f"找不到文件 {value}，请把它放在规则包文件旁边或更正文件名", file)

    def _check_unique(self, items: list[object], hint: object, lines: list[int], file: Path) -> None:
        if not (isinstance(hint, type) and dataclasses.is_dataclass(hint)):
            return
        for name, (field, _) in fields_of(hint).items():
            if any(isinstance(mark, Unique) for mark in _unwrap(field)[1]):
                self._check_twice([BAD if item is BAD else getattr(item, name) for item in items], lines, file)

    def _check_twice(self, values: list[object], lines: list[int], file: Path) -> None:
        seen: dict[object, int] = {}
        for value, line in zip(values, lines, strict=True):
            if value is not BAD and value in seen:
                self.report(line, f"{value} 重复（第一次在第 {seen[value]} 行），请删去或更正一个", file)
            seen.setdefault(value, line)

    def _text(self, path: Path) -> str | None:
        data = path.read_bytes()
        try:
            return data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            self.report(data.count(b"\n", 0, error.start) + 1, "不是 UTF-8 编码，请用 UTF-8 另存", path)
            return None


def line_of(node: yaml.Node) -> int:
    """The node's line, counted from 1."""
    return int(node.start_mark.line) + 1


@functools.cache
def fields_of(shape: type) -> Mapping[str, tuple[object, object]]:
    """Name → (type with marks, default or the missing mark) of a dataclass."""
    hints = typing.get_type_hints(shape, include_extras=True)
    return {
        field.name.removesuffix("_"): (
            hints[field.name],
            _MISSING if field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING else None,
        )
        for field in dataclasses.fields(shape)
    }


def _unwrap(hint: object) -> tuple[object, tuple[object, ...]]:
    if typing.get_origin(hint) is typing.Annotated:
        inner, *marks = typing.get_args(hint)
        return inner, tuple(marks)
    return hint, ()


@functools.cache
def _peel(hint: object) -> tuple[object, tuple[object, ...], bool]:
    """The type itself, its marks, and whether it may be empty: ``Annotated[T, mark] | None`` in either order."""
    hint, outer = _unwrap(hint)
    if typing.get_origin(hint) not in (types.UnionType, typing.Union):
        return hint, outer, False
    inner, marks = _unwrap(next(each for each in typing.get_args(hint) if each is not type(None)))
    return inner, outer + marks, True


def _is_null(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and node.tag.endswith(":null")


def _truth(text: str) -> bool:
    return {"true": True, "false": False}[text.lower()]


_CONVERT: dict[object, typing.Callable[[str], object]] = {
    str: str,
    int: int,
    float: float,
    bool: _truth,
    date: date.fromisoformat,
}


_NAMES: dict[object, str] = {
    str: "文字",
    int: "整数",
    float: "数字",
    bool: "true 或 false",
    date: "日期（如 2026-07-01）",
}


def _choose(text: str, hint: object) -> object:
    if typing.get_origin(hint) is typing.Literal and text in typing.get_args(hint):
        return text
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint[text.upper()]
    raise ValueError(text)


def _words(hint: object) -> str:
    """The type in words, for messages."""
    if typing.get_origin(hint) is typing.Literal:
        return " / ".join(typing.get_args(hint)) + " 之一"
    if isinstance(hint, type) and issubclass(hint, Enum):
        return " / ".join(member.name.lower() for member in hint) + " 之一"
    return _NAMES.get(hint, "值")


def _nearest(name: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(name, list(known), n=1)
    return f"，是否想写 {close[0]}？" if close else "，请删去或查看格式说明"
