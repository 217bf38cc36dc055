"""What `lamplit install` decides before it touches a machine: answers, files, the plan, and where the keys go."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from lamplit.cli.install import inside, keys
from lamplit.cli.install.steps import steps
from lamplit.cli.installation import answers as told
from lamplit.cli.installation import layout
from lamplit.cli.installation.machine import Machine
from lamplit.cli.main import parser
from lamplit.cli.say import Failed, WrongUse
from lamplit.config import place
from lamplit.record import keyfiles
from lamplit.record.checkpoint import Checkpoint
from lamplit.record.note import COSIGNATURE, SigningKey
from lamplit.record.store import open_store

ROOT = Path(__file__).resolve().parents[3]
GOOD = {
    "landlord": "St Anne's Homes", "phone": "0303 100 0100", "host": "homes.example.org", "acme_email": "it@example.org",
    "take_away": "/media/keys", "administrators": [{"name": "Ada", "email": "a@b.org"}, {"name": "Ben", "email": "b@b.org"}],
}  # fmt: skip
MAIN_LOG = SigningKey.from_seed("homes.example.org/record", bytes(32)).vkey
FOLLOWS = {"main": "https://homes.example.org/record-store", "log_key": MAIN_LOG, "declarers": ["Ada Okoye", "Ben Rowe"]}
AGE = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"
HEIR = {"administrators": [], "custodians": [AGE], "standby": FOLLOWS}
SERVER = layout.Server("15", "5433")
STANDBY = SigningKey.from_seed("s.example/cosigner", bytes(32), COSIGNATURE).vkey


def answers(**other: object) -> told.Answers:
    return told.check(told.msgspec.convert(GOOD | other, told.Answers))


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    (tmp_path / "root" / layout.KEYS.lstrip("/")).mkdir(parents=True, mode=0o700)
    (tmp_path / "root" / "etc" / "lamplit").mkdir(parents=True)
    return Machine(tmp_path / "root")


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"landlord": 'A "B"'}, "must not contain"), ({"landlord": "$(reboot)"}, "must not contain"), ({"phone": " "}, "empty"),
        ({"host": "https://x.org"}, "no address"), ({"host": "x; include /etc/passwd"}, "no address"), ({"port": 80}, "port"),
        ({"administrators": GOOD["administrators"][:1]}, "two administrators"),  # type: ignore[index]
        ({"certificate": "none"}, "acme or files"), ({"certificate": "files"}, "certificate_file"),
        ({"acme_email": ""}, "acme_email"),
        ({"take_away": "stick"}, "full path"), ({"far_store": "s3://a b"}, "space"), ({"custodians": ["age1 x"]}, "space"),
        (HEIR | {"standby": FOLLOWS | {"declarers": ["Ada", "ada"]}}, "two people"), (HEIR | {"custodians": []}, "one at least"),
        (HEIR | {"standby": FOLLOWS | {"log_key": "x"}}, "no key"),
        (HEIR | {"standby": FOLLOWS | {"main": "ftp://x"}}, "near store"),
        (HEIR | {"administrators": GOOD["administrators"]}, "leave them out"),
        ({"standbys": ["https://s.example"]}, "standbys: For each"), ({"standbys": ["https://s.example $(x)"]}, "cannot use"),
    ],
)  # fmt: skip
def test_an_answer_that_would_break_something_is_refused_in_words(other: dict[str, object], said: str) -> None:
    with pytest.raises(WrongUse, match=said):
        answers(**other)


def test_answers_are_kept_and_read_again(tmp_path: Path) -> None:
    given = answers(far_store="s3://bucket/record", custodians=["age1abc"], standbys=[f"https://s.example {STANDBY}"])
    told.write(given, tmp_path / "answers.toml")
    assert told.read(tmp_path / "answers.toml") == given
    told.write(heir := answers(**HEIR), tmp_path / "answers.toml")
    assert told.read(tmp_path / "answers.toml") == heir
    (tmp_path / "answers.toml").write_text('landlord = "x"\ncolour = "red"\n')
    with pytest.raises(WrongUse, match=r"docs/install\.md"):
        told.read(tmp_path / "answers.toml")


def test_a_person_is_asked_little() -> None:
    said = iter(["St Anne's", "0303", "homes.example.org", "acme", "print", "", "it@x.org", "Ada", "a@x.org", "Ben", "b@x.org"])
    asked: list[str] = []
    given = told.ask(lambda words: asked.append(words) or f"{next(said)}\n")
    assert len(asked) == 11
    assert (given.landlord, given.take_away, given.log_name) == ("St Anne's", "print", "homes.example.org/record")


def test_a_shell_reads_the_settings_as_systemd_does(tmp_path: Path) -> None:
    """Both read one file: the services and the command line must not differ in what they think is so."""
    file = tmp_path / "lamplit.env"
    file.write_text(
        layout.environment(answers(far_store="s3://bucket/record", standbys=[f"https://s.example {STANDBY}"]), SERVER)
    )
    said = subprocess.run(["sh", "-c", f"set -a; . {file}; env -0"], capture_output=True, text=True, check=True, env={}).stdout
    by_shell = dict(line.split("=", 1) for line in said.split("\0") if line.startswith("LAMPLIT_"))
    plain = (line.split("=", 1) for line in file.read_text().splitlines() if not line.startswith("#"))
    assert by_shell == {name: value.strip('"') for name, value in plain}
    assert by_shell["LAMPLIT_LANDLORD"] == "St Anne's Homes"
    assert by_shell["LAMPLIT_STORES"] == "/var/lib/lamplit/store s3://bucket/record"
    assert [key.vkey for _, key in place.standbys_in(by_shell["LAMPLIT_STANDBYS"])] == [STANDBY]


@pytest.mark.parametrize("standby", [False, True])
def test_every_file_is_filled_in_and_every_service_is_walled_in(standby: bool) -> None:
    given = answers(**HEIR) if standby else answers()
    texts = layout.units(given, SERVER) | layout.database_files(SERVER, 4 << 30, standby=standby)
    texts |= {"front": layout.front(answers(), with_certificate=True), "first": layout.front(answers(), with_certificate=False)}
    texts["back"] = layout.back_page(answers())
    assert {path: re.findall(r"@[A-Z_]+@", text) for path, text in texts.items() if re.search(r"@[A-Z_]+@", text)} == {}
    programs = layout.shape(standby=standby).programs
    assert ("follow" in programs) == standby
    for name in programs:
        unit = texts[f"/etc/systemd/system/lamplit-{name}.service"]
        assert f"User=lamplit-{name}\n" in unit
        for wall in (
            "NoNewPrivileges=yes",
            "ProtectSystem=strict",
            "CapabilityBoundingSet=\n",
            "SystemCallFilter=@system-service",
        ):
            assert wall in unit, (name, wall)
        assert ("LoadCredential=log:" in unit) == (name == "seal")  # nobody else is given the log's key
        assert ("far-store.env" in unit) == (name == "publish")
        assert ("LoadCredential=cosigner:" in unit) == (standby and name in ("follow", "web"))
        assert ("LoadCredential=planted:" in unit) == (not standby and name in ("web", "work"))
        assert ("/run/lamplit" in unit) == (standby and name in ("web", "work"))  # follow and post only read there
        assert f"lamplit-{name}.service" in texts["/etc/systemd/system/lamplit.target"]
        words = re.search(r"^ExecStart=/opt/lamplit/current/bin/lamplit (.*)$", unit, re.MULTILINE)
        assert words
        parser().parse_args(words[1].split())  # what systemd starts is a command that there is
    database = texts["/etc/postgresql/15/lamplit/pg_ident.conf"]
    assert re.findall(r"^lamplit\s+lamplit-web\s+(\w+)$", database, re.MULTILINE) == ["lamplit_app"]
    assert ("lamplit-follow" in database) == standby
    assert "peer" in texts["/etc/postgresql/15/lamplit/pg_hba.conf"]
    assert "host " not in texts["/etc/postgresql/15/lamplit/pg_hba.conf"]


def test_a_standby_gets_no_name_of_a_log_and_its_own_places(machine: Machine) -> None:
    said = layout.environment(answers(**HEIR), SERVER)
    assert "LAMPLIT_ORIGIN" not in said  # its record has a new name each time that it took over
    assert 'LAMPLIT_MEMORY="/run/lamplit"' in said
    assert 'LAMPLIT_DECLARERS="/var/lib/lamplit/declarers"' in said
    tmpfiles = layout.units(answers(**HEIR), SERVER)[layout.TMPFILES]
    assert tmpfiles.endswith("d /run/lamplit 2770 lamplit-web lamplit-heir -\n")
    words = [step.words for step in steps(answers(**HEIR), machine)]
    assert [word for word in words if "declarer" in word]
    assert not [word for word in words if "custodian" in word]


def test_the_plan_says_what_is_to_do_and_changes_nothing(machine: Machine) -> None:
    before = sorted(machine.root.rglob("*"))
    plan = steps(answers(), machine)
    assert not plan[3].done()
    assert all(step.words for step in plan)
    plan[3].do()  # the answers
    plan[3].do()
    assert plan[3].done()
    changed = steps(answers(phone="0303 200 0200"), machine)
    assert not changed[3].done()  # another answer is written anew
    assert [path.name for path in sorted(machine.root.rglob("*")) if path not in before] == ["answers.toml"]


def test_a_key_that_nobody_wrote_down_seals_nothing(machine: Machine, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(Failed, match="last eight"):
        keys.take_away(answers(take_away="print"), machine, lambda: "guessed!")
    assert not list(machine.at(layout.KEYS).glob("recipients-*"))
    assert not keys.taken(machine)
    capsys.readouterr()

    def typed() -> str:
        return [line.strip() for line in capsys.readouterr().out.splitlines() if line.startswith("    ")][-1][-8:]

    keys.take_away(answers(take_away="print"), machine, typed)
    assert keys.taken(machine)
    assert sorted(path.name for path in machine.at(layout.KEYS).iterdir()) == [
        "log", "planted", "recipients-care", "recipients-case", "recipients-contact", "recipients-money", "taken-away",
    ]  # fmt: skip
    assert not any(b"AGE-SECRET-KEY" in path.read_bytes() for path in machine.root.rglob("*") if path.is_file())


def test_the_custodians_key_goes_to_the_stick_and_stays_the_same(
    machine: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = tmp_path / "stick"
    given = answers(take_away=str(away))
    with pytest.raises(Failed, match="mount it"):
        keys.take_away(given, machine)
    away.mkdir()
    with pytest.raises(Failed, match="same disk"):
        keys.take_away(given, machine)
    monkeypatch.setattr(keys, "_same_disk", lambda *_: False)
    identity = keyfiles.own_identity(away / keys.CUSTODIAN)  # the run before was cut off here
    (away / keys.LOG).touch()  # and while it copied
    keys.take_away(given, machine)
    assert keyfiles.read_recipients(machine.at(layout.KEYS))["care"] == [str(identity.to_public())]
    assert (away / keys.LOG).read_bytes() == machine.at(layout.KEYS).joinpath("log").read_bytes()
    (away / keys.LOG).write_text("PRIVATE+KEY+another")
    with pytest.raises(Failed, match="another log"):
        keys.take_away(given, machine)


def test_custodians_who_made_their_own_keys_are_all_named(
    machine: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keys, "_same_disk", lambda *_: False)
    two = [str(keyfiles.own_identity(tmp_path / name).to_public()) for name in ("one", "two")]
    with pytest.raises(ValueError, match="no age recipient"):
        keys.take_away(answers(take_away=str(tmp_path), custodians=["age1nobody"]), machine)
    keys.take_away(answers(take_away=str(tmp_path), custodians=two), machine)
    assert keyfiles.read_recipients(machine.at(layout.KEYS))["money"] == two
    assert not (tmp_path / keys.CUSTODIAN).exists()


def test_the_package_carries_every_file_that_the_program_reads() -> None:
    """Only what styles are compiled from stays behind."""
    carried = set(tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["package-data"]["*"])
    needed = {path for path in (ROOT / "lamplit").rglob("*") if path.is_file() and "__pycache__" not in path.parts}
    endings = {f"*{path.suffix}" for path in needed if "tests" not in path.parts} - {"*.py", "*.scss"}
    assert endings - carried == set()


def test_a_second_log_never_begins_beside_one_that_a_store_holds(tmp_path: Path) -> None:
    key = SigningKey.from_seed("homes.example.org/record", bytes(32))
    inside._begins_here(str(tmp_path / "empty"))
    store = open_store(tmp_path / "far")
    store.replace("checkpoint", key.sign(Checkpoint(key.name, 7, bytes(32)).format()))
    with pytest.raises(Failed, match=r"holds a log of 7 entries.*lamplit restore"):
        inside._begins_here(str(tmp_path / "far"))
    with pytest.raises(Failed, match="cannot be asked"):  # nothing listens there
        inside._begins_here("http://127.0.0.1:9/nobody")
