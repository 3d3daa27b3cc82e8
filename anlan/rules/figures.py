"""Numbers as people write them in reasons."""

from math import floor, log10

_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def power(value: float) -> str:
    """3.2e-06 as 3.2×10⁻⁶."""
    if value <= 0:
        return "0"
    exponent = floor(log10(value))
    figure = round(value / 10**exponent, 1)
    if figure >= 10:
        figure, exponent = figure / 10, exponent + 1
    return f"{figure:g}×10{str(exponent).translate(_RAISED)}"


def times(value: float) -> str:
    """How many times something, to two figures."""
    return f"{value:.2g}" if value < 10 else f"{value:.0f}"
