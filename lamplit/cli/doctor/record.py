"""Checks of the record: keys, seals, stores, loops, queues, the nightly check, the providers of messages."""

import os
import pwd
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from lamplit.cli import start
from lamplit.cli.doctor.findings import Check, Finding, look, ok, wrong
from lamplit.cli.installation import layout
from lamplit.cli.installation.machine import Machine
from lamplit.cli.installation.services import installed
from lamplit.cli.nights import last_night
from lamplit.cli.running import stores
from lamplit.config import place
from lamplit.record import keyfiles
from lamplit.record.checkpoint import open_checkpoint
from lamplit.record.note import Verifier
from lamplit.record.store import BucketStore, NotInStore, open_store

SILENT = timedelta(seconds=90)
PUBLIC = ("heir",)  # of a standby: for whom main seals keys
FOLLOWS = ("follow", "fold", "open", "watch", "weekly", "ring")  # the loops of a standby's follower
LATE = timedelta(minutes=10)
NIGHT = timedelta(hours=36)


def keys(at: datetime) -> Iterator[Finding]:
    folder = place.key_folder()
    open_to = [file for file in (folder, *folder.iterdir()) if _too_open(file)]
    for file in open_to:
        yield wrong("keys", f"Others can read or change {file}.", f"chmod go-rwx {file}, and find out who could.")
    key = start.log_key()
    with start.connect("owner") as db:
        row = db.execute("SELECT vkey FROM record.checkpoint").fetchone()
    if row is None or row[0] != key.vkey:
        yield wrong("keys", "The log's key here is not the one that signed the log.", "Put your copy of the right key there.")
    elif not open_to:
        yield ok("keys", "The log's key is the right one, and only its owner reads it.")
    if place.standby() is None and (dark := _dark()):  # a standby has no such key, and warns of nobody
        yield wrong("keys", f"The key of planted records opens all but {dark:,} notes.", "Put your copy of the right key there.")
    to = keyfiles.read_recipients(folder)
    custodians = len({one for each in to.values() for one in each})
    yield ok("keys", f"Keys are sealed to {custodians} {'custodian' if custodians == 1 else 'custodians'}.")
    here = [file.name for file in folder.iterdir() if file.is_file() and "AGE-SECRET-KEY" in file.read_text(errors="ignore")]
    if here:
        say = wrong if installed() else look
        yield say(
            "keys", f"A custodian's key is on this machine ({here[0]}).", "Take it away: whoever has it reads all that is sealed."
        )
    if installed() and not Machine().at(layout.TAKEN).exists():
        yield wrong("keys", "No copy of the keys was taken away.", "sudo lamplit install")


def _dark() -> int:
    """Return how many notes of planted records cannot be read here."""
    from lamplit.people import queries

    return queries.unreadable()


def _too_open(path: Path) -> bool:
    """Whether somebody else may change a file, or read one that is secret. Recipients are no secret."""
    found = path.stat()
    if path.name.startswith("recipients-") or path.name in PUBLIC:
        return bool(found.st_mode & 0o022) or found.st_uid not in (0, os.geteuid())
    return bool(found.st_mode & 0o077) or found.st_uid not in (0, os.geteuid())


def seals(at: datetime) -> Iterator[Finding]:
    with start.connect("owner") as db:
        head = db.execute("SELECT vkey, size, root, note, sealed_at FROM record.checkpoint").fetchone()
        waiting = db.execute("SELECT count(*) FROM record.intake").fetchone()
    assert head is not None and waiting is not None  # noqa: S101, PT018 - a log begins with its checkpoint
    signed, _ = open_checkpoint(bytes(head[3]), Verifier.parse(head[0]))
    if (signed.size, signed.root) != (head[1], bytes(head[2])):
        yield wrong(
            "seals", "The signed checkpoint does not fit the log.", "Stop everything and run `lamplit log verify` on each store."
        )
    if head[4] > at + timedelta(minutes=1):
        yield wrong("seals", "The last seal lies in the future.", "Set the clock right.")
    if waiting[0] > 10_000:
        yield look("seals", f"{waiting[0]:,} entries wait to be sealed.", "Is the sealer running? See below.")
    else:
        yield ok("seals", f"{head[1]:,} entries are sealed and signed, {waiting[0]:,} wait.")


