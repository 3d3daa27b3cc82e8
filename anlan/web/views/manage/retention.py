"""保存期限: what is stored, how long it is kept and why, what will go when."""

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from anlan.apps.core import retention
from anlan.kit import clock
from anlan.kit.grants import Viewer
from anlan.packs.families import pack_words
from anlan.web.views.manage.frame import done, managed, shown


@managed("manage_retention")
def retention_page(request: HttpRequest, viewer: Viewer) -> HttpResponseBase:
    words = pack_words.load(clock.today())
    states = [(one, words.values.get(one.rule.confirmed, one.rule.confirmed)) for one in retention.state(viewer)]
    due = sum(one.due.rows for one, _word in states if one.due)
    more = {"states": states, "due": due, "may_run": retention.may_run(viewer)}
    return shown(request, viewer, "retention", **more)


@require_POST
@managed("manage_retention")
def run(request: HttpRequest, viewer: Viewer) -> HttpResponseBase:
    """Do now what the worker does every hour."""
    removed = retention.run(viewer)
    total = sum(removed.values())
    text = _("已清理 {n} 条。历史读数由引擎在一分钟内删去。").format(n=total) if total else _("没有到期的数据。")
    return done(request, text, "web:manage_retention")
