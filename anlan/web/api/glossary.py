"""What the properties of the API mean, with an example of each; the same name means the same everywhere.

``OF_SCHEMA`` is for the few that say something else in one schema.
"""

from typing import Any

Word = tuple[str, Any]  # what it means, an example (None: none is needed)

_AT = "2026-11-21T03:00:00Z"
_POLYGON = {
    "type": "Polygon",
    "coordinates": [[[120.05, 30.0], [120.06, 30.0], [120.06, 30.01], [120.05, 30.01], [120.05, 30.0]]],
}

WORDS: dict[str, Word] = {
    "id": ("Stable id.", 42),
    "items": ("The rows, in the order that was asked for.", None),
    # places
    "place_id": ("Id of a place.", 42),
    "parent_id": ("The place above; null at the top.", 7),
    "member_id": ("Id of a place that a zone counts.", 43),
    "kind": ("What it is.", "enterprise"),
    "name": ("What people call it.", "九通化工"),
    "code": (
        "Division code (GB/T 2260), unit code (GB 32100), or a code of its own.",
        "91990199MA0000009X",
    ),
    "sector": ("The trade, by the pack core/sectors; empty for none.", "chemical"),
    "sectors": ("Trades that it is limited to; empty = all.", ["chemical"]),
    "geometry": ("GeoJSON, longitude and latitude in degrees (CGCS2000); null = not drawn.", _POLYGON),
    "retired": ("Since when it is out of use; null = in use.", None),
    # levels and facts
    "level": ("4 major, 3 serious, 2 general, 1 low, 0 unknown.", 3),
    "since": ("From when on.", _AT),
    "until": ("Until when; null = without end.", None),
    "as_of": ("What is told is exact as of this moment.", _AT),
    "points": ("Risk points at and below, by level 0 to 4.", [0, 21, 4, 2, 1]),
    "enterprises": ("Enterprises at and below, by level 0 to 4.", [0, 3, 1, 0, 1]),
    "before": ("The level before.", 2),
    "after": ("The level afterwards.", 3),
    "reason": ("Why, in words.", "反应器压力 2930.4 kPa，高于高高限 2895 kPa"),
    "cause_id": ("The fact behind it; null = none, or not to be read by the viewer.", 1207),
    "fact_id": ("Id of a fact.", 1207),
    "happened": ("When it happened, at the source.", _AT),
    "recorded": ("When it was recorded.", _AT),
    "cleared": ("When it ended; null = not yet.", None),
    "applies_to": ("The place itself, or everything below it too.", "self"),
    "source_kind": ("What it came from.", "alarm"),
    # monitoring
    "tag_id": ("Id of a measured point.", 311),
    "source_id": ("Id of the gateway, or of the record that a fact came from.", 5),
    "alarm_id": ("Id of an alarm; null = none.", 981),
    "unit": ("Unit of the value.", "kPa"),
    "value": ("The value, in the tag's unit.", 2930.4),
    "ts": ("When it was measured.", _AT),
    "good": ("Whether the reading is to be believed.", True),
    "limit": ("The limit that was passed: HH, H, L, LL, MISSING.", "HH"),
    "limit_value": ("That limit, in the tag's unit.", 2895.0),
    "raised": ("When the alarm began, at the source.", _AT),
    "deadline": ("To be acknowledged until then; null = need not be.", _AT),
    "state": ("What it is in now.", "unacknowledged"),
    "historic": ("Came from a backlog: recorded, not escalated.", False),
    "folded": ("So many alarms of the same silent gateway stand behind this one.", 0),
    "may_acknowledge": ("Whether the viewer may acknowledge it now.", True),
    "text": ("In people's own words.", "已通知当班班长"),
    "limits": ("Alarm rules, in the tag's unit and in seconds; null = no such rule.", None),
    # people
    "person_id": ("Id of a person.", 12),
    "username": ("What they sign in with.", "linan"),
    "phone": ("Telephone number.", "13900000012"),
    "role": ("A key of the pack core/roles.", "duty_officer"),
    "capabilities": ("What may be done, by the pack core/roles; empty = all that the owner holds.", ["alarm.view"]),
    "grant_id": ("Id of a grant.", 77),
    "handle": ("Names a session without giving its key away.", "9f86d081884c7d659a2feaa0"),
    # tokens and hooks
    "token_id": ("Id of a token; null = signed in.", 3),
    "prefix": ("How the token begins, to tell it from others.", "anlan_x7Kp2m"),
    "read_only": ("Lets through reading only.", True),
    "last_used": ("When it was last used, to the minute; null = never.", _AT),
    "hook_id": ("Id of a web hook.", 4),
    "delivery_id": ("Id of a delivery of a web hook.", 901),
    # records
    "file_id": ("Id of a file.", 15),
    "content_type": ("What the file is.", "application/pdf"),
    "size": ("Bytes.", 48211),
    "digest": ("SM3 digest, as hexadecimal digits.", None),
    "action": ("noun.verb", "alarm.acknowledge"),
    "subject": ("kind:id of what it was done to.", "alarm:981"),
    "detail": ("What else there is to tell.", None),
    "actor_id": ("Who did it; null = the product itself.", 12),
    "at": ("When.", _AT),
    "created": ("When it was made.", _AT),
    "link": ("Where it leads, inside the product.", "/duty/981"),
    "read": ("When it was read; null = not yet.", None),
}

OF_SCHEMA: dict[tuple[str, str], Word] = {
    ("PersonOut", "name"): ("Full name.", "林岸"),
    ("NewPersonIn", "name"): ("Full name.", "林岸"),
    ("NewToken", "name"): ("Which program uses it.", "市平台同步"),
    ("TokenOut", "name"): ("Which program uses it.", "市平台同步"),
    ("TokenMade", "name"): ("Which program uses it.", "市平台同步"),
    ("NewToken", "until"): ("When it ends; at most 366 days from now.", "2027-03-31T16:00:00Z"),
    ("TokenOut", "until"): ("When it ends.", "2027-03-31T16:00:00Z"),
    ("TokenMade", "until"): ("When it ends.", "2027-03-31T16:00:00Z"),
    ("ReadCount", "read"): ("How many notices were marked.", 3),
    ("RoleOut", "name"): ("What people call the role.", "值班员"),
    ("NewPlace", "kind"): ("What it is.", "unit"),
    ("NewPlace", "name"): ("What people call it.", "二号精馏塔"),
    ("NewPlace", "code"): ("Division or unit code, where its kind has one.", ""),
    ("SourceOut", "code"): ("Its own code.", "gateway-7"),
    ("SourceIn", "code"): ("Its own code: letters, digits, - and _.", "gateway-7"),
    ("SourceOut", "name"): ("What people call it.", "七号网关"),
    ("SourceIn", "name"): ("What people call it.", "七号网关"),
    ("SourceOut", "kind"): ("How it sends.", "http"),
    ("SourceIn", "kind"): ("How it sends.", "http"),
    ("TagOut", "code"): ("Its code at the gateway.", "PI-7"),
    ("TagIn", "code"): ("Its code at the gateway.", "PI-7"),
    ("TagOut", "name"): ("What people call it.", "反应器压力"),
    ("TagIn", "name"): ("What people call it.", "反应器压力"),
    ("TagOut", "state"): ("The limit it is beyond, empty for none.", "HH"),
    ("FactOut", "kind"): ("What kind of fact.", "alarm"),
    ("FileOut", "name"): ("The file's name.", "应急预案.pdf"),
}
