"""Something of every kind in both counties, each with a mark of its own, and a plain oracle of who may see it.

The oracle walks up the parents of a place and compares names of roles with the pack; it shares nothing with the grants
that the product computes.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from anlan.apps.consequences import actions as consequences
from anlan.apps.consequences.parks import actions as weighing
from anlan.apps.consequences.parks.specs import SourceSpec, StudySpec
from anlan.apps.consequences.specs import ScenarioSpec
from anlan.apps.core import actions as core
from anlan.apps.core import selectors
from anlan.apps.core.models import Grant, Session
from anlan.apps.enterprises import actions as enterprises
from anlan.apps.enterprises.actions import LicenceSpec
from anlan.apps.exchange.models import ImportRun
from anlan.apps.hooks.models import Delivery, WebHook
from anlan.apps.incidents import actions as incidents
from anlan.apps.ledger.actions import raise_fact
from anlan.apps.monitoring import actions as monitoring
from anlan.apps.monitoring.models import Alarm, AlarmNote
from anlan.apps.parks import actions as park_desk
from anlan.apps.parks import specs
from anlan.apps.parks.models import JointGroup
from anlan.apps.reports import basis
from anlan.apps.reports.models import Report
from anlan.apps.tailings import actions as tailings
from anlan.apps.tailings.specs import PondSpec
from anlan.kit import clock
from anlan.kit.grants import SYSTEM
from anlan.packs.families import roles
from anlan.rules.alarms import Limits
from anlan.rules.levels import Level
from tests.conftest import sign_in
from tests.monitoring.conftest import EVENT, RAISE, ms_ago
from tests.parks import parts
from tests.world import PEOPLE, PLACES, World

#: What lets a person see a thing of a kind that lies at a place.
VIEW = {
    "place": "place.view",
    "firm": "enterprise.view",
    "item": "enterprise.view",
    "scenario": "scenario.view",
    "park_study": "scenario.view",
    "park_source": "scenario.view",
    "report": "report.view",
    "pond": "pond.view",
    "desk": "alarm.view",
    "tag": "tag.view",
    "alarm": "alarm.view",
    "fact": "fact.view",
    "file": "file.view",
    "source": "source.edit",
    "audit": "audit.view",
    "person": "person.edit",
    "grant": "person.edit",
    "shift": "alarm.view",
    "park": "park.view",
    "parked": "enterprise.view",
    "grading": "park.view",
    "gate": "park.view",
    "pass": "park.view",
    "passage": "park.view",
    "facility": "park.view",
    "joint": "park.view",
    "listed": "park.view",
    "project": "project.view",
    "paper": "project.view",
    "installation": "project.view",
}
PARENTS = {key: parent for key, parent, *_ in PLACES}
#: enterprise, a risk point in it, somebody who hands in files there
ENTERPRISES = (
    ("plant", "valve", "王安"),
    ("haulier", "depot", "赵值"),
    ("mill", "ladle", "孙外"),
    ("ferry", "jetty", "孙外"),
)


@dataclass(frozen=True)
class Thing:
    """Something that a person may see or not. ``owner``: only that person does."""

    kind: str
    id: int | str
    place: str
    marks: tuple[str, ...]
    owner: str = ""


def above(place: str | None) -> Iterator[str]:
    """A place and all above it, by their keys."""
    while place is not None:
        yield place
        place = PARENTS[place]


@dataclass
class Truth:
    """Everything there is, and who may see and do what with it."""

    world: World
    things: list[Thing]
    grants: dict[str, list[tuple[str, str, tuple[str, ...]]]]

    def holds(self, name: str, capability: str, place: str) -> bool:
        sector = self.world.places[place].sector
        capabilities = roles.load(clock.today()).capabilities_of
        return any(
            capability in capabilities(role) and at in above(place) and (not sectors or sector in sectors)
            for role, at, sectors in self.grants.get(name, [])
        )

    def holds_anywhere(self, name: str, capability: str) -> bool:
        return any(self.holds(name, capability, place) for place in PARENTS)

    def sees(self, name: str, thing: Thing) -> bool:
        if thing.kind in ("pack", "group", "exchange"):  # rules are nobody's secret
            return True
        if thing.owner:
            return thing.owner == name or (thing.kind in VIEW and self.holds(name, VIEW[thing.kind], thing.place))
        return self.holds(name, VIEW[thing.kind], thing.place)

    def of(self, kind: str) -> list[Thing]:
        return [thing for thing in self.things if thing.kind == kind]

    def seen(self, name: str, kind: str) -> list[Thing]:
        return [thing for thing in self.of(kind) if self.sees(name, thing)]

    def forbidden_marks(self, name: str) -> set[str]:
        """What no answer to this person may contain. The names of places above what they see are no secret."""
        allowed = {mark for thing in self.things if self.sees(name, thing) for mark in thing.marks}
        known = {key for thing in self.seen(name, "place") for key in above(thing.place)}
        allowed |= {self.world.places[key].name for key in known}
        return {mark for thing in self.things for mark in thing.marks} - allowed


def fill(world: World) -> Truth:
    """Put something of every kind into each enterprise of both counties."""
    grants: dict[str, list[tuple[str, str, tuple[str, ...]]]] = {}
    for name, _, role, place, sectors in PEOPLE:
        grants[name] = [(role, place, sectors)] if role else []
    things = [Thing("place", world.places[key].pk, key, (world.places[key].name,)) for key in PARENTS]
    things += _people(world)
    things += _handed_in(world)
    for number, (key, point, member) in enumerate(ENTERPRISES):
        things += _monitored(world, key, point, member, number)
        things += _kept(world, key, member)
        things += _filed(world, key)
        things += _imagined(world, key)
        things += _weighed(world, key)
        things += _dammed(world, key)
    things += _parked(world)
    things += _exported(world)
    things += _reported(world)
    things += _desks(world)
    things += _on_duty(world)
    things.append(Thing("pack", "core/roles", "", ("core/roles",)))
    things += [Thing("group", "licences", "", ()), Thing("exchange", "places", "", ())]
    return Truth(world, things, grants)


def _hook(name: str, owner: int) -> Iterator[Thing]:
    hook = WebHook.objects.create(
        owner_id=owner, name=f"推送H{name}H", url="https://192.0.2.7/in", secret="x", events=["alarm.raised"]
    )
    body = f'{{"mark": "正文B{name}B"}}'
    sent = Delivery.objects.create(hook=hook, event_id=f"alarm-{name}", event="alarm.raised", body=body)
    yield Thing("hook", hook.pk, "", (hook.name,), name)
    yield Thing("delivery", sent.pk, "", (f"正文B{name}B",), name)


def token_spec(**details: Any) -> core.TokenSpec:
    """A token of one's own for a month."""
    return core.TokenSpec(**{"name": "同步", "until": clock.now() + timedelta(days=30), **details})


