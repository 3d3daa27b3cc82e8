"""Audit rows as sentences: who did what to what, where; names of people only for those who keep these people."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from anlan.apps.core import selectors as core
from anlan.apps.core import sight
from anlan.apps.core.choices import PlaceKind
from anlan.apps.core.models import AuditRow, Grant, Person, Place
from anlan.apps.ledger import proof
from anlan.apps.monitoring.models import Source, Tag
from anlan.kit.grants import Viewer
from anlan.web.words import FIELD_WORDS

#: What each action says. {place}: where it was; {subject}: the person, tag, gateway or place it was done to.
SENTENCES = {
    "place.add": _("新增场所“{place}”{details}"),
    "place.edit": _("修改场所“{place}”{details}"),
    "place.retire": _("停用“{place}”及其下共 {places} 处"),
    "place.reopen": _("恢复使用“{place}”及其下共 {places} 处"),
    "place.move": _("移动“{place}”到另一上级之下"),
    "place.merge": _("把“{place}”并入“{into}”"),
    "place.take_over": _("“{place}”接收了“{from}”的全部内容"),
    "zone.join": _("让“{place}”统计“{member}”"),
    "zone.leave": _("让“{place}”不再统计“{member}”"),
    "person.add": _("新增人员{subject}"),
    "person.deactivate": _("停用{subject}的账号"),
    "person.activate": _("恢复{subject}的账号"),
    "person.erase": _("删除{subject}的个人信息"),
    "person.reset_sign_in": _("重置{subject}的登录"),
    "session.end": _("让自己的一台设备退出登录"),
    "session.end_all": _("让{subject}的全部设备退出登录"),
    "grant.give": _("授予{person}在“{place}”的“{role}”{sectors}"),
    "grant.withdraw": _("收回{person}在“{place}”的“{role}”{sectors}"),
    "sign_in.done": _("登录"),
    "sign_in.left": _("退出登录"),
    "sign_in.failed": _("有人用{subject}的账号登录失败"),
    "sign_in.locked_out": _("{subject}的账号因密码错误过多被暂时锁定"),
    "sign_in.password_changed": _("修改自己的密码"),
    "second_factor.added": _("启用第二因素"),
    "second_factor.removed": _("移除第二因素"),
    "second_factor.used": _("通过第二因素验证"),
    "file.add": _("在“{place}”上传文件"),
    "source.add": _("登记数据来源{subject}"),
    "source.edit": _("修改数据来源{subject}{details}"),
    "source.renew_key": _("更换数据来源{subject}的密钥"),
    "source.switch": _("{switched}数据来源{subject}"),
    "tag.add": _("登记监测点{subject}"),
    "tag.edit": _("修改监测点{subject}{details}"),
    "alarm.acknowledge": _("确认“{place}”的报警"),
    "alarm.comment": _("对“{place}”的报警留言"),
    "fact.raise": _("“{place}”新增一条风险事实（{level}）"),
    "fact.clear": _("“{place}”解除一条风险事实"),
    "list.export": _("导出列表{subject}"),
    "token.add": _("新建接口令牌"),
    "token.revoke": _("收回接口令牌"),
    "retention.run": _("按保存期限清理：{removed}"),
    "shift.add": _("排班：“{place}”"),
    "shift.edit": _("修改“{place}”的排班"),
    "item.edit": _("修改“{place}”的档案"),
    "scenario.add": _("在“{place}”写下事故情景"),
    "scenario.edit": _("修改“{place}”的事故情景{details}"),
    "scenario.end": _("停用“{place}”的一个事故情景"),
    "scenario.export": _("导出“{place}”的事故后果"),
}
#: Sorts of actions as people ask for them: key, words, how the names of their actions begin.
SORTS = (
    ("places", _("场所"), ("place.", "zone.")),
    ("people", _("人员与授权"), ("person.", "grant.")),
    ("sign_in", _("登录"), ("sign_in.", "second_factor.", "session.")),
    ("limits", _("监测点与来源"), ("tag.", "source.")),
    ("alarms", _("报警"), ("alarm.",)),
    ("facts", _("风险事实"), ("fact.",)),
    ("exports", _("导出与文件"), ("list.", "file.", "export.", "import.")),
    ("system", _("系统"), ("retention.", "token.", "hook.")),
)
_LEVELS = ("未知", "低", "一般", "较大", "重大")
_NAMES = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Sentence:
    """An audit row in words."""

    row: AuditRow
    who: str
    text: str
    seq: int | None  # place in the chain; None until it is sealed


def rows(viewer: Viewer) -> QuerySet[AuditRow]:
    """What the viewer may read, and what the people that they keep did to accounts, which lies at no place."""
    seen = viewer.scope("audit.view", "place__") | Q(actor_id=viewer.oneself, actor__isnull=False)
    if viewer.may_anywhere("audit.view"):
        kept = core.people(viewer).order_by().values("pk")
        seen |= Q(place=None, actor__in=kept)
    return AuditRow.objects.filter(seen).select_related("actor", "place").order_by("-pk")


def sentences(viewer: Viewer, found: Sequence[AuditRow]) -> list[Sentence]:
    """Rows in words, in a handful of queries for all of them."""
    known = _Known(viewer, found)
    return [Sentence(row, known.who(row), known.text(row), known.seqs.get(row.pk)) for row in found]


class _Known:
    """What the sentences need to name: people that the viewer keeps, places that they see, tags and gateways."""

    def __init__(self, viewer: Viewer, found: Sequence[AuditRow]) -> None:
        self.seqs = proof.positions([row.pk for row in found])
        self._me = viewer.person_id
        subjects = [row.subject.partition(":") for row in found]
        wanted = (
            _ids(subjects, "person") | {row.detail.get("person") for row in found} | {row.actor_id for row in found}
        )
        people = [one for one in wanted if isinstance(one, int)]
        self._people: dict[int, Person] = core.people(viewer).in_bulk(people)
        grants = Grant.objects.filter(pk__in=_ids(subjects, "grant")).only("pk", "person_id")
        self._grants = {row.pk: row.person_id for row in grants}
        places = {row.detail.get(name) for row in found for name in ("into", "from", "place") if name in row.detail}
        self._places: dict[int, Place] = (
            core.places(viewer, retired=True).defer("geometry").in_bulk([one for one in places if isinstance(one, int)])
        )
        self._tags = dict(
            Tag.objects.filter(viewer.scope("tag.view", "place__"), pk__in=_ids(subjects, "tag")).values_list(
                "pk", "name"
            )
        )
        self._sources = dict(
            Source.objects.filter(viewer.scope("source.edit", "place__"), pk__in=_ids(subjects, "source")).values_list(
                "pk", "name"
            )
        )

    def who(self, row: AuditRow) -> str:
        """The actor's name where the viewer keeps them; else that it was somebody."""
        if row.actor_id is None:
            return gettext("系统")
        return self._person(row.actor_id)

    def text(self, row: AuditRow) -> str:
        template = gettext(SENTENCES.get(row.action, "")) or gettext("{action}（{subject}）")
        values = {
            "action": row.action,
            "place": row.place.name if row.place else "",
            "subject": self._subject(row),
            **self._details(row),
        }
        return _NAMES.sub(lambda name: str(values.get(name[1], "")), template)

    def _person(self, person_id: int | None) -> str:
        person = self._people.get(person_id or 0)
        return person.name if person else gettext("（范围外的人员）")

    def _subject(self, row: AuditRow) -> str:
        kind, _colon, text = row.subject.partition(":")
        number = int(text) if text.isdecimal() else 0
        if kind == "person":
            return f"“{self._person(number)}”"
        if kind == "tag":
            return f"“{self._tags.get(number, gettext('（范围外）'))}”"
        if kind == "source":
            return f"“{self._sources.get(number, gettext('（范围外）'))}”"
        return text if kind == "list" else ""

    def _details(self, row: AuditRow) -> dict[str, str]:
        detail: Mapping[str, Any] = row.detail
        said = {key: str(value) for key, value in detail.items() if isinstance(value, str | int | float)}
        for name, key in (("into", "into"), ("from", "from"), ("member", "place")):
            if isinstance(detail.get(key), int):
                place = self._places.get(detail[key])
                said[name] = place.name if place else gettext("（范围外的场所）")
        if row.action.startswith("grant."):
            said["person"] = self._person(detail.get("person"))
            said["role"] = sight.role_name(str(detail.get("role", "")))
            sectors = detail.get("sectors")
            said["sectors"] = gettext("（限部分行业）") if sectors else ""
        said["level"] = gettext(_LEVELS[detail["level"]]) if detail.get("level") in range(5) else ""
        said["switched"] = gettext("启用") if detail.get("enabled") else gettext("停用")
        said["details"] = _changes(detail)
        return {**said, "place": row.place.name if row.place else ""}


