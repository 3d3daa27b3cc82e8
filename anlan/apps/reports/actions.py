"""Having reports made, making them, and deleting one's own."""

from collections.abc import Mapping

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import translation
from django.utils.crypto import get_random_string

from anlan.apps.core import actions as core
from anlan.apps.core.models import Place
from anlan.apps.reports import making, selectors, stored
from anlan.apps.reports.choices import ReportKind, ReportState
from anlan.apps.reports.models import Report
from anlan.apps.reports.subject import Subject
from anlan.kit import clock
from anlan.kit.errors import BadInput, NotAllowed, Refused
from anlan.kit.grants import SYSTEM, Viewer, asking_token
from anlan.kit.jobs import Progress
from anlan.kit.sm3 import sm3
from anlan.packs.families import reports as pack
from anlan.rules.refusal import Refusal

JOB = "reports.make"


def ask(viewer: Viewer, place_id: int, kind: str, days: int | None = None) -> Report:
    """Have a report made; the answer is its row, with the job that makes it.

    Raises
    ------
    NotInScope, NotAllowed
        The place is not the viewer's to report on.
    BadInput
        No such kind, or a period that is not offered.
    Refused
        There is nothing to report on.
    """
    place = selectors.place_to_report(viewer, place_id)
    days = _checked(kind, days)
    if viewer.person_id is None and viewer is not SYSTEM:
        raise NotAllowed(selectors.MAKE)
    making.check(Subject(viewer, place, days), kind)
    with transaction.atomic():
        report = Report.objects.create(kind=kind, place=place, days=days, by_id=viewer.person_id)
        report.job = core.enqueue(JOB, {"report": report.pk, "token": asking_token()})
        report.save(update_fields=["job"])
        core.audit(viewer.person_id, "report.ask", place, f"report:{report.pk}", {"kind": kind, "days": days})
    return report


def make(viewer: Viewer, report_id: int, progress: Progress) -> Report:
    """The work of the job, with the rights of this moment. What cannot be made says why, and is not tried again."""
    report = Report.objects.select_related("place", "by").get(pk=report_id)
    if report.state != ReportState.MAKING:
        return report
    try:
        place = selectors.place_to_report(viewer, report.place_id)
        made = build(viewer, place, report, progress)
    except Refused as refused:
        return _refuse(report, refused.refusal)
    return _keep(viewer, report, made)


def build(viewer: Viewer, place: Place, report: Report, progress: Progress) -> making.Made:
    """The files of a report. These are papers for Chinese authorities: in Chinese, whatever the reader's pages are."""
    with translation.override("zh-hans"):
        return making.make(viewer, place, report, progress)


def remove(viewer: Viewer, report_id: int) -> None:
    """Delete a report that one had made, with its files."""
    report = selectors.report(viewer, report_id)
    if not selectors.may_remove(viewer, report):
        raise Refused(Refusal("report.not_own", "只能删除自己生成的报告。", "请由编制人删除；到保存期后系统自动删除。"))
    with transaction.atomic():
        detail = {"kind": report.kind, "asked": report.asked.isoformat()}
        core.audit(viewer.person_id, "report.remove", report.place, f"report:{report.pk}", detail)
        names = stored.names(report)
        report.delete()
        transaction.on_commit(lambda: stored.drop(names))


def fetched(viewer: Viewer, report: Report, suffix: str) -> None:
    """A file has left: that is written down."""
    core.audit(viewer.person_id, "report.fetch", report.place, f"report:{report.pk}", {"format": suffix})


def _checked(kind: str, days: int | None) -> int:
    known = pack.load(clock.today())
    if kind not in ReportKind.values:
        names = "、".join(str(one.label) for one in ReportKind)
        told = {"kind": kind[:20], "known": names}
        raise BadInput(Refusal("report.bad_kind", "没有“{kind}”这种报告。", "可选：{known}。", told))
    if days is not None and days not in known.periods:
        told = {"days": str(days)[:12], "known": "、".join(map(str, known.periods))}
        raise BadInput(Refusal("report.bad_period", "统计期间不能是 {days} 天。", "可选 {known} 天。", told))
    return days or known.usual


def _keep(viewer: Viewer, report: Report, made: making.Made) -> Report:
    names: Mapping[str, str] = {suffix: _name(report, suffix) for suffix in made.files}
    kept = {suffix: default_storage.save(name, ContentFile(made.files[suffix])) for suffix, name in names.items()}
    try:
        with transaction.atomic():
            report.files = {
                suffix: {"name": kept[suffix], "size": len(content), "digest": sm3(content)}
                for suffix, content in made.files.items()
            }
            report.state, report.as_of, report.made = ReportState.DONE, made.as_of, clock.now()
            report.needs = [list(need) for need in made.needs]
            report.save(update_fields=["files", "state", "as_of", "made", "needs"])
            core.audit(viewer.person_id, "report.make", report.place, f"report:{report.pk}", {"kind": report.kind})
            _tell(report, f"{selectors.title(report.kind, report.place)}已生成")
    except BaseException:
        stored.drop(list(kept.values()))
        raise
    return report


def _refuse(report: Report, refusal: Refusal) -> Report:
    report.state = ReportState.REFUSED
    report.problem = {"message": refusal.filled(refusal.message), "fix": refusal.filled(refusal.fix)}
    with transaction.atomic():
        report.save(update_fields=["state", "problem"])
        _tell(report, f"{selectors.title(report.kind, report.place)}没有生成：{report.problem['message']}")
    return report


def _tell(report: Report, text: str) -> None:
    if report.by_id is not None:
        core.notify([report.by_id], text[:300], f"/reports/{report.pk}", f"report:{report.pk}")


def _name(report: Report, suffix: str) -> str:
    """Where a file is kept; nobody guesses it."""
    return f"reports/{report.pk}-{get_random_string(16)}.{suffix}"


__all__ = ["JOB", "ask", "build", "fetched", "make", "remove"]