def every_store(at: datetime) -> Iterator[Finding]:
    with start.connect("owner") as db:
        head = db.execute("SELECT vkey, size, sealed_at FROM record.checkpoint").fetchone()
    assert head is not None  # noqa: S101 - a log begins with its checkpoint
    for name, address in stores():
        try:
            shown, _ = open_checkpoint(open_store(address).get("checkpoint"), Verifier.parse(head[0]))
        except NotInStore:
            yield (
                wrong("stores", f"The store {name} shows nothing.", "Is the publisher running? See below.")
                if head[1]
                else ok("stores", f"The store {name} is empty, as the log is.")
            )
            continue
        except OSError:
            yield wrong("stores", f"The store {name} cannot be read.", "Is it mounted, reachable, and are its secrets right?")
            continue
        behind = head[1] - shown.size
        if behind < 0:
            yield wrong(
                "stores", f"The store {name} holds more than this database.", "Stop everything and run `lamplit restore`."
            )
        elif behind and at - head[2] > LATE:
            yield wrong("stores", f"The store {name} is {behind:,} entries behind.", "See the publisher's trouble below.")
        else:
            yield ok("stores", f"The store {name} holds {shown.size:,} entries, signed.")
        yield from _lock(name, address, shown.size)
    if len(stores()) < 2:
        yield look(
            "stores", "There is no second store.", "Whoever burns this machine burns the record: name a locked store elsewhere."
        )


def _lock(name: str, address: str, size: int) -> Iterator[Finding]:
    """Whether a bucket keeps what was published, whoever asks to delete it: it is asked, and nothing is tried."""
    store = open_store(address) if address.startswith("s3://") else None
    if not isinstance(store, BucketStore):
        return
    try:
        until = store.lock_of(f"checkpoints/{size}")
    except OSError:
        yield look("stores", f"The store {name} does not say whether it is locked.", "Its user needs GetObjectRetention.")
        return
    if until:
        yield ok("stores", f"The store {name} is locked: nobody can empty it before {until[:10]}.")
    else:
        yield wrong("stores", f"The store {name} is not locked.", "Write it as s3://...?lock=10y: see docs/install.md.")


def who_writes(at: datetime) -> Iterator[Finding]:
    """The publisher writes to the near store, and nobody who faces the world does: each is tried, as that user."""
    near = Path(start.near_store())
    if not installed() or os.geteuid() != 0:
        may = os.access(near, os.W_OK) if near.exists() else os.access(near.parent, os.W_OK)
        yield (
            ok("stores", "The near store can be written.")
            if may
            else wrong("stores", f"{near} cannot be written.", "See whose it is.")
        )
        return
    programs = layout.shape(standby=place.standby() is not None).programs
    may_write = {name: _as_user(f"lamplit-{name}", near) for name in programs}
    for name, may in may_write.items():
        if may and name != "publish":
            yield wrong("stores", f"lamplit-{name} can write to the near store.", "sudo lamplit install puts the rights right.")
    if not may_write["publish"]:
        yield wrong("stores", "The publisher cannot write to the near store.", "sudo lamplit install puts the rights right.")
    elif sum(may_write.values()) == 1:
        yield ok("stores", "The publisher alone can write to the near store.")
    if any(_as_user(f"lamplit-{name}", place.key_folder()) for name in programs):
        yield wrong("stores", "A service can write to the folder of keys.", "sudo lamplit install puts the rights right.")


def _as_user(name: str, folder: Path) -> bool:
    """Whether a user of the system can make a file in a folder. Tried in a process that becomes that user."""
    found = pwd.getpwnam(name)
    groups = os.getgrouplist(name, found.pw_gid)
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.setgroups([*groups, *_store_group()])
            os.setgid(found.pw_gid)
            os.setuid(found.pw_uid)
            probe = folder / f".doctor-{os.getpid()}"
            probe.touch()
            probe.unlink()
            code = 0
        except OSError:
            code = 1
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def _store_group() -> list[int]:
    """Every service is in this group: systemd adds it."""
    import grp

    return [grp.getgrnam(layout.STORE_GROUP).gr_gid]


def loops(at: datetime) -> Iterator[Finding]:
    with start.connect("owner") as db:
        rows = {name: (alive, trouble) for name, alive, trouble in db.execute("SELECT name, alive_at, trouble FROM record.loop")}
    wanted = ["seal", *(f"publish {name}" for name, _ in stores()), "worker", *(["post"] if _takes_email() else [])]
    wanted += [f"standby {key.name}" for _, key in place.standbys()]
    if place.standby() is not None:
        wanted = [*FOLLOWS, "seal", *(f"publish {name}" for name, _ in stores()), *(["post"] if _takes_email() else [])]
    for name in wanted:
        alive, trouble = rows.get(name, (None, ""))
        if alive is None or at - alive > SILENT:
            heard = f"has not been heard of since {alive:%d %B %H:%M} UTC" if alive else "was never heard of"
            yield wrong("loops", f"'{name}' {heard}.", f"sudo systemctl restart lamplit-{_service(name)}")
        elif trouble:
            yield wrong("loops", f"'{name}' is in trouble: {trouble}", "What to do stands in its sentence, or in its log.")
        else:
            yield ok("loops", f"'{name}' is alive.")


