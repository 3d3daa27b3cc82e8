"""Tokens of programs: made, shown once, used, revoked."""

import hashlib
import secrets
import string
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from anlan.apps.core import selectors
from anlan.apps.core.actions.people import person_to_keep
from anlan.apps.core.actions.record import audit, refuse_token
from anlan.apps.core.models import ApiToken, Person, Place
from anlan.kit import clock, rate
from anlan.kit.errors import NotSignedIn, TokenRefused, check
from anlan.kit.grants import Viewer
from anlan.packs.families import roles
from anlan.rules import tokens as rules
from anlan.rules.refusal import Refusal

MARK = "anlan_"  # by which a leaked token is recognised
NOTED = timedelta(minutes=1)  # the time of use is kept to the minute, so that reading writes nothing
_LETTERS = string.ascii_letters + string.digits
_WRONG = "请检查请求头 Authorization: Bearer <令牌>，或创建新的令牌。"


@dataclass(frozen=True)
class TokenSpec:
    """A token to be. Empty ``capabilities`` and ``sectors``, and no place: all that the owner holds."""

    name: str
    until: datetime
    place_id: int | None = None
    capabilities: Collection[str] = ()
    sectors: Collection[str] = ()
    read_only: bool = True
    person_id: int | None = None  # None = the viewer


def add_token(viewer: Viewer, spec: TokenSpec) -> tuple[ApiToken, str]:
    """Make a token; its text is in this answer and nowhere else."""
    secret = MARK + "".join(secrets.choice(_LETTERS) for _ in range(40))
    with transaction.atomic():
        refuse_token(viewer)
        person = _owner(viewer, spec.person_id)
        place = selectors.place(viewer, spec.place_id) if spec.place_id is not None else None
        check(rules.known(spec.capabilities, roles.load(clock.today()).capabilities))
        now = clock.now()
        live = ApiToken.objects.filter(person=person, revoked=None, until__gt=now).count()
        check(rules.may_have(spec.name, spec.until, now, live))
        token = ApiToken.objects.create(
            person=person,
            name=spec.name.strip()[:80],
            prefix=secret[: len(MARK) + 6],
            digest=digest(secret),
            place=place,
            capabilities=sorted(set(spec.capabilities)),
            sectors=sorted(set(spec.sectors)),
            read_only=spec.read_only,
            created_by_id=viewer.person_id or person.pk,
            until=spec.until,
        )
        _record(viewer, "token.add", token, place)
    return token, secret


def revoke_token(viewer: Viewer, token_id: int) -> ApiToken:
    """Refuse a token from now on. It cannot be taken back."""
    with transaction.atomic():
        refuse_token(viewer)
        token = selectors.token(viewer, token_id)
        if token.revoked is None:
            token.revoked = clock.now()
            token.save(update_fields=["revoked"])
            _record(viewer, "token.revoke", token, token.place)
    return token


def use_token(secret: str, address: str, *, writes: bool) -> ApiToken:
    """The token that somebody shows, if it may be used for this now. Raises what the answer shall say."""
    token = selectors.token_by_digest(digest(secret)) if secret.startswith(MARK) else None
    if token is None or not token.person.is_active:
        raise NotSignedIn(Refusal("token.unknown", "令牌不存在或不正确。", _WRONG))
    now = clock.now()
    if token.revoked is not None:
        raise NotSignedIn(Refusal("token.revoked", "令牌已撤销。", "请创建新的令牌。"))
    if token.until <= now:
        raise NotSignedIn(Refusal("token.expired", "令牌已到期。", "请创建新的令牌。"))
    rate.spend(f"token:{token.pk}", settings.API_RATE)
    if writes and token.read_only:
        raise TokenRefused(Refusal("token.read_only", "此令牌只能读取。", "请使用允许写入的令牌。"))
    if token.last_used is None or now - token.last_used >= NOTED:
        ApiToken.objects.filter(pk=token.pk).update(last_used=now, last_address=address[:64])
    return token


def digest(secret: str) -> str:
    """What is kept of a token. Its letters are random, so that a fast digest gives nothing away."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _owner(viewer: Viewer, person_id: int | None) -> Person:
    """Whose token it shall be: the viewer's, or that of a person who cannot sign in and whom the viewer keeps."""
    if person_id is None or person_id == viewer.person_id:
        return selectors.person(viewer, viewer.person_id or 0)
    person = person_to_keep(viewer, person_id)
    check(rules.for_another(has_password=person.has_usable_password()))
    return person


def _record(viewer: Viewer, action: str, token: ApiToken, place: Place | None) -> None:
    detail = {"name": token.name, "person": token.person_id, "read_only": token.read_only}
    audit(viewer.person_id, action, place, f"token:{token.pk}", detail)
