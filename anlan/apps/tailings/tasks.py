from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from anlan.apps.core.actions import enqueue
from anlan.apps.tailings import actions
from anlan.kit import clock
from anlan.kit.jobs import Progress, job

KIND = "tailings.judge"
EVERY = timedelta(minutes=2)


@job(KIND)
def judge(payload: Mapping[str, Any], progress: Progress) -> None:
    """Judge every pond by what its sensors say now, and ask for the same in some minutes."""
    actions.judge_all()
    enqueue(KIND, run_at=clock.now() + EVERY)
