"""Contours while a source is dragged: as fine as the screen shows, then exact; few bytes, the same lines."""

from base64 import b64decode
from typing import Any

import numpy as np
import pytest
import shapely

from anlan.kernels.qra.layout import Grid
from anlan.kit.accident.ground import Frame
from anlan.kit.park import lines, sketch
from anlan.kit.park.sketch import View

GRID, FRAME, LEVELS = Grid(-2000, -1500, 10, 400, 300), Frame(121.5, 41.1), (1e-7, 1e-6, 1e-5)


@pytest.fixture
def risk() -> np.ndarray[Any, np.dtype[np.float64]]:
    """Three hills, one of them steep."""
    x, y = np.meshgrid(GRID.x, GRID.y)
    hills = ((0, 0, 300, 3e-5), (900, -200, 500, 2e-6), (-1200, 500, 60, 1e-4))
    return sum(high * np.exp(-((x - east) ** 2 + (y - north) ** 2) / wide**2) for east, north, wide, high in hills)


def drawn(packed: dict[str, Any]) -> dict[float, shapely.MultiLineString]:
    """What a browser draws, in degrees."""
    west, south, east, north = packed["box"]
    up = lambda degree: np.arctanh(np.sin(np.radians(degree)))  # noqa: E731 - a formula
    raw = np.frombuffer(b64decode(packed["points"]), "<u2").reshape(-1, 2) / 65535
    latitude = np.degrees(np.arcsin(np.tanh(up(south) + raw[:, 1] * (up(north) - up(south)))))
    points = np.column_stack((west + raw[:, 0] * (east - west), latitude))
    cut, found = iter(np.split(points, np.cumsum(packed["lines"])[:-1])), {}
    for level in packed["levels"]:
        found[level["level"]] = shapely.MultiLineString([next(cut) for _ in range(level["lines"])])
    return found


def stored(risk: Any) -> dict[float, shapely.Geometry]:
    features = lines.geojson(risk, GRID, LEVELS, FRAME)["features"]
    return {one["properties"]["level"]: shapely.geometry.shape(one["geometry"]) for one in features}


@pytest.mark.parametrize(("pixel", "cells"), [(None, 1), (10.0, 2), (20.0, 4)])
def test_a_sketch_shows_the_lines_of_the_stored_contours_to_a_pixel_or_a_cell(
    risk: Any, pixel: float | None, cells: int
) -> None:
    part = sketch.part_of(GRID, View(-2000, -1500, 2000, 1500, pixel) if pixel else None)
    assert part.step == cells
    mine, its = drawn(sketch.packed(part.of(risk), part.grid, LEVELS, FRAME)), stored(risk)
    assert list(mine) == list(its) == list(LEVELS)
    metre = 1 / 111_320
    for level in LEVELS:
        assert shapely.hausdorff_distance(mine[level], its[level]) < (GRID.cell * cells + 2) * metre / 0.75


def test_a_screen_that_looks_at_a_corner_gets_that_corner_and_no_more(risk: Any) -> None:
    part = sketch.part_of(GRID, View(-1400, 300, -1000, 700, 1.0))
    assert part.step == 1
    assert (part.grid.columns, part.grid.rows) == (44, 44)
    assert np.array_equal(part.of(risk), risk[part.rows, part.columns])
    assert np.allclose(part.grid.x, GRID.x[part.columns]) and np.allclose(part.grid.y, GRID.y[part.rows])


@pytest.mark.parametrize("far", [View(9e4, 9e4, 9.1e4, 9.1e4, 1.0), View(-9e5, -9e5, 9e5, 9e5, 5e3)])
def test_a_screen_beside_the_map_or_far_above_it_is_answered(risk: Any, far: View) -> None:
    part = sketch.part_of(GRID, far)
    assert part.of(risk).shape == (part.grid.rows, part.grid.columns)
    sketch.packed(part.of(risk), part.grid, LEVELS, FRAME)


def test_a_map_without_risk_has_no_lines() -> None:
    assert sketch.packed(np.zeros((300, 400)), GRID, LEVELS, FRAME)["levels"] == []


def test_few_points_tell_a_circle(risk: Any) -> None:
    angle = np.linspace(0, 2 * np.pi, 2000)
    circle = 500 * np.column_stack((np.cos(angle), np.sin(angle)))
    points, sizes = sketch.thinned(circle, np.array([0, 2000]), 2.0)
    assert sizes.tolist() == [len(points)] and len(points) < 200
    assert shapely.hausdorff_distance(shapely.LineString(points), shapely.LineString(circle)) < 8
