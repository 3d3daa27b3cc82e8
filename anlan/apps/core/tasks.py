from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from anlan.apps.core import actions, retention
from anlan.kit import clock
from anlan.kit.jobs import Progress, job


@job("core.tidy")
def tidy(payload: Mapping[str, Any], progress: Progress) -> None:
    """Delete what is past the time that the pack core/retention gives it, and ask for the same in an hour."""
    retention.run()
    actions.enqueue("core.tidy", run_at=clock.now() + timedelta(hours=1))
