"""`lamplit log`: what it prints, and its exit code when something does not hold."""

import json
import subprocess
import sys
from pathlib import Path

from lamplit.basics.who import job
from tests import cast
from tests.landlord import LOG_KEY

ROOT = Path(__file__).parents[3]


def test_a_published_log_holds_and_a_changed_one_does_not(installed, lamplit, tmp_path):
    cast.settle()
    installed.publish()
    assert lamplit("log", "key")[1] == f"{LOG_KEY.vkey}\n"
    code, out, _ = lamplit("log", "verify", "--store", str(tmp_path / "store"), "--key", LOG_KEY.vkey, "--processes", "1")
    assert code == 0
    assert out.startswith("It holds: ")
    bundle = next((tmp_path / "store" / "tile" / "entries").rglob("*.p/*"))
    kept = bundle.read_bytes()
    bundle.chmod(0o644)
    bundle.write_bytes(kept.replace(b"Ember", b"Amber", 1) if b"Ember" in kept else kept[:-1] + b"x")
    code, out, _ = lamplit("log", "verify", "--store", str(tmp_path / "store"), "--key", LOG_KEY.vkey, "--json")
    assert code == 1
    assert json.loads(out)["faults"]
    bundle.write_bytes(kept)


def test_the_program_that_is_installed_checks_a_log_with_as_many_processes_as_the_machine_has(installed, tmp_path):
    """Each process that it starts reads the program's own file again, and must not begin a check of its own."""
    cast.settle()
    installed.publish()
    program = Path(sys.executable).with_name("lamplit")
    words = [program, "log", "verify", "--store", tmp_path / "store", "--key", LOG_KEY.vkey, "--processes", "2"]
    done = subprocess.run(words, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("It holds: ")


def test_a_proof_can_be_made_and_checked_and_not_bent(installed, lamplit, tmp_path):
    cast.settle()
    installed.publish()
    code, proof, _ = lamplit("log", "prove", "3")
    assert code == 0
    file = tmp_path / "proof"
    file.write_text(proof)
    code, out, _ = lamplit("log", "check-proof", str(file), "--key", LOG_KEY.vkey)
    assert code == 0
    assert out.startswith("This is entry 3 of the record")
    file.write_text(proof.replace("index 3", "index 2"))
    assert lamplit("log", "check-proof", str(file), "--key", LOG_KEY.vkey)[0] == 1
    assert lamplit("log", "prove", "4000")[0] == 1


def test_it_shows_a_subject_opened_with_the_keys_that_are_here(installed, lamplit):
    cast.settle()
    code, out, _ = lamplit("log", "show", cast.RUTH)
    assert code == 0
    assert "person.recorded/1" in out
    assert "Ruth Adeyemi" in out
    assert "not sealed yet" in out
    installed.seal()
    entries = json.loads(lamplit("log", "show", cast.RUTH, "--json")[1])
    assert {entry["by"] for entry in entries} == {str(job("cast"))}
    assert all(isinstance(entry["entry"], int) for entry in entries)
    assert lamplit("log", "show", "p_nobody")[0] == 1


def test_a_destroyed_key_leaves_the_word_erased(installed, lamplit):
    cast.settle()
    installed.erase(cast.RUTH, "contact")
    _, out, _ = lamplit("log", "show", cast.RUTH)
    assert "Ruth Adeyemi" not in out
    assert "name: (erased)" in out
