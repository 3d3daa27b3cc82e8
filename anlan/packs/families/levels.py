"""The words of a rank. The rank is one thing (4 is red), its word another: 重大 is red for risk, orange for plans."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from anlan.packs.loader import load_as
from anlan.packs.model import Confidence
from anlan.rules.levels import Level

IDS = "core/levels"


@dataclass(frozen=True)
class Word:
    """How a rank is called: in full, and by the one character that goes with its colour."""

    text: str
    sign: str


@dataclass(frozen=True)
class Scale:
    """The words of all ranks in one usage."""

    title: str
    clause: str
    confidence: Confidence
    words: Mapping[str, Word]

    def problems(self) -> Iterable[str]:
        wanted = {level.name.lower() for level in Level}
        for name in sorted(wanted - set(self.words)):
            yield f"等级用语缺少 {name}，请补上"
        for name in sorted(set(self.words) - wanted):
            yield f"不认识的等级 {name}，应是 {'、'.join(sorted(wanted))}"


@dataclass(frozen=True)
class Levels:
    scales: Mapping[str, Scale]

    def word(self, scale: str, level: Level) -> Word:
        """The word of a rank in a scale (``risk``, ``plan`` …). Raises KeyError for an unknown scale."""
        return self.scales[scale].words[level.name.lower()]


SHAPE = Levels


def load(on: date) -> Levels:
    return load_as(Levels, IDS, on).body


def word_of(words: str, level: Level, on: date) -> Word:
    """The word of a rank as the pack and scale named by a fact say: ``core/levels/plan``."""
    pack_id, _, scale = words.rpartition("/")
    return load_as(Levels, pack_id, on).body.word(scale, level)
