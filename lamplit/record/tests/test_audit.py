"""The audit names what somebody changed behind our back, and nothing else."""

from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from psycopg import sql

from lamplit.basics import who
from lamplit.config import place, setup
from lamplit.config.wiring import wiring
from lamplit.homes.facts import HomeCorrected, HomeRecorded
from lamplit.record import audit
from lamplit.record.catalogue import strays
from lamplit.record.encode import Codec
from lamplit.record.note import Verifier
from lamplit.record.page import Page, action
from lamplit.record.rebuild import Source
from lamplit.staff.facts import StaffJoined, StaffShutOut
from lamplit.staff.models import Staff
from tests.landlord import Landlord

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
BY = who.job("test")
LOWEST = "4FBvFnCdU3R"


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


@action
def hire(page: Page, *, email: str, by: who.By, at: datetime, command: str) -> str:
    staff = page.new_id("s")
    page.write(StaffJoined(staff=staff, roles=["admin"], name="Ada", email=email))
    return staff


@action
def let_go(page: Page, *, staff: str, by: who.By, at: datetime, command: str) -> None:
    page.write(StaffShutOut(staff=staff, because="left"))


def run_audit(landlord: Landlord, keys: dict[str, bytes] | None = None) -> audit.Audited:
    owner = landlord.cluster.parameters("owner", landlord.name)
    held = landlord.keys().keys if keys is None else keys
    source = Source(landlord.store, Verifier.parse(landlord.key.vkey), Codec(place.origin()), held, wiring())

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


def test_it_sees_that_what_was_not_published_yet_was_undone(landlord: Landlord) -> None:
    first, *_ = homes(3)
    landlord.publish()
    correct(home=first, uprn="900", by=BY, at=AT, command="test:later")
    with landlord.connect("admin") as db:
        db.execute("UPDATE folded.home SET uprn = '0' WHERE id = %s", [first])  # as the store still has it
    found = run_audit(landlord)
    assert [d.columns for d in found.rows] == [{"uprn": ("0", "900")}]
    audit.restore(landlord.conninfo("owner"), "folded", wiring(), found)


