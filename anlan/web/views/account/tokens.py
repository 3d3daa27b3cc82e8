"""接口令牌: which programs ask in one's name, for what, and when they last did."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from anlan.apps.core import actions, selectors
from anlan.apps.core.models import ApiToken, Person
from anlan.kit import clock
from anlan.kit.errors import Refused
from anlan.kit.grants import Viewer
from anlan.packs.families import roles
from anlan.web.views.account import choices
from anlan.web.views.parts import page

DAYS = (
    ("7", gettext_lazy("7 天")),
    ("30", gettext_lazy("30 天")),
    ("90", gettext_lazy("90 天")),
    ("365", gettext_lazy("1 年")),
)


@dataclass(frozen=True)
class Line:
    """A token as the list tells it."""

    token: ApiToken
    state: str  # live, expired, revoked
    rights: str
    mine: bool


class TokenForm(forms.Form):
    """``person``: empty = oneself, else an account of a program."""

    name = forms.CharField(max_length=80)
    days = forms.ChoiceField(choices=DAYS, initial="90")
    write = forms.ChoiceField(choices=(("", "read"), ("1", "write")), required=False, widget=forms.RadioSelect)
    place = forms.ChoiceField(required=False)
    capabilities = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    sectors = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    person = forms.ChoiceField(required=False)

    def __init__(self, viewer: Viewer, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer("place", choices.places(viewer))
        self._offer("capabilities", choices.capabilities(viewer))
        self._offer("sectors", choices.sectors(viewer))
        self._offer(
            "person", [("", viewer.name), *((str(p.pk), f"{p.name}（{p.username}）") for p in _programs(viewer))]
        )

    def _offer(self, name: str, options: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = options

    def spec(self) -> actions.TokenSpec:
        given = self.cleaned_data
        return actions.TokenSpec(
            name=given["name"],
            until=clock.now() + timedelta(days=int(given["days"])),
            place_id=int(given["place"]) if given["place"] else None,
            capabilities=given["capabilities"],
            sectors=given["sectors"],
            read_only=given["write"] != "1",
            person_id=int(given["person"]) if given["person"] else None,
        )


@page
def tokens_page(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    now = clock.now()
    lines = [_line(token, viewer, now) for token in selectors.tokens(viewer)[:200]]
    live = [line for line in lines if line.state == "live"]
    ended = [line for line in lines if line.state != "live"]
    return render(request, "web/account/tokens.html", {"live": live, "ended": ended})


@never_cache
@page
def new_token(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The form; and, this once, what was made."""
    form = TokenForm(viewer, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            token, secret = actions.add_token(viewer, form.spec())
        except Refused as refused:
            refusal = refused.refusal
            form.add_error(None, refusal.filled(_(refusal.message)) + refusal.filled(_(refusal.fix)))
        else:
            return render(request, "web/account/token_made.html", {"token": token, "secret": secret})
    return render(request, "web/account/token_new.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
@page
def revoke(request: HttpRequest, viewer: Viewer, token_id: int) -> HttpResponse:
    token = actions.revoke_token(viewer, token_id)
    messages.success(request, _("令牌“{name}”已撤销。").format(name=token.name))
    return redirect("web:tokens")


def _line(token: ApiToken, viewer: Viewer, now: datetime) -> Line:
    state = "revoked" if token.revoked else "expired" if token.until <= now else "live"
    known = roles.load(clock.day_of(now)).capabilities
    rights = "、".join(_(known.get(key, key)) for key in token.capabilities)
    return Line(token, state, rights, token.person_id == viewer.person_id)


def _programs(viewer: Viewer) -> list[Person]:
    """Accounts that sign in nowhere, where the viewer keeps the people."""
    if not viewer.may_anywhere("person.edit"):
        return []
    return [person for person in selectors.people(viewer).filter(is_active=True) if not person.has_usable_password()]
