"""The command line as it is called: an installation that is the test's own landlord."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from lamplit.cli.main import main
from lamplit.config import place
from lamplit.record import keyfiles

if TYPE_CHECKING:
    from tests.landlord import Landlord

Run = Callable[..., int]


@pytest.fixture
def installed(landlord: "Landlord", tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> "Landlord":
    """The landlord as the installation of LAMPLIT_HOME: its keys, its near store, its database.

    The home is the test's own, since tests that run beside it change and take away keys; the cluster is everybody's.
    """
    from lamplit.config import proofs
    from tests.landlord import CUSTODIAN, LOG_KEY  # Django must be set up first

    cluster = place.cluster()  # stays where it is
    monkeypatch.setenv("LAMPLIT_HOME", str(tmp_path / "home"))
    (place.home() / "cluster").symlink_to(cluster.folder)
    keys = place.key_folder()
    LOG_KEY.write(keys / "log")
    for name in keyfiles.CLASSES:
        (keys / f"recipients-{name}").write_text(f"{CUSTODIAN.to_public()}\n")
    identity = tmp_path / "custodian"
    identity.write_text(f"{CUSTODIAN}\n")
    monkeypatch.setenv("LAMPLIT_DATABASE_URL", landlord.cluster.url("admin", landlord.name))
    monkeypatch.setenv("LAMPLIT_STORES", str(tmp_path / "store"))
    proofs.near_store.cache_clear()  # the one of a test before, in the same process
    return landlord


@pytest.fixture
def lamplit(capfd: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Call the command line; returns its exit code, what it answered and what it said beside that."""

    def run(*words: str) -> tuple[int, str, str]:
        capfd.readouterr()
        code = main(list(words))
        said = capfd.readouterr()
        return code, said.out, said.err

    return run


@pytest.fixture
def copies(installed: "Landlord") -> Iterator[Callable[[], str]]:
    """Copy the landlord's database; the copies go with the test."""
    from tests.losing import as_admin  # Django must be set up first

    made: list[str] = []

    def copy() -> str:
        made.append(f"{installed.name}_old{len(made)}")
        with as_admin(installed) as db:
            db.execute(f"CREATE DATABASE {made[-1]} TEMPLATE {installed.name} STRATEGY file_copy OWNER lamplit_owner")
        return made[-1]

    yield copy
    with as_admin(installed) as db:
        for name in made:
            db.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def back(lamplit: Callable[..., tuple[int, str, str]], tmp_path: Path) -> Callable[..., dict[str, Any]]:
    """Restore with the custodian's identity; returns what the command said of itself."""

    def run(*words: str) -> dict[str, Any]:
        code, out, err = lamplit("restore", "--identity", str(tmp_path / "custodian"), "--json", *words)
        assert code == 0, err
        said: dict[str, Any] = json.loads(out)
        return said

    return run


@pytest.fixture
def bank(
    installed: "Landlord", lamplit: Callable[..., tuple[int, str, str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[Callable[..., tuple[int, str, str]], Path, Callable[[datetime], None]]:
    """A landlord with a finance key, modulus tables, a Guarantee, and the cast. Returns the command line, the key, the clock."""
    from django.conf import settings

    from lamplit.cli.tests.collecting import AT, ORIGIN  # Django must be set up first
    from tests import cast
    from tests.bank import GUARANTEE, put_tables

    put_tables(place.modulus_tables())
    place.guarantee().write_text(GUARANTEE)
    monkeypatch.setattr(settings, "GUARANTEE", str(place.guarantee()))
    (place.home() / "bacs.toml").write_text(ORIGIN)
    key = tmp_path / "finance.key"
    assert lamplit("bacs", "key", "--out", str(key))[0] == 0
    cast.settle()

    monkeypatch.setattr("lamplit.cli.bacs_out.pause", lambda _: installed.publish())  # what is waited for happens

    def at(moment: datetime) -> None:
        monkeypatch.setattr("lamplit.cli.bacs.now", lambda: moment)

    at(AT)
    return lamplit, key, at