def _people(world: World) -> Iterator[Thing]:
    for name, username, role, place, _ in PEOPLE:
        if role:
            yield Thing("person", world.people[name].pk, place, (username,), name)
            yield Thing("grant", Grant.objects.get(person=world.people[name]).pk, place, (), name)
    for name in ("王安", "孙外"):
        made, _ = core.add_token(selectors.viewer_of(world.people[name]), token_spec())
        yield Thing("token", made.pk, "", (made.prefix,), name)
        yield from _hook(name, world.people[name].pk)
        client = sign_in(world.people[name])
        handle = Session.objects.get(pk=client.session.session_key).handle
        yield Thing("session", handle, "", (handle,), name)


def _handed_in(world: World) -> Iterator[Thing]:
    """Files of imports: only who handed one in may see it."""
    for key, name in (("plant", "王安"), ("mill", "孙外")):
        stored = default_storage.save(f"imports/{key}.csv", ContentFile("名称,类别,上级\n".encode()))
        run = ImportRun.objects.create(
            kind="places", name=f"名单I{key}I.csv", stored=stored, size=1, state="staged", by=world.people[name]
        )
        yield Thing("import", run.pk, key, (run.name,), name)


def _monitored(world: World, key: str, point: str, member: str, number: int) -> Iterator[Thing]:
    source, _ = monitoring.add_source(SYSTEM, world.places[key].pk, f"gateway-{key}", f"网关Q{key}Q")
    yield Thing("source", source.pk, key, (source.name,))
    spec = monitoring.TagSpec(world.places[point].pk, "T1", f"温度T{key}T", limits=Limits(h=50))
    tag = monitoring.add_tag(SYSTEM, source.pk, spec)
    yield Thing("tag", tag.pk, point, (tag.name,))
    event = np.array([(0, tag.pk, ms_ago(), 1, RAISE, 60.0)], EVENT)
    offset = np.full(1, number + 1, np.int64)
    monitoring.DjangoSink().apply(0, number + 1, event, offset, np.full(1, ms_ago(), np.int64))
    alarm = Alarm.objects.get(tag=tag)
    note = f"备注N{key}N"
    AlarmNote.objects.create(alarm=alarm, by=world.people[member], text=note)
    yield Thing("alarm", alarm.pk, point, (note,))


