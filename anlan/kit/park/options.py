"""Parts of RUN.yaml that may be left out: how a cloud begins, required distances, knock-on effects, uncertainty."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Cloud:
    """How a cloud begins: with it, the dense-gas model is taken where the cloud is dense.

    ``substance``: name or CAS number in the pack of substances. ``area`` [m2] of the pool, of the cloud's base, or of
    the ``jet`` after it has come to ambient pressure. ``temperature`` [K]: without it that of the air, or the boiling
    point where there are drops or it is the higher one. ``liquid``: share of drops by mass [-].
    """

    substance: str
    area: float
    temperature: float | None = None
    liquid: float = 0.0
    jet: bool = False

    def problems(self) -> Iterable[str]:
        if not 0 < self.area <= 1e6:
            yield f"cloud 的 area {self.area} 应大于 0（m²）"
        if not 0 <= self.liquid < 1:
            yield f"cloud 的 liquid {self.liquid} 应在 0 到 1 之间（液滴的质量份额，不含 1）"
        if self.temperature is not None and not 20 <= self.temperature <= 1000:
            yield f"cloud 的 temperature {self.temperature} 应在 20 到 1000 K 之间"


@dataclass(frozen=True)
class RequiredDistance:
    """A distance [m] that a rule asks between a source and a target; left empty: every source, every target.

    ``target`` may also be a category. ``standard``, ``clause``, ``pack``: where the rule stands.
    """

    metres: float
    source: str = ""
    target: str = ""
    standard: str = ""
    clause: str = ""
    pack: str = ""

    def problems(self) -> Iterable[str]:
        if not 0 < self.metres <= 100_000:
            yield f"distances 的 metres {self.metres} 应大于 0、不超过 100000（m）"


@dataclass(frozen=True)
class Domino:
    """Knock-on effects: ``in_risk`` adds the frequency of escalated accidents to the risk. ``cut_off``: rarer chains
    are not listed [1/yr]. ``orders``: generations after the first accident that chains are followed for."""

    in_risk: bool = False
    orders: int = 2
    cut_off: float = 1e-9

    def problems(self) -> Iterable[str]:
        if not 1 <= self.orders <= 4:
            yield f"domino 的 orders 是 {self.orders}，应在 1 到 4 之间"
        if not 1e-14 <= self.cut_off <= 1:
            yield f"domino 的 cut_off {self.cut_off} 应在 1e-14 到 1（每年）之间"


@dataclass(frozen=True)
class Uncertainty:
    """Monte-Carlo: error factors (95th percentile over median) of ``frequency`` and ``rate``, deviation of the
    ``probit``, the part of frequency and rate that is ``shared`` by all scenarios."""

    draws: int = 500
    seed: int = 1
    frequency: float = 3.0
    rate: float = 1.5
    probit: float = 0.5
    shared: float = 0.5

    def problems(self) -> Iterable[str]:
        if not 10 <= self.draws <= 100_000:
            yield f"draws 是 {self.draws}，应在 10 到 100000 之间"
        if not (1 <= self.frequency <= 1000 and 1 <= self.rate <= 100):
            yield f"frequency {self.frequency}、rate {self.rate} 是误差因子（95% 分位与中位之比），应不小于 1"
        if not (0 <= self.probit <= 5 and 0 <= self.shared <= 1):
            yield f"probit {self.probit} 应在 0 到 5 之间，shared {self.shared} 应在 0 到 1 之间"
