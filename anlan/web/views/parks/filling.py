"""Forms of parks and projects: shown, filled, refused in words, and where one goes afterwards."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, time
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from anlan.apps.core import selectors as core
from anlan.apps.core.models import Place
from anlan.kit.errors import NotAllowed, Refused
from anlan.kit.grants import Viewer
from anlan.web.views.parts import layout

Words = str | Promise
FORM = "web/parks/form.html"


class Kept(forms.Form):
    """A form that says a refusal beside its field where ``places`` tells one, else above all fields."""

    places: Mapping[str, str] = {}

    def refuse(self, failure: Refused) -> None:
        refusal = failure.refusal
        told = refusal.filled(f"{_(refusal.message)}{_(refusal.fix) if refusal.fix else ''}")
        field = self.places.get(refusal.code)
        self.add_error(field if field in self.fields else None, told)


def page_of(
    request: HttpRequest,
    viewer: Viewer,
    place: Place,
    form: forms.Form,
    context: Mapping[str, Any],
    template: str = FORM,
) -> HttpResponse:
    """The page of a form at a park."""
    path = [*core.ancestors(viewer, place), place]
    status = 422 if form.is_bound else 200
    return render(
        request, template, {**layout(request), "park": place, "path": path, "form": form, **context}, status=status
    )


def tried(request: HttpRequest, form: Kept, act: Callable[[], object], said: str) -> bool:
    """Whether a valid form could be carried out; else the form tells why not."""
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        act()
    except NotAllowed:
        raise
    except Refused as failure:
        form.refuse(failure)
        return False
    messages.success(request, said)
    return True


def acted(request: HttpRequest, act: Callable[[], object], said: str, address: str) -> HttpResponse:
    """Carry a button out and go back; what a rule refuses is told there."""
    try:
        act()
    except NotAllowed:
        raise
    except Refused as failure:
        refusal = failure.refusal
        messages.error(request, refusal.filled(f"{_(refusal.message)}{_(refusal.fix) if refusal.fix else ''}"))
    else:
        messages.success(request, said)
    return redirect(address)


def lines(text: str) -> tuple[str, ...]:
    """What was written one a line, or parted by ; or 、."""
    parts = text.replace("；", "\n").replace(";", "\n").replace("、", "\n").split("\n")
    return tuple(part.strip() for part in parts if part.strip())


def moment(day: Any, at: Any = None) -> datetime:
    """A local day and time as a moment."""
    return timezone.make_aware(datetime.combine(day, at or time()))


def choices(names: Mapping[str, Words], empty: Words = "") -> Sequence[tuple[str, Words]]:
    """Options of a menu."""
    return [("", empty)] * bool(empty) + list(names.items())


def day_field(label: Any, *, required: bool = True) -> forms.DateField:
    return forms.DateField(
        label=label, required=required, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


def moment_field(label: Any) -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(label=label, widget=widget, input_formats=["%Y-%m-%dT%H:%M"])
