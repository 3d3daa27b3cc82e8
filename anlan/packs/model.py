"""What a pack is: a header that says where its data come from and when they hold, and a typed body."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Generic, Literal, TypeVar

Body = TypeVar("Body", covariant=True)

#: verified: compared with the official text; read: read in a public copy; memory: general knowledge, to be compared
#: before anybody is held to it; product: our own default, no standard says so.
Confidence = Literal["verified", "read", "memory", "product"]


class PackError(Exception):
    """A pack is absent, none holds on the date, or its file is broken. The message says which and what to do."""


@dataclass(frozen=True, order=True)
class Problem:
    """Something wrong in a pack's file, in words that say what to do. Lines count from 1."""

    file: Path
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


@dataclass(frozen=True)
class Header:
    """Where a pack's data come from and when they hold (both days included)."""

    id: str
    title: str
    standard: str
    clause: str
    valid_from: date
    valid_to: date | None
    source: str
    confidence: Confidence
    note: str = ""

    def holds(self, on: date) -> bool:
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)

    def overlaps(self, other: "Header") -> bool:
        return self.valid_from <= (other.valid_to or date.max) and other.valid_from <= (self.valid_to or date.max)

    def problems(self) -> Iterable[str]:
        if self.valid_to is not None and self.valid_to < self.valid_from:
            yield f"失效日期 {self.valid_to} 早于生效日期 {self.valid_from}，请更正 valid_from 或 valid_to"


@dataclass(frozen=True)
class Pack(Generic[Body]):
    """One version of a pack."""

    header: Header
    body: Body
    file: Path


@dataclass(frozen=True)
class Ref:
    """Marks a text that must be a key of another pack's table: ``Annotated[str, Ref("core/roles", "roles")]``.

    An empty pack means the pack itself; ``any_version`` looks in versions of all times, not only of the same time.
    ``table`` is a mapping of the body, or ``rows.field`` for a field of a table's rows.
    """

    pack: str
    table: str
    any_version: bool = False


@dataclass(frozen=True)
class Unique:
    """Marks a field whose value may stand in one row of a table only: ``Annotated[str, Unique()]``."""


@dataclass(frozen=True)
class DataFile:
    """Marks a text that names a file beside the pack: ``Annotated[str, DataFile()]``."""


@dataclass(frozen=True)
class Spaced:
    """Marks a tuple whose values are parted by spaces in a CSV cell, not by semicolons."""
