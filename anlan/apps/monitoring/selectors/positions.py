"""Moving objects that tell where they are: a tag for the longitude and one for the latitude at the same place."""

from dataclasses import dataclass

from anlan.apps.monitoring.models import Tag
from anlan.kit.grants import Viewer
from anlan.rules.positions import LATITUDE, LONGITUDE


@dataclass(frozen=True)
class Tracked:
    """A moving place with the tags of its position."""

    place_id: int
    path: str
    sector: str
    lon_tag: int
    lat_tag: int


def tracked(viewer: Viewer) -> list[Tracked]:
    """Moving places in use that the viewer may see and that send a position; of several receivers the first counts."""
    mine = viewer.scope("place.view", "place__")
    told = Tag.objects.filter(mine, enabled=True, source__enabled=True, unit__in=(LONGITUDE, LATITUDE))
    rows = told.filter(place__kind="mobile", place__retired=None).order_by("place__path", "pk")
    pairs: dict[int, dict[str, int]] = {}
    where: dict[int, tuple[str, str]] = {}
    for place, path, sector, unit, tag in rows.values_list("place_id", "place__path", "place__sector", "unit", "pk"):
        where[place] = (path, sector)
        pairs.setdefault(place, {}).setdefault(unit, tag)
    whole = ((place, pair) for place, pair in pairs.items() if len(pair) == 2)
    return [Tracked(place, *where[place], pair[LONGITUDE], pair[LATITUDE]) for place, pair in whole]
