"""What of a project may leak: installations as a park's study has them, kept with the project."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from django.db import transaction

from anlan.apps.consequences.parks.specs import SourceSpec, checked_source
from anlan.apps.parks.actions.common import record
from anlan.apps.parks.actions.projects import open_project, touched
from anlan.apps.parks.models import Project
from anlan.apps.parks.selectors import proposals
from anlan.kit.errors import BadInput, NotInScope
from anlan.kit.grants import Viewer
from anlan.rules.refusal import Refusal

MOST = 20
Rows = list[dict[str, Any]]


def add_installations(viewer: Viewer, project_id: int, specs: Sequence[SourceSpec]) -> Project:
    """Write further installations of a project down, all or none."""
    columns = [_columns(checked_source(one)) for one in specs]

    def change(rows: Rows) -> Rows:
        first = max((one["id"] for one in rows), default=0) + 1
        return [*rows, *({"id": first + number, **one} for number, one in enumerate(columns))]

    return _changed(viewer, project_id, change)


def edit_installation(viewer: Viewer, project_id: int, installation_id: int, spec: SourceSpec) -> Project:
    """Replace what is said of an installation. Raises NotInScope where there is none such."""
    columns = _columns(checked_source(spec))
    return _changed(viewer, project_id, lambda rows: _replaced(rows, installation_id, columns))


def end_installation(viewer: Viewer, project_id: int, installation_id: int) -> Project:
    """The project is without it. Raises NotInScope where there is none such."""
    return _changed(viewer, project_id, lambda rows: _replaced(rows, installation_id, None))


def propose_installations(viewer: Viewer, project_id: int) -> Project:
    """Write down what the project's chemicals would be kept in, as the pack thinks."""
    project = open_project_now(viewer, project_id)
    specs = proposals.proposed(project)
    if not specs:
        fix = "请先画出项目用地，并填写物质库里有的危险化学品和数量；或逐个添加装置。"
        raise BadInput(Refusal("project.nothing_to_propose", "没有可以拟定的装置。", fix))
    return add_installations(viewer, project_id, specs)


def open_project_now(viewer: Viewer, project_id: int) -> Project:
    """A project that the viewer may change, as it is."""
    with transaction.atomic():
        return open_project(viewer, project_id)


def _changed(viewer: Viewer, project_id: int, change: Callable[[Rows], Rows]) -> Project:
    with transaction.atomic():
        project = open_project(viewer, project_id)
        before = list(project.installations)
        project.installations = change(before)
        if len(project.installations) > MOST:
            told = {"most": str(MOST)}
            raise BadInput(
                Refusal("project.too_many_installations", "最多写 {most} 个装置。", "请合并同类设备。", told)
            )
        touched(project)
        names = [[one["id"], one["name"]] for one in project.installations]
        record(viewer, "project.installations", project, {"installations": names})
    return project


def _replaced(rows: Rows, installation_id: int, columns: Mapping[str, Any] | None) -> Rows:
    if installation_id not in {one["id"] for one in rows}:
        raise NotInScope
    made = [one if one["id"] != installation_id else {"id": installation_id, **(columns or {})} for one in rows]
    return made if columns is not None else [one for one in made if one["id"] != installation_id]


def _columns(spec: SourceSpec) -> dict[str, Any]:
    told = asdict(spec) | {"name": spec.name.strip(), "holes": list(spec.holes)}
    del told["place_id"]
    return told
