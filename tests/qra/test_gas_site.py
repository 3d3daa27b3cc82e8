"""The site with gas under pressure: more parts, less detection and nearer people mean more loss; FAR and AIR follow."""

import math

import pytest

from anlan.kernels.validity import OutOfRange
from anlan.kit.models.families.gas_site import full_site

SITE = {
    "species": "H2",
    "P": 35e6,
    "T": 288.15,
    "pipe_id": 0.006223,
    "components": {"valve": 5, "instrument": 3, "joint": 35, "hose": 1, "pipe": 20},
    "positions": [[2.5, 0.5, 0.5], [12.0, 0.0, 6.0]],
}


def loss(**changes: object) -> float:
    found = full_site(**{**SITE, **changes})["total_PLL"]  # type: ignore[arg-type]  # as the model's caller gives it
    assert isinstance(found, float)
    return found


def test_the_loss_is_shared_by_the_people_who_are_there() -> None:
    found = full_site(**SITE)  # type: ignore[arg-type]
    far, air = found["FAR"], found["AIR"]
    assert isinstance(far, float) and isinstance(air, float)
    assert far == pytest.approx(loss() * 1e8 / (2 * 8760)) and air == pytest.approx(far * 2000 / 1e8)


def test_twice_the_parts_lose_twice_and_perfect_detection_nothing() -> None:
    doubled = {name: 2 * count for name, count in SITE["components"].items()}  # type: ignore[attr-defined]
    assert loss(components=doubled) == pytest.approx(2 * loss())
    assert loss(detection_credit=1.0) == 0 < loss() < loss(detection_credit=0.5)


def test_people_further_away_lose_less() -> None:
    assert loss(positions=[[30.0, 0.0, 30.0]]) < loss(positions=[[2.5, 0.5, 0.5]])


@pytest.mark.parametrize(
    "changes",
    [
        {"P": math.nan},
        {"pipe_id": 0.0},
        {"detection_credit": 1.5},
        {"components": {"valve": math.nan}},
        {"positions": [[1.0, 2.0]]},
        {"positions": [[math.nan, 0.0, 0.0]]},
        {"hours": 9000.0},
    ],
)
def test_what_cannot_be_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises((OutOfRange, ValueError)):
        loss(**changes)


def test_an_unknown_component_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match="valve"):
        loss(components={"valfe": 1.0})
