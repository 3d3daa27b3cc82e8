"""Assessing a park: the scored checklist as a form, and an assessment as it was made."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anlan.apps.core import selectors as core
from anlan.apps.core.models import Place
from anlan.apps.parks import actions, selectors
from anlan.apps.parks.specs import GradingSpec
from anlan.kit import clock
from anlan.kit.grants import Viewer
from anlan.packs.families import park_grading as pack
from anlan.packs.families.park_grading import Item, ParkGrading
from anlan.web.views.parks.filling import Kept, day_field, page_of, tried
from anlan.web.views.parks.gates import ReasonForm
from anlan.web.views.parts import layout, page


@dataclass(frozen=True)
class Line:
    """An item with the fields in which it is judged."""

    item: Item
    lost: Any
    note: Any


@dataclass(frozen=True)
class Part:
    name: str
    lines: tuple[Line, ...]
    points: float


class GradingForm(Kept):
    """The checklist of today."""

    places = {"grading.ahead": "assessed", "grading.too_old": "assessed"}
    assessed = day_field(gettext_lazy("评估日期 *"))
    assessor = forms.CharField(label=gettext_lazy("评估单位 *"), max_length=120)
    report = forms.FileField(label=gettext_lazy("评估报告"), required=False)

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.pack: ParkGrading = pack.load(clock.today())
        for item in self.pack.items:
            lost = forms.FloatField(label=item.code, min_value=0, max_value=item.points, initial=0)
            lost.widget.attrs |= {"step": "0.5", "max": f"{item.points:g}", "data-lost": f"{item.points:g}"}
            self.fields[f"lost_{item.code}"] = lost
            self.fields[f"note_{item.code}"] = forms.CharField(label=item.code, max_length=500, required=False)
        held = [(one.code, one.text) for one in self.pack.vetoes]
        self.fields["vetoes"] = forms.MultipleChoiceField(
            label=_("一票否决（成立的勾上）"), choices=held, required=False, widget=forms.CheckboxSelectMultiple
        )

    def parts(self) -> list[Part]:
        """The checklist section by section."""
        return [
            Part(section.name, lines, sum(line.item.points for line in lines))
            for section in self.pack.sections
            if (lines := tuple(self._line(item) for item in self.pack.items if item.section == section.key))
        ]

    def _line(self, item: Item) -> Line:
        return Line(item, self[f"lost_{item.code}"], self[f"note_{item.code}"])

    def spec(self) -> GradingSpec:
        said = self.cleaned_data
        return GradingSpec(
            assessed=said["assessed"], assessor=said["assessor"], vetoes=said["vetoes"],
            losses={item.code: said[f"lost_{item.code}"] for item in self.pack.items},
            notes={item.code: said[f"note_{item.code}"] for item in self.pack.items},
        )  # fmt: skip


@page
def new_grading(request: HttpRequest, viewer: Viewer, place_id: int) -> HttpResponse:
    park = selectors.park(viewer, place_id, "park.edit")
    before = selectors.current_grading(park)
    shown: dict[str, Any] = {"assessed": clock.today()}
    if before is not None:
        shown |= {"assessor": before.assessor, "vetoes": before.vetoes}
        shown |= {f"lost_{code}": f"{lost:g}" for code, lost in before.losses.items()}
        shown |= {f"note_{code}": note for code, note in before.notes.items()}
    form = GradingForm(request.POST or None, request.FILES or None, initial=shown)
    act = lambda: actions.assess_park(viewer, park.pk, form.spec(), form.cleaned_data["report"])  # noqa: E731
    if tried(request, form, act, _("已评估，等级按规则得出。")):
        return redirect("web:park", park.pk)
    header = pack.header(clock.today())
    context = {"title": _("园区安全风险评估"), "header": header, "grades": form.pack.grades, "total": form.pack.total}
    return page_of(request, viewer, park, form, context, "web/parks/grading_form.html")


@page
def grading_page(request: HttpRequest, viewer: Viewer, grading_id: int) -> HttpResponse:
    """An assessment with every item, and the others of the park."""
    row = selectors.grading(viewer, grading_id)
    park: Place = row.place
    shown = selectors.shown_grading(row)
    known = pack.load(row.pack_from)
    context = {
        **layout(request),
        "park": park,
        "path": [*core.ancestors(viewer, park), park],
        "shown": shown,
        "items": [(item, row.losses.get(item.code, 0), row.notes.get(item.code, "")) for item in known.items],
        "header": pack.header(row.pack_from),
        "others": selectors.gradings(viewer, park).exclude(pk=row.pk),
        "may_edit": viewer.may("park.edit", park.path, park.sector) and row.withdrawn is None,
    }
    return render(request, "web/parks/grading.html", context)


@page
def withdraw_grading(request: HttpRequest, viewer: Viewer, grading_id: int) -> HttpResponse:
    """Ask for the reason, then withdraw."""
    row = selectors.grading(viewer, grading_id)
    park = selectors.park(viewer, row.place_id, "park.edit")
    form = ReasonForm(request.POST or None)
    act = lambda: actions.withdraw_grading(viewer, row.pk, form.cleaned_data["reason"])  # noqa: E731
    if tried(request, form, act, _("已作废。")):
        return redirect("web:park", park.pk)
    said = _("作废后以前一次评估为准；这次评估仍可查看，并注明作废原因。")
    back = reverse("web:park_grading", args=[row.pk])
    title = _("作废 {day} 的评估").format(day=row.assessed.isoformat())
    return page_of(request, viewer, park, form, {"title": title, "said": said, "back": back, "yes": _("作废")})
