"""Finds packs and hands out the version that holds on a date.

Packs lie in the package and, if ``ANLAN_PACKS`` names a folder, in that folder too, which may add packs, add versions,
and replace a version by one that holds on the same day. Several files may carry one id with different validity.
"""

import os
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import TypeVar

import yaml

from anlan.packs import families
from anlan.packs.binder import BAD, Binder, fields_of, line_of
from anlan.packs.model import Header, Pack, PackError, Problem

Body = TypeVar("Body")
BUILT_IN = Path(__file__).resolve().parent


@dataclass(frozen=True, eq=False)
class Draft:
    """A pack file whose header is read and whose body is not yet."""

    file: Path
    header: Header
    lines: dict[str, int]  # of the top keys
    body: dict[str, tuple[yaml.Node, int]]

    def line(self, key: str) -> int:
        return self.lines.get(key, 1)


def folders() -> tuple[Path, ...]:
    """Where packs are looked for; a later folder wins."""
    own = os.environ.get("ANLAN_PACKS", "")
    return (BUILT_IN, Path(own).resolve()) if own else (BUILT_IN,)


def files(folder: Path) -> list[Path]:
    """Every pack file below a folder."""
    return sorted(path for path in folder.rglob("*") if path.suffix in (".yaml", ".yml") and path.is_file())


def draft(file: Path, folder: Path) -> tuple[Draft | None, list[Problem]]:
    """Read a file's header; without one that is whole there is no draft."""
    binder = Binder(file)
    node = binder.document()
    if node is None:
        return None, binder.problems
    entries = binder.entries(node)
    names = fields_of(Header)
    head = {key: value for key, value in entries.items() if key in names}
    header = binder.bind_fields(head, Header, line_of(node))
    if header is BAD or not isinstance(header, Header):
        return None, binder.problems
    body = {key: value for key, value in entries.items() if key not in names}
    found = Draft(file, header, {key: line for key, (_, line) in entries.items()}, body)
    return found, [*binder.problems, *_misplaced(found, folder)]


def _misplaced(found: Draft, folder: Path) -> list[Problem]:
    """A pack ``a/b`` lies in folder ``a`` as ``b.yaml`` or ``b-anything.yaml``, so that people find it."""
    wanted = found.header.id
    place = found.file.relative_to(folder).with_suffix("").as_posix()
    if place == wanted or place.startswith(wanted + "-"):
        return []
    message = f"id 是 {wanted}，文件应是 {wanted}.yaml 或 {wanted}-版本.yaml，请改名或改 id"
    return [Problem(found.file, found.line("id"), message)]


def bind(found: Draft, shape: type) -> tuple[Pack[object] | None, Binder]:
    """Read a draft's body into ``shape``."""
    binder = Binder(found.file)
    body = binder.bind_fields(found.body, shape, 1)
    return (Pack(found.header, body, found.file) if isinstance(body, shape) else None), binder


@cache
def _drafts(where: tuple[Path, ...], pack_id: str) -> list[Draft]:
    """Every version of a pack, the one that wins first: later folder, then later start."""
    winning: list[Draft] = []
    for folder in reversed(where):
        found = []
        for file in _files_of(folder, pack_id):
            one, problems = draft(file, folder)
            if one is None or problems:
                raise PackError(_broken(problems))
            if one.header.id == pack_id:
                found.append(one)
        winning += sorted(found, key=lambda each: each.header.valid_from, reverse=True)
    return winning


def _files_of(folder: Path, pack_id: str) -> list[Path]:
    """Files that may hold a pack, by the rule of :func:`_misplaced`; the others need not be read."""
    place = folder / pack_id
    named = place.parent.glob(f"{place.name}*.y*ml")
    return sorted(path for path in named if path.suffix in (".yaml", ".yml") and path.is_file())


@cache
def _pick(where: tuple[Path, ...], pack_id: str, on: date) -> Draft:
    versions = _drafts(where, pack_id)
    if not versions:
        msg = f"没有规则包 {pack_id}（找过 {'、'.join(map(str, where))}），请检查名称或设置 ANLAN_PACKS"
        raise PackError(msg)
    for version in versions:
        if version.header.holds(on):
            return version
    known = "；".join(f"{v.header.valid_from} 至 {v.header.valid_to or '今'}" for v in versions)
    msg = f"规则包 {pack_id} 在 {on} 没有有效版本（已有：{known}），请补充该时期的版本"
    raise PackError(msg)


@cache
def _read(version: Draft) -> Pack[object]:
    shape = families.shape_of(version.header.id)
    if shape is None:
        msg = f"没有规则包族能读 {version.header.id}，请检查名称"
        raise PackError(msg)
    pack, binder = bind(version, shape)
    if pack is None or binder.problems:
        raise PackError(_broken(binder.problems))
    return pack


def _broken(problems: list[Problem]) -> str:
    return "规则包有错误，运行 anlan packs check 查看全部：\n" + "\n".join(map(str, problems))


def load(pack_id: str, on: date) -> Pack[object]:
    """The version of a pack that holds on a day. Families offer the same with the type of their body."""
    return _read(_pick(folders(), pack_id, on))


def load_as(shape: type[Body], pack_id: str, on: date) -> Pack[Body]:
    """:func:`load` for callers who know the shape of the body."""
    pack = load(pack_id, on)
    if not isinstance(pack.body, shape):
        msg = f"规则包 {pack_id} 的内容不是 {shape.__name__}，请检查名称"
        raise PackError(msg)
    return Pack(pack.header, pack.body, pack.file)


def versions(pack_id: str) -> list[Header]:
    """Headers of all versions of a pack, newest first."""
    return [found.header for found in _drafts(folders(), pack_id)]


def headers() -> list[Header]:
    """Headers of every version of every pack, by id, the newest first; what cannot be read is left out."""
    return _headers(folders())


@cache
def _headers(where: tuple[Path, ...]) -> list[Header]:
    found = [one for folder in where for file in files(folder) if (one := draft(file, folder)[0]) is not None]
    newest = sorted(found, key=lambda one: one.header.valid_from, reverse=True)
    return sorted((one.header for one in newest), key=lambda header: header.id)


def forget() -> None:
    """Drop what was read, so that changed files are read again."""
    _headers.cache_clear()
    _drafts.cache_clear()
    _pick.cache_clear()
    _read.cache_clear()
