"""A file brought over: each kind, twice, changed, bad rows, rehearsed, by several systems."""

import csv
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.db import connections

from lamplit.basics.clock import now
from lamplit.basics.who import staff
from lamplit.basics.working_days import london_date
from lamplit.exchange.bringing import Order, bring_file, refused_file
from lamplit.homes import queries as homes
from lamplit.homes.actions import correct_home
from lamplit.homes.models import Home
from lamplit.people import queries as people
from lamplit.people.actions import correct_person, note_person, set_reach
from lamplit.people.facts import PersonNote, Reach
from lamplit.tenancies import queries as tenancies
from lamplit.tenancies.actions import end_tenancy

HOMES_HEAD = (
    "PropertyReference,UPRN,AddressLine1,AddressLine2,CityName,PostalCode,PropertyType,Bedrooms,"
    "BlockReference,BlockName,Storey,Stack"
)
HOMES = f"""{HOMES_HEAD}
P1,999000000001,Flat 1,Ember Rise,Lampton,zz11aa,flat,2,B1,Ember Rise,0,1
P2,999000000002,Flat 2,Ember Rise,Lampton,ZZ1 1AA,flat,1,B1,,1,1
P3,,9 Tallow Lane,,Lampton,,house,3,,,,
"""
PEOPLE = """PersonReference,NameFull,NameTitle,KnownAs,DateOfBirth
C1,Ruth  Adeyemi,Ms,,04/06/1962
C2,Mia Adeyemi,,Mimi,2019-01-02
C3,Tomasz Wolski,Mr,,
C4,Otto Finch,,,
"""
TENANCIES = """TenancyReference,PropertyReference,PersonReference,Role,TenureType,StartDate,EndDate,JoinedDate,LeftDate
T1,P1,C1,tenant,Assured,03/06/2019,,,
T1,P1,C4,tenant,Assured,03/06/2019,,,01/02/2021
T1,P1,C2,child,Assured,03/06/2019,,05/06/2019,
T2,P2,C3,tenant,secure,01/11/2004,31/12/2020,,
"""
CONTACTS = """PersonReference,Channel,Value,Safe,Preferred,Works,Ended,Description
C1,mobile,07700 900 001,yes,,,,
C1,email,Ruth@Example.COM,no,yes,,,work
C3,phone,01632 960003,,,no,,
C3,mobile,07700900004,,,,yes,
"""
TODAY = date(2026, 11, 26)


def counts(outcome):
    assert outcome.adds_up
    return outcome.written, outcome.changed, outcome.there, outcome.refused


def found(reference, kind="people"):
    """The id of what an old system calls so."""
    from lamplit.homes.models import Home
    from lamplit.people.models import Person
    from lamplit.tenancies.models import Tenancy

    model = {"homes": Home, "people": Person, "tenancies": Tenancy}[kind]
    return model.objects.get(reference=reference).id


@pytest.fixture
def whole(landlord, bring):
    """All four files brought over once."""
    for kind, text in (("homes", HOMES), ("people", PEOPLE), ("tenancies", TENANCIES), ("contacts", CONTACTS)):
        assert bring(kind, text).problems == []
    return landlord


def test_homes_with_their_blocks(landlord, bring):
    assert counts(bring("homes", HOMES)) == (3, 0, 0, 0)
    one, two = homes.by_uprn("999000000001"), homes.by_uprn("999000000002")
    assert homes.address_line(one) == "Flat 1, Ember Rise, Lampton, ZZ1 1AA"
    assert (one.bedrooms, one.shape, one.storey, one.stack) == ("2", "flat", 0, 1)
    assert homes.neighbours(one.id).above[0].id == two.id
    block = homes.block(one.block)
    assert (block.name, block.address, block.postcode) == ("Ember Rise", ["Ember Rise", "Lampton"], "ZZ1 1AA")


