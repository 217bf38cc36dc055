"""`lamplit standby`: a second Lamplit that follows main's published record, cosigns it, and shows how it stands."""

import argparse
import importlib
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import psycopg
import pyrage

from lamplit.basics.clock import now
from lamplit.cli import making, running, start
from lamplit.cli.say import Failed, WrongUse, progress, say, warn
from lamplit.config import place
from lamplit.continuity import heir, state, takeover
from lamplit.continuity.folding import Folding
from lamplit.continuity.follow import Follower
from lamplit.continuity.opening import Opening
from lamplit.continuity.ringing import Ringing
from lamplit.continuity.watching import Watch
from lamplit.continuity.weekly import Weekly
from lamplit.reactions.providers.chosen import BadSettings
from lamplit.record import keyfiles, seal
from lamplit.record.loop import LONGEST_WAIT, WAITS, Loop, Stop
from lamplit.record.note import COSIGNATURE, ED25519, KeyRejected, SigningKey, Verifier, is_key_name
from lamplit.record.store import Store, open_store

Db = psycopg.Connection[Any]
LOOK_EVERY = 0.1  # seconds between two looks at main's pointer
FOLD_EVERY = 0.25
STATUS_EVERY = 5.0
WATCH_EVERY = 1.0
AGAIN_WITHIN = 2.0  # seconds between two looks while something is wrong: an intruder who rings must not slow the watch
WEEKLY_LOOKS = 10.0
DEMO_STAFF = "demo-staff.json"
HEIR = "heir"  # the file of the heir's public key; the key itself stands under the declarers' codes alone


def init(asked: argparse.Namespace) -> int:
    """Make this home a standby of a main installation. Run again, it adds what is missing."""
    log = _log_key(asked.log_key)
    main = asked.main if "://" in asked.main else str(Path(asked.main).absolute())
    _begin_to_be(place.Standby(asked.name or f"standby.{log.name.partition('/')[0]}", main, log.vkey))
    first = not heir.declarers(place.declarers())
    if first and not asked.declarer:
        warn("Nobody may declare yet. Name two people: run this again with --declarer NAME, twice.")
    for name, kind in (("cosigner", COSIGNATURE), ("log", ED25519)):
        file = place.key_folder() / name
        if not file.exists():
            SigningKey.generate(_named(name), kind).write(file)
    codes = _name_declarers(asked) if first else {}
    new = making.make_database()
    from lamplit.config import setup

    with start.connect("owner") as db:
        setup.apply_record_schema(db, "lamplit.continuity.schema")
        seal.start_log(db, start.log_key(), now())
        state.start(db, log, mirrored=True)
    begin_at_the_beginning()
    say(f"{'Made' if new else 'Checked'} the standby {_follows().name} in {place.home()}. It follows {log.name}.")
    say("It cosigns with this key. Give it to the main installation, with this machine's address, as LAMPLIT_STANDBYS:")
    say(cosigner().vkey)
    if (place.key_folder() / HEIR).exists():
        say("Main seals keys for it to this. Add it there to recipients-contact, recipients-care and recipients-case:")
        say(heir_recipient())
    for name, code in codes.items():
        say(f"The code of {name}, shown only now. Print it, and keep it where no computer is:")
        say(code)
    return 0


def begin_at_the_beginning() -> None:
    """Nothing of this record was reacted to yet, so its worker begins with its first entry."""
    from lamplit.reactions import follow

    follow.begin_at(0)


def _name_declarers(asked: argparse.Namespace) -> dict[str, str]:
    """Make the heir's key, keep it under each declarer's code alone, and name for whom things are sealed here."""
    if not asked.declarer:
        return {}
    identity = pyrage.x25519.Identity.generate()
    ours = str(identity.to_public())
    try:
        codes = {name: heir.name_declarer(place.declarers(), name, identity) for name in asked.declarer}
        keyfiles.write_recipients(place.key_folder(), [ours, *asked.recipient])
        for recipient in asked.post_recipient:
            pyrage.x25519.Recipient.from_str(recipient)
    except (ValueError, pyrage.RecipientError) as error:
        raise WrongUse(str(error)) from error
    (place.key_folder() / HEIR).write_text(f"{ours}\n")
    lines = [ours, *asked.recipient, *asked.post_recipient]
    (place.key_folder() / heir.RECIPIENTS).write_text("".join(f"{line}\n" for line in lines))
    return codes


