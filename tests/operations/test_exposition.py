"""The text that Prometheus reads: whatever is in it, it comes out as it went in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.kit.exposition import Family, Histogram, counter, gauge, render
from tests.operations.prometheus import Figures

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r"), max_size=20)


def test_a_family_is_written_with_its_help_and_kind() -> None:
    text = render([counter("readings_total", "Readings\ntaken.", (3, {"by": 'a "b" \\ c'}), (2.5, {}))])
    assert text == (
        "# HELP readings_total Readings\\ntaken.\n"
        "# TYPE readings_total counter\n"
        'readings_total{by="a \\"b\\" \\\\ c"} 3\n'
        "readings_total 2.5\n"
    )


@given(TEXT, st.floats(allow_nan=False))
def test_labels_and_values_come_out_as_they_went_in(label: str, value: float) -> None:
    assert Figures(render([gauge("depth", "Depth [m].", (value, {"at": label}))]))["depth", ("at", label)] == value


def test_what_has_no_figure_is_not_named() -> None:
    assert render([gauge("empty", "Nothing.")]) == ""


@given(st.lists(st.floats(0, 20), max_size=50))
def test_a_bucket_counts_all_up_to_its_bound(seconds: list[float]) -> None:
    histogram = Histogram((0.1, 1.0, 10.0))
    for each in seconds:
        histogram.observe(each)
    figures = Figures(render([Family("took_seconds", "histogram", "Time.", list(histogram.samples({})))]))
    for bound in ("0.1", "1", "10"):
        assert figures["took_seconds_bucket", ("le", bound)] == sum(each <= float(bound) for each in seconds)
    assert figures["took_seconds_sum",] == pytest.approx(sum(seconds))
