"""The facts that ponds hold: how one stands, drains whose test is overdue, ponds that should have been closed."""

from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from anlan.apps.ledger.actions import Clearing, NewFact, clear_facts, raise_facts
from anlan.apps.ledger.models import Fact
from anlan.apps.tailings.choices import OVER
from anlan.apps.tailings.judging import Verdict, closing_of, newest_tests
from anlan.apps.tailings.models import Pond
from anlan.kit import clock
from anlan.packs.families import tailings_ponds as pack
from anlan.rules import lapses
from anlan.rules.facts import fill
from anlan.rules.levels import Level

POND, TEST = "pond", "drain_test"


def keep_in_step(pond: Pond, verdict: Verdict | None, by: int | None) -> None:
    """Raise what a pond should hold and does not, clear what it holds and should not."""
    wanted = _wanted(pond, verdict, by)
    held = list(_held(pond))
    stale = [fact for fact in held if not any(_same(fact, new) for new in wanted)]
    now = clock.now()
    clear_facts([Clearing(fact.pk, now, by) for fact in stale])
    kept = [fact for fact in held if fact not in stale]
    raise_facts([new for new in wanted if not any(_same(fact, new) for fact in kept)])


def _wanted(pond: Pond, verdict: Verdict | None, by: int | None) -> list[NewFact]:
    if pond.state in OVER:
        return []
    found = [] if verdict is None else [_standing(pond, verdict, by)]
    return [*found, *_overdue(pond, by), *_closing(pond, by)]


def _standing(pond: Pond, verdict: Verdict, by: int | None) -> NewFact:
    judgement = verdict.judgement
    part = judgement.deciding
    why = fill(gettext(part.text), part.params) if part is not None else gettext("没有任何可供判断的资料")
    told = {"pond": pond.name, "why": why, "part": part.key if part is not None else ""}
    source = (POND, pond.pk)
    return NewFact(
        pond.place_id,
        "tailings_pond",
        int(judgement.level),
        _("{pond}：{why}"),
        told,
        clock.now(),
        source=source,
        by=by,
    )


def _overdue(pond: Pond, by: int | None) -> list[NewFact]:
    """They begin the day after the last good one, so that nobody need ask on that day."""
    tables = pack.load(clock.today())
    names = {str(one["name"]) for one in pond.drains}
    return [
        _dated(pond, ("drain_test_overdue", tables.overdue_level, test.next_due),
               _("{pond}的{drain}应于 {date} 前检测，已逾期"), {"drain": test.drain}, (TEST, test.pk), by)
        for test in newest_tests(pond).values()
        if test.drain in names
    ]  # fmt: skip


def _closing(pond: Pond, by: int | None) -> list[NewFact]:
    tables = pack.load(clock.today())
    due = closing_of(pond, clock.today())
    if due.since is None:
        return []
    last = (pond.last_deposit or due.since).isoformat()
    told: dict[str, str | int | float] = {"last": last, "years": tables.idle_years}
    found = [
        _dated(pond, ("pond_not_closed", tables.closing_level, due.since),
               _("{pond}自 {last} 停用已满 {years} 年，应当闭库"), told, (POND, pond.pk), by)
    ]  # fmt: skip
    if due.until is not None:
        found.append(
            _dated(pond, ("pond_closing_late", tables.late_level, due.until),
                   _("{pond}应于 {date} 前完成闭库，已逾期"), {}, (POND, pond.pk), by)
        )  # fmt: skip
    return found


def _dated(
    pond: Pond, what: tuple[str, Level, date], reason: str, more: dict[str, str | int | float], source: tuple[str, int],
    by: int | None,
) -> NewFact:  # fmt: skip
    kind, level, due = what
    since: datetime = lapses.runs_out(due, timezone.get_default_timezone())
    params = {"pond": pond.name, "date": due.isoformat(), **more}
    return NewFact(pond.place_id, kind, int(level), reason, params, clock.now(), since=since, source=source, by=by)


def _held(pond: Pond) -> list[Fact]:
    tests = pond.tests.values_list("pk", flat=True)
    mine = Fact.objects.filter(source_kind=POND, source_id=pond.pk, clearing=None)
    theirs = Fact.objects.filter(source_kind=TEST, source_id__in=list(tests), clearing=None)
    return [*mine.order_by("pk"), *theirs.order_by("pk")]


def _same(fact: Fact, new: NewFact) -> bool:
    """A reading that moves without another colour or another reason changes nothing."""
    same = (
        (fact.source_kind, fact.source_id) == new.source
        and (fact.place_id, fact.kind, fact.level, fact.reason) == (new.place_id, new.kind, int(new.level), new.reason)
        and (new.since is None or fact.since == new.since)
    )
    words = [name for name in ("pond", "part", "drain", "date") if name in new.params]
    return same and all(fact.params.get(name) == new.params[name] for name in words)
