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
    unread = notices.filter(read=None).count()
    return render(
        request, "web/notices.html", {**layout(request), "notices": notices[:SHOWN], "unread": unread, "shown": SHOWN}
    )


@require_POST
@page
def read(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    waiting = selectors.notices(viewer).filter(read=None)
    actions.read_notices(viewer, waiting.values_list("pk", flat=True))
    return redirect("web:notices")