def test_people_tenancies_and_contacts(whole):
    ruth, home = found("C1"), found("P1", "homes")
    assert people.full_name(people.person(ruth)) == "Ruth Adeyemi"
    assert people.born_on(people.person(ruth)) == date(1962, 6, 4)
    lives = tenancies.household(found("T1", "tenancies"), TODAY)
    assert [(one.person, one.role, one.since_on) for one in lives] == [
        (ruth, "tenant", date(2019, 6, 3)),
        (found("C2"), "child", date(2019, 6, 5)),
    ]
    assert tenancies.lives_at(found("C4"), home, date(2021, 1, 31))
    assert not tenancies.lives_at(found("C4"), home, date(2021, 2, 1))
    assert tenancies.tenancy(found("T2", "tenancies")).ended_on == date(2020, 12, 31)
    assert [(way.channel, way.value, way.safe) for way in people.ways_to_reach(ruth, "message")] == [
        ("email", "Ruth@example.com", False),
        ("text", "+447700900001", True),
    ]
    assert {(one.how.channel, one.how.state) for one in people.reaches(found("C3"))} == {("text", "ended"), ("phone", "unproved")}


def test_no_reference_and_no_uprn_stands_in_clear(landlord, bring):
    text = PEOPLE.replace("C1,", "SECRETREF77,")
    bring("homes", HOMES.replace("P1,", "HOUSEREF66,").replace("B1,", "BLOCKREF55,"))
    bring("people", text)
    bring("tenancies", TENANCIES.replace("P1,", "HOUSEREF66,").replace("C1,", "SECRETREF77,").replace("T1,", "LETREF44,"))
    landlord.seal()
    entries = b"\n".join(landlord.entries())
    assert entries.count(b"tenancy.started") == 2
    for secret in (b"SECRETREF77", b"HOUSEREF66", b"BLOCKREF55", b"LETREF44", b"999000000001"):
        assert secret not in entries


@pytest.mark.parametrize("kind", ["homes", "people", "tenancies", "contacts"])
def test_the_same_file_twice_changes_nothing(whole, bring, kind):
    size = whole.seal()
    text = {"homes": HOMES, "people": PEOPLE, "tenancies": TENANCIES, "contacts": CONTACTS}[kind]
    assert counts(bring(kind, text)) == (0, 0, text.count("\n") - 1, 0)
    assert whole.seal() == size


def test_a_changed_row_is_a_correction_and_the_old_file_after_it_puts_it_back(whole, bring):
    changed = HOMES.replace("house,3", "house,4")
    home = found("P3", "homes")
    assert counts(bring("homes", changed)) == (0, 1, 2, 0)
    assert [row.bedrooms for row in homes.beliefs(home)] == ["4", "3"]
    assert counts(bring("homes", HOMES)) == (0, 1, 2, 0)
    assert homes.home(home).bedrooms == "3"


def test_what_staff_put_right_is_not_undone_by_the_next_night(whole, bring):
    home, person = found("P3", "homes"), found("C1")
    by, at = staff("s_priya"), now()
    correct_home(home=home, why="Counted", address=["9 Tallow Lane"], bedrooms=5, by=by, at=at, command="test:1")
    correct_person(person=person, why="She told us", name="Ruth Adeyemi-Cole", by=by, at=at, command="test:2")
    assert counts(bring("homes", HOMES)) == (0, 0, 3, 0)
    assert counts(bring("people", PEOPLE)) == (0, 0, 4, 0)
    assert counts(bring("people", PEOPLE.replace("04/06/1962", "05/06/1962"))) == (0, 1, 3, 0)
    assert (people.person(person).name, people.person(person).born_on) == ("Ruth Adeyemi-Cole", "1962-06-05")
    assert counts(bring("people", PEOPLE.replace("04/06/1962", "05/06/1962"))) == (0, 0, 4, 0)
    assert homes.home(home).bedrooms == "5"


def test_a_tenancy_goes_on_as_the_file_goes_on(whole, bring):
    tenancy, ruth = found("T1", "tenancies"), found("C1")
    more = TENANCIES.replace("05/06/2019,", "05/06/2019,01/09/2026") + "T1,P1,C3,occupant,Assured,03/06/2019,,01/10/2026,\n"
    assert counts(bring("tenancies", more)) == (1, 1, 3, 0)
    assert [one.person for one in tenancies.household(tenancy, TODAY)] == [ruth, found("C3")]
    assert counts(bring("tenancies", more)) == (0, 0, 5, 0)
    ended = more.replace("03/06/2019,,", "03/06/2019,20/11/2026,")
    assert counts(bring("tenancies", ended)) == (0, 1, 4, 0)
    assert tenancies.tenancy(tenancy).ended_on == date(2026, 11, 20)


