"""Addresses of the pages."""

from django.urls import path

from anlan.web.views import chart, duty, find, health, map, map_area, map_panel, metrics, notices, place, search, style, tag

app_name = "web"
urlpatterns = [
    path("", map.map_page, name="map"),
    path("map/view.json", map.view, name="map_view"),
    path("map/shapes.json", map.shapes, name="map_shapes"),
    path("map/tree.json", map.tree_rows, name="map_tree"),
    path("map/find.json", map.find, name="map_find"),
    path("map/filters", map.filters, name="map_filters"),
    path("map/inside", map_area.inside_part, name="map_inside"),
    path("map/hits", map_area.hits_page, name="map_hits"),
    path("map/places/<int:place_id>", map_panel.panel, name="map_panel"),
    path("map/terrain.png", map.terrain, name="map_terrain"),
    path("map/history.json", map.history, name="map_history"),
    path("map/base.json", map.base, name="map_base"),
    path("map/changes", map.changes, name="map_changes"),
    path("places/<int:place_id>", place.place_page, name="place"),
    path("places/<int:place_id>/why", place.why, name="why"),
    path("places/<int:place_id>/sparks.json", place.sparks, name="place_sparks"),
    path("tags/<int:tag_id>", tag.tag_page, name="tag"),
    path("tags/<int:tag_id>/series.json", tag.series, name="tag_series"),
    path("chart", chart.chart_page, name="chart"),
    path("chart/series.json", chart.series, name="chart_series"),
    path("chart/tags.json", chart.offered, name="chart_tags"),
    path("chart/export", chart.export, name="chart_export"),
    path("duty", duty.duty_page, name="duty"),
    path("duty/<int:alarm_id>", duty.duty_page, name="alarm"),
    path("alarms/acknowledge", duty.acknowledge_all, name="acknowledge_all"),
    path("alarms/<int:alarm_id>/acknowledge", duty.acknowledge, name="acknowledge"),
    path("alarms/<int:alarm_id>/comment", duty.comment, name="comment"),
    path("health", health.health_page, name="health"),
    path("metrics", metrics.metrics, name="metrics"),
    path("notices", notices.notices_page, name="notices"),
    path("notices/read", notices.read, name="notices_read"),
    path("find.json", find.find, name="find"),
    path("search", search.search_page, name="search"),
    path("style", style.style_page, name="style"),
]
