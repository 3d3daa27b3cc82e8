"""A program with a token follows the live stream as a person does, within what its token lets through."""

import os
import re
import signal
import subprocess
from pathlib import Path

from tests.live.conftest import Live, Stream
from tests.live.test_scope import HEARS, emit_everywhere, heard


def by_token(live: Live, secret: str) -> Stream:
    return live.server.stream("", headers={"authorization": f"Bearer {secret}"})


def test_a_token_hears_what_its_owner_hears(live: Live) -> None:
    stream = by_token(live, live.hand.add_token("郑运"))
    emit_everywhere(live)
    topics, places = HEARS["郑运"]
    assert heard(live, stream, "郑运") == {(topic, place) for topic in topics for place in places}


def test_a_token_for_one_place_hears_of_that_place_and_of_nothing_that_is_its_owners_own(live: Live) -> None:
    stream = by_token(live, live.hand.add_token("赵值", live.places["plant"]))
    live.mark("赵值")
    emit_everywhere(live)
    last = live.hand.emit("level", live.places["valve"], {"place": live.places["valve"]})
    stream.expect("level", lambda event: event.id == last)
    places = {event.data["place"] for event in stream.seen if event.name == "level"}
    assert places == {live.places[key] for key in ("plant", "reactor", "valve")}
    assert "notice" not in {event.name for event in stream.seen}


def test_a_token_that_is_revoked_hears_no_more(live: Live) -> None:
    stream = by_token(live, live.hand.add_token("李巡"))
    live.hand.revoke_tokens("李巡")
    assert stream.expect_end()[-1].data == {"reason": "signed_out"}


def test_a_token_that_nobody_made_is_refused_in_words(live: Live) -> None:
    for header, code in (("Bearer anlan_nobody", "token.unknown"), ("Basic YTpi", "token.bad_header")):
        answer = live.server.open(None, headers={"authorization": header})
        assert answer.status_code == 401 and answer.headers["www-authenticate"] == "Bearer"
        assert code in answer.read().decode()


def test_the_how_tos_command_follows_the_stream(live: Live) -> None:
    howto = (Path(__file__).parents[2] / "docs/howto/api.md").read_text()
    [command] = re.findall(r"```bash\n(.*?)```", howto, re.DOTALL)
    env = {**os.environ, "BASE": live.server.base, "TOKEN": live.hand.add_token("赵值")}
    patient = command.replace("--max-time 5", "--max-time 30")  # on a loaded machine; the first line ends it
    with subprocess.Popen(
        ["bash", "-c", patient], env=env, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        assert process.stdout
        said = process.stdout.readline()
        os.killpg(process.pid, signal.SIGTERM)
    assert said.startswith("event: hello"), said
