from collections.abc import Mapping
from contextlib import nullcontext, suppress
from typing import Any

from anlan.apps.core import selectors as core
from anlan.apps.core.models import Person
from anlan.apps.parks.actions import signing
from anlan.kit.errors import Refused
from anlan.kit.grants import SYSTEM, by_token
from anlan.kit.jobs import Progress, job


@job(signing.JOB)
def check(payload: Mapping[str, Any], progress: Progress) -> None:
    """Check a project as whoever asked for it, with the grants that hold now. One that was changed meanwhile stays
    unchecked: its page says so."""
    person, token = Person.objects.filter(pk=payload["person"]).first(), payload.get("token")
    viewer = core.viewer_behind(person, token) if person else SYSTEM
    with by_token(token) if token else nullcontext(), suppress(Refused):
        signing.check_project(viewer, payload["project"], progress)
