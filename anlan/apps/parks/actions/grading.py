"""Assessing a park: its grade is computed from the checklist; when that runs out the park's colour says so."""

from datetime import date

from django.core.files.base import File
from django.db import transaction
from django.utils import timezone

from anlan.apps.core.models import Place, StoredFile
from anlan.apps.ledger.actions import NewFact, clear_fact, raise_facts
from anlan.apps.parks.actions.common import held, paper_of, park, record
from anlan.apps.parks.models import ParkGrading
from anlan.apps.parks.specs import GradingSpec, needed, refuse, short
from anlan.kit import clock
from anlan.kit.errors import BadInput, Refused, check
from anlan.kit.grants import Viewer
from anlan.packs.families import park_grading as pack
from anlan.rules import lapses
from anlan.rules import park_grading as rules
from anlan.rules.refusal import Refusal

SOURCE = "park_grading"


def assess_park(
    viewer: Viewer, park_id: int, spec: GradingSpec, report: File[bytes] | StoredFile | None = None
) -> ParkGrading:
    """Write an assessment down. It holds for the years of the pack; the newest one counts.

    ``report``: as it is uploaded, or one that was handed in at the park before.
    """
    _days_are_good(spec.assessed)
    today = clock.today()
    known = pack.load(today)
    points = {item.code: item.points for item in known.items}
    if refusal := rules.check_losses(spec.losses, points):
        raise BadInput(refusal)
    if unknown := sorted(spec.notes.keys() - points.keys()):
        refuse("grading.unknown_item", "检查表里没有“{item}”这一项。", "请按现行检查表填写。", item=unknown[0][:20])
    if unknown := sorted(set(spec.vetoes) - {one.code for one in known.vetoes}):
        refuse("grading.unknown_veto", "没有否决项“{code}”。", "请按现行检查表填写。", code=unknown[0][:12])
    found = rules.grade(spec.losses, points, spec.vetoes, known.grades)
    with transaction.atomic():
        place = park(viewer, park_id, "park.edit")
        kept = paper_of(viewer, place, report)
        row = ParkGrading.objects.create(
            place=place,
            assessed=spec.assessed,
            valid_until=_years_on(spec.assessed, known.validity_years),
            assessor=needed(spec.assessor, "评估单位", 120),
            pack_from=pack.header(today).valid_from,
            losses=dict(spec.losses),
            notes={code: kept_note for code, note in spec.notes.items() if (kept_note := short(note, code, 500))},
            vetoes=sorted(set(spec.vetoes)),
            score=found.score,
            grade=found.grade,
            by_veto=found.by_veto,
            report=kept,
            created_by_id=viewer.person_id,
        )
        _keep_fact_in_step(viewer, place)
        detail = {
            "score": found.score,
            "grade": found.grade,
            "assessed": spec.assessed.isoformat(),
            "vetoes": row.vetoes,
        }
        record(viewer, "park.assess", row, detail)
    return row


def withdraw_grading(viewer: Viewer, grading_id: int, reason: str) -> ParkGrading:
    """An assessment was wrong: the one before counts again. The wrong one stays readable, with the reason."""
    with transaction.atomic():
        row: ParkGrading = held(viewer, ParkGrading, grading_id, "park.edit")
        if row.withdrawn is not None:
            raise Refused(Refusal("grading.withdrawn", "这次评估已经作废。", "请刷新后再看。"))
        row.withdrawn, row.withdrawn_reason = clock.now(), needed(reason, "作废的原因", 200)
        row.save(update_fields=["withdrawn", "withdrawn_reason"])
        _keep_fact_in_step(viewer, row.place)
        record(viewer, "park.withdraw_grading", row, {"reason": row.withdrawn_reason})
    return row


def _keep_fact_in_step(viewer: Viewer, place: Place) -> None:
    """One fact that begins when the newest assessment has run out; those of the others end."""
    now = clock.now()
    rows = ParkGrading.objects.filter(place=place).order_by("-assessed", "-pk")
    newest = next((row for row in rows if row.withdrawn is None), None)
    for row in rows:
        if newest is None or row.pk != newest.pk:
            clear_fact((SOURCE, row.pk), now, viewer.person_id)
    if newest is not None:
        raise_facts([_overdue(viewer, newest)])


def _overdue(viewer: Viewer, row: ParkGrading) -> NewFact:
    known = pack.load(clock.today())
    return NewFact(
        place_id=row.place_id,
        kind=known.overdue_fact,
        level=known.overdue_level,
        reason="园区安全风险评估有效期至 {date}，已逾期",
        params={"date": row.valid_until.isoformat()},
        happened=row.created,
        since=lapses.runs_out(row.valid_until, timezone.get_default_timezone()),
        source=(SOURCE, row.pk),
        by=viewer.person_id,
        words=known.words,
    )


def _days_are_good(assessed: date) -> None:
    today = clock.today()
    if assessed > today:
        told = {"day": assessed.isoformat()}
        check(Refusal("grading.ahead", "评估日期 {day} 在将来。", "请填评估完成的日期。", told))
    known = pack.load(today)
    if _years_on(assessed, 3 * known.validity_years) < today:
        told = {"day": assessed.isoformat()}
        check(Refusal("grading.too_old", "评估日期 {day} 太早，检查表已换过几版。", "请填最近的评估。", told))


def _years_on(day: date, years: int) -> date:
    """The same day some years later; the last of February for a leap day."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
