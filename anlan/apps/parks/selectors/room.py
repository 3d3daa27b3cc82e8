"""How much of a park's risk capacity is left, by its newest quantitative study."""

from dataclasses import dataclass

from anlan.apps.core.models import Place
from anlan.kit.grants import Viewer


@dataclass(frozen=True)
class Room:
    """``factor``: by how much all risk may still grow until a criterion is reached; below 1 it is broken already."""

    name: str
    factor: float
    url: str


def room_of(viewer: Viewer, place: Place) -> Room | None:
    """What is left; None where no study was computed."""
    return None
