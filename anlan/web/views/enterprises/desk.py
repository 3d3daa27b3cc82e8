"""企业工作台: what is open, and what is due, for those who keep enterprises safe."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from anlan.apps.core.models import Place
from anlan.apps.enterprises import selectors
from anlan.apps.enterprises.selectors import Due, Gap
from anlan.apps.ledger import lists as ledger_lists
from anlan.apps.ledger import selectors as ledger
from anlan.apps.ledger.models import Fact
from anlan.apps.monitoring import selectors as monitoring
from anlan.apps.monitoring.selectors import AlarmRow
from anlan.kit import clock
from anlan.kit.errors import NotAllowed, NotInScope
from anlan.kit.grants import Viewer
from anlan.rules.levels import Level, severity
from anlan.web.views.enterprises.file import bands
from anlan.web.views.parts import layout, page

FEW = 12  # enterprises that each get a chip, and whose gaps are told without choosing one
MOST = 200  # enterprises that are looked at together
RECENT = timedelta(days=7)
MOST_TURNS = 400  # changes of colours that are looked through
SHOWN_ALARMS, SHOWN_DUES, SHOWN_FACTS, SHOWN_CHANGES, SHOWN_FIRMS = 30, 40, 60, 12, 30


@dataclass(frozen=True)
class Point:
    """A place that is not low, with what says so, the worst first."""

    place: Place
    level: int
    reasons: tuple[str, ...]
    since: Any


@dataclass(frozen=True)
class FirmLine:
    """An enterprise among several: what waits there."""

    place: Place
    level: int
    alarms: int
    lapsed: int
    soon: int


@page
def desk_page(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    if not viewer.may_anywhere("enterprise.edit"):
        raise NotAllowed("enterprise.edit")
    mine = list(selectors.enterprises(viewer).filter(viewer.scope("enterprise.edit")).defer("geometry")[: MOST + 1])
    chosen = _chosen(request, mine)
    alarms = _alarms(viewer, chosen)
    found = selectors.dues(viewer, chosen)
    context = {
        **layout(request),
        "firms": mine[:FEW] if len(mine) > 1 else [],
        "more_firms": max(len(mine) - FEW, 0),
        "chosen": chosen,
        "shown": ledger.shown(viewer, [chosen.pk]).get(chosen.pk) if chosen else None,
        "alarms": alarms[:SHOWN_ALARMS],
        "alarm_count": len(alarms),
        "waiting": sum(row.deadline is not None and row.acknowledged_at is None for row in alarms),
        "dues": _asked(found, request)[:SHOWN_DUES],
        "bands": bands(found),
        "band": request.GET.get("band", ""),
        "points": _points(viewer, chosen),
        "gaps": _gaps(viewer, [chosen] if chosen else mine),
        "changes": selectors.changes(viewer, chosen, SHOWN_CHANGES),
        "turns": _turns(viewer, [chosen] if chosen else mine),
        "overview": [] if chosen else _overview(mine, alarms, found),
        "query": f"enterprise={chosen.pk}&" if chosen and len(mine) > 1 else "",
    }
    return render(request, "web/enterprises/desk.html", context)


def _chosen(request: HttpRequest, mine: Sequence[Place]) -> Place | None:
    """The enterprise of the address, or the only one; None = all together."""
    text = request.GET.get("enterprise", "")
    if text:
        found = next((place for place in mine if str(place.pk) == text), None)
        if found is None:
            raise NotInScope
        return found
    return mine[0] if len(mine) == 1 else None


def _alarms(viewer: Viewer, chosen: Place | None) -> list[AlarmRow]:
    if not viewer.may_anywhere("alarm.view"):
        return []
    rows = monitoring.duty_queue(viewer).rows
    return [row for row in rows if chosen is None or any(ref.id == chosen.pk for ref in row.place)]


def _asked(found: Sequence[Due], request: HttpRequest) -> list[Due]:
    band = request.GET.get("band", "")
    return [one for one in found if not band or str(one.band) == band]


def _points(viewer: Viewer, chosen: Place | None) -> list[Point]:
    """Where something counts that is worse than low, and unknown points, each with its reasons."""
    if not viewer.may_anywhere("fact.view"):
        return []
    levels = [Level.MAJOR, Level.SERIOUS, Level.GENERAL]
    facts = ledger_lists.facts(viewer, chosen.pk if chosen else None, levels=levels, at=clock.now())
    if chosen is None:
        facts = facts.filter(viewer.scope("enterprise.edit", "place__"))
    by_place: dict[int, list[Fact]] = {}
    for fact in facts.select_related("place", "clearing").order_by("-level", "-since")[:SHOWN_FACTS]:
        by_place.setdefault(fact.place_id, []).append(fact)
    points = [_point(own) for own in by_place.values()]
    return sorted(points, key=lambda point: (-severity(Level(point.level)), point.place.name))


def _point(facts: Sequence[Fact]) -> Point:
    worst = max(facts, key=lambda fact: severity(Level(fact.level)))
    reasons = tuple(dict.fromkeys(ledger.render(fact) for fact in facts))
    return Point(worst.place, worst.level, reasons, worst.since)


def _gaps(viewer: Viewer, firms: Sequence[Place]) -> list[tuple[Place, list[Gap]]]:
    """What each file lacks; of many enterprises nothing until one is chosen."""
    if len(firms) > FEW:
        return []
    told = [(place, selectors.gaps(selectors.tree(viewer, place), selectors.facts_of(place))) for place in firms]
    return [(place, gaps) for place, gaps in told if gaps]


def _turns(viewer: Viewer, firms: Sequence[Place]) -> list[ledger.Change]:
    """How colours changed in some enterprises."""
    found = ledger.recent_changes(viewer, clock.now() - RECENT, MOST_TURNS)
    inside = [one for one in found if any(one.place.path.startswith(firm.path) for firm in firms)]
    return inside[:SHOWN_CHANGES]


def _overview(mine: Sequence[Place], alarms: Sequence[AlarmRow], found: Sequence[Due]) -> list[FirmLine]:
    """The enterprises where most waits first."""
    lines = []
    for place in mine:
        own = [one for one in found if one.firm and one.firm.id == place.pk]
        lapsed = sum(one.band == 0 for one in own)
        ringing = sum(any(ref.id == place.pk for ref in row.place) for row in alarms)
        shown = getattr(place, "shown", None)
        lines.append(FirmLine(place, shown.level if shown else 0, ringing, lapsed, len(own) - lapsed))
    lines.sort(key=lambda line: (-severity(Level(line.level)), -line.alarms, -line.lapsed, line.place.name))
    return lines[:SHOWN_FIRMS]
