"""Where major hazard installations are (GB 18218), by what the enterprises' files say is held."""

from collections.abc import Sequence

from anlan.apps.enterprises import selectors as enterprises
from anlan.kit import clock
from anlan.kit.grants import Viewer
from anlan.packs.families import major_installations as pack
from anlan.rules.levels import Level
from anlan.web.atlas.kept import Kept

Said = list[tuple[int, int, int]]
_kept = Kept[Said](16)
forget = _kept.forget


def held(viewer: Viewer) -> Said:
    """(place, rank of its grade, 1) of every unit that is one: rank 4 is grade one, 1 is grade four, 0 not known."""
    if not viewer.may_anywhere("enterprise.view"):
        return []
    return _kept.get(viewer, lambda: _held(viewer))


def _held(viewer: Viewer) -> Said:
    grades = [row.name for row in sorted(pack.load(clock.today()).grades, key=lambda row: -row.r_from)]
    units = (unit for one in enterprises.assess_below(viewer, None).values() for unit in one.units if unit.is_major)
    return [(unit.place.pk, _rank(grades, unit.grade), 1) for unit in units]


def _rank(grades: Sequence[str], grade: str | None) -> int:
    return int(Level.MAJOR) - grades.index(grade) if grade in grades else int(Level.UNKNOWN)
