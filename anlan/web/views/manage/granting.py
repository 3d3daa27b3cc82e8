"""授权: who, as what, where, in which trades, until when; one page, one sentence that says it all before it is done."""

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anlan.apps.core import actions, sight
from anlan.apps.core import selectors as core
from anlan.apps.core.models import Person, Place
from anlan.kit import clock
from anlan.kit.errors import NotAllowed, Refused
from anlan.kit.grants import Viewer
from anlan.packs.families import roles
from anlan.web.views.manage.choosing import deeds_and_sights, sector_names, sectors, with_paths
from anlan.web.views.manage.frame import done, last_day, managed, number, shown, words

NEW, KNOWN = "new", "known"
FIELDS = (("person.bad_username", "username"), ("person.username_taken", "username"), ("grant.ends", "until"))


class GrantForm(forms.Form):
    """Everything that a grant says, and who it is for."""

    who = forms.ChoiceField(choices=[(NEW, gettext_lazy("新人员")), (KNOWN, gettext_lazy("已有人员"))])
    person = forms.CharField(required=False)
    name = forms.CharField(label=gettext_lazy("姓名"), max_length=64, required=False)
    phone = forms.CharField(label=gettext_lazy("手机号"), max_length=32, required=False)
    username = forms.CharField(label=gettext_lazy("用户名"), max_length=64, required=False)
    role = forms.ChoiceField(label=gettext_lazy("角色"))
    place = forms.CharField(label=gettext_lazy("场所"))
    sectors = forms.MultipleChoiceField(label=gettext_lazy("行业"), required=False)
    until = forms.CharField(label=gettext_lazy("到期日"), required=False)

    def __init__(self, data: Mapping[str, Any] | None, viewer: Viewer, **options: Any) -> None:
        super().__init__(data, **options)
        self.viewer = viewer
        for name, choices in (
            ("role", [(key, role.name) for key, role in sight.givable_roles(viewer)]),
            ("sectors", sectors()),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices
        self.fields["role"].error_messages["required"] = _("请选择角色。")
        self.fields["place"].error_messages["required"] = _("请选择场所：输入名称，再点选。")

    def clean_place(self) -> Place:
        place_id = number(self.cleaned_data["place"])
        if place_id is None:
            raise forms.ValidationError(_("请从列出的场所中点选。"))
        return core.place(self.viewer, place_id)

    def clean_until(self) -> Any:
        text = self.cleaned_data["until"]
        end = last_day(text)
        if text and end is None:
            raise forms.ValidationError(_("看不懂这个日期，请写成 2026-12-31。"))
        if end is not None and end <= clock.now():
            raise forms.ValidationError(_("到期日已经过去。"))
        return end

    def clean(self) -> None:
        given = self.cleaned_data
        if given.get("who") == KNOWN:
            person_id = number(given.get("person"))
            if person_id is None:
                self.add_error("person", _("请从列出的人员中选择。"))
            else:
                given["person"] = core.person(self.viewer, person_id)
            return
        if not given.get("name", "").strip():
            self.add_error("name", _("请填写姓名。"))
        given["username"] = given.get("username") or given.get("phone", "")
        if not given["username"]:
            self.add_error("username", _("请填写用户名，或填写手机号作为用户名。"))

    def refuse(self, failure: Refused) -> None:
        code = failure.refusal.code
        self.add_error(next((field for start, field in FIELDS if code.startswith(start)), None), words(failure))


@managed("manage_people")
def grant_page(request: HttpRequest, viewer: Viewer) -> HttpResponseBase:
    """The guided form; ``?person=``, ``?place=``, ``?role=`` fill it in beforehand."""
    if request.method == "POST":
        form = GrantForm(request.POST, viewer)
        if form.is_valid():
            try:
                return _give(request, viewer, form.cleaned_data)
            except Refused as failure:
                form.refuse(failure)
        return _form(request, viewer, form, 422)
    return _form(request, viewer, GrantForm(None, viewer, initial=_beforehand(request, viewer)))


def _beforehand(request: HttpRequest, viewer: Viewer) -> dict[str, Any]:
    given: dict[str, Any] = {"who": NEW, "role": request.GET.get("role", "")}
    if (person := number(request.GET.get("person"))) is not None:
        given |= {"who": KNOWN, "person": core.person(viewer, person).pk}
    if (place := number(request.GET.get("place"))) is not None:
        given["place"] = core.place(viewer, place).pk
    return given


def _form(request: HttpRequest, viewer: Viewer, form: GrantForm, status: int = 200) -> HttpResponseBase:
    known = roles.load(clock.today())
    offered = [(key, role, *deeds_and_sights(known, role.capabilities)) for key, role in sight.givable_roles(viewer)]
    people = list(core.people(viewer).filter(is_active=True)[:2_000])
    place_id = number(str(form["place"].value() or ""))
    chosen = core.places(viewer).filter(pk=place_id).first() if place_id is not None else None
    path = with_paths(viewer, [chosen])[0][1] if chosen else []
    more = {"offered": offered, "people": people, "chosen": chosen, "path": path, "sectors": sectors()}
    response = shown(request, viewer, "grant", form=form, today=clock.now(), **more)
    response.status_code = status
    return response


def _give(request: HttpRequest, viewer: Viewer, given: Mapping[str, Any]) -> HttpResponseBase:
    place, until = given["place"], given["until"]
    if given["who"] == KNOWN:
        person: Person = given["person"]
        if person.pk == viewer.person_id and not viewer.may("grant.give", place.path, place.sector):
            raise NotAllowed("grant.give")
        actions.give_grant(viewer, person, given["role"], place, given["sectors"], until)
        text = _("已授权：{said}").format(said=sentence(person.name, given))
        return done(request, text, "web:manage_person", person.pk)
    password = secrets.token_urlsafe(9)
    new = actions.NewPerson(given["username"], given["name"].strip(), password, given["phone"])
    grant = actions.NewGrant(given["role"], place.pk, tuple(given["sectors"]), until=until)
    person = actions.add_people(viewer, [actions.Newcomer(new, (grant,))])[0]
    more = {"person": person, "password": password, "sentence": sentence(person.name, given)}
    return shown(request, viewer, "granted", place=place, **more)


def sentence(name: str, given: Mapping[str, Any]) -> str:
    """What was given, in one sentence."""
    until = given["until"]
    trades = sector_names(given["sectors"]) or _("全部行业")
    end = _("到 {day} 止").format(day=_last_day_of(until)) if until else _("长期有效")
    said = _("{name}在“{place}”及其下各处担任{role}，{trades}，{end}。")
    return said.format(
        name=name, place=given["place"].name, role=sight.role_name(given["role"]), trades=trades, end=end
    )


def _last_day_of(moment: datetime) -> str:
    """The last whole day before a moment (a grant ends at midnight after it)."""
    return f"{timezone.localtime(moment - timedelta(seconds=1)):%Y-%m-%d}"
