"""`lamplit import` as it is called: what it says, what it answers, and that a kill in the middle loses and doubles nothing."""

import os
import signal
import subprocess
import sys

import pytest

from lamplit.cli.main import parser

HEAD = "PersonReference,NameFull,DateOfBirth\n"


@pytest.fixture
def file(tmp_path):
    def write(text, name="people.csv"):
        path = tmp_path / name
        path.write_text(text)
        return str(path)

    return write


def test_it_says_what_became_of_every_row(installed, lamplit, file, tmp_path):
    path = file(HEAD.replace("\n", ",Shoe\n") + "C1,Ruth Adeyemi,1962-06-04,5\nC2,Tomasz Wolski,soon,9\n")
    code, out, err = lamplit("import", "people", path, "--dry-run")
    assert code == 1
    assert out.splitlines() == [
        "Line 3, DateOfBirth: That is no date. Write it like 2026-11-23 or 23/11/2026.",
        "2 rows read: 1 would be written, 0 would be put right, 0 there already, 1 refused.",
    ]
    assert "Columns that are not read: Shoe." in err
    code, out, _ = lamplit("import", "people", path)
    assert code == 1
    assert "2 rows read: 1 written, 0 put right, 0 there already, 1 refused." in out
    beside = tmp_path / "people.refused.csv"
    assert f"The refused rows are in {beside}" in out
    beside.write_text(beside.read_text("utf-8-sig").replace("soon", "1970-01-31"), "utf-8-sig")
    assert lamplit("import", "people", str(beside))[0] == 0
    code, out, _ = lamplit("import", "people", file(HEAD + "C1,Ruth Adeyemi,1962-06-04\n"))
    assert (code, out) == (0, "1 rows read: 0 written, 0 put right, 1 there already, 0 refused.\n")


def test_nothing_of_a_person_is_said_but_where_the_trouble_is(installed, lamplit, file):
    code, out, err = lamplit("import", "people", file(HEAD + "C1,Ruth Adeyemi,1462-06-04\n"))
    assert code == 1
    assert "Adeyemi" not in out + err
    assert "1462" not in out + err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["people", "/nowhere.csv"], "There is no file"),
        (["people", "{file}", "--system", "Our System"], "small letters"),
        (["people", "{file}", "--processes", "0"], "at least one process"),
        (["homes", "{file}"], "no column PropertyReference"),
        (["pets", "{file}"], "invalid choice"),
    ],
)
def test_wrong_use_is_2(installed, lamplit, file, words, says):
    path = file(HEAD + "C1,Ruth Adeyemi,1962-06-04\n")
    code, _, err = lamplit("import", *(word.format(file=path) for word in words))
    assert code == 2
    assert says in err


def test_a_long_list_of_troubles_is_cut_and_stands_in_the_file_beside(installed, lamplit, file, tmp_path):
    path = file(HEAD + "".join(f"C{n},,\n" for n in range(150)))
    code, out, _ = lamplit("import", "people", path)
    assert (code, len(out.splitlines())) == (1, 103)
    assert "And 50 more." in out
    assert len((tmp_path / "people.refused.csv").read_text("utf-8-sig").splitlines()) == 151


def test_every_kind_of_file_can_be_asked_for():
    from lamplit.exchange.kinds import KINDS

    assert [parser().parse_args(["import", kind, "x.csv"]).kind for kind in KINDS] == list(KINDS)


@pytest.mark.attack
@pytest.mark.slow
def test_killed_in_the_middle_it_goes_on_and_nothing_is_there_twice(installed, lamplit, file):
    """The whole crew is killed as soon as the first pages are there."""
    rows = 6_000
    path = file(HEAD + "".join(f"C{n},Person {n},1970-01-31\n" for n in range(rows)))
    words = [sys.executable, "-m", "lamplit.cli", "import", "people", path]
    child = subprocess.Popen(
        words, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=os.environ.copy()
    )
    with installed.connect("reader") as db:
        while db.execute("SELECT count(*) FROM folded.person").fetchone()[0] == 0:
            assert child.poll() is None
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
        first = db.execute("SELECT count(*) FROM folded.person").fetchone()[0]
    assert 0 < first < rows
    code, out, _ = lamplit("import", "people", path)
    assert code == 0
    written = int(out.split("read: ")[1].split()[0].replace(",", ""))
    assert 0 < written < rows
    with installed.connect("reader") as db:
        assert db.execute("SELECT count(*), count(DISTINCT reference) FROM folded.person").fetchone() == (rows, rows)
    assert installed.seal() == rows
