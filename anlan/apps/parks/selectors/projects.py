"""Projects: what they are, what the newest check found, who has signed."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext, gettext_noop

from anlan.apps.consequences import selectors as consequences
from anlan.apps.consequences.parks import selectors as studies
from anlan.apps.core import selectors as core
from anlan.apps.core.choices import JobState
from anlan.apps.core.models import Job, Place
from anlan.apps.parks.choices import ProjectState
from anlan.apps.parks.models import CheckRun, ListedEntry, Paper, Project
from anlan.apps.parks.selectors import effects
from anlan.apps.parks.specs import ChemicalLine, FacilityLine, ProjectSpec
from anlan.kit import clock
from anlan.kit.errors import NotInScope
from anlan.kit.grants import Viewer
from anlan.packs.families import admission
from anlan.rules import admission as rules
from anlan.rules.admission import Verdict
from anlan.rules.facts import fill

#: What stands in a finding for something whose name the reader may not know.
HIDDEN = ("target", "what")
#: How many of them there are is not told then either.
COUNT = "n"
#: What stands for a thing that is named beside places.
_UNNAMED = {"scenario": gettext_noop("一个您无权查看的事故情景"), "study": gettext_noop("园区定量风险评价")}
_UNCOUNTED = gettext_noop("“{scenario}”的{zone}范围（{metres} m）内有{what}。")


@dataclass(frozen=True)
class FindingLine:
    """A line of the check as it is shown. ``place_id``: what it names, if the viewer may see that."""

    key: str
    title: str
    veto: bool
    clause: str
    verdict: str
    reason: str
    fix: str
    place_id: int | None


@dataclass(frozen=True)
class Signature:
    """An office and its opinion on the newest check; None where it has not signed."""

    office: str
    name: str
    verdict: str
    text: str
    by: str
    at: datetime | None
    digest: str


def projects(viewer: Viewer, place: Place | None = None) -> QuerySet[Project]:
    """Projects that the viewer may see, the last changed first."""
    rows = Project.objects.filter(viewer.scope("project.view", "place__"))
    rows = rows.filter(place=place) if place is not None else rows
    return rows.select_related("place", "plant", "job").order_by("-changed", "-pk")


def waiting(viewer: Viewer, places: Collection[Place]) -> Counter[int]:
    """How many projects of each park wait for their check or for signatures."""
    rows = Project.objects.filter(viewer.scope("project.view", "place__"), place__in=[one.pk for one in places])
    return Counter(rows.filter(state__in=(ProjectState.DRAFT, ProjectState.CHECKED)).values_list("place_id", flat=True))


def project(viewer: Viewer, project_id: int) -> Project:
    """One project. Raises NotInScope."""
    found = projects(viewer).filter(pk=project_id).first()
    if found is None:
        raise NotInScope
    return found


def spec_of(row: Project) -> ProjectSpec:
    """What is written of it."""
    return ProjectSpec(
        name=row.name, applicant=row.applicant, stage=row.stage, contact=row.contact, phone=row.phone,
        industry=row.industry, investment=row.investment, plant_id=row.plant_id, products=tuple(row.products),
        chemicals=tuple(ChemicalLine(**one) for one in row.chemicals), processes=tuple(row.processes),
        equipment=tuple(row.equipment), facilities=tuple(FacilityLine(**one) for one in row.facilities),
        neighbours=row.neighbours, scenarios=tuple(row.scenarios),
    )  # fmt: skip


def newest_check(row: Project) -> CheckRun | None:
    """The check that was run last, also if the project has changed since."""
    return row.checks.select_related("by").order_by("-pk").first()


def blocking(rows: Collection[Project]) -> dict[int, list[str]]:
    """Veto lines that did not pass in the newest check of each project, by its id; unchecked ones are left out."""
    runs = CheckRun.objects.filter(project__in=[row.pk for row in rows]).order_by("pk")
    return dict(runs.values_list("project", "blocking"))  # the last one of each stays


def job_of(row: Project) -> Job | None:
    """The check that is under way, or has failed since the newest one."""
    job, newest = row.job, newest_check(row)
    if job is None or job.state == JobState.DONE or (newest is not None and newest.at > job.created):
        return None
    return job


def checking_state(row: Project) -> str:
    """Of the job that checks a project: waiting, running or failed; empty where none does."""
    job = job_of(row)
    return str(job.state) if job is not None else ""


def scenarios_seen(viewer: Viewer, row: Project) -> list[int]:
    """Ids of a project's scenarios that the viewer may see."""
    found = consequences.scenarios(viewer).filter(pk__in=row.scenarios)
    return sorted(found.values_list("pk", flat=True)) if row.scenarios else []


