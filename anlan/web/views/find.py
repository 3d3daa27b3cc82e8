"""The find box of the bar: an answer while somebody types."""

from django.http import HttpRequest, HttpResponse, JsonResponse

from anlan.kit.grants import Viewer
from anlan.web import finding
from anlan.web.views.parts import page


@page
def find(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    return JsonResponse(finding.as_json(finding.find(viewer, request.GET.get("q", ""))))
