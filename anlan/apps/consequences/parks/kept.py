"""What was computed of a study, in the data folder: ``parks/<study>/<revision>``. A folder is complete or absent."""

import json
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings

from anlan.kernels.qra.layout import Floats, Grid, Park, Releases, Rose, Tables

#: Older revisions that stay readable while somebody looks at them.
KEPT = 2


@dataclass(frozen=True)
class Kept:
    """``told``: what pages show; ``risk`` f8[rows, columns] [1/yr]; ``at_targets`` f8[targets, locations] [1/yr];
    ``case_of``: the case of each release."""

    told: Mapping[str, Any]
    grid: Grid
    park: Park
    risk: Floats
    at_targets: Floats
    case_of: np.ndarray[Any, np.dtype[np.int64]]


def folder(study_id: int) -> Path:
    return Path(settings.DATA) / "parks" / str(study_id)


def cache(study_id: int) -> Path:
    """Where the fields of the study's sources are kept from one computation to the next."""
    return folder(study_id) / "cache"


def effects() -> Path:
    """Where the effects of leaks are kept, of all studies."""
    return Path(settings.DATA) / "parks" / "effects"


def write(study_id: int, revision: int, kept: Kept) -> None:
    """Put a result into place at once, and drop the oldest."""
    home = folder(study_id)
    home.mkdir(parents=True, exist_ok=True)
    part = Path(tempfile.mkdtemp(dir=home, prefix=".part-"))
    park = kept.park
    arrays: dict[str, Any] = {f"tables_{name}": np.asarray(value) for name, value in park.tables._asdict().items()}
    arrays |= {f"releases_{name}": value for name, value in park.releases._asdict().items()}
    arrays |= {"at": park.at, "rose": park.rose.probability}
    arrays |= {"at_targets": kept.at_targets, "case_of": kept.case_of, "risk": kept.risk.astype(np.float32)}
    np.savez(part / "scene.npz", **arrays)
    (part / "told.json").write_text(json.dumps(kept.told, ensure_ascii=False), encoding="utf-8")
    target = home / str(revision)
    shutil.rmtree(target, ignore_errors=True)
    part.replace(target)
    _drop_old(home)


def told(study_id: int, revision: int) -> dict[str, Any]:
    """What pages show of a revision; raises OSError where it is not there."""
    found: dict[str, Any] = json.loads((folder(study_id) / str(revision) / "told.json").read_text(encoding="utf-8"))
    return found


def read(study_id: int, revision: int) -> Kept:
    """Everything of a revision; raises OSError where it is not there."""
    words = told(study_id, revision)
    with np.load(folder(study_id) / str(revision) / "scene.npz", allow_pickle=False) as found:
        tables = Tables(**{name: _plain(found[f"tables_{name}"]) for name in Tables._fields})
        releases = Releases(**{name: found[f"releases_{name}"] for name in Releases._fields})
        park = Park(found["at"], Rose(found["rose"]), tables, releases)
        risk = found["risk"].astype(float)
        return Kept(words, Grid(**words["grid"]), park, risk, found["at_targets"], found["case_of"])


def _plain(value: Any) -> Any:
    """A single number as such."""
    return value if value.ndim else value.item()


def _drop_old(home: Path) -> None:
    done = sorted((int(each.name) for each in home.iterdir() if each.name.isdecimal()), reverse=True)
    for revision in done[KEPT:]:
        shutil.rmtree(home / str(revision), ignore_errors=True)
