"""The command line as it is called: an installation that is the test's own landlord."""

import json
from collections.abc import Callable, Iterator
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
