"""An audit row in words, with the proof that it was not changed."""

from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest
from django.utils.translation import gettext_noop as _
from ninja import Field, Router, Schema

from anlan.apps.core.selectors import request_viewer
from anlan.apps.ledger import proof
from anlan.kit.api import Id
from anlan.kit.errors import NotInScope
from anlan.web import audit

router = Router(tags=[_("通知、文件与留痕")])


class ProofOut(Schema):
    """The row against its link of the chain, computed anew."""

    kind: Literal["whole", "unsealed", "change", "fork"] = Field(
        description="`unsealed` waits for its link; `change` and `fork`: somebody was at the records."
    )
    seq: int | None = Field(description="Place in the chain; null = not sealed yet.")
    sealed: datetime | None = Field(description="When it was sealed.")
    previous: str = Field(description="Digest of the link before.")
    digest: str
    expected: str = Field(description="Digest of the row as it stands.")


class AuditSentence(Schema):
    """What was done, in a sentence. Names only of people and things that the viewer may see."""

    id: int
    at: datetime
    who: str = Field(description="Who did it.", examples=["赵值"])
    text: str
    proof: ProofOut


@router.get("/audit/{row_id}", response=AuditSentence, summary=_("查看一条留痕"))
def get_audit_row(request: HttpRequest, row_id: Id) -> dict[str, Any]:
    """One row of the audit trail, proved on the spot."""
    viewer = request_viewer(request)
    row = audit.rows(viewer).filter(pk=row_id).first()
    if row is None:
        raise NotInScope
    told = audit.sentences(viewer, [row])[0]
    return {"id": row.pk, "at": row.at, "who": told.who, "text": told.text, "proof": proof.prove(row)}
