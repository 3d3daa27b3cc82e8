from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from anlan.apps.core.actions import enqueue
from anlan.apps.hooks.actions.sending import tidy
from anlan.kit import clock
from anlan.kit.jobs import Progress, job


@job("hooks.tidy")
def tidy_deliveries(payload: Mapping[str, Any], progress: Progress) -> None:
    """Drop deliveries that were done with long ago, and ask for the same tomorrow."""
    tidy()
    enqueue("hooks.tidy", run_at=clock.now() + timedelta(days=1))
