"""Finds every problem of a folder of packs at once, each with file and line."""

import dataclasses
import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from anlan.packs import families, loader, sector_rules
from anlan.packs.binder import Binder, Link
from anlan.packs.loader import BUILT_IN, Draft
from anlan.packs.model import Header, Pack, Problem


@dataclass
class _Reading:
    """What was found in one folder."""

    drafts: list[Draft] = dataclasses.field(default_factory=list)
    packs: list[Pack[object]] = dataclasses.field(default_factory=list)
    links: list[tuple[Header, Link]] = dataclasses.field(default_factory=list)
    tables: set[Path] = dataclasses.field(default_factory=set)
    places: dict[int, tuple[Path, int]] = dataclasses.field(default_factory=dict)
    problems: list[Problem] = dataclasses.field(default_factory=list)


def check(folder: Path) -> list[Problem]:
    """Every problem of the packs in a folder, in order of file and line. Other folders' packs may be referred to."""
    if not folder.is_dir():
        return [Problem(folder, 1, "没有这个文件夹，请检查路径")]
    reading = _read(folder)
    others = [] if folder.resolve() == BUILT_IN else _built_in()
    return sorted(
        {
            *reading.problems,
            *_overlaps(reading.drafts),
            *_broken_links(reading, [*reading.packs, *others]),
            *_orphans(folder, reading),
            *sector_rules.problems(reading.packs, others, reading.places),
        }
    )


@functools.cache
def _built_in() -> list[Pack[object]]:
    return _read(BUILT_IN).packs


def _read(folder: Path) -> _Reading:
    reading = _Reading()
    for file in loader.files(folder):
        draft, problems = loader.draft(file, folder)
        reading.problems += problems
        if draft is not None:
            reading.drafts.append(draft)
            _read_body(draft, reading)
    return reading


def _read_body(draft: Draft, reading: _Reading) -> None:
    shape = families.shape_of(draft.header.id)
    if shape is None:
        known = "、".join(families.known())
        message = f"没有规则包族能读 {draft.header.id}；可用的有：{known}"
        reading.problems.append(Problem(draft.file, draft.line("id"), message))
        return
    pack, binder = loader.bind(draft, shape)
    _collect(draft.header, binder, reading)
    if pack is not None:
        reading.packs.append(pack)


def _collect(header: Header, binder: Binder, reading: _Reading) -> None:
    reading.problems += binder.problems
    reading.links += [(header, link) for link in binder.links]
    reading.places |= binder.places
    reading.tables |= {table.resolve() for table in binder.tables}


def _overlaps(drafts: list[Draft]) -> Iterable[Problem]:
    ordered = sorted(drafts, key=lambda draft: (draft.header.id, draft.header.valid_from, draft.file))
    for first, second in pairwise(ordered):
        if first.header.id == second.header.id and first.header.overlaps(second.header):
            message = f"与 {first.file.name} 的有效期重叠，请把较早版本的 valid_to 改为较晚版本生效的前一天"
            yield Problem(second.file, second.line("valid_from"), message)


def _broken_links(reading: _Reading, packs: list[Pack[object]]) -> Iterable[Problem]:
    broken_ids = {draft.header.id for draft in reading.drafts} - {pack.header.id for pack in reading.packs}
    for header, link in reading.links:
        target = link.ref.pack or header.id
        versions = [pack for pack in packs if pack.header.id == target and _reaches(header, pack.header, link)]
        if target in broken_ids:
            continue  # its own problem is reported already
        if not versions:
            yield Problem(link.file, link.line, f"引用的规则包 {target} 不存在或在同一时期没有版本，请补上或更正")
        elif not all(link.value in keys(version.body, link.ref.table) for version in versions):
            yield Problem(link.file, link.line, f"{target} 的 {link.ref.table} 里没有 {link.value}，请更正或补上")


def _reaches(header: Header, other: Header, link: Link) -> bool:
    """Whether a version is one the link speaks of."""
    if link.ref.any_version:
        return header != other
    return header == other if not link.ref.pack else header.overlaps(other)


def keys(body: object, table: str) -> set[str]:
    """Keys of a mapping of the body, or the values of one field of a table's rows (``rows.field``)."""
    name, _, field = table.partition(".")
    found = getattr(body, name)
    return set(found) if isinstance(found, Mapping) else {getattr(row, field) for row in found}


def _orphans(folder: Path, reading: _Reading) -> Iterable[Problem]:
    if reading.problems:
        return  # a pack that could not be read may own the table
    for path in sorted(folder.rglob("*.csv")):
        if path.resolve() not in reading.tables:
            yield Problem(path, 1, "没有规则包使用这张表，请在规则包里写上它的文件名，或删去")
