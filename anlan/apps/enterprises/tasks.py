from collections.abc import Mapping
from typing import Any

from anlan.apps.core import selectors as core
from anlan.apps.core.models import Person
from anlan.apps.enterprises.actions import exports
from anlan.kit.jobs import Progress, job


@job(exports.KIND)
def export(payload: Mapping[str, Any], progress: Progress) -> None:
    """Make the file that somebody asked for."""
    person = Person.objects.get(pk=payload["person"])
    viewer = core.viewer_behind(person, payload.get("token"))
    exports.make(viewer, payload["job"], payload["place"], payload["format"], progress)


@job(exports.SWEEP)
def drop(payload: Mapping[str, Any], progress: Progress) -> None:
    """Forget a file whose time is over."""
    exports.drop(payload["name"])
