"""An incident from the declaration to its end: what was said, promised, moved, missed and corrected stays."""

from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest

from lamplit.basics.refusal import Refused
from lamplit.basics.who import job
from lamplit.incidents import actions, queries
from lamplit.incidents.actions import Checked, Proof, Said
from tests.cast import AT, BY_DELE
from tests.landlord import Landlord

HOUR = timedelta(hours=1)
DOWN = Said(state="down", known="not_yet", instead="Ring us.", next_at=AT + 2 * HOUR)
WORKS = Said(state="working", known="known")
_count = iter(range(1000))


def do(action: Any, at: datetime = AT, **told: Any) -> Any:
    return action(**told, by=BY_DELE, at=at, command=f"form:incident-{next(_count)}")


def open_one(**more: Any) -> str:
    told = {
        "says": "Our phones and our e-mail do not work.",
        "next_at": AT + HOUR,
        "aware_at": AT,
        "drill": False,
        "kinds": ["services_down"],
    }
    return do(actions.open_incident, **told | more)


def test_an_incident_keeps_everything_that_was_said(landlord: Landlord) -> None:
    incident = open_one()
    with pytest.raises(Refused, match=r"incidents\.open_already"):
        open_one()
    drill = open_one(drill=True)
    assert (queries.open_now(drill=False), queries.open_now(drill=True)) == (incident, drill)
    assert [row.id for row in queries.real_ones()] == [incident]

    first = do(actions.say_service, incident=incident, service="phones", said=DOWN)
    do(actions.move_promise, line=first, next_at=AT + 4 * HOUR, why="The engineer is on her way.")
    do(actions.move_promise, line=first, next_at=AT + 6 * HOUR, why="She is stuck.")
    moved = queries.line(first)
    assert [(one.from_at - AT, one.to_at - AT) for one in queries.moves(moved)] == [(2 * HOUR, 4 * HOUR), (4 * HOUR, 6 * HOUR)]
    limited = msgspec.structs.replace(DOWN, state="limited", works="Emergencies.", next_at=AT + 5 * HOUR)
    second = do(actions.say_service, AT + 3 * HOUR, incident=incident, service="phones", said=limited)
    assert queries.line(first).kept_at == AT + 3 * HOUR
    assert [row.about for row in queries.promised(queries.lines_of(incident))] == ["incident", "phones"]

    right = do(
        actions.correct_service, AT + 4 * HOUR, line=second, why="Only the night line works.",
        said=msgspec.structs.replace(limited, works="The night line.", next_at=AT + 6 * HOUR),
    )  # fmt: skip
    wrong = queries.line(second)
    assert (wrong.works, wrong.corrected_by_line, wrong.corrected_why) == ("Emergencies.", right, "Only the night line works.")
    assert queries.standing(queries.lines_of(incident))["phones"].works == "The night line."
    with pytest.raises(Refused, match=r"incidents\.corrected_before"):
        do(actions.correct_service, AT + 4 * HOUR, line=second, why="Again", said=limited)
    with pytest.raises(Refused, match=r"incidents\.still_down"):
        do(actions.end_incident, AT + 5 * HOUR, incident=incident, says="It is over.")

    do(actions.say_service, AT + 5 * HOUR, incident=incident, service="phones", said=WORKS)
    do(actions.end_incident, AT + 5 * HOUR, incident=incident, says="Everything works again.")
    assert queries.open_now(drill=False) is None
    assert queries.promised(queries.lines_of(incident)) == []
    with pytest.raises(Refused, match=r"incidents\.not_open"):
        do(actions.say_service, AT + 6 * HOUR, incident=incident, service="phones", said=WORKS)
    assert open_one(next_at=AT + 9 * HOUR) != incident, "the next one may be opened"


def test_who_checked_is_sealed_and_the_firm_is_published(landlord: Landlord) -> None:
    incident = open_one()
    looked = Checked(by="North Forensics", name="Ada Quill", what="All logs of the rent system", at=AT)
    with pytest.raises(Refused, match=r"incidents\.unchecked"):
        do(actions.say_update, incident=incident, says="Nothing was taken.", next_at=AT + HOUR)
    line = do(actions.say_update, incident=incident, says="Nothing was taken.", next_at=AT + HOUR, checked=looked)
    landlord.seal()
    raw = next(raw for raw in landlord.entries() if b"incident.update_said" in raw)
    assert b"North Forensics" in raw
    assert b"Quill" not in raw
    assert queries.line(line).checker == "Ada Quill"
    right = do(actions.correct_update, line=line, says="Names were taken.", why="A log was missing.", next_at=AT + 2 * HOUR)
    assert queries.line(line).corrected_by_line == right


