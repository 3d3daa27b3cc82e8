"""Addresses of tailings ponds."""

from django.urls import path

from anlan.web.views.tailings import filling, lists, pond, study

urlpatterns = [
    path("tailings", lists.ponds_page, name="ponds"),
    path("tailings/closing", lists.closing_page, name="ponds_closing"),
    path("tailings/drains", lists.tests_page, name="ponds_tests"),
    path("places/<int:place_id>/ponds/new", filling.new_pond, name="pond_new"),
    path("tailings/<int:pond_id>", pond.pond_page, name="pond"),
    path("tailings/<int:pond_id>/edit", filling.edit_pond, name="pond_edit"),
    path("tailings/<int:pond_id>/inspect", pond.inspect, name="pond_inspect"),
    path("tailings/<int:pond_id>/test", pond.test, name="pond_test"),
    path("tailings/<int:pond_id>/step", pond.step, name="pond_step"),
    path("tailings/<int:pond_id>/study", study.study_page, name="pond_study"),
    path("tailings/<int:pond_id>/study/result", study.study_part, name="pond_study_part"),
]
