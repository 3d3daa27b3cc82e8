"""Templates to fill in, and everything of a kind as a file that could be handed in again."""

import json
from collections.abc import Iterator

from django.utils.translation import gettext as _

from anlan.apps.exchange import selectors
from anlan.apps.exchange.kinds import Field, Kind
from anlan.kit import sheets
from anlan.kit.grants import Viewer
from anlan.kit.sheets import Sheet, SheetColumn

MOST_CHOICES = 400


def template(kind: Kind) -> Iterator[bytes]:
    """An empty sheet with headings, drop-downs and hints, and a second one that explains each column."""
    fields = kind.fields()
    told = [SheetColumn(_("列")), SheetColumn(_("必填"), 8), SheetColumn(_("说明"), 60), SheetColumn(_("例"), 24),
            SheetColumn(_("可填"), 60)]  # fmt: skip
    rows = [
        [
            one.title,
            _("必填") if one.required else "",
            one.help,
            one.example,
            "、".join(list(one.choices.values())[:40]),
        ]
        for one in fields
    ]
    return sheets.xlsx(
        [Sheet(str(kind.label), [_column(one) for one in fields]), Sheet(_("填写说明"), told, rows, wrapped=True)]
    )


def everything(viewer: Viewer, kind: Kind, suffix: str) -> Iterator[bytes]:
    """All that the viewer may see of a kind, as Excel, CSV or GeoJSON."""
    fields = kind.fields()
    if suffix == ".csv":
        return sheets.csv_text([one.title for one in fields], selectors.exported(viewer, kind.key))  # type: ignore[arg-type]
    if suffix == ".xlsx":
        rows = selectors.exported(viewer, kind.key)
        return sheets.xlsx([Sheet(str(kind.label), [_column(one) for one in fields], rows)])  # type: ignore[arg-type]
    return _features(viewer, kind)


def _features(viewer: Viewer, kind: Kind) -> Iterator[bytes]:
    yield b'{"type":"FeatureCollection","features":['
    between = ""
    for row, shape in kind.geometries(viewer):
        properties = {one.title: row[one.key] for one in kind.fields() if row.get(one.key) not in (None, "")}
        feature = {"type": "Feature", "geometry": shape, "properties": properties}
        yield f"{between}\n{json.dumps(feature, ensure_ascii=False, default=str)}".encode()
        between = ","
    yield b"\n]}\n"


def _column(one: Field) -> SheetColumn:
    choices = tuple(one.choices.values())
    number = bool(one.unit) or one.width == 12
    return SheetColumn(
        title=one.title,
        width=max(one.width, 2 * len(one.title) + 4),
        required=one.required,
        text=not number,
        choices=choices if len(choices) <= MOST_CHOICES else (),
        hint=one.help,
    )
