from collections.abc import Callable

from anlan.apps.core import actions, selectors
from anlan.apps.core.models import Outbox
from anlan.kit.grants import Viewer
from tests.world import World


def test_the_same_key_reaches_a_person_once(world: World, viewer: Callable[[str], Viewer]) -> None:
    wang, li = world.people["王安"].pk, world.people["李巡"].pk
    actions.notify([wang], "报警待确认", "/duty/1", "alarm:1")
    actions.notify([wang, li], "报警待确认", "/duty/1", "alarm:1")
    assert [notice.text for notice in selectors.notices(viewer("王安"))] == ["报警待确认"]
    assert selectors.notices(viewer("李巡")).count() == 1
    assert Outbox.objects.filter(topic="notice").count() == 2


def test_one_reads_only_ones_own_notices(world: World, viewer: Callable[[str], Viewer]) -> None:
    actions.notify([world.people["王安"].pk], "给王安", "", "k")
    notice = selectors.notices(viewer("王安")).get()
    assert actions.read_notices(viewer("孙外"), [notice.pk]) == 0
    assert actions.read_notices(viewer("王安"), [notice.pk]) == 1
    notice.refresh_from_db()
    assert notice.read is not None
