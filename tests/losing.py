"""A database that is lost, or set back to an old copy: what was in it, and what a restore must bring back."""

from contextlib import contextmanager

import psycopg
import pyrage
from django.db import connections
from psycopg import sql

from lamplit.basics.clock import now
from lamplit.basics.who import job
from lamplit.config import place
from lamplit.homes.actions import record_home
from lamplit.homes.facts import HomeCorrected, HomeRecorded
from lamplit.people.actions import note_person
from lamplit.people.facts import PersonNote
from lamplit.people.models import PersonNote as PersonNoteRow
from lamplit.record import erase
from lamplit.record.page import Item, open_bulk
from tests import cast

TEMPLATE = "lamplit_template"
BY = job("test")
RECORD = {
    "entry": "SELECT idx, bytes, leaf FROM record.entry ORDER BY idx",
    "key": "SELECT id, subject, class, key, destroyed_at IS NULL, former FROM record.key ORDER BY id",
    "blob": "SELECT hash, bytes FROM record.blob ORDER BY hash",
    "erasure": "SELECT id, subject, class, called_off_at IS NULL, done_at IS NULL FROM record.erasure ORDER BY id",
    "checkpoint": "SELECT origin, vkey, size, root, frontier, note FROM record.checkpoint",
    "command": "SELECT id FROM record.command WHERE intake_to IS NOT NULL AND id NOT LIKE 'cli:restored:%' ORDER BY id",
}


def everything(landlord):
    """All that a restore must bring back: the record's rows and every folded one, but that it came back."""
    with landlord.connect("admin") as db:
        names = [row[0] for row in db.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'folded' ORDER BY 1")]
        folded = {
            name: sorted(db.execute(sql.SQL("SELECT * FROM folded.{}").format(sql.Identifier(name))).fetchall(), key=repr)
            for name in names if name not in ("django_migrations", "comeback")
        }  # fmt: skip
        return folded | {name: db.execute(query).fetchall() for name, query in RECORD.items()}


def state(landlord):
    """What nothing may change when a restore is refused or cut off."""
    with landlord.connect("admin") as db:
        rest = ["intake", "command", "reader", "published", "withheld", "key"]
        return everything(landlord) | {
            f"all of {name}": db.execute(sql.SQL("SELECT * FROM record.{}").format(sql.Identifier(name))).fetchall()
            for name in rest
        }


def new_home(number):
    return record_home(
        uprn=f"98000000{number:04}", address=[f"{number} Wick Lane"], by=BY, at=cast.AT, command=f"test:home:{number}"
    )


def many(count, command):
    """Write many entries at once, so that bundles fill."""
    with open_bulk(by=BY, at=cast.AT, command=command) as page:
        page.write_many(
            Item(HomeRecorded(home=page.new_id("h"), uprn=f"{command[-1]}{n:011}"), BY, cast.AT) for n in range(count)
        )


@contextmanager
def as_admin(landlord):
    connections.close_all()
    with psycopg.connect(landlord.cluster.url("admin", "postgres"), autocommit=True) as db:
        yield db


def make_anew(landlord, template=TEMPLATE):
    """Put another database in the place of the landlord's: an empty one, or a copy that was kept."""
    with as_admin(landlord) as db:
        db.execute(f"DROP DATABASE {landlord.name} WITH (FORCE)")
        db.execute(f"CREATE DATABASE {landlord.name} TEMPLATE {template} STRATEGY file_copy OWNER lamplit_owner")


def set_back(landlord, copies):
    """Let the store hold a home that the database, set back to an older copy, does not. Returns the copy of before that."""
    cast.settle()
    landlord.publish()
    old = copies()
    new_home(1)
    landlord.publish()
    kept = copies()
    make_anew(landlord, old)
    return kept


def story(landlord):
    """A landlord with people, an erasure that was done and one that waits, a blob, and more than a tile of entries."""
    cast.settle()
    landlord.publish()
    landlord.erase(cast.TOMASZ, "contact")
    erase.order_erasure(subject=cast.MIA, key_class="contact", because="asked", by=BY, at=now(), command="test:order")
    with open_bulk(by=BY, at=cast.AT, command="test:bulk") as page:
        page.keep_blob(b"a picture")
        page.write_many([Item(HomeCorrected(home=cast.RUTHS_HOME, bedrooms=3), BY, cast.AT)])
    for number in range(3):
        new_home(number)
    landlord.publish()


def two_custodians(installed, tmp_path):
    """Keys of class `care` are for somebody else. Returns the files of both identities."""
    nurse = pyrage.x25519.Identity.generate()
    (place.key_folder() / "recipients-care").write_text(f"{nurse.to_public()}\n")
    (tmp_path / "nurse").write_text(f"{nurse}\n")
    return tmp_path / "custodian", tmp_path / "nurse"


def note_need(person, command):
    about = PersonNote(what="need", code="sight", source="Ruth, by telephone", says="She cannot read small print.")
    return note_person(person=person, about=about, by=cast.BY_PRIYA, at=cast.AT, command=command)


def note_of(person):
    return [repr(row.about) for row in PersonNoteRow.objects.filter(person=person).order_by("id")]


def cut_off(step, after):
    def cut(*given, **named):
        if after:
            step(*given, **named)
        raise ZeroDivisionError

    return cut
