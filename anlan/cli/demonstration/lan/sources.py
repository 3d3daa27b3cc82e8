"""Gateways and tags: what the trade's pack says is measured at an object, at every such object of an enterprise."""

from collections.abc import Iterable, Sequence

from anlan.cli.demonstration.lan.dice import Dice
from anlan.cli.demonstration.lan.model import EnterprisePlan, PlacePlan, SourcePlan, TagPlan
from anlan.packs.families.sector import ObjectTemplate
from anlan.packs.families.tags import TagSpec
from anlan.rules.alarms import Limits

#: How far normal running swings, as a share of the way to the nearest limit.
SWING = 0.35


def source(
    enterprise: EnterprisePlan, objects: Sequence[ObjectTemplate], catalogue: Sequence[TagSpec], dice: Dice
) -> SourcePlan | None:
    """The gateway of an enterprise; None when nothing is measured there."""
    if not dice.chance(enterprise.trade.monitored * 10):
        return None
    specs = {each.code: each for each in catalogue}
    measured = {each.code: [specs[code] for code in each.measured if code in specs] for each in objects}
    tags = tuple(_tags(enterprise.places, measured, doubled=enterprise.size == "L"))
    if not tags:
        return None
    kind = "mqtt" if dice.chance(150) else "http"
    name = f"{enterprise.name}监测网关"
    return SourcePlan(f"{enterprise.key}-gw", name, kind, enterprise.key, enterprise.trade.sector, tags)


def _tags(places: Iterable[PlacePlan], measured: dict[str, list[TagSpec]], *, doubled: bool) -> Iterable[TagPlan]:
    """What is measured at each object; large enterprises measure twice what is critical or important."""
    seen: dict[str, int] = {}
    for place in places:
        for spec in measured.get(place.object, ()) if place.object else ():
            for _ in range(2 if doubled and spec.rank != "general" else 1):
                seen[spec.code] = number = seen.get(spec.code, 0) + 1
                yield _tag(spec, place.key, number)


def _tag(spec: TagSpec, place: str, number: int) -> TagPlan:
    limits = Limits(
        hh=spec.hh,
        h=spec.h,
        l=spec.l,
        ll=spec.ll,
        deadband=spec.deadband,
        on_delay_s=spec.on_delay_s,
        off_delay_s=spec.off_delay_s,
        missing_s=spec.missing_s,
        range_low=spec.range_low,
        range_high=spec.range_high,
    )
    again = f"-{number}" if number > 1 else ""
    name = f"{spec.name}（{number}号）" if number > 1 else spec.name
    return TagPlan(
        spec.code + again, spec.code, name, spec.unit, spec.decimals, spec.rank, place, spec.normal, _band(spec), limits
    )


def _band(spec: TagSpec) -> tuple[float, float]:
    """Around the normal value, clear of every limit and of the ends of the range."""
    limits = [
        limit for limit in (spec.h, spec.hh, spec.l, spec.ll, spec.range_low, spec.range_high) if limit is not None
    ]
    ways = [abs(limit - spec.normal) for limit in limits if limit != spec.normal]
    swing = SWING * min(ways, default=abs(spec.normal) * 0.1)
    low = spec.normal - swing if spec.range_low is None else max(spec.range_low, spec.normal - swing)
    high = spec.normal + swing if spec.range_high is None else min(spec.range_high, spec.normal + swing)
    return low, high
