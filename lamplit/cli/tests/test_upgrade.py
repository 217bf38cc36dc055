"""`lamplit upgrade` with a release that really folds otherwise: a copy of this one, changed in one place."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connections

import lamplit as package
from lamplit.cli import start
from lamplit.cli.say import Failed
from lamplit.cli.upgrade import Change
from lamplit.config import release
from lamplit.homes.models import Home
from tests import cast
from tests.losing import new_home

pytestmark = pytest.mark.slow
STAYS = "    row.reference = fact.reference  # stays, whatever is put right of the home\n"
OTHER = STAYS + "    row.postcode = (row.postcode or 'NONE').lower()\n"


@pytest.fixture
def other(tmp_path):
    """Another release: the program that `lamplit` runs, folding postcodes in small letters."""
    copy = tmp_path / "release" / "lamplit"
    shutil.copytree(Path(package.__file__).parent, copy, ignore=shutil.ignore_patterns("tests", "static", "__pycache__"))
    fold = copy / "homes" / "fold.py"
    assert STAYS in fold.read_text()
    fold.write_text(fold.read_text().replace(STAYS, OTHER))

    def run(*words):
        return subprocess.run(
            [sys.executable, "-m", "lamplit.cli", *words], cwd=copy.parent, capture_output=True, text=True, check=False
        )

    return run


def postcodes():
    connections.close_all()  # the schema behind the name is another one
    found = set(Home.objects.values_list("postcode", flat=True))
    connections.close_all()
    return found


def test_a_release_that_folds_otherwise_makes_the_tables_anew_and_can_be_taken_back(installed, lamplit, other):
    cast.settle()
    installed.publish()
    new_home(1)  # waits in the intake
    ours = postcodes()
    with start.connect("owner") as db:
        release.remember(db, folds=release.folds(), version="ours")
    code, out, err = lamplit("upgrade", "--database-only")
    assert (code, "the tables stay" in out) == (0, True), out + err

    done = other("upgrade", "--database-only")
    assert done.returncode == 0, done.stderr
    assert "took over" in done.stdout
    assert postcodes() == {(code or "none").lower() for code in ours}
    assert "folds otherwise" in lamplit("doctor")[1]

    back = Change(1)  # ours again, as far as seeing whether it works
    back.prepare()
    back.take_over()
    assert postcodes() == ours
    back.undo(None)
    assert postcodes() == {(code or "none").lower() for code in ours}

    again = Change(1)
    again.prepare()
    again.take_over()
    new_home(2)  # something is written before it is taken back
    with pytest.raises(Failed, match="Something was written"):
        again.undo(None)
    again.settle()
    assert len(postcodes() - ours) <= 1
    with start.connect("owner") as db:
        assert db.execute("SELECT to_regnamespace('folded_before')").fetchone() == (None,)


def test_without_services_it_says_so(installed, lamplit):
    code, _, err = lamplit("upgrade")
    assert code == 1
    assert "--database-only" in err
    assert lamplit("upgrade", "/nowhere", "--database-only")[2].startswith("lamplit: /nowhere holds no release")
