"""The rules in force: packs with the standard, clause and dates that each comes from."""

from dataclasses import asdict
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_noop as _
from ninja import Field, Query, Router, Schema

from anlan.kit import clock
from anlan.kit.api import Day, Listed, Strict, Words
from anlan.kit.errors import NotInScope
from anlan.packs import loader

router = Router(tags=[_("规则包")])


class PackOut(Schema):
    """One version of a pack: rules as data."""

    id: str = Field(description="Which rules.", examples=["core/roles"])
    title: str = Field(description="What they are about.", examples=["角色与权限"])
    standard: str = Field(description="The document they come from.", examples=["GB 18218-2018"])
    clause: str = Field(description="The clause in it.", examples=["4.2.3"])
    valid_from: date = Field(description="In force from this day.")
    valid_to: date | None = Field(description="Up to this day; null = until further notice.")
    source: str = Field(description="Where the text was taken from.")
    confidence: str = Field(description="How sure the values are.")
    note: str = Field(description="What else there is to know.")


class PackQuery(Strict):
    on: Day | None = Field(None, description="In force on this day; null = today.")
    text: Words = Field("", max_length=60, description="In the id, the title or the standard.")


@router.get("/packs", response=Listed[PackOut], summary=_("规则包"))
def list_packs(request: HttpRequest, query: Query[PackQuery]) -> dict[str, Any]:
    """The packs in force on a day, by their ids."""
    day, asked = query.on or clock.today(), query.text.casefold()
    rows = [asdict(header) for header in loader.headers() if header.holds(day)]
    return {"items": [r for r in rows if asked in f"{r['id']} {r['title']} {r['standard']}".casefold()]}


@router.get("/packs/{path:pack_id}", response=Listed[PackOut], summary=_("规则包的各版本"))
def pack_versions(request: HttpRequest, pack_id: Words) -> dict[str, Any]:
    """All versions of one pack, past and to come, newest first."""
    found = [asdict(header) for header in loader.headers() if header.id == pack_id]
    if not found:
        raise NotInScope
    return {"items": found}
