"""The living style page: every component in all its states."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from anlan.web import specimens


@require_GET
def style_page(request: HttpRequest) -> HttpResponse:
    return render(request, "web/style.html", specimens.everything())
