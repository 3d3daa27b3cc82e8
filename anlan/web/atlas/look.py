"""A question put to the atlas by somebody: which places they may see, which of them fit, which colours they show."""

import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from anlan.kit.grants import Scope, Viewer
from anlan.web.atlas import ground, keeper, majors, past, substances, trades
from anlan.web.atlas.cells import Levels
from anlan.web.atlas.index import Atlas, Bools
from anlan.web.atlas.question import MARKED, Question


@dataclass(frozen=True, eq=False)
class Look:
    """``seen``: in scope; ``ground``: of the trades, substance and stretch asked for; ``chosen``: those that are marked
    and counted, of the levels asked for, whatever layers are on."""

    atlas: Atlas
    question: Question
    levels: Levels
    seen: Bools
    ground: Bools
    chosen: Bools

    def of_layer(self, layer: str) -> Bools:
        return self.chosen & self.atlas.of_kind(*MARKED[layer])


_Key = tuple[tuple[Scope, ...], int, Question, datetime | None, int]
_KEPT = 32
_kept: "OrderedDict[_Key, Look]" = OrderedDict()
_lock = threading.Lock()


def look(viewer: Viewer, question: Question) -> Look:
    """Answered from memory while neither the places, nor a level, nor the grants have changed."""
    atlas = keeper.current()
    key = (viewer.scopes, keeper.version(), question, question.at, keeper.turn() if question.is_spatial else 0)
    with _lock:
        if found := _kept.get(key):
            _kept.move_to_end(key)
            return found
    found = _look(viewer, atlas, question)
    with _lock:
        _kept[key] = found
        while len(_kept) > _KEPT:
            _kept.popitem(last=False)
    return found


def forget() -> None:
    """Leave nothing of another database behind."""
    keeper.forget()
    past.forget()
    majors.forget()
    trades.forget()
    with _lock:
        _kept.clear()


def _look(viewer: Viewer, atlas: Atlas, question: Question) -> Look:
    levels = past.levels(atlas, question.at).copy()
    seen = atlas.scope(viewer)
    here = seen & ground.within(atlas, seen, question)
    if question.sectors:
        here &= atlas.in_sectors(question.sectors)
    if question.substance:
        here &= substances.holding(atlas, viewer, question.substance)
    return Look(atlas, question, levels, seen, here, here & _counted(atlas) & _fitting(atlas, levels, question))


def _counted(atlas: Atlas) -> Bools:
    """What is marked: every kind of a layer; units and areas only where nothing is below them that is."""
    marked = atlas.of_kind(*(kind for kinds in MARKED.values() for kind in kinds))
    return marked & ~(atlas.of_kind("unit", "area") & (atlas.children > 0))


def _fitting(atlas: Atlas, levels: Levels, question: Question) -> Bools:
    fits = np.ones(len(atlas), np.bool_)
    if question.levels:
        fits &= np.isin(levels, list(question.levels))
    if question.sorts:
        fits &= atlas.of_sorts(question.sorts) | ~atlas.of_kind("public_object")
    return fits
