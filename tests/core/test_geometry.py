import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.rules import geometry

RING = [[120.0, 30.0], [121.0, 30.0], [121.0, 31.0], [120.0, 30.0]]


@pytest.mark.parametrize(
    ("shape", "box"),
    [
        ({"type": "Point", "coordinates": [120.5, 30.5]}, (120.5, 30.5, 120.5, 30.5)),
        ({"type": "Point", "coordinates": [120.5, 30.5, 12.0]}, (120.5, 30.5, 120.5, 30.5)),
        ({"type": "Point", "coordinates": [1, 2], "bbox": [1, 2, 1, 2]}, (1.0, 2.0, 1.0, 2.0)),
        ({"type": "LineString", "coordinates": [[1, 2], [3, -4]]}, (1.0, -4.0, 3.0, 2.0)),
        ({"type": "Polygon", "coordinates": [RING]}, (120.0, 30.0, 121.0, 31.0)),
        ({"type": "MultiPolygon", "coordinates": [[RING], [RING]]}, (120.0, 30.0, 121.0, 31.0)),
    ],
)
def test_a_geometry_has_its_box(shape: dict[str, object], box: tuple[float, ...]) -> None:
    assert geometry.check(shape) is None
    assert geometry.box(shape) == box


@pytest.mark.parametrize(
    "shape",
    [
        None,
        "Point",
        {"type": "Feature", "geometry": {"type": "Point", "coordinates": [1, 2]}},
        {"type": "Point"},
        {"type": "Point", "coordinates": [1]},
        {"type": "Point", "coordinates": ["1", "2"]},
        {"type": "Point", "coordinates": [True, False]},
        {"type": "Point", "coordinates": [181, 0]},
        {"type": "Point", "coordinates": [0, float("nan")]},
        {"type": "Point", "coordinates": [0, 10**400]},
        {"type": "Point", "coordinates": [1, 2], "onclick": "alert(1)"},
        {"type": "Point", "coordinates": [1, 2], "bbox": ["\ud800", 2, 1, 2]},
        {"type": "Point", "coordinates": [1, 2], "bbox": [1, 2, float("nan"), 2]},
        {"type": "Point", "coordinates": [1, 2], "bbox": "1,2,1,2"},
        {"type": ["Point"], "coordinates": [1, 2]},
        {"type": "LineString", "coordinates": [[1, 2]]},
        {"type": "LineString", "coordinates": []},
        {"type": "Polygon", "coordinates": [[*RING[:-1], [9, 9]]]},
        {"type": "Polygon", "coordinates": [RING[:2]]},
        {"type": "MultiPoint", "coordinates": [[1, 2]] * (geometry.MAX_POSITIONS + 1)},
    ],
)
def test_what_cannot_be_drawn_is_refused(shape: object) -> None:
    assert geometry.check(shape) is not None


junk = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=8,
)


@given(st.sampled_from(["Point", "LineString", "Polygon", "MultiPolygon", "x"]), junk)
def test_any_junk_is_refused_or_has_a_box(kind: str, coordinates: object) -> None:
    shape = {"type": kind, "coordinates": coordinates}
    if geometry.check(shape) is None:
        west, south, east, north = geometry.box(shape)
        assert west <= east
        assert south <= north
