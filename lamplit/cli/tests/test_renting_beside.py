"""Long work of rent runs in a process of its own, is not started again and again where it fails, and rests at a standby."""

import time
from datetime import timedelta

import pytest

from lamplit.basics.clock import now
from lamplit.cli import renting_beside
from lamplit.config import standing_by


def test_one_that_fails_is_tried_again_after_a_while_and_no_sooner() -> None:
    beside, at = renting_beside.OwnProcess("rent", "no-such-thing", waits=lambda _: True), now()
    assert (beside(at), beside(at)) == (1, 0)
    began = beside._running
    assert began is not None
    while began.poll() is None:
        time.sleep(0.02)
    assert [beside(at + timedelta(minutes=minutes)) for minutes in (0, 9, 11)] == [0, 0, 1]
    beside._running.wait()  # type: ignore[union-attr]


def test_a_standby_that_took_over_does_not_look_at_accounts(monkeypatch: pytest.MonkeyPatch) -> None:
    from lamplit.reactions import chasing

    monkeypatch.setattr(chasing, "is_due", lambda _: True)
    for taken, looks in ((None, True), (object(), False)):
        monkeypatch.setattr(standing_by, "taken_over", lambda taken=taken: taken)
        assert renting_beside._is_night(now()) is looks
