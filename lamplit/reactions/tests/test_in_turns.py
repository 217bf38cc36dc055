"""Long work of the worker goes a few pieces a round."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest

from lamplit.reactions.timers import TURN, InTurns
from tests.cast import AT

EVERY, SECOND = timedelta(minutes=10), timedelta(seconds=1)


def test_long_work_gives_way_after_each_turn_and_begins_anew_when_it_is_time() -> None:
    seen: list[datetime] = []

    def work(now: Callable[[], datetime]) -> Iterator[int]:
        for _ in range(TURN + 2):
            seen.append(now())
            if len(seen) == 20:
                raise ValueError("no such day")
            yield 1

    turns = InTurns(work, EVERY)
    assert [turns(AT + number * SECOND) for number in range(4)] == [TURN, 2, 0, 0]
    assert seen[TURN - 1 :] == [AT, AT + SECOND, AT + SECOND], "each piece knows what time it is"
    assert turns(AT + SECOND + EVERY) == TURN
    assert turns(AT) == 2, "a clock that went back stops nothing"
    later = AT + 2 * EVERY
    assert turns(later) == TURN
    with pytest.raises(ValueError, match="no such day"):
        turns(later + SECOND)
    assert turns(later + 2 * SECOND) == TURN, "what failed begins anew"
