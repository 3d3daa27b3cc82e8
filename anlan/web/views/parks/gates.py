"""Sealed management: the gate keeper's form, who came and went, passes, the gates themselves."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from anlan.apps.core.models import Place
from anlan.apps.parks import actions, selectors
from anlan.apps.parks.actions import Report
from anlan.apps.parks.choices import GateState, Way
from anlan.apps.parks.models import VehiclePass
from anlan.apps.parks.specs import GateSpec, PassSpec
from anlan.kit import clock, listing
from anlan.kit.grants import Viewer
from anlan.packs.families import park_desk
from anlan.web.views.parks.filling import Kept, acted, choices, moment_field, page_of, tried
from anlan.web.views.parts import list_page, page


class EntryForm(Kept):
    """One vehicle at one gate."""

    places = {"vehicle.bad_plate": "plate"}
    plate = forms.CharField(label=gettext_lazy("车牌号 *"), max_length=20)
    gate = forms.ChoiceField(label=gettext_lazy("卡口 *"))

    def __init__(self, park: Place, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        field = self.fields["gate"]
        assert isinstance(field, forms.ChoiceField)
        names = {str(one.pk): f"{one.name}（{one.get_state_display()}）" for one in selectors.gates(park)}
        field.choices = list(names.items())


class PassForm(Kept):
    """A pass for one vehicle."""

    places = {"vehicle.bad_plate": "plate", "pass.bad_un": "un", "pass.too_long": "until", "pass.backwards": "until",
              "pass.past": "until"}  # fmt: skip
    plate = forms.CharField(label=gettext_lazy("车牌号 *"), max_length=20)
    carrier = forms.CharField(label=gettext_lazy("承运单位 *"), max_length=120)
    cargo = forms.CharField(label=gettext_lazy("货物 *"), max_length=120)
    un = forms.CharField(label=gettext_lazy("联合国编号"), max_length=4, required=False)
    tonnes = forms.FloatField(label=gettext_lazy("重量，吨"), min_value=0, required=False)
    destination = forms.ChoiceField(label=gettext_lazy("到哪家企业"), required=False)
    since = moment_field(gettext_lazy("从 *"))
    until = moment_field(gettext_lazy("到 *"))
    stay = forms.IntegerField(label=gettext_lazy("每次最多停留，分钟"), min_value=0, required=False)

    def __init__(self, viewer: Viewer, park: Place, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        field = self.fields["destination"]
        assert isinstance(field, forms.ChoiceField)
        plants = {str(one.pk): one.name for one in selectors.enterprises_in(viewer, park)}
        field.choices = choices(plants, _("不限"))

    def spec(self) -> PassSpec:
        said = self.cleaned_data
        return PassSpec(
            plate=said["plate"],
            carrier=said["carrier"],
            cargo=said["cargo"],
            since=said["since"],
            until=said["until"],
            un=said["un"],
            tonnes=said["tonnes"],
            stay_min=said["stay"] or 0,
            destination_id=int(said["destination"]) if said["destination"] else None,
        )


class GateForm(Kept):
    places = {"gate.name_taken": "name", "park.half_position": "longitude", "park.bad_position": "longitude"}
    name = forms.CharField(label=gettext_lazy("卡口名称 *"), max_length=60)
    use = forms.ChoiceField(label=gettext_lazy("用途 *"))
    longitude = forms.FloatField(label=gettext_lazy("经度"), required=False)
    latitude = forms.FloatField(label=gettext_lazy("纬度"), required=False)

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        field = self.fields["use"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(key, _(name)) for key, name in park_desk.load(clock.today()).gates.items()]


@page
def vehicles_page(request: HttpRequest, viewer: Viewer, place_id: int) -> HttpResponseBase:
    """Who came and went; above it the gate keeper's form."""
    park = selectors.park(viewer, place_id)
    form = EntryForm(park)
    return _vehicles(request, viewer, park, form)


def _vehicles(request: HttpRequest, viewer: Viewer, park: Place, form: EntryForm) -> HttpResponseBase:
    context = {
        "park": park, "form": form, "gates": selectors.gates(park), "states": GateState.choices,
        "counts": selectors.counts(viewer, park), "inside": selectors.inside(viewer, park),
        "may_pass": viewer.may("gate.pass", park.path, park.sector),
        "may_edit": viewer.may("park.edit", park.path, park.sector),
    }  # fmt: skip
    spec = _passages_list(viewer)
    answer = list_page(request, viewer, spec, selectors.passages(viewer, park), "web/parks/vehicles.html", **context)
    if form.is_bound and not answer.streaming:
        answer.status_code = 422
    return answer


