"""接口说明: the description of the API as people read it; made of ``/api/openapi.json``, nothing is written twice."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http.client import responses
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from anlan.web.api import api, describe

Json = dict[str, Any]
_DEEPEST = 5
_VERBS = ("post", "put", "patch")


@dataclass(frozen=True)
class Property:
    name: str
    kind: str
    words: str
    required: bool = False


@dataclass(frozen=True)
class Answer:
    status: str
    words: str
    sample: str = ""


@dataclass(frozen=True)
class Told:
    """One operation, ready to be shown."""

    id: str
    method: str
    path: str
    summary: str
    description: str
    parameters: tuple[Property, ...]
    body: tuple[Property, ...]
    answers: tuple[Answer, ...]
    curl: str

    @property
    def words(self) -> str:
        """What the filter looks in."""
        return f"{self.method} {self.path} {self.summary} {self.id}".lower()


def docs_page(request: HttpRequest) -> HttpResponse:
    schema = api.get_openapi_schema()
    base = f"{request.scheme}://{request.get_host()}"
    groups: dict[str, list[Told]] = {}
    for path, method, operation in describe.operations(schema):
        groups.setdefault(operation["tags"][0], []).append(_told(schema, base, path, method, operation))
    count = sum(len(group) for group in groups.values())
    context = {"groups": list(groups.items()), "count": count, "about": schema["info"]["description"].split("\n\n")}
    return render(request, "web/api_docs.html", {**context, "version": schema["info"]["version"]})


def _told(schema: Json, base: str, path: str, method: str, operation: Json) -> Told:
    reader = _Reader(schema["components"]["schemas"])
    body = next(iter(operation.get("requestBody", {}).get("content", {}).items()), None)
    return Told(
        id=operation["operationId"],
        method=method.upper(),
        path=path,
        summary=operation["summary"],
        description=operation.get("description", ""),
        parameters=tuple(_parameter(reader, one) for one in operation.get("parameters", [])),
        body=tuple(reader.properties(body[1]["schema"])) if body else (),
        answers=tuple(
            _answer(reader, status, told) for status, told in sorted(operation["responses"].items(), key=_order)
        ),
        curl=_curl(reader, base, path, method, operation, body),
    )


def _order(item: tuple[Any, Any]) -> str:
    return str(item[0])


def _parameter(reader: "_Reader", told: Json) -> Property:
    return Property(told["name"], reader.kind(told["schema"]), told.get("description", ""), told.get("required", False))


def _answer(reader: "_Reader", status: Any, told: Json) -> Answer:
    content: Json = next(iter(told.get("content", {}).values()), {})
    words = told["description"] if int(status) >= 400 else responses.get(int(status), "")
    good = int(status) < 400 and "schema" in content
    return Answer(str(status), words, _json(reader.sample(content["schema"])) if good else "")


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)


def _curl(reader: "_Reader", base: str, path: str, method: str, operation: Json, body: Any) -> str:
    """A command that works once the token is put in."""
    filled = path
    for one in operation.get("parameters", []):
        filled = filled.replace(f"{{{one['name']}}}", str(one.get("example", reader.sample(one["schema"]))))
    needed = [one for one in operation.get("parameters", []) if one["in"] == "query" and one.get("required")]
    query = "&".join(f"{one['name']}={reader.sample(one['schema'])}" for one in needed)
    lines = ['curl -H "Authorization: Bearer $TOKEN"']
    if method != "get":
        lines[0] += f" -X {method.upper()}"
    if body and body[0] == "application/json":
        lines.append(f"  --json '{json.dumps(reader.sample(body[1]['schema']), ensure_ascii=False)}'")
    elif body:
        lines.append("  -F file=@plan.pdf")
    lines.append(f"  '{base}{filled}{'?' if query else ''}{query}'")
    return " \\\n".join(lines)


class _Reader:
    """Reads schemas: what a thing is in a word, its properties, an example of it."""

    def __init__(self, schemas: Mapping[str, Json]) -> None:
        self._schemas = schemas

    def _open(self, schema: Json) -> Json:
        """Behind a reference, and behind "or null"."""
        if "$ref" in schema:
            return self._schemas[schema["$ref"].rpartition("/")[2]]
        offered: list[Json] = schema.get("anyOf") or schema.get("allOf") or []
        either = [one for one in offered if one.get("type") != "null"]
        return {**self._open(either[0]), **schema} if either else schema

    def kind(self, schema: Json) -> str:
        inner = self._open(schema)
        nullable = any(one.get("type") == "null" for one in schema.get("anyOf") or [])
        if "enum" in inner:
            word = " | ".join(str(value) for value in inner["enum"])
        elif inner.get("type") == "array":
            word = f"[{self.kind(inner.get('items', {}))}]"
        else:
            word = inner.get("format") or inner.get("type") or "any"
        return f"{word} | null" if nullable else word

    def properties(self, schema: Json) -> Iterator[Property]:
        inner = self._open(schema)
        required = inner.get("required", [])
        for name, details in inner.get("properties", {}).items():
            words = details.get("description") or self._open(details).get("description", "")
            yield Property(name, self.kind(details), words, name in required)

    def sample(self, schema: Json, depth: int = 0) -> Any:
        inner = self._open(schema)
        if examples := schema.get("examples") or inner.get("examples"):
            return examples[0]
        if "enum" in inner:
            return inner["enum"][0]
        if inner.get("type") == "object" and depth < _DEEPEST:
            return {name: self.sample(one, depth + 1) for name, one in inner.get("properties", {}).items()}
        if inner.get("type") == "array":
            return [self.sample(inner.get("items", {}), depth + 1)] if depth < _DEEPEST else []
        return _PLAIN.get(inner.get("format", ""), _PLAIN.get(inner.get("type", ""), None))


_PLAIN: Mapping[str, Any] = {
    "string": "…",
    "integer": 1,
    "number": 1.5,
    "boolean": True,
    "object": {},
    "date-time": "2026-11-21T03:00:00Z",
    "date": "2026-11-21",
    "binary": "…",
}
