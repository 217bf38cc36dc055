"""Quarterly statements for the print house: each tenant her own, as often as it is cut off; none where post is not safe."""

import csv
import shutil
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest

from lamplit.basics.clock import now
from lamplit.basics.refusal import Refused
from lamplit.basics.working_days import london_date
from lamplit.cli import statement_batches, statements, statements_went
from lamplit.config import papers
from lamplit.messages.models import Message
from lamplit.people import actions as people
from lamplit.people.facts import PersonNote
from lamplit.reactions import statements as jobs
from lamplit.reactions.tests.working import follow
from lamplit.rent import actions, queries
from lamplit.rent.rules import quarters
from lamplit.rent.tests.account import CLERK, brought, kept
from lamplit.staff import actions as staff
from tests import cast

PDF = b"%PDF" + b"." * 20 + b"%%EOF\n"


def run(folder, which, processes=1) -> statements.Made:
    return statements.make_all(folder, which, lambda *_: None, processes)


@pytest.fixture
def made(monkeypatch):
    """Every statement's values, in order; a paper is a few bytes."""
    made = []

    def make(name, values):
        made.append(values)
        return PDF

    monkeypatch.setattr(papers, "make", make)
    return made


def listed(folder):
    with (folder / statements.LIST).open(newline="") as lines:
        return list(csv.DictReader(lines))


