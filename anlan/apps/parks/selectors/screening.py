"""Plants that are there, checked as a new project would be: what their files and the map say."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from anlan.apps.consequences import selectors as consequences
from anlan.apps.core.models import Place
from anlan.apps.enterprises import selectors as enterprises
from anlan.apps.parks.models import Paper
from anlan.apps.parks.selectors import checking
from anlan.apps.parks.selectors.around import Around
from anlan.apps.parks.selectors.parks import enterprises_in
from anlan.apps.parks.selectors.projects import FindingLine, lines_of
from anlan.kit import clock
from anlan.kit.grants import Viewer
from anlan.packs.families import file_groups
from anlan.rules import paths

#: What a plant is not checked for: these lines are about letting something new in.
NEW_ONLY = frozenset({"grade", "capacity", "effect"})
#: Computed for one plant at a time: each scenario takes a moment.
SLOW = frozenset({"risk"})
EQUIPMENT = ("main_equipment", "tanks", "pressure_vessels")


@dataclass(frozen=True)
class Screened:
    """A plant and what its check finds."""

    place: Place
    lines: tuple[FindingLine, ...]

    @property
    def failing(self) -> list[FindingLine]:
        return [one for one in self.lines if one.verdict == "fail"]

    @property
    def unknown(self) -> list[FindingLine]:
        return [one for one in self.lines if one.verdict == "unknown"]


@dataclass(frozen=True)
class _File:
    """What the files of all plants of a park say, by the path of where it lies."""

    chemicals: Sequence[tuple[str, dict[str, Any]]]
    processes: Sequence[tuple[str, str]]
    equipment: Sequence[tuple[str, str]]
    facilities: Sequence[tuple[str, dict[str, Any]]]


def screen_park(viewer: Viewer, park: Place) -> list[Screened]:
    """Every plant of a park that the viewer may see, those with most failing lines first."""
    plants = [
        one for one in enterprises_in(viewer, park).defer(None) if viewer.may("enterprise.view", one.path, one.sector)
    ]
    if not plants:
        return []
    site = checking.Site(park, _around(plants))
    file = _file(viewer, park, plants)
    papers = Paper.objects.filter(project=None, place__in=[one.pk for one in plants], ended=None)
    by_plant: dict[int, dict[str, Any]] = {}
    for paper in papers.order_by("dated", "pk"):
        by_plant.setdefault(paper.place_id, {})[paper.kind] = paper.dated
    made = []
    for plant in plants:
        proposal = _proposal(plant, file, by_plant.get(plant.pk, {}), ())
        found = [checking.as_json(one) for one in checking.findings(proposal, site) if one.key not in NEW_ONLY | SLOW]
        made.append((plant, found))
    lines = _told(viewer, made)
    return sorted(lines, key=lambda one: (-len(one.failing), -len(one.unknown), one.place.name))


def screen(viewer: Viewer, plant: Place, park: Place) -> Screened:
    """One plant, with what its scenarios reach."""
    site = checking.Site(park, _around([plant]))
    papers = {
        row.kind: row.dated for row in Paper.objects.filter(project=None, place=plant, ended=None).order_by("dated")
    }
    scenarios = [one.pk for one in consequences.scenarios(viewer, plant)]
    proposal = _proposal(plant, _file(viewer, park, [plant]), papers, scenarios)
    found = [checking.as_json(one) for one in checking.findings(proposal, site) if one.key not in NEW_ONLY]
    return Screened(plant, tuple(lines_of(viewer, found)))


def _told(viewer: Viewer, made: Sequence[tuple[Place, list[dict[str, Any]]]]) -> list[Screened]:
    """All findings put into words in one go: one query for the names of what they mean."""
    flat = lines_of(viewer, [finding for _, found in made for finding in found])
    screened, at = [], 0
    for plant, found in made:
        screened.append(Screened(plant, tuple(flat[at : at + len(found)])))
        at += len(found)
    return screened


def _around(plants: Sequence[Place]) -> Around | None:
    boxes = [(one.west, one.south, one.east, one.north) for one in plants if one.geometry and one.west is not None]
    if not boxes:
        return None
    west, south = min(box[0] or 0 for box in boxes), min(box[1] or 0 for box in boxes)
    east, north = max(box[2] or 0 for box in boxes), max(box[3] or 0 for box in boxes)
    return Around((west, south, east, north))


def _proposal(plant: Place, file: _File, papers: dict[str, Any], scenarios: Sequence[int]) -> checking.Proposal:
    facts = enterprises.facts_of(plant)
    values = facts.values if facts else {}
    kinds = {one["kind"]: one for one in _at(plant, file.facilities)}
    return checking.Proposal(
        name=plant.name, stage="running", industry=facts.industry if facts else "", geometry=plant.geometry,
        products=(), chemicals=_at(plant, file.chemicals), processes=_at(plant, file.processes),
        equipment=_at(plant, file.equipment), facilities=list(kinds.values()),
        neighbours=values.get("neighbours"), papers=papers, scenarios=scenarios, own=(plant.path,), fresh=False,
    )  # fmt: skip


def _at(plant: Place, rows: Sequence[tuple[str, Any]]) -> list[Any]:
    return [value for path, value in rows if paths.covers(plant.path, path)]


def _file(viewer: Viewer, park: Place, plants: Sequence[Place]) -> _File:
    """The rows of all plants: those below the park at once, those that it only counts one by one."""
    roots = [park] if len(plants) > 1 else list(plants)
    roots += [one for one in plants if len(plants) > 1 and not paths.covers(park.path, one.path)]
    groups = {one.key: one for one in file_groups.load(clock.today()).groups}
    chemicals, processes, equipment, facilities = [], [], [], []
    for root in roots:
        for unit in enterprises.assess(viewer, root).units:
            chemicals += [(unit.place.path, _chemical(line)) for line in unit.lines]
            facilities += [(unit.place.path, one) for line in unit.lines if (one := _facility(unit.place, line))]
        rows = enterprises.rows(viewer, root, groups["processes"])
        processes += [(row.place.path, row.name) for row in rows]
        for key in EQUIPMENT:
            equipment += [(row.place.path, row.name) for row in enterprises.rows(viewer, root, groups[key])]
    return _File(chemicals, processes, equipment, facilities)


def _chemical(line: enterprises.HoldingLine) -> dict[str, Any]:
    row = line.chemical
    return {
        "name": row.name, "cas": row.cas, "tonnes": line.counted_t, "category": row.hazard_category, "state": row.state,
        "hazardous": True,
    }  # fmt: skip


def _facility(place: Place, line: enterprises.HoldingLine) -> dict[str, Any] | None:
    """What kind of facility holds it: gas in a tank yard, liquid in one, or a process."""
    site, gas = line.chemical.site, line.chemical.state == "气体"
    kind = {"贮罐区": "lpg" if gas else "liquid", "生产场所": "process"}.get(site)
    if kind is None:
        return None
    drawn = place.west is not None and place.kind not in ("enterprise", "public_object")
    spot = {
        "longitude": ((place.west or 0) + (place.east or 0)) / 2,
        "latitude": ((place.south or 0) + (place.north or 0)) / 2,
    }
    return {"kind": kind, "name": "", **(spot if drawn else {})}
