"""Gateways with their keys, and tags with their limits. The engine takes up every change within a second."""

import hashlib
import re
import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import F

from anlan.apps.core import selectors as core
from anlan.apps.core.actions import Entry, audit, audit_many, emit, emit_many
from anlan.apps.core.models import Place
from anlan.apps.monitoring.actions.events import settle_source
from anlan.apps.monitoring.choices import SourceKind
from anlan.apps.monitoring.models import Source, Tag
from anlan.kit import clock
from anlan.kit.errors import NotInScope, check
from anlan.kit.grants import Viewer
from anlan.packs.families import alarm_facts
from anlan.rules import paths
from anlan.rules.alarms import Limits, check_limits
from anlan.rules.refusal import Refusal

_SOURCE_CODE = re.compile(r"[A-Za-z0-9_-]{1,48}")


@dataclass(frozen=True)
class TagSpec:
    """A tag as somebody enters it. ``rank`` is a key of the pack core/alarm_facts."""

    place_id: int
    code: str
    name: str
    unit: str = ""
    decimals: int = 2
    rank: str = "general"
    limits: Limits = field(default_factory=Limits)
    enabled: bool = True


def add_source(viewer: Viewer, place_id: int, code: str, name: str, kind: str = "http") -> tuple[Source, str]:
    """Add a gateway; returns it with its key, which is shown this once and kept only as a digest."""
    key = _new_key()
    with transaction.atomic():
        place = core.place(viewer, place_id, "source.edit")
        check(_source_refusal(code, name, kind))
        source = Source.objects.create(place=place, code=code, name=name, kind=kind, key_digest=digest(key))
        _record(viewer, "source.add", place, source, {"code": code, "name": name, "kind": kind})
    return source, key


def renew_key(viewer: Viewer, source_id: int) -> str:
    """Give a gateway a new key; the old one is refused from now on."""
    key = _new_key()
    with transaction.atomic():
        source = _source(viewer, source_id)
        source.key_digest = digest(key)
        source.save(update_fields=["key_digest"])
        _record(viewer, "source.renew_key", source.place, source, {})
    return key


def switch_source(viewer: Viewer, source_id: int, *, enabled: bool) -> Source:
    """Take a gateway in or out of use. Out of use, its readings are refused and its alarms clear."""
    with transaction.atomic():
        source = _source(viewer, source_id)
        if source.enabled != enabled:
            source.enabled, source.revision = enabled, source.revision + 1
            source.save(update_fields=["enabled", "revision"])
            settle_source(source.pk, clock.now())
            _record(viewer, "source.switch", source.place, source, {"enabled": enabled})
    return source


def add_tag(viewer: Viewer, source_id: int, spec: TagSpec) -> Tag:
    """Add a measured point to a gateway."""
    return add_tags(viewer, source_id, [spec])[0]


def add_tags(viewer: Viewer, source_id: int, specs: Sequence[TagSpec]) -> list[Tag]:
    """Add many measured points to a gateway, all or none, in a handful of queries."""
    with transaction.atomic():
        source = _source(viewer, source_id, "tag.edit")
        places = core.places_by_id(viewer, {one.place_id for one in specs}, "tag.edit")
        taken = set(Tag.objects.filter(source=source).values_list("code", flat=True))
        for spec in specs:
            taking = _code_taken(spec.code) if spec.code in taken else None
            check(_tag_refusal(spec) or _place_refusal(source, places[spec.place_id]) or taking)
            taken.add(spec.code)
        rows = [Tag(source=source, place=places[spec.place_id], **_columns(spec)) for spec in specs]
        tags = Tag.objects.bulk_create(rows)
        settle_source(source.pk, clock.now())
        audit_many(
            Entry(viewer.person_id, "tag.add", tag.place_id, f"tag:{tag.pk}", asdict(spec))
            for tag, spec in zip(tags, specs, strict=True)
        )
        emit_many("tags", ((tag.place_id, {"tag": tag.pk}) for tag in tags))
    return tags


def edit_tag(viewer: Viewer, tag_id: int, spec: TagSpec) -> Tag:
    """Change a tag; limits that are removed while in alarm end the alarm as soon as the engine takes them up."""
    with transaction.atomic():
        tag = _tag(viewer, tag_id)
        place = core.place(viewer, spec.place_id, "tag.edit")
        check(_tag_refusal(spec) or _place_refusal(tag.source, place))
        if spec.code != tag.code:
            check(_code_refusal(tag.source, spec.code))
        before = {name: getattr(tag, name) for name in _columns(spec)} | {"place_id": tag.place_id}
        after = _columns(spec) | {"place_id": place.pk}
        changed = {name: [before[name], value] for name, value in after.items() if before[name] != value}
        if changed:
            Tag.objects.filter(pk=tag.pk).update(**after, revision=F("revision") + 1, changed=clock.now())
            tag.refresh_from_db()
            settle_source(tag.source_id, clock.now())
            _record(viewer, "tag.edit", place, tag, {"changed": changed})
    return tag


