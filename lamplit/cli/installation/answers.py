"""What an installation needs to be told: little, from a file or from a person at the terminal. No secret is among it."""

import re
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec

from lamplit.cli.say import Failed, WrongUse, say
from lamplit.config import place
from lamplit.record.note import KeyRejected, Verifier

KEPT = "etc/lamplit/answers.toml"
_HOST = re.compile(r"(?=.{4,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+")
_UNSAFE = re.compile(r'["\\$`<>&\x00-\x1f\x7f]')  # what a shell, systemd, nginx or a page would read as more than a word
_WORD = re.compile(r"[\w./:@+-]*(\?lock=\w+)?", re.ASCII)


class Administrator(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One of the first staff users: she lets everybody else in."""

    name: str
    email: str


class Follows(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What makes this machine a standby: main's near store and its log's key; who may declare; main's key for post."""

    main: str
    log_key: str
    declarers: list[str]
    post_recipients: list[str] = []


class Answers(msgspec.Struct, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Everything that is asked. `docs/install.md` explains each."""

    landlord: str
    phone: str
    host: str
    administrators: list[Administrator] = []
    take_away: str
    certificate: str = "acme"
    acme_email: str = ""
    certificate_file: str = ""
    certificate_key: str = ""
    custodians: list[str] = []
    far_store: str = ""
    standbys: list[str] = []
    help_address: str = ""
    origin: str = ""
    port: int = 8000
    workers: int = 1
    standby: Follows | None = None

    @property
    def log_name(self) -> str:
        return self.origin or f"{self.host}/record"


QUESTIONS = (
    ("landlord", "The landlord's name, as tenants know it"),
    ("phone", "The phone number that tenants ring, day and night"),
    ("host", "The address of the pages, without https:// (like homes.example.org)"),
    ("certificate", "The certificate: acme (fetched and renewed by itself) or files (you have your own)"),
    ("take_away", "The folder of a memory stick for the keys that leave this machine, or print"),
    ("far_store", "The address of the locked store at another supplier (like s3://bucket/record), or nothing for now"),
)


def read(path: Path) -> Answers:
    """Read and check a file of answers. WrongUse with the first thing that is not right."""
    try:
        answers = msgspec.toml.decode(path.read_bytes(), type=Answers)
    except OSError as error:
        raise WrongUse(f"{path} cannot be read: {error.strerror}.") from error
    except (msgspec.DecodeError, ValueError) as error:
        raise WrongUse(f"{path}: {error}. docs/install.md says what belongs there.") from error
    return check(answers)


def check(answers: Answers) -> Answers:
    """Return the answers, or WrongUse in a sentence."""
    declarers = answers.standby.declarers if answers.standby is not None else []
    texts = (answers.landlord, answers.phone, *(who.name for who in answers.administrators), *declarers)
    if any(_UNSAFE.search(text) or not text.strip() for text in texts):
        raise WrongUse('Names and numbers must not be empty, and must not contain any of " \\ $ ` < > & or a line break.')
    if not _HOST.fullmatch(answers.host):
        raise WrongUse(f"{answers.host!r} is no address of pages. Write it in small letters, like homes.example.org.")
    words = (
        answers.log_name, answers.far_store, answers.take_away, answers.help_address, answers.acme_email,
        answers.certificate_file, answers.certificate_key, *answers.custodians, *(who.email for who in answers.administrators),
        *(word for standby in answers.standbys for word in standby.split(" ")),
    )  # fmt: skip
    for word in words:
        if not _WORD.fullmatch(word):
            raise WrongUse(f"{word!r} has a space or a sign that we cannot use there.")
    _check_certificate(answers)
    try:
        place.standbys_in(" ".join(answers.standbys))
    except ValueError as error:
        raise WrongUse(f"standbys: {error}") from error
    if answers.standby is not None:
        _check_standby(answers, answers.standby)
    elif len({who.email.lower() for who in answers.administrators}) < 2:
        raise WrongUse("Name two administrators, each with an e-mail address of her own: one alone can lock everybody out.")
    if answers.take_away != "print" and not answers.take_away.startswith("/"):
        raise WrongUse("take_away is the full path of a memory stick's folder, or the word print.")
    if not 1024 <= answers.port <= 65535 or not 1 <= answers.workers <= 32:
        raise WrongUse("port must be from 1024 to 65535, and workers from 1 to 32.")
    return answers


def _check_standby(answers: Answers, follows: Follows) -> None:
    """A standby has no administrators before it takes over, and makes no custodian's key of its own."""
    for word in (follows.main, follows.log_key, *follows.post_recipients):
        if not _WORD.fullmatch(word):
            raise WrongUse(f"{word!r} has a space or a sign that we cannot use there.")
    if not follows.main.startswith(("https://", "s3://", "/")):
        raise WrongUse("standby.main is the address of main's near store: https://..., s3://... or the full path of a folder.")
    try:
        Verifier.parse(follows.log_key)
    except KeyRejected as error:
        raise WrongUse(f"standby.log_key is no key: {error}.") from error
    if len({name.casefold() for name in follows.declarers}) < 2:
        raise WrongUse("standby.declarers: name two people, or more. One alone could take over.")
    if not all(key.startswith("age1") for key in (*answers.custodians, *follows.post_recipients)) or not answers.custodians:
        raise WrongUse("On a standby, custodians names the public keys (age1...) of main's custodians, one at least.")
    if answers.administrators or answers.standbys:
        raise WrongUse("A standby has neither administrators nor standbys of its own: leave them out.")


def _check_certificate(answers: Answers) -> None:
    files = (answers.certificate_file, answers.certificate_key)
    if answers.certificate == "files" and not all(name.startswith("/") for name in files):
        raise WrongUse("With certificate = files, give the full paths certificate_file and certificate_key.")
    if answers.certificate == "acme" and "@" not in answers.acme_email:
        raise WrongUse("With certificate = acme, give acme_email: who is told when a certificate cannot be renewed.")
    if answers.certificate not in ("acme", "files"):
        raise WrongUse("certificate is acme or files.")


def ask(prompt: Callable[[str], str] | None = None) -> Answers:
    """Ask a person at the terminal."""
    if prompt is None and not sys.stdin.isatty():
        raise WrongUse("There is nobody to ask here. Give a file: lamplit install --answers FILE.")
    put = prompt or _at_terminal
    say("A few questions. Nothing is changed before you have seen the plan and said yes.")
    given: dict[str, object] = {name: put(words).strip() for name, words in QUESTIONS}
    if given["certificate"] == "files":
        given["certificate_file"] = put("The file of the certificate, with those above it in one file").strip()
        given["certificate_key"] = put("The file of its key").strip()
    else:
        given["acme_email"] = put("Who is told when the certificate cannot be renewed (an e-mail address)").strip()
    given["administrators"] = [
        Administrator(
            put(f"The {which} administrator's name").strip(), put(f"The {which} administrator's e-mail address").strip()
        )
        for which in ("first", "second")
    ]
    return check(msgspec.convert(given, Answers))


def _at_terminal(words: str) -> str:
    say(f"{words}: ", end="")
    line = sys.stdin.readline()
    if not line:
        raise Failed("Nothing was changed.")
    return line


def write(answers: Answers, path: Path) -> None:
    """Keep the answers, so that nobody is asked again."""
    lines = ["# Written by `lamplit install`. Change it, and run `lamplit install` again: it changes what follows from it.\n"]
    for name, value in msgspec.to_builtins(answers).items():
        if name not in ("administrators", "standby"):
            lines.append(f"{name} = {msgspec.json.encode(value).decode()}\n")
    for who in answers.administrators:
        words = {name: msgspec.json.encode(getattr(who, name)).decode() for name in ("name", "email")}
        lines.append(f"\n[[administrators]]\nname = {words['name']}\nemail = {words['email']}\n")
    if answers.standby is not None:
        lines.append("\n[standby]\n")
        lines += [
            f"{name} = {msgspec.json.encode(value).decode()}\n" for name, value in msgspec.to_builtins(answers.standby).items()
        ]
    path.write_text("".join(lines))
