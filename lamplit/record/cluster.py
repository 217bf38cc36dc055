"""The PostgreSQL that comes in the box: make it, start it, find it, stop it.

Only for one machine and for tests; a landlord in production names a PostgreSQL of its own. We run the binaries of a
wheel and nothing else of it. One home holds one cluster:

    <home>/cluster/lock            pid and identity of the running server; also the lock that start and stop take
    <home>/cluster/secrets/<role>  the password of a role, 0600
    <home>/cluster/place           only when the server's files cannot live here: the folder where they do
                                   (its file `home` says for whom, so that it is found when the home was deleted by hand)
    <place>/data  <place>/run  <place>/log

The server listens on no network, only on a socket in a folder that is closed to other users. When `<place>/run` is too
long a path for a socket, the folder is `/tmp/lamplit-<uid>-<hash>`.

PostgreSQL refuses to run as root. Started by root, the server runs as the user `lamplit`, or `nobody` where there is no
such user. If that user cannot reach `<home>/cluster` we do not open the folders above it: the server's files go to a
new folder under `/var/lib/lamplit` (or `/var/tmp/lamplit-0` where root may not write there) and `<home>/cluster/place`
says which. Binaries that it cannot reach are copied beside it.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
import secrets
import shutil
import signal
import stat
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from psycopg import pq

from lamplit.record import engine, process

PORT = 5432  # names the socket file only
SOCKET_PATH_MAX = 100  # bytes; Linux takes 107, macOS 103
START_SECONDS = 60
STOP_SECONDS = 30
SETTINGS = {
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "password_encryption": "scram-sha-256",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "max_connections": "200",
    # Nothing follows this server's own log: what is to survive it is the record. So an index built anew need not go through it.
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "2GB",
    "logging_collector": "on",
    "log_filename": "postgresql-%a.log",  # a week of logs, each overwritten in its turn
    "log_truncate_on_rotation": "on",
    "log_rotation_age": "1d",
    "log_rotation_size": "0",
    "log_file_mode": "0600",
}


class ClusterError(Exception):
    """The database cannot be made, started or stopped. The text says what to do about it."""


class Cluster:
    """The embedded PostgreSQL of one home. Making the object touches nothing.

    `settings` are written over ours at each start (tests turn `fsync` off).
    """

    def __init__(self, home: Path, settings: Mapping[str, str] | None = None) -> None:
        self.home = Path(home).absolute()
        self.folder = self.home / "cluster"
        self.settings = SETTINGS | dict(settings or {})

    # What callers use

    def ensure(self) -> None:
        """Make the cluster if there is none, and start it if it is not running. Many processes may call it at once."""
        if self.running():
            return
        self._make_folders()
        with self._locked():
            if self._adopt():
                return
            if not self._made():
                self._make()
            self._start()

    def start(self) -> None:
        """Start a cluster that was made before. Does nothing if it is running."""
        if self.running():
            return
        if not self._made():
            raise ClusterError(f"There is no database in {self.home}. Run `lamplit init` first.")
        with self._locked():
            if not self._adopt():
                self._start()

    def stop(self) -> None:
        """Stop the server and wait until it has gone, open connections or not. Does nothing if it is not running."""
        if not self.folder.exists():
            return
        with self._locked():
            if self._adopt():
                self._stop()

    def running(self) -> bool:
        """Whether the server that the lock file names is alive. A lock left by a killed server is recognised."""
        return self._named_by_lock() is not None

    def destroy(self) -> None:
        """Stop the server and delete everything that this home's clusters ever wrote, passwords and data included."""
        self.stop()
        for path in self.files():
            self._end_servers_of(path / "data")
            if path.exists():  # one may lie in another that has gone
                shutil.rmtree(path)

    def files(self) -> list[Path]:
        """The folders that `destroy` deletes: this cluster's own, and what a home left behind that was deleted by hand."""
        own = dict.fromkeys([self.sockets, self.place, self.folder])
        return [path for path in [*own, *self.left_behind()] if path.exists()]

    def left_behind(self) -> list[Path]:
        """The folders of clusters that root made for this home before somebody deleted it: nobody knows their passwords."""
        if os.geteuid() != 0:
            return []
        named = f"{self.home}\n"
        found = [path.parent for path in engine.base().glob(f"{_digest(self.home)}-*/home") if path.read_text() == named]
        return sorted(path for path in found if path != self.place)

    def url(self, role: str = "owner", database: str = "lamplit") -> str:
        """A libpq URL, password included: never log it, never put it on a command line."""
        return (
            f"postgresql://lamplit_{role}:{quote(self.secret(role), safe='')}@/{quote(database, safe='')}"
            f"?host={quote(str(self.sockets), safe='')}&port={PORT}"
        )

    def parameters(self, role: str = "owner", database: str = "lamplit") -> dict[str, str]:
        """The same as `url`, as libpq keywords: host, port, user, password, dbname."""
        return {
            "host": str(self.sockets),
            "port": str(PORT),
            "user": f"lamplit_{role}",
            "password": self.secret(role),
            "dbname": database,
        }

    def secret(self, role: str) -> str:
        """The password of `lamplit_<role>`, made the first time anyone asks. `admin` is the superuser."""
        if not re.fullmatch(r"[a-z][a-z_]{0,39}", role):
            raise ValueError(f"{role!r} is not the name of a role")
        path = self.folder / "secrets" / role
        if not path.exists():
            self._make_folders()
            _write_once(path, secrets.token_urlsafe(32))
        if path.stat().st_mode & 0o077:
            raise ClusterError(f"Other users can read {path}. Close it with `chmod 600`, then change that password.")
        return path.read_text()

    @property
    def place(self) -> Path:
        """The folder of the server's own files: data, run, log."""
        pointer = self.folder / "place"
        return Path(pointer.read_text()) if pointer.exists() else self.folder

    @property
    def data(self) -> Path:
        return self.place / "data"

    @property
    def sockets(self) -> Path:
        """The folder of the server's socket: what libpq calls the host."""
        near = self.place / "run"
        fits = len(os.fsencode(near / f".s.PGSQL.{PORT}")) <= SOCKET_PATH_MAX
        if fits and re.fullmatch(r"[\w/.-]+", str(near)):
            return near
        return Path(f"/tmp/lamplit-{self._server_uid()}-{_digest(near)}")  # noqa: S108 - its owner is checked before use

    # The parts

    def _make_folders(self) -> None:
        """The server's user must pass through `cluster` when root starts us. Nobody else may list or write it."""
        self.home.mkdir(parents=True, exist_ok=True)
        self.folder.mkdir(exist_ok=True)
        self.folder.chmod(0o711 if os.geteuid() == 0 else 0o700)
        (self.folder / "secrets").mkdir(mode=0o700, exist_ok=True)

    def _made(self) -> bool:
        try:
            return (self.data / "PG_VERSION").exists()
        except PermissionError as error:
            raise ClusterError(
                f"The database in {self.place} belongs to another user. Start Lamplit as the user who made it."
            ) from error

    def _server_uid(self) -> int:
        """Who the server runs as: the owner of its data; before there is any, us, or an ordinary user for root."""
        for path in (self.data, self.place / "run"):
            if path.exists():
                return path.stat().st_uid
        return engine.ordinary_user().pw_uid if os.geteuid() == 0 else os.geteuid()

    def _make(self) -> None:
        """initdb into a folder beside the final one, so that a kill half-way leaves nothing that looks finished."""
        self._choose_place()
        uid = self._server_uid()
        for name in ("run", "log"):
            _own_folder(self.place / name, uid)
        unfinished, password = self.place / "run" / "data.new", self.place / "run" / "password"
        shutil.rmtree(unfinished, ignore_errors=True)
        password.unlink(missing_ok=True)
        _write_once(password, self.secret("admin"), uid)
        command = ["--username=lamplit_admin", f"--pwfile={password}", "--auth=scram-sha-256", "--encoding=UTF8", "-k"]
        locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        try:
            self._run("initdb", f"--pgdata={unfinished}", *command, *locale)
        finally:
            password.unlink()
        with (unfinished / "postgresql.conf").open("a") as conf:
            conf.write("\ninclude 'lamplit.conf'\n")
        unfinished.rename(self.data)

    def _choose_place(self) -> None:
        if os.geteuid() != 0 or (self.folder / "place").exists() or engine.reaches(self._server_uid(), self.folder):
            return
        place = Path(tempfile.mkdtemp(prefix=f"{_digest(self.home)}-", dir=engine.base()))
        (place / "home").write_text(f"{self.home}\n")
        os.chown(place, self._server_uid(), -1)
        _write_once(self.folder / "place", str(place))

    def _end_servers_of(self, data: Path) -> None:
        """End servers whose folder was deleted under them. When one ends by itself, it takes the new server's socket with it."""
        for pid in process.started_on(data):
            seen = process.identity(pid)
            if seen is None or (data == self.data and process.works_in(pid, data)):
                continue
            os.kill(pid, signal.SIGQUIT)
            if not process.gone_within(pid, seen, STOP_SECONDS):
                raise ClusterError(f"An old database server (process {pid}) of {data} does not end. End it, then try again.")

    def _start(self) -> None:
        version = (self.data / "PG_VERSION").read_text().strip()
        if version != engine.VERSION:
            raise ClusterError(f"{self.data} was made by PostgreSQL {version}; this Lamplit has {engine.VERSION}.")
        for data in (self.data, *(path / "data" for path in self.left_behind())):
            self._end_servers_of(data)
        _own_folder(self.sockets, self._server_uid())
        self._write_settings()
        self._clear_stale_locks()
        self._wait_for_orphans()
        log = self.place / "log" / "start.log"
        pid = engine.launch(self.data, log, uid=self._server_uid())
        if not self._answers(pid):
            raise ClusterError(f"PostgreSQL does not start: {_last_words(log.parent)} (more in {log.parent})")
        self._note(pid)

    def _write_settings(self) -> None:
        every = self.settings | {
            "unix_socket_directories": str(self.sockets),
            "log_directory": str(self.place / "log"),
        }
        lines = [
            f"{name} = '{value.replace(chr(92), chr(92) * 2).replace(chr(39), chr(39) * 2)}'\n" for name, value in every.items()
        ]
        path = self.data / "lamplit.conf"
        path.write_text("".join(lines))
        path.chmod(0o644)  # the folder is closed; the server's user may not be the one who writes this

    def _clear_stale_locks(self) -> None:
        """PostgreSQL believes its lock files when any process has that pid: an unreaped zombie, or a stranger."""
        for path in (self.data / "postmaster.pid", self.sockets / f".s.PGSQL.{PORT}.lock"):
            pid = _first_number(path)
            if pid is not None and process.exists(pid) and not self._is_server(pid):
                path.unlink()

    def _wait_for_orphans(self) -> None:
        """After its postmaster was killed a backend lives on for a moment, and no new server may start beside it."""
        deadline = time.monotonic() + STOP_SECONDS
        while time.monotonic() < deadline and process.any_in(self.data):
            time.sleep(0.02)

    def _adopt(self) -> bool:
        """Whether a server runs on our data, whoever started it. Waits until it answers and writes it into the lock."""
        if self._named_by_lock() is not None:
            return True
        pid = _first_number(self.data / "postmaster.pid")
        if pid is None or not self._is_server(pid) or not self._answers(pid):
            return False
        self._note(pid)
        return True

    def _answers(self, pid: int) -> bool:
        """Wait until the server takes connections. False when it gave up; an error when it takes too long."""
        seen, deadline = process.identity(pid), time.monotonic() + START_SECONDS
        while seen is not None and process.identity(pid) == seen:
            if pq.PGconn.ping(f"host='{self.sockets}' port={PORT}".encode()) == pq.Ping.OK:
                return True
            if time.monotonic() > deadline:
                raise ClusterError(f"PostgreSQL (process {pid}) starts but does not answer. See {self.place / 'log'}.")
            time.sleep(0.01)
        return False

    def _note(self, pid: int) -> None:
        (self.folder / "lock").write_text(json.dumps({"pid": pid, "identity": process.identity(pid)}))

    def _stop(self) -> None:
        pid, seen = self._named_by_lock() or (0, "")
        for kind in (signal.SIGINT, signal.SIGQUIT):  # fast; and if that takes too long, immediate
            os.kill(pid, kind)
            if process.gone_within(pid, seen, STOP_SECONDS):
                (self.folder / "lock").write_text("")
                return
        raise ClusterError(f"The database (process {pid}) does not stop. Its log is in {self.place / 'log'}.")

    def _named_by_lock(self) -> tuple[int, str] | None:
        """The pid and identity in the lock, when exactly that process is alive."""
        try:
            named = json.loads((self.folder / "lock").read_text())
        except (FileNotFoundError, json.JSONDecodeError):
            return None
        if process.identity(named["pid"]) != named["identity"]:
            return None
        return named["pid"], named["identity"]

    def _is_server(self, pid: int) -> bool:
        name = (process.identity(pid) or "").split(" ")[0]
        return name == "postgres" and process.works_in(pid, self.data)

    def _run(self, program: str, *arguments: str) -> None:
        try:
            engine.run(program, *arguments, uid=self._server_uid())
        except engine.EngineError as error:
            raise ClusterError(str(error)) from error

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """One process at a time makes, starts or stops. The kernel lets go when that process dies."""
        with (self.folder / "lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _first_number(path: Path) -> int | None:
    try:
        return int(path.read_text().split()[0])
    except (FileNotFoundError, IndexError, ValueError):
        return None


def _last_words(folder: Path) -> str:
    """The reason that the newest log of a server gives, or its last line."""
    newest = sorted(folder.glob("*.log"), key=lambda path: path.stat().st_mtime)
    lines = "".join(path.read_text(errors="replace") for path in newest).splitlines()
    reasons = [line for line in lines if "FATAL" in line or "PANIC" in line]
    return (reasons or lines or ["it says nothing"])[-1]


def _digest(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]


def _write_once(path: Path, text: str, uid: int = -1) -> None:
    """Write a private file whole or not at all; when another process wrote it first, keep theirs."""
    handle, name = tempfile.mkstemp(prefix=".", dir=path.parent)
    with os.fdopen(handle, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(handle)
    if os.geteuid() == 0:
        os.chown(name, path.parent.stat().st_uid if uid < 0 else uid, -1)
    try:
        os.link(name, path)
    except FileExistsError:
        pass
    finally:
        Path(name).unlink()


def _own_folder(path: Path, uid: int) -> None:
    """Make a folder that only `uid` can enter, or check that it is one: anyone can make a folder in /tmp before us."""
    try:
        path.mkdir(mode=0o700)
        if os.geteuid() == 0:
            os.chown(path, uid, -1)
    except FileExistsError:
        found = path.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != uid or found.st_mode & 0o077:
            raise ClusterError(f"{path} is not a private folder of ours. Look at what it is, then move it away.") from None
