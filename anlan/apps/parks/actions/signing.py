"""Running the check of a project, and the opinions of the offices that decide upon it."""

import json
from collections.abc import Callable

from django.db import transaction

from anlan.apps.core.actions import enqueue, notify
from anlan.apps.core.choices import JobState
from anlan.apps.core.selectors import people_with
from anlan.apps.parks.actions.common import held, record
from anlan.apps.parks.actions.projects import open_project
from anlan.apps.parks.choices import ProjectState
from anlan.apps.parks.models import CheckRun, Project, SignedOpinion
from anlan.apps.parks.selectors import checking, effects
from anlan.apps.parks.selectors.projects import as_check
from anlan.apps.parks.selectors.projects import project as seen_project
from anlan.apps.parks.specs import needed, refuse
from anlan.kit import clock
from anlan.kit.errors import BadInput, NotAllowed, Refused, check
from anlan.kit.grants import Viewer, asking_token
from anlan.kit.sm3 import sm3
from anlan.packs.families import admission
from anlan.rules import admission as rules
from anlan.rules.admission import Verdict
from anlan.rules.refusal import Refusal

JOB = "parks.check"
UNDER_WAY = (JobState.WAITING, JobState.RUNNING)


def ask_check(viewer: Viewer, project_id: int) -> CheckRun | None:
    """Check a project: now, or by a job (None) where it has installations, of which the risk takes seconds."""
    with transaction.atomic():
        project = open_project(viewer, project_id)
        if project.installations:
            if project.job is None or project.job.state not in UNDER_WAY:
                told = {"project": project.pk, "person": viewer.person_id, "token": asking_token()}
                project.job = enqueue(JOB, told)
                project.save(update_fields=["job"])
            return None
    return check_project(viewer, project_id)


def check_project(
    viewer: Viewer, project_id: int, progress: Callable[[int, int], None] = lambda done, total: None
) -> CheckRun:
    """Check a project against everything that is known, and keep what was found.

    All targets around are looked at, also those that the viewer may not see: their names are told to nobody who may
    not.
    """
    seen = seen_project(viewer, project_id)
    effect = effects.compute(seen, progress)  # takes a moment: nobody waits for it
    findings = checking.examine(seen, effect)
    with transaction.atomic():
        project = open_project(viewer, project_id)
        if project.revision != seen.revision:
            raise Refused(Refusal("project.moved", "检查的时候项目有改动。", "请再检查一次。"))
        known = admission.load(clock.today())
        vetoes = {item.key for item in known.items if item.veto}
        blocking = [one.key for one in findings if one.key in vetoes and one.verdict in (Verdict.FAIL, Verdict.UNKNOWN)]
        kept = [checking.as_json(one) for one in findings]
        run = CheckRun.objects.create(
            project=project,
            revision=project.revision,
            by_id=viewer.person_id,
            findings=kept,
            blocking=blocking,
            effect=effect.told,
            digest=_digest(
                {"project": project.pk, "revision": project.revision, "findings": kept, "effect": effect.told}
            ),
        )
        project.state = ProjectState.CHECKED
        project.save(update_fields=["state"])
        record(viewer, "project.check", project, {"run": run.pk, "blocking": blocking, "digest": run.digest})
        if not blocking:
            _tell_signers(project)
    return run


def sign(viewer: Viewer, project_id: int, office: str, verdict: str, text: str) -> SignedOpinion:
    """Give the opinion of an office on the newest check. All agreeing approve; one that does not, refuses.

    There is no override: while a veto line fails or cannot be told, nobody can agree.
    """
    if viewer.person_id is None:
        raise NotAllowed("project.sign")
    known = admission.load(clock.today())
    if office not in known.offices:
        refuse("opinion.bad_office", "没有“{office}”这个会签部门。", "请从列出的部门里选。", office=office[:16])
    said = needed(text, "意见", 500)
    with transaction.atomic():
        project: Project = held(viewer, Project, project_id, "project.sign", "project.view")
        run = project.checks.order_by("-pk").first()
        refusal = rules.may_sign(as_check(project, run), verdict, known.check_days, project.state)
        if refusal is not None:
            raise BadInput(refusal) if refusal.code == "opinion.unknown" else Refused(refusal)
        assert run is not None  # may_sign refuses without one
        check(_one_office_each(run, viewer.person_id, office))
        row = SignedOpinion.objects.create(
            check_run=run, office=office, verdict=verdict, text=said, by_id=viewer.person_id,
            digest=_digest([run.digest, office, verdict, said, viewer.person_id]),
        )  # fmt: skip
        _decide(project, run)
        detail = {"office": office, "verdict": verdict, "check": run.digest, "digest": row.digest}
        record(viewer, "project.sign", project, detail | {"state": project.state})
    return row


def _decide(project: Project, run: CheckRun) -> None:
    known = admission.load(clock.today())
    counted = {one.office: one.verdict for one in run.opinions.order_by("pk")}
    project.state = ProjectState(rules.outcome(counted, known.offices))
    project.save(update_fields=["state"])


def _one_office_each(run: CheckRun, person_id: int, office: str) -> Refusal | None:
    """One person speaks for one office only."""
    other = run.opinions.filter(by_id=person_id).exclude(office=office).first()
    if other is None:
        return None
    names = admission.load(clock.today()).offices
    told = {"office": names.get(other.office, other.office)}
    return Refusal("opinion.two_offices", "您已经代表{office}签过这次检查。", "别的部门请由其负责人签。", told)


def _tell_signers(project: Project) -> None:
    notify(
        people_with("project.sign", project.place),
        text=f"建设项目“{project.name}”可以会签",
        link=f"/projects/{project.pk}",
        key=f"project:{project.pk}:{project.revision}",
    )


def _digest(content: object) -> str:
    return sm3(json.dumps(content, ensure_ascii=False, sort_keys=True).encode())
