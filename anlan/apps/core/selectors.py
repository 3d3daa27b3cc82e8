"""The only reader of places, people, grants, notices and files: narrowed to what the viewer's grants reach."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from anlan.apps.core.choices import JobState
from anlan.apps.core.models import (
    ApiToken,
    AuditRow,
    Grant,
    Heartbeat,
    Job,
    Lease,
    Notice,
    Outbox,
    Person,
    PersonKey,
    Place,
    Session,
    StoredFile,
    ZoneMembership,
)
from anlan.kit import clock, secrets
from anlan.kit.errors import NotAllowed, NotInScope
from anlan.kit.grants import NOBODY, Narrowing, Scope, Viewer
from anlan.kit.lookups import hint
from anlan.kit.prepared import prepared, prepared_count
from anlan.packs.families import roles
from anlan.rules import paths


@dataclass(frozen=True)
class Contact:
    """Somebody to call: the role is held at ``place_name``."""

    name: str
    role: str
    phone: str
    place_name: str


def capabilities_of(role: str) -> frozenset[str]:
    """What a role gives today, by the pack core/roles."""
    return roles.load(clock.today()).capabilities_of(role)


def live_grants(now: datetime) -> QuerySet[Grant]:
    """Grants that hold at this moment."""
    return Grant.objects.filter(Q(until=None) | Q(until__gt=now), since__lte=now)


#: What a grant is told by; every request asks, so no more than this is read.
_HELD = ("role", "sectors", "since", "until", "place__path", "place__kind")


def viewer_of(person: Person) -> Viewer:
    """A person with the grants that hold now."""
    if not person.is_active:
        return NOBODY
    held = _held(clock.now(), person.pk)
    scopes = tuple(_scope(*grant) for grant in held)
    return Viewer(person.pk, person.name, scopes, _needs_second_factor({role for role, *_ in held}))


@prepared
def _held(now: datetime, person_id: int) -> QuerySet[Grant, Any]:
    return live_grants(now).filter(person=person_id).order_by("pk").values_list(*_HELD)


def _scope(role: str, sectors: Collection[str], since: datetime, until: datetime | None, path: str, kind: str) -> Scope:
    return Scope(capabilities_of(role), path, frozenset(sectors) or None, since, until, hint=hint(kind))


def request_viewer(request: HttpRequest) -> Viewer:
    """The viewer behind a request, built once; nobody for a visitor who has not signed in."""
    kept = getattr(request, "_anlan_viewer", None)
    if isinstance(kept, Viewer):
        return kept
    person = request.user
    viewer = viewer_of(person) if isinstance(person, Person) else NOBODY
    request._anlan_viewer = viewer  # type: ignore[attr-defined]  # the request is the only place that lives as long
    return viewer


def person_of_session(session_key: str) -> Person | None:
    """Whose a session is, for servers that answer without Django's request; None once it has ended or lapsed."""
    found = Session.objects.filter(pk=session_key, expire_date__gt=clock.now(), person__is_active=True)
    session = found.select_related("person").first()
    return session.person if session else None


def tokens(viewer: Viewer) -> QuerySet[ApiToken]:
    """The viewer's own tokens, and those of people who cannot sign in themselves where the viewer keeps the people."""
    services = people(viewer).filter(password__startswith=UNUSABLE_PASSWORD_PREFIX)
    seen = Q(person=viewer.oneself) | Q(person__in=services.order_by().values("pk"))
    found = ApiToken.objects.filter(seen) if viewer.oneself is not None else ApiToken.objects.none()
    return found.select_related("person", "place", "created_by").order_by("-pk")


def token(viewer: Viewer, token_id: int) -> ApiToken:
    found = tokens(viewer).filter(pk=token_id).first()
    if found is None:
        raise NotInScope
    return found


def token_by_digest(digest: str) -> ApiToken | None:
    """For whoever shows a token: the row that was made for it, ended or not."""
    return ApiToken.objects.filter(digest=digest).select_related("person", "place").first()


def viewer_of_token(held: ApiToken) -> Viewer:
    """What a token lets through of the grants that its owner holds now."""
    owner = viewer_of(held.person)
    path = held.place.path if held.place else None
    capabilities, sectors = frozenset(held.capabilities) or None, frozenset(held.sectors) or None
    seen = owner.narrowed(Narrowing(path, capabilities, sectors, held.until))
    # whoever has no password signs in nowhere: the token alone is their credential
    return replace(seen, token_id=held.pk, second_factor=owner.second_factor and held.person.has_usable_password())


def viewer_behind(person: Person, token_id: int | None) -> Viewer:
    """Who asked for a job, with what holds now: a person, or what one of their tokens lets through; nobody once the
    token has ended."""
    if token_id is None:
        return viewer_of(person)
    found = live_tokens([token_id]).filter(person=person).first()
    return viewer_of_token(found) if found else NOBODY


def live_tokens(token_ids: Collection[int]) -> QuerySet[ApiToken]:
    """Which of these tokens have neither ended nor been revoked, of people who may still sign in."""
    held = ApiToken.objects.filter(pk__in=token_ids, revoked=None, until__gt=clock.now(), person__is_active=True)
    return held.select_related("person", "place")


