from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from anlan.apps.core import actions
from anlan.kit import clock
from anlan.kit.jobs import Progress, job


@job("core.tidy")
def tidy(payload: Mapping[str, Any], progress: Progress) -> None:
    """Drop what nobody needs any more, and ask for the same in an hour."""
    actions.tidy()
    actions.enqueue("core.tidy", run_at=clock.now() + timedelta(hours=1))
