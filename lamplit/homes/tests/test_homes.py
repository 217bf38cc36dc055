"""Homes, blocks, what to know before a visit, parts and checks: actions and queries together."""

import itertools
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from lamplit.basics.refusal import Refused
from lamplit.basics.who import staff
from lamplit.homes import actions, queries
from lamplit.homes.facts import HomeNote

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
_commands = itertools.count()


def now(at=None):
    """What every action is told beside its matter; each comes a second after the one before."""
    count = next(_commands)
    return {"by": staff("s_officer"), "at": at or AT + timedelta(seconds=count), "command": f"form:homes-{count}"}


def a_block():
    return actions.record_block(name="Alder Court", address=["Alder Row", "Harbour"], postcode="hh1 2ab", **now())


def a_flat(block, number, storey, stack, **more):
    return actions.record_home(
        address=[f"Flat {number}", "Alder Court"], postcode="HH1 2AB", block=block, storey=storey, stack=stack, **more, **now()
    )


def test_neighbours_are_those_that_touch_in_the_same_block(landlord):
    block, other = a_block(), a_block()
    middle, up, down = a_flat(block, 5, 1, 2), a_flat(block, 8, 2, 2), a_flat(block, 2, 0, 2)
    left, _far, _next_door = a_flat(block, 4, 1, 1), a_flat(block, 9, 2, 3), a_flat(other, 5, 2, 2)
    found = queries.neighbours(middle)
    assert [[home.id for home in homes] for homes in found] == [[up], [down], [left]]
    house = actions.record_home(address=["1 Alder Row"], **now())
    assert queries.neighbours(house) == ([], [], [])


def test_what_we_believed_when_stays_readable(landlord):
    home = actions.record_home(address=["1 Alder Row"], uprn="100", bedrooms=2, **now())
    actions.correct_home(
        home=home, why="Survey of May", address=["1a Alder Row"], uprn="100", bedrooms=3, **now(AT + timedelta(days=1))
    )
    seen = queries.home(home)
    assert (seen.address, seen.bedrooms) == (["1a Alder Row"], "3")
    lines = queries.beliefs(home)
    assert [(line.address, line.bedrooms, line.why, line.at.day) for line in lines] == [
        (["1a Alder Row"], "3", "Survey of May", 3),
        (["1 Alder Row"], "2", None, 2),
    ]
    assert lines[0].by == "staff:s_officer"


def test_a_block_is_put_right_under_its_own_id(landlord):
    block = a_block()
    assert actions.record_block(name="Alder House", address=["Alder Row"], block=block, **now()) == block
    assert queries.block(block).name == "Alder House"
    assert queries.block(block).postcode is None


def test_asbestos_is_read_before_everything_else(landlord):
    home = actions.record_home(address=["1 Alder Row"], **now())
    for what, says, source in [
        ("access", "Side gate", None),
        ("warning", "Large dog", None),
        ("asbestos", "Artex ceiling", "Survey 2019"),
    ]:
        actions.note_home(home=home, about=HomeNote(what=what, says=says, source=source), **now())
    seen = queries.know_before_visit(home, AT.date())
    assert [note.about.what for note in seen] == ["asbestos", "warning", "access"]
    dog = seen[1]
    actions.note_home(home=home, note=dog.id, about=HomeNote(what="warning", says="Large dog", ended_on=AT.date()), **now())
    assert [note.about.what for note in queries.know_before_visit(home, AT.date())] == ["asbestos", "access"]
    assert len(queries.notes(home)) == 3


def test_parts_show_their_checks_and_what_falls_due(landlord):
    home = actions.record_home(address=["1 Alder Row"], **now())
    boiler = actions.record_component(home=home, what="boiler", installed_on=date(2020, 1, 1), model="Heatwell 24", **now())
    for year in (2024, 2025):
        actions.record_check(
            component=boiler,
            check="gas_safety",
            checked_on=date(year, 4, 1),
            satisfactory=True,
            next_due_on=date(year + 1, 4, 1),
            **now(),
        )
    (part,) = queries.components(home)
    assert [check.checked_on.year for check in part.checks] == [2025, 2024]
    assert [check.next_due_on for check in queries.checks_due(date(2026, 5, 1))] == [date(2026, 4, 1)]
    assert queries.checks_due(date(2026, 3, 31)) == []
    actions.record_component(home=home, component=boiler, what="boiler", removed_on=date(2026, 3, 1), **now())
    assert queries.components(home) == []
    assert queries.checks_due(date(2026, 5, 1)) == []


