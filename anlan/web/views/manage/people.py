"""人员与授权: who there is, what each may see and why, and how they sign in."""

from collections.abc import Callable
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.db.models import Count, Exists, OuterRef, Prefetch, Q
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from anlan.apps.core import actions, sight
from anlan.apps.core import selectors as core
from anlan.apps.core.actions import keeping
from anlan.apps.core.models import Grant, Person
from anlan.kit import clock, listing
from anlan.kit.errors import Refused
from anlan.kit.grants import Viewer
from anlan.packs.families import roles
from anlan.web.views.manage.choosing import deeds_and_sights, sector_names
from anlan.web.views.manage.frame import context, done, managed, refused, shown
from anlan.web.views.parts import list_page

PERSON = "web:manage_person"
SHOWN_BEFORE = 20


@managed("manage_people")
def people_page(request: HttpRequest, viewer: Viewer) -> HttpResponseBase:
    mine = core.grants(viewer).filter(since__lte=clock.now()).order_by("place__path")
    totp = Authenticator.objects.filter(user=OuterRef("pk"), type=Authenticator.Type.TOTP)
    rows = core.people(viewer).annotate(
        secured=Exists(totp), signed_in=Count("sessions", filter=Q(sessions__expire_date__gt=clock.now()))
    )
    rows = rows.prefetch_related(Prefetch("grants", queryset=mine, to_attr="held"))
    more = {name: value for name, value in context(request, viewer).items() if name != "layout"}
    return list_page(
        request, viewer, _listing(), rows, "web/manage/list.html", **more, guide=True, layout="web/base.html"
    )


def _listing() -> listing.Listing:
    known = roles.load(clock.today()).roles
    state = (listing.Option("1", gettext_lazy("可登录")), listing.Option("0", gettext_lazy("已停用")))
    second = (listing.Option("1", gettext_lazy("已启用")), listing.Option("0", gettext_lazy("未启用")))
    return listing.Listing(
        name="manage-people",
        title=gettext_lazy("人员"),
        columns=(
            listing.Column("name", gettext_lazy("姓名"), lambda p: p.name, _person_link, sort="name"),
            listing.Column("username", gettext_lazy("用户名"), lambda p: p.username, sort="username"),
            listing.Column("phone", gettext_lazy("电话"), lambda p: p.phone),
            listing.Column("grants", gettext_lazy("角色与范围"), _grants_text, _grants_html, width=40),
            listing.Column("active", gettext_lazy("登录"), lambda p: state_of(p)),
            listing.Column("secured", gettext_lazy("第二因素"), lambda p: _("已启用") if p.secured else _("未启用")),
            listing.Column("last", gettext_lazy("最近登录"), lambda p: p.last_login, sort="last_login"),
            listing.Column("signed_in", gettext_lazy("在线设备"), lambda p: p.signed_in, shown=False, number=True),
            listing.Column("joined", gettext_lazy("建立"), lambda p: p.date_joined, sort="date_joined", shown=False),
        ),
        filters=(
            listing.Text(
                gettext_lazy("姓名、用户名或电话"), ("name__icontains", "username__icontains", "phone__icontains")
            ),
            listing.Choice(
                "role",
                gettext_lazy("角色"),
                [listing.Option(key, role.name) for key, role in known.items()],
                apply=lambda rows, asked: rows.filter(Exists(_live_of(asked))),
            ),
            listing.Choice(
                "state",
                gettext_lazy("登录"),
                state,
                apply=lambda rows, asked: rows.filter(is_active=asked[0] == "1"),
                many=False,
                inline=True,
            ),
            listing.Choice(
                "second",
                gettext_lazy("第二因素"),
                second,
                apply=lambda rows, asked: rows.filter(secured=asked[0] == "1"),
                many=False,
            ),
        ),
        sort="name",
        empty=listing.Empty(gettext_lazy("还没有人员"), gettext_lazy("用“授权”给第一个人角色和范围。")),
    )


def _live_of(keys: Any) -> Any:
    return core.live_grants(clock.now()).filter(person=OuterRef("pk"), role__in=list(keys))


def state_of(person: Person) -> str:
    """How a person stands with signing in, in a word."""
    if not person.is_active:
        return _("已停用")
    if not person.has_usable_password():
        return _("还没有密码")
    return _("可登录")


def _person_link(person: Person) -> str:
    return format_html('<a href="{}">{}</a>', reverse(PERSON, args=[person.pk]), person.name)


def _grants_text(person: Any) -> str:
    return "；".join(f"{sight.role_name(one.role)}（{one.place.name}）" for one in person.held)


def _grants_html(person: Any) -> SafeString | str:
    rows = [(sight.role_name(one.role), one.place.name) for one in person.held]
    return format_html_join("", '<span class="held"><b>{}</b> {}</span>', rows) or "—"


