"""A place: why it has its colour, what is in it, what is measured there, what is in alarm."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from anlan.apps.core import selectors as core
from anlan.apps.core.models import Place
from anlan.apps.enterprises import selectors as enterprises
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
ALARMS_SHOWN = 40  # of those that stand; the rest are read in the list of alarms
LONGEST_SUBTREE = 400
FILES, DUES = 50, 20
#: Above the plants: what is measured there is read on the page of the plant.
UPPER_KINDS = ("province", "city", "county", "town", "grid", "park", "zone")
ZONES = ("park", "zone")


@dataclass(frozen=True)
class Branch:
    """A place below this one: its depth from here, and whether something lies below it."""

    node: ledger.Node
    depth: int


@dataclass(frozen=True)
class Tab:
    """One view of a place; ``key`` stands in the address."""

    key: str
    label: str


@dataclass(frozen=True)
class TagGroup:
    place_id: int
    place_name: str
    tags: tuple[TagRow, ...]


@page
def place_page(request: HttpRequest, viewer: Viewer, place_id: int) -> HttpResponse:
    place = core.place(viewer, place_id)
    upper = place.kind in UPPER_KINDS
    above = core.ancestors(viewer, place)
    tabs = _tabs(viewer, place, above)
    tab = next((one.key for one in tabs if one.key == request.GET.get("tab")), tabs[0].key)
    alarms = monitoring.alarms(viewer, place)
    nodes = ledger.tree_with_levels(viewer, place, depth=2 if upper else None)
    context = {
        **layout(request),
        "place": place,
        "above": above,
        "tabs": tabs,
        "tab": tab,
        "zones": core.zones_of(viewer, place),
        "shown": nodes[0].shown,
        "explanation": ledger.explain(viewer, place, moment(request)),
        "at": moment(request),
        "may_try": viewer.may("scenario.view", place.path, place.sector),
        "upper": upper,
        "branches": _branches([*nodes, *_members(viewer, place)]),
        "further": max(len(nodes) - 1 - LONGEST_SUBTREE, 0),
        "groups": list(_groups(monitoring.tags_at(viewer, place))) if tab == "tags" else [],
        "alarms": alarms,
        "alarms_shown": f":{ALARMS_SHOWN}",
        "further_alarms": max(len(alarms) - ALARMS_SHOWN, 0),
        "past_alarms": monitoring.alarms(viewer, place, [CLOSED], RECENT_ALARMS),
    }
    return render(request, "web/place.html", {**context, **_tab(viewer, place, above, tab)})


def _tabs(viewer: Viewer, place: Place, above: Sequence[Place]) -> list[Tab]:
    """What can be looked at besides the reasons: what the viewer may not open is not offered."""
    may = {name: viewer.may(name, place.path, place.sector) for name in ("enterprise.view", "alarm.view", "file.view")}
    first = Tab("below", _("下属各处")) if place.kind in UPPER_KINDS else Tab("tags", _("监测点"))
    tabs = [
        (first, True),
        (Tab("people", _("人员")), may["alarm.view"]),
        (Tab("file", _("档案")), may["enterprise.view"] and _firm(place, above) is not None),
        (Tab("files", _("文件")), may["file.view"]),
    ]
    return [tab for tab, offered in tabs if offered]


def _tab(viewer: Viewer, place: Place, above: Sequence[Place], tab: str) -> dict[str, Any]:
    """What the chosen tab needs besides the page."""
    if tab == "people":
        return {"contacts": core.contacts(viewer, place)}
    if tab == "files":
        return {"files": list(core.files(viewer, place)[:FILES])}
    if tab == "file":
        firm = _firm(place, above)
        found = [each for branch in enterprises.tree(viewer, place) for each in branch.groups if each.count]
        facts = enterprises.facts_of(firm) if firm else None
        return {"firm": firm, "facts": facts, "filed": found, "dues": enterprises.dues(viewer, place)[:DUES]}
    return {}


def _firm(place: Place, above: Sequence[Place]) -> Place | None:
    """The enterprise that a place belongs to, or is."""
    return next((one for one in (place, *reversed(above)) if one.kind in enterprises.KINDS), None)


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
    context = {**layout(request), "explanation": ledger.explain(viewer, place, at), "at": at, "place": place}
    return render(request, "web/why.html", {**context, "above": core.ancestors(viewer, place)})


@page
def sparks(request: HttpRequest, viewer: Viewer, place_id: int) -> HttpResponse:
    """The last half hour of every tag at and below a place, by tag id."""
    end = clock.now()
    tag_ids = [tag.id for tag in monitoring.tags_at(viewer, place_id)]
    found = monitoring.tags_history(viewer, tag_ids, end - SPARK, end, SPARK_POINTS)
    window = {"start": series.ms(end - SPARK), "end": series.ms(end)}
    return JsonResponse({**window, "tags": {tag: series.columns(one) for tag, one in found.items()}})