def test_every_tenant_gets_her_own_and_a_run_that_was_cut_off_goes_on(landlord, tmp_path, made, monkeypatch):
    cast.settle()
    brought()
    monkeypatch.setattr(statement_batches, "AT_ONCE", 1)
    today = london_date(now())
    which = statements.Asked(today - statements.WEEKS, today, today)
    alone = tmp_path / "alone"
    alone.mkdir()
    assert run(alone, which)[:2] == (1, 0), "Tomasz's rent is not kept here: nobody tells him that he owes nothing"
    shutil.rmtree(alone)
    made.clear()
    kept(cast.TOMASZS_TENANCY)
    monkeypatch.setattr(papers, "make", lambda *_: PDF if not list(tmp_path.rglob("*.pdf")) else 1 // 0)
    with pytest.raises(ZeroDivisionError):
        run(tmp_path, which)
    assert len(list(tmp_path.rglob("*.pdf"))) == 1
    assert not (tmp_path / statements.LIST).exists()
    monkeypatch.setattr(papers, "make", lambda _, values: made.append(values) or PDF)
    assert run(tmp_path, which)[:2] == (1, 1)
    # A file that a power cut left short is no file.
    short = next(tmp_path.rglob("*.pdf"))
    short.write_bytes(PDF[:-6])
    assert run(tmp_path, which)[:2] == (1, 1)
    for file in tmp_path.rglob("*.pdf"):
        file.unlink()
    assert run(tmp_path, which, processes=2)[:2] == (2, 0)
    assert len(listed(tmp_path)) == 2
    assert not list(tmp_path.rglob("*.part"))
    assert all(file.stat().st_mode & 0o077 == 0 for file in tmp_path.rglob("*"))
    for file in tmp_path.rglob("*.pdf"):
        file.unlink()
    made.clear()
    run(tmp_path, which)
    ruths = next(one for one in made if one["name"] == "Ruth Adeyemi")
    assert ruths["address"] == ["5 Ember Rise", "Lampton", "ZZ1 1AA"]
    assert [(line["up"], line["down"], line["balance"]) for line in ruths["lines"]] == [
        ("£200.00", "", "£200.00 owed"),
        ("", "£30.00", "£170.00 owed"),
    ]
    assert (ruths["before"], ruths["after"], ruths["to_pay"]) == ("£0.00", "£170.00 owed", "£170.00")
    assert ruths["sentences"][0].startswith("Please pay £170.00 by")
    assert ruths["beside"][0]["what"] == "Court costs"


def charged(pence, on, account=cast.RUTHS_TENANCY):
    at = datetime.combine(on, time(9), UTC)
    rent = {"debit": "rent", "credit": "rent_income", "what": "rent", "why": "agreed"}
    actions.move_money(account=account, pence=pence, on=on, **rent, by=CLERK, at=at, command=f"t:{account}:{on}")


def test_a_quarter_that_went_and_who_has_none(landlord, tmp_path, made, monkeypatch):
    at = now()
    today = london_date(at)
    of = queries.last_quarter(today)
    cast.settle(at - timedelta(days=300))
    for on in (of.since - timedelta(days=5), of.since, of.until):
        charged(10_000, on)
    charged(10_000, of.until, cast.TOMASZS_TENANCY)
    charged(3_000, of.until + timedelta(days=1))
    which = statements.Asked(of.since, of.until, london_date(at))
    marker = PersonNote(what="restricted", code="abuse", source="She told us")
    people.note_person(person=cast.TOMASZ, about=marker, by=CLERK, at=at, command="t:alert")
    died = {"account": cast.RUTHS_TENANCY, "kind": "death", "words": "Her son rang.", "by": CLERK, "at": at}
    hold = actions.place_hold(**died, command="t:death")
    assert sorted(run(tmp_path, which).left_out) == sorted([cast.RUTH, cast.TOMASZ])
    actions.end_hold(hold=hold, words="It was another Ruth.", by=CLERK, at=at, command="t:alive")
    assert run(tmp_path, which).left_out == [cast.TOMASZ]
    ruths = next(one for one in made if one["name"] == "Ruth Adeyemi")
    assert (ruths["before"], ruths["after"], len(ruths["lines"])) == ("£100.00 owed", "£300.00 owed", 2)
    assert ruths["to_pay"] == "£330.00", "where she stands is said as of the day of writing"
    assert queries.statements_went(of, today) == (0, 2, None)
    late = datetime.combine(of.due_on + timedelta(days=1), time(9), UTC)
    follow(landlord, late)
    assert jobs.look_for_late(late - timedelta(days=1)) == 0
    assert jobs.look_for_late(late) == 1
    assert jobs.look_for_late(late + timedelta(days=6)) == 0
    money = {"name": "Jo Finance", "email": "jo@landlord.example", "roles": ["finance"], "phone": None, "contractor": None}
    staff.join_staff(**money, by=CLERK, at=at - timedelta(days=200), command="t:staff")
    follow(landlord, late)
    (told,) = Message.objects.filter(template="rent_statements")
    assert f"Statements of {of.name} have not gone for 2 accounts of 2." in told.body
    # They went: noted once, whoever was left out stands on the list until she has hers.
    on = of.until + timedelta(days=4)
    assert statements_went.note_all(tmp_path, which, of.name, on, at) == 1
    assert statements_went.note_all(tmp_path, which, of.name, on, at + timedelta(seconds=5)) == 0
    assert queries.statements_went(of, today) == (1, 2, on)
    assert queries.statements_of([cast.RUTHS_TENANCY], of.name)[cast.RUTHS_TENANCY].people == [cast.RUTH]
    assert queries.without_statement(of, today, 9) == [(cast.TOMASZS_TENANCY, [])]
    handed = {"quarter": of.name, "account": cast.TOMASZS_TENANCY, "person": cast.TOMASZ, "wanting": 0, "by": CLERK, "at": at}
    actions.hand_statement(**handed, command="t:handed")
    with pytest.raises(Refused, match=r"rent\.statement_there"):
        actions.hand_statement(**handed, command="t:again")
    assert queries.statements_went(of, today).missing == 0
    assert jobs.look_for_late(late + timedelta(days=8)) == 0
    with pytest.raises(Refused, match=r"rent\.statement_day"):
        actions.note_statements(quarter=of.name, on=of.until, sent=[], by=CLERK, at=at, command="t:day")


def test_a_quarter_leaves_no_day_out_and_has_thirteen_weeks():
    today = date(2028, 1, 1)
    made = [quarters.quarter(f"{year}Q{number}", today) for year in (2026, 2027) for number in (1, 2, 3, 4)]
    for before, after in pairwise(made):
        assert after.since <= before.until + timedelta(days=1)
    assert all((one.until - one.since).days + 1 >= 91 for one in made)
    assert quarters.last_quarter(today) == made[-1]
    assert quarters.last_quarter(date(2026, 11, 26)).name == "2026Q3"
    for name in ("2028Q1", "2026Q5", "2026", "26Q3"):
        with pytest.raises(Refused, match=r"rent\.no_such_quarter"):
            quarters.quarter(name, today)