def test_it_refuses_what_is_not_there_or_cannot_be(landlord):
    home = actions.record_home(address=["1 Alder Row"], uprn="0042", **now())
    part = actions.record_component(home=home, what="boiler", removed_on=date(2026, 1, 1), **now())
    tried = [
        ("homes.no_such_home", lambda: actions.correct_home(home="h_none", why="x", address=["x"], **now())),
        ("homes.no_reason", lambda: actions.correct_home(home=home, why=" ", address=["x"], **now())),
        ("homes.no_such_block", lambda: actions.record_home(address=["x"], block="b_none", **now())),
        ("homes.no_such_block", lambda: actions.record_block(name="x", address=["x"], block="b_none", **now())),
        ("homes.no_name", lambda: actions.record_block(name=" ", address=["x"], **now())),
        ("homes.no_address", lambda: actions.record_block(name="x", address=[" "], **now())),
        ("homes.bad_place", lambda: actions.record_home(address=["x"], storey=100, **now())),
        ("homes.uprn_taken", lambda: actions.record_home(address=["x"], uprn="42", **now())),
        ("homes.no_such_home", lambda: actions.note_home(home="h_none", about=HomeNote(what="other", says="x"), **now())),
        (
            "homes.no_such_note",
            lambda: actions.note_home(home=home, note="n_none", about=HomeNote(what="other", says="x"), **now()),
        ),
        ("homes.no_such_home", lambda: actions.record_component(home="h_none", what="boiler", **now())),
        ("homes.no_such_component", lambda: actions.record_component(home=home, component="q_none", what="boiler", **now())),
        (
            "homes.no_such_component",
            lambda: actions.record_check(component="q_none", check="alarm", checked_on=AT.date(), satisfactory=True, **now()),
        ),
        (
            "homes.component_removed",
            lambda: actions.record_check(component=part, check="alarm", checked_on=AT.date(), satisfactory=True, **now()),
        ),
    ]
    for code, attempt in tried:
        with pytest.raises(Refused) as refused:
            attempt()
        assert refused.value.code == code
    assert len(queries.beliefs(home)) == 1


def test_flats_stand_in_the_order_of_their_numbers(landlord):
    for number in (10, 2, 1, 9):
        actions.record_home(address=[f"Flat {number}, Quay House"], postcode="HH3 3CD", **now())
    for text in ("HH3 3CD", "Quay House"):
        found = [home.address for home in queries.search(text)]
        assert [address.partition(",")[0] for address in found] == ["Flat 1", "Flat 2", "Flat 9", "Flat 10"], text


def test_the_search_box_finds_homes_and_says_why(landlord):
    one = actions.record_home(address=["1 Alder Row", "Harbour"], postcode="HH1 2AB", uprn="100012345", **now())
    ten = actions.record_home(address=["10 Alder Row", "Harbour"], postcode="HH1 2AC", **now())
    actions.record_home(address=["1 St Mary's Close"], postcode="ZZ9 9ZZ", **now())

    def found(text):
        return [(home.home, home.why) for home in queries.search(text)]

    assert found("1 alder row") == [(one, "address"), (ten, "address")]
    assert found("hh12ab") == [(one, "postcode")]
    assert found("HH1 2") == [(one, "postcode"), (ten, "postcode")]
    assert found("alder hh1 2ac") == [(ten, "address")]
    assert found("100012345") == [(one, "uprn")]
    assert found(one) == [(one, "reference")]
    assert [home.why for home in queries.search("st marys")] == ["address"]
    assert found("1 adler row") == [(one, "nearly"), (ten, "nearly")]
    assert found("lder ro") == [(one, "address"), (ten, "address")]
    assert found("%") == found("  ") == found("_") == []


def test_what_half_of_all_homes_have_in_their_address_is_looked_up_and_not_worked_out_for_each(landlord):
    """To make the keys of 125,000 homes anew, as the server would by itself, takes two seconds."""
    address = "jsonb_build_array(CASE n %% 2 WHEN 0 THEN 'Flat ' ELSE 'House ' END || n)"
    with landlord.connect("owner") as db:
        db.execute(f"INSERT INTO folded.home (id, address) SELECT 'h_' || n, {address} FROM generate_series(1, %s) n", [3000])
        try:
            db.execute("ANALYZE folded.home")
            with CaptureQueriesContext(connection) as asked:
                assert queries.search("flat 4")[0].address == "Flat 4"
            (said,) = [one["sql"] for one in asked if "keys_to_find" in one["sql"]]
            with transaction.atomic(), connection.cursor() as cursor:
                for statement in [one["sql"] for one in asked if "enable_seqscan = off" in one["sql"]]:
                    cursor.execute(statement)
                cursor.execute(f"EXPLAIN {said}".replace("%", "%%"), [])
                plan = "\n".join(row[0] for row in cursor.fetchall())
            assert "Index Scan on home_words" in plan
        finally:
            db.execute("DELETE FROM folded.home WHERE id ~ '^h_[0-9]+$'")


def test_a_block_that_is_put_right_keeps_what_the_old_system_calls_it(landlord):
    row = actions.HomeRow(line=2, reference="P1", uprn="99900000009", address=["Flat 1", "Wick"], block="B7", block_name="Wikc")
    actions.import_homes(rows=[row], rehearse=False, **now())
    block = queries.by_uprn("99900000009").block
    actions.record_block(block=block, name="Wick", address=["Wick"], **now())
    assert (queries.block(block).name, queries.block(block).reference) == ("Wick", "B7")
    landlord.erase(block, "contact")
    actions.record_block(block=block, name="Wick", address=["Wick"], **now())  # nothing is left to keep
    assert (queries.block(block).name, queries.block(block).reference) == ("Wick", None)
