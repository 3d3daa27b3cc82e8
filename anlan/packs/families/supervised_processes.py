"""Hazardous chemical processes under special supervision, recognised by words of their names."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from anlan.packs.loader import load_as
from anlan.packs.model import Spaced, Unique

IDS = "chemicals/supervised_processes"


@dataclass(frozen=True)
class Process:
    """``words``: a declared process with one of them is of this kind, unless it has one of ``without``."""

    key: Annotated[str, Unique()]
    no: Annotated[int, Unique()]
    name: Annotated[str, Unique()]
    batch: int
    words: Annotated[tuple[str, ...], Spaced()]
    without: Annotated[tuple[str, ...], Spaced()] = ()

    def fits(self, text: str) -> bool:
        return any(word in text for word in self.words) and not any(word in text for word in self.without)


@dataclass(frozen=True)
class SupervisedProcesses:
    processes: tuple[Process, ...]


SHAPE = SupervisedProcesses


def load(on: date) -> SupervisedProcesses:
    return load_as(SupervisedProcesses, IDS, on).body
