"""What the check of a project, or of a plant that is there, finds: facts gathered here, decided in the rules."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

import shapely

from anlan.apps.consequences import selectors as consequences
from anlan.apps.consequences.models import Scenario
from anlan.apps.core.choices import PlaceKind
from anlan.apps.core.models import Place
from anlan.apps.parks.choices import ListedKind
from anlan.apps.parks.models import ListedEntry, Paper, Project
from anlan.apps.parks.selectors import effects, parks
from anlan.apps.parks.selectors.around import Around, spots_of
from anlan.apps.parks.selectors.room import Room, room_of
from anlan.kit import clock
from anlan.kit.accident.inputs import Sky
from anlan.kit.errors import BadInput, NotInScope
from anlan.kit.grants import SYSTEM
from anlan.packs.families import admission, elimination, industries, supervised_processes
from anlan.packs.families import major_installations as gb18218
from anlan.packs.families.admission import Admission
from anlan.rules import added_risk, major_installations
from anlan.rules import admission as rules
from anlan.rules.admission import Finding

#: The two weathers that quantitative assessments begin with: a clear night, an overcast day.
SKIES = (Sky(1.5, "F"), Sky(5.0, "D"))


@dataclass(frozen=True)
class Proposal:
    """What is checked: a project, or a plant as its file has it. ``fresh``: newly built, so limits bind as bans do."""

    name: str
    stage: str
    industry: str
    geometry: Mapping[str, Any] | None
    products: Sequence[str]
    chemicals: Sequence[Mapping[str, Any]]
    processes: Sequence[str]
    equipment: Sequence[str]
    facilities: Sequence[Mapping[str, Any]]
    neighbours: int | None
    papers: Mapping[str, date]
    scenarios: Sequence[int] = ()
    own: Sequence[str] = ()  # paths of places that belong to it
    fresh: bool = True

    @property
    def hazardous(self) -> bool:
        return any(one.get("hazardous", True) for one in self.chemicals)

    @property
    def declared(self) -> list[str]:
        """Everything that is named in it."""
        named = [str(one["name"]) for one in self.chemicals]
        return [*self.products, *named, *self.processes, *self.equipment]


class Site:
    """A park (or an area of the county) and what is known of it, gathered once for as many proposals as are checked."""

    def __init__(self, place: Place, around: Around | None = None) -> None:
        self.place = place
        self.given = around

    @cached_property
    def entries(self) -> list[ListedEntry]:
        return list(parks.listed(SYSTEM, self.place, clock.today()))

    @cached_property
    def grading(self) -> parks.Shown | None:
        row = parks.current_grading(self.place) if self.is_park else None
        return parks.shown_grading(row) if row else None

    @cached_property
    def industries(self) -> list[str]:
        known = industries.load(clock.today())
        return [start for code in parks.profile(self.place).industries for start in known.prefixes(code)]

    @property
    def trades(self) -> list[str]:
        """What the park is for, by name and code."""
        return [_trade(code) for code in parks.profile(self.place).industries]

    @cached_property
    def room(self) -> Room | None:
        return room_of(SYSTEM, self.place) if self.is_park else None

    @cached_property
    def border(self) -> shapely.Geometry | None:
        if not self.is_park or self.place.geometry is None:
            return None
        return shapely.make_valid(shapely.from_geojson(json.dumps(self.place.geometry)))

    @property
    def is_park(self) -> bool:
        return self.place.kind == PlaceKind.PARK


def examine(project: Project, effect: effects.Computed) -> list[Finding]:
    """The findings of a project, in the order of the pack; ``effect``: what it adds to the risk around it."""
    return findings(proposal_of(project), Site(project.place), effect)


def proposal_of(project: Project) -> Proposal:
    """A project as it is checked."""
    rows = Paper.objects.filter(project=project, ended=None)
    return Proposal(
        name=project.name, stage=project.stage, industry=project.industry, geometry=project.geometry,
        products=project.products, chemicals=project.chemicals, processes=project.processes,
        equipment=project.equipment, facilities=project.facilities, neighbours=project.neighbours,
        papers=_latest(rows), scenarios=project.scenarios,
        own=(project.plant.path,) if project.plant else (),
    )  # fmt: skip


def _latest(rows: Any) -> dict[str, date]:
    return {row.kind: row.dated for row in rows.order_by("dated", "pk")}


def findings(one: Proposal, site: Site, effect: effects.Computed | None = None) -> list[Finding]:
    """One finding for each line of the pack, in its order."""
    known = admission.load(clock.today())
    around = site.given or _around(one)
    made = [
        _land(one, site),
        _grade(one, site),
        _capacity(site.room),
        _industry(one, site),
        _negative(one, site),
        _elimination(one),
        *_distances(one, around),
        _major(one),
        _risk(one, around, known),
        _effect(one, effect or effects.Computed(), known),
        _process(one, known),
        rules.three(known.due(one.stage), one.papers, clock.today(), fresh=one.fresh),
    ]
    by_key = {finding.key: finding for finding in made}
    return [by_key[item.key] for item in known.items if item.key in by_key]


def as_json(one: Finding) -> dict[str, Any]:
    """A finding as it is kept."""
    kept = {"key": one.key, "verdict": one.verdict.value, "reason": one.reason, "fix": one.fix}
    return {**kept, "params": dict(one.params), "places": list(one.places), "about": dict(one.about)}


def _around(one: Proposal) -> Around | None:
    if one.geometry is None:
        return None
    return Around(shapely.from_geojson(json.dumps(one.geometry)).bounds)


def _land(one: Proposal, site: Site) -> Finding:
    inside = None
    if one.geometry is not None and site.border is not None:
        land = shapely.make_valid(shapely.from_geojson(json.dumps(one.geometry)))
        inside = bool(site.border.buffer(1e-6).covers(land))
    drawn = one.geometry is not None
    return rules.land(inside=inside, drawn=drawn, park=site.place.name, hazardous=one.hazardous)


def _grade(one: Proposal, site: Site) -> Finding:
    shown = site.grading
    if shown is None or shown.grade is None:
        return rules.grade("", "", valid=False, hazardous=one.hazardous)
    name = f"{shown.grade.key} 级（{shown.grade.name}）"
    return rules.grade(name, shown.grade.projects, valid=shown.valid, hazardous=one.hazardous)


def _capacity(room: Room | None) -> Finding:
    found = rules.capacity(room.factor if room else None, room.name if room else "")
    return replace(found, about={"study": room.study_id}) if room else found


def _industry(one: Proposal, site: Site) -> Finding:
    name = _trade(one.industry) if one.industry else ""
    return rules.industry(one.industry, name, site.industries, site.trades)


def _trade(code: str) -> str:
    name = _industry_name(code)
    return f"{name}（{code}）" if name else code


def _industry_name(code: str) -> str:
    line = industries.load(clock.today()).line(code)
    return line[-1].name if line else ""


def _negative(one: Proposal, site: Site) -> Finding:
    hits = [(what, entry.words, entry.reason) for entry in site.entries for what in _meant(one, entry)]
    return rules.negative(hits, len(one.declared), len(site.entries))


def _meant(one: Proposal, entry: ListedEntry) -> list[str]:
    """What of a proposal an entry speaks of."""
    if entry.kind == ListedKind.INDUSTRY:
        fits = one.industry and one.industry.startswith(entry.words)
        return [_trade(one.industry)] if fits else []
    if entry.kind == ListedKind.PRODUCT:
        by_cas = [str(each["name"]) for each in one.chemicals if each.get("cas") == entry.words]
        named = [*one.products, *(str(each["name"]) for each in one.chemicals)]
        return by_cas or [what for what in named if entry.words in what]
    declared = one.processes if entry.kind == ListedKind.PROCESS else one.equipment
    return [what for what in declared if entry.words in what]


def _elimination(one: Proposal) -> Finding:
    entries = elimination.load(clock.today()).entries
    declared = [*one.processes, *one.equipment]
    hits = [(what, entry) for entry in entries for what in declared if entry.fits(what)]
    return rules.elimination(hits, len(declared), clock.today(), fresh=one.fresh)


def _distances(one: Proposal, around: Around | None) -> list[Finding]:
    spots = spots_of(one.geometry, one.facilities)
    if around is None:
        keys = ("people", "neighbour", "water")
        return [rules.distance(f"distance_{key}", [], drawn=False, facilities=0, known=False, reach=0) for key in keys]
    return [
        rules.distance(
            f"distance_{target.key}", around.gaps(target, spots, one.own), drawn=True, facilities=len(one.facilities),
            known=around.knows(target), reach=around.table.search_metres,
        )
        for target in around.table.targets
    ]  # fmt: skip


def _held(one: Proposal) -> tuple[list[tuple[major_installations.Holding, str, bool]], list[str]]:
    """(holding, state, whether its β is known) of what can be counted, and the names of what cannot."""
    tables = gb18218.load(clock.today())
    counted, uncounted = [], []
    for row in one.chemicals:
        if not row.get("hazardous", True):
            continue
        name, symbol = str(row["name"]), str(row.get("category", ""))
        threshold, _ = tables.threshold(name, str(row.get("cas", "")), symbol)
        beta = tables.beta(name, symbol)
        if row.get("tonnes") is None or threshold is None:
            uncounted.append(name)
        else:
            holding = major_installations.Holding(name, float(row["tonnes"]), threshold, beta or 1.0)
            counted.append((holding, str(row.get("state", "")), beta is not None))
    return counted, uncounted


def _major(one: Proposal) -> Finding:
    tables = gb18218.load(clock.today())
    counted, uncounted = _held(one)
    holdings = [holding for holding, _, _ in counted]
    judged = major_installations.judge(holdings, one.neighbours or 0, (tables.exposures, tables.grades))
    grade_name = judged.grade or ""
    if any(not known for _, _, known in counted):
        grade_name = ""
    known_people = one.neighbours is not None
    return rules.major(float(judged.s), grade_name, uncounted, hazardous=one.hazardous, neighbours=known_people)


def _effect(one: Proposal, computed: effects.Computed, known: Admission) -> Finding:
    refusal = computed.refusal
    why = refusal.filled(f"{refusal.message}{refusal.fix}") if refusal else ""
    return added_risk.effect(
        effects.added(computed.told) if computed.told else None, why, hazardous=one.hazardous,
        required=_gases(one, known) >= known.major_gas_ratio, least=known.least_added,
    )  # fmt: skip


def _gases(one: Proposal, known: Admission) -> float:
    """Σ q/Q of the gases."""
    counted, _ = _held(one)
    return sum(float(holding.ratio()) for holding, state, _ in counted if state in known.gas_states)


def _risk(one: Proposal, around: Around | None, known: Admission) -> Finding:
    reaches = _reaches(one, around, known) if one.scenarios and around is not None else None
    found = rules.risk(
        [reach for reach, *_ in reaches] if reaches is not None else None, hazardous=one.hazardous,
        quantitative=_gases(one, known) >= known.major_gas_ratio, report="qra" in one.papers,
    )  # fmt: skip
    hit = next((one for one in reaches or () if one[0].public), None)
    if hit is None or found.verdict is not rules.Verdict.FAIL:
        return found
    return replace(found, places=hit[1], about={"scenario": hit[2]})


def _reaches(one: Proposal, around: Around, known: Admission) -> list[tuple[rules.Reach, tuple[int, ...], int]]:
    """What each scenario touches, the places that are touched, and the scenario's id."""
    found = []
    for scenario_id in one.scenarios:
        try:
            scenario = consequences.scenario(SYSTEM, scenario_id)
        except NotInScope:
            continue
        zone, metres = farthest(scenario)
        public = around.public((scenario.longitude, scenario.latitude), metres, known.public_sorts)
        ids = tuple(one.place_id for one in public if one.place_id is not None)
        reach = rules.Reach(scenario.name, zone, metres, tuple(thing.name for thing in public))
        found.append((reach, ids, scenario.pk))
    return found


def farthest(scenario: Scenario) -> tuple[str, float]:
    """The worst zone that reaches farthest, in any direction of the wind: what it is called, and how far [m]."""
    best = ("", 0.0)
    for sky in SKIES:
        try:
            effects = consequences.study(scenario, consequences.Wind(sky)).accident.effects
        except BadInput:
            continue
        for effect in effects:
            if effect.zones and effect.zones[-1].reach > best[1]:
                best = (effect.zones[-1].level.name, effect.zones[-1].reach)
    return best


def _process(one: Proposal, known: Admission) -> Finding:
    processes = supervised_processes.load(clock.today()).processes
    found = [each.name for each in processes if any(each.fits(what) for what in one.processes)]
    lacking = [
        paper.name for key in known.process_papers if key not in one.papers and (paper := known.paper(key)) is not None
    ]
    return rules.process(found, lacking, len(one.processes))
