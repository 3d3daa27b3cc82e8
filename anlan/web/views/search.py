"""Find a place by its name or code."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from anlan.apps.core import selectors as core
from anlan.apps.ledger import selectors as ledger
from anlan.kit.grants import Viewer
from anlan.rules import paths
from anlan.web.views.parts import layout, page

SHOWN = 50


@page
def search_page(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    text = request.GET.get("q", "").strip()[:80]
    found = list(core.search_places(viewer, text).defer("geometry")[: SHOWN + 1]) if text else []
    shown = ledger.shown(viewer, [place.pk for place in found])
    above = {step for place in found for step in paths.ancestor_ids(place.path)}
    names = core.places(viewer, retired=True).filter(pk__in=above).in_bulk()
    hits = [
        (place, shown[place.pk], [names[step] for step in paths.ancestor_ids(place.path) if step in names])
        for place in found[:SHOWN]
        if place.pk in shown
    ]
    context = {**layout(request), "text": text, "hits": hits, "more": len(found) > SHOWN}
    return render(request, "web/search.html", context)