def _needs_second_factor(held: Collection[str]) -> bool:
    known = roles.load(clock.today()).roles
    return any(role in known and known[role].second_factor for role in held)


# Places

_IDS_AT_ONCE = 500


def places(viewer: Viewer, *, kinds: Collection[str] = (), retired: bool = False) -> QuerySet[Place]:
    """Places in the viewer's scope, in the order of the tree."""
    found = Place.objects.filter(viewer.scope("place.view")).order_by("path")
    if kinds:
        found = found.filter(kind__in=kinds)
    return found if retired else found.filter(retired=None)


@prepared
def names(viewer: Viewer, ids: Collection[int]) -> QuerySet[Place, Any]:
    """Of those of some places that the viewer may see: id, name and kind, retired ones too."""
    return Place.objects.filter(viewer.scope("place.view"), pk__in=ids).values_list("pk", "name", "kind")


def place(viewer: Viewer, which: int | Place, capability: str = "place.view") -> Place:
    """One place. Raises NotInScope if the viewer may not know of it, NotAllowed if only ``capability`` is lacking.

    ``which``: its id, or the place where it was just read: then it is checked without being read again.
    """
    found = which if isinstance(which, Place) else next(iter(_place(which)), None)
    if found is None or not any(viewer.may(one, found.path, found.sector) for one in ("place.view", capability)):
        raise NotInScope
    if not viewer.may(capability, found.path, found.sector):
        raise NotAllowed(capability)
    return found


@prepared
def _place(place_id: int) -> QuerySet[Place]:
    return Place.objects.filter(pk=place_id)


def places_by_id(viewer: Viewer, ids: Collection[int], capability: str = "place.view") -> dict[int, Place]:
    """Several places at once, refused as :func:`place` refuses one of them."""
    wanted, found = sorted(set(ids)), dict[int, Place]()
    visible = Place.objects.filter(viewer.scope("place.view") | viewer.scope(capability))
    for start in range(0, len(wanted), _IDS_AT_ONCE):
        found |= visible.in_bulk(wanted[start : start + _IDS_AT_ONCE])
    if len(found) < len(wanted):
        raise NotInScope
    if not all(viewer.may(capability, each.path, each.sector) for each in found.values()):
        raise NotAllowed(capability)
    return found


def subtree(path: str) -> QuerySet[Place]:
    """The place with this path and everything below it, whoever asks. For actions that have checked."""
    return Place.objects.filter(path__gte=path, path__lt=paths.after(path))


def tree(viewer: Viewer, root_id: int) -> QuerySet[Place]:
    """A place and everything below it that the viewer may see, in the order of the tree."""
    return places(viewer).filter(pk__in=subtree(place(viewer, root_id).path).values("pk"))


def ancestors(viewer: Viewer, below: Place) -> list[Place]:
    """The places above one, from the top, as far as the viewer may see them."""
    return _of_ids(viewer, paths.ancestor_ids(below.path)[:-1])


@prepared
def _of_ids(viewer: Viewer, ids: Collection[int]) -> QuerySet[Place]:
    return places(viewer, retired=True).filter(pk__in=ids)


def search_places(viewer: Viewer, text: str) -> QuerySet[Place]:
    """Places in scope whose name contains the text, or whose code begins with it."""
    return places(viewer).filter(Q(name__icontains=text) | Q(code__startswith=text.upper()))


def members(viewer: Viewer, zone: Place) -> QuerySet[Place]:
    """What a zone counts besides what lies below it, as far as the viewer may see it."""
    return places(viewer).filter(memberships__zone=zone)


def zones_of(viewer: Viewer, member: Place) -> QuerySet[Place]:
    """The zones that count a place though it does not lie below them."""
    return places(viewer).filter(zone_memberships__place=member)


def counting(zone: Place) -> set[int]:
    """Ids of every place that counts this one: itself, all above, zones that count any of them, all above those."""
    found: set[int] = set()
    fresh = set(paths.ancestor_ids(zone.path))
    while fresh:
        found |= fresh
        zones = ZoneMembership.objects.filter(place_id__in=fresh).values_list("zone__path", flat=True)
        fresh = {place_id for path in zones for place_id in paths.ancestor_ids(path)} - found
    return found


# People and grants


def people_with(capability: str, at: Place) -> list[int]:
    """Ids of the active people who hold a capability at a place now."""
    above = paths.ancestor_ids(at.path)
    held = live_grants(clock.now()).filter(place_id__in=above, person__is_active=True)
    found = ((person, Viewer(None, "", (_scope(*grant),))) for person, *grant in held.values_list("person_id", *_HELD))
    return sorted({person for person, viewer in found if viewer.may(capability, at.path, at.sector)})


def contacts(viewer: Viewer, at: Place) -> list[Contact]:
    """Whom to call about a place: who answers for alarms there, the nearest first; not who only keeps the system."""
    place(viewer, at, "alarm.view")
    known = roles.load(clock.today()).roles
    answering = {k for k, role in known.items() if "alarm.acknowledge" in role.capabilities and not role.second_factor}
    rows = _answering(clock.now(), paths.ancestor_ids(at.path), roles=tuple(sorted(answering)))
    found = (told for sectors, *told in rows if not sectors or at.sector in sectors)
    return [Contact(name, known[role].name, phone, place_name) for role, name, phone, place_name in found]


