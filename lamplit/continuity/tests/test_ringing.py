"""What a standby saw reaches people by its own e-mail and texts, all of it, once, whatever fails on the way."""

import email
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings

from lamplit.cli.doctor import following
from lamplit.config import providers
from lamplit.continuity import state
from lamplit.continuity.ringing import Ringing
from lamplit.continuity.state import Alarm
from lamplit.reactions.providers.chosen import BadSettings
from lamplit.reactions.tests import stubs
from lamplit.standby import standing
from tests.attack.log_builder import LOG

TO = ("lead@homes.example", "on-call@homes.example")
NUMBER = "07700900123"
FORKED = Alarm("forked", "Main's record was forked at entry 120.", b"two notes")
KEYS = Alarm("keys", "Main's store lost 40 sealed keys before their time.", b"40 names")


@pytest.fixture
def notify() -> Any:
    with stubs.notify() as stub:
        yield stub


@pytest.fixture
def relay() -> Any:
    with stubs.relay() as stub:
        yield stub


@pytest.fixture
def rung(make_standby: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, notify: Any, relay: Any) -> Any:
    """A standby whose alarms go to two people by e-mail and to one by text."""
    made = make_standby(LOG.verifier)
    monkeypatch.setattr("lamplit.cli.start.connect", made.connect)
    monkeypatch.setenv("NOTIFY", stubs.KEY)
    file = tmp_path / "providers.toml"
    file.write_text(f"""
[smtp]
host = "127.0.0.1"
port = {relay.port}
security = "none"
from_name = "Harbour & Heath"
from_address = "messages@standby.example"
bounces = "back@standby.example"
[notify]
api_key_env = "NOTIFY"
address = "{notify.address}"
template_text = "{stubs.TEMPLATE}"
[alarms]
to = {list(TO)}
texts = ["{NUMBER}"]
""")
    with override_settings(PROVIDERS=str(file)):
        made.rings = lambda: Ringing(made.sealer, *(providers.alarms() or pytest.fail("it is chosen")), made.clock)
        yield made


def body_of(taken: Any) -> str:
    return str(email.message_from_bytes(taken[2], policy=default).get_body(("plain",)).get_content())


def test_everybody_who_is_named_is_told_what_was_seen_and_what_to_do(rung: Any, relay: Any, notify: Any) -> None:
    rings = rung.rings()
    assert not rings.step()
    assert not relay.taken, "nothing was seen"
    state.ring(rung.sealer, FORKED, rung.now)
    rings.step()
    assert [to for _, to, _ in relay.taken] == [[one] for one in TO]
    assert "26 November 2026, 9am: Main's record was forked at entry 120." in body_of(relay.taken[0])
    assert "http" not in body_of(relay.taken[0]), "an alarm with a link teaches people to follow links"
    (text,) = notify.taken
    assert text["phone_number"] == NUMBER
    assert "Main's record was forked at entry 120." in text["personalisation"]["body"]
    assert [one.state for one in following.rings(rung.now)] == ["ok"]
    assert not notify.faults


def test_one_message_tells_all_that_is_new_and_the_next_waits_five_minutes(rung: Any, relay: Any) -> None:
    rings = rung.rings()
    state.ring(rung.sealer, FORKED, rung.now)
    rings.step()
    state.ring(rung.sealer, KEYS, rung.now)
    for number in range(12):
        state.ring(rung.sealer, Alarm("altered", f"File {number} is not what was signed.", b"%d" % number), rung.now)
    rings.step()
    rung.wait(minutes=4)
    rings.step()
    assert len(relay.taken) == 2, "a telephone that never stops is put away"
    rung.wait(minutes=1)
    rings.step()
    assert len(relay.taken) == 4
    said = body_of(relay.taken[-1])
    assert "forked" not in said, "that was told"
    assert "40 sealed keys" in said
    assert "And 3 more." in said
    rung.wait(minutes=10)
    rings.step()
    rung.rings().step()  # begun anew, it remembers
    assert len(relay.taken) == 4


def test_who_cannot_be_told_keeps_nobody_else_from_it_and_is_tried_again(rung: Any, relay: Any, notify: Any) -> None:
    rings = rung.rings()
    relay.refuse.append("452 4.2.2 Try later")
    state.ring(rung.sealer, FORKED, rung.now)
    with pytest.raises(OSError, match=r"Somebody could not be told that this standby rings\. The mail relay said: 452"):
        rings.step()
    assert [to for _, to, _ in relay.taken] == [[TO[1]]]
    assert len(notify.taken) == 1
    state.ring(rung.sealer, KEYS, rung.now)
    rings.step()
    assert [to for _, to, _ in relay.taken] == [[TO[1]], [TO[0]], [TO[1]]]
    assert "forked" in body_of(relay.taken[1])
    assert "40 sealed keys" in body_of(relay.taken[1])
    assert "forked" not in body_of(relay.taken[2]), "nobody is told twice"
    assert len(notify.taken) == 2
    assert rung.alarms() == ["keys", "forked"], "and no alarm comes of it, or it would never end"


def test_an_alarm_whose_number_came_first_and_was_written_last_is_told_too(rung: Any, relay: Any) -> None:
    rings = rung.rings()
    with rung.connect("sealer") as slow, slow.transaction():
        state.ring(slow, FORKED, rung.now)
        state.ring(rung.sealer, KEYS, rung.now)
        rings.step()
        assert "forked" not in body_of(relay.taken[-1])
    rung.wait(minutes=5)
    rings.step()
    assert "forked" in body_of(relay.taken[-1])


def test_what_rang_long_before_anybody_was_named_is_no_news(rung: Any, relay: Any) -> None:
    state.ring(rung.sealer, FORKED, rung.now)
    rung.wait(days=2)
    rung.rings().step()
    assert not relay.taken


def test_the_page_and_the_doctor_say_that_nobody_is_told(rung: Any, tmp_path: Path) -> None:
    with override_settings(PROVIDERS=str(tmp_path / "none.toml")):
        assert [one.state for one in following.rings(rung.now)] == ["wrong"]
    with rung.owner.transaction():
        rung.owner.execute(
            "INSERT INTO record.loop (name, alive_at, trouble) VALUES ('ring', %s, 'Somebody could not be told.')", [rung.now]
        )
    rung.rings()
    state.start(rung.owner, LOG.verifier, mirrored=True)
    assert "Somebody could not be told." in standing.standing(rung.sealer, rung.now)["troubles"]


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ("[alarms]\n", "names nobody"),
        ('[alarms]\nto = ["lead@homes.example"]\n', r"needs \[smtp\]"),
        (f'[alarms]\ntexts = ["{NUMBER}"]\n', r"\[alarms\] texts needs \[notify\]"),
        (f'[alarms]\ntexts = ["{NUMBER}"]\n[notify]\napi_key_env = "X"\n', "template_text"),
    ],
)  # fmt: skip
def test_alarms_that_nobody_would_carry_are_refused(tmp_path: Path, lines: str, words: str) -> None:
    file = tmp_path / "providers.toml"
    file.write_text(lines)
    with override_settings(PROVIDERS=str(file)), pytest.raises(BadSettings, match=words):
        providers.alarms()
