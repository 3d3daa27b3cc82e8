"""The target park of ``benches/park.py`` as a computed study, written into the folder that ``ANLAN_DATA`` names:
``python -m anlan.cli.benches.park_drag_parts seed``."""

import json
import sys
from typing import Any

import click

LONGITUDE, LATITUDE = 121.8, 40.9
METRES, LEVELS = 111_320.0, (3e-7, 1e-6, 3e-6, 1e-5, 3e-5)


def seed() -> None:
    """The park with its map, and somebody who may see it."""
    from anlan.cli import setup_django

    setup_django()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from anlan.apps.consequences.models import ParkSource, ParkStudy
    from anlan.apps.consequences.parks import kept
    from anlan.apps.core.actions import add_place
    from anlan.cli.benches import park
    from anlan.cli.benches.map_parts import _session
    from anlan.kernels.qra import individual
    from anlan.kit.accident.ground import Frame
    from anlan.kit.grants import SYSTEM
    from anlan.kit.park import lines

    whole = park.target_park()
    risk, frame = individual.risk_map(whole, park.GRID), Frame(LONGITUDE, LATITUDE)
    ring = [[121.7, 40.8], [122.0, 40.8], [122.0, 41.0], [121.7, 41.0], [121.7, 40.8]]
    place = add_place(SYSTEM, None, "county", "试验县", geometry={"type": "Polygon", "coordinates": [ring]})
    study = ParkStudy.objects.create(
        place=place, name="试验园区", stage="in_service", cell=10, margin=3000, weather=[], computed_revision=1
    )
    degrees = frame.shape(_points(whole.at))
    rows = [
        ParkSource.objects.create(
            study=study, name=f"风险源 {number}", longitude=point.x, latitude=point.y, substance="7782-50-5", mass=1.0,
            equipment="pressure-vessel", holes=["10mm"],
        )
        for number, point in enumerate(degrees.geoms)
    ]  # fmt: skip
    told = {
        "frame": [LONGITUDE, LATITUDE], "shown": list(LEVELS), "cases": [], "targets": [], "levels": [], "domino": [],
        "grid": {"west": 0, "south": 0, "cell": 10, "columns": 1000, "rows": 1000},
        "sources": [{"id": row.pk, "name": row.name, "place": None} for row in rows],
        "contours": lines.geojson(risk, park.GRID, LEVELS, frame), "left_out": [], "seconds": 0, "reused": 0,
        "people": {"residents": None, "workers": 0},
        "societal": {"number": [], "frequency": [], "any": 0, "pll": 0, "zone": "", "losses": [0] * len(rows)},
    }  # fmt: skip
    import numpy as np

    nothing = np.zeros((0, len(whole.at)))
    kept.write(study.pk, 1, kept.Kept(told, park.GRID, whole, risk, nothing, np.zeros(len(whole.releases.shape), int)))
    source = int(np.hypot(*(whole.at - 5000).T).argmin())  # the most central one
    click.echo(json.dumps({"session": _session(), "study": study.pk, "source": rows[source].pk}))


def _points(at: object) -> Any:
    import shapely

    return shapely.multipoints(at)


if __name__ == "__main__":
    {"seed": seed}[sys.argv[1]]()
