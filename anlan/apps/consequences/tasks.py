from collections.abc import Mapping
from typing import Any

from anlan.apps.consequences.parks import actions, computing
from anlan.kit.jobs import Progress, job


@job(actions.JOB)
def compute_park(payload: Mapping[str, Any], progress: Progress) -> None:
    """The risk of the newest revision of a study; computing it twice changes nothing."""
    computing.compute_study(payload["study"], progress)
