"""Raising and clearing facts: the only way in which the risk of a place changes.

Facts are raised by the actions of other nouns, in their transaction, after they have checked who acts. What it means
for the colours is the projector's business (``projector.py``).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from anlan.apps.core.actions import Entry, audit_many, emit_many
from anlan.apps.core.models import Place
from anlan.apps.ledger.choices import AppliesTo
from anlan.apps.ledger.models import Fact, FactClearing
from anlan.kit import clock
from anlan.kit.errors import Refused, check
from anlan.rules import facts as rules
from anlan.rules.facts import Param
from anlan.rules.refusal import Refusal

Source = tuple[str, int]

_ASK = 500  # values in one query: every SQLite allows 999 parameters


@dataclass(frozen=True)
class NewFact:
    """A fact to be raised. ``reason`` is a msgid with {names} from ``params``; no ``since`` = from ``happened`` on."""

    place_id: int
    kind: str
    level: int
    reason: str
    params: Mapping[str, Param]
    happened: datetime
    since: datetime | None = None
    until: datetime | None = None
    applies_to: str = AppliesTo.SELF.value
    source: Source | None = None
    by: int | None = None  # the person, if one did it
    words: str = "core/levels/risk"


@dataclass(frozen=True)
class Clearing:
    """The end of one fact (by id) or of whatever a source holds."""

    what: Source | int
    at: datetime
    by: int | None = None
    reason: str = ""


@dataclass
class _Batch:
    """Facts to be recorded together, and what stands in their way."""

    places: dict[int, Place]
    held: dict[tuple[Source, str], Fact]
    now: datetime
    fresh: list[Fact] = field(default_factory=list)
    by: list[int | None] = field(default_factory=list)


def raise_fact(  # every argument is a column of the fact
    place_id: int,
    kind: str,
    level: int,
    reason: str,
    params: Mapping[str, Param],
    *,
    source: Source | None = None,
    happened: datetime,
    since: datetime | None = None,
    until: datetime | None = None,
    applies_to: str = AppliesTo.SELF.value,
    by: int | None = None,
    words: str = "core/levels/risk",
) -> Fact:
    """Record that something changes the risk of a place. The same source saying the same again changes nothing."""
    new = NewFact(place_id, kind, level, reason, params, happened, since, until, applies_to, source, by, words)
    return raise_facts([new])[0]


def raise_facts(new: Sequence[NewFact]) -> list[Fact]:
    """Record several facts, all or none, in a handful of queries; returns one fact for each, in order."""
    with transaction.atomic():
        places = _locked_places({fact.place_id for fact in new})
        batch = _Batch(places, _held_by({fact.source for fact in new if fact.source}), clock.now())
        facts = [_admit(fact, batch) for fact in new]
        Fact.objects.bulk_create(batch.fresh)
        _record("fact.raise", batch.fresh, batch.by)
    return facts


def clear_fact(what: Source | int, at: datetime, by: int | None = None, reason: str = "") -> list[FactClearing]:
    """End a fact, or all that a source holds, from ``at`` on. What is cleared already stays as it is."""
    return clear_facts([Clearing(what, at, by, reason)])


def clear_facts(ends: Sequence[Clearing]) -> list[FactClearing]:
    """End several facts, all or none, in a handful of queries; returns the clearings that were new."""
    with transaction.atomic():
        open_facts, now = _open_facts(ends), clock.now()
        rows = {
            fact.pk: FactClearing(fact=fact, at=_aware(end.at), recorded=now, by_id=end.by, reason=end.reason[:200])
            for end in ends
            for fact in open_facts.get(end.what, [])
        }
        FactClearing.objects.bulk_create(rows.values(), ignore_conflicts=False)
        _record("fact.clear", [row.fact for row in rows.values()], [row.by_id for row in rows.values()])
    return list(rows.values())


def _admit(new: NewFact, batch: _Batch) -> Fact:
    """The fact that the source holds already, or a new row if the rules allow one."""
    since = new.since or new.happened
    draft = rules.Draft(
        new.kind, new.level, new.reason, new.params, new.happened, since, new.until, str(new.applies_to)
    )
    place = batch.places.get(new.place_id)
    if place is None:
        raise Refused(Refusal("fact.no_place", "该场所不存在。", "请选择已登记的场所。"))
    check(rules.may_raise(draft, batch.now, retired=place.retired is not None))
    key = (new.source, new.kind) if new.source else None
    if key and key in batch.held:
        wanted = rules.Held(new.place_id, new.level, draft.applies_to, since, new.until)
        check(rules.may_raise_again(_as_held(batch.held[key]), wanted))
        return batch.held[key]
    fact = _row(new, draft, batch.now)
    batch.fresh.append(fact)
    batch.by.append(new.by)
    if key:
        batch.held[key] = fact
    return fact


def _row(new: NewFact, draft: rules.Draft, now: datetime) -> Fact:
    source_kind, source_id = new.source or ("", None)
    return Fact(
        place_id=new.place_id,
        kind=new.kind,
        level=int(new.level),
        reason=new.reason,
        params=dict(new.params),
        source_kind=source_kind,
        source_id=source_id,
        happened=new.happened,
        recorded=now,
        since=draft.since,
        until=new.until,
        applies_to=draft.applies_to,
        words=new.words,
    )


def _as_held(fact: Fact) -> rules.Held:
    return rules.Held(fact.place_id, fact.level, fact.applies_to, fact.since, fact.until)


def _locked_places(ids: set[int]) -> dict[int, Place]:
    """The places, held until the transaction ends, so that one source cannot raise twice at the same moment."""
    rows = Place.objects.select_for_update(no_key=True).order_by("pk").only("id", "retired", "path")
    return {row.pk: row for chunk in _chunks(sorted(ids)) for row in rows.filter(pk__in=chunk)}


def _held_by(sources: set[Source]) -> dict[tuple[Source, str], Fact]:
    found = _uncleared(sources)
    return {((fact.source_kind, fact.source_id or 0), fact.kind): fact for fact in found}


def _uncleared(sources: Iterable[Source]) -> list[Fact]:
    """What some sources hold: their facts that nobody has cleared."""
    by_kind: dict[str, list[int]] = {}
    for kind, source_id in sources:
        by_kind.setdefault(kind, []).append(source_id)
    return [
        fact
        for kind, ids in by_kind.items()
        for chunk in _chunks(sorted(ids))
        for fact in Fact.objects.filter(source_kind=kind, source_id__in=chunk, clearing=None).order_by("pk")
    ]


def _open_facts(ends: Sequence[Clearing]) -> dict[Source | int, list[Fact]]:
    """The uncleared facts that each clearing means, locked by their places against a second clearing."""
    wanted = {end.what for end in ends}
    ids = {what for what in wanted if isinstance(what, int)}
    sources = {what for what in wanted if not isinstance(what, int)}
    facts = [fact for chunk in _chunks(sorted(ids)) for fact in Fact.objects.filter(pk__in=chunk)]
    if missing := ids - {fact.pk for fact in facts}:
        first = str(min(missing))
        raise Refused(Refusal("fact.unknown", "事实 {fact} 不存在。", "请刷新后再试。", {"fact": first}))
    facts += _uncleared(sources)
    _locked_places({fact.place_id for fact in facts})
    cleared = _cleared({fact.pk for fact in facts})
    found: dict[Source | int, list[Fact]] = {}
    for fact in facts:
        if fact.pk not in cleared:
            for what in (fact.pk, (fact.source_kind, fact.source_id or 0)):
                found.setdefault(what, []).append(fact)
    return found


def _cleared(ids: set[int]) -> set[int]:
    rows = FactClearing.objects.values_list("fact_id", flat=True)
    return {fact_id for chunk in _chunks(sorted(ids)) for fact_id in rows.filter(fact_id__in=chunk)}


def _record(action: str, facts: Sequence[Fact], by: Sequence[int | None]) -> None:
    """The audit row and the live event of each fact."""
    audit_many(
        Entry(actor, action, fact.place_id, f"fact:{fact.pk}", {"kind": fact.kind, "level": fact.level})
        for fact, actor in zip(facts, by, strict=True)
    )
    event = action.removeprefix("fact.")
    emit_many("fact", ((f.place_id, {"fact": f.pk, "kind": f.kind, "level": f.level, "event": event}) for f in facts))


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise Refused(Refusal("fact.naive_time", "时间没有时区。", "请给出带时区的时间。"))
    return moment


def _chunks(ids: Sequence[int]) -> Iterable[Sequence[int]]:
    return (ids[start : start + _ASK] for start in range(0, len(ids), _ASK))