def test_a_file_without_an_end_undoes_no_end(whole, bring):
    tenancy = found("T1", "tenancies")
    end_tenancy(tenancy=tenancy, ended_on=date(2026, 11, 30), by=staff("s_priya"), at=now(), command="test:end")
    assert counts(bring("tenancies", TENANCIES)) == (0, 0, 4, 0)
    assert tenancies.tenancy(tenancy).ended_on == date(2026, 11, 30)


def test_who_leaves_by_file_takes_shared_numbers_along(whole, bring):
    """A number that one who stays has too is no longer used for who left."""
    bring("contacts", CONTACTS + "C2,mobile,07700 900001,,,,,\n")
    assert counts(bring("tenancies", TENANCIES.replace("05/06/2019,", "05/06/2019,01/09/2026"))) == (0, 1, 3, 0)
    assert [one.how.state for one in people.reaches(found("C2"))] == ["ended"]
    assert {one.how.state for one in people.reaches(found("C1"))} == {"works"}


def test_contacts_that_staff_or_she_changed_are_left_alone(whole, bring):
    ruth = found("C1")
    by, at = staff("s_priya"), now()
    [email] = [one for one in people.reaches(ruth) if one.how.channel == "email"]
    how = Reach(channel="email", value=email.how.value, state="ended", safe=False, why="She lost it")
    set_reach(person=ruth, reach=email.id, how=how, by=by, at=at, command="test:reach")
    note_person(
        person=ruth, about=PersonNote(what="preference", code="channel", value="post"), by=by, at=at, command="test:prefers"
    )
    assert counts(bring("contacts", CONTACTS)) == (0, 0, 4, 0)
    assert people.preferences(ruth, london_date(now())).channel == "post"
    assert [way.channel for way in people.ways_to_reach(ruth, "message")] == ["text"]


def test_contacts_change_by_file(whole, bring):
    ruth = found("C1")
    other = CONTACTS.replace("001,yes,,", "001,no,yes,").replace("COM,no,yes", "COM,no,")
    assert counts(bring("contacts", other)) == (0, 1, 3, 0)
    assert people.preferences(ruth, london_date(now())).channel == "text"
    assert {way.safe for way in people.ways_to_reach(ruth, "message")} == {False}


def test_bad_rows_are_named_and_the_good_ones_come_over(landlord, bring, tmp_path):
    bad = (
        "P4,12345678901234,Flat 4,,,ZZ1 1AA,,,,,,\n"  # UPRN too long
        "P5,,Flat 5,,,NOWHERE,,9,,,,\n"
        "P1,,Flat 6,,,,,,,,,\n"  # the reference once more
        "P7,999000000002,Flat 7,,,,,,,,,\n"  # the UPRN once more
        "P8,,Flat 8,,,,,1,B9,,,\n"  # a block without a name
    )
    outcome = bring("homes", HOMES + bad)
    assert counts(outcome) == (3, 0, 0, 5)
    assert [(problem.line, problem.column) for problem in outcome.problems] == [
        (5, "UPRN"), (6, "PostalCode"), (7, "PropertyReference"), (8, "UPRN"), (9, "BlockName"),
    ]  # fmt: skip
    assert outcome.problems[1].words == "That is no UK postcode. Write it like HH1 2AB."
    beside = tmp_path / "homes.refused.csv"
    assert refused_file(tmp_path / "homes.csv") == beside
    assert beside.stat().st_mode & 0o777 == 0o600
    rows = list(csv.DictReader(beside.read_text("utf-8-sig").splitlines()))
    assert list(rows[0])[:-2] == HOMES_HEAD.split(",")
    assert [(row["PropertyReference"], row["Line"]) for row in rows] == [
        ("P4", "5"),
        ("P5", "6"),
        ("P1", "7"),
        ("P7", "8"),
        ("P8", "9"),
    ]
    assert rows[2]["Reason"] == "PropertyReference: Line 2 has the same already."


