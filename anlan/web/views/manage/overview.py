"""总览: what a system manager should look at first."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from anlan.apps.core import selectors as core
from anlan.apps.ledger import selectors as ledger
from anlan.apps.monitoring import gateways
from anlan.kit import clock
from anlan.kit.grants import Viewer
from anlan.web import audit, packview
from anlan.web.views.manage.frame import managed, shown

_SOON = timedelta(days=14)


@dataclass(frozen=True)
class Card:
    """One part of the system: how much there is, and what waits for the manager."""

    url: str
    title: str
    number: str
    note: str
    waits: str = ""


@managed("manage")
def overview_page(request: HttpRequest, viewer: Viewer) -> HttpResponseBase:
    recent = list(audit.rows(viewer)[:8]) if viewer.may_anywhere("audit.view") else []
    return shown(request, viewer, "overview", cards=list(_cards(viewer)), recent=audit.sentences(viewer, recent))


def _cards(viewer: Viewer) -> Iterator[Card]:
    if viewer.may_anywhere("place.edit"):
        yield _places(viewer)
    if viewer.may_anywhere("person.edit"):
        yield _people(viewer)
    if viewer.may_anywhere("source.edit"):
        yield _sources(viewer)
    if viewer.may_anywhere("tag.edit"):
        tags = gateways.editable_tags(viewer)
        bare = tags.filter(hh=None, h=None, l=None, ll=None).count()
        waits = _("{n} 个没有限值").format(n=bare) if bare else ""
        yield Card(reverse("web:manage_tags"), _("监测点与限值"), _count(tags.count()), _("个监测点"), waits)
    yield _packs()
    if viewer.may_anywhere("audit.view"):
        head = ledger.seal_head()
        yield Card(reverse("web:manage_audit"), _("操作留痕"), _count(head.seq), _("环已封存"))


def _places(viewer: Viewer) -> Card:
    places = core.places(viewer)
    lacking = places.filter(kind="enterprise", geometry=None).count()
    waits = _("{n} 家企业还没有画在图上").format(n=lacking) if lacking else ""
    return Card(reverse("web:manage_places"), _("场所"), _count(places.order_by().count()), _("处在用"), waits)


def _people(viewer: Viewer) -> Card:
    people = core.people(viewer).filter(is_active=True)
    totp = Authenticator.objects.filter(user=OuterRef("pk"), type=Authenticator.Type.TOTP)
    soon = core.grants(viewer).filter(until__lt=clock.now() + _SOON).count()
    never = people.filter(last_login=None).exclude(Exists(totp)).count()
    waits = [_("{n} 项授权 14 天内到期").format(n=soon)] * bool(soon) + [_("{n} 人从未登录").format(n=never)] * bool(
        never
    )
    return Card(reverse("web:manage_people"), _("人员与授权"), _count(people.count()), _("人可登录"), "，".join(waits))


def _sources(viewer: Viewer) -> Card:
    sources = gateways.sources(viewer)
    lost = sources.filter(enabled=True).exclude(lost_since=None).count()
    waits = _("{n} 个失联").format(n=lost) if lost else ""
    return Card(reverse("web:manage_sources"), _("数据来源"), _count(sources.count()), _("个网关"), waits)


def _packs() -> Card:
    today = clock.today()
    found = packview.entries()
    unsure = sum(one.header.confidence == "memory" and one.state(today) == "now" for one in found)
    waits = _("{n} 个还没有与原文核对").format(n=unsure) if unsure else ""
    now = sum(one.state(today) == "now" for one in found)
    return Card(reverse("web:manage_packs"), _("规则包"), _count(now), _("个现行"), waits)


def _count(number: int) -> str:
    return f"{number:,}".replace(",", " ")
