"""What the pages of the management share: who may open which, the way between them, and answers to forms."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from anlan.kit import pages
from anlan.kit.errors import NotAllowed, Refused
from anlan.kit.grants import Viewer
from anlan.web.views.parts import layout, page

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, Viewer, P], HttpResponseBase]


@dataclass(frozen=True)
class Section:
    """One entry of the management's own navigation; any one of ``needs`` opens it."""

    name: str
    title: str
    needs: tuple[str, ...]
    begins: str


SECTIONS = (
    Section("web:manage", _("总览"), ("place.edit", "person.edit", "tag.edit", "source.edit", "audit.view"), ""),
    Section("web:manage_places", _("场所"), ("place.edit",), "places"),
    Section("web:manage_people", _("人员与授权"), ("person.edit",), "people"),
    Section("web:manage_sources", _("数据来源"), ("source.edit",), "sources"),
    Section("web:manage_tags", _("监测点与限值"), ("tag.edit",), "tags"),
    Section("web:manage_packs", _("规则包"), ("place.edit",), "packs"),
    Section("web:manage_retention", _("保存期限"), ("health.view",), "retention"),
    Section("web:manage_audit", _("操作留痕"), ("audit.view",), "audit"),
)


def managed(section: str) -> Callable[[View[P]], Callable[Concatenate[HttpRequest, P], HttpResponseBase]]:
    """A view of one section, for viewers who hold somewhere what the section needs."""
    found = next(one for one in SECTIONS if one.name == f"web:{section}")

    def decorate(view: View[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
        @wraps(view)
        def seen(request: HttpRequest, viewer: Viewer, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not any(viewer.may_anywhere(capability) for capability in found.needs):
                raise NotAllowed(found.needs[0])
            return view(request, viewer, *args, **kwargs)

        return page(seen)

    return decorate


def context(request: HttpRequest, viewer: Viewer) -> dict[str, Any]:
    """The frame of a page of the management: the sections that the viewer may open, this one marked."""
    here = request.path.removeprefix(reverse("web:manage")).strip("/").partition("/")[0]
    open_to = [one for one in SECTIONS if any(viewer.may_anywhere(capability) for capability in one.needs)]
    sections = [(reverse(one.name), gettext(one.title), one.begins == here) for one in open_to]
    if viewer.may_anywhere("health.view"):
        sections.append((reverse("web:health"), gettext("系统状态"), False))
    return {**layout(request), "sections": sections}


def shown(request: HttpRequest, viewer: Viewer, template: str, **more: Any) -> HttpResponseBase:
    """A page of the management."""
    return render(request, f"web/manage/{template}.html", {**context(request, viewer), **more})


def done(request: HttpRequest, text: str, where: str, *args: Any) -> HttpResponseBase:
    """After something was done: say so, and go there."""
    messages.success(request, text)
    return redirect(where, *args)


def refused(request: HttpRequest, failure: Refused, where: str, *args: Any) -> HttpResponseBase:
    """A rule said no: back to the page, with what and why. Programs get the error as such."""
    if pages.wants_json(request) or pages.status_of(failure) == 403:
        raise failure
    messages.error(request, words(failure))
    return redirect(where, *args)


def words(failure: Refused) -> str:
    """What was refused and what to do, in the reader's language."""
    said: Mapping[str, str] = pages.shape(failure.refusal)["error"]
    return f"{said['message']}{said['fix']}"


def number(text: str | None) -> int | None:
    """An id from an address or a form; None when it is none."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 19 else None


def last_day(text: str) -> datetime | None:
    """The end of a day that somebody typed (2026-12-31): midnight after it, here. None for an empty or foreign text."""
    try:
        day = date.fromisoformat(text)
        return timezone.make_aware(datetime.combine(date.fromordinal(day.toordinal() + 1), time()))
    except (ValueError, OverflowError):
        return None
