"""A complaint from the first word to the acknowledgement."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import psycopg
import pytest

from lamplit.basics import ids, who
from lamplit.basics.refusal import Refused
from lamplit.complaints import actions, queries
from lamplit.complaints.actions import Made
from tests.cast import AT, BY_DELE, BY_PRIYA, BY_RUTH, PRIYA, RUTH, settle
from tests.landlord import Landlord

LATER = AT + timedelta(days=1)


def complain(command: str = "form:1", by: who.By = BY_RUTH, **more: Any) -> Made:
    words = {"channel": "portal", "words": "Nobody came, twice.", "person": RUTH} | more
    return actions.make_complaint(**words, by=by, at=AT, command=command)


def test_it_gives_a_reference_and_the_codes_two_dates(landlord: Landlord) -> None:
    settle()
    made = complain(wanted="Somebody to come")
    assert made.reference == ids.reference("M", made.complaint)
    # Received on Monday 2 March 2026: 5 working days, then 10 more.
    assert (made.acknowledge_by_on, made.respond_by_on) == (date(2026, 3, 9), date(2026, 3, 23))
    row = queries.by_reference(made.reference.lower().replace("-", " "))
    assert row is not None
    assert (row.status, row.words, row.wanted, row.person, row.made_by) == (
        "made", "Nobody came, twice.", "Somebody to come", RUTH, str(BY_RUTH),
    )  # fmt: skip
    assert queries.complaints_of(RUTH) == [row]


def test_the_log_does_not_tell_who_complained_nor_about_what(landlord: Landlord) -> None:
    settle()
    complain(repair="r_hers")
    landlord.seal()
    raw = next(raw for raw in landlord.entries() if b'"complaint.made"' in raw)
    assert RUTH.encode() not in raw
    assert b"r_hers" not in raw
    assert b'"by":"sealed"' in raw
    assert [row.id for row in queries.complaints_about("r_hers")] == [row.id for row in queries.complaints_of(RUTH)]


def test_a_second_click_gets_the_first_answer(landlord: Landlord) -> None:
    settle()
    assert complain() == complain()
    assert len(queries.open_complaints()) == 1


def test_somebody_unknown_can_complain(landlord: Landlord) -> None:
    settle()
    made = complain(by=who.visitor(), person=None, name="A neighbour", reach="01632 960009")
    row = queries.complaint(made.complaint)
    assert row is not None
    assert (row.person, row.name, row.reach) == (None, "A neighbour", "01632 960009")


def test_it_is_on_the_queue_by_the_next_of_its_dates(landlord: Landlord) -> None:
    settle()
    first = complain("form:1")
    second = complain("form:2", owner=PRIYA)
    respond_by_on = actions.acknowledge_complaint(
        complaint=first.complaint, definition="No visit", channel="email", by=BY_PRIYA, at=LATER, command="form:3"
    )
    assert respond_by_on == date(2026, 3, 17)  # 10 working days from the acknowledgement
    soon, later = queries.open_complaints()
    assert (soon.id, soon.due_on, soon.owner) == (second.complaint, date(2026, 3, 9), PRIYA)
    assert (later.id, later.due_on, later.acknowledged_by) == (first.complaint, respond_by_on, str(BY_PRIYA))
    assert queries.open_complaints(owner=PRIYA) == [soon]


def test_it_is_given_to_somebody_and_acknowledged_once(landlord: Landlord) -> None:
    settle()
    made = complain()
    actions.assign_complaint(complaint=made.complaint, owner=PRIYA, by=BY_DELE, at=LATER, command="form:2")
    row = queries.complaint(made.complaint)
    assert row is not None
    assert (row.owner, row.assigned_by, row.assigned_at) == (PRIYA, str(BY_DELE), LATER)
    words = {"complaint": made.complaint, "definition": "No visit", "channel": "email", "by": BY_PRIYA, "at": LATER}
    actions.acknowledge_complaint(**words, command="form:3")
    with pytest.raises(Refused, match=r"complaints\.already_acknowledged"):
        actions.acknowledge_complaint(**words, command="form:4")


def test_it_refuses_no_words_too_many_and_what_is_not_there(landlord: Landlord) -> None:
    with pytest.raises(Refused, match=r"complaints\.nothing_said"):
        complain(words=" ")
    with pytest.raises(Refused, match=r"complaints\.too_long"):
        complain(words="x" * (actions.LONGEST + 1))
    with pytest.raises(Refused, match=r"complaints\.no_such_complaint"):
        actions.assign_complaint(complaint="k_none", owner=PRIYA, by=BY_DELE, at=AT, command="form:2")


def test_a_clash_of_references_takes_another_id(landlord: Landlord, monkeypatch: pytest.MonkeyPatch) -> None:
    settle()
    first = complain()
    same_end, fresh = "k_00000000000" + first.complaint[-9:], "k_00000000000000000zzzz"[:22]
    drawn = iter([same_end, fresh])
    monkeypatch.setattr(actions.Page, "new_id", lambda *_: next(drawn))
    second = complain("form:2")
    assert (second.complaint, second.reference) == (fresh, ids.reference("M", fresh))
    assert second.reference != first.reference


def test_the_table_refuses_a_reference_twice(landlord: Landlord) -> None:
    settle()
    made = complain()
    again = (
        "INSERT INTO folded.complaint (id, reference, status, acknowledge_by_on, respond_by_on, made_at, recorded_at)"
        " SELECT 'k_other', reference, status, acknowledge_by_on, respond_by_on, made_at, recorded_at"
        " FROM folded.complaint WHERE id = %s"
    )
    with landlord.connect("admin") as db, pytest.raises(psycopg.errors.UniqueViolation, match="complaint_reference"):
        db.execute(again, [made.complaint])


def test_a_reference_reads_well() -> None:
    made = ids.new_id("k", datetime(2026, 3, 2, tzinfo=UTC))
    assert ids.reference("M", made) == f"M-{made[-8:-4].upper()}-{made[-4:].upper()}"