@managed("manage_people")
def person_page(request: HttpRequest, viewer: Viewer, person_id: int) -> HttpResponseBase:
    return _person(request, viewer, person_id)


def _person(request: HttpRequest, viewer: Viewer, person_id: int, password: str = "") -> HttpResponseBase:
    """The page of a person; ``password``: the new one, shown this once."""
    person = core.person(viewer, person_id)
    reaches, elsewhere = sight.what_sees(viewer, person)
    known = roles.load(clock.today())
    rows = [
        (reach, *deeds_and_sights(known, reach.through.capabilities), _ends(reach.through.grant)) for reach in reaches
    ]
    keepable = keeping.may_keep(viewer, person)
    return shown(
        request,
        viewer,
        "person",
        person=person,
        state=state_of(person),
        second_factor=Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP).exists(),
        needs_second_factor=core.viewer_of(person).second_factor,
        sessions=keeping.sessions_of(viewer, person) if keepable is None else (),
        rows=rows,
        elsewhere=elsewhere,
        past=[(one, sight.role_name(one.role)) for one in sight.past_grants(viewer, person)[:SHOWN_BEFORE]],
        refusal=keepable,
        oneself=person.pk == viewer.person_id,
        password=password,
    )


def _ends(grant: Grant) -> str:
    return sector_names(grant.sectors) or _("全部行业")


@managed("manage_people")
def place_sight(request: HttpRequest, viewer: Viewer, place_id: int) -> HttpResponseBase:
    """Who can see a place, with which capability, through which grant."""
    place = core.place(viewer, place_id, "person.edit")
    found = sight.who_sees(viewer, place)
    known = roles.load(clock.today()).capabilities
    held = [one for one in known if any(one in watcher.capabilities for watcher in found.watchers)]
    rows = [
        (watcher, [(_ends(one.grant), one) for one in watcher.through], [one in watcher.capabilities for one in held])
        for watcher in found.watchers
    ]
    capabilities = [(one, known[one]) for one in held]
    more = {"above": core.ancestors(viewer, place), "rows": rows, "found": found, "capabilities": capabilities}
    return shown(request, viewer, "sight", place=place, **more)


@require_POST
@managed("manage_people")
def end_grant(request: HttpRequest, viewer: Viewer, grant_id: int) -> HttpResponseBase:
    grant = core.grant(viewer, grant_id)
    try:
        actions.withdraw_grant(viewer, grant_id)
    except Refused as failure:
        return refused(request, failure, PERSON, grant.person_id)
    text = _("已收回{name}在“{place}”的“{role}”，立即生效。")
    told = text.format(name=grant.person.name, place=grant.place.name, role=sight.role_name(grant.role))
    if grant.person_id != viewer.person_id and not core.people(viewer).filter(pk=grant.person_id).exists():
        return done(request, told, "web:manage_people")
    return done(request, told, PERSON, grant.person_id)


@require_POST
@managed("manage_people")
def reset(request: HttpRequest, viewer: Viewer, person_id: int) -> HttpResponseBase:
    """A new password, shown once in the answer."""
    try:
        password = actions.reset_sign_in(viewer, person_id)
    except Refused as failure:
        return refused(request, failure, PERSON, person_id)
    messages.success(request, _("登录已重置，所有设备已退出。"))
    return _person(request, viewer, person_id, password)


@require_POST
@managed("manage_people")
def deactivate(request: HttpRequest, viewer: Viewer, person_id: int) -> HttpResponseBase:
    return _act(request, viewer, person_id, actions.deactivate_person, _("已停用，所有设备已退出。"))


@require_POST
@managed("manage_people")
def activate(request: HttpRequest, viewer: Viewer, person_id: int) -> HttpResponseBase:
    return _act(request, viewer, person_id, keeping.activate_person, _("可以重新登录了。"))


@require_POST
@managed("manage_people")
def sign_out(request: HttpRequest, viewer: Viewer, person_id: int) -> HttpResponseBase:
    return _act(request, viewer, person_id, keeping.end_sessions_of, _("所有设备已退出登录。"))


@require_POST
@managed("manage_people")
def erase(request: HttpRequest, viewer: Viewer, person_id: int) -> HttpResponseBase:
    return _act(request, viewer, person_id, actions.erase_person, _("个人信息已删除。"))


def _act(
    request: HttpRequest, viewer: Viewer, person_id: int, deed: Callable[[Viewer, int], object], text: str
) -> HttpResponseBase:
    try:
        deed(viewer, person_id)
    except Refused as failure:
        return refused(request, failure, PERSON, person_id)
    if not core.people(viewer).filter(pk=person_id).exists():
        return done(request, text, "web:manage_people")
    return done(request, text, PERSON, person_id)
