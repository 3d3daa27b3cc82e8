"""The only writer of studies of parks. Whatever a study is made of: a change makes a new revision and asks for a
computation, whose job takes the newest revision when it begins."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from django.db import transaction

from anlan.apps.consequences.parks import facts
from anlan.apps.consequences.parks.models import ParkSource, ParkStudy
from anlan.apps.consequences.parks.specs import MOST_SOURCES, SourceSpec, StudySpec, checked_source, checked_study
from anlan.apps.core import selectors as core
from anlan.apps.core.actions import audit, enqueue
from anlan.apps.core.choices import JobState
from anlan.apps.core.models import Place
from anlan.kit import clock
from anlan.kit.errors import BadInput, NotAllowed, NotInScope, Refused
from anlan.kit.grants import Viewer
from anlan.rules import paths
from anlan.rules.refusal import Refusal

JOB = "consequences.park"


def add_study(viewer: Viewer, place_id: int, spec: StudySpec) -> ParkStudy:
    """Begin a study of a place; it is computed once it has a source."""
    whole = checked_study(spec)
    with transaction.atomic():
        place = core.place(viewer, place_id, "scenario.edit")
        columns = _study_columns(whole)
        study = ParkStudy.objects.create(place=place, created_by_id=viewer.person_id, **columns)
        audit(viewer.person_id, "park_study.add", place, f"park_study:{study.pk}", {"name": study.name})
    return study


def edit_study(viewer: Viewer, study_id: int, spec: StudySpec) -> ParkStudy:
    """Replace name, stage, weather or grid."""
    columns = _study_columns(checked_study(spec))
    with transaction.atomic():
        study = _locked(viewer, study_id)
        before = {key: getattr(study, key) for key in columns}
        for key, value in columns.items():
            setattr(study, key, value)
        changed = {key: [before[key], value] for key, value in columns.items() if before[key] != value}
        _changed(viewer, study, "park_study.edit", {"changed": changed})
    return study


def end_study(viewer: Viewer, study_id: int) -> ParkStudy:
    """The study holds no more: what it said of broken criteria is cleared."""
    with transaction.atomic():
        study = _locked(viewer, study_id)
        study.ended = clock.now()
        study.save(update_fields=["ended"])
        facts.clear_all(study, viewer.person_id)
        audit(viewer.person_id, "park_study.end", study.place, f"park_study:{study.pk}", {})
    return study


def add_sources(viewer: Viewer, study_id: int, specs: Sequence[SourceSpec]) -> list[ParkSource]:
    """Add installations, all or none."""
    whole = [checked_source(spec) for spec in specs]
    with transaction.atomic():
        study = _locked(viewer, study_id)
        if study.sources.filter(ended=None).count() + len(whole) > MOST_SOURCES:
            told = {"most": str(MOST_SOURCES)}
            fix = "请把园区分成几个评价，或合并相邻的同类设备。"
            raise BadInput(Refusal("park.too_many", "一个评价最多 {most} 个风险源。", fix, told))
        places = _places(viewer, study, whole)
        rows = [ParkSource(study=study, place=places.get(spec.place_id or 0), **_columns(spec)) for spec in whole]
        made = [_saved(row) for row in rows]
        _changed(viewer, study, "park_source.add", {"sources": [[row.pk, row.name] for row in made]})
    return made


def edit_source(viewer: Viewer, source_id: int, spec: SourceSpec) -> ParkSource:
    """Replace what is said of an installation."""
    whole = checked_source(spec)
    with transaction.atomic():
        source = _locked_source(viewer, source_id)
        place = _places(viewer, source.study, [whole]).get(whole.place_id or 0)
        columns = _columns(whole)
        changed = {key: [getattr(source, key), new] for key, new in columns.items() if getattr(source, key) != new}
        for key, value in columns.items():
            setattr(source, key, value)
        source.place = place
        source.save()
        _changed(viewer, source.study, "park_source.edit", {"source": source.pk, "changed": changed})
    return source


def move_source(viewer: Viewer, source_id: int, longitude: float, latitude: float) -> ParkSource:
    """Put an installation elsewhere."""
    if not (-180 <= longitude <= 180 and -80 <= latitude <= 80):
        fix = "在图上点选，或填十进制度数。"
        raise BadInput(Refusal("park.position", "风险源的经纬度不对。", fix))
    with transaction.atomic():
        source = _locked_source(viewer, source_id)
        before = [source.longitude, source.latitude]
        source.longitude, source.latitude = longitude, latitude
        source.save(update_fields=["longitude", "latitude"])
        told = {"source": source.pk, "changed": {"position": [before, [longitude, latitude]]}}
        _changed(viewer, source.study, "park_source.edit", told)
    return source


def end_source(viewer: Viewer, source_id: int) -> ParkSource:
    """The installation is gone; it stays readable in the audit rows."""
    with transaction.atomic():
        source = _locked_source(viewer, source_id)
        source.ended = clock.now()
        source.save(update_fields=["ended"])
        _changed(viewer, source.study, "park_source.end", {"source": source.pk, "name": source.name})
    return source


def ask_to_compute(viewer: Viewer, study_id: int) -> ParkStudy:
    """Have the study computed anew, for example after the county's enterprises have changed."""
    with transaction.atomic():
        study = _locked(viewer, study_id)
        _enqueue(study)
        study.save(update_fields=["job"])
        audit(viewer.person_id, "park_study.compute", study.place, f"park_study:{study.pk}", {})
    return study


