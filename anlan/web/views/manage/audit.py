"""操作留痕: who did what, when and where, in sentences; each sealed row can be proved on the spot."""

from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anlan.apps.core import selectors as core
from anlan.apps.ledger import proof
from anlan.apps.ledger import selectors as ledger
from anlan.kit import listing
from anlan.kit.grants import Viewer
from anlan.rules import paths
from anlan.web import audit
from anlan.web.views.manage.frame import context, managed, number, shown
from anlan.web.views.parts import list_page


@managed("manage_audit")
def audit_page(request: HttpRequest, viewer: Viewer) -> HttpResponseBase:
    more = {name: value for name, value in context(request, viewer).items() if name != "layout"}
    head = ledger.seal_head()
    spec, rows = _listing(viewer), audit.rows(viewer)
    return list_page(request, viewer, spec, rows, "web/manage/audit.html", **more, head=head, layout="web/base.html")


def _listing(viewer: Viewer) -> listing.Listing:
    people = [listing.Option(str(one.pk), one.name) for one in core.people(viewer)[:500]]
    return listing.Listing(
        name="manage-audit",
        title=gettext_lazy("操作留痕"),
        columns=(
            listing.Column("text", gettext_lazy("做了什么"), lambda one: one.text, _link, width=50),
            listing.Column("who", gettext_lazy("谁"), lambda one: one.who),
            listing.Column("at", gettext_lazy("时间"), lambda one: one.row.at, sort="at"),
            listing.Column("place", gettext_lazy("场所"), lambda one: one.row.place.name if one.row.place else ""),
            listing.Column("seq", gettext_lazy("封存"), _sealed),
            listing.Column("action", gettext_lazy("代号"), lambda one: one.row.action, shown=False),
            listing.Column("subject", gettext_lazy("对象"), lambda one: one.row.subject, shown=False),
        ),
        filters=(
            listing.Text(gettext_lazy("场所或对象，例如 tag:12"), ("place__name__icontains", "subject__iexact")),
            listing.Dates("at", gettext_lazy("时间"), "at", exact=True),
            listing.Choice("who", gettext_lazy("谁"), people, "actor_id"),
            listing.Choice(
                "sort_of",
                gettext_lazy("哪类操作"),
                [listing.Option(key, gettext_lazy(title)) for key, title, _starts in audit.SORTS],
                apply=_of_sort,
            ),
            listing.Choice(
                "under",
                gettext_lazy("场所及其下"),
                [
                    listing.Option(str(one.pk), one.name)
                    for one in core.places(viewer, kinds=["county", "town", "park"])[:60]
                ],
                apply=lambda rows, asked: _under(viewer, rows, asked[0]),
                many=False,
                named=lambda text: _named(viewer, text),
            ),
        ),
        sort="-at",
        empty=listing.Empty(gettext_lazy("还没有留痕"), gettext_lazy("每一次操作都会在这里留下一行。")),
        prepare=lambda rows: audit.sentences(viewer, list(rows)),
    )


def _of_sort(rows: Any, asked: Any) -> Any:
    starts = [start for key, _title, found in audit.SORTS if key in asked for start in found]
    wanted = Q(pk__in=[])
    for start in starts:
        wanted |= Q(action__startswith=start)
    return rows.filter(wanted)


def _under(viewer: Viewer, rows: Any, asked: str) -> Any:
    path = core.place(viewer, number(asked) or 0).path
    return rows.filter(place__path__gte=path, place__path__lt=paths.after(path))


def _named(viewer: Viewer, text: str) -> str:
    found = core.places(viewer, retired=True).filter(pk=number(text) or 0).first()
    return found.name if found else ""


def _sealed(one: audit.Sentence) -> str:
    return _("第 {n} 环").format(n=one.seq) if one.seq else _("等待封存")


def _link(one: audit.Sentence) -> str:
    return format_html('<a href="{}">{}</a>', reverse("web:manage_audit_row", args=[one.row.pk]), one.text)


@managed("manage_audit")
def audit_row(request: HttpRequest, viewer: Viewer, row_id: int) -> HttpResponseBase:
    """One row: what it says, its link in the chain, and whether both still fit."""
    row = audit.rows(viewer).filter(pk=row_id).first()
    if row is None:
        raise Http404
    sentence = audit.sentences(viewer, [row])[0]
    found = proof.prove(row)
    above = [*core.ancestors(viewer, row.place), row.place] if row.place else []
    return shown(request, viewer, "audit_row", one=sentence, proof=found, above=above)
