"""The filter of a list by an area: a town, a park, or any place that a link names, with all that lies in it."""

from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext as _

from anlan.apps.core import selectors as core
from anlan.apps.core.choices import PlaceKind
from anlan.apps.core.models import Place
from anlan.kit.errors import AnlanError, NotInScope
from anlan.kit.grants import Viewer
from anlan.kit.listing import Choice, Option
from anlan.rules import paths

AREAS = (PlaceKind.COUNTY, PlaceKind.TOWN, PlaceKind.PARK, PlaceKind.ZONE)
MOST = 300


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
