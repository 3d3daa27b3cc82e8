"""The form in which a pond is written."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from anlan.apps.core import selectors as core
from anlan.apps.core.models import Place
from anlan.apps.tailings import actions, selectors
from anlan.apps.tailings.models import Pond
from anlan.apps.tailings.specs import PondSpec
from anlan.kit.errors import BadInput
from anlan.kit.grants import Viewer
from anlan.web import basemap
from anlan.web.views.parts import layout, page
from anlan.web.views.tailings.forms import NEEDS, DrainForms, PondForm, initial, initial_drains, usual

VALUES = tuple(dict.fromkeys(name for names in NEEDS.values() for name in names))
Save = Callable[[PondSpec], Pond]


@page
def new_pond(request: HttpRequest, viewer: Viewer, place_id: int) -> HttpResponseBase:
    place = core.place(viewer, place_id, "pond.edit")
    begun = {
        **usual(),
        "name": _("{place}尾矿库").format(place=place.name) if "尾矿库" not in place.name else place.name,
    }
    form = PondForm(request.POST or None, initial=begun)
    drains = DrainForms(request.POST or None, prefix="drain")
    return _answered(
        request, viewer, (place, None), (form, drains), lambda spec: actions.add_pond(viewer, place.pk, spec)
    )


@page
def edit_pond(request: HttpRequest, viewer: Viewer, pond_id: int) -> HttpResponseBase:
    pond = selectors.pond(viewer, pond_id)
    place = core.place(viewer, pond.place_id, "pond.edit")
    spec = selectors.spec_of(pond)
    form = PondForm(request.POST or None, initial=initial(spec))
    drains = DrainForms(request.POST or None, prefix="drain", initial=initial_drains(spec))
    return _answered(
        request, viewer, (place, pond), (form, drains), lambda new: actions.edit_pond(viewer, pond.pk, new)
    )


def _answered(
    request: HttpRequest, viewer: Viewer, about: tuple[Place, Pond | None], forms: tuple[PondForm, Any], save: Save
) -> HttpResponse:
    form, drains = forms
    if request.method == "POST" and form.is_valid() & drains.is_valid():
        try:
            pond = save(form.spec([told for one in drains if (told := one.drain()) is not None]))
        except BadInput as failure:
            form.refuse(failure)
        else:
            return redirect("web:pond", pond.pk)
    return _shown(request, viewer, about, forms)


def _shown(
    request: HttpRequest, viewer: Viewer, about: tuple[Place, Pond | None], forms: tuple[PondForm, Any]
) -> HttpResponse:
    place, pond = about
    form, drains = forms
    config = {
        "base": {"url": basemap.url(), "around": basemap.around(), "terrain": basemap.terrain()},
        "outline": place.geometry,
        "box": [place.west, place.south, place.east, place.north],
    }
    context = {
        "form": form,
        "drains": [(one, [(name, one[name]) for name in VALUES]) for one in drains],
        "management": drains.management_form,
        "needs": {kind: list(names) for kind, names in NEEDS.items()},
        "place": place,
        "pond": pond,
        "path": [*core.ancestors(viewer, place), place],
        "config": config,
        "title": pond.name if pond else _("登记尾矿库"),
        **layout(request),
    }
    return render(request, "web/tailings/form.html", context, status=422 if request.method == "POST" else 200)
