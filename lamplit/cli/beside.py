"""The standby that the demo runs beside itself: a home of its own, a database of its own, keys of its own."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import msgspec

from lamplit.cli import start
from lamplit.cli.crew import Running
from lamplit.cli.say import Failed, warn
from lamplit.config import place
from lamplit.record import keyfiles
from lamplit.record.cluster import Cluster
from lamplit.record.note import SigningKey

DECLARERS = ("Ada Okoye", "Ben Rowe")  # made up; printed with the demo's staff
CODES = "demo-codes"
CODE = re.compile(r"[0-9A-Z]{5}(-[0-9A-Z]{5}){5}")
_OURS = (
    "LAMPLIT_DATABASE_URL",
    "LAMPLIT_PEER",
    "LAMPLIT_KEYS",
    "LAMPLIT_STORES",
    "LAMPLIT_ORIGIN",
    "LAMPLIT_STANDBYS",
    "LAMPLIT_MEMORY",
    "LAMPLIT_DECLARERS",
    "LAMPLIT_PROVIDERS",
)


class Beside:
    """The standby in `home`, whose pages are served on `port`."""

    def __init__(self, home: Path, port: int) -> None:
        self.home, self.port, self.mail_port = home, port, port + 1
        self.cluster = Cluster(home)
        self.where = {"LAMPLIT_HOME": str(home)} | dict.fromkeys(_OURS, "")

    def make(self) -> None:
        """Make it, or what is missing of it, and tell this installation to ask it. Failed when it cannot be made."""
        self._clear_another()
        warn("Making the standby beside it.")
        custodian = str(keyfiles.own_identity(place.key_folder() / "custodian").to_public())
        post = str(keyfiles.own_identity(place.post_key()).to_public())
        words = ["--main", start.near_store(), "--log-key", start.log_key().vkey, "--recipient", custodian]
        words += ["--post-recipient", post, *(word for name in DECLARERS for word in ("--declarer", name))]
        done = self.run("standby", "init", *words)
        if done.returncode:
            raise Failed(f"The standby cannot be made: {done.stderr.strip()}")
        self._keep_codes(done.stdout)
        self._say_where_mail_comes()
        self._be_sealed_to()
        key = SigningKey.read(self.home / "keys" / "cosigner")
        os.environ["LAMPLIT_STANDBYS"] = f"http://127.0.0.1:{self.port} {key.vkey}"

    def _say_where_mail_comes(self) -> None:
        """Let it take e-mail on this machine. It names no provider, so answers are files in its folder `messages`."""
        addresses = [f"{name}@demo.lamplit.example" for name in ("repairs", "complaints", "check", "help")]
        lines = f"addresses = {msgspec.json.encode(addresses).decode()}\nport = {self.mail_port}\n"
        (self.home / "providers.toml").write_text(f"# Written by the demo\n[post]\n{lines}")

    def _keep_codes(self, printed: str) -> None:
        """Keep the declarers' codes where the demo shows them. A landlord keeps them on paper."""
        codes = [line for line in printed.splitlines() if CODE.fullmatch(line)]
        if codes:
            (self.home / CODES).write_text("".join(f"{code}\t{name}\n" for name, code in zip(DECLARERS, codes, strict=True)))

    def codes(self) -> dict[str, str]:
        """Return the code of each declarer."""
        lines = [line.partition("\t") for line in (self.home / CODES).read_text().splitlines()]
        return {name: code for code, _, name in lines}

    def _be_sealed_to(self) -> None:
        """Let this installation seal the keys of people to the standby too, for the day of taking over."""
        heir = (self.home / "keys" / "heir").read_text().strip()
        for key_class in ("contact", "care", "case"):
            file = place.key_folder() / f"recipients-{key_class}"
            if heir not in file.read_text():
                file.write_text(f"{file.read_text().rstrip()}\n{heir}\n")

    def let_in(self, staff: list[tuple[str, str]]) -> None:
        """Say who of the demo's staff signs in at the standby once it has taken over: id and address."""
        (self.home / "demo-staff.json").write_bytes(msgspec.json.encode(staff))

    def _clear_another(self) -> None:
        """Remove a standby of a log that is gone: a demo that was begun anew has another key."""
        file = self.home / "standby.toml"
        if file.exists() and f'"{start.log_key().vkey}"' not in file.read_text():
            self.cluster.destroy()
            shutil.rmtree(place.memory(self.home), ignore_errors=True)
            shutil.rmtree(self.home)

    def start(self, running: Running) -> None:
        """Start the standby's own programs."""
        running.start("standby", "standby", "run", where=self.where)
        for name in ("seal", "publish"):
            running.start(f"standby-{name}", name, where=self.where)
        running.start("standby-work", "standby", "work", where=self.where)
        running.start("standby-pages", "standby", "serve", "--port", str(self.port), where=self.where)
        running.start("standby-mail", "standby", "mail", where=self.where)

    def start_taking_in(self, running: Running) -> None:
        """Let this installation take over what the standby writes, from now on."""
        running.start("ingest", "ingest", "--from", str(self.home / "store"), "--key", self.log_key, "--follow")

    @property
    def log_key(self) -> str:
        """The public key of the standby's own record."""
        return SigningKey.read(self.home / "keys" / "log").vkey

    def run(self, *words: str, given: str | None = None) -> subprocess.CompletedProcess[str]:
        """Run `lamplit <words>` at the standby; `given` is what it reads."""
        words = (sys.executable, "-m", "lamplit.cli", *words)
        return subprocess.run(words, env=os.environ | self.where, input=given, capture_output=True, text=True, check=False)
