"""The standby rings when far more than usual is written, read or ordered to be destroyed on main, and not on a busy Monday."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from lamplit.continuity import pace, state
from lamplit.continuity.state import Alarm
from lamplit.record.encode import Header
from lamplit.record.store import FolderStore
from tests.attack.log_builder import LOG, LogBuilder
from tests.standby import BEGUN


def lines(kind: str, at: datetime, count: int, subjects: int = 1) -> list[bytes]:
    who = [f"p_{n}" for n in range(subjects)]
    return [msgspec.json.encode(Header(kind, 1, f"e_{n}", at, at, "staff:s_1", who, "c")) for n in range(count)]


@pytest.fixture
def scene(make_standby: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A standby of a log with two quiet weeks behind it. `more(...)` writes, follows and looks."""
    said = pace.policy()
    floors = {"entries.floor": 40, "reads.floor": 30, "erasures.floor": 5}
    monkeypatch.setattr(pace, "policy", lambda: lower(said, floors))
    main, standby = LogBuilder(FolderStore(tmp_path / "main", durable=False)), make_standby(LOG.verifier)
    watch = standby.watch(main.store)

    def more(*entries: list[bytes]) -> list[str]:
        main.add([raw for some in entries for raw in some])
        standby.follow(main.store)
        state.saw_life(standby.sealer, standby.now)
        before = len(standby.alarms())
        try:
            while state.held(standby.sealer, LOG.name).size > counted(standby):
                watch.step()
            watch.step()
        except Alarm:
            pass
        return standby.alarms()[: len(standby.alarms()) - before]

    more.standby = standby  # type: ignore[attr-defined]
    return more


def counted(standby: Any) -> int:
    return int(standby.sealer.execute("SELECT size FROM continuity.counted").fetchone()[0])


def lower(said: Any, floors: dict[str, int]) -> Any:
    class Policy:
        def number(self, name: str, on: Any) -> int:
            return floors.get(name) or int(said.number(name, on))

    return Policy()


def test_it_rings_above_the_usual_and_once_an_hour(scene):
    standby = scene.standby
    monday = BEGUN - timedelta(days=5)
    quiet = [lines("repair.reported", monday + timedelta(hours=n), 10) for n in range(8)]
    assert scene(*quiet, lines("repair.reported", monday, 30), [b"no entry at all"]) == []
    assert scene(lines("repair.reported", BEGUN, 100)) == []  # its busiest hour had 40: three times as many are allowed
    assert scene(lines("repair.reported", BEGUN, 30)) == ["entries"]
    assert scene(lines("repair.reported", BEGUN, 30)) == []  # it is written down already
    assert scene(lines("records.read", BEGUN, 2, subjects=20)) == ["reads"]
    assert scene(lines("erasure.ordered", BEGUN, 6)) == ["erasures"]
    words = [words for _, _, words in state.alarms(standby.sealer)]
    assert "Over 5 keys were ordered to be destroyed in the hour from 26 November 09:00 UTC." in words[0]
    assert "over 120 entries in the hour" in words[2]
    standby.wait(hours=4)
    assert scene(lines("repair.reported", BEGUN + timedelta(hours=4), 20)) == []  # what is over rings no more
    standby.wait(days=20)
    assert scene(lines("repair.reported", BEGUN + timedelta(days=20, hours=4), 41)) == ["entries"]  # and is the usual no more


def test_it_counts_what_is_new_a_piece_at_a_time(scene, monkeypatch):
    monkeypatch.setattr(pace, "AT_A_TURN", 16)
    monkeypatch.setattr(pace, "OLDEST", 100)
    assert scene(lines("repair.reported", BEGUN - timedelta(days=2), 300), lines("repair.reported", BEGUN, 39)) == []
    rows = scene.standby.sealer.execute("SELECT hour, entries FROM continuity.pace ORDER BY hour").fetchall()
    assert rows == [(BEGUN - timedelta(days=2), 61), (BEGUN.replace(tzinfo=UTC), 39)]


def test_what_is_brought_over_on_the_first_day_does_not_ring(scene):
    assert scene(lines("repair.reported", BEGUN, 500)) == []
    assert scene(lines("erasure.ordered", BEGUN, 6)) == ["erasures"]  # that is never how a record begins
