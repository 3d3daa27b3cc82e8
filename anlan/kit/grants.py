"""What a person may see and do: grants, OR-ed, each a role at a place and below, in some sectors or all.

Selectors narrow their rows with :meth:`Viewer.scope`; actions ask :meth:`Viewer.may`. The roles and their capabilities
are data in the pack ``core/roles``.
"""

from collections.abc import Callable, Collection
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from anlan.rules import paths


@dataclass(frozen=True)
class Scope:
    """One grant as the viewer holds it: capabilities on the subtree of ``path`` in ``sectors`` (None = all)."""

    capabilities: frozenset[str]
    path: str
    sectors: frozenset[str] | None = None
    since: datetime | None = None
    until: datetime | None = None

    def live(self, now: datetime) -> bool:
        return (self.since is None or self.since <= now) and (self.until is None or now < self.until)

    def covers(self, path: str, sector: str) -> bool:
        return paths.covers(self.path, path) and (self.sectors is None or sector in self.sectors)


@dataclass(frozen=True)
class Viewer:
    """A person with the grants that were live when the request, the stream or the job asked."""

    person_id: int | None
    name: str
    scopes: tuple[Scope, ...]
    second_factor: bool = False  # one of the roles asks for it

    def may(self, capability: str, path: str, sector: str = "") -> bool:
        """Whether ``capability`` is held at the place with this path and sector."""
        return any(capability in scope.capabilities and scope.covers(path, sector) for scope in self.scopes)

    def may_anywhere(self, capability: str) -> bool:
        """Whether ``capability`` is held at any place at all (menus, empty lists)."""
        return any(capability in scope.capabilities for scope in self.scopes)

    def scope(self, capability: str, prefix: str = "") -> Q:
        """A filter over rows whose place is reached by ``prefix``: '' for places, else 'place__', 'tag__place__'."""
        either = Q(pk__in=[])
        for scope in self.scopes:
            if capability in scope.capabilities:
                here = Q(**{f"{prefix}path__gte": scope.path, f"{prefix}path__lt": paths.after(scope.path)})
                if scope.sectors is not None:
                    here &= Q(**{f"{prefix}sector__in": sorted(scope.sectors)})
                either |= here
        return either

    def held(
        self, wanted: AbstractSet[str], path: str, sectors: Collection[str] = (), until: datetime | None = None
    ) -> frozenset[str]:
        """Which of ``wanted`` are held there in each of ``sectors`` (none = all) and until then (None = for ever)."""
        lasting = [s for s in self.scopes if s.until is None or (until is not None and until <= s.until)]
        here = [s for s in lasting if paths.covers(s.path, path)]
        return frozenset(c for c in wanted if _everywhere([s for s in here if c in s.capabilities], sectors))

    def test(self, capability: str) -> Callable[[str, str], bool]:
        """``may`` with the scopes of one capability picked out once, for filters over many rows in memory."""
        held = [scope for scope in self.scopes if capability in scope.capabilities]
        return lambda path, sector: any(scope.covers(path, sector) for scope in held)


class _Everything(frozenset[str]):
    """Holds every capability, also those of apps that are yet to come."""

    def __contains__(self, capability: object) -> bool:
        return True


def _everywhere(scopes: list[Scope], sectors: Collection[str]) -> bool:
    if any(scope.sectors is None for scope in scopes):
        return True
    return bool(sectors) and all(any(sector in (s.sectors or ()) for s in scopes) for sector in sectors)


NOBODY = Viewer(person_id=None, name="", scopes=())

#: The product itself, for what no person does: alarms, jobs, the demonstration's set-up.
SYSTEM = Viewer(person_id=None, name="安澜", scopes=(Scope(_Everything(), path=""),))
