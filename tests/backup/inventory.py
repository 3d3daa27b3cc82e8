"""``python -m tests.backup.inventory TAG`` prints what an installation holds, as one JSON line."""

import json
import sys
from datetime import timedelta

from anlan.cli import setup_django


def main(tag: int) -> dict[str, object]:
    from anlan.apps.core.models import AuditRow, Person, Place
    from anlan.apps.ledger.models import Fact
    from anlan.apps.monitoring.models import Alarm
    from anlan.apps.monitoring.selectors import tag_history
    from anlan.kit import clock
    from anlan.kit.grants import SYSTEM

    now = clock.now()
    series = tag_history(SYSTEM, tag, now - timedelta(minutes=2), now, 120_000)  # a step for each ms
    models = (Place, Person, Fact, Alarm, AuditRow)
    held = {model.__name__: sorted(model.objects.values_list("pk", flat=True)) for model in models}
    return {**held, "readings": len(series.ts)}


if __name__ == "__main__":
    setup_django()
    sys.stdout.write(json.dumps(main(int(sys.argv[1]))))
