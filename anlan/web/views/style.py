"""The living style page: every component in all its states."""

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from anlan.web import list_specimen, specimens


@require_GET
def style_page(request: HttpRequest) -> HttpResponseBase:
    return list_specimen.part(request) or render(request, "web/style.html", specimens.everything())
