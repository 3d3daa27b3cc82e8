"""Work of the ledger that comes round by the clock."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from anlan.apps.core.actions import enqueue
from anlan.apps.core.choices import JobState
from anlan.apps.core.models import Job
from anlan.apps.ledger.selectors import seal_head
from anlan.kit import clock
from anlan.kit.jobs import Progress, job


def next_midnight() -> datetime:
    """When the next day begins here."""
    today = timezone.localtime(clock.now()).replace(hour=0, minute=0, second=0, microsecond=0)
    return today + timedelta(days=1)


@job("ledger.seal_head")
def keep_head(payload: Mapping[str, Any], progress: Progress) -> None:
    """Write the day's head of the audit chain to the sheet that is printed and kept outside; again tomorrow."""
    head = seal_head()
    day = f"{timezone.localtime(clock.now()):%Y-%m-%d}"
    sheet = settings.DATA / "seal-heads.txt"
    said = sheet.read_text() if sheet.exists() else ""
    if f"{day}\t" not in said:
        sheet.write_text(f"{said}{day}\t{head.seq}\t{head.digest}\n")
    if not Job.objects.filter(kind="ledger.seal_head", state=JobState.WAITING).exists():
        enqueue("ledger.seal_head", run_at=next_midnight())
