"""Builds a small county in the data folder of a product that is about to run, through the product's own actions.

``python -m tests.browser.county`` prints what the tests need to know of it as one JSON line.
"""

import json
import sys

from anlan.cli import setup_django

setup_django()

from anlan.apps.core.models import Place  # noqa: E402 - needs Django
from anlan.apps.ledger.actions import NewFact, raise_facts  # noqa: E402
from anlan.apps.monitoring.actions import TagSpec, add_source, add_tag  # noqa: E402
from anlan.kit import clock  # noqa: E402
from anlan.kit.grants import SYSTEM  # noqa: E402
from anlan.rules.alarms import Limits  # noqa: E402
from tests import world as worlds  # noqa: E402

#: code, name, key of the place, rank; each test has its own tag, so that none disturbs another
TAGS = (
    ("MAP_P", "釜顶压力", "valve", "critical"),
    ("DUTY_T", "釜内温度", "valve", "important"),
    ("STREAM_L", "储罐液位", "depot", "important"),
    ("PAST_P", "锅炉压力", "school", "critical"),
    ("COUNT_P", "塔顶压力", "depot", "important"),
    ("CALM_F", "进料流量", "valve", "general"),
    ("LOST_L", "塔釜液位", "depot", "critical"),
)

#: A weather station at the town hall of 西岭乡.
SKY = (("SKY_WIND", "平均风速", "m/s"), ("SKY_FROM", "风向", "°"))


def build() -> dict[str, object]:
    world = worlds.build()
    now = clock.now()
    assessed = [place for place in world.places.values() if place.kind in ("risk_point", "public_object")]
    raise_facts([_assessment(place) for place in assessed])
    source, key = add_source(SYSTEM, world.qinghe.pk, "gateway", "清河县网关")
    limits = Limits(hh=95.0, h=90.0, l=10.0, ll=5.0, deadband=1.0)
    tags = {}
    for code, name, unit in SKY:
        tags[code] = add_tag(SYSTEM, source.pk, TagSpec(world.xiling.pk, code, name, unit, 1)).pk
    for code, name, place, rank in TAGS:
        spec = TagSpec(world.places[place].pk, code, name, "kPa", 1, rank, limits)
        tags[code] = add_tag(SYSTEM, source.pk, spec).pk
    places = {name: place.pk for name, place in world.places.items()}
    return {"key": key, "tags": tags, "places": places, "at": now.isoformat()}


def _assessment(place: Place) -> NewFact:
    return NewFact(place.pk, "assessment", 1, "风险评估：{word}", {"word": "低风险"}, clock.now())


if __name__ == "__main__":
    sys.stdout.write(json.dumps(build()))