@prepared
def _answering(now: datetime, place_ids: Collection[int], *, roles: tuple[str, ...]) -> QuerySet[Grant, Any]:
    held = live_grants(now).filter(place_id__in=place_ids, person__is_active=True, role__in=roles)
    ordered = held.order_by("-place__path", "person__name")
    return ordered.values_list("sectors", "role", "person__name", "person__phone", "place__name")


def grants(viewer: Viewer) -> QuerySet[Grant]:
    """Live grants that the viewer may see: at places where they keep the people, and their own."""
    now = clock.now()
    seen = viewer.scope("person.edit", "place__") | Q(person_id=viewer.oneself)
    live = Grant.objects.filter(Q(until=None) | Q(until__gt=now))
    return live.filter(seen).select_related("person", "place").order_by("pk")


def grant(viewer: Viewer, grant_id: int) -> Grant:
    found = grants(viewer).filter(pk=grant_id).first()
    if found is None:
        raise NotInScope
    return found


def people(viewer: Viewer) -> QuerySet[Person]:
    """The people who hold a grant where the viewer keeps the people, and the viewer."""
    seen = Q(pk__in=grants(viewer).order_by().values("person")) | Q(pk=viewer.oneself)
    return Person.objects.filter(seen).order_by("name", "pk")


def person(viewer: Viewer, person_id: int) -> Person:
    found = people(viewer).filter(pk=person_id).first()
    if found is None:
        raise NotInScope
    return found


def sessions(viewer: Viewer) -> QuerySet[Session]:
    """The viewer's own sessions, newest first."""
    mine = Session.objects.filter(person_id=viewer.oneself) if viewer.oneself else Session.objects.none()
    return mine.filter(expire_date__gt=clock.now()).order_by("-since")


def notices(viewer: Viewer) -> QuerySet[Notice]:
    """The viewer's own notices, newest first."""
    return Notice.objects.filter(person=viewer.oneself).order_by("-pk")


@prepared_count
def unread_notices(viewer: Viewer, *, most: int) -> QuerySet[Notice]:
    """How many notices the viewer has not read, counted up to so many."""
    return notices(viewer).filter(read=None)[:most]


# Records, files and the machinery


def audit_rows(viewer: Viewer) -> QuerySet[AuditRow]:
    """Audit rows at places where the viewer may read them, and what the viewer did, newest first."""
    seen = viewer.scope("audit.view", "place__") | Q(actor_id=viewer.oneself, actor__isnull=False)
    return AuditRow.objects.filter(seen).select_related("actor", "place").order_by("-pk")


def unsealed(person_id: int, ciphertext: str) -> str | None:
    """Personal data in an audit row in clear; None once they are erased."""
    key = PersonKey.objects.filter(person_id=person_id).first()
    return secrets.unseal(bytes(key.wrapped), ciphertext) if key else None


def files(viewer: Viewer, at: Place | None = None) -> QuerySet[StoredFile]:
    """Files at places where the viewer may open files, newest first."""
    found = StoredFile.objects.filter(viewer.scope("file.view", "place__")).select_related("place", "uploaded_by")
    return (found.filter(place=at) if at else found).order_by("-pk")


def newest_files(viewer: Viewer, at: Place, limit: int) -> list[StoredFile]:
    """The last files of a place that the viewer may open."""
    return _newest_files(viewer, at.pk, limit=limit)


@prepared
def _newest_files(viewer: Viewer, place_id: int, *, limit: int) -> QuerySet[StoredFile]:
    found = files(viewer).filter(place=place_id)
    return found.defer("place__geometry")[:limit]


def file(viewer: Viewer, file_id: int) -> StoredFile:
    found = files(viewer).filter(pk=file_id).first()
    if found is None:
        raise NotInScope
    return found


def heartbeats() -> dict[str, Heartbeat]:
    """When each part of the product was last alive."""
    return {row.part: row for row in Heartbeat.objects.all()}


def job_counts() -> dict[str, int]:
    """How many jobs are waiting, running and failed, for the health page."""
    open_states = (JobState.WAITING, JobState.RUNNING, JobState.FAILED)
    return {state.value: Job.objects.filter(state=state).count() for state in open_states}


def is_led(name: str) -> bool:
    """Whether somebody holds the lease of this name now."""
    return Lease.objects.filter(name=name, until__gt=clock.now()).exists()


def newest_event() -> int:
    """Id of the newest live event; 0 if there is none."""
    return next(iter(_newest_event()), 0)


@prepared
def _newest_event() -> QuerySet[Outbox, int]:
    return Outbox.objects.order_by("-pk").values_list("pk", flat=True)[:1]


def standing_sessions(session_keys: Collection[str]) -> set[str]:
    """Which of these sessions have neither ended nor lapsed, for the open streams."""
    found = Session.objects.filter(pk__in=session_keys, expire_date__gt=clock.now(), person__is_active=True)
    return set(found.values_list("pk", flat=True))
