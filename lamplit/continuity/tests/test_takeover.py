"""Two people let the standby take over; its rows are opened on reading. When main is back, it takes every entry over once."""

from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import psycopg
import pyrage
import pytest
from django.apps import apps
from django.conf import settings
from django.db import IntegrityError

from lamplit.basics.clock import now
from lamplit.basics.fact import WITHHELD
from lamplit.basics.ids import new_id
from lamplit.basics.refusal import Refused
from lamplit.basics.who import job, person
from lamplit.basics.working_days import london_date
from lamplit.config import place
from lamplit.config import standing_by as standing
from lamplit.config.wiring import wiring
from lamplit.continuity import declaring, heir, intake, state, takeover, unlocked
from lamplit.continuity.opening import Opening
from lamplit.continuity.unlocked import Unlocked
from lamplit.incidents import actions as incidents
from lamplit.incidents import queries as incidents_said
from lamplit.messages import queries as messages
from lamplit.people import actions as people
from lamplit.people import queries as people_seen
from lamplit.people.facts import Look, Reach
from lamplit.record import elsewhere, page
from lamplit.record.blobs import read_blob
from lamplit.record.encode import Codec, read_header
from lamplit.record.facts import RecordClosed
from lamplit.record.fields import Folded, PersonalText
from lamplit.record.ingest import CannotIngest, Ingest, clashes
from lamplit.record.keys import HeldKeys
from lamplit.record.note import SigningKey
from lamplit.record.rebuild import quiet
from lamplit.record.tail import Tail
from lamplit.rent import actions as rent
from lamplit.rent import queries as rents
from tests import cast, losing
from tests.landlord import CUSTODIAN, RECIPIENTS, connected

OWN = SigningKey.from_seed("standby.example/record", bytes(range(96, 128)))
BY = job("test")
ADA, BEN = "Ada Okoye", "Ben Rowe"


class Heir:
    """A standby that two people can let take over, and what a test does with it."""

    def __init__(self, landlord: Any, made: Any, folder: Any) -> None:
        self.landlord, self.made, self.folder = landlord, made, folder
        self.codes = {ADA: "ada's", BEN: "ben's"}
        self.place = declaring.Place(landlord.key.name, made.mirror, folder / "declarers", folder / "memory")
        made.begin_own_record(OWN, folder / "own")

    @contextmanager
    def as_standby(self) -> Any:
        """Let Django, the record and its second log be the standby's."""
        opens = Unlocked(self.made.mirror, self.landlord.key.name, self.folder / "memory", lambda: self.made.held().size)
        before = page.SETUP.codec
        page.SETUP.codec, page.SETUP.letter, elsewhere.KNOWN.elsewhere = Codec(OWN.name), "S", opens
        try:
            with connected(self.made.cluster, self.made.name), self.made.connect("app") as db:
                yield db
        finally:
            page.SETUP.codec, page.SETUP.letter, elsewhere.KNOWN.elsewhere = before, "M", None

    def says(self, db: Any, name: str, at: Any, code: str | None = None, *, drill: bool = False) -> takeover.Takeover:
        return declaring.ask_or_agree(db, self.place, name, code or self.codes[name], "Main is lost", drill=drill, at=at)

    def declare(self) -> None:
        with self.as_standby() as db:
            self.says(db, ADA, now())
            assert self.says(db, BEN, now()).declared

    def ingest(self, db: Any) -> Ingest:
        return Ingest(db, self.made.store, OWN.verifier, wiring(), Codec(place.origin()), [CUSTODIAN], now)

    def take_over(self) -> list[Any]:
        """Let main take everything over. Returns the headers that came."""
        with psycopg.connect(self.landlord.conninfo("owner"), autocommit=True) as db:
            return self.ingest(db).run(quiet).headers


