"""场所: the tree that is opened step by step, and the places that a text finds."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponseBase

from anlan.apps.core import selectors as core
from anlan.apps.core.choices import PlaceKind
from anlan.apps.core.models import Place
from anlan.apps.ledger import selectors as ledger
from anlan.apps.ledger.selectors import Shown
from anlan.kit.grants import Viewer
from anlan.web.views.manage.choosing import with_paths
from anlan.web.views.manage.frame import managed, shown

SHOWN = 200


@dataclass(frozen=True)
class Node:
    """A place with how many lie directly below it; ``below``: those that are shown already."""

    place: Place
    children: int
    shown: Shown | None
    below: "list[Node] | None" = None


@managed("manage_places")
def places_page(request: HttpRequest, viewer: Viewer) -> HttpResponseBase:
    text = request.GET.get("q", "").strip()[:60]
    kind = request.GET.get("kind", "") if request.GET.get("kind", "") in PlaceKind.values else ""
    closed = "closed" in request.GET
    hits = _found(viewer, text, kind, closed=closed) if text or kind or closed else None
    rows = list(hits.defer("geometry")[:SHOWN]) if hits is not None else []
    levels = ledger.shown(viewer, [row.pk for row in rows])
    return shown(
        request,
        viewer,
        "places",
        text=text,
        kind=kind,
        closed=closed,
        kinds=PlaceKind.choices,
        searching=hits is not None,
        count=hits.order_by()[:1001].count() if hits is not None else 0,
        limit=SHOWN,
        hits=[(row, path[:-1], levels.get(row.pk)) for row, path in with_paths(viewer, rows)],
        nodes=_begun(viewer) if hits is None else [],
    )


@managed("manage_places")
def children(request: HttpRequest, viewer: Viewer, place_id: int) -> HttpResponseBase:
    """What lies directly below a place, for the tree."""
    place = core.place(viewer, place_id)
    return shown(request, viewer, "tree", nodes=_below(viewer, place), place=place)


def _begun(viewer: Viewer) -> list[Node]:
    """Where the tree begins; a single top stands open."""
    found = nodes(viewer, tops(viewer))
    return [replace(found[0], below=_below(viewer, found[0].place))] if len(found) == 1 else found


def _below(viewer: Viewer, place: Place) -> list[Node]:
    found = core.places(viewer).filter(parent=place).order_by("kind", "name")
    return nodes(viewer, list(found.defer("geometry")[:SHOWN]))


def _found(viewer: Viewer, text: str, kind: str, *, closed: bool) -> QuerySet[Place]:
    found = core.places(viewer, kinds=[kind] if kind else (), retired=closed)
    if closed:
        found = found.exclude(retired=None)
    if text:
        found = found.filter(Q(name__icontains=text) | Q(code__startswith=text.upper()))
    return found


def tops(viewer: Viewer) -> list[Place]:
    """The places that the viewer's own grants name: where their tree begins."""
    seen = {scope.path for scope in viewer.scopes if "place.view" in scope.capabilities and scope.sectors is None}
    highest = [path for path in seen if not any(path != other and path.startswith(other) for other in seen)]
    found = core.places(viewer).defer("geometry")
    if highest:
        return list(found.filter(path__in=highest))
    return list(found.filter(kind=PlaceKind.ENTERPRISE)[:SHOWN])


def nodes(viewer: Viewer, places: Sequence[Place]) -> list[Node]:
    """Places with their colours and the number of their children that the viewer may see."""
    ids = [place.pk for place in places]
    below = core.places(viewer).filter(parent_id__in=ids).order_by().values("parent_id").annotate(n=Count("pk"))
    counts = dict(below.values_list("parent_id", "n"))
    levels = ledger.shown(viewer, ids)
    return [Node(place, counts.get(place.pk, 0), levels.get(place.pk)) for place in places]
