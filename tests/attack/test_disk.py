"""A full disk, a store that is away, a clock that was set back: said in plain words, no damage, and it goes on by itself."""

import contextlib
import errno
import logging
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connections

from lamplit.basics import who
from lamplit.basics.clock import now
from lamplit.cli import running
from lamplit.homes.facts import HomeRecorded
from lamplit.record import loop, seal
from lamplit.record.cluster import Cluster
from lamplit.record.loop import Loop
from lamplit.record.page import Page, action
from lamplit.record.store import FolderStore, Store, StoreUnavailable, open_store
from lamplit.record.verify import verify_store
from lamplit.record.verify.report import AGAIN
from tests.landlord import LOG_KEY, RECIPIENTS, Landlord, SecondCopy, connected, make_template

pytestmark = [pytest.mark.attack, pytest.mark.slow]


@action
def record(page: Page, *, count: int, by: who.By, at: datetime, command: str) -> None:
    for _ in range(count):
        page.write(HomeRecorded(home=page.new_id("h"), address=["1 Ember Rise " + "x" * 200]))


def write(count: int, command: str) -> None:
    record(count=count, by=who.job("test"), at=now(), command=command)


@contextlib.contextmanager
def publishing_to(landlord: Landlord, opens: Callable[[], Store]) -> Iterator[Loop]:
    """The loop of `lamplit publish`, step by step."""
    made = Loop("publish near", lambda: psycopg.connect(landlord.conninfo("sealer")), running.carrier("near", opens, RECIPIENTS))
    try:
        yield made
    finally:
        made.close()


@contextlib.contextmanager
def sealing_by(landlord: Landlord, clock: Callable[[], datetime] = now) -> Iterator[Loop]:
    """The loop of `lamplit seal`, step by step."""

    def step(db: psycopg.Connection[Any]) -> bool:
        return seal.seal_once(db, LOG_KEY, clock) is not None

    made = Loop("seal", lambda: psycopg.connect(landlord.conninfo("sealer")), step, alone=True)
    try:
        yield made
    finally:
        made.close()


def trouble(landlord: Landlord, name: str = "publish near") -> str:
    with landlord.connect("reader") as db:
        row = db.execute("SELECT trouble, since_at IS NOT NULL FROM record.loop WHERE name = %s", [name]).fetchone()
    assert row is not None
    assert row[1] == bool(row[0])
    return str(row[0])


def holds(landlord: Landlord, store: Store, size: int) -> bool:
    report = verify_store(store, landlord.key.vkey)
    assert report.ok, report.faults
    return report.size == size


# A full disk ------------------------------------------------------------------------------------------------


class FullFolder(FolderStore):
    """A folder on a disk with `left` bytes: a write beyond them puts down what fits, and fails as the kernel says it."""

    left = 40_000

    def _write(self, data: bytes) -> Path:
        if len(data) > self.left:
            (self.folder / ".incoming").mkdir(exist_ok=True)
            (self.folder / ".incoming" / "cut").write_bytes(data[: self.left])
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(self.folder))
        self.left -= len(data)
        return super()._write(data)

    def empty_the_disk(self) -> None:
        self.left = 10_000_000


