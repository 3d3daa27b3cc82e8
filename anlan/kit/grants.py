"""What a person may see and do: grants, OR-ed, each a role at a place and below, in some sectors or all.

Selectors narrow their rows with :meth:`Viewer.scope`; actions ask :meth:`Viewer.may`. The roles and their capabilities
are data in the pack ``core/roles``.
"""

from collections.abc import Callable
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

    def may(self, capability: str, path: str, sector: str = "") -> bool:
        """Whether ``capability`` is held at the place with this path and sector."""
        return any(capability in scope.capabilities and scope.covers(path, sector) for scope in self.scopes)

    def may_anywhere(self, capability: str) -> bool:
        """Whether ``capability`` is held at any place at all (menus, empty lists)."""
        return any(capability in scope.capabilities for scope in self.scopes)

    def scope(self, capability: str, prefix: str = "") -> Q:
        """A filter over rows whose place is reached by ``prefix`` ('' = the row is a Place, 'place__', 'tag__place__')."""
        either = Q(pk__in=[])
        for scope in self.scopes:
            if capability in scope.capabilities:
                here = Q(**{f"{prefix}path__gte": scope.path, f"{prefix}path__lt": paths.after(scope.path)})
                if scope.sectors is not None:
                    here &= Q(**{f"{prefix}sector__in": sorted(scope.sectors)})
                either |= here
        return either

    def test(self, capability: str) -> Callable[[str, str], bool]:
        """``may`` with the scopes of one capability picked out once, for filters over many rows in memory."""
        held = [scope for scope in self.scopes if capability in scope.capabilities]
        return lambda path, sector: any(scope.covers(path, sector) for scope in held)


NOBODY = Viewer(person_id=None, name="", scopes=())
