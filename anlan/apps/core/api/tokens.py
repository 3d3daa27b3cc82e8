"""Tokens of programs."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_noop as _
from ninja import Field, Query, Router, Schema, Status

from anlan.apps.core import actions, selectors
from anlan.apps.core.models import ApiToken
from anlan.kit.api import Id, Listed, Moment, Slice, Strict, Words, cut

router = Router(tags=[_("令牌")])


class TokenOut(Schema):
    """A token, without what it is. Empty lists and no place: all that its owner holds."""

    id: int
    name: str
    prefix: str
    person_id: int
    place_id: int | None
    capabilities: list[str]
    sectors: list[str]
    read_only: bool
    created: datetime
    until: datetime
    last_used: datetime | None
    revoked: datetime | None


class NewToken(Strict):
    name: Words = Field(min_length=1, max_length=80)
    until: Moment
    place_id: Id | None = None
    capabilities: list[Words] = Field([], max_length=80)
    sectors: list[Words] = Field([], max_length=40)
    read_only: bool = True
    person_id: Id | None = Field(None, description="An account without password that the viewer keeps; null = oneself.")


class TokenMade(TokenOut):
    """The token is in this answer and nowhere else."""

    token: str


@router.get("/tokens", response=Listed[TokenOut], summary=_("令牌列表"))
def list_tokens(request: HttpRequest, part: Query[Slice]) -> dict[str, Any]:
    """The viewer's tokens and those of the programs' accounts that the viewer keeps, also ended ones."""
    return cut(selectors.tokens(selectors.request_viewer(request)), part, "-pk")


@router.post("/tokens", response={201: TokenMade}, summary=_("新建令牌"))
def add_token(request: HttpRequest, new: NewToken) -> Status[dict[str, Any]]:
    """Make a token, with a session only: a token makes no other token."""
    token, secret = actions.add_token(selectors.request_viewer(request), actions.TokenSpec(**new.dict()))
    return Status(201, {**TokenOut.from_orm(token).dict(), "token": secret})


@router.delete("/tokens/{token_id}", response=TokenOut, summary=_("撤销令牌"))
def revoke_token(request: HttpRequest, token_id: Id) -> ApiToken:
    """Refuse a token from now on, with a session only."""
    return actions.revoke_token(selectors.request_viewer(request), token_id)
