from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from anlan.apps.core import actions, retention, upkeep
from anlan.kit import clock
from anlan.kit.jobs import Progress, job


@job("core.tidy")
def tidy(payload: Mapping[str, Any], progress: Progress) -> None:
    """Delete what is past its time by the pack core/retention, see how the tables are filled; again in an hour."""
    retention.run()
    upkeep.keep_statistics()
    actions.enqueue("core.tidy", run_at=clock.now() + timedelta(hours=1))
