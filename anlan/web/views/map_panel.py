"""The panel of a place beside the map: why its colour, then what is measured there, whom to call, files, what hangs
together with it."""

import json
from typing import Any

import numpy as np
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from anlan.apps.core import selectors as core
from anlan.apps.core.models import Place
from anlan.apps.enterprises import selectors as enterprises
from anlan.apps.enterprises.models import Enterprise
from anlan.apps.ledger import selectors as ledger
from anlan.apps.monitoring import selectors as monitoring
from anlan.kit import clock
from anlan.kit.grants import Viewer
from anlan.packs.families import industries
from anlan.rules.alarms import OPEN
from anlan.web.atlas import inside
from anlan.web.atlas.look import Look, look
from anlan.web.atlas.question import Question
from anlan.web.views.parts import layout, moment, page
from anlan.web.views.place import UPPER_KINDS, ZONES

TAGS, ALARMS, FILES, LINKED = 40, 8, 20, 12
RINGED = 400  # marks that are ringed on the map at most


@page
def panel(request: HttpRequest, viewer: Viewer, place_id: int) -> HttpResponse:
    at = moment(request)
    place = core.place(viewer, place_id)
    tags = [] if place.kind in UPPER_KINDS else monitoring.tags_at(viewer, place)
    context = {
        **layout(request),
        "place": place,
        "above": core.ancestors(viewer, place),
        "explanation": ledger.explain(viewer, place, at),
        "at": at,
        "may_try": viewer.may("scenario.view", place.path, place.sector),
        "tags": tags[:TAGS],
        "further_tags": max(len(tags) - TAGS, 0),
        "contacts": core.contacts(viewer, place) if viewer.may("alarm.view", place.path, place.sector) else [],
        "files": list(core.files(viewer, place)[:FILES]),
        "facts": (facts := _facts(viewer, place)),
        "industry": _industry(facts),
        **_linked(viewer, place, look(viewer, Question(at=at))),
    }
    return render(request, "web/map/panel.html", context)


def _facts(viewer: Viewer, place: Place) -> Enterprise | None:
    """What the file of an enterprise says of it, to whom may read files."""
    if place.kind != "enterprise" or not viewer.may("enterprise.view", place.path, place.sector):
        return None
    return enterprises.facts_of(place)


def _industry(facts: Enterprise | None) -> str:
    names = industries.load(clock.today()).names() if facts and facts.industry else {}
    return names.get(facts.industry, facts.industry) if facts else ""


def _linked(viewer: Viewer, place: Place, seen: Look) -> dict[str, Any]:
    """What hangs together with a place across the layers, and the spots that the map rings for it."""
    row = seen.atlas.row(place.pk)
    members = list(core.members(viewer, place).defer("geometry")[:LINKED]) if place.kind in ZONES else []
    alarms = monitoring.alarms(viewer, place, OPEN, ALARMS) if seen.question.at is None else []
    zones = list(core.zones_of(viewer, place).defer("geometry")[:LINKED])
    below = _below(seen, row)
    return {
        "zones": zones,
        "members": members,
        "alarms": alarms,
        "below": below,
        "linked": len(zones) + len(members) + len(alarms) + sum(sum(counts) for _, counts in below),
        "rings": json.dumps(_rings(seen, row)),
    }


def _within(seen: Look, row: int) -> np.ndarray[Any, np.dtype[np.bool_]]:
    found = seen.atlas.below([row, *seen.atlas.members.get(row, [])]) & seen.chosen
    found[row] = False
    return found


def _below(seen: Look, row: int) -> list[tuple[str, tuple[int, ...]]]:
    """Kinds of what is in it or counted by it, with how many of each level."""
    if row < 0:
        return []
    within = _within(seen, row)
    counted = [
        (kind, inside.by_level(seen, within & seen.atlas.of_kind(kind)))
        for kind in ("enterprise", "risk_point", "public_object", "segment", "mobile")
    ]
    return [(kind, counts) for kind, counts in counted if sum(counts)]


def _rings(seen: Look, row: int) -> list[list[float]]:
    """Spots of what is in an enterprise or a zone; for a whole town they would say nothing."""
    if row < 0 or seen.atlas.kind_of(row) in ("province", "city", "county", "town", "grid"):
        return []
    rows = np.flatnonzero(_within(seen, row) & seen.atlas.placed)[:RINGED]
    return np.column_stack([seen.atlas.x[rows], seen.atlas.y[rows]]).round(6).tolist()  # type: ignore[no-any-return]
