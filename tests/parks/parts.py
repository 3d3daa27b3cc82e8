"""What several tests of parks begin with."""

from collections.abc import Callable
from datetime import date, timedelta

from anlan.apps.parks import actions
from anlan.apps.parks.models import Gate, ParkGrading, Project, VehiclePass
from anlan.apps.parks.specs import (
    ChemicalLine,
    FacilityLine,
    GateSpec,
    GradingSpec,
    ListedSpec,
    PaperSpec,
    PassSpec,
    ProfileSpec,
    ProjectSpec,
)
from anlan.kit import clock
from anlan.kit.grants import SYSTEM, Viewer
from anlan.packs.families import park_grading
from tests.world import World, plot

Viewers = Callable[[str], Viewer]


def today() -> date:
    return clock.today()


def losses(**lost: float) -> dict[str, float]:
    """Every item judged; those named lost so many points."""
    return {item.code: lost.get(item.code, 0.0) for item in park_grading.load(today()).items}


def graded(world: World, days_ago: int = 10, vetoes: tuple[str, ...] = (), **lost: float) -> ParkGrading:
    spec = GradingSpec(today() - timedelta(days=days_ago), "省化工研究院", losses(**lost), {}, vetoes)
    return actions.assess_park(SYSTEM, world.park.pk, spec)


def gate(world: World, name: str = "北门") -> Gate:
    return actions.add_gate(SYSTEM, world.park.pk, GateSpec(name, "goods", 120.041, 30.001))


def permitted(world: World, plate: str = "鲁A12345", stay_min: int = 60) -> VehiclePass:
    now = clock.now()
    spec = PassSpec(
        plate, "顺达运输", "液氯", now - timedelta(hours=1), now + timedelta(days=1), "1017", 20.0, world.plant.pk,
        stay_min,
    )  # fmt: skip
    return actions.give_pass(SYSTEM, world.park.pk, spec)


#: Land inside the park of the test world, in its south-west corner.
INSIDE = plot(120.0401, 30.0001, 0.001)

GOOD = ProjectSpec(
    name="年产 1 万吨乙酸乙酯项目", applicant="新川化工有限公司", stage="planned", industry="2614",
    products=("乙酸乙酯",), chemicals=(ChemicalLine("乙酸乙酯", "141-78-6", 300.0, "W5.3", "液体"),),
    processes=("酯化",), equipment=("密闭式离心机",), facilities=(FacilityLine("process"),), neighbours=0,
)  # fmt: skip


def proposed(world: World, spec: ProjectSpec = GOOD, *, drawn: bool = True) -> Project:
    project = actions.add_project(SYSTEM, world.park.pk, spec)
    return actions.draw_project(SYSTEM, project.pk, INSIDE) if drawn else project


def admissible(world: World) -> Project:
    """A project of which every veto line passes, in a park that is assessed, has a list and a purpose."""
    graded(world)
    actions.edit_profile(SYSTEM, world.park.pk, ProfileSpec(("26",), "柳湾化工园管委会", "0427-1234567"))
    actions.add_listed(SYSTEM, world.park.pk, ListedSpec("product", "光气", "剧毒气体", today()))
    project = proposed(world)
    actions.add_paper(SYSTEM, PaperSpec("conditions", today(), "安评〔2026〕1号"), project_id=project.pk)
    return project