def _ids(subjects: Iterable[tuple[str, str, str]], kind: str) -> set[int]:
    return {int(text) for found, _colon, text in subjects if found == kind and text.isdecimal()}


def _changes(detail: Mapping[str, Any]) -> str:
    """What was changed, from what to what, as far as the row tells."""
    changed = detail.get("changed")
    if isinstance(changed, dict):
        told = [
            f"{_field(name)} {_value(pair[0])} → {_value(pair[1])}" for name, pair in changed.items() if _pair(pair)
        ]
        return f"：{'，'.join(told)}" if told else ""
    if isinstance(changed, list):
        before = detail.get("before") or {}
        told = [
            _field(str(name)) + (f"（{gettext('原为')} {_value(before[name])}）" if name in before else "")
            for name in changed
        ]
        return f"：{'、'.join(told)}" if told else ""
    if "kind" in detail and "name" in detail:
        kind = str(detail["kind"])
        return f"（{PlaceKind(kind).label}）" if kind in PlaceKind.values else ""
    return ""


def _pair(value: object) -> bool:
    return isinstance(value, list) and len(value) == 2


def _field(name: str) -> str:
    return gettext(FIELD_WORDS.get(name, name))


def _value(value: object) -> str:
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return gettext("是") if value else gettext("否")
    return f"{value:g}" if isinstance(value, float) else str(value)
