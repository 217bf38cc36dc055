"""How the command line is called, and that a stranger needs nothing but files and a key."""

import subprocess
import sys

import pytest

from lamplit.cli.main import parser

COMMANDS = [
    "install",
    "doctor",
    "upgrade",
    "nightly",
    "staff",
    "init",
    "seed",
    "demo",
    "serve",
    "work",
    "seal",
    "publish",
    "log",
    "rebuild",
    "compare",
    "audit",
    "restore",
    "erasures",
    "owed",
    "destroy",
    "replay",
    "dbshell",
    "dump",
]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(lamplit, command):
    code, out, _ = lamplit(command, "--help")
    assert code == 0
    assert command in out


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["polish"],
        ["log"],
        ["log", "verify", "--store", "x"],
        ["log", "prove", "first"],
        ["log", "verify", "--store", "x", "--key", "no key"],
        ["log", "check-proof", "not-there", "--key", "x"],
        ["compare", "--live", "postgresql://h/d?colour=red", "--rebuilt", "postgresql://h/d"],
        ["seed", "--homes", "0"],
    ],
)
def test_wrong_use_is_2_and_says_why(lamplit, words):
    code, out, err = lamplit(*words)
    assert (code, out) == (2, "")
    assert err


def test_a_command_that_runs_psql_takes_its_arguments_after_the_dashes():
    assert parser().parse_args(["dbshell", "--", "-c", "SELECT 1"]).arguments == ["-c", "SELECT 1"]


@pytest.mark.parametrize(
    "words", [["log", "verify", "--store", "{}", "--key", "k"], ["log", "check-proof", "{}/x", "--key", "k"]]
)
def test_checking_needs_no_database_and_no_django(tmp_path, words):
    """It is what an outsider runs: neither may even be imported."""
    (tmp_path / "x").write_text("no proof")
    program = (
        "import sys; from lamplit.cli.main import main; code = main(sys.argv[1:]);"
        "loaded = [name for name in ('django', 'psycopg', 'lamplit.config') if name in sys.modules]; print(code, loaded)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *(word.format(tmp_path) for word in words)], capture_output=True, text=True, check=True
    )
    assert done.stdout == "2 []\n"
