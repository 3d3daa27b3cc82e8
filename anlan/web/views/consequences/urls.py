"""Addresses of accident scenarios."""

from django.urls import path

from anlan.web.views.consequences import scenarios, study

urlpatterns = [
    path("consequences", scenarios.scenarios_page, name="scenarios"),
    path("places/<int:place_id>/scenarios/new", scenarios.new_scenario, name="scenario_new"),
    path("consequences/<int:scenario_id>", study.study_page, name="study"),
    path("consequences/<int:scenario_id>/edit", scenarios.edit_scenario, name="scenario_edit"),
    path("consequences/<int:scenario_id>/end", scenarios.end_scenario, name="scenario_end"),
    path("consequences/<int:scenario_id>/result", study.study_part, name="study_part"),
    path("consequences/<int:scenario_id>/profile.json", study.profile, name="study_profile"),
]
