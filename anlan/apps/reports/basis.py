"""Who may read a report: whoever holds, now, all that was used to make it, everywhere that it looked.

A report tells what its maker was allowed to see. It is written down with it as a list of [capability, id of the place
at and below which it was used, sectors or None for all]. Moving a place moves what is asked with it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from anlan.kit.grants import Scope, Viewer
from anlan.rules import paths

#: What reports look at.
USED = ("place.view", "fact.view", "alarm.view", "tag.view", "enterprise.view", "scenario.view")

Need = tuple[str, int, tuple[str, ...] | None]


def common(found: Sequence[str]) -> str:
    """The path of the lowest place that covers all of some places; '' where they lie in different trees."""
    first, last = min(found), max(found)
    steps = range(0, min(len(first), len(last)) + 1, paths.STEP)
    return max((first[:end] for end in steps if first[:end] == last[:end]), key=len)


def needs(viewer: Viewer, looked_at: Sequence[str]) -> list[Need]:
    """What the viewer used of their rights in looking at places with these paths."""
    top = common(looked_at)
    found = {
        (capability, paths.ancestor_ids(path)[-1], tuple(sorted(scope.sectors)) if scope.sectors is not None else None)
        for capability in USED
        for scope in viewer.scopes
        if capability in scope.capabilities and (path := _lower(scope.path, top))
    }
    return sorted(found, key=repr)


def _lower(one: str, other: str) -> str:
    """The deeper of two paths if it lies below the other, else ''."""
    if paths.covers(one, other):
        return other or one
    return one if paths.covers(other, one) else ""


@dataclass(frozen=True)
class Reader:
    """Answers for one viewer whether needs are met; ``at``: path of every place that is named."""

    viewer: Viewer
    at: dict[int, str]

    def may(self, wanted: Iterable[Sequence[object]]) -> bool:
        return all(self._held(*need) for need in wanted)

    def _held(self, capability: object, place_id: object, sectors: object) -> bool:
        path = self.at.get(int(str(place_id)))
        asked = frozenset(map(str, sectors)) if isinstance(sectors, list | tuple) else None
        return path is not None and any(
            str(capability) in scope.capabilities and paths.covers(scope.path, path) and _all(scope, asked)
            for scope in self.viewer.scopes
        )


def _all(scope: Scope, asked: frozenset[str] | None) -> bool:
    return scope.sectors is None or (asked is not None and asked <= scope.sectors)
