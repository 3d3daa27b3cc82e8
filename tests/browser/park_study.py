"""A computed study of the county's park, for a browser: ``python -m tests.browser.park_study`` prints its ids."""

import json
from dataclasses import replace

from anlan.cli import setup_django


def main() -> None:
    """One store of chlorine in one weather: computed at once."""
    setup_django()
    from anlan.apps.consequences.parks import actions, computing
    from anlan.apps.consequences.parks.specs import SourceSpec, StudySpec
    from anlan.apps.core.models import Job, Place
    from anlan.kit.grants import SYSTEM
    from anlan.kit.park.inputs import WeatherClass

    park = Place.objects.get(name="柳湾化工园")
    still = WeatherClass("D 3 m/s", "D", 3.0, 1.0, (1 / 16,) * 16)
    study = actions.add_study(SYSTEM, park.pk, StudySpec("园区评价", "in_service", (still,), cell=50, margin=1500))
    west, south, east, north = (float(value or 0) for value in (park.west, park.south, park.east, park.north))
    store = SourceSpec(
        "液氯储罐", (west + east) / 2, (south + north) / 2, "7782-50-5", 20e3, "pressure-vessel", ("10mm",), amount=50.0
    )
    (source,) = actions.add_sources(SYSTEM, study.pk, [replace(store)])
    computing.compute_study(study.pk, lambda done, total: None)
    Job.objects.filter(kind=actions.JOB).update(state="done")
    print(json.dumps({"study": study.pk, "source": source.pk}))  # noqa: T201 - the test reads it


if __name__ == "__main__":
    main()