def _filed(world: World, key: str) -> Iterator[Thing]:
    """An enterprise's file with a licence in it."""
    place, mark = world.places[key], f"证号E{key}E"
    yield Thing("firm", place.pk, key, (place.name,))
    spec = LicenceSpec(place_id=place.pk, name="营业执照", number=mark, issuer="市场监管局", issued=date(2024, 1, 1))
    [row] = enterprises.add_licences(SYSTEM, [spec])
    yield Thing("item", f"licence-{row.pk}", key, (mark,))


def _imagined(world: World, key: str) -> Iterator[Thing]:
    """An accident that might happen at an enterprise, quick to compute."""
    spec = ScenarioSpec(f"情景S{key}S", 121.0, 41.0, "甲烷", 5.0, "rupture", pressure=1e6)
    scenario = consequences.add_scenario(SYSTEM, world.places[key].pk, spec)
    yield Thing("scenario", scenario.pk, key, (spec.name,))


def _dammed(world: World, key: str) -> Iterator[Thing]:
    """A tailings pond, with a test of its drain and a step of its closing."""
    weir = {"name": f"溢洪道W{key}W", "kind": "weir", "crest": 107.0, "width": 3.0}
    spec = PondSpec(
        f"尾矿库P{key}P", "upstream", 12.0, 2e5, 110.0, 110.0, state="idle", slope=0.02, normal_level=106.0,
        storage=((104, 0), (107, 4e4), (110, 1e5)), drains=(weir,), last_deposit=date(2019, 1, 1),
        catchment={"area": 0.2, "mean24": 80, "cv": 0.5, "lag": 0.2},
    )  # fmt: skip
    pond = tailings.add_pond(SYSTEM, world.places[key].pk, spec)
    tailings.add_test(SYSTEM, pond.pk, tailings.TestSpec(weir["name"], date(2026, 5, 1), "visual", "good"))
    yield Thing("pond", pond.pk, key, (spec.name, weir["name"]))


def _parked(world: World) -> Iterator[Thing]:
    """A park as its manager keeps it: graded, with a gate, a vehicle, a facility, a group, a list, a project."""
    park = world.park
    yield Thing("park", park.pk, "park", (park.name,))
    yield Thing("parked", world.plant.pk, "plant", ())
    spec = specs.GradingSpec(parts.today(), "评估院V园区V", parts.losses())
    yield Thing("grading", park_desk.assess_park(SYSTEM, park.pk, spec).pk, "park", (spec.assessor,))
    gate = park_desk.add_gate(SYSTEM, park.pk, specs.GateSpec("卡口G园区G", "goods"))
    yield Thing("gate", gate.pk, "park", (gate.name,))
    held = parts.permitted(world, "鲁G98765")
    yield Thing("pass", held.pk, "park", (held.plate,))
    yield Thing("passage", park_desk.enter(SYSTEM, park_desk.Report(gate.pk, held.plate)).pk, "park", (held.plate,))
    facility = park_desk.add_facility(SYSTEM, park.pk, specs.FacilitySpec("emergency_pool", "应急池U园区U"))
    yield Thing("facility", facility.pk, "park", (facility.name,))
    group = JointGroup.objects.create(place=park, name="联防组J园区J", contact="王工", phone="1000-1")
    yield Thing("joint", group.pk, "park", (group.name,))
    entry = park_desk.add_listed(SYSTEM, park.pk, specs.ListedSpec("product", "禁品X园区X", "剧毒", parts.today()))
    yield Thing("listed", entry.pk, "park", (entry.words,))
    project = parts.proposed(world, replace(parts.GOOD, name="项目Y园区Y"))
    paper = park_desk.add_paper(
        SYSTEM, specs.PaperSpec("conditions", parts.today(), "文号Z园区Z"), project_id=project.pk
    )
    tank = SourceSpec("拟建罐I园区I", 120.0408, 30.0008, "7782-50-5", 5e3, "pressure-vessel", ("10mm",))
    park_desk.add_installations(SYSTEM, project.pk, [tank])
    park_desk.check_project(SYSTEM, project.pk)
    yield Thing("installation", 1, "park", (tank.name,))
    yield Thing("project", project.pk, "park", (project.name,))
    yield Thing("paper", paper.pk, "park", (paper.number,))