class SmallDisk(FolderStore):
    """A folder on a real disk of its own, which something else fills up."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        room = shutil.disk_usage(folder).free
        (folder.parent / "ballast").write_bytes(b"x" * (room - 120_000))

    def empty_the_disk(self) -> None:
        (self.folder.parent / "ballast").unlink()


@contextlib.contextmanager
def mounted(folder: Path, size: str) -> Iterator[None]:
    """A file system in memory of that size, where we may mount one."""
    command = ["mount", "-t", "tmpfs", "-o", f"size={size},mode=0711", "tmpfs", str(folder)]
    subprocess.run(command, check=True, capture_output=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True, capture_output=True)


def may_mount() -> bool:
    with tempfile.TemporaryDirectory() as folder:
        try:
            with mounted(Path(folder), "64k"):
                return True
        except (OSError, subprocess.CalledProcessError):
            return False


REAL_DISKS = ["a real disk"] if may_mount() else []


@pytest.mark.parametrize("disk", ["told by the store", *REAL_DISKS])
def test_a_store_on_a_full_disk(landlord: Landlord, disk: str, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with contextlib.ExitStack() as stack:
        if disk == "a real disk":
            stack.enter_context(mounted(tmp_path, "1m"))
        folder = tmp_path / "store"
        folder.mkdir()
        store = SmallDisk(folder) if disk == "a real disk" else FullFolder(folder)
        publishing = stack.enter_context(publishing_to(landlord, lambda: store))
        write(10, "test:1")
        landlord.seal()
        publishing.once()
        assert trouble(landlord) == ""
        write(600, "test:2")
        landlord.seal()  # sealing does not wait for a store
        waits = [publishing.once() for _ in range(3)]
        assert waits == [1.0, 2.0, 4.0]
        assert trouble(landlord).startswith("No space left on device (")
        assert trouble(landlord).endswith("). We try again.")
        faults = verify_store(store, landlord.key.vkey).faults
        assert all(AGAIN in fault.words for fault in faults), (
            "what was there before is whole; what goes beyond it is not signed yet"
        )
        store.empty_the_disk()
        publishing.once()
        assert trouble(landlord) == ""
        assert holds(landlord, store, 610)
        said = [record.message for record in caplog.records if record.name == loop.log.name]
        assert sum("No space left" in line for line in said) == 1, "said once, not at every try"
        assert said[-1] == "publish near: goes on"


@pytest.mark.parametrize("disk", REAL_DISKS or ["none that we may mount"])
def test_a_database_on_a_full_disk(disk: str, tmp_path: Path, second_copy: SecondCopy) -> None:
    """Nothing is taken that cannot be kept, and the sealer waits; with room again both go on."""
    if not REAL_DISKS:
        assert not may_mount()  # root alone can make a disk to fill up
        return
    home = Path(tempfile.mkdtemp(prefix="lamplit-disk-"))
    home.chmod(0o711)
    try:
        with mounted(home, "160m"):
            cluster = Cluster(home, {"shared_buffers": "8MB", "max_wal_size": "32MB", "min_wal_size": "32MB"})
            try:
                cluster.ensure()
                make_template(cluster, "small")
                with connected_elsewhere(cluster, "small"):
                    fill_and_empty(Landlord(cluster, "small", tmp_path / "store", second_copy), home)
            finally:
                cluster.destroy()
    finally:
        home.rmdir()


@contextlib.contextmanager
def connected_elsewhere(cluster: Cluster, name: str) -> Iterator[None]:
    """Point Django at a database of another cluster."""
    settings = connections["default"].settings_dict
    before = {key: settings[key] for key in ("HOST", "PASSWORD")}
    parts = cluster.parameters("app", name)
    connections["default"].close()
    settings.update(HOST=parts["host"], PASSWORD=parts["password"])
    try:
        with connected(cluster, name):
            yield
    finally:
        settings.update(before)


def fill_and_empty(landlord: Landlord, disk: Path) -> None:
    with sealing_by(landlord) as sealing:
        write(100, "test:before")
        sealing.once()
        ballast = disk / "ballast"
        with ballast.open("wb", buffering=0) as file, contextlib.suppress(OSError):
            while True:
                file.write(b"x" * 65_536)
        kept = sum(size * keep_writing(size) for size in (200, 20, 1))
        for _ in range(3):
            sealing.once()  # what was kept may still find room to be sealed
        assert sealing.trouble == "" or "No space left on device" in sealing.trouble
        ballast.unlink()
        landlord.cluster.start()  # in case the server could not even write that it was in trouble
        connections.close_all()
        write(100, "test:after")
        sealing.once()
        sealing.once()
    assert trouble(landlord, "seal") == ""
    assert landlord.seal() == 200 + kept
    landlord.check()


def keep_writing(size: int) -> int:
    """Write pages of so many entries until the database refuses. Returns how many were acknowledged; there are no others."""
    for n in range(5_000):
        try:
            write(size, f"test:fill{size}:{n}")
        except Exception as error:
            connections.close_all()
            if not isinstance(error.__cause__, psycopg.OperationalError):
                raise
            return n
    raise AssertionError("the disk never was full")


# A store that is away ---------------------------------------------------------------------------------------


class Away(FolderStore):
    """A store behind a network that somebody can pull out."""

    away = False

    def _at(self, path: str) -> Path:
        if self.away:
            raise StoreUnavailable("The store near cannot be reached. We try again.")
        return super()._at(path)


def test_a_store_that_is_away_for_an_hour(landlord: Landlord, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    store, passed, tries, longest = Away(tmp_path / "store"), 0.0, 0, 0.0
    with publishing_to(landlord, lambda: store) as publishing:
        write(300, "test:1")
        landlord.seal()
        publishing.once()
        store.away = True
        while passed < 3_600:
            write(3, f"test:away{tries}")
            landlord.seal()
            wait = publishing.once()
            passed, tries, longest = passed + wait, tries + 1, max(longest, wait)
            assert "cannot be reached" in trouble(landlord)
        store.away = False
        publishing.once()
    assert longest == loop.LONGEST_WAIT, "it tries every minute, not every second"
    assert trouble(landlord) == ""
    assert holds(landlord, store, 300 + 3 * tries)
    said = [line for line in caplog.messages if "cannot be reached" in line]
    assert len(said) == 1, "the log says it once"


@pytest.mark.parametrize("restarted", [None, 1, 2, 3])
def test_a_folder_that_was_not_mounted_for_an_hour(landlord: Landlord, tmp_path: Path, restarted: int | None) -> None:
    """Under a store on another disk lies an empty folder, which a publisher takes for a new store. It must not end in a gap."""
    real, below, place = tmp_path / "real", tmp_path / "below", tmp_path / "store"
    real.mkdir()
    below.mkdir()
    place.symlink_to(real)
    with contextlib.ExitStack() as stack:
        publishing = stack.enter_context(publishing_to(landlord, lambda: open_store(place)))
        for n, under in enumerate([real, below, real, below, real]):
            place.unlink()
            place.symlink_to(under)
            write(290, f"test:{n}")
            landlord.seal()
            if n == restarted:  # by chance somebody starts it again just then
                publishing = stack.enter_context(publishing_to(landlord, lambda: open_store(place)))
            for _ in range(3):
                publishing.once()
    assert trouble(landlord) == ""
    assert holds(landlord, open_store(real), 5 * 290)
    assert verify_store(open_store(below), landlord.key.vkey).ok


# A clock that was set back ----------------------------------------------------------------------------------


def test_a_clock_that_was_set_back(landlord: Landlord, caplog: pytest.LogCaptureFixture) -> None:
    back = timedelta(0)
    with sealing_by(landlord, lambda: now() - back) as sealing:
        write(5, "test:1")
        sealing.once()
        back = timedelta(hours=1)
        write(5, "test:2")
        for _ in range(4):
            sealing.once()
        assert trouble(landlord, "seal").startswith("This machine's clock says ")
        assert trouble(landlord, "seal").endswith("Set the clock right; sealing then goes on by itself.")
        with landlord.connect("reader") as db:
            assert db.execute("SELECT count(*) FROM record.intake").fetchone() == (5,), "it waits where it is safe"
        back = timedelta(0)
        sealing.once()
    assert trouble(landlord, "seal") == ""
    assert landlord.seal() == 10
    assert [record.levelno for record in caplog.records if "clock says" in record.message] == [logging.WARNING]
