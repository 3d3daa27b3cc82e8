"""What the manager of a park keeps: profile, shared facilities, joint-control groups, the park's own list."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from anlan.apps.core.models import Place
from anlan.apps.parks import actions, selectors
from anlan.apps.parks.choices import ListedKind
from anlan.apps.parks.models import ListedEntry
from anlan.apps.parks.specs import FacilitySpec, GroupSpec, ListedSpec, ProfileSpec
from anlan.kit import clock, listing
from anlan.kit.grants import Viewer
from anlan.packs.families import park_desk
from anlan.web.views.parks.filling import Kept, acted, choices, day_field, lines, page_of, tried
from anlan.web.views.parts import list_page, page


class ProfileForm(Kept):
    places = {"park.bad_industry": "industries"}
    industries = forms.CharField(
        label=gettext_lazy("产业定位（行业代码，一行一个）"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    office = forms.CharField(label=gettext_lazy("管理机构"), max_length=120, required=False)
    phone = forms.CharField(label=gettext_lazy("值班电话"), max_length=32, required=False)

    def spec(self) -> ProfileSpec:
        said = self.cleaned_data
        return ProfileSpec(lines(said["industries"]), said["office"], said["phone"])


class FacilityForm(Kept):
    places = {"facility.no_reason": "note", "park.half_position": "longitude", "park.bad_position": "longitude"}
    kind = forms.ChoiceField(label=gettext_lazy("种类 *"))
    name = forms.CharField(label=gettext_lazy("名称 *"), max_length=120)
    capacity = forms.FloatField(label=gettext_lazy("能力（单位见种类）"), min_value=0, required=False)
    used = forms.FloatField(label=gettext_lazy("已用"), min_value=0, required=False)
    state = forms.ChoiceField(label=gettext_lazy("状态 *"))
    note = forms.CharField(label=gettext_lazy("说明（停用的写原因）"), max_length=200, required=False)
    keeper = forms.CharField(label=gettext_lazy("管理单位"), max_length=120, required=False)
    phone = forms.CharField(label=gettext_lazy("电话"), max_length=32, required=False)
    longitude = forms.FloatField(label=gettext_lazy("经度"), required=False)
    latitude = forms.FloatField(label=gettext_lazy("纬度"), required=False)

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        known = park_desk.load(clock.today())
        kinds = {key: f"{_(one.name)}（{_(one.unit)}）" for key, one in known.facilities.items()}
        states = {key: _(name) for key, name in known.states.items()}
        for name, options in (("kind", kinds), ("state", states)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = list(options.items())


class GroupForm(Kept):
    places = {"group.too_small": "members", "group.leader_outside": "leader", "group.drill_ahead": "drilled"}
    name = forms.CharField(label=gettext_lazy("组名 *"), max_length=120)
    members = forms.MultipleChoiceField(label=gettext_lazy("成员企业 *"), widget=forms.CheckboxSelectMultiple)
    leader = forms.ChoiceField(label=gettext_lazy("牵头单位"), required=False)
    contact = forms.CharField(label=gettext_lazy("联络人 *"), max_length=64)
    phone = forms.CharField(label=gettext_lazy("电话 *"), max_length=32)
    resources = forms.CharField(
        label=gettext_lazy("共享的应急资源"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    drilled = day_field(gettext_lazy("最近一次联合演练"), required=False)

    def __init__(self, viewer: Viewer, park: Place, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        plants = {str(one.pk): one.name for one in selectors.enterprises_in(viewer, park)}
        members, leader = self.fields["members"], self.fields["leader"]
        assert isinstance(members, forms.MultipleChoiceField) and isinstance(leader, forms.ChoiceField)
        members.choices, leader.choices = list(plants.items()), choices(plants, _("未定"))

    def spec(self) -> GroupSpec:
        said = self.cleaned_data
        return GroupSpec(
            name=said["name"],
            contact=said["contact"],
            phone=said["phone"],
            member_ids=tuple(int(one) for one in said["members"]),
            resources=said["resources"],
            drilled=said["drilled"],
            leader_id=int(said["leader"]) if said["leader"] else None,
        )


class ListedForm(Kept):
    places = {"listed.too_short": "words", "listed.backwards": "until"}
    kind = forms.ChoiceField(label=gettext_lazy("类别 *"), choices=ListedKind.choices)
    words = forms.CharField(label=gettext_lazy("名称、CAS 号或行业代码 *"), max_length=120)
    reason = forms.CharField(label=gettext_lazy("理由 *"), max_length=200)
    basis = forms.CharField(label=gettext_lazy("依据"), max_length=200, required=False)
    since = day_field(gettext_lazy("自 *"))
    until = day_field(gettext_lazy("至"), required=False)


@page
def edit_profile(request: HttpRequest, viewer: Viewer, place_id: int) -> HttpResponse:
    park = selectors.park(viewer, place_id, "park.edit")
    row = selectors.profile(park)
    shown = {"industries": "\n".join(row.industries), "office": row.office, "phone": row.phone}
    form = ProfileForm(request.POST or None, initial=shown)
    if tried(request, form, lambda: actions.edit_profile(viewer, park.pk, form.spec()), _("已保存。")):
        return redirect("web:park", park.pk)
    return page_of(request, viewer, park, form, {"title": _("园区资料")})


@page
def new_facility(request: HttpRequest, viewer: Viewer, place_id: int) -> HttpResponse:
    park = selectors.park(viewer, place_id, "park.edit")
    form = FacilityForm(request.POST or None, initial={"kind": request.GET.get("kind", "")})
    if tried(
        request, form, lambda: actions.add_facility(viewer, park.pk, FacilitySpec(**form.cleaned_data)), _("已登记。")
    ):
        return redirect("web:park", park.pk)
    return page_of(request, viewer, park, form, {"title": _("登记共用设施")})


@page
def edit_facility(request: HttpRequest, viewer: Viewer, facility_id: int) -> HttpResponse:
    row = selectors.facility(viewer, facility_id)
    park = selectors.park(viewer, row.place_id, "park.edit")
    form = FacilityForm(request.POST or None, initial={name: getattr(row, name) for name in FacilityForm.base_fields})
    act = lambda: actions.edit_facility(viewer, row.pk, FacilitySpec(**form.cleaned_data))  # noqa: E731
    if tried(request, form, act, _("已保存。")):
        return redirect("web:park", park.pk)
    end = {
        "address": reverse("web:park_facility_end", args=[row.pk]),
        "text": _("停用后它不再出现在园区页，历史记录仍在。"),
    }
    return page_of(request, viewer, park, form, {"title": row.name, "end": end})


@require_POST
@page
def end_facility(request: HttpRequest, viewer: Viewer, facility_id: int) -> HttpResponse:
    row = selectors.facility(viewer, facility_id)
    back = reverse("web:park", args=[row.place_id])
    return acted(request, lambda: actions.end_facility(viewer, row.pk), _("已停用。"), back)


@page
def new_group(request: HttpRequest, viewer: Viewer, place_id: int) -> HttpResponse:
    park = selectors.park(viewer, place_id, "park.edit")
    form = GroupForm(viewer, park, request.POST or None, initial={"members": request.GET.getlist("member")})
    if tried(request, form, lambda: actions.add_group(viewer, park.pk, form.spec()), _("已建立联防联控组。")):
        return redirect("web:park", park.pk)
    return page_of(request, viewer, park, form, {"title": _("建立联防联控组")})


@page
def edit_group(request: HttpRequest, viewer: Viewer, group_id: int) -> HttpResponse:
    row = selectors.group(viewer, group_id)
    park = selectors.park(viewer, row.place_id, "park.edit")
    plain = ("name", "contact", "phone", "resources", "drilled")
    shown = {name: getattr(row, name) for name in plain}
    shown |= {"leader": row.leader_id, "members": list(row.members.values_list("pk", flat=True))}
    form = GroupForm(viewer, park, request.POST or None, initial=shown)
    if tried(request, form, lambda: actions.edit_group(viewer, row.pk, form.spec()), _("已保存。")):
        return redirect("web:park", park.pk)
    end = {"address": reverse("web:park_group_end", args=[row.pk]), "text": _("撤销后成员不再一起联防，历史记录仍在。")}
    return page_of(request, viewer, park, form, {"title": row.name, "end": end})


@require_POST
@page
def end_group(request: HttpRequest, viewer: Viewer, group_id: int) -> HttpResponse:
    row = selectors.group(viewer, group_id)
    back = reverse("web:park", args=[row.place_id])
    return acted(request, lambda: actions.end_group(viewer, row.pk), _("已撤销。"), back)


@page
def listed_page(request: HttpRequest, viewer: Viewer, place_id: int) -> HttpResponseBase:
    park = selectors.park(viewer, place_id)
    may_edit = viewer.may("park.edit", park.path, park.sector)
    rows = selectors.listed(viewer, park)
    return list_page(
        request, viewer, _listing(may_edit=may_edit), rows, "web/parks/listed.html", park=park, may_edit=may_edit
    )


def _listing(*, may_edit: bool) -> listing.Listing:
    kinds = [listing.Option(one.value, one.label) for one in ListedKind]
    return listing.Listing(
        name="listed",
        title=gettext_lazy("园区禁限控目录"),
        columns=(
            listing.Column("words", gettext_lazy("名称"), lambda one: one.words, sort="words"),
            listing.Column("kind", gettext_lazy("类别"), lambda one: ListedKind(one.kind).label, sort="kind"),
            listing.Column("state", gettext_lazy("状态"), _state),
            listing.Column("reason", gettext_lazy("理由"), lambda one: one.reason, width=40),
            listing.Column("basis", gettext_lazy("依据"), lambda one: one.basis, width=30),
            listing.Column("since", gettext_lazy("自"), lambda one: one.since, sort="since"),
            listing.Column("until", gettext_lazy("至"), lambda one: one.until, sort="until"),
            listing.Column("by", gettext_lazy("登记人"), _by, shown=False),
            listing.Column("act", gettext_lazy("移出"), lambda one: "", _end if may_edit else None),
        ),
        filters=(
            listing.Text(gettext_lazy("名称、理由"), ("words__icontains", "reason__icontains")),
            listing.Choice("kind", gettext_lazy("类别"), kinds, "kind"),
        ),
        sort="words",
        empty=listing.Empty(
            gettext_lazy("还没有目录"), gettext_lazy("把园区不要的产品、工艺、设备、行业写进来，准入检查就会逐条比对。")
        ),
    )


def _by(one: ListedEntry) -> str:
    return one.created_by.name if one.created_by else ""


def _state(one: ListedEntry) -> str:
    today = clock.today()
    if one.ended:
        return _("已移出")
    if one.since > today:
        return _("未到日期")
    return _("已到期") if one.until and one.until < today else _("有效")


def _end(one: ListedEntry) -> str:
    if one.ended:
        return ""
    return format_html('<a href="{}">{}</a>', reverse("web:park_listed_end", args=[one.pk]), _("移出"))


@page
def new_listed(request: HttpRequest, viewer: Viewer, place_id: int) -> HttpResponse:
    park = selectors.park(viewer, place_id, "park.edit")
    back = reverse("web:park_listed", args=[park.pk])
    form = ListedForm(request.POST or None, initial={"since": clock.today()})
    if tried(
        request, form, lambda: actions.add_listed(viewer, park.pk, ListedSpec(**form.cleaned_data)), _("已加入目录。")
    ):
        return redirect(back)
    said = _("产品按名称包含或 CAS 号比对，工艺、设备按名称包含，行业按代码开头。目录改动后，已做的准入检查要重做。")
    return page_of(request, viewer, park, form, {"title": _("加入禁限控目录"), "said": said, "back": back})


@page
def end_listed(request: HttpRequest, viewer: Viewer, entry_id: int) -> HttpResponse:
    """Ask, then take it off."""
    row = selectors.entry(viewer, entry_id)
    park = selectors.park(viewer, row.place_id, "park.edit")
    back = reverse("web:park_listed", args=[park.pk])
    form = Kept(request.POST if request.method == "POST" else None)
    if tried(request, form, lambda: actions.end_listed(viewer, row.pk), _("已移出目录。")):
        return redirect(back)
    said = _("移出后，新的准入检查不再比对“{words}”；谁在何时移出会留痕。").format(words=row.words)
    return page_of(
        request, viewer, park, form, {"title": _("移出禁限控目录"), "said": said, "back": back, "yes": _("移出")}
    )
