"""The tags the engine knows: their numbers, rules, owners and codes. Built by the application, kept in the log."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt
import orjson

from anlan.kernels import detect
from anlan.kernels.detect import RULES

MOST_TAGS = 4_000_000  # memory goes by the largest number


class TagRule(NamedTuple):
    """One tag as the application knows it. Limits are None where there is no such rule; times in seconds."""

    tag: int
    source: int
    code: str
    hh: float | None = None
    h: float | None = None
    l: float | None = None  # noqa: E741
    ll: float | None = None
    deadband: float = 0.0
    on_delay_s: float = 0.0
    off_delay_s: float = 0.0
    missing_s: float | None = None


def _row(rule: TagRule) -> tuple[float, ...]:
    limits = (np.nan if limit is None else limit for limit in (rule.hh, rule.h, rule.l, rule.ll))
    delays = (round(1000 * (seconds or 0)) for seconds in (rule.on_delay_s, rule.off_delay_s, rule.missing_s))
    return (*limits, rule.deadband, *delays)


@dataclass(frozen=True)
class TagTable:
    """All enabled tags at one version. ``source_of[i]`` and ``rules[i]`` belong to ``tags[i]``; tags ascend."""

    version: str
    tags: npt.NDArray[np.uint32]
    rules: np.ndarray
    source_of: npt.NDArray[np.uint32]
    codes: Mapping[tuple[int, str], int]
    sources: Mapping[str, int] = field(default_factory=dict)  # code of a source -> its id, for MQTT topics

    @classmethod
    def build(cls, version: str, rows: Iterable[TagRule], sources: Mapping[str, int]) -> "TagTable":
        """Make the table from one row a tag."""
        ordered = sorted(rows, key=lambda row: row.tag)
        return cls(
            version,
            np.array([row.tag for row in ordered], np.uint32),
            np.array([_row(row) for row in ordered], RULES),
            np.array([row.source for row in ordered], np.uint32),
            {(row.source, row.code): row.tag for row in ordered},
            dict(sources),
        )

    @classmethod
    def empty(cls) -> "TagTable":
        return cls.build("", [], {})

    @cached_property
    def owner(self) -> npt.NDArray[np.uint32]:
        """The source of every tag number up to the largest; 0 where there is no tag."""
        owner = np.zeros(int(self.tags[-1]) + 2 if len(self.tags) else 1, np.uint32)
        owner[self.tags] = self.source_of
        return owner

    @cached_property
    def codes_of(self) -> dict[int, dict[str, int]]:
        """Per source: its tags by code."""
        grouped: dict[int, dict[str, int]] = {}
        for (source, code), tag in self.codes.items():
            grouped.setdefault(source, {})[code] = tag
        return grouped

    def check(self) -> None:
        """Raise ValueError where a rule cannot be: which tag, which value. The log must never hold such a table."""
        if len(self.tags) != len(self.rules) or len(self.tags) != len(self.source_of):
            raise ValueError(f"{len(self.tags)} tags, {len(self.rules)} rules, {len(self.source_of)} sources")
        if len(self.tags) and (not self.source_of.all() or int(self.tags[-1]) > MOST_TAGS):
            raise ValueError(f"tag numbers go up to {MOST_TAGS}, sources begin at 1")
        detect.configure(detect.State.empty(1), self.tags, self.rules, 0)

    def to_bytes(self) -> bytes:
        """The table as bytes: a JSON head, then the columns."""
        head = orjson.dumps(
            {
                "version": self.version,
                "sources": dict(self.sources),
                "codes": [[source, code, tag] for (source, code), tag in self.codes.items()],
                "n": len(self.tags),
            }
        )
        rules = np.ascontiguousarray(self.rules, RULES)
        columns = self.tags.astype("<u4").tobytes() + self.source_of.astype("<u4").tobytes() + rules.tobytes()
        return len(head).to_bytes(4, "little") + head + columns

    @classmethod
    def from_bytes(cls, data: bytes) -> "TagTable":
        """The table that ``to_bytes`` wrote."""
        start = 4 + int.from_bytes(data[:4], "little")
        head = orjson.loads(data[4:start])
        n = head["n"]
        return cls(
            head["version"],
            np.frombuffer(data, "<u4", n, start).copy(),
            np.frombuffer(data, RULES, n, start + 8 * n).copy(),
            np.frombuffer(data, "<u4", n, start + 4 * n).copy(),
            {(source, code): tag for source, code, tag in head["codes"]},
            head["sources"],
        )


class Tables(Protocol):
    """Where the engine gets the table: a cheap question asked twice a second, and the whole when it changed."""

    def version(self) -> str: ...

    def load(self) -> TagTable: ...
