"""The desk of a park: its grade and capacity, who is in it, its gates, what it shares, who helps whom, live."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from anlan.apps.core import selectors as core
from anlan.apps.core.models import Place
from anlan.apps.ledger import selectors as ledger
from anlan.apps.monitoring import selectors as monitoring
from anlan.apps.parks import selectors
from anlan.apps.parks.choices import ProjectState
from anlan.apps.parks.models import JointGroup, Project, SharedFacility
from anlan.apps.parks.selectors import Shown
from anlan.kit import clock, links, listing, marks
from anlan.kit.grants import Viewer
from anlan.packs.families import industries, park_desk
from anlan.packs.families.park_desk import Facility
from anlan.rules.alarms import OPEN
from anlan.rules.levels import Level
from anlan.web.views.parks.picture import picture
from anlan.web.views.parts import layout, list_page, page

ALARMS, PLANTS, VEHICLES, LOST, PROJECTS = 6, 12, 6, 6, 8


@dataclass(frozen=True)
class ParkRow:
    """A park as the list shows it."""

    place: Place
    level: Level
    grading: Shown | None
    plants: int
    inside: int
    late: int
    waiting: int

    @property
    def grade(self) -> str:
        return self.grading.row.grade if self.grading else ""


@dataclass(frozen=True)
class Shared:
    """A shared facility with the words of its kind."""

    row: SharedFacility
    kind: Facility
    state: str

    @property
    def share(self) -> int | None:
        """How much of it is used [%]."""
        row = self.row
        return round(100 * (row.used or 0) / row.capacity) if row.capacity and row.used is not None else None


@page
def parks_page(request: HttpRequest, viewer: Viewer) -> HttpResponseBase:
    return list_page(request, viewer, _listing(), _park_rows(viewer, list(selectors.parks(viewer))))


def _park_rows(viewer: Viewer, places: Sequence[Place]) -> list[ParkRow]:
    """All rows with a few queries, however many parks there are."""
    gradings, inside = selectors.current_gradings(places), selectors.insides(viewer, places)
    plants = selectors.plant_counts(viewer, places)
    waiting, until = selectors.waiting(viewer, places), ledger.projected_until()
    return [
        ParkRow(
            place, ledger.shown_by(place, until).level,
            selectors.shown_grading(gradings[place.pk]) if place.pk in gradings else None,
            plants[place.pk], *inside[place.pk], waiting[place.pk],
        )
        for place in places
    ]  # fmt: skip


def _listing() -> listing.Listing:
    return listing.Listing(
        name="parks",
        title=_("园区"),
        columns=(
            listing.Column("name", _("园区"), lambda one: one.place.name, _link, sort="name"),
            listing.Column("level", _("风险等级"), lambda one: int(one.level), _level, sort="level"),
            listing.Column("grade", _("安全风险评估"), lambda one: one.grade, _grade, sort="grade"),
            listing.Column(
                "until",
                _("评估有效期至"),
                lambda one: one.grading.row.valid_until if one.grading else None,
                sort="until",
            ),
            listing.Column("plants", _("企业"), lambda one: one.plants, number=True, sort="plants"),
            listing.Column("inside", _("在园危险品车辆"), lambda one: one.inside, number=True, sort="inside"),
            listing.Column("late", _("超时车辆"), lambda one: one.late, number=True, sort="late"),
            listing.Column("waiting", _("待审项目"), lambda one: one.waiting, number=True, sort="waiting"),
        ),
        filters=(
            listing.Text(_("园区名称"), apply=lambda rows, text: [one for one in rows if text in one.place.name]),
        ),
        sort="-level",
        empty=listing.Empty(_("没有园区"), _("由系统管理员在“管理 › 场所”中登记园区后，出现在这里。")),
    )


def _link(one: ParkRow) -> str:
    return format_html('<a href="{}">{}</a>', reverse("web:park", args=[one.place.pk]), one.place.name)


def _level(one: ParkRow) -> str:
    return marks.level(one.level)


def _grade(one: ParkRow) -> str:
    if one.grading is None or one.grading.grade is None:
        return str(_("没有评估"))
    text = f"{one.grading.grade.key} {_(one.grading.grade.name)}"
    return text if one.grading.valid else f"{text}（{_('已逾期')}）"


def _trades(codes: Sequence[str]) -> list[str]:
    """Industries by their names; a code that nobody knows stays as it is."""
    names = industries.load(clock.today()).names()
    return [gettext(names[code]) if code in names else code for code in codes]


@page
def desk_page(request: HttpRequest, viewer: Viewer, place_id: int) -> HttpResponse:
    park = selectors.park(viewer, place_id)
    grading = selectors.current_grading(park)
    plants = list(selectors.enterprises_in(viewer, park))
    alarms = monitoring.alarms(viewer, park.pk, OPEN)
    gates, shared = list(selectors.gates(park)), list(selectors.facilities(park))
    projects = list(selectors.projects(viewer, park)[:PROJECTS])
    vehicles = selectors.inside(viewer, park)
    levels = _levels(plants)
    room = selectors.room_of(viewer, park) if viewer.may("scenario.view", park.path, park.sector) else None
    context = {
        **layout(request),
        "park": park,
        "path": [*core.ancestors(viewer, park), park],
        "shown": ledger.shown(viewer, [park.pk]).get(park.pk),
        "profile": selectors.profile(park),
        "trades": _trades(selectors.profile(park).industries),
        "grading": selectors.shown_grading(grading) if grading else None,
        "room": room,
        "room_url": _study(room.study_id) if room else "",
        "counts": selectors.counts(viewer, park),
        "vehicles": vehicles[:VEHICLES],
        "further_vehicles": max(len(vehicles) - VEHICLES, 0),
        "gates": gates,
        "uses": park_desk.load(clock.today()).gates,
        "plants": _ranked(plants, levels, alarms)[:PLANTS],
        "plant_count": len(plants),
        "shared": _shared(shared),
        "lacking": [_(one) for one in selectors.missing_facilities(shared)],
        "groups": [_group(viewer, one) for one in selectors.groups(park)],
        "projects": [_project(one) for one in projects],
        "waiting": sum(1 for one in projects if one.state in (ProjectState.DRAFT, ProjectState.CHECKED)),
        "alarms": alarms[:ALARMS],
        "alarm_count": len(alarms),
        "listed": selectors.listed(viewer, park, clock.today()).count(),
        "picture": picture(park, [(one, levels[one.pk], _alarms_at(one, alarms)) for one in plants], gates, shared),
        "may_edit": viewer.may("park.edit", park.path, park.sector),
        "may_pass": viewer.may("gate.pass", park.path, park.sector),
        "may_propose": viewer.may("project.edit", park.path, park.sector),
        "sees_projects": viewer.may("project.view", park.path, park.sector),
    }
    return render(request, "web/parks/desk.html", context)


def _study(study_id: int) -> str:
    """Where the study of a park is opened."""
    known = links.find("park_study")
    return known.url.format(id=study_id) if known else ""


@page
def neighbours_part(request: HttpRequest, viewer: Viewer, place_id: int) -> HttpResponse:
    """Who endangers whom: computed from the scenarios, so it comes after the desk."""
    park = selectors.park(viewer, place_id)
    pairs = selectors.neighbours(viewer, park)
    context = {"park": park, "pairs": pairs[:20], "further": max(len(pairs) - 20, 0)}
    return render(request, "web/parks/neighbours.html", context)


def _levels(plants: Sequence[Place]) -> dict[int, Level]:
    until = ledger.projected_until()
    return {one.pk: ledger.shown_by(one, until).level for one in plants}


def _alarms_at(plant: Place, alarms: Sequence[monitoring.AlarmRow]) -> int:
    return sum(1 for one in alarms if any(ref.id == plant.pk for ref in one.place))


def _ranked(
    plants: Sequence[Place], levels: dict[int, Level], alarms: Sequence[monitoring.AlarmRow]
) -> list[tuple[Place, Level, int]]:
    """Plants with level and open alarms, the worst first."""
    rows = [(one, levels[one.pk], _alarms_at(one, alarms)) for one in plants]
    return sorted(rows, key=lambda row: (-int(row[1]), -row[2], row[0].name))


def _shared(rows: Sequence[SharedFacility]) -> list[Shared]:
    known = park_desk.load(clock.today())
    return [
        Shared(row, known.facilities[row.kind], known.states.get(row.state, row.state))
        for row in rows
        if row.kind in known.facilities
    ]


def _group(viewer: Viewer, one: JointGroup) -> dict[str, Any]:
    """A group with those of its members that the viewer may see."""
    members = [place for place in one.members.all() if viewer.may("place.view", place.path, place.sector)]
    leader = one.leader if one.leader and viewer.may("place.view", one.leader.path, one.leader.sector) else None
    return {"row": one, "members": members, "leader": leader, "hidden": len(one.members.all()) > len(members)}


def _project(one: Project) -> dict[str, Any]:
    run = selectors.newest_check(one)
    return {"row": one, "run": run, "blocking": len(run.blocking) if run else None}
