"""What follows from a computed park: the criteria that it breaks, and who would have to move."""

from dataclasses import dataclass
from datetime import date

from anlan.kit.park.assembly import Scene
from anlan.kit.park.broken import Broken, broken_criteria
from anlan.kit.park.compute import Result
from anlan.kit.park.findings import Findings
from anlan.kit.park.inputs import Reading
from anlan.kit.park.relocation import Relocation, relocation


@dataclass(frozen=True)
class Conclusions:
    """Empty where every criterion is kept."""

    broken: tuple[Broken, ...]
    relocation: Relocation


def conclude(reading: Reading, scene: Scene, result: Result, found: Findings, on: date) -> Conclusions:
    """Draw the conclusions; raises BadRun for a category or set of lines that no pack knows."""
    return Conclusions(broken_criteria(reading, scene, found, on), relocation(scene, result, found))
