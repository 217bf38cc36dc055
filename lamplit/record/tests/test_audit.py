"""The audit names what somebody changed behind our back, and nothing else."""

from datetime import UTC, datetime

import pytest

from lamplit.basics import who
from lamplit.config import place, setup
from lamplit.config.wiring import wiring
from lamplit.homes.facts import HomeCorrected, HomeRecorded
from lamplit.record import audit
from lamplit.record.encode import Codec
from lamplit.record.note import Verifier
from lamplit.record.page import Page, action
from lamplit.record.rebuild import Source
from tests.landlord import Landlord

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
BY = who.job("test")


@action
def record(page: Page, *, uprn: str, by: who.By, at: datetime, command: str) -> str:
    home = page.new_id("h")
    page.write(HomeRecorded(home=home, uprn=uprn, address=["1 Ember Rise"]))
    return home


@action
def correct(page: Page, *, home: str, uprn: str, by: who.By, at: datetime, command: str) -> None:
    page.write(HomeCorrected(home=home, uprn=uprn, address=["1 Ember Rise"]))


def homes(count: int) -> list[str]:
    return [record(uprn=str(n), by=BY, at=AT, command=f"test:{n}") for n in range(count)]


def run_audit(landlord: Landlord) -> audit.Audited:
    owner = landlord.cluster.parameters("owner", landlord.name)
    source = Source(landlord.store, Verifier.parse(landlord.key.vkey), Codec(place.origin()), landlord.keys().keys, wiring())

    def make(schema: str) -> None:
        setup.migrate(owner, schema, setup.folded_apps())
        with landlord.connect("owner") as db:
            setup.grant_folded(db, schema)

    return audit.audit(source, landlord.conninfo("owner"), "folded", make)


def test_it_finds_nothing_where_nothing_was_done(landlord: Landlord) -> None:
    homes(5)
    landlord.publish()
    found = run_audit(landlord)
    assert found.holds, (found.rows, found.catalogue)


def test_it_names_the_row_and_the_column_and_puts_it_back(landlord: Landlord) -> None:
    changed, removed, *_ = homes(5)
    landlord.publish()
    with landlord.connect("admin") as db:
        db.execute("UPDATE folded.home SET postcode = 'ZZ1 1ZZ' WHERE id = %s", [changed])
        db.execute("DELETE FROM folded.home WHERE id = %s", [removed])
        db.execute("INSERT INTO folded.home (id) VALUES ('h_made_up')")
    found = run_audit(landlord)
    assert {(d.row, d.what) for d in found.rows} == {(changed, "changed"), (removed, "missing"), ("h_made_up", "extra")}
    said = next(d for d in found.rows if d.row == changed)
    assert said.columns["postcode"] == ("ZZ1 1ZZ", None)
    assert audit.restore(landlord.conninfo("owner"), "folded", wiring(), found) == 3
    assert run_audit(landlord).holds


def test_it_accuses_nobody_of_what_was_written_since(landlord: Landlord) -> None:
    first, *_ = homes(3)
    landlord.publish()
    correct(home=first, uprn="900", by=BY, at=AT, command="test:later")  # folded live, not yet published
    landlord.seal()
    record(uprn="901", by=BY, at=AT, command="test:latest")  # and not even sealed
    assert run_audit(landlord).holds


def test_it_still_names_a_row_that_was_changed_both_ways(landlord: Landlord) -> None:
    first, *_ = homes(3)
    landlord.publish()
    correct(home=first, uprn="900", by=BY, at=AT, command="test:later")
    with landlord.connect("admin") as db:
        db.execute("UPDATE folded.home SET uprn = '666' WHERE id = %s", [first])
    found = run_audit(landlord)
    assert [d.columns for d in found.rows] == [{"uprn": ("666", "900")}]
    audit.restore(landlord.conninfo("owner"), "folded", wiring(), found)


@pytest.mark.parametrize(
    ("done", "said"),
    [
        ("ALTER TABLE record.entry DISABLE TRIGGER entry_is_forever", "trigger entry.entry_is_forever was changed"),
        ("GRANT DELETE ON folded.home TO lamplit_app", "table home was changed"),
        ("GRANT SELECT (bytes) ON record.entry TO lamplit_app", "column entry.bytes was changed"),
        ("DROP POLICY app_reads ON record.key", "policy key.app_reads is missing"),
        ("ALTER TABLE folded.home ADD COLUMN spy text", "column home.spy does not belong there"),
        (
            "CREATE FUNCTION folded.spy() RETURNS int LANGUAGE sql AS 'SELECT 1'",
            "function folded.spy() does not belong there",
        ),
        ("ALTER TABLE record.key DISABLE ROW LEVEL SECURITY", "table key was changed"),
    ],
)
def test_it_names_what_was_done_to_the_catalogue(landlord: Landlord, done: str, said: str) -> None:
    homes(1)
    landlord.publish()
    with landlord.connect("admin") as db:
        db.execute(done)
    assert any(line.startswith(said) for line in run_audit(landlord).catalogue), run_audit(landlord).catalogue
