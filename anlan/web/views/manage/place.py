"""A place as its keeper edits it: words, code, shape, what lies below, zones, who can see it."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from anlan.apps.core import actions, sight
from anlan.apps.core import selectors as core
from anlan.apps.core.choices import PlaceKind
from anlan.apps.core.models import Place
from anlan.apps.ledger import selectors as ledger
from anlan.apps.monitoring import selectors as monitoring
from anlan.kit import clock
from anlan.kit.errors import NotAllowed, Refused
from anlan.kit.grants import Viewer
from anlan.packs.families import divisions
from anlan.rules import codes
from anlan.rules import places as rules
from anlan.web.views.manage.choosing import sectors
from anlan.web.views.manage.frame import done, managed, shown, words
from anlan.web.views.manage.tree import nodes
from anlan.web.views.parts import shape_sent

NEIGHBOURS = 120  # shapes drawn faintly beside the one that is edited
BELOW = 60
_CODED = ("province", "city", "county", "town")
#: Which field a refusal belongs to, by how its code begins.
FIELDS = (("code.", "code"), ("place.bad_name", "name"), ("place.sector", "sector"), ("place.wrong_parent", "kind"))


class PlaceForm(forms.Form):
    """Name, code and trade of a place."""

    name = forms.CharField(label=gettext_lazy("名称"), max_length=120)
    code = forms.CharField(label=gettext_lazy("编码"), max_length=24, required=False)
    sector = forms.ChoiceField(label=gettext_lazy("行业"), required=False)

    def __init__(self, data: Mapping[str, Any] | None, place: Place, **options: Any) -> None:
        given = {"name": place.name, "code": place.code, "sector": place.sector}
        super().__init__(data, initial=given, **options)
        field = self.fields["sector"]
        assert isinstance(field, forms.ChoiceField)
        known = sectors()
        own = [(place.sector, place.sector)] if place.sector not in {key for key, _name in known} | {""} else []
        field.choices = [("", _("未定")), *own, *known]
        if not owns_sector(place):
            del self.fields["sector"]

    def refuse(self, failure: Refused) -> None:
        """Put what a rule said beside the field that it speaks of."""
        code = failure.refusal.code
        field = next((name for start, name in FIELDS if code.startswith(start) and name in self.fields), None)
        self.add_error(field, words(failure))


class NewPlaceForm(PlaceForm):
    """A place to be, below another."""

    kind = forms.ChoiceField(label=gettext_lazy("类型"))

    def __init__(self, data: Mapping[str, Any] | None, parent: Place) -> None:
        super().__init__(data, Place(parent=parent, kind=PlaceKind.ENTERPRISE), prefix="new")
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = kinds_below(parent)
        self.order_fields(["kind", "name", "code", "sector"])


def kinds_below(parent: Place) -> list[tuple[str, str]]:
    """What may lie directly in a place."""
    return [(kind, str(label)) for kind, label in PlaceKind.choices if rules.may_lie(kind, parent.kind) is None]


def owns_sector(place: Place) -> bool:
    """Whether the trade is set here, and not by what the place lies in."""
    parent = place.parent
    kind, sector = (parent.kind, parent.sector) if parent else (None, "")
    return rules.inherited_sector(place.kind, "?", kind, sector) == "?"


@managed("manage_places")
def place_page(request: HttpRequest, viewer: Viewer, place_id: int) -> HttpResponseBase:
    place = core.place(viewer, place_id)
    return _page(request, viewer, place, PlaceForm(None, place), NewPlaceForm(None, place))


def _page(
    request: HttpRequest, viewer: Viewer, place: Place, form: PlaceForm, new: NewPlaceForm, status: int = 200
) -> HttpResponseBase:
    levels = ledger.shown(viewer, [place.pk])
    below = core.places(viewer).filter(parent=place).order_by("kind", "name").defer("geometry")
    above = core.ancestors(viewer, place)
    may_edit = viewer.may("place.edit", place.path, place.sector)
    response = shown(
        request,
        viewer,
        "place",
        place=place,
        above=above,
        level=levels.get(place.pk),
        form=form,
        new=new,
        may_edit=may_edit,
        owns_sector=owns_sector(place),
        told=_code_told(place.kind, place.code),
        zones=core.zones_of(viewer, place),
        members=core.members(viewer, place)[:BELOW] if place.kind in rules.ZONES else (),
        is_zone=place.kind in rules.ZONES,
        below=nodes(viewer, list(below[:BELOW])),
        below_count=below.count(),
        closing=_closing(viewer, place) if may_edit else (),
        sees=sight.who_sees(viewer, place) if viewer.may("person.edit", place.path, place.sector) else None,
        config=_map(viewer, place, above, may_edit=may_edit),
    )
    response.status_code = status
    return response


def _closing(viewer: Viewer, place: Place) -> list[tuple[str, int]]:
    """What taking the place out of use would touch, in words."""
    inside = core.subtree(place.path).filter(retired=None).count()
    tags = len(monitoring.tags_at(viewer, place.pk)) if inside < 2_000 else 0
    return [(name, count) for name, count in ((_("场所"), inside), (_("监测点"), tags)) if count]


def _map(viewer: Viewer, place: Place, above: list[Place], *, may_edit: bool) -> dict[str, Any]:
    """What the map needs: this shape, the nearest one that it lies in, and its neighbours."""
    around = next((one for one in reversed(above) if _is_area(one.geometry)), None)
    beside = core.places(viewer).filter(parent_id=place.parent_id).exclude(pk=place.pk).exclude(geometry=None)
    return {
        "name": place.name,
        "geometry": place.geometry,
        "around": {"name": around.name, "geometry": around.geometry} if around else None,
        "beside": [{"name": one.name, "geometry": one.geometry} for one in beside[:NEIGHBOURS]],
        "wanted": "line" if place.kind == PlaceKind.SEGMENT else "any",
        "edit": may_edit and place.retired is None,
        "urls": {"base": reverse("web:map_base"), "save": reverse("web:manage_place_shape", args=[place.pk])},
    }


def _is_area(geometry: Any) -> bool:
    return isinstance(geometry, dict) and str(geometry.get("type", "")).endswith("Polygon")


@require_POST
@managed("manage_places")
def edit(request: HttpRequest, viewer: Viewer, place_id: int) -> HttpResponseBase:
    place = core.place(viewer, place_id)
    form = PlaceForm(request.POST, place)
    if form.is_valid():
        changed = {name: form.cleaned_data[name] for name in form.changed_data}
        try:
            actions.edit_place(viewer, place_id, **changed)
        except NotAllowed:
            raise
        except Refused as failure:
            form.refuse(failure)
        else:
            return done(request, _("已保存。"), "web:manage_place", place_id)
    core.place(viewer, place_id, "place.edit")
    return _page(request, viewer, place, form, NewPlaceForm(None, place), 422)


@require_POST
@managed("manage_places")
def add(request: HttpRequest, viewer: Viewer, place_id: int) -> HttpResponseBase:
    """A new place below this one."""
    parent = core.place(viewer, place_id, "place.edit")
    new = NewPlaceForm(request.POST, parent)
    if new.is_valid():
        given = new.cleaned_data
        try:
            kind = given["kind"]
            sector = given.get("sector", "") if kind == "enterprise" or kind in rules.ZONES else ""
            made = actions.add_place(viewer, parent, kind, given["name"], code=given["code"], sector=sector)
        except NotAllowed:
            raise
        except Refused as failure:
            new.refuse(failure)
        else:
            text = _("已添加“{name}”。接着在地图上画出它的位置。").format(name=made.name)
            return done(request, text, "web:manage_place", made.pk)
    return _page(request, viewer, parent, PlaceForm(None, parent), new, 422)


@require_POST
@managed("manage_places")
def shape(request: HttpRequest, viewer: Viewer, place_id: int) -> HttpResponseBase:
    """The shape as the map sends it: a GeoJSON geometry, or ``null`` to take it off the map."""
    core.place(viewer, place_id, "place.edit")
    actions.edit_place(viewer, place_id, geometry=shape_sent(request))
    return JsonResponse({"saved": True})


@managed("manage_places")
def code_told(request: HttpRequest, viewer: Viewer, place_id: int) -> HttpResponseBase:
    """What a code says, while it is typed (``?code=``), for a place of this kind or of ``?kind=``."""
    place = core.place(viewer, place_id)
    kind = request.GET.get("kind", place.kind)
    return HttpResponse("\n".join(_code_told(kind, request.GET.get("code", "")[:30])), content_type="text/plain")


def _code_told(kind: str, code: str) -> list[str]:
    """The parts of a code in words, the check character with what it should be."""
    code = code.strip().upper()
    if kind == PlaceKind.ENTERPRISE:
        return _uscc_told(code)
    if kind in _CODED and len(code) >= 6:
        name = _division_name(code[:6])
        return [_("{code}：{name}").format(code=code[:6], name=name)] if name else []
    return []


def _uscc_told(code: str) -> list[str]:
    if not code:
        return []
    if len(code) < 17:
        return [_("统一社会信用代码有 18 位，还差 {n} 位。").format(n=18 - len(code))]
    try:
        expected = codes.uscc_check_character(code[:17])
    except ValueError:
        return [_("含有不用的字符：统一社会信用代码不用字母 I、O、S、V、Z。")]
    said = [_("登记地 {code} {name}").format(code=code[2:8], name=_division_name(code[2:8]) or _("（区划表中没有）"))]
    if len(code) == 17:
        said.append(_("前 17 位的校验码是 {c}。").format(c=expected))
    elif len(code) == 18:
        good = code[17] == expected
        text = _("校验码 {c} 正确。") if good else _("校验码应是 {c}，现为 {given}：有一位抄错了。")
        said.append(text.format(c=expected, given=code[17]))
    else:
        said.append(_("多了 {n} 位。").format(n=len(code) - 18))
    return said


def _division_name(code: str) -> str:
    return divisions.load(clock.today()).name(code) or ""
