"""Places as files name them: by code, by name, or by the way down ("东关镇/顺达运输行"), within the viewer's scope."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import islice

from django.db.models import Q
from django.utils.translation import gettext as _

from anlan.apps.core import selectors as core
from anlan.kit.grants import Viewer
from anlan.kit.sheets import Unreadable
from anlan.rules import paths

AT_ONCE = 400
GUESSES = 60  # names that are looked for by likeness, in one file
_STEPS = "/／›>＞\\"
_COLUMNS = ("pk", "name", "kind", "path", "sector", "code")


@dataclass(frozen=True)
class Hit:
    """A place that a file may mean."""

    id: int
    name: str
    kind: str
    path: str
    sector: str
    code: str


def steps(text: str) -> list[str]:
    """The names on the way down, the place's own last."""
    for sign in _STEPS:
        text = text.replace(sign, "/")
    return [step.strip() for step in text.split("/") if step.strip()]


def pieces(source: Iterable[str], size: int = AT_ONCE) -> Iterable[list[str]]:
    rest = iter(source)
    while piece := list(islice(rest, size)):
        yield piece


class Finder:
    """Finds places by what a file calls them; asks the database for many at once and for each but once."""

    def __init__(self, viewer: Viewer, capability: str) -> None:
        self._viewer, self._capability = viewer, capability
        self._found: dict[str, list[Hit]] = {}
        self._guesses = 0

    def load(self, references: Collection[str]) -> None:
        """Look up whatever is not known yet."""
        fresh = {text for text in references if text and text not in self._found}
        last = {text: steps(text)[-1] for text in fresh if steps(text)}
        hits: dict[str, list[Hit]] = {}
        for some in pieces(sorted(set(last.values()))):
            rows = core.places(self._viewer).filter(Q(name__in=some) | Q(code__in=[one.upper() for one in some]))
            for hit in (Hit(*row) for row in rows.values_list(*_COLUMNS)):
                hits.setdefault(hit.name, []).append(hit)
                if hit.code and hit.code != hit.name:
                    hits.setdefault(hit.code, []).append(hit)
        for text in fresh:
            name = last.get(text, "")
            candidates = hits.get(name, []) or hits.get(name.upper(), [])
            self._found[text] = self._under(candidates, steps(text)[:-1])

    def find(self, text: str) -> Hit:
        """The one place that is meant. Raises Unreadable."""
        if text not in self._found:
            self.load([text])
        found = self._found[text]
        if not found:
            raise Unreadable(self._missing(text))
        if len(found) > 1:
            ways = "；".join(self._way(hit) for hit in found[:3])
            words = _("有 {n} 处叫“{name}”（{ways}），请写编码或完整的位置")
            raise Unreadable(words.format(n=len(found), name=text[:60], ways=ways))
        if not self._viewer.may(self._capability, found[0].path, found[0].sector):
            raise Unreadable(_("您不能维护“{name}”").format(name=found[0].name))
        return found[0]

    def known(self, text: str) -> Sequence[Hit]:
        return self._found.get(text, ())

    def _under(self, candidates: Sequence[Hit], above: Sequence[str]) -> list[Hit]:
        if not above:
            return list(candidates)
        return [hit for hit in candidates if _in_order(above, self._names(hit))]

    def _names(self, hit: Hit) -> list[str]:
        ids = paths.ancestor_ids(hit.path)[:-1]
        rows = core.places(self._viewer, retired=True).filter(pk__in=ids).order_by("path")
        return list(rows.values_list("name", flat=True))

    def _way(self, hit: Hit) -> str:
        return "›".join([*self._names(hit)[-2:], hit.name]) + (f"（{hit.code}）" if hit.code else "")

    def _missing(self, text: str) -> str:
        words = _("没有找到“{name}”，或不在您的范围内")
        self._guesses += 1
        name = steps(text)[-1] if steps(text) else ""
        if self._guesses > GUESSES or len(name) < 2:
            return words.format(name=text[:60])
        rows = core.places(self._viewer).filter(Q(name__icontains=name[:2]) | Q(name__icontains=name[-2:]))
        close = get_close_matches(name, list(rows.values_list("name", flat=True)[:500]), n=3, cutoff=0.5)
        if not close:
            return words.format(name=text[:60])
        return _("没有找到“{name}”，是否应为：{close}").format(name=text[:60], close="、".join(dict.fromkeys(close)))


def _in_order(wanted: Sequence[str], names: Sequence[str]) -> bool:
    """Whether the steps stand among the names in this order."""
    rest = iter(names)
    return all(any(name == step for name in rest) for step in wanted)