def heir_recipient() -> str:
    """Return the age recipient that main seals keys of people to, for the day of taking over."""
    return (place.key_folder() / HEIR).read_text().strip()


def _log_key(vkey: str) -> Verifier:
    try:
        log = Verifier.parse(vkey)
    except KeyRejected as error:
        raise WrongUse(f"The key is not right: {error}.") from error
    if log.kind != ED25519:
        raise WrongUse("That is the key of a witness. `lamplit log key` prints the log's own on the main machine.")
    return log


def _begin_to_be(wanted: place.Standby) -> None:
    """Write down what this home is. Failed when it is something else already."""
    there = place.standby()
    if not is_key_name(wanted.name):
        raise WrongUse("The name of a standby has no spaces and no '+': take the address of its pages.")
    if there is not None and there != msgspec.structs.replace(wanted, term=there.term):
        raise Failed(f"{place.home()} is a standby of another log, or under another name. See {place.standby_file()}.")
    if there is None and (place.key_folder() / "log").exists():
        raise Failed(f"{place.home()} is an installation already. Set LAMPLIT_HOME to another folder for the standby.")
    lines = [f"{name} = {msgspec.json.encode(value).decode()}\n" for name, value in msgspec.structs.asdict(wanted).items()]
    place.standby_file().write_text("# Written by `lamplit standby init`: what this installation follows.\n" + "".join(lines))


def _named(key: str) -> str:
    return f"{_follows().name}/cosigner" if key == "cosigner" else place.origin()


def _follows() -> place.Standby:
    follows = place.standby()
    if follows is None:
        raise Failed(f"{place.home()} is no standby. Run `lamplit standby init --main STORE --log-key VKEY`.")
    return follows


def cosigner() -> SigningKey:
    """Return the key that this standby cosigns with."""
    return SigningKey.read(place.key_folder() / "cosigner")


def key(asked: argparse.Namespace) -> int:
    """Print the key that this standby cosigns with."""
    _follows()
    say(cosigner().vkey)
    if (place.key_folder() / HEIR).exists():
        say(heir_recipient())
    return 0


def witness(asked: argparse.Namespace) -> int:
    """Begin to witness somebody else's log."""
    log = _log_key(asked.log_key)
    _begin()
    with start.connect("owner") as db:
        new = state.start(db, log, mirrored=False)
    say(f"{'From now on this standby witnesses' if new else 'This standby knows'} {log.name}: POST /add-checkpoint.")
    return 0


def run(asked: argparse.Namespace) -> int:
    """Follow, fold and watch until stopped; with --once, all that there is now."""
    follows, stop = _follows(), Stop().on_signals()
    _begin()
    log, mirror = Verifier.parse(follows.log_key), open_store(place.mirror())
    folding = _folding(mirror, log)
    catch_up(follows, mirror, log, folding, stop)
    if asked.once:
        with start.connect("owner") as db:
            while folding.step(db):
                pass
        return 0
    loops = [
        _loop(
            "follow",
            running.as_sealer,
            _each(lambda db: Follower(db, open_store(follows.main), mirror, log, cosigner())),
            LOOK_EVERY,
            AGAIN_WITHIN,
        ),
        _loop("fold", partial(start.connect, "owner"), folding.step, FOLD_EVERY),
        _loop("open", partial(start.connect, "owner"), _opening(), FOLD_EVERY),
        _loop(
            "watch",
            running.as_sealer,
            _each(lambda db: Watch(db, open_store(follows.main), mirror, log)),
            WATCH_EVERY,
            AGAIN_WITHIN,
        ),
        _loop("weekly", running.as_sealer, _by_own_providers("weekly", Weekly), WEEKLY_LOOKS),
        _loop("ring", running.as_sealer, _by_own_providers("alarms", Ringing), WATCH_EVERY),
        _loop("status", running.as_sealer, _write_status, STATUS_EVERY),
    ]
    return running.side_by_side([loop.run for loop in loops], stop)


def _write_status(db: Db) -> bool:
    """Write the status page as files. It reads as the app does, through Django's own connection of this thread."""
    from lamplit.config.status import files

    files.write(place.status_files(), now())
    return False