def put_result(study_id: int, revision: int, summary: Mapping[str, Any], broken: Iterable[facts.Broken]) -> None:
    """A revision has been computed: its figures, and the facts of what it breaks. An older revision changes nothing."""
    with transaction.atomic():
        study = ParkStudy.objects.select_for_update(of=("self",), no_key=True).select_related("place").get(pk=study_id)
        if study.ended is not None or (study.computed_revision or 0) > revision:
            return
        study.computed_revision, study.computed = revision, clock.now()
        study.summary, study.refusal = dict(summary), None
        study.save(update_fields=["computed_revision", "computed", "summary", "refusal"])
        facts.put(study, list(broken))


def put_refusal(study_id: int, revision: int, refusal: Refusal) -> None:
    """A revision cannot be computed, and why; what was computed before stays."""
    said = {"code": refusal.code, "message": refusal.message, "fix": refusal.fix, "params": dict(refusal.params)}
    ParkStudy.objects.filter(pk=study_id, revision=revision).update(refusal=said)


def _study_columns(spec: StudySpec) -> dict[str, Any]:
    weather = [asdict(one) | {"rose": list(one.rose)} for one in spec.weather]
    plain = {name: getattr(spec, name) for name in ("name", "stage", "cell", "margin", "domino")}
    return plain | {"weather": weather}


def _columns(spec: SourceSpec) -> dict[str, Any]:
    told = asdict(spec) | {"name": spec.name.strip(), "holes": list(spec.holes)}
    del told["place_id"]
    return told


def _saved(row: ParkSource) -> ParkSource:
    row.save()
    return row


def _places(viewer: Viewer, study: ParkStudy, specs: Sequence[SourceSpec]) -> dict[int, Place]:
    """The places at which sources stand; each must lie in the study's place."""
    wanted = {spec.place_id for spec in specs if spec.place_id}
    found = core.places_by_id(viewer, wanted)
    for place in found.values():
        if not paths.covers(study.place.path, place.path):
            told = {"place": place.name, "within": study.place.name}
            fix = "请选择评价范围以内的场所，或不写所在场所。"
            raise BadInput(Refusal("park.outside", "“{place}”不在“{within}”以内。", fix, told))
    return found


def _changed(viewer: Viewer, study: ParkStudy, action: str, detail: Mapping[str, Any]) -> None:
    study.revision += 1
    study.refusal = None
    if study.sources.filter(ended=None).exists():
        _enqueue(study)
    study.save()
    audit(viewer.person_id, action, study.place, f"park_study:{study.pk}", detail)


def _enqueue(study: ParkStudy) -> None:
    """One job waits at most: it will take the newest revision."""
    if study.job is None or study.job.state != JobState.WAITING:
        study.job = enqueue(JOB, {"study": study.pk})


def _locked(viewer: Viewer, study_id: int) -> ParkStudy:
    """The study, held for this transaction, if the viewer may change it and it still holds."""
    found = ParkStudy.objects.filter(viewer.scope("scenario.view", "place__"), pk=study_id)
    study = found.select_for_update(of=("self",), no_key=True).select_related("place", "job").first()
    if study is None:
        raise NotInScope
    if not viewer.may("scenario.edit", study.place.path, study.place.sector):
        raise NotAllowed("scenario.edit")
    if study.ended is not None:
        raise Refused(Refusal("park.ended", "这个评价已经停用。", "请在列表里查看现行的评价。"))
    return study


def _locked_source(viewer: Viewer, source_id: int) -> ParkSource:
    source = ParkSource.objects.filter(pk=source_id).first()
    if source is None:
        raise NotInScope
    source.study = _locked(viewer, source.study_id)
    if source.ended is not None:
        raise Refused(Refusal("park.source_ended", "这个风险源已经移除。", "刷新页面查看现在的风险源。"))
    return source