def test_a_promise_is_near_once_and_missed_once(landlord: Landlord) -> None:
    incident = open_one()
    (row,) = queries.promised(queries.lines_of(incident))
    told = {"line": row.id, "by": job("timers")}
    near, missed = actions.note_promise_near, actions.note_promise_missed
    assert queries.waiting_promises(AT + timedelta(minutes=29)) == []
    assert [one.id for one in queries.waiting_promises(AT + timedelta(minutes=30))] == [row.id]
    assert near(**told, next_at=AT + HOUR, at=AT + timedelta(minutes=30), command="job:1")
    assert not near(**told, next_at=AT + HOUR, at=AT + timedelta(minutes=31), command="job:2")
    assert not missed(**told, next_at=AT + HOUR, at=AT + timedelta(minutes=59), command="job:3"), "not yet"
    assert not missed(**told, next_at=AT + 2 * HOUR, at=AT + 2 * HOUR, command="job:4"), "it was moved meanwhile"
    assert missed(**told, next_at=AT + HOUR, at=AT + HOUR, command="job:5")
    assert not missed(**told, next_at=AT + HOUR, at=AT + HOUR, command="job:6")
    assert [one.id for one in queries.missed_promises()] == [row.id]
    with pytest.raises(Refused, match=r"incidents\.promise_over"):
        do(actions.move_promise, AT + HOUR, line=row.id, next_at=AT + 3 * HOUR, why="Late")
    do(actions.say_update, AT + 2 * HOUR, incident=incident, says="We still mend it.", next_at=AT + 3 * HOUR)
    assert queries.missed_promises() == []
    late = queries.line(row.id)
    assert (late.missed_at, late.kept_at) == (AT + HOUR, AT + 2 * HOUR), "it was missed for good, and made good later"


def test_duties_begin_with_what_is_declared_and_end_with_a_proof(landlord: Landlord) -> None:
    incident = open_one(kinds=["crime"], aware_at=AT - HOUR)
    assert [row.duty for row in queries.duties_of(incident)] == ["told_public", "insurer", "police", "told_everybody"]
    begun = do(actions.declare_kind, AT + HOUR, incident=incident, kind="personal_data", aware_at=AT)
    assert begun == ["ico"], "the insurer's clock runs already, from the earlier time"
    with pytest.raises(Refused, match=r"incidents\.declared_before"):
        do(actions.declare_kind, incident=incident, kind="crime", aware_at=AT)
    with pytest.raises(Refused, match=r"incidents\.aware_later"):
        do(actions.declare_kind, incident=incident, kind="payments", aware_at=AT + HOUR)
    assert queries.duty(incident, "ico").due_at == AT + 72 * HOUR
    duty = {"incident": incident, "duty": "ico"}
    do(actions.give_duty, **duty, owner="s_priya00000000000000")
    do(actions.do_duty, AT + HOUR, **duty, outcome="done", proof=Proof(reference="IC-12345", spoken_to="Ms Ash"))
    row = queries.duty(incident, "ico")
    assert (row.outcome, row.done_at, row.reference, row.spoken_to) == ("done", AT + HOUR, "IC-12345", "Ms Ash")
    landlord.seal()
    assert not [raw for raw in landlord.entries() if b"IC-12345" in raw or b"Ash" in raw]
    with pytest.raises(Refused, match=r"incidents\.duty_over"):
        do(actions.give_duty, **duty, owner="s_priya00000000000000")
    with pytest.raises(Refused, match=r"incidents\.no_such_duty"):
        do(actions.give_duty, incident=incident, duty="people", owner="s_priya00000000000000")
    drill = open_one(drill=True, kinds=["payments"])
    ringing = {(row.incident, row.duty) for row in queries.duties_ringing(AT + 30 * HOUR)}
    assert {(one, told) for one in (incident, drill) for told in ("told_public", "told_everybody")} <= ringing
    assert {one for one in ringing if not one[1].startswith("told")} == {
        (incident, "insurer"),
        (incident, "police"),
        (drill, "sponsor_bank"),
        (drill, "councils_dwp"),
    }
    do(actions.end_incident, AT + 2 * HOUR, incident=drill, says="Well done.")
    assert {row.incident for row in queries.duties_ringing(AT + 30 * HOUR)} == {incident}


def test_once_main_is_back_the_public_no_longer_reads_that_it_does_not_work(landlord: Landlord) -> None:
    taken = {"main": "a", "size": 1, "root": "r", "asked_at": AT, "first": "Ada", "second": "Ben", "why": "Main is lost"}
    first = do(actions.record_takeover, drill=False, **taken)
    incident = open_one(says="Our main computer system does not work. This is our standby service.")
    back_at = AT + HOUR / 2
    do(actions.end_takeover, back_at, takeover=first, standby="s", size=1)
    before, says = queries.lines_of(incident)
    assert (before.kept_at, says.about, says.next_at) == (back_at, queries.WHOLE, AT + HOUR), "the promise stays"
    assert says.says.startswith("Our main system is back")
    second = do(actions.record_takeover, drill=False, **taken)
    do(actions.note_promise_missed, AT + 2 * HOUR, line=says.id, next_at=AT + HOUR)
    do(actions.end_takeover, AT + 2 * HOUR, takeover=second, standby="s", size=1)
    assert queries.lines_of(incident)[-1].next_at == AT + 3 * HOUR, "after a promise that was missed there is a new one"
    third = do(actions.record_takeover, drill=True, **taken)
    do(actions.say_update, AT + 3 * HOUR, incident=incident, says="Nearly done.", next_at=AT + 4 * HOUR)
    do(actions.end_takeover, AT + 3 * HOUR, takeover=third, standby="s", size=1)
    assert queries.lines_of(incident)[-1].says == "Nearly done.", "a drill says nothing to anybody"
