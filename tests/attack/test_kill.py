"""`kill -9` of anything at any moment, under load: what was acknowledged is there once, and the tables follow from the record.

LAMPLIT_KILLS says how many (10 as a rule; before a release 50), LAMPLIT_KILL_SEED which. Whatever is killed is started again
the way it always starts: there is no code for recovering.
"""

import json
import os
import random
import re
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from lamplit.record.encode import read_header
from lamplit.record.note import SigningKey
from lamplit.record.store import NotInStore, open_store
from lamplit.record.verify import verify_store
from tests.attack.running import LOOPS, Installation, read_journal, wait_until

KILLS = int(os.environ.get("LAMPLIT_KILLS", "10"))
SEED = int(os.environ.get("LAMPLIT_KILL_SEED", "1"))
CLIENTS = ("ann", "bob", "cyn")
VICTIMS = (*LOOPS, "web", "postgres", "backend", *CLIENTS)
LEADS = {  # what an action writes exactly once
    "report": "repair.reported", "note": "repair.noted", "mend": "visit.attended", "confirm": "repair.confirmed",
    "reopen": "repair.reopened", "reach": "reach.recorded", "need": "person.noted", "contact": "contact.made",
}  # fmt: skip
pytestmark = [pytest.mark.attack, pytest.mark.slow, pytest.mark.timeout(60 + 20 * KILLS)]


@pytest.fixture
def installation() -> Iterator[Installation]:
    made = Installation()
    try:
        made.start("begin", "tests.attack.load", "begin")
        assert made.running.pop("begin").wait(60) == 0, made.last_words("begin")
        yield made
        print(made.tell())  # pytest shows it where the test failed
    finally:
        made.destroy()


def test_nothing_is_lost_and_nothing_is_there_twice(installation: Installation) -> None:
    for name in [*LOOPS, "web"]:
        installation.start(name)
    for name in CLIENTS:
        start_client(installation, name)
    seen = kill_all(installation)
    stop_clients(installation)
    settle(installation)
    for name in [*LOOPS, "web"]:
        assert installation.running[name].poll() is None, installation.last_words(name)
    check_acknowledged(installation)
    check_log(installation, seen)
    check_messages(installation)
    check_logs_tell_nothing(installation)
    audited = json.loads(installation.lamplit("audit", "--json"))
    assert audited["holds"], audited


def start_client(installation: Installation, name: str) -> None:
    installation.start(name, "tests.attack.load", name, str(SEED), "3600")


def kill_all(installation: Installation) -> list[bytes]:
    """Kill and start again, KILLS times. Returns the checkpoints that an outsider saw meanwhile."""
    dice, seen = random.Random(SEED), list[bytes]()  # noqa: S311 - for tests, never a secret
    wait_until(lambda: all(read_journal(installation.home / f"{name}.journal") for name in CLIENTS), "the clients begin")
    wait_until(lambda: answers(installation), "the web process answers")
    order = [VICTIMS[n % len(VICTIMS)] for n in range(KILLS)]
    dice.shuffle(order)
    for victim in order:
        time.sleep(dice.uniform(0.2, 1.0))
        seen += see_checkpoint(installation)
        installation.kill(victim)
        time.sleep(dice.uniform(0, 0.3))
        if victim in CLIENTS:
            start_client(installation, victim)
        elif victim != "backend":
            installation.start(victim)
    return seen


def answers(installation: Installation) -> bool:
    """Whether the web process serves a page that asks the database for nothing, and one that does."""
    try:
        for page in ("report", "sign-in"):
            with urllib.request.urlopen(f"http://127.0.0.1:{installation.port}/{page}", timeout=5) as answer:
                if answer.status != 200:
                    return False
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False
    return True


def see_checkpoint(installation: Installation) -> list[bytes]:
    try:
        return [open_store(installation.home / "store").get("checkpoint")]
    except NotInStore:
        return []


def stop_clients(installation: Installation) -> None:
    """Let each client finish what it does, and stop it between two things that it does: its last word is an answer."""
    for name in CLIENTS:
        before = len(read_journal(installation.home / f"{name}.journal"))
        wait_until(lambda: len(read_journal(installation.home / f"{name}.journal")) > before + 3, f"{name} goes on")  # noqa: B023 - waited for here
        installation.kill(name)


