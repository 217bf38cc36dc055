"""An offline pack holds what a night needs, opens with its passphrase alone, and shows when somebody changed it."""

import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyrage
import pytest

from lamplit.basics.clock import now
from lamplit.basics.working_days import london_date
from lamplit.cli import start
from lamplit.cli.doctor.record import packs
from lamplit.cli.main import main
from lamplit.cli.pack import command
from lamplit.config import place
from lamplit.continuity.heir import plain_code
from lamplit.desk.tests import story
from lamplit.desk.tests.scene import open_scene, restrict
from lamplit.desk.troubles import troubles
from lamplit.record.page import action
from lamplit.rent import queries
from lamplit.rent.facts import AccountReferenced, DebitsNoticed
from tests import cast
from tests.landlord import LOG_KEY, Landlord


@action
def number_it(page: Any, *, by: Any, at: Any, command: str) -> None:
    """Ruth pays with a number, and was told of a Direct Debit."""
    account = cast.RUTHS_TENANCY
    mandate = queries.mandate_of(account)
    assert mandate is not None
    page.write(AccountReferenced(account=account, reference="LH-204417"))
    due = (london_date(at) + timedelta(days=30), 40_000)
    page.write(DebitsNoticed(account=account, mandate=mandate.id, dues=[due], why="new"))


def test_a_pack_is_made_opened_and_refused(landlord: Landlord, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(place, "home", lambda: tmp_path / "home")
    monkeypatch.setattr(start, "log_key", lambda: LOG_KEY)
    (tmp_path / "home").mkdir()
    story.everything(open_scene())
    number_it(by=cast.BY_DELE, at=now(), command="t:number")
    restrict(cast.TOMASZ)
    assert command.make_nightly()
    file = next((tmp_path / "home" / "packs").glob("*.age"))
    assert command.last_made() is not None
    assert "age --decrypt" in file.with_suffix(".readme.txt").read_text()
    assert b"Ruth" not in file.read_bytes()

    monkeypatch.setenv("LAMPLIT_PACK_PASSPHRASE", "WRONG")
    opening = ["pack", "open", str(file), "--out", str(tmp_path / "out"), "--key", LOG_KEY.vkey]
    assert main(opening) == 1
    code = (tmp_path / "home" / "keys" / "pack").read_text().strip()
    monkeypatch.setenv("LAMPLIT_PACK_PASSPHRASE", code.lower().replace("-", " "))
    assert main(opening) == 0
    out = tmp_path / "out"
    assert (out / "pack.pdf").read_bytes().startswith(b"%PDF")
    assert {one.name for one in out.glob("*.csv")} == {
        "emergencies.csv", "hazards.csv", "calls.csv", "visits-today.csv", "visits-tomorrow.csv", "contacts.csv",
        "rent-references.csv", "debits-due.csv",
    }  # fmt: skip
    (rent,) = [line for line in (out / "rent-references.csv").read_text().splitlines() if "Ruth Adeyemi" in line]
    assert rent.startswith("LH-204417,"), "the number that she pays with, not one of an old system"
    assert rent.endswith("£98.47 ahead")
    due = (out / "debits-due.csv").read_text()
    assert "Ruth Adeyemi" in due
    assert "£400.00,they were told" in due
    assert "Kindle Works" in (out / "contacts.csv").read_text()
    every = "".join(one.read_text() for one in out.glob("*.csv"))
    assert "Tomasz" not in every
    assert "Ring the safeguarding lead" in every

    assert "offline pack" not in " ".join(troubles(now()))
    assert "The last offline pack is more than a day old" in " ".join(troubles(now() + timedelta(hours=27)))
    assert [one.state for at in (now(), now() + timedelta(hours=27)) for one in packs(at)] == ["ok", "wrong"]
    plain = tmp_path / "pack.zip"
    plain.write_bytes(pyrage.passphrase.decrypt(file.read_bytes(), plain_code(code)))
    assert "pack.pdf" in zipfile.ZipFile(plain).namelist(), "any age program opens it"
    file.write_bytes(file.read_bytes() + b"x")
    assert main(opening) == 1, "changed"
    assert [command._harmless(cell) for cell in ("=cmd", "")] == ["'=cmd", ""]
    assert now() - command.last_made() < timedelta(minutes=5)