def test_the_refused_rows_are_mended_in_their_own_file_and_brought_alone(landlord, bring, tmp_path):
    bring("people", PEOPLE + "C5,Ann Tully,,,31/02/1960\n")
    beside = tmp_path / "people.refused.csv"
    beside.write_text(beside.read_text("utf-8-sig").replace("31/02/1960", "28/02/1960"), "utf-8-sig")
    outcome = bring("people", beside)
    assert counts(outcome) == (1, 0, 0, 0)
    assert outcome.unknown == []
    assert people.person(found("C5")).born_on == "1960-02-28"
    assert counts(bring("people", PEOPLE)) == (0, 0, 4, 0)
    assert not beside.exists()  # nothing of this file is refused any more


BAD_TENANCIES = [
    ("T9,P9,C1,tenant,assured,01/01/2020,,,", "PropertyReference", "No home with this reference"),
    ("T9,P3,C9,tenant,assured,01/01/2020,,,", "PersonReference", "No person with this reference"),
    ("T9,P3,C1,occupant,assured,01/01/2020,,,", "Role", "at least one tenant"),
    ("T9,P3,C1,tenant,assured,01/01/2020,01/01/2019,,", "EndDate", ""),
    ("T9,P1,C4,tenant,assured,01/01/2020,,,", "StartDate", "Line 2 lets the same home"),
    ("T1,P1,C3,occupant,secure,03/06/2019,,,", "", "cannot change these"),
    ("T1,P1,C3,occupant,assured,03/06/2019,,01/01/2001,", "JoinedDate", "before the tenancy began"),
    ("T9,P3,C1,tenant,assured,01/01/2020,,,01/01/2021", "LeftDate", ""),
    ("T9,P3,C1,lodger,assured,01/01/2020,,,", "Role", "Write one of"),
]


@pytest.mark.parametrize(("row", "column", "words"), BAD_TENANCIES)
def test_tenancies_are_refused_in_words(whole, bring, row, column, words):
    outcome = bring("tenancies", TENANCIES + row + "\n")
    assert counts(outcome) == (0, 0, 4, 1)
    [problem] = outcome.problems
    assert (problem.line, problem.column) == (6, column)
    assert words in problem.words


def test_rows_of_one_tenancy_must_agree(whole, bring):
    head = TENANCIES.split("\n", maxsplit=1)[0]
    rows = ["T9,P3,C1,tenant,assured,01/01/2020,,,", "T9,P3,C4,tenant,secure,01/01/2020,,,"]
    outcome = bring("tenancies", "\n".join([head, *rows]))
    assert counts(outcome) == (1, 0, 0, 1)
    assert outcome.problems[0].words.startswith("Home, tenure, start or end differ from line 2")


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("C9,mobile,07700900009,,,,,", "PersonReference"),
        ("C1,mobile,01632960001,,,,,", "Channel"),
        ("C1,phone,not a number,,,,,", "Value"),
        ("C1,email,nobody,,,,,", "Value"),
        ("C1,mobile,07700900001,,,,,", "Value"),
        ("C1,mobile,07700900009,,yes,,,", "Preferred"),
        ("C1,fax,01632960001,,,,,", "Channel"),
    ],
)
def test_contacts_are_refused_in_words(whole, bring, row, column):
    outcome = bring("contacts", CONTACTS.replace("07700 900 001", "07700900001") + row + "\n")
    assert counts(outcome)[3] == 1
    assert [(problem.line, problem.column) for problem in outcome.problems] == [(6, column)]


def test_a_rehearsal_says_the_same_and_writes_nothing(landlord, bring, tmp_path):
    text = HOMES + "P4,,Flat 4,,,NOWHERE,,,,,,\n"
    rehearsed = bring("homes", text, rehearse=True)
    assert landlord.seal() == 0
    assert not (tmp_path / "homes.refused.csv").exists()
    assert rehearsed == bring("homes", text)
    changed = text.replace("house,3", "house,4")
    again = bring("homes", changed, rehearse=True)
    assert counts(again) == (0, 1, 2, 1)
    assert again == bring("homes", changed)


