"""The description of what the web server answers beside Django: the live stream and the intake of readings."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as translate
from django.utils.translation import gettext_noop as _

Json = dict[str, Any]

RAW = ("/live", "/intake")

_LIVE = """\
One stream of server-sent events for a browser that is signed in, or a program with a token. Reconnect with
`Last-Event-ID`: nothing is lost, unless `hello` says `reset`.

With an id: `level` {place, before, after, since, points, enterprises, reason}; `alarm` {alarm, event, tag, place,
limit, state, level, raised, value}; `fact` {fact, kind, level, event}; `notice` {person, text, link}. Without an id:
`hello` {server_time, last_id, reset}; `values` in columns {t: tag ids, v: values, ts: epoch ms, q: 1 = good}; `health`
{engine_at, worker_at, stale}; `bye` {reason}. Each viewer gets what lies in their scope, at every moment.
"""
_INTAKE = """\
Readings of a gateway, with the key of the gateway (`POST /api/sources` gives it) as bearer token: one reading, a list
of readings, or columns. 2xx is sent after the readings are on disk. The same batch id twice changes nothing.
"""
_READING = {
    "type": "object",
    "required": ["tag", "ts", "value"],
    "properties": {
        "tag": {"type": "string", "description": "The tag's code at this gateway.", "examples": ["PI-7"]},
        "ts": {"type": "integer", "description": "When it was measured, epoch ms.", "examples": [1795228200000]},
        "value": {"type": "number", "description": "In the tag's unit.", "examples": [2870.5]},
        "quality": {"type": "integer", "description": "1 = good.", "default": 1},
    },
}


def paths(error: Callable[[int], Json]) -> Json:
    """Both paths; ``error`` makes the response of a status."""
    return {"/live": {"get": _live(error)}, "/intake": {"post": _intake(error)}}


def _live(error: Callable[[int], Json]) -> Json:
    stream = {
        "description": translate(_("事件流，直到断开。")),
        "content": {"text/event-stream": {"schema": {"type": "string"}}},
    }
    tags = {"type": "string", "examples": ["311,312"]}
    last = {"in": "header", "name": "Last-Event-ID", "required": False, "schema": {"type": "integer"}}
    return {
        "operationId": "live",
        "summary": translate(_("实时事件流")),
        "description": _LIVE,
        "tags": [translate(_("实时与接入"))],
        "parameters": [
            {
                "in": "query",
                "name": "tags",
                "required": False,
                "schema": tags,
                "description": "Tags whose values are sent.",
            },
            {**last, "description": "The last event that was seen."},
        ],
        "responses": {200: stream, **{status: error(status) for status in (400, 401, 429, 503)}},
        "security": [{"Bearer": []}, {"SessionAuth": []}],
    }


def _intake(error: Callable[[int], Json]) -> Json:
    taken = {
        "type": "object",
        "properties": {name: {"type": "integer"} for name in ("accepted", "late", "duplicate", "quarantined")},
    }
    answer = {"description": translate(_("已落盘。")), "content": {"application/json": {"schema": taken}}}
    return {
        "operationId": "intake",
        "summary": translate(_("接入读数")),
        "description": _INTAKE,
        "tags": [translate(_("实时与接入"))],
        "parameters": [],
        "requestBody": {"required": True, "content": {"application/json": {"schema": _READING}}},
        "responses": {200: answer, **{status: error(status) for status in (400, 401, 413, 429, 503)}},
        "security": [{"Bearer": []}],
    }