def _passages_list(viewer: Viewer) -> listing.Listing:
    ways = [listing.Option(way.value, way.label) for way in Way]
    return listing.Listing(
        name="passages",
        title=gettext_lazy("车辆进出记录"),
        columns=(
            listing.Column("plate", gettext_lazy("车牌"), lambda one: one.plate, sort="plate"),
            listing.Column("way", gettext_lazy("状态"), lambda one: Way(one.way).label, sort="way"),
            listing.Column("cargo", gettext_lazy("货物"), _cargo),
            listing.Column("tonnes", gettext_lazy("吨"), lambda one: one.tonnes, number=True),
            listing.Column("goal", gettext_lazy("到"), lambda one: one.goal),
            listing.Column("entered", gettext_lazy("进园或到卡口"), lambda one: one.entered, sort="entered"),
            listing.Column("gate", gettext_lazy("卡口"), lambda one: one.gate_in, sort="gate_in__name"),
            listing.Column("left", gettext_lazy("离园"), lambda one: one.left, sort="left"),
            listing.Column("late", gettext_lazy("超时，分钟"), lambda one: one.late or None, number=True),
            listing.Column("why", gettext_lazy("为什么拦下"), lambda one: one.why),
            listing.Column("carrier", gettext_lazy("承运单位"), lambda one: one.carrier, shown=False),
            listing.Column("gate_out", gettext_lazy("离园卡口"), lambda one: one.gate_out, shown=False),
        ),
        filters=(
            listing.Text(gettext_lazy("车牌、货物、承运单位"), _found("", "under__")),
            listing.Choice("way", gettext_lazy("状态"), ways, "way", inline=True),
            listing.Dates("entered", gettext_lazy("进园时间"), "entered", exact=True),
        ),
        sort="-entered",
        empty=listing.Empty(gettext_lazy("没有车辆记录"), gettext_lazy("门岗登记或卡口系统上报后，出现在这里。")),
        prepare=lambda rows: selectors.prepare_passages(viewer, rows),
    )


def _cargo(one: selectors.VehicleRow | VehiclePass) -> str:
    """What is on board, with its number of the United Nations as the plate on the vehicle shows it."""
    return f"{one.cargo} UN {one.un}".strip() if one.un else one.cargo


def _found(own: str, pass_: str) -> tuple[str, ...]:
    """Where the text of a search is looked for: plate, cargo, carrier."""
    return (f"{own}plate__icontains", f"{pass_}cargo__icontains", f"{pass_}carrier__icontains")


@require_POST
@page
def vehicle_in(request: HttpRequest, viewer: Viewer, place_id: int) -> HttpResponseBase:
    return _passed(request, viewer, place_id, actions.enter, _("已登记进园。"))


@require_POST
@page
def vehicle_out(request: HttpRequest, viewer: Viewer, place_id: int) -> HttpResponseBase:
    return _passed(request, viewer, place_id, actions.leave, _("已登记离园。"))


def _passed(request: HttpRequest, viewer: Viewer, place_id: int, act: Any, said: str) -> HttpResponseBase:
    park = selectors.park(viewer, place_id, "gate.pass")
    form = EntryForm(park, request.POST)

    def carry() -> None:
        act(viewer, Report(int(form.cleaned_data["gate"]), form.cleaned_data["plate"]))

    if tried(request, form, carry, said):
        return redirect("web:park_vehicles", park.pk)
    return _vehicles(request, viewer, park, form)


@page
def passage(request: HttpRequest, viewer: Viewer, passage_id: int) -> HttpResponse:
    """Where the source of a fact is opened."""
    row = selectors.passage(viewer, passage_id)
    return redirect(f"{reverse('web:park_vehicles', args=[row.place_id])}?q={row.plate}")


@page
def passes_page(request: HttpRequest, viewer: Viewer, place_id: int) -> HttpResponseBase:
    """Passes of a park."""
    park = selectors.park(viewer, place_id)
    context = {"park": park, "may_edit": viewer.may("park.edit", park.path, park.sector)}
    spec = _passes_list(_seen(viewer, park), may_edit=context["may_edit"] is True)
    return list_page(request, viewer, spec, selectors.passes(viewer, park), "web/parks/passes.html", **context)


def _seen(viewer: Viewer, park: Place) -> dict[int, str]:
    return dict(selectors.enterprises_in(viewer, park).values_list("pk", "name"))