def _weighed(world: World, key: str) -> Iterator[Thing]:
    """A study of the risk around an enterprise, with one source."""
    study = weighing.add_study(SYSTEM, world.places[key].pk, StudySpec(f"评价E{key}E"))
    spec = SourceSpec(
        f"氯库L{key}L", 121.5, 41.1, "7782-50-5", 5e3, "pressure-vessel", ("10mm",), place_id=world.places[key].pk
    )
    (source,) = weighing.add_sources(SYSTEM, study.pk, [spec])
    yield Thing("park_study", study.pk, key, (study.name,))
    yield Thing("park_source", source.pk, key, (spec.name,))


def _on_duty(world: World) -> Iterator[Thing]:
    """Who has the desk of each county, and what was handed over."""
    now = clock.now()
    for name, key in (("赵值", "qinghe"), ("孙外", "linshan")):
        person, note = world.people[name], f"交接D{key}D"
        new = incidents.NewShift(world.places[key].pk, person.pk, now, now + timedelta(hours=8))
        [shift] = incidents.add_shifts(SYSTEM, [new])
        incidents.take_over(selectors.viewer_of(person), shift.pk, note)
        yield Thing("shift", shift.pk, key, (note,))


def _desks(world: World) -> Iterator[Thing]:
    """The places that have a roster."""
    for key in ("qinghe", "linshan"):
        yield Thing("desk", world.places[key].pk, key, ())


def _reported(world: World) -> Iterator[Thing]:
    """Reports that were made, each with what its maker saw."""
    for name, key in (("王安", "plant"), ("孙外", "mill")):
        place, viewer, mark = world.places[key], selectors.viewer_of(world.people[name]), f"报告R{key}R"
        stored = default_storage.save(f"reports/{key}.pdf", ContentFile(mark.encode()))
        report = Report.objects.create(
            kind="analysis", place=place, days=30, state="done", by=world.people[name], as_of=clock.now(),
            files={"pdf": {"name": stored, "size": 1, "digest": ""}},
            needs=[list(need) for need in basis.needs(viewer, [place.path])],
        )  # fmt: skip
        yield Thing("report", report.pk, key, (mark,))


def _exported(world: World) -> Iterator[Thing]:
    """Files that are being made, each for one person."""
    for name, key in (("王安", "plant"), ("孙外", "mill")):
        job = enterprises.ask_for_export(selectors.viewer_of(world.people[name]), world.places[key].pk, "xlsx")
        yield Thing("export", job.pk, key, (), name)


def _kept(world: World, key: str, member: str) -> Iterator[Thing]:
    place, reason = world.places[key], f"缘由F{key}F"
    fact = raise_fact(place.pk, "assessment", Level.GENERAL, reason, {}, source=None, happened=clock.now())
    yield Thing("fact", fact.pk, key, (reason,))
    viewer = selectors.viewer_of(world.people[member])
    upload = SimpleUploadedFile(f"附件L{key}L.csv", f"内容C{key}C".encode())
    kept = core.store_file(viewer, place, upload)
    yield Thing("file", kept.pk, key, (kept.name, f"内容C{key}C"), "")
    mark = f"留痕A{key}A"
    row = core.audit(None, "test.mark", place, "", {"mark": mark})
    yield Thing("audit", row.pk, key, (mark,))
    text = f"通知M{key}M"
    core.notify([world.people[member].pk], text, "", text)
    yield Thing("notice", selectors.notices(viewer).get(key=text).pk, key, (text,), member)
