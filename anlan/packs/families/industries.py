"""Industries (GB/T 4754): sections, divisions, and the groups and classes that the trades of this product need."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from anlan.packs.loader import load_as
from anlan.packs.model import Confidence, Ref, Unique

IDS = "core/industries"

#: 门类 · 大类 · 中类 · 小类
IndustryLevel = Literal["section", "division", "group", "class"]
_LENGTH = {"section": 1, "division": 2, "group": 3, "class": 4}


@dataclass(frozen=True)
class Industry:
    """``confidence``: how well this one row is known."""

    code: Annotated[str, Unique()]
    name: str
    level: IndustryLevel
    confidence: Confidence
    parent: Annotated[str, Ref("", "industries.code")] | None = None

    def problems(self) -> Iterable[str]:
        if len(self.code) != _LENGTH[self.level]:
            yield f"{self.level} 的代码应有 {_LENGTH[self.level]} 位，不是 {self.code}"


@dataclass(frozen=True)
class Industries:
    industries: tuple[Industry, ...]

    def names(self) -> dict[str, str]:
        """Code → name."""
        return {each.code: each.name for each in self.industries}

    def prefixes(self, code: str) -> list[str]:
        """What the codes below ``code`` begin with: a section has the digits of its divisions, others their own."""
        own = [each.code for each in self.industries if each.parent == code and each.level == "division"]
        return own or [code]

    def line(self, code: str) -> list[Industry]:
        """The way down to a code: section, division, group, class."""
        known = {each.code: each for each in self.industries}
        found: list[Industry] = []
        at = known.get(code)
        while at is not None:
            found.insert(0, at)
            at = known.get(at.parent or "")
        return found


SHAPE = Industries


def load(on: date) -> Industries:
    return load_as(Industries, IDS, on).body
