"""Choosing a place by its name or code, and the words that forms of the management offer."""

from collections.abc import Container, Iterable, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponseBase, JsonResponse

from anlan.apps.core import selectors as core
from anlan.apps.core.choices import PlaceKind
from anlan.apps.core.models import Place
from anlan.kit import clock
from anlan.kit.grants import Viewer
from anlan.packs.families import roles, sector
from anlan.rules import paths
from anlan.rules import places as rules
from anlan.web.views.parts import page

OFFERED = 12


@page
def places(request: HttpRequest, viewer: Viewer) -> HttpResponseBase:
    """Places whose name or code fits ``?q=``, each with the way to it. ``?over=KIND`` leaves out what such a place
    cannot lie in, ``?kind=`` names the kinds wanted, ``?needs=`` the capability that must be held there."""
    text = request.GET.get("q", "").strip()[:60]
    found = core.search_places(viewer, text) if text else core.places(viewer)
    if kinds := _kinds(request):
        found = found.filter(kind__in=kinds)
    needs = request.GET.get("needs", "")
    if needs:
        found = found.filter(viewer.scope(needs))
    rows = list(found.defer("geometry")[:OFFERED])
    return JsonResponse({"places": [_told(row, path) for row, path in with_paths(viewer, rows)]})


def _kinds(request: HttpRequest) -> list[str]:
    asked = [kind for kind in request.GET.getlist("kind") if kind in PlaceKind.values]
    over = request.GET.get("over", "")
    if over in PlaceKind.values:
        asked += [kind for kind in PlaceKind.values if rules.may_lie(over, kind) is None]
    return asked


def _told(row: Place, path: Sequence[Place]) -> dict[str, Any]:
    above = " › ".join(step.name for step in path[:-1])
    return {"id": row.pk, "name": row.name, "kind": str(row.get_kind_display()), "code": row.code, "above": above}


def with_paths(viewer: Viewer, rows: Iterable[Place]) -> list[tuple[Place, list[Place]]]:
    """Each place with the steps down to it, as far as the viewer sees them."""
    rows = list(rows)
    ids = {step for row in rows for step in paths.ancestor_ids(row.path)}
    names = core.places(viewer, retired=True).defer("geometry").in_bulk(sorted(ids))
    return [(row, [names[step] for step in paths.ancestor_ids(row.path) if step in names]) for row in rows]


def sectors() -> list[tuple[str, str]]:
    """(key, name) of every trade that a pack describes."""
    return list(sector.names(clock.today()).items())


def deeds_and_sights(known: roles.Roles, capabilities: Container[str]) -> tuple[list[str], list[str]]:
    """What they let one do and what they let one look at, in words and the pack's order."""
    held = [one for one in known.capabilities if one in capabilities]
    sights = [one for one in held if one.endswith(".view")]
    return [known.capabilities[one] for one in held if one not in sights], [known.capabilities[one] for one in sights]


def sector_names(keys: Iterable[str]) -> str:
    """Trades in words; nothing named means all."""
    known = dict(sectors())
    return "、".join(known.get(key, key) for key in keys)
