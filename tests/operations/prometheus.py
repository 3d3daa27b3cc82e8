"""Reads the text format of Prometheus as strictly as its description asks."""

import re
from collections import defaultdict

NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
LABEL = r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"'
SAMPLE = re.compile(rf"({NAME})(?:\{{((?:{LABEL},?)*)\}})? (\S+)")
ESCAPES = {"\\\\": "\\", "\\n": "\n", '\\"': '"'}

Labels = tuple[tuple[str, str], ...]


class Figures:
    """``figures["anlan_jobs", ("state", "waiting")]``; everything said about a text is checked when it is read."""

    def __init__(self, text: str) -> None:
        self.kinds: dict[str, str] = {}
        self.helps: dict[str, str] = {}
        self.values: dict[tuple[str, Labels], float] = {}
        assert text.endswith("\n")
        for line in text.split("\n")[:-1]:
            self._comment(line) if line.startswith("#") else self._sample(line)
        self._check_histograms()

    def __getitem__(self, asked: tuple[str, *tuple[tuple[str, str], ...]]) -> float:
        """The one sample with these labels, whatever others it has."""
        name, *labels = asked
        found = [v for (n, has), v in self.values.items() if n == name and set(labels) <= set(has)]
        assert len(found) == 1, (asked, found)
        return found[0]

    def names(self) -> set[str]:
        return {name for name, _ in self.values}

    def _comment(self, line: str) -> None:
        match = re.fullmatch(rf"# (HELP|TYPE) ({NAME}) (.*)", line)
        assert match, line
        what, name, text = match.groups()
        kept = self.helps if what == "HELP" else self.kinds
        assert name not in kept, f"{what} of {name} stands twice"
        assert what == "HELP" or text in ("counter", "gauge", "histogram"), line
        kept[name] = text

    def _sample(self, line: str) -> None:
        match = SAMPLE.fullmatch(line)
        assert match, line
        labels = tuple((k, _plain(v)) for k, v in re.findall(LABEL, match[2] or ""))
        assert len({name for name, _ in labels}) == len(labels), line
        assert self._family(match[1]) in self.kinds.keys() & self.helps.keys(), f"{match[1]} has no HELP or TYPE"
        assert (match[1], labels) not in self.values, f"{line} stands twice"
        self.values[match[1], labels] = float(match[5])

    def _family(self, name: str) -> str:
        base = re.sub("_(bucket|sum|count)$", "", name)
        return base if self.kinds.get(base) == "histogram" else name

    def _check_histograms(self) -> None:
        buckets: dict[tuple[str, Labels], list[tuple[float, float]]] = defaultdict(list)
        for (name, labels), value in self.values.items():
            if name.endswith("_bucket"):
                bound = dict(labels)["le"]
                rest = tuple(pair for pair in labels if pair[0] != "le")
                buckets[name.removesuffix("_bucket"), rest].append((float(bound), value))
        for (name, labels), rows in buckets.items():
            assert rows == sorted(rows) and [n for _, n in rows] == sorted(n for _, n in rows)
            assert rows[-1] == (float("inf"), self.values[f"{name}_count", labels])


def _plain(text: str) -> str:
    return re.sub(r'\\[\\n"]', lambda match: ESCAPES[match[0]], text)