def digest(key: str) -> str:
    """What is kept of a key."""
    return hashlib.sha256(key.encode()).hexdigest()


def _new_key() -> str:
    return secrets.token_urlsafe(32)


def _source(viewer: Viewer, source_id: int, capability: str = "source.edit") -> Source:
    """The source under its row lock, if the viewer holds ``capability`` at its place."""
    source = (
        Source.objects.select_for_update(of=("self",), no_key=True).select_related("place").filter(pk=source_id).first()
    )
    if source is None:
        raise NotInScope
    core.place(viewer, source.place_id, capability)
    return source


def _tag(viewer: Viewer, tag_id: int) -> Tag:
    tag = (
        Tag.objects.select_for_update(of=("self",), no_key=True)
        .select_related("source__place", "place")
        .filter(pk=tag_id)
        .first()
    )
    if tag is None:
        raise NotInScope
    core.place(viewer, tag.place_id, "tag.edit")
    return tag


def _columns(spec: TagSpec) -> dict[str, Any]:
    plain = {name: getattr(spec, name) for name in ("code", "name", "unit", "decimals", "rank", "enabled")}
    return plain | asdict(spec.limits)


def _source_refusal(code: str, name: str, kind: str) -> Refusal | None:
    if not _SOURCE_CODE.fullmatch(code):
        fix = "请用 1 至 48 个字母、数字、下划线或连字符。"
        return Refusal("source.bad_code", "来源代码“{code}”不可用。", fix, {"code": code[:60]})
    if Source.objects.filter(code=code).exists():
        return Refusal("source.code_taken", "来源代码“{code}”已被使用。", "请换一个代码。", {"code": code})
    if kind not in SourceKind.values:
        return Refusal("source.bad_kind", "接入方式“{kind}”不存在。", "请选择 http 或 mqtt。", {"kind": kind[:60]})
    return _name_refusal(name)


def _tag_refusal(spec: TagSpec) -> Refusal | None:
    """The first thing that is wrong with a tag as entered."""
    if not spec.code.strip() or spec.code != spec.code.strip() or len(spec.code) > 64:
        fix = "请用 1 至 64 个字符，首尾无空格。"
        return Refusal("tag.bad_code", "位号“{code}”不可用。", fix, {"code": spec.code[:80]})
    if len(spec.unit) > 24 or not 0 <= spec.decimals <= 9:
        return Refusal("tag.bad_format", "单位过长或小数位数不在 0 至 9 之间。", "请核对单位和小数位数。")
    ranks = alarm_facts.load(clock.today()).ranks
    if spec.rank not in ranks:
        params = {"rank": spec.rank[:60], "ranks": "、".join(ranks)}
        return Refusal("tag.bad_rank", "点位等级“{rank}”不存在。", "请选择：{ranks}。", params)
    return _name_refusal(spec.name) or check_limits(spec.limits)


def _name_refusal(name: str) -> Refusal | None:
    if name.strip() and name.isprintable() and len(name) <= 120:
        return None
    return Refusal("monitoring.bad_name", "名称“{name}”不可用。", "名称为 1 至 120 个可见字符。", {"name": name[:130]})


def _place_refusal(source: Source, place: Place) -> Refusal | None:
    """A gateway serves its own place and what lies below: when it falls silent, all of that is unknown."""
    if paths.covers(source.place.path, place.path):
        return None
    params = {"place": place.name, "source": source.place.name}
    return Refusal(
        "tag.outside_source", "“{place}”不在来源所属的“{source}”之内。", "请选择其下的场所，或换一个来源。", params
    )


def _code_refusal(source: Source, code: str) -> Refusal | None:
    return _code_taken(code) if Tag.objects.filter(source=source, code=code).exists() else None


def _code_taken(code: str) -> Refusal:
    return Refusal("tag.code_taken", "该来源已有位号“{code}”。", "请换一个位号，或修改已有点位。", {"code": code})


def _record(viewer: Viewer, action: str, place: Place, subject: Source | Tag, detail: dict[str, Any]) -> None:
    noun, _, _ = action.partition(".")
    audit(viewer.person_id, action, place, f"{noun}:{subject.pk}", detail)
    if noun == "source":
        emit("sources", place.pk, {"source": subject.pk})
    else:
        emit("tags", place.pk, {"tag": subject.pk})
