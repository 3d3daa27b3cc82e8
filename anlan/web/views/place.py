"""A place: why it has its colour, what is in it, what is measured there, what is in alarm."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from anlan.apps.core import selectors as core
from anlan.apps.core.models import Place
from anlan.apps.ledger import selectors as ledger
from anlan.apps.monitoring import selectors as monitoring
from anlan.apps.monitoring.selectors import TagRow
from anlan.kit import clock
from anlan.kit.grants import Viewer
from anlan.rules.alarms import CLOSED
from anlan.rules.levels import severity
from anlan.web import series
from anlan.web.views.parts import layout, moment, page

SPARK = timedelta(minutes=30)
SPARK_POINTS = 120
RECENT_ALARMS = 10
LONGEST_SUBTREE = 400
#: Above the plants: what is measured there is read on the page of the plant.
UPPER_KINDS = ("province", "city", "county", "town", "grid", "park", "zone")
ZONES = ("park", "zone")


@dataclass(frozen=True)
class Branch:
    """A place below this one: its depth from here, and whether something lies below it."""

    node: ledger.Node
    depth: int


@dataclass(frozen=True)
class TagGroup:
    place_id: int
    place_name: str
    tags: tuple[TagRow, ...]


@page
def place_page(request: HttpRequest, viewer: Viewer, place_id: int) -> HttpResponse:
    place = core.place(viewer, place_id)
    upper = place.kind in UPPER_KINDS
    nodes = ledger.tree_with_levels(viewer, place_id, depth=2 if upper else None)
    context = {
        **layout(request),
        "place": place,
        "above": core.ancestors(viewer, place),
        "zones": core.zones_of(viewer, place),
        "shown": nodes[0].shown,
        "explanation": ledger.explain(viewer, place_id, moment(request)),
        "at": moment(request),
        "upper": upper,
        "branches": _branches([*nodes, *_members(viewer, place)]),
        "further": max(len(nodes) - 1 - LONGEST_SUBTREE, 0),
        "groups": [] if upper else list(_groups(monitoring.tags_at(viewer, place_id))),
        "alarms": monitoring.alarms(viewer, place_id),
        "past_alarms": monitoring.alarms(viewer, place_id, [CLOSED], RECENT_ALARMS),
    }
    return render(request, "web/place.html", context)


def _members(viewer: Viewer, zone: Place) -> list[ledger.Node]:
    """What a zone counts though it lies elsewhere in the tree, as if it lay below the zone."""
    found = list(core.members(viewer, zone).defer("geometry")[:LONGEST_SUBTREE]) if zone.kind in ZONES else []
    shown = ledger.shown(viewer, [place.pk for place in found]) if found else {}
    return [ledger.Node(p.pk, zone.pk, p.name, p.kind, p.path, p.sector, shown[p.pk]) for p in found if p.pk in shown]


def _branches(nodes: list[ledger.Node]) -> list[Branch]:
    """What lies below, as a list that reads from the top down, the worst first among brothers and sisters."""
    top = nodes[0]
    below: dict[int | None, list[ledger.Node]] = {}
    for node in nodes[1:]:
        below.setdefault(node.parent_id, []).append(node)
    found: list[Branch] = []

    def visit(parent: int, depth: int) -> None:
        for node in sorted(below.get(parent, ()), key=lambda node: (-severity(node.shown.level), node.name)):
            found.append(Branch(node, depth))
            visit(node.id, depth + 1)

    visit(top.id, 0)
    return found[:LONGEST_SUBTREE]


def _groups(tags: Iterable[TagRow]) -> Iterable[TagGroup]:
    for (place_id, name), rows in groupby(tags, key=lambda tag: (tag.place_id, tag.place_name)):
        yield TagGroup(place_id, name, tuple(rows))


@page
def why(request: HttpRequest, viewer: Viewer, place_id: int) -> HttpResponse:
    """The explanation alone: a panel beside the map or the queue, or a page whose address can be sent to somebody."""
    at = moment(request)
    place = core.place(viewer, place_id)
    context = {**layout(request), "explanation": ledger.explain(viewer, place_id, at), "at": at, "place": place}
    return render(request, "web/why.html", {**context, "above": core.ancestors(viewer, place)})


@page
def sparks(request: HttpRequest, viewer: Viewer, place_id: int) -> HttpResponse:
    """The last half hour of every tag at and below a place, by tag id."""
    end = clock.now()
    tag_ids = [tag.id for tag in monitoring.tags_at(viewer, place_id)]
    found = monitoring.tags_history(viewer, tag_ids, end - SPARK, end, SPARK_POINTS)
    window = {"start": series.ms(end - SPARK), "end": series.ms(end)}
    return JsonResponse({**window, "tags": {tag: series.columns(one) for tag, one in found.items()}})
