"""What a file says counts only where it says something else than last time."""

import pytest

from lamplit.basics.brought import BY_FILE, Rehearsed, Tally, by_file, merged, said_by_file
from lamplit.basics.plain import Plain
from lamplit.basics.refusal import Refused


class Thing(Plain, frozen=True, kw_only=True):
    name: str
    rooms: int


def thing(name, rooms):
    return Thing(name=name, rooms=rooms)


FILE, STAFF = str(by_file("night")), "staff:s_1"


def test_a_file_is_told_by_how_its_actor_begins():
    assert FILE.startswith(BY_FILE)
    assert not STAFF.startswith(BY_FILE)


def test_what_nobody_said_by_file_is_not_known():
    assert said_by_file([]) is None
    assert said_by_file([(STAFF, thing("A", 1))]) is None


def test_what_staff_put_right_is_not_what_the_file_said():
    assert said_by_file([(FILE, thing("A", 1)), (STAFF, thing("B", 1))]) == thing("A", 1)


def test_what_a_file_carried_along_from_staff_it_did_not_say():
    """The file said A, staff wrote B, the file then only changed the rooms: it still says A."""
    believed = [(FILE, thing("A", 1)), (STAFF, thing("B", 1)), (FILE, thing("B", 2))]
    said = said_by_file(believed)
    assert said == thing("A", 2)
    assert merged(thing("B", 2), said, thing("A", 2)) == thing("B", 2)  # the next night changes nothing
    assert merged(thing("B", 2), said, thing("C", 2)) == thing("C", 2)  # until the file says a third thing


def test_every_row_is_counted_once_and_one_that_is_refused_stops_no_other():
    def one(row):
        if row == 2:
            raise Refused("homes.bad_postcode", line=7)
        return "written" if row == 1 else "there"

    tally = Tally()
    tally.bring([1, 2, 3], lambda row: row * 10, one)
    brought = tally.answer(rehearse=False)
    assert (brought.written, brought.changed, brought.there) == (1, 0, 1)
    assert [(row.line, row.code, row.details) for row in brought.refused] == [(20, "homes.bad_postcode", {"line": "7"})]
    with pytest.raises(Rehearsed) as rehearsed:
        tally.answer(rehearse=True)
    assert rehearsed.value.brought == brought