@pytest.mark.parametrize("before", [True, False])
def test_it_accuses_nobody_of_an_erasure_that_is_not_published_yet(
    landlord: Landlord, before: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`before`: the key has gone before the audit reads the keys; otherwise while it rebuilds."""
    gone = hire(email="ada@harbour.example", by=BY, at=AT, command="test:1")
    landlord.publish()

    def erase() -> None:
        landlord.erase(gone, "contact")
        let_go(staff=gone, by=BY, at=AT, command="test:4")  # a column that is not erased changes too

    if before:
        erase()
        with landlord.connect("admin") as db:
            found = run_audit(landlord, audit.live_keys(db).keys)
    else:
        compare = audit.compare
        monkeypatch.setattr(audit, "compare", lambda *given: (erase(), compare(*given))[1])
        found = run_audit(landlord)
    assert found.holds, (found.rows, found.compared.withheld)


def test_a_key_that_was_made_away_with_hides_nothing(landlord: Landlord) -> None:
    landlord.holds = False
    staff = hire(email="ada@harbour.example", by=BY, at=AT, command="test:1")
    landlord.publish()
    with landlord.connect("admin") as db:
        db.execute("DELETE FROM record.key WHERE subject = %s", [staff])
        db.execute("UPDATE folded.staff SET email = 'thief@harbour.example', team = 'repairs' WHERE id = %s", [staff])
        found = run_audit(landlord, audit.live_keys(db).keys)
    assert not found.holds
    assert "staff.email" in found.compared.withheld
    assert [d.columns for d in found.rows] == [{"team": ("repairs", None)}]
    audit.restore(landlord.conninfo("owner"), "folded", wiring(), found)
    assert Staff.objects.get(id=staff).email == "thief@harbour.example"  # nobody knows what it was: it is left, and told


def test_it_puts_back_what_two_rows_exchanged(landlord: Landlord) -> None:
    ada = hire(email="ada@harbour.example", by=BY, at=AT, command="test:1")
    bea = hire(email="bea@harbour.example", by=BY, at=AT, command="test:2")
    landlord.publish()
    with landlord.connect("admin") as db:
        db.execute("UPDATE folded.staff SET email = NULL")
        db.execute("UPDATE folded.staff SET email = 'ada@harbour.example' WHERE id = %s", [bea])
        db.execute("UPDATE folded.staff SET email = 'bea@harbour.example' WHERE id = %s", [ada])
    assert audit.restore(landlord.conninfo("owner"), "folded", wiring(), run_audit(landlord)) == 2


def test_it_reads_times_in_utc_wherever_the_server_stands(landlord: Landlord) -> None:
    homes(1)
    with landlord.connect("admin") as db:
        db.execute(sql.SQL("ALTER DATABASE {} SET timezone = 'Asia/Kolkata'").format(sql.Identifier(landlord.name)))
    table = wiring().by_name["home_belief"]
    with psycopg.connect(landlord.conninfo("owner")) as db:
        ids = [row[0] for row in db.execute("SELECT id FROM folded.home_belief")]
        (row,) = audit.read_rows(db, "folded", table, ids).values()
    assert row.at.utcoffset() == timedelta(0)


def test_a_bucket_of_any_number_is_compared(landlord: Landlord) -> None:
    """The hash of this id is the lowest number there is, which has no positive twin."""
    landlord.holds = False
    with landlord.connect("admin") as db:
        assert db.execute("SELECT hashtext(%s)", [LOWEST]).fetchone() == (-(2**31),)
        db.execute("INSERT INTO folded.home (id) VALUES (%s)", [LOWEST])
    homes(1)
    landlord.publish()
    assert [(d.row, d.what) for d in run_audit(landlord).rows] == [(LOWEST, "extra")]


# Each leaves a trace of its own, so all of them are done at once.
DONE_TO_THE_CATALOGUE = [
    ("ALTER TABLE record.entry DISABLE TRIGGER entry_is_forever", "trigger entry.entry_is_forever was changed"),
    ("GRANT SELECT (bytes) ON record.entry TO lamplit_app", "column entry.bytes was changed"),
    ("DROP POLICY app_reads ON record.key", "policy key.app_reads is missing"),
    ("ALTER TABLE folded.home ADD COLUMN spy text", "column home.spy does not belong there"),
    (
        "CREATE FUNCTION folded.spy() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "function folded.spy() does not belong there",
    ),
    ("ALTER TABLE record.key DISABLE ROW LEVEL SECURITY", "table key was changed"),
    ("ALTER SEQUENCE record.intake_id_seq CACHE 50", "sequence intake_id_seq was changed"),
    ("ALTER TABLE folded.home ALTER COLUMN words DROP EXPRESSION", "column home.words was changed"),
    (
        "CREATE FUNCTION public.spy() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "The function public.spy() does not belong there",
    ),
    ("GRANT CREATE ON SCHEMA public TO lamplit_reader", "The role lamplit_reader may make things in public"),
    ("ALTER DEFAULT PRIVILEGES IN SCHEMA folded GRANT DELETE ON TABLES TO lamplit_app", "Rights of things not yet made"),
    ("CREATE PUBLICATION spy FOR ALL TABLES", "The publication spy sends tables elsewhere"),
    (
        "CREATE TRIGGER spy BEFORE INSERT ON plain.auth_user FOR EACH ROW EXECUTE FUNCTION record.refuse_change()",
        "The trigger spy on plain.auth_user does not belong there",
    ),
    (
        """CREATE FUNCTION public.e() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
           CREATE EVENT TRIGGER spy ON sql_drop EXECUTE FUNCTION public.e()""",
        "The event trigger spy does not belong there",
    ),
]


def test_it_names_all_that_was_done_to_the_catalogue(landlord: Landlord) -> None:
    homes(1)
    landlord.publish()
    with landlord.connect("admin") as db:
        for done, _ in DONE_TO_THE_CATALOGUE:
            db.execute(done)
    found = run_audit(landlord).catalogue
    unnamed = [done for done, said in DONE_TO_THE_CATALOGUE if not any(line.startswith(said) for line in found)]
    assert unnamed == [], found


@pytest.mark.parametrize("done", ["ALTER TABLE folded.home SET UNLOGGED", "GRANT DELETE ON folded.home TO lamplit_app"])
def test_it_names_a_table_that_was_changed(landlord: Landlord, done: str) -> None:
    homes(1)
    landlord.publish()
    with landlord.connect("admin") as db:
        db.execute(done)
    assert any(line.startswith("table home was changed") for line in run_audit(landlord).catalogue)


@pytest.mark.parametrize(
    ("done", "said"),
    [
        ("GRANT lamplit_owner TO lamplit_app", "lamplit_app is a member of lamplit_owner"),
        ("ALTER ROLE lamplit_reader BYPASSRLS", "lamplit_reader was given a power: passes"),
        (
            "GRANT SET ON PARAMETER session_replication_role TO lamplit_sealer",
            "lamplit_sealer may set session_replication_role",
        ),
        (
            "ALTER ROLE lamplit_sealer SET session_replication_role = replica",
            "The setting session_replication_role=replica is kept for lamplit_sealer",
        ),
    ],
)
def test_it_names_what_was_done_to_our_roles(landlord: Landlord, done: str, said: str) -> None:
    """Roles are the whole server's: what is tried is rolled back, so that no other test meets it."""
    with psycopg.connect(landlord.conninfo("admin")) as db:
        assert strays(db) == []
        db.execute(done)
        assert any(said in line for line in strays(db)), strays(db)
        db.rollback()
