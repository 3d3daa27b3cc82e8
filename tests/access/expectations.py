"""What every address is expected to show and to refuse. An address that is not declared here fails the tests.

To declare a new one, say which parameters carry ids of what kind (``ids``), which capability is needed at the place of
that thing (``needs``), which kinds of things a list shows in full (``shows``), and how ids make its body (``body``).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

from anlan.kit import clock

Ids = Mapping[str, int | str]
Body = Callable[[Ids], dict[str, object]]


@dataclass(frozen=True)
class Route:
    """One method at one address. Parameters of ``ids`` that are not in the path go into the query, or the body."""

    method: str
    path: str
    ids: Mapping[str, str] = field(default_factory=dict)
    needs: Mapping[str, str] = field(default_factory=dict)  # parameter → capability at the place of its thing
    views: Mapping[str, str] = field(default_factory=dict)  # parameter → what lets one see its thing here, if not VIEW
    anywhere: str = ""  # a capability that must be held somewhere
    shows: tuple[str, ...] = ()  # kinds of which everything visible is shown, and nothing else
    rows: str = ""  # the kind that the rows of a JSON list are
    own: bool = True  # the page of a thing shows its mark
    body: Body | None = None
    form: bool = False  # the body is a form, not JSON
    query: str = ""
    open: bool = False  # for visitors too
    fine: tuple[int, ...] = (200, 201, 204, 302, 400, 409, 422)


def _file(ids: Ids) -> dict[str, object]:
    return {"file": SimpleUploadedFile("a.csv", b"1,2")}


def _tag(ids: Ids) -> dict[str, object]:
    return {"place_id": ids["place_id"], "code": "T9", "name": "新点位"}


def _token(ids: Ids) -> dict[str, object]:
    return {"name": "同步", "until": (clock.now() + timedelta(days=30)).isoformat(), "place_id": ids["place_id"]}


def _hook(ids: Ids) -> dict[str, object]:
    place = {"place_id": ids["place_id"]}
    return {"name": "市平台", "url": "https://192.0.2.7/in", "events": ["alarm.raised"], **place}


def _pond() -> dict[str, object]:
    """The form of a pond without drains."""
    none = {"drain-TOTAL_FORMS": 0, "drain-INITIAL_FORMS": 0, "drain-MIN_NUM_FORMS": 0, "drain-MAX_NUM_FORMS": 12}
    told = {
        "name": "新库",
        "method": "upstream",
        "state": "in_use",
        "height": 10,
        "volume": 20,
        "crest": 110,
        "top": 110,
    }
    return none | told | {"crest": 110, "top": 110}


def _scenario() -> dict[str, object]:
    return {
        "name": "新情景",
        "substance": "甲烷",
        "tonnes": 1,
        "celsius": 20,
        "megapascal": 1,
        "kind": "rupture",
        "longitude": 121,
        "latitude": 41,
    }


def _limits(ids: Ids) -> dict[str, object]:
    return {"tags": [{"tag_id": ids["tag_id"], "limits": {"h": 60}}]}


def _plan(ids: Ids) -> dict[str, object]:
    values = {"name": "新预案", "type": "专项应急预案", "issued": "2026-01-01"}
    return {"items": [{"place_id": ids["place_id"], "group": "plans", "values": values}]}


def _project() -> dict[str, object]:
    """The form of a project without rows."""
    rows = {f"{kind}-{name}_FORMS": 0 for kind in ("chemical", "facility") for name in ("TOTAL", "INITIAL")}
    return rows | {"name": "新项目", "applicant": "新川化工", "stage": "planned"}


def _turn(ids: Ids) -> dict[str, object]:
    return {"place": ids.get("place_id", ""), "person": 1, "day": "2026-12-01", "since": "08:00", "until": "20:00"}


SHIFT = {"shift_id": "shift"}
_HOURS = {"since": "2036-01-02T00:00:00Z", "until": "2036-01-02T08:00:00Z"}
_LICENCE = {"name": "营业执照", "number": "新号", "issuer": "市场监管局", "issued": "2024-01-01"}
_TURN = {"day": "2036-01-02", "since": "08:00", "until": "16:00"}
GET, POST, PUT, PATCH, DELETE = "GET", "POST", "PUT", "PATCH", "DELETE"
HOOK, DELIVERY = {"hook_id": "hook"}, {"hook_id": "hook", "delivery_id": "delivery"}
FIRM, ROW = {"place_id": "firm"}, {"ref": "item"}
RUN = {"run_id": "import"}
SCENARIO = {"scenario_id": "scenario"}
PARK, PROJECT = {"place_id": "park"}, {"project_id": "project"}
POND = {"pond_id": "pond"}
#: A scenario that is only tried, at a place.
TRIED, MAY_TRY = {"place": "place"}, {"place": "scenario.view"}
WHAT_IF = "substance=74-82-8&tonnes=1&celsius=20&megapascal=1&kind=rupture&longitude=121&latitude=41"
PLACE, TAG, ALARM, SOURCE = {"place_id": "place"}, {"tag_id": "tag"}, {"alarm_id": "alarm"}, {"source_id": "source"}

API = (
    Route(GET, "/api/openapi.json", open=True),
    Route(GET, "/api/docs", open=True),
    Route(GET, "/api/places", shows=("place",), rows="place"),
    Route(GET, "/api/places", ids={"under": "place"}),
    Route(POST, "/api/places", ids={"parent_id": "place"}, needs={"parent_id": "place.edit"},
          body=lambda ids: {"parent_id": ids["parent_id"], "kind": "unit", "name": "新装置"}),
    Route(GET, "/api/places.geojson", shows=("place",)),
    Route(GET, "/api/places.geojson", ids={"under": "place"}),
    Route(GET, "/api/search", query="q=%E5%8E%82"),
    Route(GET, "/api/places/{place_id}", ids=PLACE),
    Route(GET, "/api/places/{place_id}/path", ids=PLACE),
    Route(PATCH, "/api/places/{place_id}", ids=PLACE, needs={"place_id": "place.edit"},
          body=lambda ids: {"name": "新名"}),
    Route(POST, "/api/places/{place_id}/move", ids={"place_id": "place", "target": "place"},
          needs={"place_id": "place.edit", "target": "place.edit"}, body=lambda ids: {"place_id": ids["target"]}),
    Route(POST, "/api/places/{place_id}/retire", ids=PLACE, needs={"place_id": "place.edit"}),
    Route(POST, "/api/places/{place_id}/reopen", ids=PLACE, needs={"place_id": "place.edit"}),
    Route(POST, "/api/places/{place_id}/merge", ids={"place_id": "place", "target": "place"},
          needs={"place_id": "place.edit", "target": "place.edit"}, body=lambda ids: {"place_id": ids["target"]}),
    Route(GET, "/api/places/{place_id}/members", ids=PLACE, own=False),
    Route(POST, "/api/places/{place_id}/members", ids={"place_id": "place", "member": "place"},
          needs={"place_id": "place.edit"}, body=lambda ids: {"place_id": ids["member"]}),
    Route(DELETE, "/api/places/{place_id}/members/{member_id}", ids={"place_id": "place", "member_id": "place"},
          needs={"place_id": "place.edit"}),
    Route(GET, "/api/me"),
    Route(GET, "/api/roles"),
    Route(GET, "/api/people", shows=("person",)),
    Route(GET, "/api/people/{person_id}", ids={"person_id": "person"}),
    Route(POST, "/api/people", ids=PLACE, needs={"place_id": "person.edit"},
          body=lambda ids: {"username": "xinren", "name": "新人", "role": "worker", "place_id": ids["place_id"]}),
    *(Route(POST, f"/api/people/{{person_id}}/{deed}", ids={"person_id": "person"}, needs={"person_id": "person.edit"})
      for deed in ("activate", "sign-out")),
    Route(GET, "/api/people/{person_id}/reach", ids={"person_id": "person"}, own=False),
    Route(GET, "/api/places/{place_id}/sight", ids=PLACE, needs={"place_id": "person.edit"}, own=False),
    Route(GET, "/api/places/{place_id}/move-preview", ids={"place_id": "place", "to_id": "place"}, own=False,
          needs={"place_id": "place.edit", "to_id": "place.edit"}),
    Route(POST, "/api/people/{person_id}/deactivate", ids={"person_id": "person"}, needs={"person_id": "person.edit"}),
    Route(POST, "/api/people/{person_id}/reset-sign-in", ids={"person_id": "person"},
          needs={"person_id": "person.edit"}),
    Route(POST, "/api/people/{person_id}/erase", ids={"person_id": "person"}, needs={"person_id": "person.edit"}),
    Route(GET, "/api/grants", rows="grant"),
    Route(POST, "/api/grants", ids={"person_id": "person", "place_id": "place"}, needs={"place_id": "grant.give"},
          body=lambda ids: {**ids, "role": "worker"}),
    Route(DELETE, "/api/grants/{grant_id}", ids={"grant_id": "grant"}, needs={"grant_id": "grant.give"}),
    Route(GET, "/api/notices", shows=("notice",)),
    Route(POST, "/api/notices/read", ids={"notice": "notice"}, body=lambda ids: {"ids": [ids["notice"]]}, own=False),
    Route(GET, "/api/sessions", shows=("session",)),
    Route(DELETE, "/api/sessions/{handle}", ids={"handle": "session"}),
    Route(GET, "/api/files", shows=(), rows="file"),
    Route(GET, "/api/files", ids=PLACE, own=False),
    Route(GET, "/api/files/{file_id}", ids={"file_id": "file"}, own=False),
    Route(GET, "/api/files/{file_id}/content", ids={"file_id": "file"}, own=False),
    Route(POST, "/api/places/{place_id}/files", ids=PLACE, needs={"place_id": "file.add"}, body=_file, form=True),
    Route(GET, "/api/audit", query="limit=500", shows=("audit",)),
    Route(GET, "/api/audit", ids={"under": "place"}, own=False),
    Route(GET, "/api/audit/{row_id}", ids={"row_id": "audit"}, own=False),
    Route(GET, "/api/levels", shows=("place",), rows="place"),
    Route(GET, "/api/levels", ids=PLACE),
    Route(GET, "/api/places/{place_id}/level", ids=PLACE),
    Route(GET, "/api/places/{place_id}/why", ids=PLACE),
    Route(GET, "/api/places/{place_id}/level-history", ids=PLACE, own=False,
          query="start=2026-01-01T00:00:00Z&end=2026-01-02T00:00:00Z"),
    Route(GET, "/api/changes"),
    Route(GET, "/api/facts", query="live=false&limit=500", shows=("fact",)),
    Route(GET, "/api/facts", ids=PLACE, own=False),
    Route(GET, "/api/facts/{fact_id}", ids={"fact_id": "fact"}),
    Route(GET, "/api/seal", anywhere="audit.view"),
    Route(GET, "/api/tags", shows=("tag",), rows="tag"),
    Route(GET, "/api/tags", ids=PLACE, own=False),
    Route(GET, "/api/tags/{tag_id}", ids=TAG),
    Route(PUT, "/api/tags/{tag_id}", ids=TAG | PLACE, needs={"tag_id": "tag.edit", "place_id": "tag.edit"}, body=_tag),
    Route(POST, "/api/sources/{source_id}/tags", ids=SOURCE | PLACE, views={"source_id": "tag.edit"},
          needs={"place_id": "tag.edit"}, body=_tag),
    Route(POST, "/api/limits", ids=TAG, needs={"tag_id": "tag.edit"}, body=_limits),
    Route(POST, "/api/limits/trial", ids=TAG, body=_limits),
    Route(GET, "/api/tags/{tag_id}/history", ids=TAG, own=False,
          query="start=2026-01-01T00:00:00Z&end=2026-01-02T00:00:00Z"),
    Route(GET, "/api/alarms", rows="alarm", shows=("tag",)),
    Route(GET, "/api/alarms", ids=PLACE, own=False),
    Route(GET, "/api/duty"),
    Route(GET, "/api/alarms/{alarm_id}", ids=ALARM),
    Route(POST, "/api/alarms/{alarm_id}/acknowledge", ids=ALARM, needs={"alarm_id": "alarm.acknowledge"},
          body=lambda ids: {"text": "已知"}),
    Route(POST, "/api/alarms/acknowledge", ids=ALARM, needs={"alarm_id": "alarm.acknowledge"},
          body=lambda ids: {"alarm_ids": [ids["alarm_id"]], "text": "已知"}),
    Route(POST, "/api/alarms/{alarm_id}/comments", ids=ALARM, needs={"alarm_id": "alarm.comment"},
          body=lambda ids: {"text": "已知"}),
    Route(GET, "/api/sources", rows="source", shows=("source",)),
    Route(POST, "/api/sources", ids=PLACE, needs={"place_id": "source.edit"},
          body=lambda ids: {"place_id": ids["place_id"], "code": "new", "name": "新网关"}),
    Route(POST, "/api/sources/{source_id}/key", ids=SOURCE, needs={"source_id": "source.edit"}),
    Route(PUT, "/api/sources/{source_id}/enabled", ids=SOURCE, needs={"source_id": "source.edit"},
          body=lambda ids: {"enabled": False}),
    Route(GET, "/api/parks", shows=("park",)),
    Route(GET, "/api/parks/{place_id}/gates", ids={"place_id": "park"}, shows=("gate",), own=False),
    Route(GET, "/api/parks/{place_id}/vehicles", ids={"place_id": "park"}, own=False),
    Route(POST, "/api/parks/{place_id}/passages", ids={"place_id": "park", "gate_id": "gate"},
          needs={"place_id": "gate.pass"},
          body=lambda ids: {"gate_id": ids["gate_id"], "plate": "鲁A00001", "direction": "in"}),
    Route(GET, "/api/projects", rows="project", shows=("project",)),
    Route(GET, "/api/projects/{project_id}", ids={"project_id": "project"}),
    Route(GET, "/api/health", anywhere="health.view"),
    Route(GET, "/api/enterprises"),
    Route(GET, "/api/enterprises", ids={"under": "place"}, own=False),
    Route(GET, "/api/enterprises/{place_id}", ids=PLACE, needs={"place_id": "enterprise.view"}, fine=(200, 404)),
    *(Route(GET, f"/api/{kind}", ids=PLACE, needs={"place_id": "enterprise.view"}, own=False)
      for kind in ("licences", "certificates", "chemicals", "equipment", "contractors", "dues")),
    Route(GET, "/api/file-groups"),
    Route(GET, "/api/file-groups/{group}", ids={"group": "group"}, own=False),
    Route(GET, "/api/enterprises/{place_id}/file", ids=FIRM, needs={"place_id": "enterprise.view"}, own=False),
    Route(GET, "/api/enterprises/{place_id}/file/{group}", ids=FIRM | {"group": "group"}, own=False,
          needs={"place_id": "enterprise.view"}),
    Route(PUT, "/api/enterprises/{place_id}/facts", ids=FIRM, needs={"place_id": "enterprise.edit"},
          body=lambda ids: {"values": {"principal": "新人"}}),
    Route(POST, "/api/items", ids=FIRM, needs={"place_id": "enterprise.edit"}, body=_plan),
    Route(GET, "/api/items/{ref}", ids=ROW),
    Route(PUT, "/api/items/{ref}", ids=ROW | {"place_id": "firm"},
          needs={"ref": "enterprise.edit", "place_id": "enterprise.edit"},
          body=lambda ids: {"place_id": ids["place_id"], "values": _LICENCE}),
    Route(POST, "/api/items/{ref}/end", ids=ROW, needs={"ref": "enterprise.edit"},
          body=lambda ids: {"reason": "已换证"}),
    Route(POST, "/api/items/{ref}/restore", ids=ROW, needs={"ref": "enterprise.edit"}),
    Route(POST, "/api/items/{ref}/files", ids=ROW, needs={"ref": "enterprise.edit"}, form=True, body=_file,
          fine=(201, 403)),
    Route(GET, "/api/holders"),
    Route(GET, "/api/holders", ids={"near_place": "place"}, own=False, fine=(200, 404)),
    Route(POST, "/api/enterprises/{place_id}/export", ids=FIRM, needs={"place_id": "enterprise.view"},
          body=lambda ids: {"format": "docx"}, fine=(202,)),
    Route(GET, "/api/file-exports/{job_id}", ids={"job_id": "export"}, own=False),
    Route(GET, "/api/file-exports/{job_id}/content", ids={"job_id": "export"}, own=False, fine=(404,)),
    Route(GET, "/api/shifts", ids={"place_id": "desk"}, own=False,
          query="start=2026-01-01T00:00:00Z&end=2026-01-08T00:00:00Z"),
    Route(GET, "/api/shifts/desks"),
    Route(GET, "/api/shifts/current", ids={"place_id": "desk"}, own=False),
    Route(GET, "/api/shifts/handovers", ids={"place_id": "desk"}, own=False),
    Route(GET, "/api/shifts/candidates", ids={"place_id": "desk"}, needs={"place_id": "shift.edit"}, own=False),
    Route(POST, "/api/shifts", ids={"place_id": "desk"}, needs={"place_id": "shift.edit"},
          body=lambda ids: {"shifts": [{"place_id": ids["place_id"], "person_id": 1, **_HOURS}]}),
    Route(PUT, "/api/shifts/{shift_id}", ids=SHIFT, needs={"shift_id": "shift.edit"},
          body=lambda ids: {"person_id": 1, **_HOURS}),
    Route(DELETE, "/api/shifts/{shift_id}", ids=SHIFT, needs={"shift_id": "shift.edit"}),
    Route(POST, "/api/shifts/{shift_id}/take-over", ids=SHIFT, body=lambda ids: {"note": "无"}),
    Route(GET, "/api/imports/kinds"),
    Route(GET, "/api/imports/kinds/{kind}/template", ids={"kind": "exchange"}, own=False, fine=(200, 403)),
    Route(GET, "/api/imports", shows=("import",), rows="import"),
    Route(POST, "/api/imports", body=lambda ids: {"kind": "places", **_file(ids)}, form=True, fine=(201, 403)),
    Route(GET, "/api/imports/{run_id}", ids=RUN),
    Route(GET, "/api/imports/{run_id}/lines", ids=RUN, own=False),
    Route(GET, "/api/imports/{run_id}/marked", ids=RUN, own=False),
    Route(POST, "/api/imports/{run_id}/publish", ids=RUN, body=lambda ids: {"whole": True}, fine=(200, 403, 409)),
    Route(POST, "/api/imports/{run_id}/undo", ids=RUN, fine=(200, 403, 409)),
    Route(POST, "/api/imports/{run_id}/drop", ids=RUN, fine=(200, 403, 409)),
    Route(GET, "/api/exports/{kind}", ids={"kind": "exchange"}, own=False, query="format=csv", fine=(200, 403)),
    Route(GET, "/api/curves", ids={"tag_id": "tag"}, own=False,
          query="start=2026-01-01T00:00:00Z&end=2026-01-02T00:00:00Z"),
    Route(GET, "/api/find", query="q=%E4%BC%81"),
    Route(GET, "/api/retention", anywhere="health.view"),
    Route(POST, "/api/retention/run", anywhere="retention.run", fine=(200, 403)),
    Route(GET, "/api/packs"),
    Route(GET, "/api/packs/{pack_id}", ids={"pack_id": "pack"}),
    Route(GET, "/api/tokens", shows=("token",), rows="token"),
    Route(POST, "/api/tokens", ids=PLACE, body=_token),
    Route(DELETE, "/api/tokens/{token_id}", ids={"token_id": "token"}),
    Route(GET, "/api/hooks", shows=("hook",), rows="hook"),
    Route(POST, "/api/hooks", ids=PLACE, body=_hook),
    Route(GET, "/api/hooks/{hook_id}", ids=HOOK),
    Route(PATCH, "/api/hooks/{hook_id}", ids=HOOK | PLACE, body=lambda ids: {"place_id": ids["place_id"]}),
    Route(DELETE, "/api/hooks/{hook_id}", ids=HOOK),
    Route(POST, "/api/hooks/{hook_id}/pause", ids=HOOK),
    Route(POST, "/api/hooks/{hook_id}/resume", ids=HOOK),
    Route(POST, "/api/hooks/{hook_id}/secret", ids=HOOK),
    Route(POST, "/api/hooks/{hook_id}/test", ids=HOOK),
    Route(GET, "/api/hooks/{hook_id}/deliveries", ids=HOOK, own=False),
    Route(GET, "/api/hooks/{hook_id}/deliveries/{delivery_id}", ids=DELIVERY, own=False),
    Route(POST, "/api/hooks/{hook_id}/deliveries/{delivery_id}/resend", ids=DELIVERY),
)  # fmt: skip

PAGES = (
    Route(GET, "/accounts/login/", open=True),
    Route(POST, "/accounts/login/", body=lambda ids: {"login": "x", "password": "x"}, form=True, open=True),
    Route(GET, "/accounts/logout/", open=True),
    Route(GET, "/accounts/inactive/", open=True),
    Route(GET, "/accounts/reauthenticate/"),
    Route(GET, "/accounts/password/change/"),
    Route(GET, "/accounts/2fa/"),
    Route(GET, "/accounts/2fa/authenticate/"),
    Route(GET, "/accounts/2fa/reauthenticate/"),
    Route(GET, "/accounts/2fa/totp/activate/"),
    Route(GET, "/accounts/2fa/totp/deactivate/", fine=(200, 302, 404)),
    Route(GET, "/accounts/2fa/recovery-codes/", fine=(200, 302, 404)),
    Route(GET, "/accounts/2fa/recovery-codes/generate/"),
    Route(GET, "/accounts/2fa/recovery-codes/download/", fine=(200, 302, 404)),
    Route(GET, "/accounts/sessions/", shows=("session",)),
    Route(POST, "/accounts/sessions/{handle}/end/", ids={"handle": "session"}),
    Route(GET, "/files/{file_id}", ids={"file_id": "file"}, own=False),
    Route(POST, "/i18n/setlang/", body=lambda ids: {"language": "en"}, form=True, open=True),
    Route(GET, "/"),
    Route(GET, "/", ids={"place": "place"}, own=False, fine=(200, 404)),
    Route(GET, "/map/view.json", query="zoom=20&layer=enterprise&layer=risk_point&layer=public_object"),
    Route(GET, "/map/shapes.json", ids={"ids": "place"}, own=False, fine=(200,)),
    Route(GET, "/map/tree.json", ids={"open": "place"}, own=False, fine=(200,)),
    Route(GET, "/map/find.json", query="q=9901"),
    Route(GET, "/map/filters"),
    Route(GET, "/map/inside"),
    Route(GET, "/map/hits"),
    Route(GET, "/map/places/{place_id}", ids=PLACE),
    Route(GET, "/map/terrain.png", fine=(404,)),  # this installation has none
    Route(GET, "/map/history.json"),
    Route(GET, "/map/base.json"),
    Route(GET, "/map/changes"),
    Route(GET, "/places/{place_id}", ids=PLACE),
    Route(GET, "/places/{place_id}/why", ids=PLACE),
    Route(GET, "/places/{place_id}/sparks.json", ids=PLACE, needs={"place_id": "tag.view"}, own=False),
    Route(GET, "/tags/{tag_id}", ids=TAG),
    Route(GET, "/tags/{tag_id}/series.json", ids=TAG),
    Route(GET, "/chart"),
    Route(GET, "/chart", ids={"tags": "tag"}, own=False, fine=(200,)),
    Route(GET, "/chart/series.json", ids={"tags": "tag"}, own=False, fine=(200,)),
    Route(GET, "/chart/tags.json", query="q=压力"),
    Route(GET, "/chart/export", ids={"tags": "tag"}, own=False, fine=(200,)),
    Route(GET, "/wall"),
    Route(GET, "/wall", ids={"place": "place"}, own=False),
    Route(GET, "/shifts"),
    Route(POST, "/shifts/add", ids={"place": "desk"}, needs={"place": "shift.edit"}, form=True,
          body=lambda ids: {"place": ids["place"], "person": 1, **_TURN}),
    Route(POST, "/shifts/repeat", ids={"place": "desk"}, needs={"place": "shift.edit"}, form=True,
          body=lambda ids: {"place": ids["place"], "week": "2036-01-02"}),
    Route(POST, "/shifts/{shift_id}/edit", ids=SHIFT, needs={"shift_id": "shift.edit"}, form=True,
          body=lambda ids: {"person": 1, **_TURN}),
    Route(POST, "/shifts/{shift_id}/remove", ids=SHIFT, needs={"shift_id": "shift.edit"}, form=True),
    Route(POST, "/shifts/{shift_id}/take-over", ids=SHIFT, form=True),
    Route(GET, "/parks", shows=("park",)),
    Route(GET, "/parks/{place_id}", ids=PARK),
    Route(GET, "/parks/{place_id}/neighbours", ids=PARK, own=False),
    Route(GET, "/parks/{place_id}/vehicles", ids=PARK, shows=("passage",)),
    Route(GET, "/parks/{place_id}/passes", ids=PARK, shows=("pass",)),
    Route(GET, "/parks/{place_id}/listed", ids=PARK, shows=("listed",)),
    Route(GET, "/parks/{place_id}/screening", ids=PARK, needs={"place_id": "project.view"}),
    Route(GET, "/parks/{place_id}/screening/{plant_id}", ids={"place_id": "park", "plant_id": "parked"},
          needs={"place_id": "project.view"}, own=False),
    Route(POST, "/parks/{place_id}/screening/{plant_id}", ids={"place_id": "park", "plant_id": "parked"},
          needs={"place_id": "project.view", "plant_id": "project.edit"}, form=True,
          body=lambda ids: {"kind": "design", "dated": "2026-01-01"}),
    *(Route(method, f"/parks/{{place_id}}/{what}", ids=PARK, needs={"place_id": "park.edit"}, form=method == POST,
            body=(lambda ids: {"name": "新"}) if method == POST else None)
      for method in (GET, POST)
      for what in ("profile", "gradings/new", "passes/new", "gates/new", "facilities/new", "groups/new", "listed/new")),
    Route(GET, "/parks/gradings/{grading_id}", ids={"grading_id": "grading"}),
    Route(GET, "/parks/gradings/{grading_id}/withdraw", ids={"grading_id": "grading"},
          needs={"grading_id": "park.edit"}, own=False),
    Route(POST, "/parks/gradings/{grading_id}/withdraw", ids={"grading_id": "grading"},
          needs={"grading_id": "park.edit"}, form=True, body=lambda ids: {"reason": "错版"}),
    Route(POST, "/parks/{place_id}/vehicles/in", ids=PARK | {"gate": "gate"}, needs={"place_id": "gate.pass"},
          form=True, body=lambda ids: {"plate": "鲁A00001", "gate": ids["gate"]}),
    Route(POST, "/parks/{place_id}/vehicles/out", ids=PARK | {"gate": "gate"}, needs={"place_id": "gate.pass"},
          form=True, body=lambda ids: {"plate": "鲁A00001", "gate": ids["gate"]}),
    Route(GET, "/parks/passages/{passage_id}", ids={"passage_id": "passage"}, own=False),
    Route(GET, "/parks/passes/{pass_id}/withdraw", ids={"pass_id": "pass"}, needs={"pass_id": "park.edit"}, own=False),
    Route(POST, "/parks/passes/{pass_id}/withdraw", ids={"pass_id": "pass"}, needs={"pass_id": "park.edit"},
          form=True, body=lambda ids: {"reason": "过期"}),
    Route(POST, "/parks/gates/{gate_id}/set", ids={"gate_id": "gate"}, needs={"gate_id": "gate.pass"}, form=True,
          body=lambda ids: {"state": "open"}),
    Route(POST, "/parks/gates/{gate_id}/end", ids={"gate_id": "gate"}, needs={"gate_id": "park.edit"}, form=True),
    Route(GET, "/parks/facilities/{facility_id}/edit", ids={"facility_id": "facility"},
          needs={"facility_id": "park.edit"}),
    Route(POST, "/parks/facilities/{facility_id}/edit", ids={"facility_id": "facility"},
          needs={"facility_id": "park.edit"}, form=True, body=lambda ids: {"name": "池"}),
    Route(POST, "/parks/facilities/{facility_id}/end", ids={"facility_id": "facility"},
          needs={"facility_id": "park.edit"}, form=True),
    Route(GET, "/parks/groups/{group_id}/edit", ids={"group_id": "group"}, needs={"group_id": "park.edit"}),
    Route(POST, "/parks/groups/{group_id}/edit", ids={"group_id": "group"}, needs={"group_id": "park.edit"}, form=True,
          body=lambda ids: {"name": "组"}),
    Route(POST, "/parks/groups/{group_id}/end", ids={"group_id": "group"}, needs={"group_id": "park.edit"}, form=True),
    Route(GET, "/parks/listed/{entry_id}/end", ids={"entry_id": "listed"}, needs={"entry_id": "park.edit"}),
    Route(POST, "/parks/listed/{entry_id}/end", ids={"entry_id": "listed"}, needs={"entry_id": "park.edit"}, form=True),
    Route(GET, "/projects", shows=("project",)),
    Route(GET, "/projects", ids={"park": "place"}, own=False),
    Route(GET, "/places/{place_id}/projects/new", ids={"place_id": "park"}, needs={"place_id": "project.edit"}),
    Route(POST, "/places/{place_id}/projects/new", ids={"place_id": "park"}, needs={"place_id": "project.edit"},
          form=True, body=lambda ids: _project()),
    Route(GET, "/projects/{project_id}", ids=PROJECT),
    Route(GET, "/projects/{project_id}/file", ids=PROJECT, own=False, query="format=xlsx"),
    Route(GET, "/projects/{project_id}/edit", ids=PROJECT, needs={"project_id": "project.edit"}),
    Route(POST, "/projects/{project_id}/edit", ids=PROJECT, needs={"project_id": "project.edit"}, form=True,
          body=lambda ids: _project()),
    Route(POST, "/projects/{project_id}/shape", ids=PROJECT, needs={"project_id": "project.edit"}, own=False),
    Route(POST, "/projects/{project_id}/check", ids=PROJECT, needs={"project_id": "project.edit"}, form=True),
    Route(POST, "/projects/{project_id}/sign", ids=PROJECT, needs={"project_id": "project.sign"}, form=True,
          body=lambda ids: {"office": "park", "verdict": "refuse", "text": "不行"}),
    Route(POST, "/projects/{project_id}/papers", ids=PROJECT, needs={"project_id": "project.edit"}, form=True,
          body=lambda ids: {"kind": "design", "dated": "2026-01-01"}),
    Route(POST, "/projects/papers/{paper_id}/end", ids={"paper_id": "paper"}, needs={"paper_id": "project.edit"},
          form=True),
    *(Route(method, f"/projects/{{project_id}}/{what}", ids=PROJECT, needs={"project_id": needs},
            form=method == POST, body=(lambda ids: {"reason": "重来"}) if method == POST else None)
      for method in (GET, POST) for what, needs in (("withdraw", "project.edit"), ("reopen", "project.sign"))),
    Route(GET, "/consequences", shows=("scenario",)),
    Route(GET, "/consequences", ids={"under": "place"}, own=False),
    Route(GET, "/consequences/{scenario_id}", ids=SCENARIO),
    Route(GET, "/consequences/{scenario_id}/result", ids=SCENARIO, own=False),
    Route(GET, "/consequences/{scenario_id}/profile.json", ids=SCENARIO, own=False),
    Route(GET, "/consequences/{scenario_id}/point.json", ids=SCENARIO, own=False, query="at=121,41"),
    Route(GET, "/consequences/{scenario_id}/zones.geojson", ids=SCENARIO, own=False),
    Route(GET, "/consequences/{scenario_id}/table.xlsx", ids=SCENARIO, own=False),
    Route(GET, "/consequences/{scenario_id}/sheet", ids=SCENARIO, own=False),
    Route(GET, "/consequences/what-if", ids=TRIED, needs=MAY_TRY, own=False),
    Route(GET, "/consequences/what-if/result", ids=TRIED, needs=MAY_TRY, own=False, query=WHAT_IF),
    Route(GET, "/consequences/what-if/profile.json", ids=TRIED, needs=MAY_TRY, own=False, query=WHAT_IF),
    Route(GET, "/consequences/what-if/point.json", ids=TRIED, needs=MAY_TRY, own=False, query=f"{WHAT_IF}&at=121,41"),
    Route(GET, "/consequences/what-if/zones.geojson", ids=TRIED, needs=MAY_TRY, own=False, query=WHAT_IF),
    Route(GET, "/consequences/what-if/table.xlsx", ids=TRIED, needs=MAY_TRY, own=False, query=WHAT_IF),
    Route(GET, "/consequences/what-if/sheet", ids=TRIED, needs=MAY_TRY, own=False, query=WHAT_IF),
    Route(POST, "/places/{place_id}/scenarios/keep", ids=PLACE, needs={"place_id": "scenario.edit"}, form=True,
          body=lambda ids: _scenario()),
    Route(GET, "/consequences/{scenario_id}/edit", ids=SCENARIO, needs={"scenario_id": "scenario.edit"}),
    Route(POST, "/consequences/{scenario_id}/edit", ids=SCENARIO, needs={"scenario_id": "scenario.edit"}, form=True,
          body=lambda ids: _scenario(), fine=(302, 422)),
    Route(POST, "/consequences/{scenario_id}/end", ids=SCENARIO, needs={"scenario_id": "scenario.edit"}, form=True),
    Route(GET, "/places/{place_id}/scenarios/new", ids=PLACE, needs={"place_id": "scenario.edit"}),
    Route(POST, "/places/{place_id}/scenarios/new", ids=PLACE, needs={"place_id": "scenario.edit"}, form=True,
          body=lambda ids: _scenario(), fine=(302, 422)),
    Route(GET, "/tailings", shows=("pond",)),
    Route(GET, "/tailings", ids={"under": "place"}, own=False),
    Route(GET, "/tailings/drains", shows=("pond",)),
    Route(GET, "/tailings/closing", shows=("pond",)),
    Route(GET, "/tailings/{pond_id}", ids=POND),
    Route(GET, "/tailings/{pond_id}/study", ids=POND),
    Route(GET, "/tailings/{pond_id}/study/result", ids=POND, own=False),
    Route(GET, "/tailings/{pond_id}/edit", ids=POND, needs={"pond_id": "pond.edit"}),
    Route(POST, "/tailings/{pond_id}/edit", ids=POND, needs={"pond_id": "pond.edit"}, form=True,
          body=lambda ids: _pond(), fine=(302, 422)),
    Route(POST, "/tailings/{pond_id}/inspect", ids=POND, needs={"pond_id": "pond.edit"}, form=True,
          body=lambda ids: {"seen": "cracks"}),
    Route(POST, "/tailings/{pond_id}/test", ids=POND, needs={"pond_id": "pond.edit"}, form=True, fine=(302, 422),
          body=lambda ids: {"drain": "溢洪道", "on": "2026-06-01", "way": "visual", "outcome": "good"}),
    Route(POST, "/tailings/{pond_id}/step", ids=POND, needs={"pond_id": "pond.edit"}, form=True, fine=(302, 422),
          body=lambda ids: {"step": "survey", "on": "2026-06-01"}),
    Route(GET, "/places/{place_id}/ponds/new", ids=PLACE, needs={"place_id": "pond.edit"}),
    Route(POST, "/places/{place_id}/ponds/new", ids=PLACE, needs={"place_id": "pond.edit"}, form=True,
          body=lambda ids: _pond(), fine=(302, 422)),
    Route(GET, "/duty"),
    Route(GET, "/duty/export"),
    Route(GET, "/duty/{alarm_id}", ids=ALARM),
    Route(POST, "/alarms/{alarm_id}/acknowledge", ids=ALARM, needs={"alarm_id": "alarm.acknowledge"},
          body=lambda ids: {"text": "已知"}, form=True),
    Route(POST, "/alarms/acknowledge", ids=ALARM, needs={"alarm_id": "alarm.acknowledge"},
          body=lambda ids: {"alarms": str(ids["alarm_id"])}, form=True),
    Route(POST, "/alarms/{alarm_id}/comment", ids=ALARM, needs={"alarm_id": "alarm.comment"},
          body=lambda ids: {"text": "已知"}, form=True),
    Route(GET, "/desk", anywhere="enterprise.edit"),
    Route(GET, "/desk", ids={"enterprise": "firm"}, needs={"enterprise": "enterprise.edit"},
          anywhere="enterprise.edit", own=False, fine=(200, 404)),
    Route(GET, "/enterprises", anywhere="enterprise.view", shows=("firm",)),
    Route(GET, "/enterprises", ids={"near": "place"}, anywhere="enterprise.view", own=False, fine=(200, 404)),
    Route(GET, "/enterprises/{place_id}", ids=FIRM),
    Route(GET, "/enterprises/{place_id}", ids=FIRM, query="group=licences"),
    Route(GET, "/enterprises/{place_id}/basics", ids=FIRM, needs={"place_id": "enterprise.edit"}),
    Route(POST, "/enterprises/{place_id}/basics", ids=FIRM, needs={"place_id": "enterprise.edit"}, form=True,
          body=lambda ids: {"principal": "新人"}),
    Route(GET, "/enterprises/{place_id}/add", ids=FIRM, needs={"place_id": "enterprise.edit"}, query="group=plans"),
    Route(POST, "/enterprises/{place_id}/add", ids={"place_id": "firm", "place": "firm"},
          needs={"place_id": "enterprise.edit", "place": "enterprise.edit"}, form=True, fine=(302, 404, 422),
          body=lambda ids: {"of": "plans", "place": ids["place"], "name": "新预案", "type": "专项应急预案",
                            "issued": "2026-01-01"}),
    Route(GET, "/enterprises/{place_id}/print", ids=FIRM),
    Route(POST, "/enterprises/{place_id}/export", ids=FIRM, form=True, own=False,
          body=lambda ids: {"format": "xlsx"}),
    Route(GET, "/enterprises/exports/{job_id}", ids={"job_id": "export"}, own=False),
    Route(GET, "/enterprises/exports/{job_id}/file", ids={"job_id": "export"}, own=False, fine=(200, 404)),
    Route(GET, "/enterprises/items/{ref}", ids=ROW),
    Route(GET, "/enterprises/items/{ref}/edit", ids=ROW, needs={"ref": "enterprise.edit"}),
    Route(POST, "/enterprises/items/{ref}/edit", ids=ROW, needs={"ref": "enterprise.edit"}, form=True,
          body=lambda ids: {"name": "新证"}),
    Route(POST, "/enterprises/items/{ref}/end", ids=ROW, needs={"ref": "enterprise.edit"}, form=True,
          body=lambda ids: {"reason": "已换证"}),
    Route(POST, "/enterprises/items/{ref}/restore", ids=ROW, needs={"ref": "enterprise.edit"}, form=True),
    Route(POST, "/enterprises/items/{ref}/files", ids=ROW, needs={"ref": "enterprise.edit"}, form=True, body=_file,
          fine=(302, 403)),
    Route(GET, "/health", anywhere="health.view"),
    Route(GET, "/risks", query="kind=all", shows=("place",)),
    Route(GET, "/risks", ids={"under": "place"}, own=False),
    Route(GET, "/alarms"),
    Route(GET, "/alarms", ids={"under": "place"}, own=False),
    Route(GET, "/alarms", ids={"tag": "tag"}, own=False),
    Route(GET, "/imports"),
    Route(POST, "/imports/new", body=lambda ids: {"kind": "places", **_file(ids)}, form=True, fine=(302,)),
    Route(GET, "/imports/template", query="kind=places", fine=(200, 403)),
    Route(GET, "/reports"),
    Route(GET, "/reports", ids={"place": "place"}),
    Route(POST, "/reports/new", ids={"place": "place"}, needs={"place": "report.make"}, form=True,
          body=lambda ids: {**ids, "kind": "analysis", "days": "30"}),
    Route(GET, "/reports/{report_id}", ids={"report_id": "report"}, own=False),
    Route(GET, "/reports/{report_id}/file", ids={"report_id": "report"}, own=False, fine=(200,)),
    Route(POST, "/reports/{report_id}/remove", ids={"report_id": "report"}, own=False, form=True),
    Route(GET, "/imports/export", query="kind=places&format=csv", fine=(200, 403)),
    Route(GET, "/imports/{run_id}", ids={"run_id": "import"}),
    Route(GET, "/imports/{run_id}/marked", ids={"run_id": "import"}, own=False),
    Route(POST, "/imports/{run_id}/publish", ids={"run_id": "import"}, form=True),
    Route(POST, "/imports/{run_id}/undo", ids={"run_id": "import"}, form=True),
    Route(POST, "/imports/{run_id}/drop", ids={"run_id": "import"}, form=True),
    Route(GET, "/metrics", open=True, fine=(404,)),  # switched off; with a token: tests/operations/test_metrics.py
    Route(GET, "/manage", anywhere="place.edit"),
    Route(GET, "/manage/choose.json"),
    Route(GET, "/manage/places", anywhere="place.edit"),
    Route(GET, "/manage/places/{place_id}", ids=PLACE, anywhere="place.edit"),
    Route(GET, "/manage/places/{place_id}/children", ids=PLACE, anywhere="place.edit", own=False),
    Route(POST, "/manage/places/{place_id}/edit", ids=PLACE, needs={"place_id": "place.edit"}, anywhere="place.edit",
          body=lambda ids: {"name": "新名"}, form=True),
    Route(POST, "/manage/places/{place_id}/shape", ids=PLACE, needs={"place_id": "place.edit"}, anywhere="place.edit",
          body=lambda ids: {"type": "Point", "coordinates": [120, 30]}),
    Route(GET, "/manage/places/{place_id}/code", ids=PLACE, anywhere="place.edit", own=False),
    Route(POST, "/manage/places/{place_id}/add", ids=PLACE, needs={"place_id": "place.edit"}, anywhere="place.edit",
          body=lambda ids: {"new-kind": "unit", "new-name": "新装置"}, form=True),
    Route(GET, "/manage/places/{place_id}/move", ids={"place_id": "place", "to": "place"},
          needs={"place_id": "place.edit", "to": "place.edit"}, anywhere="place.edit"),
    Route(POST, "/manage/places/{place_id}/move", ids={"place_id": "place", "to": "place"},
          needs={"place_id": "place.edit", "to": "place.edit"}, anywhere="place.edit",
          body=lambda ids: {"to": ids["to"]}, form=True),
    Route(GET, "/manage/places/{place_id}/merge", ids={"place_id": "place", "into": "place"},
          needs={"place_id": "place.edit", "into": "place.edit"}, anywhere="place.edit"),
    Route(POST, "/manage/places/{place_id}/merge", ids={"place_id": "place", "into": "place"},
          needs={"place_id": "place.edit", "into": "place.edit"}, anywhere="place.edit",
          body=lambda ids: {"into": ids["into"]}, form=True),
    Route(POST, "/manage/places/{place_id}/retire", ids=PLACE, needs={"place_id": "place.edit"}, anywhere="place.edit",
          form=True),
    Route(POST, "/manage/places/{place_id}/reopen", ids=PLACE, needs={"place_id": "place.edit"}, anywhere="place.edit",
          form=True),
    Route(POST, "/manage/places/{place_id}/zones", ids={"place_id": "place", "zone": "place"},
          needs={"zone": "place.edit"}, anywhere="place.edit", body=lambda ids: {"zone": ids["zone"]}, form=True),
    Route(POST, "/manage/places/{place_id}/zones/{zone_id}/leave", ids={"place_id": "place", "zone_id": "place"},
          needs={"zone_id": "place.edit"}, anywhere="place.edit", form=True),
    Route(GET, "/manage/places/{place_id}/sight", ids=PLACE, needs={"place_id": "person.edit"}, anywhere="person.edit"),
    Route(GET, "/manage/people", anywhere="person.edit", shows=("person",)),
    Route(GET, "/manage/people/grant", anywhere="person.edit"),
    Route(GET, "/manage/people/grant", ids={"person": "person", "place": "place"}, anywhere="person.edit"),
    Route(POST, "/manage/people/grant", ids={"person": "person", "place": "place"}, needs={"place": "grant.give"},
          anywhere="person.edit", form=True, fine=(200, 302, 409, 422),
          body=lambda ids: {"who": "known", "person": ids["person"], "place": ids["place"], "role": "worker"}),
    Route(GET, "/manage/people/{person_id}", ids={"person_id": "person"}, anywhere="person.edit"),
    Route(POST, "/manage/people/{person_id}/reset", ids={"person_id": "person"}, needs={"person_id": "person.edit"},
          anywhere="person.edit", form=True),
    Route(POST, "/manage/people/{person_id}/deactivate", ids={"person_id": "person"},
          needs={"person_id": "person.edit"}, anywhere="person.edit", form=True),
    Route(POST, "/manage/people/{person_id}/activate", ids={"person_id": "person"},
          needs={"person_id": "person.edit"}, anywhere="person.edit", form=True),
    Route(POST, "/manage/people/{person_id}/sign-out", ids={"person_id": "person"},
          needs={"person_id": "person.edit"}, anywhere="person.edit", form=True),
    Route(POST, "/manage/people/{person_id}/erase", ids={"person_id": "person"},
          needs={"person_id": "person.edit"}, anywhere="person.edit", form=True),
    Route(POST, "/manage/people/grants/{grant_id}/end", ids={"grant_id": "grant"}, needs={"grant_id": "grant.give"},
          anywhere="person.edit", form=True),
    Route(GET, "/manage/packs", anywhere="place.edit"),
    Route(GET, "/manage/packs/check", anywhere="place.edit"),
    Route(GET, "/manage/packs/{pack_id}", ids={"pack_id": "pack"}, anywhere="place.edit", own=False),
    Route(GET, "/manage/sources", anywhere="source.edit", shows=("source",)),
    Route(GET, "/manage/sources/new", anywhere="source.edit"),
    Route(POST, "/manage/sources/new", ids={"place": "place"}, needs={"place": "source.edit"}, anywhere="source.edit",
          body=lambda ids: {"place": ids["place"], "code": "new", "name": "新网关", "kind": "http"}, form=True),
    Route(GET, "/manage/sources/{source_id}", ids=SOURCE, anywhere="source.edit"),
    Route(POST, "/manage/sources/{source_id}/key", ids=SOURCE, needs={"source_id": "source.edit"},
          anywhere="source.edit", form=True),
    Route(POST, "/manage/sources/{source_id}/enabled", ids=SOURCE, needs={"source_id": "source.edit"},
          anywhere="source.edit", body=lambda ids: {"enabled": "0"}, form=True),
    Route(GET, "/manage/tags", anywhere="tag.edit"),
    Route(POST, "/manage/tags/limits", ids={"tag": "tag"}, needs={"tag": "tag.edit"}, anywhere="tag.edit",
          body=lambda ids: {"tag": ids["tag"], "step": "save", "how-h": "set", "h": "60"}, form=True),
    Route(GET, "/manage/tags/{tag_id}", ids=TAG, needs={"tag_id": "tag.edit"}, anywhere="tag.edit"),
    Route(POST, "/manage/tags/{tag_id}", ids=TAG, needs={"tag_id": "tag.edit"}, anywhere="tag.edit",
          body=lambda ids: {"h": "60", "save": "1"}, form=True),
    Route(GET, "/manage/retention", anywhere="health.view"),
    Route(POST, "/manage/retention/run", anywhere="retention.run", form=True, fine=(302, 403)),
    Route(GET, "/manage/audit", anywhere="audit.view"),
    Route(GET, "/manage/audit/{row_id}", ids={"row_id": "audit"}, anywhere="audit.view", own=False),
    Route(GET, "/notices", shows=("notice",)),
    Route(POST, "/notices/read", form=True),
    Route(GET, "/search"),
    Route(GET, "/find.json", query="q=企"),
    Route(GET, "/style", open=True),
)  # fmt: skip

ACCOUNT = (
    Route(GET, "/account/tokens", shows=("token",)),
    Route(GET, "/account/tokens/new"),
    Route(POST, "/account/tokens/new", body=lambda ids: {"name": "同步", "days": "30"}, form=True),
    Route(POST, "/account/tokens/{token_id}/revoke", ids={"token_id": "token"}, form=True),
    Route(GET, "/account/hooks", shows=("hook",)),
    Route(GET, "/account/hooks/new"),
    Route(POST, "/account/hooks/new", form=True, body=lambda ids: {"name": "市平台"}),
    Route(GET, "/account/hooks/{hook_id}", ids=HOOK),
    Route(GET, "/account/hooks/{hook_id}/edit", ids=HOOK),
    Route(POST, "/account/hooks/{hook_id}/edit", ids=HOOK, form=True, body=lambda ids: {"name": "市平台"}),
    Route(POST, "/account/hooks/{hook_id}/do", ids=HOOK, form=True, body=lambda ids: {"what": "pause"}),
    Route(GET, "/account/hooks/{hook_id}/deliveries/{delivery_id}", ids=DELIVERY),
    Route(POST, "/account/hooks/{hook_id}/deliveries/{delivery_id}/resend", ids=DELIVERY, form=True),
)  # fmt: skip

ROUTES = (*API, *PAGES, *ACCOUNT)

#: Addresses that are answered outside Django, each with the file of tests that proves who gets what there.
RAW = {
    "/live": "tests/access/test_live_events.py",
    "/intake": "tests/intake",
    "/intake/": "tests/intake",
}
