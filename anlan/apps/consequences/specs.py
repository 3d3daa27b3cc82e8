"""What is written of a scenario, and what the models make of it."""

from dataclasses import dataclass

from anlan.kernels.validity import OutOfRange
from anlan.kit import clock
from anlan.kit.accident.inputs import Breach, BreachKind, Store
from anlan.kit.errors import BadInput
from anlan.packs.families import substances
from anlan.rules.refusal import Refusal

NAME_LENGTH = 120


@dataclass(frozen=True)
class ScenarioSpec:
    """Columns of a scenario; ``substance`` is a CAS number or a name. Units as in :class:`Scenario`."""

    name: str
    longitude: float
    latitude: float
    substance: str
    mass: float
    kind: BreachKind
    temperature: float = 293.15
    pressure: float | None = None
    head: float = 0.0
    height: float = 1.0
    bund: float | None = None
    diameter: float = 0.0
    length: float = 0.0
    duration: float = 1800.0

    def store(self) -> Store:
        return Store(self.substance, self.mass, self.temperature, self.pressure, self.head, self.height, self.bund)

    def breach(self) -> Breach:
        return Breach(self.kind, self.diameter, self.duration, self.length)


def checked(spec: ScenarioSpec) -> str:
    """The CAS number of the substance, if the scenario can be computed at all. Raises BadInput with what is wrong."""
    if not 0 < len(spec.name.strip()) <= NAME_LENGTH:
        told = {"most": str(NAME_LENGTH)}
        raise BadInput(
            Refusal("scenario.name", "情景要有名称，不超过 {most} 个字。", "例如“1 号液氨储罐，出口管断裂”。", told)
        )
    if not (-180 <= spec.longitude <= 180 and -80 <= spec.latitude <= 80):
        raise BadInput(Refusal("scenario.position", "泄漏点的经纬度不对。", "在图上点选泄漏点，或填十进制度数。"))
    try:
        known = substances.find(spec.substance, clock.today())
    except KeyError:
        fix = "请用物质库中的名称或 CAS 号；物质库可由本单位的规则包扩充。"
        told = {"substance": spec.substance[:40]}
        raise BadInput(Refusal("scenario.substance", "物质库中没有“{substance}”。", fix, told)) from None
    try:
        spec.store()
        spec.breach()
    except OutOfRange as error:
        raise BadInput(refused(error)) from error
    return known.cas


def refused(error: OutOfRange) -> Refusal:
    """A model's refusal as the reader meets it."""
    fix = "请检查储存量、温度、压力和泄漏口尺寸。"
    return Refusal("scenario.out_of_range", "模型不接受这组数值：{why}。", fix, {"why": str(error)})