def test_two_old_systems_may_call_two_people_the_same(landlord, bring):
    assert counts(bring("people", PEOPLE, system="north")) == (4, 0, 0, 0)
    assert counts(bring("people", PEOPLE, system="south")) == (4, 0, 0, 0)
    assert counts(bring("people", PEOPLE, system="north")) == (0, 0, 4, 0)
    assert found("north:C1") != found("south:C1")


def test_a_person_who_was_erased_has_no_reference_left(whole, bring):
    """So another file would bring her back as somebody new: docs/import.md says to take her out of the old system first."""
    person = found("C3")
    whole.erase(person, "contact")
    assert str(people.person(person).reference) == "erased"
    assert counts(bring("people", PEOPLE)) == (1, 0, 3, 0)


def test_several_processes_write_each_row_once(landlord, tmp_path):
    path = tmp_path / "people.csv"
    path.write_text("PersonReference,NameFull\n" + "".join(f"C{n},Person {n}\n" for n in range(1_700)))
    order = Order(kind="people", user="tester", processes=2)
    seen = []
    assert counts(bring_file(path, order, lambda *step: seen.append(step))) == (1_700, 0, 0, 0)
    assert seen[-1] == (1_700, 1_700)
    assert counts(bring_file(path, order, lambda *_: None)) == (0, 0, 1_700, 0)
    assert landlord.seal() == 1_700


def test_rows_of_one_tenancy_may_stand_far_apart(landlord, bring, tmp_path):
    homes, tenants, others = HOMES.splitlines()[0] + "\n", "", ""
    people = PEOPLE.splitlines()[0] + "\n"
    for n in range(620):
        homes += f"P{n},,{n} Tallow Lane,,Lampton,,house,3,,,,\n"
        people += f"C{n},Tess Tenant,,,\nD{n},Otto Occupant,,,\n"
        tenants += f"T{n},P{n},C{n},tenant,assured,03/06/2019,,,\n"
        others += f"T{n},P{n},D{n},occupant,assured,03/06/2019,,,\n"
    bring("homes", homes)
    bring("people", people)
    path = tmp_path / "tenancies.csv"
    path.write_text(f"{TENANCIES.splitlines()[0]}\n{tenants}{others}")
    order = Order(kind="tenancies", user="tester", processes=2)
    assert counts(bring_file(path, order, lambda *_: None)) == (1240, 0, 0, 0)


def test_a_block_needs_its_name_once_however_many_pages_its_homes_fill(landlord, tmp_path):
    path = tmp_path / "homes.csv"
    rows = (f"P{n},Flat {n},B{n % 2},{'Wick Court' if n < 2 else ''}\n" for n in range(1_100))  # never two of one block together
    path.write_text("PropertyReference,AddressLine1,BlockReference,BlockName\n" + "".join(rows))
    for rehearse in (True, False):
        outcome = bring_file(path, Order(kind="homes", user="tester", processes=2, rehearse=rehearse), lambda *_: None)
        assert counts(outcome) == (1_100, 0, 0, 0)
    assert [len(homes.homes_of_block(block)) for block in set(Home.objects.values_list("block", flat=True))] == [550, 550]


def test_two_imports_at_once_write_each_row_once(landlord, tmp_path):
    """The night's run begins while somebody imports by hand: the database lets a reference in once, and the other sees it."""
    files = {"homes": HOMES, "people": PEOPLE, "tenancies": TENANCIES, "contacts": CONTACTS}
    for kind, text in files.items():
        (tmp_path / f"{kind}.csv").write_text(text)
        ready = threading.Barrier(2)

        def bring_at_once(user, kind=kind, ready=ready):
            ready.wait()
            try:
                return bring_file(tmp_path / f"{kind}.csv", Order(kind=kind, user=user), lambda *_: None)
            finally:
                connections.close_all()

        with ThreadPoolExecutor(2) as pool:
            outcomes = list(pool.map(bring_at_once, ["night", "day"]))
        rows = text.count("\n") - 1
        assert [one.problems for one in outcomes] == [[], []]
        assert sorted((one.written, one.there) for one in outcomes) == [(0, rows), (rows, 0)], kind
