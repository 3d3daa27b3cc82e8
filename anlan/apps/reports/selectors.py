"""The only reader of reports that were made: those whose reader holds all that was used to make them."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from anlan.apps.core import selectors as core
from anlan.apps.core.models import Place
from anlan.apps.reports.basis import Reader
from anlan.apps.reports.choices import ReportKind, ReportState
from anlan.apps.reports.models import Report
from anlan.kit import clock
from anlan.kit.errors import NotAllowed, NotInScope
from anlan.kit.grants import Viewer
from anlan.packs.families import reports as pack
from anlan.rules.paths import covers

VIEW, MAKE = "report.view", "report.make"


@dataclass(frozen=True)
class Offer:
    """A kind of report that can be made."""

    key: str
    name: str
    what: str


def offers() -> list[Offer]:
    """The kinds of reports, in their order."""
    known = pack.load(clock.today()).kinds
    return [Offer(kind.value, known[kind.value].name, known[kind.value].what) for kind in ReportKind]


def title(kind: str, place: Place) -> str:
    """What a report is called."""
    return f"{place.name}{pack.load(clock.today()).kinds[kind].name}"


def reports(viewer: Viewer, place: Place | None = None) -> QuerySet[Report]:
    """Reports that the viewer may read, newest first; what a person is having made is shown to that person alone."""
    seen = Report.objects.filter(viewer.scope(VIEW, "place__"))
    if place is not None:
        seen = seen.filter(place__in=core.subtree(place.path))
    return _readable(viewer, seen).select_related("place", "by", "job").order_by("-asked", "-pk")


def report(viewer: Viewer, report_id: int) -> Report:
    """One report. Raises NotInScope."""
    found = reports(viewer).filter(pk=report_id).first()
    if found is None:
        raise NotInScope
    return found


def stored(viewer: Viewer, report_id: int, suffix: str) -> tuple[Report, str]:
    """A report with the name of one of its files in the storage. Raises NotInScope."""
    found = report(viewer, report_id)
    if suffix not in found.files:
        raise NotInScope
    return found, str(found.files[suffix]["name"])


def place_to_report(viewer: Viewer, place_id: int) -> Place:
    """A place of which the viewer may have a report made. Raises NotInScope, NotAllowed."""
    place = core.place(viewer, place_id)
    if not viewer.may(MAKE, place.path, place.sector):
        raise NotAllowed(MAKE)
    return place


def may_make(viewer: Viewer, place: Place) -> bool:
    return viewer.may(MAKE, place.path, place.sector)


def may_remove(viewer: Viewer, one: Report) -> bool:
    """Whoever had it made; nobody deletes what others made (retention does)."""
    return viewer.oneself is not None and one.by_id == viewer.oneself


def _readable(viewer: Viewer, seen: QuerySet[Report]) -> QuerySet[Report]:
    rows = list(seen.order_by().values_list("pk", "state", "by", "needs"))
    reader = Reader(viewer, _paths(need[1] for *_, needs in rows for need in needs))
    kept = []
    for pk, state, by, needs in rows:
        own = by is not None and by == viewer.oneself
        if (own and state != ReportState.DONE) or (state == ReportState.DONE and reader.may(needs)):
            kept.append(pk)
    return seen.filter(pk__in=kept)


def _paths(ids: Iterable[int]) -> dict[int, str]:
    return dict(Place.objects.filter(pk__in=set(ids)).values_list("pk", "path"))


def covered(viewer: Viewer, place: Place) -> str:
    """In whose words the report is limited: the places at which its maker holds grants, that matter for it."""
    paths_of = {
        scope.path for scope in viewer.scopes if covers(scope.path, place.path) or covers(place.path, scope.path)
    }
    names = Place.objects.filter(path__in=paths_of).order_by("path").values_list("name", flat=True)
    return "、".join(names)
