"""Addresses of reports."""

from django.urls import path

from anlan.web.views.reports import pages

urlpatterns = [
    path("reports", pages.reports_page, name="reports"),
    path("reports/new", pages.ask, name="report_new"),
    path("reports/<int:report_id>", pages.report_page, name="report"),
    path("reports/<int:report_id>/file", pages.fetch, name="report_file"),
    path("reports/<int:report_id>/remove", pages.remove, name="report_remove"),
]
