"""What is kept, for how long and why; what will go, and letting it go now."""

from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest
from django.utils.translation import gettext_noop as _
from ninja import Field, Router, Schema

from anlan.apps.core import retention
from anlan.apps.core.selectors import request_viewer
from anlan.kit.api import Listed
from anlan.kit.retention import State, Stored

router = Router(tags=[_("系统")])


class StoredOut(Schema):
    """How much there is. ``bytes`` null: lies in the database and is not told apart there."""

    rows: int
    bytes: int | None
    oldest: datetime | None = Field(description="Of when the oldest is; null = there is nothing.")


class RetentionOut(Schema):
    """One kind of record: its rule, what there is of it, and what would go now."""

    key: str = Field(examples=["readings_raw"])
    name: str = Field(description="What people call it.", examples=["原始读数"])
    keep: Literal["days", "always", "held"] = Field(
        description="`days`: then it goes; `always`; `held`: until other parts hold it too."
    )
    days: int | None = Field(description="So many days; null = not by days.")
    least_days: int | None = Field(description="What the law asks at least; null = nothing.")
    standard: str = Field(description="The document that asks for it.")
    clause: str = Field(description="The clause in it.")
    before: datetime | None = Field(description="What is older goes; null = nothing does.")
    stored: StoredOut
    due: StoredOut | None = Field(description="What would go now; null = nothing does.")


class Removed(Schema):
    """How much went, by kind."""

    removed: dict[str, int]


@router.get("/retention", response=Listed[RetentionOut], summary=_("保存期限"))
def list_retention(request: HttpRequest) -> dict[str, Any]:
    """What is stored and for how long, by the pack core/retention. For those who look after the system."""
    return {"items": [_state(one) for one in retention.state(request_viewer(request))]}


@router.post("/retention/run", response=Removed, summary=_("按保存期限清理"))
def run_retention(request: HttpRequest) -> dict[str, Any]:
    """Delete what is past its time now, as the worker does every hour. It cannot be undone."""
    return {"removed": retention.run(request_viewer(request))}


def _state(one: State) -> dict[str, Any]:
    names = ("name", "keep", "days", "least_days", "standard", "clause")
    told = {"key": one.key, "before": one.before, **{name: getattr(one.rule, name) for name in names}}
    return {**told, "stored": _stored(one.stored), "due": _stored(one.due) if one.due else None}


def _stored(one: Stored) -> dict[str, Any]:
    return {"rows": one.rows, "bytes": one.bytes, "oldest": one.oldest}