def settle(installation: Installation) -> None:
    """Wait until all is sealed, published and reacted to, and the web process answers."""
    wait_until(lambda: answers(installation), "the web process answers again")

    def nothing_is_left() -> bool:
        with installation.connect() as db:
            row = db.execute(
                "SELECT (SELECT count(*) FROM intake), (SELECT size FROM checkpoint), (SELECT min(size) FROM published),"
                " (SELECT next_idx FROM reader WHERE name = 'reactions'), (SELECT count(*) FROM message WHERE status = 'ordered')"
            ).fetchone()
        assert row is not None
        waiting, size, published, read, unsent = row
        return waiting == 0 and size == published == read and unsent == 0

    wait_until(nothing_is_left, "everything is sealed, published, reacted to and sent", 120)


def commands(installation: Installation) -> dict[str, dict[str, Any]]:
    """Return what each client asked for and was answered, by command."""
    lines = [line for name in CLIENTS for line in read_journal(installation.home / f"{name}.journal")]
    return {line["do"]["command"]: line for line in lines if "answer" in line}


def check_acknowledged(installation: Installation) -> None:
    """Every acknowledged command is there with its answer, and asked again it gives the first answer."""
    done = {key: line for key, line in commands(installation).items() if not refused(line)}
    assert len(done) > 2 * KILLS, "there was load"
    with installation.connect() as db:
        kept = dict(db.execute("SELECT id, answer FROM command WHERE id = ANY(%s)", [list(done)]).fetchall())
    for key, line in done.items():
        assert msgspec.json.decode(kept[key]) == line["answer"], line
    journals = [str(installation.home / f"{name}.journal") for name in CLIENTS]
    installation.start("again", "tests.attack.load", "again", *journals)
    assert installation.running.pop("again").wait(120) == 0, installation.last_words("again")


def refused(line: dict[str, Any]) -> bool:
    return isinstance(line["answer"], dict) and "refused" in line["answer"]


def check_log(installation: Installation, seen: list[bytes]) -> None:
    """The store holds what every outsider saw; each command wrote exactly one set of entries, and nobody else wrote any."""
    vkey = SigningKey.read(installation.home / "keys" / "log").vkey
    store = open_store(installation.home / "store")
    for old in [None, *seen[:: max(1, len(seen) // 8)]]:
        report = verify_store(store, vkey, old)
        assert report.ok, report.faults
    with installation.connect() as db:
        rows = db.execute("SELECT intake_id, bytes FROM entry ORDER BY idx").fetchall()
        lasts = dict(db.execute("SELECT id, intake_to FROM command").fetchall())
    headers = [(intake, read_header(bytes(raw))) for intake, raw in rows]
    assert len({header.id for _, header in headers}) == len(headers) == report.size
    wrote = Counter((header.command, header.kind) for _, header in headers)
    last = {header.command: intake for intake, header in headers}
    assert last == {key: value for key, value in lasts.items() if value is not None}
    for key, line in commands(installation).items():
        if refused(line):
            assert key not in last, line
        else:
            assert wrote[key, LEADS[line["do"]["kind"]]] == 1, line


def check_messages(installation: Installation) -> None:
    """Each reaction ordered its message once; each message was sent under its own id, and its sending told once."""
    with installation.connect() as db:
        sent = [row[0] for row in db.execute("SELECT id FROM message WHERE status = 'sent'")]
        orders = [row[0] for row in db.execute("SELECT id FROM command WHERE id LIKE 'job:sent:%'")]
        twice = db.execute(
            'SELECT because, template, voice, "to" FROM message GROUP BY 1, 2, 3, 4 HAVING count(*) > 1'
        ).fetchall()
    files = {path.stem for path in (installation.home / "messages").iterdir() if not path.name.startswith(".")}
    assert sent, "there were messages"
    assert files == set(sent)
    assert sorted(order.rpartition(":")[0] for order in orders) == sorted(f"job:sent:{message}" for message in sent)
    assert not twice


def check_logs_tell_nothing(installation: Installation) -> None:
    """What processes write when they are killed, and when their database is, names nobody."""
    personal = re.compile(r"wilhelmina|oakapple|07700 ?9|\+447700|it is number \d|called about|since year", re.IGNORECASE)
    for path in [*installation.home.glob("*.log"), *(installation.cluster.place / "log").iterdir()]:
        told = personal.search(path.read_text(errors="replace"))
        assert told is None, (path.name, told)
