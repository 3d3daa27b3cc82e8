"""The form in which a project is written: what it is, what it keeps, how it works, where its facilities stand."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anlan.apps.consequences import selectors as consequences
from anlan.apps.core.choices import PlaceKind
from anlan.apps.core.models import Place
from anlan.apps.parks import selectors
from anlan.apps.parks.specs import ChemicalLine, FacilityLine, ProjectSpec, cas_of
from anlan.kit import clock
from anlan.kit.grants import Viewer
from anlan.packs.families import admission, site_distances
from anlan.packs.families import major_installations as gb18218
from anlan.web.views.parks.filling import Kept, choices, lines

STATES = {"气体": gettext_lazy("气体"), "液体": gettext_lazy("液体"), "固体": gettext_lazy("固体")}
MOST = 200


class ChemicalForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("名称"), max_length=120, required=False)
    cas = forms.CharField(label=gettext_lazy("CAS 号"), max_length=12, required=False)
    tonnes = forms.FloatField(label=gettext_lazy("设计最大量，吨"), min_value=0, required=False)
    category = forms.ChoiceField(label=gettext_lazy("危险类别"), required=False)
    state = forms.ChoiceField(label=gettext_lazy("状态"), required=False, choices=choices(STATES, "—"))
    harmless = forms.BooleanField(label=gettext_lazy("不是危险化学品"), required=False)

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        field = self.fields["category"]
        assert isinstance(field, forms.ChoiceField)
        known = gb18218.load(clock.today()).categories
        field.choices = choices({one.symbol: f"{one.symbol} {one.category}" for one in known}, "—")

    def line(self) -> ChemicalLine | None:
        said = self.cleaned_data
        name = said.get("name", "")
        if not name:
            return None
        return ChemicalLine(
            name, said["cas"] or cas_of(name), said["tonnes"], said["category"], said["state"],
            hazardous=not said["harmless"],
        )  # fmt: skip


class FacilityForm(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("种类"), required=False)
    name = forms.CharField(label=gettext_lazy("名称"), max_length=60, required=False)
    longitude = forms.FloatField(label=gettext_lazy("经度"), required=False)
    latitude = forms.FloatField(label=gettext_lazy("纬度"), required=False)

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)
        known = site_distances.load(clock.today()).facilities
        field.choices = choices({one.key: _(one.name) for one in known}, "—")

    def line(self) -> FacilityLine | None:
        said = self.cleaned_data
        if not said.get("kind"):
            return None
        return FacilityLine(said["kind"], said["name"], said["longitude"], said["latitude"])


Chemicals = forms.formset_factory(ChemicalForm, extra=3, max_num=MOST)
Facilities = forms.formset_factory(FacilityForm, extra=2, max_num=MOST)


class ProjectForm(Kept):
    """A project without its rows, which are :attr:`chemicals` and :attr:`facilities`."""

    places = {"project.bad_industry": "industry", "project.bad_stage": "stage", "project.bad_plant": "plant"}
    name = forms.CharField(label=gettext_lazy("项目名称 *"), max_length=120)
    applicant = forms.CharField(label=gettext_lazy("申请单位 *"), max_length=120)
    plant = forms.ChoiceField(label=gettext_lazy("在哪家现有企业上扩建"), required=False)
    stage = forms.ChoiceField(label=gettext_lazy("到了哪个阶段 *"))
    contact = forms.CharField(label=gettext_lazy("联系人"), max_length=64, required=False)
    phone = forms.CharField(label=gettext_lazy("电话"), max_length=32, required=False)
    industry = forms.CharField(label=gettext_lazy("国民经济行业代码"), max_length=4, required=False)
    investment = forms.FloatField(label=gettext_lazy("投资，万元"), min_value=0, required=False)
    neighbours = forms.IntegerField(label=gettext_lazy("厂界外 500 m 内常住人口"), min_value=0, required=False)
    products = forms.CharField(
        label=gettext_lazy("产品，一行一个"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    processes = forms.CharField(
        label=gettext_lazy("主要工艺，一行一个"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    equipment = forms.CharField(
        label=gettext_lazy("主要设备，一行一个"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    scenarios = forms.MultipleChoiceField(
        label=gettext_lazy("事故情景"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, viewer: Viewer, place: Place, data: QueryDict | None, spec: ProjectSpec | None = None) -> None:
        super().__init__(data, initial=_initial(spec) if spec else {"stage": "planned"})
        plants = selectors.enterprises_in(viewer, place) if place.kind == PlaceKind.PARK else Place.objects.none()
        options: Mapping[str, Any] = {
            "plant": choices({str(one.pk): one.name for one in plants}, _("新建，不在现有企业上")),
            "stage": [(key, _(name)) for key, name in admission.load(clock.today()).stages.items()],
            "scenarios": [_scenario(one) for one in consequences.scenarios(viewer, place)],
        }  # fmt: skip
        for name, offered in options.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = offered
        rows = _rows(spec) if spec else ([], [])
        self.chemicals = Chemicals(data, prefix="chemical", initial=rows[0])
        self.facilities = Facilities(data, prefix="facility", initial=rows[1])

    def is_valid(self) -> bool:
        return all([super().is_valid(), self.chemicals.is_valid(), self.facilities.is_valid()])

    def spec(self) -> ProjectSpec:
        said = self.cleaned_data
        chemicals = (form.line() for form in self.chemicals)
        facilities = (form.line() for form in self.facilities)
        return ProjectSpec(
            name=said["name"], applicant=said["applicant"], stage=said["stage"], contact=said["contact"],
            phone=said["phone"], industry=said["industry"].upper(), investment=said["investment"],
            plant_id=int(said["plant"]) if said["plant"] else None, products=lines(said["products"]),
            chemicals=tuple(one for one in chemicals if one), processes=lines(said["processes"]),
            equipment=lines(said["equipment"]), facilities=tuple(one for one in facilities if one),
            neighbours=said["neighbours"], scenarios=tuple(int(one) for one in said["scenarios"]),
        )  # fmt: skip


def _scenario(one: Any) -> tuple[str, str]:
    return str(one.pk), f"{one.name}（{one.place.name}）"


def _initial(spec: ProjectSpec) -> dict[str, Any]:
    plain = ("name", "applicant", "stage", "contact", "phone", "industry", "investment", "neighbours")
    told: dict[str, Any] = {name: getattr(spec, name) for name in plain}
    told |= {name: "\n".join(getattr(spec, name)) for name in ("products", "processes", "equipment")}
    return told | {"plant": spec.plant_id, "scenarios": [str(one) for one in spec.scenarios]}


def _rows(spec: ProjectSpec) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    chemicals = [{**vars(one), "harmless": not one.hazardous} for one in spec.chemicals]
    return chemicals, [vars(one) for one in spec.facilities]
