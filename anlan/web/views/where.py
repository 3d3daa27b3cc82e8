"""Where the rows of a list lie: filters by area and by kind of place, and the way down to each row."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from anlan.apps.core import selectors as core
from anlan.apps.core.choices import PlaceKind
from anlan.apps.core.models import Place
from anlan.kit.errors import AnlanError, NotInScope
from anlan.kit.grants import Viewer
from anlan.kit.listing import Choice, Option
from anlan.rules import paths

POINTS = (PlaceKind.RISK_POINT, PlaceKind.PUBLIC_OBJECT, PlaceKind.SEGMENT, PlaceKind.MOBILE)
ALL = "all"
AREAS = (PlaceKind.COUNTY, PlaceKind.TOWN, PlaceKind.PARK, PlaceKind.ZONE)
MOST = 300
Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class Way:
    """The names of the places above a row, and its own, as far as the viewer may see them; by kind: town,
    enterprise …"""

    by_kind: Mapping[str, str]

    def name_of(self, *kinds: str) -> str:
        """The name of the first of these kinds that lies on the way."""
        return next((self.by_kind[kind] for kind in kinds if kind in self.by_kind), "")


def ways(viewer: Viewer, of: Iterable[str]) -> dict[str, Way]:
    """The ways to places by their paths, for a page or a few hundred rows at once."""
    steps = {path: paths.ancestor_ids(path) for path in of}
    wanted = {step for one in steps.values() for step in one}
    known = {pk: (kind, name) for pk, name, kind in core.names(viewer, wanted)}
    return {path: Way(dict(known[step] for step in one if step in known)) for path, one in steps.items()}


def of_kind(prefix: str = "") -> Choice:
    """The filter by the kind of a row's place."""
    column = f"{prefix}kind__in"
    options = [Option(ALL, _("全部类别")), *(Option(kind.value, kind.label) for kind in PlaceKind)]
    return Choice("kind", _("类别"), options,
                  apply=lambda rows, asked: rows if ALL in asked else rows.filter(**{column: list(asked)}))  # fmt: skip


def usual(request: HttpRequest, rows: QuerySet[Row], prefix: str = "") -> QuerySet[Row]:
    """Without a kind that is asked for, the points that carry a risk of their own."""
    asked = set(request.GET.getlist("kind"))
    return rows if asked & {ALL, *PlaceKind.values} else rows.filter(**{f"{prefix}kind__in": POINTS})


def under(viewer: Viewer, narrow: Callable[[Any, Sequence[str]], Any]) -> Choice:
    """The filter; ``narrow`` gives the rows in the place whose id was asked for."""
    return Choice("under", _("区域"), areas(viewer), apply=narrow, many=False, named=lambda text: name_of(viewer, text))


def check(request: HttpRequest, viewer: Viewer) -> None:
    """An address that names a place which the viewer may not know of leads nowhere."""
    for text in request.GET.getlist("under"):
        if text and place_of(viewer, text) is None:
            raise NotInScope


def within(viewer: Viewer, ids: Sequence[str], prefix: str = "") -> Q:
    """What lies in a place, and what a park or zone counts besides, by the column ``<prefix>path``."""
    top = place_of(viewer, ids[0])
    if top is None:
        return Q(pk__in=[])
    found = Q()
    for path in (top.path, *core.members(viewer, top).values_list("path", flat=True)[:MOST]):
        found |= Q(**{f"{prefix}path__gte": path, f"{prefix}path__lt": paths.after(path)})
    return found


def areas(viewer: Viewer) -> list[Option]:
    found = core.places(viewer, kinds=AREAS).values_list("pk", "name")[:MOST]
    return [Option(str(pk), name) for pk, name in found]


def name_of(viewer: Viewer, text: str) -> str:
    place = place_of(viewer, text)
    return place.name if place else ""


def place_of(viewer: Viewer, text: str) -> Place | None:
    try:
        return core.place(viewer, int(text)) if text.isascii() and text.isdigit() and len(text) < 16 else None
    except AnlanError:
        return None
