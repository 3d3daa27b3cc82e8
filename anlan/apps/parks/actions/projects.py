"""Projects that want to come to a park: what they are, where they lie, their papers."""

from collections.abc import Mapping
from typing import Any

from django.core.files.base import File
from django.db import transaction

from anlan.apps.consequences import selectors as consequences
from anlan.apps.core import selectors as core
from anlan.apps.core.choices import PlaceKind
from anlan.apps.core.models import Place, StoredFile
from anlan.apps.parks.actions.common import held, in_force, paper_of, put, record, told
from anlan.apps.parks.choices import ProjectState
from anlan.apps.parks.models import Paper, Project
from anlan.apps.parks.specs import PaperSpec, ProjectSpec, area, needed
from anlan.kit import clock
from anlan.kit.errors import BadInput, NotAllowed, Refused
from anlan.kit.grants import Viewer
from anlan.rules.refusal import Refusal

#: Where a project may be proposed: a park, or an area of the county for what needs none.
HOMES = (PlaceKind.PARK, PlaceKind.TOWN, PlaceKind.COUNTY)
CLOSED = (ProjectState.APPROVED, ProjectState.WITHDRAWN)


def add_project(viewer: Viewer, place_id: int, spec: ProjectSpec) -> Project:
    """Write a proposed project down."""
    columns = spec.columns()
    with transaction.atomic():
        place = core.place(viewer, place_id, "project.edit")
        if place.kind not in HOMES:
            told_ = {"place": place.name}
            raise BadInput(Refusal("project.bad_place", "{place}不能放项目。", "请选择园区、乡镇或县。", told_))
        _known(viewer, place, spec)
        row = Project.objects.create(place=place, created_by_id=viewer.person_id, **columns)
        record(viewer, "project.add", row, told(columns, "contact", "phone"))
    return row


def edit_project(viewer: Viewer, project_id: int, spec: ProjectSpec) -> Project:
    """Replace what a project says. A check that was run before is stale then."""
    columns = spec.columns()
    with transaction.atomic():
        row = open_project(viewer, project_id)
        _known(viewer, row.place, spec)
        _keep_unseen(viewer, row, columns)
        changed = put(row, columns)
        if changed:
            touched(row)
            fields = {key: pair for key, pair in changed.items() if key not in ("contact", "phone")}
            record(viewer, "project.edit", row, {"changed": fields})
    return row


def draw_project(viewer: Viewer, project_id: int, shape: Mapping[str, Any] | None) -> Project:
    """Put the project's land on the map, or take it off (None)."""
    drawn = area(shape) if shape is not None else None
    with transaction.atomic():
        row = open_project(viewer, project_id)
        if row.geometry != drawn:
            row.geometry = dict(drawn) if drawn is not None else None
            touched(row)
            record(viewer, "project.draw", row, {"drawn": drawn is not None})
    return row


def withdraw_project(viewer: Viewer, project_id: int, reason: str) -> Project:
    """The applicant takes it back."""
    with transaction.atomic():
        row = open_project(viewer, project_id)
        row.state = ProjectState.WITHDRAWN
        row.save(update_fields=["state"])
        record(viewer, "project.withdraw", row, {"reason": needed(reason, "撤回的原因", 200)})
    return row


def reopen_project(viewer: Viewer, project_id: int, reason: str) -> Project:
    """Examine it anew: earlier opinions stay with the check that they were given to, and no longer count."""
    with transaction.atomic():
        row: Project = held(viewer, Project, project_id, "project.sign", "project.view")
        if row.state not in (*CLOSED, ProjectState.REFUSED):
            raise Refused(Refusal("project.open", "项目还没有结论，不用退回。", "直接修改后重新检查。"))
        before, row.state = row.state, ProjectState.DRAFT
        row.revision += 1
        row.save(update_fields=["state", "revision"])
        record(viewer, "project.reopen", row, {"from": before, "reason": needed(reason, "退回重审的原因", 200)})
    return row


def add_paper(
    viewer: Viewer, spec: PaperSpec, *, project_id: int | None = None, plant_id: int | None = None,
    upload: File[bytes] | StoredFile | None = None,
) -> Paper:  # fmt: skip
    """Register a document of a project, or of a plant that is there.

    ``upload``: its file, or one that was handed in at the project's or plant's place before.
    """
    columns = spec.columns()
    with transaction.atomic():
        project = open_project(viewer, project_id) if project_id is not None else None
        place = project.place if project else _plant(viewer, plant_id)
        kept = paper_of(viewer, place, upload)
        row = Paper.objects.create(place=place, project=project, file=kept, created_by_id=viewer.person_id, **columns)
        if project:
            touched(project)
        record(viewer, "paper.add", row, told(columns))
    return row


def end_paper(viewer: Viewer, paper_id: int) -> None:
    """A document was registered wrongly."""
    with transaction.atomic():
        row: Paper = held(viewer, Paper, paper_id, "project.edit", "project.view")
        in_force(row)
        if row.project_id is not None:
            touched(open_project(viewer, row.project_id))
        row.ended = clock.now()
        row.save(update_fields=["ended"])
        record(viewer, "paper.end", row, {})


def open_project(viewer: Viewer, project_id: int) -> Project:
    """A project that may still be changed, held for this transaction."""
    row: Project = held(viewer, Project, project_id, "project.edit", "project.view")
    if row.state in CLOSED:
        said = {"state": str(ProjectState(row.state).label)}
        raise Refused(Refusal("project.closed", "项目“{state}”，不能再改。", "需要改的，先由会签部门退回重审。", said))
    return row


def touched(row: Project) -> None:
    """Keep a change of a project: what was checked is no longer what there is."""
    row.revision += 1
    row.state = ProjectState.DRAFT
    row.changed = clock.now()
    row.save()


def _known(viewer: Viewer, place: Place, spec: ProjectSpec) -> None:
    """The plant and the scenarios that a project names are such as the viewer may see."""
    if spec.plant_id is not None and core.place(viewer, spec.plant_id).kind != PlaceKind.ENTERPRISE:
        raise BadInput(Refusal("project.bad_plant", "选的不是企业。", "扩建项目请选现有企业，新建的留空。"))
    for scenario_id in spec.scenarios:
        consequences.scenario(viewer, scenario_id)


def _keep_unseen(viewer: Viewer, row: Project, columns: dict[str, Any]) -> None:
    """Nobody takes away the plant or a scenario that they do not see."""
    plant = row.plant
    if columns["plant_id"] is None and plant is not None and not viewer.may("place.view", plant.path, plant.sector):
        columns["plant_id"] = plant.pk
    unseen = set(row.scenarios) - consequences.seen(viewer, row.scenarios)
    columns["scenarios"] += [one for one in row.scenarios if one in unseen]


def _plant(viewer: Viewer, plant_id: int | None) -> Place:
    if plant_id is None:
        raise BadInput(Refusal("paper.whose", "没有说是哪个项目或企业的文件。", "请先选项目或企业。"))
    place = core.place(viewer, plant_id, "project.edit")
    if place.kind != PlaceKind.ENTERPRISE:
        raise NotAllowed("project.edit")
    return place
