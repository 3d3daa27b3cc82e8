"""What the frame of every page needs besides the page's own content."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from anlan.apps.core import selectors
from anlan.kit.grants import NOBODY
from anlan.web import demo_people, navigation, stage


def latest_event_id() -> int:
    """Id of the newest live event. A page that reads it before its data misses nothing that happens after."""
    return selectors.newest_event()


def chrome(request: HttpRequest) -> dict[str, Any]:
    """What the frame shows, read only when it is shown.

    ``live_id`` (``request.live_id`` where the view noted it before its data), ``unread_notices``, ``navigation``,
    ``past`` (the demo: how far the making of its past month is). ``demo_door``: who may sign in to the demo.
    ``invented``: whether everything shown is the demo's invention.
    """
    return {"invented": settings.DEMO, **_frame(request)}


def _frame(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {
            "navigation": SimpleLazyObject(lambda: navigation.entries(NOBODY, request.path)),
            "demo_door": SimpleLazyObject(demo_people.on_the_door),
        }
    return {
        "live_id": SimpleLazyObject(lambda: getattr(request, "live_id", None) or latest_event_id()),
        "unread_notices": SimpleLazyObject(lambda: _unread(request)),
        "navigation": SimpleLazyObject(lambda: navigation.entries(selectors.request_viewer(request), request.path)),
        "past": stage.being_made(),
    }


def _unread(request: HttpRequest) -> int:
    """How many notices wait, as far as a badge can show."""
    return selectors.unread_notices(selectors.request_viewer(request), most=100)
