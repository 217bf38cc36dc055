"""Each entry and reaction once, whatever breaks in between."""

import logging
from datetime import datetime

import pytest

from lamplit.homes.facts import HomeRecorded
from lamplit.reactions import follow as following
from lamplit.reactions.letters import Wanted
from lamplit.reactions.table import REACTIONS
from lamplit.reactions.tests.working import follow, messages
from lamplit.record.encode import Entry
from lamplit.repairs.facts import RepairReported
from lamplit.repairs.tests import story
from tests.cast import AT, RUTH
from tests.landlord import Landlord


@pytest.fixture(autouse=True)
def _from_the_start(landlord: Landlord) -> None:
    following.begin_at(0)


def hello(entry: Entry, at: datetime) -> list[Wanted]:
    return [Wanted(template="hello", subject="Hello", body="We have it.", person=RUTH, because=entry.id)]


TABLE = {cls: [] for cls in REACTIONS} | {RepairReported: [hello]}


def test_it_starts_each_reaction_once(landlord: Landlord) -> None:
    story.begin()
    story.report()
    assert follow(landlord, table=TABLE) > 0
    assert follow(landlord, table=TABLE) == 1  # the message that was ordered
    assert follow(landlord, table=TABLE) == 0
    assert [m.template for m in messages()] == ["hello"]


def test_done_again_after_a_kill_it_orders_nothing_twice(landlord: Landlord) -> None:
    story.begin()
    story.report()
    follow(landlord, table=TABLE)
    following.skip_to(0)  # as if the place had not been written down
    follow(landlord, table=TABLE)
    assert len(messages()) == 1


def test_done_again_with_other_words_it_still_orders_nothing_twice(landlord: Landlord) -> None:
    story.begin()
    story.report()
    follow(landlord, table=TABLE)
    following.skip_to(0)

    def hello(entry: Entry, at: datetime) -> list[Wanted]:
        return [Wanted(template="hello", subject="Hello again", body="We have it.", person=RUTH)]

    follow(landlord, table=TABLE | {RepairReported: [hello]})
    assert [m.subject for m in messages()] == ["Hello"]


def test_a_reaction_that_fails_holds_nothing_up_and_is_tried_again(landlord: Landlord, caplog: pytest.LogCaptureFixture) -> None:
    story.begin()
    story.report()
    well = False

    def shaky(entry: Entry, at: datetime) -> list[Wanted]:
        if not well:
            raise RuntimeError("not today")
        return hello(entry, at)

    table = TABLE | {RepairReported: [shaky], HomeRecorded: [hello]}
    with caplog.at_level(logging.CRITICAL):
        follow(landlord, table=table)
    assert len(messages()) == 3  # one for each home
    assert len(following.owed()) == 1
    with landlord.connect("reader") as reader:
        follower = following.Follower(reader, following.Codec("lamplit.example/record"), table)
        with caplog.at_level(logging.CRITICAL):
            assert follower.try_again(AT) == 1
        well = True
        assert follower.try_again(AT) == 0
        assert follower.try_again(AT) == 0
    assert len(messages()) == 4


def test_history_that_is_brought_in_is_no_news(landlord: Landlord) -> None:
    story.begin()
    story.actions.report_repair(
        home=story.cast.RUTHS_HOME, channel="phone", reporter=RUTH, said=story.DRIPPING, words_said="It drips.",
        by=story.cast.BY_DELE, at=AT, command="seed:1",
    )  # fmt: skip
    follow(landlord, table=TABLE)
    assert messages() == []


def test_a_node_that_never_reacted_begins_at_the_end_of_its_log(landlord: Landlord) -> None:
    story.begin()
    story.report()
    size = landlord.seal()
    with landlord.connect("admin") as db:
        db.execute("DELETE FROM record.reader")
    assert following.position() == size
    assert follow(landlord, table=TABLE) == 0
    story.report(separate=True)
    follow(landlord, table=TABLE)
    assert len(messages()) == 1


def test_a_new_landlord_begins_at_the_first_entry(landlord: Landlord) -> None:
    assert following.position() == 0


def test_a_batch_is_bounded_and_stops_when_asked(landlord: Landlord, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "BATCH", 5)
    story.begin()
    assert follow(landlord) == 5
    assert following.position() == 5
    with landlord.connect("reader") as reader:
        follower = following.Follower(reader, following.Codec("lamplit.example/record"), REACTIONS)
        assert follower.follow(AT, stopping=lambda: True) == 0
    assert following.position() == 5


def untold(landlord: Landlord) -> list[int]:
    with landlord.connect("reader") as reader:
        return following.untold(reader, TABLE, following.Codec("lamplit.example/record"))


def test_what_stands_behind_the_last_trace_of_the_worker_is_for_a_person_to_release(landlord: Landlord) -> None:
    story.begin()
    story.report()
    while follow(landlord, table=TABLE):
        pass
    assert untold(landlord) == []
    story.report()
    following.skip_to(landlord.seal())  # as a restore does: what is sealed by then is no news
    (entry,) = untold(landlord)
    assert follow(landlord, table=TABLE) == 0
    following.release([entry])
    with landlord.connect("reader") as reader:
        following.Follower(reader, following.Codec("lamplit.example/record"), TABLE).try_again(AT)
    assert len(messages()) == 2
    landlord.seal()
    assert untold(landlord) == []
