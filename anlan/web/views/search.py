"""Find a place by its name or code."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from anlan.apps.core import selectors as core
from anlan.apps.ledger import selectors as ledger
from anlan.kit.grants import Viewer
from anlan.rules import paths
from anlan.web import finding
from anlan.web.views.parts import layout, page

SHOWN = 50


@page
def search_page(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    text = request.GET.get("q", "").strip()[:80]
    found = ledger.nodes(viewer, finding.places(viewer, text, SHOWN + 1)) if text else []
    ways = {node.id: paths.ancestor_ids(node.path) for node in found}
    names = {pk: name for pk, name, _ in core.names(viewer, {step for way in ways.values() for step in way})}
    hits = [(node, [names[step] for step in ways[node.id] if step in names]) for node in found[:SHOWN]]
    context = {**layout(request), "text": text, "hits": hits, "more": len(found) > SHOWN}
    return render(request, "web/search.html", context)
