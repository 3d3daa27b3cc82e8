"""事件推送: where one's events are sent, whether they arrive, and what to do if they do not."""

from typing import Any

import orjson
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from anlan.apps.hooks import actions, selectors
from anlan.apps.hooks.choices import TEST, DeliveryState, Event
from anlan.apps.hooks.models import WebHook
from anlan.kit.errors import BadInput, Refused
from anlan.kit.grants import Viewer
from anlan.rules.refusal import Refusal
from anlan.web.views.account import choices
from anlan.web.views.parts import page

SHOWN = 100


class HookForm(forms.Form):
    name = forms.CharField(max_length=80)
    url = forms.CharField(max_length=500)
    events = forms.MultipleChoiceField(choices=Event.choices, widget=forms.CheckboxSelectMultiple)
    place = forms.ChoiceField(required=False)

    def __init__(self, viewer: Viewer, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["place"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices.places(viewer)

    def place_id(self) -> int | None:
        return int(self.cleaned_data["place"]) if self.cleaned_data["place"] else None


@page
def hooks_page(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    hooks = [(hook, _events(hook)) for hook in selectors.hooks(viewer)]
    return render(request, "web/account/hooks.html", {"hooks": hooks})


@never_cache
@page
def new_hook(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The form; and, this once, the secret."""
    form = HookForm(viewer, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        spec = actions.HookSpec(given["name"], given["url"], given["events"], form.place_id())
        try:
            hook, secret = actions.add_hook(viewer, spec)
        except Refused as refused:
            _tell(form, refused)
        else:
            return render(request, "web/account/hook_secret.html", {"hook": hook, "secret": secret})
    return _form(request, form, None)


@page
def edit_hook(request: HttpRequest, viewer: Viewer, hook_id: int) -> HttpResponse:
    hook = selectors.hook(viewer, hook_id)
    kept = {"name": hook.name, "url": hook.url, "events": hook.events, "place": hook.place_id or ""}
    form = HookForm(viewer, request.POST if request.method == "POST" else None, initial=kept)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        changes = {"name": given["name"], "url": given["url"], "events": given["events"], "place_id": form.place_id()}
        try:
            actions.edit_hook(viewer, hook_id, **changes)
        except Refused as refused:
            _tell(form, refused)
        else:
            messages.success(request, _("已保存。"))
            return redirect("web:hook", hook_id)
    return _form(request, form, hook)


@page
def hook_page(request: HttpRequest, viewer: Viewer, hook_id: int) -> HttpResponse:
    hook = selectors.hook(viewer, hook_id)
    wanted = request.GET.get("state", "")
    states = [wanted] if wanted in DeliveryState.values else []
    sent = [(one, _name(one.event)) for one in selectors.deliveries(viewer, hook_id, states)[:SHOWN]]
    context = {"hook": hook, "events": _events(hook), "sent": sent, "shown": SHOWN, "chosen": wanted}
    return render(request, "web/account/hook.html", {**context, "states": DeliveryState.choices})


@page
def delivery(request: HttpRequest, viewer: Viewer, hook_id: int, delivery_id: int) -> HttpResponse:
    """What was sent, to the letter, and what came back."""
    one = selectors.delivery(viewer, hook_id, delivery_id)
    body = orjson.dumps(orjson.loads(one.body), option=orjson.OPT_INDENT_2).decode()
    context = {"hook": one.hook, "delivery": one, "name": _name(one.event), "body": body}
    return render(request, "web/account/delivery.html", context)


@require_POST
@page
def resend(request: HttpRequest, viewer: Viewer, hook_id: int, delivery_id: int) -> HttpResponse:
    actions.resend(viewer, hook_id, delivery_id)
    messages.success(request, _("将立即重新发送，编号不变。"))
    return redirect("web:hook", hook_id)


@never_cache
@require_POST
@page
def do(request: HttpRequest, viewer: Viewer, hook_id: int) -> HttpResponse:
    """``what``: test, pause, resume, remove or secret."""
    what = request.POST.get("what", "")
    if what == "secret":
        secret = actions.renew_secret(viewer, hook_id)
        hook = selectors.hook(viewer, hook_id)
        return render(request, "web/account/hook_secret.html", {"hook": hook, "secret": secret, "renewed": True})
    if what == "remove":
        actions.remove_hook(viewer, hook_id)
        messages.success(request, _("推送已删除。"))
        return redirect("web:hooks")
    messages.success(request, _simple(viewer, hook_id, what))
    return redirect("web:hook", hook_id)


def _simple(viewer: Viewer, hook_id: int, what: str) -> str:
    if what == "test":
        actions.send_test(viewer, hook_id)
        return _("测试消息已排入，几秒内可在记录中看到结果。")
    if what == "pause":
        actions.pause_hook(viewer, hook_id)
        return _("推送已暂停。")
    if what == "resume":
        actions.resume_hook(viewer, hook_id)
        return _("推送已恢复，先发送仍在等待的事件。")
    raise BadInput(Refusal("hook.no_such_action", "没有这个操作。", "请刷新页面后重试。"))


def _form(request: HttpRequest, form: HookForm, hook: WebHook | None) -> HttpResponse:
    status = 422 if form.errors else 200
    return render(request, "web/account/hook_form.html", {"form": form, "hook": hook}, status=status)


def _tell(form: forms.Form, refused: Refused) -> None:
    refusal = refused.refusal
    text = refusal.filled(_(refusal.message)) + refusal.filled(_(refusal.fix))
    form.add_error("url" if refusal.code.startswith(("hook.bad_url", "hook.private", "hook.unknown")) else None, text)


def _events(hook: WebHook) -> str:
    return "、".join(_name(event) for event in hook.events)


def _name(event: str) -> str:
    return _("测试") if event == TEST else str(Event(event).label) if event in Event.values else event
