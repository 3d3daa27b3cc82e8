"""What a park's study says in words, and its numbers as people write them."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from anlan.kernels.qra.criteria import ACCEPTABLE, INTOLERABLE, PRACTICABLE
from anlan.rules.figures import power

STAGES = {"new": _("新建、改建、扩建"), "in_service": _("在役")}
ZONES = {INTOLERABLE: _("不可容许"), PRACTICABLE: _("尽可能降低"), ACCEPTABLE: _("可容许"), "": _("没有判定")}
KINDS = {"public": _("公共场所"), "work": _("企业"), "home": _("居民点")}


def often(value: float) -> str:
    """A yearly frequency as once in so many years."""
    if value <= 0:
        return "—"
    years = 1 / value
    rounded = float(f"{years:.2g}")
    return f"{rounded / 1e4:,.4g} 万年" if rounded >= 1e4 else f"{rounded:,.0f} 年"


def percent(part: float, whole: float) -> str:
    """A share of something, to two figures; what is less than a thousandth is said to be."""
    share = part / whole if whole > 0 else 0.0
    if 0 < share < 1e-3:
        return "<0.1%"
    return f"{100 * share:.0f}%" if share >= 0.1 else f"{float(f'{100 * share:.2g}'):g}%"


def lines(found: Mapping[str, Any]) -> dict[str, Any]:
    """The contours with what stands on each."""
    features = [
        one | {"properties": {"level": one["properties"]["level"], "name": power(one["properties"]["level"])}}
        for one in found["features"]
    ]
    return {"type": "FeatureCollection", "features": features}


def named(packed: Mapping[str, Any]) -> dict[str, Any]:
    """Packed contours with what stands on each."""
    return {**packed, "levels": [one | {"name": power(one["level"])} for one in packed["levels"]]}
