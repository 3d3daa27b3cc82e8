"""Reports of a place by one click, wherever the place is shown."""

from typing import Any

from django import template
from django.template.context import RequestContext

from anlan.apps.core.models import Place
from anlan.apps.core.selectors import request_viewer
from anlan.apps.reports import selectors

register = template.Library()


@register.inclusion_tag("web/reports/offer.html", takes_context=True)
def report_offer(context: RequestContext, place: Place, look: str = "btn") -> dict[str, Any]:
    """A menu of the four reports, for those who may have them made here; nothing for others."""
    viewer = request_viewer(context["request"])
    offers = selectors.offers() if selectors.may_make(viewer, place) else []
    return {"offers": offers, "place": place, "look": look, "csrf_token": context.get("csrf_token")}
