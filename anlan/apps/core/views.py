from django.contrib.auth.decorators import login_required
from django.core.files.storage import default_storage
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from anlan.apps.core import actions, selectors
from anlan.apps.core.models import StoredFile

_SHOWN_IN_PLACE = ("image/png", "image/jpeg")


@login_required
@require_GET
def sessions(request: HttpRequest) -> HttpResponse:
    mine = selectors.sessions(selectors.request_viewer(request))
    shown = [(own, own.pk == request.session.session_key) for own in mine]
    return render(request, "account/sessions.html", {"sessions": shown})


@login_required
@require_POST
def end_session(request: HttpRequest, handle: str) -> HttpResponse:
    actions.end_session(selectors.request_viewer(request), handle)
    return HttpResponseRedirect(reverse("core:sessions"))


@login_required
@require_GET
def file(request: HttpRequest, file_id: int) -> FileResponse:
    """A file as it was handed in. The browser may show pictures, saves everything else, and runs nothing."""
    return sent(selectors.file(selectors.request_viewer(request), file_id))


def sent(kept: StoredFile, content_type: str = "") -> FileResponse:
    """The bytes of a file whose reader was checked; as plain bytes if another ``content_type`` is given."""
    response = FileResponse(
        default_storage.open(kept.stored),
        as_attachment=kept.content_type not in _SHOWN_IN_PLACE,
        filename=kept.name,
        content_type=content_type or kept.content_type,
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response
