"""Web hooks and what was sent to them."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_noop as _
from ninja import Field, Query, Router, Schema, Status

from anlan.apps.core.selectors import request_viewer
from anlan.apps.hooks import actions, selectors
from anlan.apps.hooks.choices import DeliveryState, Event
from anlan.apps.hooks.models import Delivery, WebHook
from anlan.kit.api import Id, Listed, Slice, Strict, Words, cut

router = Router(tags=[_("事件推送")])


class HookOut(Schema):
    """A web hook: events that its owner may see, sent to an address as they happen."""

    id: int
    name: str = Field(description="Who receives.", examples=["市平台"])
    url: str = Field(description="Where to.", examples=["https://receiver.example.gov.cn/anlan"])
    events: list[Event] = Field(description="Which events.")
    place_id: int | None
    created: datetime
    paused: datetime | None = Field(description="Since when nothing is sent; null = it works.")
    paused_why: str = Field(description="Why it was paused by itself; empty = by a person.")
    failures: int = Field(description="Failed attempts in a row.")


class NewHook(Strict):
    name: Words = Field(min_length=1, max_length=80, description="Who receives.", examples=["市平台"])
    url: Words = Field(min_length=8, max_length=500, examples=["https://receiver.example.gov.cn/anlan"])
    events: list[Event] = Field(min_length=1, max_length=20)
    place_id: Id | None = Field(None, description="Only at this place and below; null = wherever the owner may look.")


class HookChanges(Strict):
    name: Words | None = Field(None, min_length=1, max_length=80, examples=["市平台"])
    url: Words | None = Field(None, min_length=8, max_length=500, examples=["https://receiver.example.gov.cn/anlan"])
    events: list[Event] | None = Field(None, min_length=1, max_length=20)
    place_id: Id | None = None


class HookMade(HookOut):
    """The secret that signs what is sent is in this answer and nowhere else."""

    secret: str


class Secret(Schema):
    """The new secret, shown this once."""

    secret: str


class DeliveryOut(Schema):
    """One event for one hook. ``answer`` is the beginning of what the receiver said, or why there was nothing."""

    id: int
    event_id: str = Field(description="The same however often it is sent: the receiver drops what it has.")
    event: str = Field(description="Which event; `test` for a test.", examples=["alarm.raised"])
    state: DeliveryState
    created: datetime
    attempts: int = Field(description="How often it was tried.")
    due: datetime = Field(description="When it is, or was, to be sent.")
    tried: datetime | None = Field(description="When it was last tried.")
    status: int | None = Field(description="The receiver's last status; null = no answer.", examples=[204])
    took_ms: int | None = Field(description="How long the last attempt took.")
    answer: str


class DeliveryDetail(DeliveryOut):
    """With the body that is sent and signed."""

    body: str


class DeliveryQuery(Slice):
    state: list[DeliveryState] = Field([], description="Only in these states.")


@router.get("/hooks", response=Listed[HookOut], summary=_("推送列表"))
def list_hooks(request: HttpRequest, part: Query[Slice]) -> dict[str, Any]:
    """The viewer's own web hooks."""
    return cut(selectors.hooks(request_viewer(request)), part, "-pk")


@router.post("/hooks", response={201: HookMade}, summary=_("新建推送"))
def add_hook(request: HttpRequest, new: NewHook) -> Status[dict[str, Any]]:
    """Have events sent to an address on the public network, or in a network that the installation allows."""
    spec = actions.HookSpec(new.name, new.url, [event.value for event in new.events], new.place_id)
    hook, secret = actions.add_hook(request_viewer(request), spec)
    return Status(201, {**HookOut.from_orm(hook).dict(), "secret": secret})


@router.get("/hooks/{hook_id}", response=HookOut, summary=_("查看推送"))
def get_hook(request: HttpRequest, hook_id: Id) -> WebHook:
    """One web hook, without its secret."""
    return selectors.hook(request_viewer(request), hook_id)


@router.patch("/hooks/{hook_id}", response=HookOut, summary=_("修改推送"))
def edit_hook(request: HttpRequest, hook_id: Id, changes: HookChanges) -> WebHook:
    """Change what is given; a place of null takes the limit away."""
    given = changes.model_dump(exclude_unset=True, mode="json")
    kept = {name: value for name, value in given.items() if value is not None or name == "place_id"}
    return actions.edit_hook(request_viewer(request), hook_id, **kept)


@router.delete("/hooks/{hook_id}", response={204: None}, summary=_("删除推送"))
def remove_hook(request: HttpRequest, hook_id: Id) -> Status[None]:
    """Send nothing any more; what waits is dropped."""
    actions.remove_hook(request_viewer(request), hook_id)
    return Status(204, None)


@router.post("/hooks/{hook_id}/pause", response=HookOut, summary=_("暂停推送"))
def pause_hook(request: HttpRequest, hook_id: Id) -> WebHook:
    """Send nothing until it is resumed. What happens meanwhile is not sent later."""
    return actions.pause_hook(request_viewer(request), hook_id)


@router.post("/hooks/{hook_id}/resume", response=HookOut, summary=_("恢复推送"))
def resume_hook(request: HttpRequest, hook_id: Id) -> WebHook:
    """Go on, beginning with what still waits."""
    return actions.resume_hook(request_viewer(request), hook_id)


@router.post("/hooks/{hook_id}/secret", response=Secret, summary=_("更换推送密钥"))
def renew_hook_secret(request: HttpRequest, hook_id: Id) -> dict[str, str]:
    """A new secret; what is sent from now on is signed with it."""
    return {"secret": actions.renew_secret(request_viewer(request), hook_id)}


@router.post("/hooks/{hook_id}/test", response={201: DeliveryOut}, summary=_("发送测试"))
def test_hook(request: HttpRequest, hook_id: Id) -> Status[Delivery]:
    """Have a harmless event sent now; what became of it is told by its delivery."""
    return Status(201, actions.send_test(request_viewer(request), hook_id))


@router.get("/hooks/{hook_id}/deliveries", response=Listed[DeliveryOut], summary=_("推送记录"))
def list_deliveries(request: HttpRequest, hook_id: Id, query: Query[DeliveryQuery]) -> dict[str, Any]:
    """What was sent and what waits, newest first; kept for two weeks."""
    return cut(selectors.deliveries(request_viewer(request), hook_id, query.state), query, "-pk")


@router.get("/hooks/{hook_id}/deliveries/{delivery_id}", response=DeliveryDetail, summary=_("查看推送记录"))
def get_delivery(request: HttpRequest, hook_id: Id, delivery_id: Id) -> Delivery:
    """One delivery with the body that is sent."""
    return selectors.delivery(request_viewer(request), hook_id, delivery_id)


@router.post("/hooks/{hook_id}/deliveries/{delivery_id}/resend", response=DeliveryOut, summary=_("重新发送"))
def resend(request: HttpRequest, hook_id: Id, delivery_id: Id) -> Delivery:
    """Send an event once more, with the same id."""
    return actions.resend(request_viewer(request), hook_id, delivery_id)
