"""Addresses of accident scenarios: those that are kept, and those that are only tried."""

from django.urls import path

from anlan.web.views.consequences import files, park, park_sources, scenarios, study, what_if

KEPT, TRIED = "consequences/<int:scenario_id>", "consequences/what-if"
PARK, SOURCE = "consequences/parks/<int:study_id>", "consequences/park-sources/<int:source_id>"
urlpatterns = [
    path("consequences", scenarios.scenarios_page, name="scenarios"),
    path("places/<int:place_id>/scenarios/new", scenarios.new_scenario, name="scenario_new"),
    path("places/<int:place_id>/scenarios/keep", what_if.keep, name="scenario_keep"),
    path(TRIED, what_if.what_if_page, name="what_if"),
    path(f"{TRIED}/result", study.study_part, name="what_if_part"),
    path(f"{TRIED}/profile.json", study.profile, name="what_if_profile"),
    path(f"{TRIED}/point.json", study.point, name="what_if_point"),
    path(f"{TRIED}/zones.geojson", files.zones, name="what_if_zones"),
    path(f"{TRIED}/table.xlsx", files.table, name="what_if_table"),
    path(f"{TRIED}/sheet", files.sheet, name="what_if_sheet"),
    path(KEPT, study.study_page, name="study"),
    path(f"{KEPT}/edit", scenarios.edit_scenario, name="scenario_edit"),
    path(f"{KEPT}/end", scenarios.end_scenario, name="scenario_end"),
    path(f"{KEPT}/result", study.study_part, name="study_part"),
    path(f"{KEPT}/profile.json", study.profile, name="study_profile"),
    path(f"{KEPT}/point.json", study.point, name="study_point"),
    path(f"{KEPT}/zones.geojson", files.zones, name="study_zones"),
    path(f"{KEPT}/table.xlsx", files.table, name="study_table"),
    path(f"{KEPT}/sheet", files.sheet, name="study_sheet"),
    path("consequences/parks", park.parks_page, name="park_studies"),
    path("places/<int:place_id>/parks/new", park_sources.new_study, name="park_study_new"),
    path(PARK, park.study_page, name="park_study"),
    path(f"{PARK}/result", park.result, name="park_study_result"),
    path(f"{PARK}/state.json", park.state, name="park_study_state"),
    path(f"{PARK}/drag.json", park.drag, name="park_study_drag"),
    path(f"{PARK}/point", park.point, name="park_study_point"),
    path(f"{PARK}/targets", park.targets_page, name="park_study_targets"),
    path(f"{PARK}/edit", park_sources.edit_study, name="park_study_edit"),
    path(f"{PARK}/compute", park.compute, name="park_study_compute"),
    path(f"{PARK}/end", park.end, name="park_study_end"),
    path(f"{PARK}/sources/new", park_sources.new_source, name="park_source_new"),
    path(f"{PARK}/sources/held", park_sources.add_held, name="park_source_held"),
    path(SOURCE, park_sources.source_page, name="park_source"),
    path(f"{SOURCE}/move", park_sources.move, name="park_source_move"),
    path(f"{SOURCE}/end", park_sources.end_source, name="park_source_end"),
]