def _by_own_providers(part: str, makes: Any) -> Any:
    """Return a step that sends to whom a part of providers.toml names, as it stands when the step is taken."""
    from lamplit.config import providers

    kept: dict[str, Any] = {}

    def step(db: Db) -> bool:
        chosen = getattr(providers, part)()
        if chosen is None:
            return False
        if kept.get("for") != (db, chosen[1]):
            kept.update({"for": (db, chosen[1]), "worker": makes(db, *chosen)})
        return bool(kept["worker"].step())

    return step


def status(asked: argparse.Namespace) -> int:
    """Say how this standby stands, as its page does. 1 when somebody must look."""
    _begin()
    with start.connect("app") as db:
        seen = importlib.import_module("lamplit.standby.standing").standing(db, now())  # a door beside this one
    say(f"It holds {seen['size']:,} entries of {seen['origin']}; its tables are {seen['behind']:,} behind.")
    say(f"Main was last heard of {seen['seen']:%d %B %H:%M} UTC." if seen["seen"] else "Main was never heard of.")
    say(seen["weekly"])
    for words in seen["troubles"]:
        warn(words)
    return 1 if seen["troubles"] or seen["quiet"] else 0


def _loop(name: str, connect: Any, step: Any, every: float, longest: float = LONGEST_WAIT) -> Loop:
    return Loop(name, connect, step, every=every, waits=(*WAITS, state.Alarm, BadSettings), longest=longest)


def _each(make: Any) -> Any:
    """Return a step that makes its worker with each connection to the database."""
    kept: dict[str, Any] = {}

    def step(db: Db) -> bool:
        if kept.get("db") is not db:
            kept.update(db=db, worker=make(db))
        return bool(kept["worker"].step())

    return step


def _opening() -> Any:
    """Return a step that opens what is searched for, once this standby has taken over and its tables hold all of main."""
    from lamplit.config import standing_by

    found: list[Opening] = []

    def step(db: Db) -> bool:
        if not found:
            taken = takeover.takeover(db)
            if taken is None or not standing_by.ready(taken, db):
                return False
            found.append(Opening(standing_by.tables_to_open()))
            _let_demo_staff_in()
        return found[0].step(db)

    return step


def _let_demo_staff_in() -> None:
    """In the demo, the same people sign in here as on main: its own program wrote down who they are."""
    file = place.home() / DEMO_STAFF
    if file.exists():
        from lamplit.config.demo_staff import PASSWORD, SECOND_STEP

        accounts = importlib.import_module("lamplit.desk.accounts")  # a door beside this one: by its name only
        for worker, email in msgspec.json.decode(file.read_bytes(), type=list[tuple[str, str]]):
            if not accounts.has_way_in(worker):
                accounts.make_account(worker, email, PASSWORD, SECOND_STEP)
            accounts.seen(worker, now())


def _folding(mirror: Store, log: Verifier) -> Folding:
    from lamplit.config.wiring import wiring

    return Folding(mirror, log, wiring())


def catch_up(follows: place.Standby, mirror: Store, log: Verifier, folding: Folding, stop: Stop) -> None:
    """Before any thread runs: take over what is far ahead, and make the tables anew where that is quicker or must be.

    A trouble is not for here: the loops say it, and try again.
    """
    with running.as_sealer() as db:
        follower = Follower(db, open_store(follows.main), mirror, log, cosigner())
        try:
            while not stop.asked and follower.step():
                pass
        except (OSError, state.Alarm) as trouble:
            warn(str(trouble))
    from lamplit.config import release

    with start.connect("owner") as db:
        known = release.remembered(db)
        anew = folding.far_behind(db) or (known is not None and known[1] != release.folds())
    if anew and not stop.asked:
        make_anew(folding)


def make_anew(folding: Folding) -> None:
    """Make the tables anew from our own copy, in place of the live ones."""
    from lamplit.cli import tables

    owner = place.conninfo("owner")
    with progress() as step:
        done = folding.anew(owner, tables.table_maker(owner), tables.grant, progress=step)
    making.remember_release()
    warn(f"Made {sum(done.rows.values()):,} rows from {done.size:,} entries.")


def _begin() -> None:
    """Start the database and set Django up."""
    _follows()
    start.open_installation()


def serve(asked: argparse.Namespace) -> int:
    """Serve this standby's own pages until asked to stop."""
    _follows()
    return running.serve(asked)
