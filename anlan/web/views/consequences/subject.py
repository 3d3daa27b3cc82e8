"""Which scenario an address means: one that is kept, by its id, or one that is only tried, written in the query."""

from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from anlan.apps.consequences import beginning, selectors
from anlan.apps.consequences.models import Scenario
from anlan.apps.core import selectors as core
from anlan.apps.core.models import Place
from anlan.kit.errors import BadInput
from anlan.kit.grants import Viewer
from anlan.rules.refusal import Refusal
from anlan.web.views.consequences.forms import WhatIfForm
from anlan.web.views.parts import whole_number

PARTS = {"part": "part", "profile": "profile", "point": "point", "zones": "zones", "table": "table", "sheet": "sheet"}


def subject(request: HttpRequest, viewer: Viewer, scenario_id: int | None) -> Scenario:
    """The scenario. Raises NotInScope, or BadInput with what is wrong in what was written."""
    if scenario_id is not None:
        return selectors.scenario(viewer, scenario_id)
    form = WhatIfForm(request.GET)
    if not form.is_valid():
        name, errors = next(iter(form.errors.items()))
        told = {
            "field": str(form.fields[name].label).rstrip(" *") if name in form.fields else "",
            "why": str(errors[0]),
        }
        raise BadInput(Refusal("scenario.form", "{field}：{why}", "请改正后重新计算。", told))
    spec = form.spec()
    return beginning.draft(place_of(request, viewer, spec.longitude, spec.latitude), spec)


def place_of(request: HttpRequest, viewer: Viewer, longitude: float, latitude: float) -> Place:
    """Where a tried scenario belongs: the place that the address names, else the innermost at its point."""
    named = whole_number(request, "place", 0, range(2**31))
    return core.place(viewer, named, "scenario.view") if named else beginning.place_at(viewer, longitude, latitude)


def addresses(one: Scenario) -> dict[str, str]:
    """Where the parts of a study are to be had."""
    if not one.pk:
        return {name: reverse(f"web:what_if_{name}") for name in PARTS}
    return {name: reverse(f"web:study_{name}", args=[one.pk]) for name in PARTS}


def what_if_address(**fields: object) -> str:
    """A tried scenario's address."""
    return f"{reverse('web:what_if')}?{urlencode(fields)}"
