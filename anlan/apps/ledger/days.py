"""How many risk points and enterprises showed each level at moments past, from what they show now and every change."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt

from anlan.apps.core.choices import PlaceKind
from anlan.apps.core.models import Place
from anlan.apps.ledger.counting import _POINTS
from anlan.apps.ledger.models import LevelChange
from anlan.kit.grants import Viewer
from anlan.rules import paths

LEVELS = 5
Counts = npt.NDArray[np.int64]  # (moment, level 0 … 4)


@dataclass(frozen=True)
class Course:
    """Counts at each moment; places that were registered later are counted as unknown before their first change."""

    points: Counts
    enterprises: Counts


def course(viewer: Viewer, moments: Sequence[datetime], place: Place) -> Course:
    """The counts at each of the moments (ascending), at a place and below, as far as the viewer may look."""
    here = Place.objects.filter(viewer.scope("place.view"), retired=None, kind__in=[*_POINTS, PlaceKind.ENTERPRISE])
    here = here.filter(path__gte=place.path, path__lt=paths.after(place.path))
    now = dict(here.values_list("pk", "shown__level"))
    firms = set(here.filter(kind=PlaceKind.ENTERPRISE).values_list("pk", flat=True))
    ticks = np.array([at.timestamp() for at in moments])
    points, enterprises = np.zeros((len(ticks), LEVELS), np.int64), np.zeros((len(ticks), LEVELS), np.int64)
    for place_id, level in now.items():
        (enterprises if place_id in firms else points)[:, level or 0] += 1
    changes = LevelChange.objects.filter(viewer.scope("place.view", "place__"), at__gt=moments[0], place__retired=None)
    changes = changes.filter(place__path__gte=place.path, place__path__lt=paths.after(place.path))
    kinds = changes.filter(place__kind__in=[*_POINTS, PlaceKind.ENTERPRISE])
    for place_id, at, before, after in kinds.values_list("place_id", "at", "before", "after"):
        counts, earlier = enterprises if place_id in firms else points, int(np.searchsorted(ticks, at.timestamp()))
        counts[:earlier, before] += 1
        counts[:earlier, after] -= 1
    return Course(points, enterprises)
