"""`lamplit pack`: what a night without any system needs: encrypted, signed, dated, and old after three days."""

import argparse
import csv
import getpass
import hashlib
import io
import os
import zipfile
from datetime import datetime, timedelta
from pathlib import Path

import pyrage

from lamplit.basics.clock import now
from lamplit.basics.words import full_moment
from lamplit.cli import start
from lamplit.cli.say import Failed, say, warn
from lamplit.config import place
from lamplit.record.note import NoteRejected, Verifier, open_note

LASTS, RINGS_AFTER = timedelta(days=3), timedelta(hours=26)
TOP = "Lamplit offline pack"
README = """This is an offline pack of {landlord}, made {made}. Do not use it after {expires}.

It tells who lives where and who needs help. Keep it locked away, and destroy it when the next one is there.

To open it on any laptop, without Lamplit: install age (a free program, age-encryption.org), then

    age --decrypt --output pack.zip {name}

It asks for the passphrase, which stands on paper in the safe: type it without dashes. Then open pack.zip: everything is in
pack.pdf, and once more as tables (CSV). With Lamplit: lamplit pack open {name} --out FOLDER --key KEY. It checks the signature.
"""


def kept() -> Path:
    """Return where the nightly packs lie."""
    return place.home() / "packs"


def make(asked: argparse.Namespace) -> int:
    """Make a pack now."""
    start.open_installation()
    file = make_pack(Path(asked.out), now())
    say(f"{file} is made. It is old after {full_moment(now() + LASTS)}. Its passphrase is that of `lamplit pack passphrase`.")
    return 0


def passphrase(asked: argparse.Namespace) -> int:
    """Print the passphrase of every pack, to be written down and locked away."""
    say(the_passphrase())
    return 0


def make_nightly() -> bool:
    """Make the pack of the night, and keep the last few. Returns whether it is there."""
    try:
        made = make_pack(kept(), now())
    except (OSError, Failed, ValueError) as error:
        warn(f"The offline pack could not be made: {error}")
        return False
    for old in sorted(kept().glob("pack-*"))[:-12]:  # three files a night
        old.unlink()
    say(f"The offline pack is made: {made}.")
    return True


def last_made() -> datetime | None:
    """Return when the newest pack of a night was made, or None."""
    found = sorted(kept().glob("pack-*.age"))
    return datetime.fromtimestamp(found[-1].stat().st_mtime, tz=now().tzinfo) if found else None


def make_pack(folder: Path, at: datetime) -> Path:
    """Make a pack in a folder: sealed under the passphrase, with a signed note and a page that says how to open it."""
    from lamplit.continuity.heir import plain_code

    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = folder / f"pack-{at:%Y-%m-%dT%H%M%S}.zip.age"
    sealed = pyrage.passphrase.encrypt(_zipped(at), plain_code(the_passphrase()))
    made = f"{TOP}\nmade {at.isoformat()}\nexpires {(at + LASTS).isoformat()}\nsha256 {hashlib.sha256(sealed).hexdigest()}\n"
    from django.conf import settings

    told = {"made": full_moment(at), "expires": full_moment(at + LASTS), "name": file.name}
    _write(file.with_suffix(".readme.txt"), README.format(landlord=settings.LANDLORD["name"], **told).encode())
    _write(file.with_suffix(".note"), start.log_key().sign(made))
    _write(file, sealed)
    return file


def the_passphrase() -> str:
    """Return the passphrase, made when there is none: 150 bits, in groups that nobody reads wrongly."""
    from lamplit.continuity.heir import new_code

    file = place.home() / "keys" / "pack"
    if not file.exists():
        file.parent.mkdir(mode=0o700, exist_ok=True)
        _write(file, f"{new_code()}\n".encode())
    return file.read_text().strip()


def _write(file: Path, data: bytes) -> None:
    file.touch(mode=0o600)
    file.write_bytes(data)


def _zipped(at: datetime) -> bytes:
    from django.conf import settings

    from lamplit.cli.pack.content import FORMS, sheets
    from lamplit.config import papers

    every, out = sheets(at), io.BytesIO()
    said = {
        "landlord": settings.LANDLORD["name"], "made": full_moment(at), "expires": full_moment(at + LASTS),
        "sheets": [one._asdict() for one in every], "forms": [f"F-{at:%m%d}-{number:03}" for number in range(1, FORMS + 1)],
    }  # fmt: skip
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as zipped:
        zipped.writestr("pack.pdf", papers.make("pack", said))
        for one in every:
            text = io.StringIO()
            csv.writer(text).writerows([one.columns, *([_harmless(cell) for cell in row] for row in one.rows)])
            zipped.writestr(f"{one.name}.csv", text.getvalue())
    return out.getvalue()


def _harmless(cell: str) -> str:
    """Return a cell that no program for tables takes for a formula."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t")) else cell


def open_pack(asked: argparse.Namespace) -> int:
    """Check a pack's signature and open it into a folder."""
    from lamplit.continuity.heir import plain_code

    file, out = Path(asked.file), Path(asked.out)
    sealed = file.read_bytes()
    expires = _checked(file, sealed, Verifier.parse(asked.key) if asked.key else start.log_key().verifier)
    if expires < now():
        warn(f"This pack is old since {full_moment(expires)}. Use it only if there is no newer one.")
    typed = os.environ.get("LAMPLIT_PACK_PASSPHRASE") or getpass.getpass("The passphrase: ")
    try:
        opened = pyrage.passphrase.decrypt(sealed, plain_code(typed))
    except pyrage.DecryptError:
        raise Failed("The passphrase is not right. Look at the paper in the safe.") from None
    out.mkdir(mode=0o700, parents=True, exist_ok=True)
    with zipfile.ZipFile(io.BytesIO(opened)) as zipped:
        for name in zipped.namelist():
            _write(out / Path(name).name, zipped.read(name))
    say(f"Everything is in {out / 'pack.pdf'}.")
    return 0


def _checked(file: Path, sealed: bytes, verifier: Verifier) -> datetime:
    """Return until when a pack may be used. Failed when it is not as our log's key signed it."""
    try:
        lines = open_note(file.with_suffix(".note").read_bytes(), [verifier]).text.splitlines()
    except NoteRejected as error:
        raise Failed(f"Nobody whom you trust has signed this pack: {error}.") from None
    if lines[0] != TOP or lines[3] != f"sha256 {hashlib.sha256(sealed).hexdigest()}":
        raise Failed("This pack is not the one that was signed. Do not open it: look for another copy.")
    return datetime.fromisoformat(lines[2].removeprefix("expires "))
