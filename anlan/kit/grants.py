"""What a person may see and do: grants, OR-ed, each a role at a place and below, in some sectors or all.

Selectors narrow their rows with :meth:`Viewer.scope`; actions ask :meth:`Viewer.may`. The roles and their capabilities
are data in the pack ``core/roles``.
"""

from collections.abc import Callable, Collection, Iterator
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Q

from anlan.kit.lookups import COMMON, RARE, range_of
from anlan.rules import paths


@dataclass(frozen=True)
class Narrowing:
    """What is let through of a person's grants: at and below a place, these capabilities, in these sectors.

    None lets everything through.
    """

    path: str | None = None
    capabilities: frozenset[str] | None = None
    sectors: frozenset[str] | None = None
    until: datetime | None = None

    @property
    def whole(self) -> bool:
        """Whether nothing but time is taken away."""
        return self.path is None and self.capabilities is None and self.sectors is None


@dataclass(frozen=True)
class Scope:
    """One grant as the viewer holds it: capabilities on the subtree of ``path`` in ``sectors`` (None = all)."""

    capabilities: frozenset[str]
    path: str
    sectors: frozenset[str] | None = None
    since: datetime | None = None
    until: datetime | None = None
    hint: str = ""  # how much lies there, for the planner: ``kit/lookups.py``

    def live(self, now: datetime) -> bool:
        return (self.since is None or self.since <= now) and (self.until is None or now < self.until)

    def covers(self, path: str, sector: str) -> bool:
        return paths.covers(self.path, path) and (self.sectors is None or sector in self.sectors)

    def narrowed(self, to: Narrowing) -> "Scope | None":
        """What both hold; None where they have nothing in common."""
        path = _lower(self.path, to.path)
        capabilities = self.capabilities if to.capabilities is None else self.capabilities & to.capabilities
        sectors = self.sectors if to.sectors is None else to.sectors & (self.sectors or to.sectors)
        if path is None or not capabilities or (sectors is not None and not sectors):
            return None
        until = min((end for end in (self.until, to.until) if end is not None), default=None)
        return Scope(capabilities, path, sectors, self.since, until, hint=self.hint if path == self.path else "")


def _lower(one: str, other: str | None) -> str | None:
    """The deeper of two paths if it lies below the other."""
    if other is None or paths.covers(other, one):
        return one
    return other if paths.covers(one, other) else None


@dataclass(frozen=True)
class Viewer:
    """A person with the grants that were live when the request, the stream or the job asked."""

    person_id: int | None
    name: str
    scopes: tuple[Scope, ...]
    second_factor: bool = False  # one of the roles asks for it
    token_id: int | None = None  # asks by this token instead of signing in
    own: bool = True  # also what is the person's own: notices, sessions, what they did

    @property
    def oneself(self) -> int | None:
        """Whose own things are shown; None under a token that lets through a part of the grants only."""
        return self.person_id if self.own else None

    def narrowed(self, to: Narrowing) -> "Viewer":
        """The same person with less: of every grant what ``to`` lets through."""
        scopes = tuple(scope for held in self.scopes if (scope := held.narrowed(to)) is not None)
        return replace(self, scopes=scopes, own=self.own and to.whole)

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
                here = range_of(scope.path, scope.hint, prefix)
                if scope.sectors is not None:
                    here &= Q(**{f"{prefix}sector__in": sorted(scope.sectors)})
                either |= here
        return either

    def narrow(self, capability: str) -> bool:
        """Whether little lies where ``capability`` is held: single enterprises, not areas."""
        return all(scope.hint == RARE for scope in self.scopes if capability in scope.capabilities)

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
SYSTEM = Viewer(person_id=None, name="安澜", scopes=(Scope(_Everything(), path="", hint=COMMON),))


_by_token: ContextVar[int | None] = ContextVar("anlan_by_token", default=None)


@contextmanager
def by_token(token_id: int) -> Iterator[None]:
    """What is done within was asked for by a token; audit rows name it."""
    before = _by_token.set(token_id)
    try:
        yield
    finally:
        _by_token.reset(before)


def asking_token() -> int | None:
    """The token behind what is being done; None for a person who has signed in, or the product itself."""
    return _by_token.get()
