"""通知: what the product told this person."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from anlan.apps.core import actions, selectors
from anlan.kit.grants import Viewer
from anlan.web.views.parts import layout, page

SHOWN = 100


@page
def notices_page(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    notices = selectors.notices(viewer)
    context = {**layout(request), "notices": notices[:SHOWN], "unread": notices.filter(read=None).count(), "shown": SHOWN}
    return render(request, "web/notices.html", context)


@require_POST
@page
def read(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    actions.read_notices(viewer)
    return redirect("web:notices")
