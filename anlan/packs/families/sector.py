"""A trade: what it is called, which industries it covers, and what kinds of objects one finds in its plants."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Annotated, Literal

from anlan.packs.loader import headers, load_as
from anlan.packs.model import Spaced, Unique

IDS = "sectors/*/sector"

#: The six classes of risk units: 工艺 设备 物品 场所 岗位 作业.
ObjectClass = Literal["process", "equipment", "material", "place", "post", "work"]


@dataclass(frozen=True)
class ObjectTemplate:
    """A kind of object; ``parent_kind`` is the kind of place it lies in, ``measured`` are tags of the trade."""

    code: Annotated[str, Unique()]
    name: Annotated[str, Unique()]
    class_: ObjectClass
    parent_kind: str
    measured: Annotated[tuple[str, ...], Spaced()] = ()


@dataclass(frozen=True)
class Sector:
    """``heavy``: one of the trades with the gravest accidents. ``industries``: codes of GB/T 4754-2017."""

    name: str
    heavy: bool
    industries: tuple[str, ...]
    objects: tuple[ObjectTemplate, ...]

    def problems(self) -> Iterable[str]:
        for code in self.industries:
            if not (code.isdigit() and 2 <= len(code) <= 4):
                yield f"行业代码 {code} 应是 GB/T 4754 的 2 至 4 位数字，请更正"


SHAPE = Sector


def load(sector: str, on: date) -> Sector:
    return load_as(Sector, f"sectors/{sector}/sector", on).body


@cache
def names(on: date) -> dict[str, str]:
    """Key → name of every trade that has a pack, by name."""
    ids = sorted(head.id for head in headers() if head.id.startswith("sectors/") and head.id.endswith("/sector"))
    found = {key: load(key, on).name for key in dict.fromkeys(one.split("/")[1] for one in ids)}
    return dict(sorted(found.items(), key=lambda row: row[1]))
