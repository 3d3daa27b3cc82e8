"""Addresses of enterprises, their files and the desk."""

from django.urls import path

from anlan.web.views.enterprises import desk, exports, file, rows, search

ROW = "enterprises/items/<slug:ref>"
urlpatterns = [
    path("desk", desk.desk_page, name="desk"),
    path("enterprises", search.enterprises_page, name="enterprises"),
    path("enterprises/exports/<int:job_id>", exports.progress, name="enterprise_export"),
    path("enterprises/exports/<int:job_id>/file", exports.fetch, name="enterprise_export_file"),
    path(ROW, rows.item, name="enterprise_item"),
    path(f"{ROW}/edit", rows.edit, name="enterprise_item_edit"),
    path(f"{ROW}/end", rows.end, name="enterprise_item_end"),
    path(f"{ROW}/restore", rows.restore, name="enterprise_item_restore"),
    path(f"{ROW}/files", rows.attach, name="enterprise_item_files"),
    path("enterprises/<int:place_id>", file.enterprise_page, name="enterprise"),
    path("enterprises/<int:place_id>/basics", rows.basics, name="enterprise_basics"),
    path("enterprises/<int:place_id>/export", exports.ask, name="enterprise_export_ask"),
    path("enterprises/<int:place_id>/print", exports.paper, name="enterprise_print"),
    path("enterprises/<int:place_id>/add", rows.add, name="enterprise_add"),
]
