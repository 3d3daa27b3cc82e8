"""The files of this app as answers: the marked file of an import, an empty template, everything of a kind."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from django.http import StreamingHttpResponse
from django.utils.translation import gettext as _

from anlan.apps.core.actions import audit
from anlan.apps.exchange import selectors, workbooks
from anlan.apps.exchange.kinds import Kind
from anlan.apps.exchange.models import ImportRun
from anlan.kit import sheets
from anlan.kit.grants import Viewer
from anlan.kit.listing.export import attachment

MEDIA = {".xlsx": sheets.XLSX, ".csv": "text/csv; charset=utf-8", ".geojson": "application/geo+json"}
_PIECE = 2**16


def marked(run: ImportRun) -> StreamingHttpResponse:
    """The file as it was handed in, with its bad rows coloured and explained."""
    suffix = Path(run.stored).suffix
    return attachment(_marked(run, suffix), MEDIA.get(suffix, MEDIA[".geojson"]), selectors.marked_name(run))


def template(kind: Kind) -> StreamingHttpResponse:
    """An empty sheet to fill in."""
    return attachment(workbooks.template(kind), sheets.XLSX, _("{kind}导入模板.xlsx").format(kind=kind.label))


def formats(kind: Kind) -> list[str]:
    """What a kind can be written as: ``.xlsx``, ``.csv``, where it has shapes ``.geojson``."""
    return [suffix for suffix in MEDIA if suffix != ".geojson" or kind.geojson]


def everything(viewer: Viewer, kind: Kind, suffix: str) -> StreamingHttpResponse:
    """Everything of a kind that the viewer may see, in a form that can be handed in again."""
    audit(viewer.person_id, "list.export", None, f"list:{kind.key}", {"format": suffix[1:]})
    return attachment(workbooks.everything(viewer, kind, suffix), MEDIA[suffix], f"{kind.label}{suffix}")


def _marked(run: ImportRun, suffix: str) -> Iterator[bytes]:
    with tempfile.TemporaryDirectory(prefix="anlan-marked-") as folder:
        path = Path(folder) / f"marked{suffix}"
        selectors.mark(run, path)
        with path.open("rb") as file:
            while piece := file.read(_PIECE):
                yield piece
