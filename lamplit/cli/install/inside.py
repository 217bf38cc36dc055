"""The steps inside the database: roles, tables, the empty log, the first staff. Run with the settings of the installation."""

import argparse
import importlib
from typing import Any

import psycopg

from lamplit.basics.clock import now
from lamplit.basics.refusal import Refused
from lamplit.basics.who import cli
from lamplit.cli import making, start
from lamplit.cli.installation import layout
from lamplit.cli.installation.answers import Administrator, Answers
from lamplit.cli.installation.machine import Machine
from lamplit.cli.pack.command import the_passphrase
from lamplit.cli.say import Failed
from lamplit.config import place
from lamplit.record.checkpoint import Checkpoint
from lamplit.record.note import split_note
from lamplit.record.store import NotInStore, open_store


def use_settings(machine: Machine) -> None:
    """Let this process see the installation as its services do."""
    import os

    for line in machine.at(layout.ENVIRONMENT).read_text().splitlines():
        name, equals, value = line.partition("=")
        if equals and not name.startswith("#"):
            os.environ[name] = value.strip('"')


def has_log() -> bool:
    """Whether the database is whole. Anything that cannot be asked is not there."""
    if place.embedded():
        return False
    try:
        with start.connect("owner") as db:
            if db.execute("SELECT to_regclass('record.checkpoint')").fetchone() == (None,):
                return False
            row = db.execute("SELECT (SELECT size FROM record.checkpoint) + (SELECT count(*) FROM record.intake)").fetchone()
            return row is not None and bool(row[0])  # the first thing written is the questions that we ask
    except psycopg.Error:
        return False


def make_log() -> None:
    use_settings(Machine())
    for address in place.stores():
        _begins_here(address)
    making.make_installation()
    the_passphrase()  # the nightly pack must not be the first to need it: it may not write among the keys


def has_standby() -> bool:
    """Whether this machine follows a main installation, and its own log is begun."""
    if place.embedded() or place.standby() is None:
        return False
    try:
        with start.connect("owner") as db:
            if db.execute("SELECT to_regclass('continuity.cosigned')").fetchone() == (None,):
                return False
            row = db.execute("SELECT count(*) FROM continuity.cosigned WHERE mirrored").fetchone()
            return row == (1,)
    except psycopg.Error:
        return False


def make_standby(answers: Answers) -> None:
    """Make the standby. What it prints, codes among it, is shown once: whoever installs hands it on."""
    from lamplit.cli import standby

    use_settings(Machine())
    follows = answers.standby
    assert follows is not None  # noqa: S101 - only a standby has this step
    standby.init(
        argparse.Namespace(
            main=follows.main, log_key=follows.log_key, name=answers.host, declarer=follows.declarers,
            recipient=answers.custodians, post_recipient=follows.post_recipients,
        )
    )  # fmt: skip


def _begins_here(address: str) -> None:
    """Failed when a store holds a log already: this is a new machine for an old log, and a second one must not begin."""
    try:
        shown = open_store(address).get("checkpoint")
    except NotInStore:
        return
    except OSError as error:
        raise Failed(
            f"The store {address} cannot be asked whether it holds a log already. Is what opens it in /etc/lamplit/far-store.env?"
            " Put it there, then run this again."
        ) from error
    size = Checkpoint.parse(split_note(shown)[0]).size
    raise Failed(
        f"The store {address} holds a log of {size:,} entries. To go on with it, put your copy of its key into"
        f" {start.key_file()}, then: lamplit restore --store {address} --identity FILE. Then run this again."
    )


def make_administrators(wanted: list[Administrator]) -> list[tuple[Administrator, str]]:
    """Let the first staff in. Returns a one-time link for each who has neither come in yet nor a link that still works."""
    start.open_installation()
    from lamplit.staff import actions

    links = []
    for who in wanted:
        member = _member(who.email)
        if member is None:
            actions.join_staff(
                name=who.name, email=who.email, roles=["admin"], by=cli("install"), at=now(), command=f"install:admin:{who.email}"
            )
            member = _member(who.email)
        if not (_accounts().has_come_in(member.id) or _accounts().link_waits(member.id, now())):
            links.append((who, link_for(member.id)))
    return links


def link_for(staff: str) -> str:
    """Return the address of a new one-time link. Links given before stop working. The record says who gave it."""
    from lamplit.staff import actions

    by, at = cli(making.user()), now()
    actions.give_link(
        staff=staff, first=not _accounts().has_way_in(staff), by=by, at=at, command=f"cli:link:{staff}:{at:%Y%m%d%H%M%S%f}"
    )
    return address_of_link(_accounts().make_link(staff, made_by=str(by), at=at))


def address_of_link(secret: str) -> str:
    """Return where a one-time link leads."""
    import os

    from django.urls import reverse

    host = os.environ.get("LAMPLIT_TRUSTED_ORIGINS", "").split()
    return f"{host[0] if host else 'http://127.0.0.1:8000'}{reverse('welcome', args=[secret])}"


def new_link(email: str) -> str:
    """Return a new link for somebody of the staff, and let her in again if she is shut out. Failed for an unknown address."""
    start.open_installation()
    from lamplit.staff import actions

    member = _member(email)
    if member is None:
        raise Failed(f"Nobody on the staff has the e-mail address {email}.")
    if member.shut:
        try:
            actions.let_in(
                staff=member.id, by=cli(making.user()), at=now(), command=f"cli:let-in:{member.id}:{now():%Y%m%d%H%M%S%f}"
            )
        except Refused as refused:
            if refused.code != "staff.not_shut":
                raise
    return link_for(member.id)


def _member(email: str) -> Any:
    from lamplit.staff import queries

    return queries.by_email(email)


def _accounts() -> Any:
    return importlib.import_module("lamplit.desk.accounts")  # a door beside this one: by its name only