@pytest.fixture
def standing_by(landlord: Any, standby: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Heir:
    """A standby that holds the landlord's story and has folded it. Codes are quick here: another test has the real ones."""
    losing.story(landlord)
    made = Heir(landlord, standby, tmp_path)
    monkeypatch.setattr(heir, "open_with", lambda _, name, code: CUSTODIAN if code == made.codes[name] else None)
    standby.follow(landlord.store)
    standby.fold()
    return made


def personal(model: Any) -> list[str]:
    return [field.name for field in model._meta.concrete_fields if isinstance(field, PersonalText)]


def everything() -> dict[str, list[Any]]:
    """Return every row of every table as pages read it."""
    models = [model for model in apps.get_models() if issubclass(model, Folded)]
    return {
        model._meta.db_table: [
            [getattr(row, f.name) for f in model._meta.concrete_fields if not f.generated] for row in model.objects.order_by("id")
        ]
        for model in models
    }


def test_a_code_opens_the_key_however_it_is_typed_and_no_other_does(tmp_path):
    key = pyrage.x25519.Identity.generate()
    code = heir.name_declarer(tmp_path, "  Ada   Okoye ", key)
    assert [one.name for one in heir.declarers(tmp_path)] == [ADA]
    typed = code.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert str(heir.open_with(tmp_path, ADA, typed)) == str(key)
    assert heir.open_with(tmp_path, ADA, heir.new_code()) is None
    assert heir.open_with(tmp_path, BEN, code) is None
    with pytest.raises(ValueError, match="cannot be named"):
        heir.name_declarer(tmp_path, "ada okoye", key)
    kept = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert str(key).encode() not in kept  # the key itself stands nowhere


def test_two_people_or_one_after_a_quarter_of_an_hour(standing_by):
    at = now()
    with standing_by.as_standby() as db:
        with pytest.raises(Refused, match="wrong_code"):
            standing_by.says(db, ADA, at, heir.new_code())
        assert not standing_by.says(db, ADA, at).declared
        with pytest.raises(Refused, match="too_soon"):
            standing_by.says(db, ADA, at + timedelta(minutes=14))
        takeover.take_back(db)
        standing_by.says(db, ADA, at)
        assert not unlocked.is_unlocked(standing_by.place.memory)
        alone = standing_by.says(db, ADA, at + takeover.ALONE_AFTER)
        assert alone.alone
        assert unlocked.is_unlocked(standing_by.place.memory)
        assert [row.alone for row in incidents_said.takeovers()] == [True]
        confirmed = standing_by.says(db, BEN, at + timedelta(hours=2))
        assert not confirmed.alone
        assert [(row.first, row.second) for row in incidents_said.takeovers()] == [(ADA, BEN)]
        opened = incidents_said.open_now(drill=False)
        keys = [row for row in incidents_said.duties_of(opened) if incidents_said.changes_key(row)]
        assert {row.duty for row in keys} == {"key_bank", "key_text", "key_email", "key_address"}, "they ring until each is done"
        assert "ico" in {row.duty for row in incidents_said.duties_of(opened)}, "its 72 hours run"
        unlocked.lock(standing_by.place.memory)  # a power cut
        standing_by.says(db, ADA, at + timedelta(hours=3))
        assert unlocked.is_unlocked(standing_by.place.memory)
        assert len(incidents_said.takeovers()) == 1
        with pytest.raises(Refused, match="declared_already"):
            takeover.take_back(db)
        for change in ("DELETE FROM continuity.takeover", "UPDATE continuity.takeover SET size = 0"):
            with pytest.raises(psycopg.errors.RestrictViolation):
                db.execute(change)


@pytest.mark.parametrize("before", ["nothing", "an incident", "its words"])
def test_the_first_message_to_every_household_is_prepared_and_waits_for_two_people(standing_by, before):
    at, told, mine = now(), {"by": BY, "at": now()}, None
    with standing_by.as_standby() as db:
        opened = None
        if before != "nothing":
            said = {"says": "Our phones do not work.", "next_at": at + timedelta(hours=2), "aware_at": at, "drill": False}
            opened = incidents.open_incident(**said, kinds=["services_down"], **told, command="form:open")
        if before == "its words":
            words = {"works": "Ring us.", "number": "0303 100 0100", "next_at": at + timedelta(hours=3)}
            mine = incidents.prepare_telling(incident=opened, what="everyone", **words, **told, command="form:words")
        standing_by.says(db, ADA, at)
        standing_by.says(db, BEN, at)
        standing_by.says(db, ADA, at + timedelta(hours=1))  # unlocks again: nothing is prepared twice
        incident = incidents_said.open_now(drill=False)
        assert opened in (None, incident)
        (row,) = incidents_said.tellings_of(incident)
        if mine is not None:
            assert row.id == mine, "what somebody prepared before is not put aside"
            return
        assert (row.what, row.first_by, row.second_at) == ("everyone", None, None)
        assert "You can report a repair" in row.short
        assert settings.LANDLORD["phone"] in row.long
        assert {"ico", "told_public", "key_bank"} <= {duty.duty for duty in incidents_said.duties_of(incident)}


def test_main_that_lives_on_is_cosigned_no_further_and_rings(standing_by):
    standing_by.declare()
    made = standing_by.made
    held = made.held()
    losing.new_home(99)
    standing_by.landlord.publish()
    follower = made.follower(standing_by.landlord.store)
    for _ in range(3):
        with pytest.raises(state.Alarm, match="Main still writes"):
            follower.step()
    assert made.held() == held
    assert made.alarms() == ["main lives on"]
    with pytest.raises(psycopg.errors.RestrictViolation, match="taken over"):
        made.sealer.execute("UPDATE continuity.cosigned SET size = size + 1, root = sha256('x')")
    with pytest.raises(psycopg.errors.RestrictViolation, match="taken over"):
        made.sealer.execute("UPDATE continuity.cosigned SET cosigned_at = now()")


def test_a_drill_leaves_main_cosigned_and_nothing_of_it_can_be_taken_over(standing_by):
    made = standing_by.made
    with standing_by.as_standby() as db:
        standing_by.says(db, ADA, now(), drill=True)
        standing_by.says(db, BEN, now())
    folded = state.folded_size(made.owner)
    losing.new_home(98)
    standing_by.landlord.publish()
    made.wait(minutes=2)
    assert made.follow(standing_by.landlord.store) > folded
    assert made.fold() == folded  # what the drill's people see stands still
    made.publish(RECIPIENTS)
    with pytest.raises(CannotIngest, match="drill"):
        standing_by.take_over()


def test_rows_read_as_on_main_once_the_keys_are_unlocked_and_not_before(standing_by):
    right = everything()
    with standing_by.as_standby():
        locked = everything()
        assert any(WITHHELD in row for rows in locked.values() for row in rows)
        assert not any(isinstance(v, str) and v.startswith("\x01") for rows in locked.values() for row in rows for v in row)
    standing_by.declare()
    with standing_by.as_standby():
        opened = everything()
        written = {"takeover", "incident", "incident_open", "incident_line", "incident_duty", "incident_telling"}
        assert {name: rows for name, rows in opened.items() if name not in written} == {
            name: rows for name, rows in right.items() if name not in written
        }
    names = {model._meta.db_table: personal(model) for model in apps.get_models() if issubclass(model, Folded)}
    assert sum(map(len, names.values())) > 50
    with standing_by.made.connect("admin") as db:
        assert db.execute("SELECT count(*) FROM record.key WHERE subject <> ALL(SELECT id FROM folded.takeover)").fetchone() == (
            0,
        )


def test_what_is_searched_for_is_opened_in_the_tables_and_an_erased_name_never(standing_by, monkeypatch):
    standing_by.declare()
    owner = standing_by.made.owner
    tables = [wiring().by_name[name] for name in ("reach", "person", "home")]
    with standing_by.as_standby():
        assert people_seen.reached_at("+447700900005") == []
        monkeypatch.setattr(standing, "_SEEN", standing._Seen())
        monkeypatch.setattr(place, "standby", lambda: place.Standby("standby.example", "/srv/store", "key"))
        assert not standing.is_opened("home", "person")
        opening = Opening(tables)
        while opening.step(owner):
            pass
        assert (opening.done, standing.is_opened("home", "reach", "person")) == (True, True)
        assert [way.person for way in people_seen.reached_at("+447700900005")] == [cast.RUTH]
        theirs = sorted(repr(row) for row in owner.execute("SELECT id, name, words FROM folded.person").fetchall())
    with standing_by.landlord.connect("owner") as db:
        ours = sorted(repr(row) for row in db.execute("SELECT id, name, words FROM folded.person").fetchall())
    assert theirs == ours
    assert "\\x01erased" in "".join(ours)


def test_what_comes_in_locked_is_opened_by_main_and_by_nobody_on_the_way(standing_by, tmp_path):
    post = pyrage.x25519.Identity.generate()
    mail = b"From: Ruth <ruth@example.net>\r\nSubject: The light drips\r\n\r\nWater comes through it."
    with standing_by.as_standby():
        number = intake.keep_sealed("report", mail, [str(post.to_public())], at=now(), command="form:kept")
        assert intake.keep_sealed("report", mail, [str(post.to_public())], at=now(), command="form:kept") == number
        assert number.startswith("S-")
    standing_by.made.publish(RECIPIENTS)
    with standing_by.made.connect("admin") as db:
        said = b"".join(
            bytes(row[0]) for row in db.execute("SELECT bytes FROM record.entry UNION ALL SELECT bytes FROM record.blob")
        )
    assert b"drips" not in said
    assert b"ruth" not in said
    standing_by.take_over()
    (row,) = messages.post_to_open(10)
    assert row.reference == number
    assert intake.open_sealed(read_blob(row.sealed), [CUSTODIAN]) is None
    assert intake.open_sealed(read_blob(row.sealed), [post]) == mail
    standing_by.landlord.publish()


def written_at_the_standby(standing_by: Heir) -> int:
    """Write what staff write in an incident, under main's keys and new ones. Returns the size of the standby's own record."""
    with standing_by.as_standby():
        losing.note_need(cast.RUTH, "form:need")
        how = Reach(channel="text", value="+447700900111", state="works", safe=True)
        people.set_reach(person=cast.MIA, how=how, by=person(cast.MIA), at=now(), command="form:reach")
        incidents.record_takeover(
            main="m", size=1, root="", drill=False, asked_at=now(), first=ADA, second=BEN, why="x", by=BY, at=now(), command="t:1"
        )
        told: dict[str, Any] = {"account": cast.RUTHS_TENANCY, "by": person(cast.RUTH), "at": now()}
        rent.dispute_line(words="The lift never ran.", command="form:dispute", **told)
        rent.say_paid(pence=4_000, on=london_date(now()), way="shop", words="At Kay's.", command="form:paid", **told)
    standing_by.made.publish(RECIPIENTS)
    with standing_by.made.connect("owner") as db:
        return int(db.execute("SELECT size FROM record.checkpoint").fetchone()[0])


def test_main_takes_every_entry_over_once_wherever_it_is_cut_off(standing_by, monkeypatch):
    standing_by.declare()
    size = written_at_the_standby(standing_by)
    for target, name in ((Ingest, "_take"), (Ingest, "_keep_keys"), (Tail, "fold")):
        for after in (False, True):
            with monkeypatch.context() as patch:
                patch.setattr(target, name, losing.cut_off(getattr(target, name), after))
                with pytest.raises(ZeroDivisionError):
                    standing_by.take_over()
    came = standing_by.take_over()
    assert len(came) == size
    assert standing_by.take_over() == []
    (dispute,), (said,) = rents.open_disputes(), rents.said_open()  # what she told the standby of her rent
    assert (dispute.account, dispute.words, dispute.by) == (cast.RUTHS_TENANCY, "The lift never ran.", f"person:{cast.RUTH}")
    assert (said.pence, said.words) == (4_000, "At Kay's.")
    against = rents.circumstances([cast.RUTHS_TENANCY], london_date(now()))[cast.RUTHS_TENANCY]
    assert against.disputes == (dispute.id,), "and nobody asks her for it until a person has answered"
    notes = losing.note_of(cast.RUTH)
    standing_by.landlord.publish()
    with standing_by.landlord.connect("owner") as db:
        kept = [bytes(raw) for (raw,) in db.execute("SELECT bytes FROM record.entry ORDER BY idx").fetchall()]
        db.execute("ALTER TABLE record.source DISABLE TRIGGER USER")
        db.execute("DELETE FROM record.source")  # as a restore leaves it
    assert [read_header(raw).id for raw in kept if raw.startswith(b'{"kind":"record.ingested"')] == [one.id for one in came]
    assert standing_by.take_over() == []  # counted again from our own record
    with standing_by.as_standby():
        assert losing.note_of(cast.RUTH) == notes
    with pytest.raises(Refused, match="done_before"):
        losing.note_need(cast.RUTH, "form:need")  # the same form, keyed again on main


def test_it_takes_nothing_from_another_history_an_old_copy_or_a_closed_record(standing_by):
    standing_by.declare()
    written_at_the_standby(standing_by)
    standing_by.take_over()
    made, landlord = standing_by.made, standing_by.landlord
    with psycopg.connect(landlord.conninfo("owner"), autocommit=True) as db:
        ingest = standing_by.ingest(db)
        with pytest.raises(CannotIngest, match="still writes"):
            ingest.close()
        with standing_by.as_standby():
            at = now()
            last = RecordClosed(main=place.origin())
            raw = page.SETUP.codec.encode(
                last, HeldKeys({}, set()), id=new_id("e", at), at=at, recorded_at=at, by="cli:test", command="close"
            )
        takeover.close(made.owner, raw, at)
        takeover.close(made.owner, raw, at)
        with standing_by.as_standby(), pytest.raises(IntegrityError):
            losing.note_need(cast.RUTH, "form:closed")
        made.publish(RECIPIENTS)
        assert len(ingest.run(quiet).headers) == 1
        ingest.close()
        ingest.close()
        stranger = SigningKey.from_seed(OWN.name, bytes(32))
        with pytest.raises(CannotIngest, match="not signed by the key"):
            Ingest(db, made.store, stranger.verifier, wiring(), Codec(place.origin()), [], now).run(quiet)
        with made.connect("admin") as past:  # somebody who writes past the database's own rules
            past.execute("ALTER TABLE record.intake DISABLE TRIGGER USER")
        with standing_by.as_standby():
            losing.note_need(cast.RUTH, "form:late")
        made.publish(RECIPIENTS)
        with pytest.raises(CannotIngest, match="was closed"):
            ingest.run(quiet)
    landlord.publish()
    assert b"record.source_closed" in landlord.entries()[-1]


def look_at_mia(command: str) -> None:
    told: dict[str, Any] = {"looked_at": now(), "by": BY, "at": now(), "command": command}
    people.write_looks(reader=cast.PRIYA, team=None, looks=[Look(person=cast.MIA, via="page")], **told)


def test_what_both_wrote_about_is_named_for_a_person(standing_by):
    standing_by.declare()
    landlord = standing_by.landlord
    since = standing_by.made.held().size
    losing.note_need(cast.RUTH, "form:here")
    look_at_mia("job:looks:here")
    landlord.seal()
    with standing_by.as_standby():
        look_at_mia("job:looks:there")
    written_at_the_standby(standing_by)
    came = standing_by.take_over()
    with landlord.connect("owner") as db:
        found = clashes(db, since, came)
    assert [(one.about, one.why) for one in found] == [(cast.RUTH, "same_thing")], "that both looked at Mia contradicts nothing"
    made = incidents.note_clash(
        about=cast.RUTH, why="same_thing", main_kinds=found[0].main_kinds, standby_kinds=found[0].standby_kinds,
        standby=OWN.name, by=BY, at=now(), command="clash:1",
    )  # fmt: skip
    assert [row.id for row in incidents_said.clashes()] == [made]
    with pytest.raises(Refused, match="say_why"):
        incidents.settle_clash(clash=made, outcome="fine", why=" ", by=BY, at=now(), command="clash:2")
    incidents.settle_clash(clash=made, outcome="fine", why="Both notes are right.", by=BY, at=now(), command="clash:3")
    assert incidents_said.clashes() == []
    landlord.publish()
