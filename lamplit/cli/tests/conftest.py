"""The command line as it is called: an installation that is the test's own landlord."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from lamplit.cli.main import main
from lamplit.config import place
from lamplit.record import keyfiles

if TYPE_CHECKING:
    from tests.landlord import Landlord

Run = Callable[..., int]


@pytest.fixture
def installed(landlord: "Landlord", tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> "Landlord":
    """The landlord as the installation of LAMPLIT_HOME: its keys, its near store, its database."""
    from tests.landlord import CUSTODIAN, LOG_KEY  # Django must be set up first

    keys = place.key_folder()
    if not (keys / "log").exists():
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
def erase() -> Callable[..., int]:
    """Carry out an erasure of a subject's key that was ordered long ago. Returns how many rows were swept."""
    from lamplit.basics.clock import now
    from lamplit.basics.who import job
    from lamplit.record.erase import carry_out_erasure

    def carry_out(landlord: "Landlord", subject: str, key_class: str) -> int:
        with landlord.connect("admin") as db:
            db.execute(
                "INSERT INTO record.erasure (id, subject, class, ordered_at, due_at)"
                " VALUES ('x_1234567', %s, %s, now() - interval '30 days', now() - interval '1 day')",
                [subject, key_class],
            )
        return carry_out_erasure(erasure="x_1234567", by=job("erasing"), at=now(), command="test:erase")

    return carry_out