def _passes_list(names: dict[int, str], *, may_edit: bool) -> listing.Listing:
    return listing.Listing(
        name="passes",
        title=gettext_lazy("危险品车辆通行许可"),
        columns=(
            listing.Column("plate", gettext_lazy("车牌"), lambda one: one.plate, sort="plate"),
            listing.Column("state", gettext_lazy("状态"), _pass_state),
            listing.Column("cargo", gettext_lazy("货物"), _cargo, sort="cargo"),
            listing.Column("tonnes", gettext_lazy("吨"), lambda one: one.tonnes, number=True, sort="tonnes"),
            listing.Column("goal", gettext_lazy("到"), lambda one: names.get(one.destination_id, "")),
            listing.Column("since", gettext_lazy("从"), lambda one: one.since, sort="since"),
            listing.Column("until", gettext_lazy("到（时间）"), lambda one: one.until, sort="until"),
            listing.Column("stay", gettext_lazy("停留，分钟"), lambda one: one.stay_min or None, number=True),
            listing.Column("carrier", gettext_lazy("承运单位"), lambda one: one.carrier, sort="carrier"),
            listing.Column("act", gettext_lazy("撤销"), lambda one: "", _withdraw if may_edit else None),
        ),
        filters=(
            listing.Text(gettext_lazy("车牌、货物、承运单位"), _found("", "")),
            listing.Dates("until", gettext_lazy("有效期至"), "until"),
        ),
        sort="-until",
        empty=listing.Empty(gettext_lazy("没有通行许可"), gettext_lazy("办理后，门岗和卡口系统才会放行。")),
    )


def _pass_state(one: VehiclePass) -> str:
    now = clock.now()
    if one.withdrawn:
        return str(_("已撤销：{why}")).format(why=one.withdrawn_reason)
    return _("未到时间") if one.since > now else _("已过期") if one.until <= now else _("有效")


def _withdraw(one: VehiclePass) -> str:
    if one.withdrawn or one.until <= clock.now():
        return ""
    return format_html('<a href="{}">{}</a>', reverse("web:park_pass_withdraw", args=[one.pk]), _("撤销"))


@page
def new_pass(request: HttpRequest, viewer: Viewer, place_id: int) -> HttpResponse:
    park = selectors.park(viewer, place_id, "park.edit")
    now = timezone.localtime(clock.now())
    form = PassForm(
        viewer, park, request.POST or None, initial={"since": now, "until": now.replace(hour=23, minute=59)}
    )
    if tried(request, form, lambda: actions.give_pass(viewer, park.pk, form.spec()), _("已办理通行许可。")):
        return redirect("web:park_passes", park.pk)
    return page_of(
        request, viewer, park, form, {"title": _("办理通行许可"), "back": reverse("web:park_passes", args=[park.pk])}
    )


class ReasonForm(Kept):
    reason = forms.CharField(label=gettext_lazy("原因 *"), max_length=200)


@page
def withdraw_pass(request: HttpRequest, viewer: Viewer, pass_id: int) -> HttpResponse:
    """Ask for the reason, then withdraw."""
    row = selectors.vehicle_pass(viewer, pass_id)
    park = selectors.park(viewer, row.place_id, "park.edit")
    form = ReasonForm(request.POST or None)
    if tried(request, form, lambda: actions.withdraw_pass(viewer, row.pk, form.cleaned_data["reason"]), _("已撤销。")):
        return redirect("web:park_passes", park.pk)
    title = _("撤销 {plate} 的通行许可").format(plate=row.plate)
    said = _("撤销后门岗和卡口系统不再放行；已在园内的车辆仍登记在园，直到离园。")
    back = reverse("web:park_passes", args=[park.pk])
    return page_of(request, viewer, park, form, {"title": title, "said": said, "back": back, "yes": _("撤销许可")})


@page
def new_gate(request: HttpRequest, viewer: Viewer, place_id: int) -> HttpResponse:
    park = selectors.park(viewer, place_id, "park.edit")
    form = GateForm(request.POST or None)
    back = reverse("web:park_vehicles", args=[park.pk])
    if tried(
        request, form, lambda: actions.add_gate(viewer, park.pk, GateSpec(**form.cleaned_data)), _("已登记卡口。")
    ):
        return redirect(back)
    return page_of(request, viewer, park, form, {"title": _("登记卡口"), "back": back})


@require_POST
@page
def set_gate(request: HttpRequest, viewer: Viewer, gate_id: int) -> HttpResponse:
    """Open, check or close."""
    gate = selectors.gate(viewer, gate_id)
    state, note = request.POST.get("state", ""), request.POST.get("note", "")
    back = reverse("web:park_vehicles", args=[gate.place_id])
    return acted(request, lambda: actions.set_gate(viewer, gate.pk, state, note), _("卡口状态已改。"), back)


@require_POST
@page
def end_gate(request: HttpRequest, viewer: Viewer, gate_id: int) -> HttpResponse:
    gate = selectors.gate(viewer, gate_id)
    back = reverse("web:park_vehicles", args=[gate.place_id])
    return acted(request, lambda: actions.end_gate(viewer, gate.pk), _("卡口已停用。"), back)
