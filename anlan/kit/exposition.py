"""The text format of Prometheus, version 0.0.4: figures with their help, kind and labels."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

Kind = Literal["counter", "gauge", "histogram"]
Labels = Mapping[str, str]


@dataclass(frozen=True)
class Sample:
    """One line. ``suffix`` is what a histogram adds to its name: ``_bucket``, ``_sum``, ``_count``."""

    value: float
    labels: Labels
    suffix: str = ""


@dataclass(frozen=True)
class Family:
    """All samples of one name. A counter's name ends with ``_total``; a unit stands in the name."""

    name: str
    kind: Kind
    help: str
    samples: Sequence[Sample]


def counter(name: str, text: str, *values: tuple[float, Labels]) -> Family:
    return Family(name, "counter", text, [Sample(value, labels) for value, labels in values])


def gauge(name: str, text: str, *values: tuple[float, Labels]) -> Family:
    return Family(name, "gauge", text, [Sample(value, labels) for value, labels in values])


class Histogram:
    """Counts what was measured into buckets; ``bounds`` ascend."""

    def __init__(self, bounds: Sequence[float]) -> None:
        self.bounds = tuple(bounds)
        self._counts = [0] * (len(bounds) + 1)
        self._sum = 0.0

    def observe(self, value: float) -> None:
        at = next((at for at, bound in enumerate(self.bounds) if value <= bound), len(self.bounds))
        self._counts[at] += 1
        self._sum += value

    def samples(self, labels: Labels) -> Iterator[Sample]:
        """Every bucket counts what is at or below its bound, as the format asks."""
        counts, below = list(self._counts), 0  # a copy: another thread may be counting
        for bound, count in zip((*self.bounds, math.inf), counts, strict=True):
            below += count
            yield Sample(below, {**labels, "le": _number(bound)}, "_bucket")
        yield Sample(self._sum, labels, "_sum")
        yield Sample(below, labels, "_count")


def render(families: Iterable[Family]) -> str:
    """The whole text; a family without samples is left out."""
    return "".join(line + "\n" for family in families if family.samples for line in _lines(family))


def _lines(family: Family) -> Iterator[str]:
    yield f"# HELP {family.name} {_escape(family.help)}"
    yield f"# TYPE {family.name} {family.kind}"
    for sample in family.samples:
        yield f"{family.name}{sample.suffix}{_labels(sample.labels)} {_number(sample.value)}"


def _labels(labels: Labels) -> str:
    pairs = [f'{name}="{_quoted(value)}"' for name, value in labels.items()]
    return "{" + ",".join(pairs) + "}" if pairs else ""


def _escape(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\n", "\\n")


def _quoted(text: str) -> str:
    return _escape(text).replace('"', '\\"')


def _number(value: float) -> str:
    if math.isinf(value):
        return "+Inf" if value > 0 else "-Inf"
    return "NaN" if math.isnan(value) else repr(int(value)) if float(value).is_integer() else repr(float(value))
