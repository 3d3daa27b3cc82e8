"""What one may choose from: places, sectors and capabilities as far as the viewer holds them."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from anlan.apps.core import selectors as core
from anlan.apps.core.choices import PlaceKind
from anlan.apps.core.models import Place
from anlan.kit import clock
from anlan.kit.grants import Viewer
from anlan.packs.families import roles, sector
from anlan.packs.model import PackError
from anlan.rules import paths

#: Narrower than a plant nobody divides a program's view; grids would hide the rest.
KINDS = ("province", "city", "county", "town", "park", "zone", "enterprise")
MOST = 600

Option = tuple[str, str]


def places(viewer: Viewer) -> list[Option]:
    """Places in the order of the tree, set in by their depth."""
    found = list(core.places(viewer, kinds=[PlaceKind(kind) for kind in KINDS]).defer("geometry")[:MOST])
    return [("", _("不限：我能看到的全部")), *((str(p.pk), f"{'　' * depth}{p.name}") for p, depth in _deep(found))]


def _deep(found: list[Place]) -> Iterator[tuple[Place, int]]:
    shown = {place.pk for place in found}
    for place in found:
        yield place, sum(step in shown for step in paths.ancestor_ids(place.path)[:-1])


def sectors(viewer: Viewer) -> list[Option]:
    """Sectors that occur among the places the viewer sees."""
    found = core.places(viewer).exclude(sector="").order_by().values_list("sector", flat=True).distinct()
    return [(key, _sector_name(key)) for key in sorted(found)]


def _sector_name(key: str) -> str:
    try:
        return _(sector.load(key, clock.today()).name)
    except PackError:
        return key


def capabilities(viewer: Viewer) -> list[Option]:
    """What the viewer holds anywhere, in the pack's words and order."""
    known = roles.load(clock.today()).capabilities
    return [(key, _(words)) for key, words in known.items() if viewer.may_anywhere(key)]
