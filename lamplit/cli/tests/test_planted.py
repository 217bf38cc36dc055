"""Which planted records a file holds: in whatever way it spells them, and since when they were there."""

from argparse import Namespace
from datetime import UTC, date, datetime, timedelta

import pytest

from lamplit.cli import planted, start
from lamplit.cli.seed.plan import cut, make_sites
from lamplit.cli.seed.write import write_batch
from lamplit.cli.tests.test_seed import made_up
from lamplit.people import queries
from lamplit.people.facts import Planting
from lamplit.reactions.planting import put_in_due

AT = [datetime(2026, 3, day, 9, 30, tzinfo=UTC) for day in (2, 3, 4, 5)]
TESS = planted.watched(
    "P-7KDQ",
    Planting(
        what="agreed", salt="x", at=AT[0], person="p_0q9s0000000000000abc", name="Tess O’Gorman", born_on=date(1979, 4, 2),
        phone="+447700900987", email="tess.gorman4817@post.example", steps=AT,
    ),
)  # fmt: skip


@pytest.mark.parametrize(
    ("line", "what", "since"),
    [
        ("1;TESS.GORMAN4817@POST.EXAMPLE;x", "e-mail address", AT[2]),
        ("rang 07700 900 987 twice", "number", AT[1]),
        ('"00447700900987","b"', "number", AT[1]),
        ("O'GORMAN, x\tTess O'Gorman\t02/04/1979", "name and date of birth", AT[0]),
        ("tess o gorman,1979-04-02", "name and date of birth", AT[0]),
        ("INSERT INTO person VALUES ('p_0q9s0000000000000abc')", "id", AT[0]),
    ],
)
def test_a_mark_is_found_however_it_is_spelt(line, what, since):
    (found,) = planted.search([TESS], ["name,phone\n", line])
    assert ([mark.what for mark in found.marks], found.since, found.lines) == ([what], since, (2,))


@pytest.mark.parametrize("line", ["Tess O'Gorman", "02/04/1979", "07700 900988", "tess.gorman@post.example", ""])
def test_what_somebody_else_may_have_proves_nothing(line):
    assert planted.search([TESS], [line]) == []


def test_the_command_says_which_of_the_demos_two_a_file_holds(landlord, tmp_path, monkeypatch, capsys):
    mine = made_up(years=0)
    write_batch(mine, 0, cut(make_sites(mine.homes, mine.seed)))
    one, other = queries.planted()
    assert one.there
    assert other.there
    assert put_in_due(mine.begins + timedelta(days=1)) == 0, "all of them is there"
    monkeypatch.setattr(start, "open_installation", lambda: None)
    file = tmp_path / "leak.csv"
    file.write_text(f"name,mail\nAda,ada@example.org\n{one.about.name},{one.about.email}\n")
    assert planted.check(Namespace(file=str(file))) == 1
    said = capsys.readouterr().out
    assert f"{one.label} {one.about.name}: e-mail address (line 3)" in said
    assert "In our data since" in said
    assert f"{other.label} {other.about.name} is not in it" in said
    file.write_text("name\nAda\n")
    assert planted.check(Namespace(file=str(file))) == 0
    assert "That proves nothing" in capsys.readouterr().out
    assert [seen.about.why for seen in queries.openings(mine.begins) if seen.about.what == "listed"] == [
        "lamplit planted check"
    ] * 2
