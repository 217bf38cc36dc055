"""The landlord's own figures: read at the start, shown, and what ends soon is said."""

import os
import subprocess
import sys

import pytest

from lamplit.basics import figures
from lamplit.basics.lines import LineError
from lamplit.cli.main import main
from lamplit.config import own_figures
from lamplit.rent.rules import ladder

NEXT_CPI = """
[[cpi]]
value = "2.9"
effective_from = 2027-04-01
effective_to = 2028-03-31
citation = "Office for National Statistics, October 2026"
"""


@pytest.fixture
def own(tmp_path, monkeypatch):
    monkeypatch.setenv("LAMPLIT_FIGURES", str(tmp_path))
    monkeypatch.setattr(figures, "OWN", {})
    monkeypatch.setattr(ladder, "OWN", figures.OWN)
    return tmp_path


def test_her_own_are_read_and_shown(own, capsys):
    assert main(["figures", "cpi", "--on", "2027-02-01"]) == 0
    said = capsys.readouterr().out
    assert "cpi = 3.8\n" in said
    assert "Enter what comes next: rent.law.toml: cpi ends on 31/03/2027." in said
    (own / "rent.law.toml").write_text(NEXT_CPI)
    own_figures.read()
    assert main(["figures", "cpi", "--on", "2027-04-05"]) == 0
    said = capsys.readouterr().out
    assert "cpi = 2.9  (your own)" in said
    assert "cpi ends" not in said
    assert main(["figures", "nothing"]) == main(["figures", "--on", "soon"]) == 2


def test_a_ladder_of_her_own_takes_the_place_of_ours(own):
    (own / "rent.steps.toml").write_text(ladder.data("steps.toml").replace("effective_from = 2017", "effective_from = 2018"))
    own_figures.read()
    assert ladder.steps_file.__wrapped__() == ladder.load_steps((own / "rent.steps.toml").read_text())
    (own / "rent.steps.toml").write_text("[[edition]]\n")
    with pytest.raises(ValueError, match=r"rent\.steps\.toml: "):
        own_figures.read()


def test_figures_of_no_feature_are_named(own):
    (own / "rents.toml").write_text(NEXT_CPI)
    with pytest.raises(LineError, match=r"no figures are called so. There are basics.bacs.toml"):
        own_figures.read()


def test_no_program_starts_with_wrong_figures(own):
    (own / "rent.law.toml").write_text(NEXT_CPI.replace('"2.9"', "2.9"))
    done = subprocess.run(
        [sys.executable, "-m", "lamplit.cli", "figures"],
        env=os.environ | {"LAMPLIT_HOME": str(own)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert f"{own / 'rent.law.toml'}:2: cpi" in done.stderr
    assert "Traceback" not in done.stderr