def as_check(row: Project, run: CheckRun | None) -> rules.Check | None:
    """A check as the rule for signing wants it; stale also where the park's list has changed since."""
    if run is None:
        return None
    known = admission.load(clock.today())
    titles = [known.item(key).title for key in run.blocking]
    return rules.Check(titles, is_stale(row, run), (clock.now() - run.at).days)


def is_stale(row: Project, run: CheckRun) -> bool:
    """Whether the project, the list of its park or the study that it was added to has changed since a check."""
    entries = ListedEntry.objects.filter(place_id=row.place_id)
    changed = entries.filter(created__gt=run.at) | entries.filter(ended__gt=run.at)
    return run.revision != row.revision or changed.exists() or effects.is_outdated(run)


def lines_of(viewer: Viewer, findings: Sequence[Mapping[str, Any]]) -> list[FindingLine]:
    """Kept findings in the reader's language; what the viewer may not see is not named."""
    ids = {int(place) for one in findings for place in one.get("places", ())}
    seen = _Seen(
        set(core.places(viewer, retired=True).filter(pk__in=ids).values_list("pk", flat=True)) if ids else set(),
        _things(viewer, findings),
    )
    known = admission.load(clock.today())
    titles = {item.key: item for item in known.items}
    return [_line(one, titles[one["key"]], seen) for one in findings if one["key"] in titles]


@dataclass(frozen=True)
class _Seen:
    """What of all that findings name a reader may know: places, and (param, id) of other things."""

    places: set[int]
    things: set[tuple[str, int]]


def _things(viewer: Viewer, findings: Sequence[Mapping[str, Any]]) -> set[tuple[str, int]]:
    named = {(what, int(number)) for one in findings for what, number in one.get("about", {}).items()}
    rows = {"scenario": consequences.scenarios, "study": studies.studies}
    return {
        (what, number)
        for what in {what for what, _ in named}
        for number in rows[what](viewer)
        .filter(pk__in=[pk for kind, pk in named if kind == what])
        .values_list("pk", flat=True)
    }


def _line(one: Mapping[str, Any], item: admission.Item, seen: _Seen) -> FindingLine:
    params, reason = dict(one["params"]), gettext(one["reason"])
    places = [int(place) for place in one.get("places", ())]
    hidden = {name: gettext(word) for name, word in _UNNAMED.items()}
    params |= {what: hidden[what] for what, pk in one.get("about", {}).items() if (what, int(pk)) not in seen.things}
    if any(place not in seen.places for place in places):
        params |= {name: gettext("一处您无权查看的目标") for name in HIDDEN if name in params}
        reason = gettext(_UNCOUNTED) if COUNT in params else reason
    shown = next((place for place in places if place in seen.places), None)
    return FindingLine(
        key=item.key, title=gettext(item.title), veto=item.veto, clause=item.clause, verdict=one["verdict"],
        reason=fill(reason, params), fix=fill(gettext(one["fix"]), params) if one["fix"] else "",
        place_id=shown,
    )  # fmt: skip


def signatures(run: CheckRun | None) -> list[Signature]:
    """Every office that has to sign, with its last opinion on this check."""
    given = {one.office: one for one in run.opinions.select_related("by").order_by("pk")} if run else {}
    found = []
    for office, name in admission.load(clock.today()).offices.items():
        one = given.get(office)
        found.append(
            Signature(
                office=office, name=gettext(name), verdict=one.verdict if one else "", text=one.text if one else "",
                by=one.by.name if one else "", at=one.at if one else None, digest=one.digest if one else "",
            )
        )  # fmt: skip
    return found


def papers(viewer: Viewer, *, project_row: Project | None = None, plant: Place | None = None) -> QuerySet[Paper]:
    """The documents in force of a project, or of a plant, in the order of their dates."""
    rows = Paper.objects.filter(viewer.scope("project.view", "place__"), ended=None)
    rows = rows.filter(project=project_row) if project_row else rows.filter(project=None, place=plant)
    return rows.select_related("file").order_by("dated", "pk")


def paper(viewer: Viewer, paper_id: int) -> Paper:
    """One document. Raises NotInScope."""
    found = Paper.objects.filter(viewer.scope("project.view", "place__"), pk=paper_id).first()
    if found is None:
        raise NotInScope
    return found


def open_counts(lines: Sequence[FindingLine]) -> dict[str, int]:
    """How many lines of each verdict."""
    return {verdict.value: sum(one.verdict == verdict for one in lines) for verdict in Verdict}