def _takes_email() -> bool:
    """Whether the landlord chose that e-mail comes in. A file that cannot be read is said by `carriers`."""
    from lamplit.config import providers
    from lamplit.reactions.providers.chosen import BadSettings

    try:
        return providers.given().post is not None
    except BadSettings:
        return False


def _service(loop: str) -> str:
    if loop in FOLLOWS:
        return "follow"
    return {"worker": "work", "standby": "publish"}.get(loop, loop.split(maxsplit=1)[0])


def queues(at: datetime) -> Iterator[Finding]:
    from lamplit.messages import queries as messages
    from lamplit.reactions import follow
    from lamplit.record import erase

    with start.connect("owner") as db:
        row = db.execute("SELECT size FROM record.checkpoint").fetchone()
    unread = (row[0] if row else 0) - follow.position()
    owed, unsent = len(follow.owed()), len(messages.to_send(at, 1_000))
    for count, what, most in (
        (unread, "entries wait for the worker", 5_000), (owed, "entries wait for a reaction that failed", 0),
        (unsent, "messages wait to be sent", 500),
    ):  # fmt: skip
        yield (
            look("queues", f"{count:,} {what}.", "Is the worker running, and what is its trouble?")
            if count > most
            else ok("queues", f"{count:,} {what}.")
        )
    if alarm := erase.alarm():
        yield wrong("queues", alarm, "`lamplit erasures` lists the orders and calls them off.")


def night(at: datetime) -> Iterator[Finding]:
    copy = [] if place.standby() is None else ["mirror"]
    for name in [*(name for name, _ in stores()), *copy]:
        last = last_night(name)
        if last is None:
            yield look("nightly check", f"The store {name} was never checked.", "sudo lamplit nightly")
        elif not last.holds:
            yield wrong(
                "nightly check", f"The store {name} did not hold: {last.words}", "Find out who changed it before going on."
            )
        elif at - last.at > NIGHT:
            yield wrong(
                "nightly check",
                f"The store {name} was last checked {last.at:%d %B %H:%M} UTC.",
                "systemctl status lamplit-nightly.timer",
            )
        else:
            yield ok("nightly check", f"The store {name} held, with {last.size:,} entries.")


def rehearsals(at: datetime) -> Iterator[Finding]:
    """Whether coming back was rehearsed in time, by night and by the custodians."""
    from lamplit.incidents import queries

    overdue = queries.rehearsals_overdue(at)
    for how, does in (("nightly", "lamplit rehearse"), ("custodians", "docs/incidents.md says how the custodians do it.")):
        last, what = queries.last_rehearsed(how), queries.rehearsal_words(how, at)
        if how in overdue:
            yield wrong("rehearsals", f"{what}: not done in time.", does)
        elif last is None:
            yield look("rehearsals", f"{what}: not done yet.", does)
        else:
            yield ok("rehearsals", f"{what}: {last:%d %B %Y}.")


def packs(at: datetime) -> Iterator[Finding]:
    """Whether there is an offline pack of the last night."""
    from lamplit.cli.pack.command import RINGS_AFTER, last_made

    last = last_made()
    if last is None and place.standby() is not None:
        yield ok("offline pack", "A standby makes one each night from the day on which it takes over.")
    elif last is None:
        yield look("offline pack", "None was made yet.", "lamplit pack make --out FOLDER; the nightly check makes one as well.")
    elif at - last > RINGS_AFTER:
        yield wrong("offline pack", f"The last is of {last:%d %B %Y, %H:%M} UTC.", "Run: lamplit nightly")
    else:
        yield ok("offline pack", f"The last is of {last:%d %B %Y, %H:%M} UTC.")


def carriers(at: datetime) -> Iterator[Finding]:
    """What each provider of messages says of itself. None is asked to send anything."""
    from lamplit.config import providers

    said = providers.check_providers(at)
    for name, troubles in said:
        for words in troubles:
            yield wrong("messages", f"{name}: {words}", "docs/messages.md says what each provider needs.")
        if not troubles:
            yield ok("messages", f"{name} is well.")
    if [name for name, _ in said] == ["folder"]:
        yield look("messages", f"Messages are only written to {place.home() / 'messages'}.", "See who carries them from there.")


CHECKS: tuple[tuple[str, Check], ...] = (
    ("keys", keys),
    ("seals", seals),
    ("stores", every_store),
    ("who writes to the store", who_writes),
    ("loops", loops),
    ("queues", queues),
    ("nightly check", night),
    ("rehearsals", rehearsals),
    ("offline pack", packs),
    ("messages", carriers),
)
