"""Telling one process from another that was later given the same pid, and work that several do at once. No database here."""

import ctypes
import gc
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing.connection import wait as wait_for
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")
PROC = Path("/proc")
PDEATHSIG = 1  # prctl(2)
LOOK_EVERY = 1.0


def exists(pid: int) -> bool:
    """Whether any process has this pid, a zombie included: what PostgreSQL itself asks before it starts."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def identity(pid: int) -> str | None:
    """The name and start time of a live process, or None. Two processes never have the same pid and identity.

    On Linux the start is counted in ticks since a named boot, so that setting the clock changes nothing.
    """
    if PROC.joinpath("self", "stat").exists():
        return _identity_from_proc(pid)
    asked = subprocess.run(["ps", "-o", "state=,lstart=,comm=", "-p", str(pid)], capture_output=True, text=True, check=False)
    words = asked.stdout.split()
    return None if not words or words[0].startswith("Z") else " ".join([Path(words[-1]).name, *words[1:-1]])


def _identity_from_proc(pid: int) -> str | None:
    try:
        stat = (PROC / str(pid) / "stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return None
    name, _, rest = stat.partition("(")[2].rpartition(")")
    fields = rest.split()  # the first is field 3 of proc(5): the state; field 22 is the start in ticks
    if fields[0] in "ZX":
        return None
    boot = (PROC / "sys/kernel/random/boot_id").read_text().strip()
    return f"{name} {boot} {fields[19]}"


def works_in(pid: int, folder: Path) -> bool:
    """Whether the working folder of a process is `folder`. Where nobody can tell (no /proc, no right), True."""
    try:
        return os.path.samefile(PROC / str(pid) / "cwd", folder)
    except OSError:
        return not PROC.joinpath("self", "cwd").exists() or not os.access(PROC / str(pid) / "cwd", os.R_OK)


def started_on(data: Path) -> list[int]:
    """The live processes that were started as `postgres -D <data>`, whether that folder is still theirs or not."""
    wanted = ["-D", str(data)]
    if PROC.joinpath("self", "cmdline").exists():
        words = {int(entry.name): _words_of(entry) for entry in PROC.iterdir() if entry.name.isdigit()}
    else:
        asked = subprocess.run(["ps", "-axo", "pid=,command="], capture_output=True, text=True, check=False)
        lines = [line.split(maxsplit=2) for line in asked.stdout.splitlines()]
        words = {int(line[0]): [line[1], *line[2].split(" ", 1)] for line in lines if len(line) == 3}
    return [pid for pid, said in words.items() if said[1:] == wanted and Path(said[0]).name == "postgres"]


def _words_of(entry: Path) -> list[str]:
    try:
        return (entry / "cmdline").read_bytes().decode(errors="replace").rstrip("\0").split("\0")
    except OSError:  # it has gone, or is somebody else's
        return [""]


def any_in(folder: Path) -> bool:
    """Whether any live process that we may look at works in `folder`. Without /proc, False."""
    if not PROC.joinpath("self", "cwd").exists():
        return False
    return any(_surely_in(entry, folder) for entry in PROC.iterdir() if entry.name.isdigit())


def _surely_in(entry: Path, folder: Path) -> bool:
    try:
        return os.path.samefile(entry / "cwd", folder)
    except OSError:  # it has gone, or is somebody else's
        return False


def gone_within(pid: int, seen: str, seconds: float) -> bool:
    """Wait until the process with this pid and identity has gone. False when it is still there after `seconds`."""
    deadline = time.monotonic() + seconds
    while identity(pid) == seen:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def end_with(parent: int) -> None:
    """End this process as soon as the one that started it has gone, even where that was killed without a word.

    On Linux the kernel sees to it; elsewhere a thread looks.
    """
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(PDEATHSIG, signal.SIGKILL)
    else:
        threading.Thread(target=_watch, args=(parent,), daemon=True).start()
    if os.getppid() != parent:  # it went before we could ask
        os._exit(1)


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(LOOK_EVERY)
    os._exit(1)


@contextmanager
def uncollected() -> Iterator[None]:
    """Let the collector of garbage rest: what lives long and holds no cycles it would walk again and again for nothing."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def begin_worker() -> None:
    """Begin a process of a pool: no collecting of garbage, and an end when the one that started it is killed."""
    gc.disable()
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=lambda: (wait_for([parent.sentinel]), os._exit(1)), daemon=True).start()


def spread(work: Callable[..., T], jobs: Sequence[tuple[Any, ...]], processes: int) -> Iterator[T]:
    """Do a piece of work for each job, in several processes where there are several jobs. Yields the answers in their order.

    The processes are forks: whoever has connections open closes them first. A job that fails ends it all, and raises.
    """
    if processes == 1 or len(jobs) < 2 * processes:
        yield from (work(*job) for job in jobs)
        return
    with spreading(work, jobs, processes) as answers:
        yield from answers


@contextmanager
def spreading(work: Callable[..., T], jobs: Sequence[tuple[Any, ...]], processes: int) -> Iterator[Iterator[T]]:
    """Begin to do a piece of work for each job, as `spread` does. Yields the answers in their order, while other work goes on."""
    with ProcessPoolExecutor(processes, mp_context=multiprocessing.get_context("fork"), initializer=begin_worker) as pool:
        yield pool.map(work, *zip(*jobs, strict=True))
