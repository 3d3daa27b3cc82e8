"""The demo's park as its manager runs it, written through the product's own actions."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.db import transaction

from anlan.apps.core import selectors as core
from anlan.apps.core.models import Person, Place
from anlan.apps.parks import actions
from anlan.apps.parks.actions import Report
from anlan.apps.parks.models import Gate, ParkProfile
from anlan.apps.parks.specs import (
    ChemicalLine,
    FacilityLine,
    FacilitySpec,
    GateSpec,
    GradingSpec,
    GroupSpec,
    ListedSpec,
    PaperSpec,
    PassSpec,
    ProfileSpec,
    ProjectSpec,
)
from anlan.kit import clock
from anlan.kit.errors import Refused
from anlan.kit.grants import SYSTEM
from anlan.packs.families import demo_parks as pack
from anlan.packs.families import park_grading
from anlan.rules import paths


def add() -> None:
    """Write everything down once; nothing happens where the park has its profile already."""
    today = clock.today()
    told = pack.load(today)
    park = Place.objects.filter(code=told.place, kind="park").first()
    if park is None or ParkProfile.objects.filter(place=park).exists():
        return
    with transaction.atomic():
        _Park(park, told, today).write()


class _Park:
    """The park while it is written."""

    def __init__(self, park: Place, told: pack.Parks, today: date) -> None:
        self.park, self.told, self.today = park, told, today

    def write(self) -> None:
        actions.edit_profile(SYSTEM, self.park.pk, ProfileSpec(self.told.industries, self.told.office, self.told.phone))
        self._grading()
        gates = {one.name: self._gate(one) for one in self.told.gates}
        for facility in self.told.facilities:
            self._facility(facility)
        for group in self.told.groups:
            self._group(group)
        for entry in self.told.listed:
            since = self._day(entry.days_ago)
            actions.add_listed(
                SYSTEM, self.park.pk, ListedSpec(entry.kind, entry.words, entry.reason, since, None, entry.basis)
            )
        for vehicle in self.told.vehicles:
            self._vehicle(vehicle, gates)
        for project in self.told.projects:
            self._project(project)

    def _grading(self) -> None:
        told = self.told.grading
        items = park_grading.load(self.today).items
        losses = {item.code: float(told.losses.get(item.code, 0)) for item in items}
        spec = GradingSpec(self._day(told.days_ago), told.assessor, losses, told.notes)
        actions.assess_park(SYSTEM, self.park.pk, spec)

    def _gate(self, told: pack.Gate) -> Gate:
        gate = actions.add_gate(SYSTEM, self.park.pk, GateSpec(told.name, told.use, *told.at))
        return actions.set_gate(SYSTEM, gate.pk, told.state, told.note)

    def _facility(self, told: pack.Facility) -> None:
        spec = FacilitySpec(
            told.kind, told.name, told.capacity, told.used, told.state, told.note, told.keeper, "",
            *(told.at or (None, None)),
        )  # fmt: skip
        actions.add_facility(SYSTEM, self.park.pk, spec)

    def _group(self, told: pack.Group) -> None:
        members = tuple(found for one in told.members if (found := self._plant(one)) is not None)
        if len(members) < 2:
            return
        drilled = self._day(told.drilled_days_ago)
        spec = GroupSpec(told.name, told.contact, told.phone, members, members[0], told.resources, drilled)
        actions.add_group(SYSTEM, self.park.pk, spec)

    def _vehicle(self, told: pack.Vehicle, gates: dict[str, Gate]) -> None:
        """A pass, and what the gate saw; one without a pass is turned away."""
        if told.permitted:
            since, until = self._ago(600), self._ago(-24 * 60)
            spec = PassSpec(
                told.plate, told.carrier, told.cargo, since, until, told.un, told.tonnes, self._plant(told.to),
                told.stay_min,
            )  # fmt: skip
            actions.give_pass(SYSTEM, self.park.pk, spec)
        gate = gates[told.gate].pk
        try:
            if told.entered is not None:
                actions.enter(SYSTEM, Report(gate, told.plate, self._ago(told.entered)))
            if told.left is not None:
                actions.leave(SYSTEM, Report(gate, told.plate, self._ago(told.left)))
        except Refused:
            if told.permitted:
                raise

    def _project(self, told: pack.Project) -> None:
        project = actions.add_project(SYSTEM, self.park.pk, self._spec(told))
        ring = [list(corner) for corner in told.land]
        actions.draw_project(SYSTEM, project.pk, {"type": "Polygon", "coordinates": [ring]})
        for paper in told.papers:
            spec = PaperSpec(paper.kind, self._day(paper.days_ago), paper.number, paper.issuer)
            actions.add_paper(SYSTEM, spec, project_id=project.pk)
        if told.weighed:
            actions.propose_installations(SYSTEM, project.pk)
            actions.ask_check(SYSTEM, project.pk)
            return
        actions.check_project(SYSTEM, project.pk)
        for opinion in told.opinions:
            person = Person.objects.filter(username=opinion.by).first()
            if person is not None:
                _sign(person, project.pk, opinion)

    def _spec(self, told: pack.Project) -> ProjectSpec:
        return ProjectSpec(
            name=told.name, applicant=told.applicant, stage=told.stage, industry=told.industry,
            investment=told.investment, neighbours=told.neighbours, products=told.products,
            processes=told.processes, equipment=told.equipment, plant_id=self._plant(told.plant),
            facilities=tuple(FacilityLine(kind) for kind in told.facilities),
            chemicals=tuple(
                ChemicalLine(one.name, one.cas, one.tonnes, one.category, one.state) for one in told.chemicals
            ),
        )  # fmt: skip

    def _plant(self, part: str) -> int | None:
        """The enterprise of the park whose name has the part."""
        return next((pk for pk, name in self._plants() if part and part in name), None)

    def _plants(self) -> Iterator[tuple[int, str]]:
        below = Place.objects.filter(path__gte=self.park.path, path__lt=paths.after(self.park.path), kind="enterprise")
        yield from below.order_by("path").values_list("pk", "name")

    def _day(self, days_ago: int) -> date:
        return self.today - timedelta(days=days_ago)

    def _ago(self, minutes: int) -> datetime:
        return clock.now() - timedelta(minutes=minutes)


def _sign(person: Person, project_id: int, told: pack.Opinion) -> None:
    """As that person; what a rule refuses (a check that does not pass) stays unsigned."""
    try:
        actions.sign(core.viewer_of(person), project_id, told.office, told.verdict, told.text)
    except Refused:
        return
