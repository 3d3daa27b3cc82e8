"""What the description says of every operation alike: how to sign in, what may go wrong, what the words mean.

The routers describe what is theirs; statuses, errors, headers, property descriptions and examples that hold everywhere
are added here, so that none of them is forgotten.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as translate
from django.utils.translation import gettext_noop as _

from anlan.kit.api import ErrorOut
from anlan.web.api import raw
from anlan.web.api.glossary import OF_SCHEMA, WORDS

Json = dict[str, Any]


ABOUT = """\
Everything that the pages show and do. Sign in with `Authorization: Bearer anlan_…`: a token that a person makes under
`/account/tokens`; it lets through what they choose of their own grants, never more than they hold at that moment.

Lists answer `{"items": […], "next": "…"}`: give `next` back as `cursor` to read on. Times are ISO 8601 with a zone.
Shapes are GeoJSON in CGCS2000 longitude and latitude. Levels are 4 major, 3 serious, 2 general, 1 low, 0 unknown.
Every error has the same shape: a stable `code`, a `message`, and a `fix` that says what to do, in Chinese or, with
`Accept-Language: en`, in English. What lies outside one's grants is answered as if it were not there: 404.
"""

#: status → what it says of itself, and a code that it comes with
STATUSES = {
    400: (_("请求无法读取，例如 JSON 写错。"), "bad_request"),
    401: (_("没有登录，或令牌不存在、已到期、已撤销。"), "token.expired"),
    403: (_("看得到，但没有做这件事的权限；或令牌不允许。"), "grant.missing"),
    404: (_("没有这个对象，或不在权限范围内。"), "not_found"),
    409: (_("与现状或规则不符，什么也没有改变。"), "alarm.already_acknowledged"),
    411: (_("没有给出长度（分块传输不接受）。"), "request.no_length"),
    413: (_("请求太大。"), "request.too_large"),
    422: (_("参数或内容的格式不对，什么也没有改变。"), "bad_input"),
    429: (_("此令牌一分钟内的请求太多；Retry-After 说明多久后再来。"), "too_many_requests"),
    503: (_("系统的一部分暂时没有应答；Retry-After 说明多久后再来。"), "unavailable"),
}
_RETRY = {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer", "minimum": 1}}}
_CHALLENGE = {"WWW-Authenticate": {"description": "How to sign in.", "schema": {"type": "string"}}}
_HEADERS: Mapping[int, Json] = {401: _CHALLENGE, 429: _RETRY, 503: _RETRY}
_NAMES_SOMETHING = re.compile(r"(^|_)(ids?|place)$|^under$")


def whole(schema: Any) -> Any:
    """The description with what holds everywhere, in the reader's language."""
    schemas: Json = schema["components"]["schemas"]
    schemas.update(_error_schemas())
    for name, one in schemas.items():
        _explain(name, one)
    for path, method, operation in operations(schema):
        operation["summary"] = translate(operation["summary"])
        operation["tags"] = [translate(tag) for tag in operation.get("tags", [])]
        for parameter in operation.get("parameters", []):
            _explain_parameter(parameter)
        for status in statuses(path, method, operation, schemas):
            operation["responses"].setdefault(status, _response(status))
    schema["paths"].update(raw.paths(_response))
    return schema


def operations(schema: Any) -> Iterator[tuple[str, str, Json]]:
    """Path, method and description of every operation."""
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def statuses(path: str, method: str, operation: Json, schemas: Json) -> Iterator[int]:
    """What an operation may answer besides what it is for."""
    yield from (400, 401, 403, 429, 503)
    parameters, body = operation.get("parameters", []), operation.get("requestBody")
    if parameters or body:
        yield 422
    if any(_NAMES_SOMETHING.search(name) for name in _names(parameters, body, schemas)) or "{" in path:
        yield 404
    if method != "get":
        yield 409
    if body:
        yield from (411, 413)


def _names(parameters: list[Json], body: Json | None, schemas: Json) -> Iterator[str]:
    yield from (parameter["name"] for parameter in parameters)
    for media in (body or {}).get("content", {}).values():
        yield from _inside(media["schema"], schemas)


def _inside(schema: Json, schemas: Json) -> Iterator[str]:
    """The names of the properties of a body, also of the rows of its lists."""
    found = schemas.get(schema.get("$ref", "").rpartition("/")[2], schema)
    for name, details in found.get("properties", {}).items():
        yield name
        yield from _inside(details.get("items", details), schemas)


def _response(status: int) -> Json:
    words, code = STATUSES[status]
    example = {"error": {"code": code, "message": translate(words), "fix": "…"}}
    content = {"schema": {"$ref": "#/components/schemas/ErrorOut"}, "example": example}
    told: Json = {"description": translate(words), "content": {"application/json": content}}
    return told | ({"headers": _HEADERS[status]} if status in _HEADERS else {})


def _error_schemas() -> Json:
    found = ErrorOut.model_json_schema(ref_template="#/components/schemas/{model}")
    return {**found.pop("$defs"), "ErrorOut": found}


def _explain(name: str, schema: Json) -> None:
    """Descriptions and examples of properties that say none themselves."""
    for key, details in schema.get("properties", {}).items():
        words, example = OF_SCHEMA.get((name, key)) or WORDS.get(key) or ("", None)
        if words and "$ref" not in details:
            details.setdefault("description", words)
        if example is not None and "$ref" not in details:
            details.setdefault("examples", [example])


def _explain_parameter(parameter: Json) -> None:
    words, example = WORDS.get(parameter["name"], ("", None))
    if words:
        parameter.setdefault("description", words)
    if example is not None and parameter["in"] == "path":
        parameter.setdefault("example", example)
