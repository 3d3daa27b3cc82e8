"""What is filled in for each group of an enterprise's file. Forms, exports and checks are made from it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Annotated, Literal

from anlan.packs.loader import load_as
from anlan.packs.model import Confidence, Ref

IDS = "core/file_fields"

#: ``due`` is a date that a clock runs to; the last four take their choices or their form from elsewhere.
FieldType = Literal[
    "text", "long", "integer", "decimal", "date", "due", "choice", "flag", "phone",
    "cas", "uscc", "economic_type", "industry", "gb18218",
]  # fmt: skip


@dataclass(frozen=True)
class Field:
    """One thing to fill in; ``unit`` of the number, ``choices`` in words, ``hint`` beside the control."""

    group: Annotated[str, Ref("core/file_groups", "groups.key")]
    key: str
    label: str
    type: FieldType
    confidence: Confidence
    unit: str = ""
    required: bool = False
    choices: tuple[str, ...] = ()
    hint: str = ""

    def problems(self) -> Iterable[str]:
        if (self.type == "choice") != bool(self.choices):
            yield f"{self.group}.{self.key}：choice 必须给出 choices，其他类型不能有"
        if self.unit and self.type not in ("integer", "decimal"):
            yield f"{self.group}.{self.key}：只有数值才有单位"


@dataclass(frozen=True)
class FileFields:
    fields: tuple[Field, ...]

    def of(self, group: str) -> tuple[Field, ...]:
        """The fields of a group, in the order in which they are asked."""
        return _by_group(self).get(group, ())

    def problems(self) -> Iterable[str]:
        seen: set[tuple[str, str]] = set()
        for each in self.fields:
            if (each.group, each.key) in seen:
                yield f"{each.group}.{each.key} 写了两次，请删去一个"
            seen.add((each.group, each.key))


SHAPE = FileFields


@cache
def _by_group(pack: FileFields) -> dict[str, tuple[Field, ...]]:
    found: dict[str, list[Field]] = {}
    for each in pack.fields:
        found.setdefault(each.group, []).append(each)
    return {group: tuple(fields) for group, fields in found.items()}


def load(on: date) -> FileFields:
    return load_as(FileFields, IDS, on).body
