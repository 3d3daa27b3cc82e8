"""The only reader of parks and projects: narrowed to what the viewer's grants reach.

``parks`` the park with its grade, facilities, groups and list; ``vehicles`` gates and who is inside; ``neighbours``
plants that endanger each other; ``projects`` what wants to come; ``checking`` what the check finds; ``screening`` the
same for plants that are there.
"""

from anlan.apps.parks.selectors.neighbours import Pair, neighbours
from anlan.apps.parks.selectors.parks import (
    Lost,
    Shown,
    current_grading,
    enterprises_in,
    facilities,
    gates,
    gradings,
    group,
    groups,
    listed,
    lost_points,
    missing_facilities,
    park,
    parks,
    profile,
    shown_grading,
)
from anlan.apps.parks.selectors.projects import (
    FindingLine,
    Signature,
    lines_of,
    newest_check,
    papers,
    project,
    projects,
    signatures,
    spec_of,
)
from anlan.apps.parks.selectors.screening import Screened, screen, screen_park
from anlan.apps.parks.selectors.vehicles import (
    Counts,
    VehicleRow,
    counts,
    inside,
    passage,
    passages,
    passes,
    prepare_passages,
)

__all__ = [
    "Counts",
    "FindingLine",
    "Lost",
    "Pair",
    "Screened",
    "Shown",
    "Signature",
    "VehicleRow",
    "counts",
    "current_grading",
    "enterprises_in",
    "facilities",
    "gates",
    "gradings",
    "group",
    "groups",
    "inside",
    "lines_of",
    "listed",
    "lost_points",
    "missing_facilities",
    "neighbours",
    "newest_check",
    "papers",
    "park",
    "parks",
    "passage",
    "passages",
    "passes",
    "prepare_passages",
    "profile",
    "project",
    "projects",
    "screen",
    "screen_park",
    "shown_grading",
    "signatures",
    "spec_of",
]
