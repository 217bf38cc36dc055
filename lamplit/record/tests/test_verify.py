"""Verifying published logs: others' real one at every size, any change to any file, and many processes."""

import shutil
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lamplit.record.checkpoint import Checkpoint
from lamplit.record.note import KeyRejected, SigningKey
from lamplit.record.store import open_store, read_bundle
from lamplit.record.verify import MAX_FAULTS, verify_store
from tests.attack.log_builder import LOG, LogBuilder, entries

TESSERA = "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx"


def small_log() -> dict[str, bytes]:
    """Return the files of a log of 5, then 260 entries, with a blob."""
    store = open_store("memory:///")
    builder = LogBuilder(store)
    builder.add(entries(5))
    builder.add(entries(260)[5:])
    store.create("blobs/ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", b"abc")
    return {path: store.get(path) for path in store.list()}


FILES = small_log()


def faults(files: dict[str, bytes]) -> list[str]:
    store = open_store("memory:///")
    for path, data in files.items():
        store.create(path, data)
    return [fault.words for fault in verify_store(store, LOG.vkey).faults]


def test_an_untouched_log_is_accepted() -> None:
    assert len(FILES) == 11
    assert faults(FILES) == []


@given(st.sampled_from(sorted(FILES)), st.data())
def test_any_flipped_bit_of_any_file_is_noticed(path: str, data: st.DataObject) -> None:
    bit = data.draw(st.integers(0, 8 * len(FILES[path]) - 1))
    changed = bytearray(FILES[path])
    changed[bit // 8] ^= 1 << bit % 8
    assert faults({**FILES, path: bytes(changed)})


@given(st.sampled_from(sorted(FILES)), st.data())
def test_any_file_cut_short_or_lengthened_is_noticed(path: str, data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(FILES[path]) - 1))
    assert faults({**FILES, path: FILES[path][:cut]})
    assert faults({**FILES, path: FILES[path] + data.draw(st.binary(min_size=1, max_size=40))})


OPTIONAL = {"checkpoints/5", "checkpoints/260", "tile/0/000.p/5", "tile/entries/000.p/5"}


@pytest.mark.parametrize("path", sorted(FILES))
def test_a_file_may_only_be_missing_if_nothing_needs_it(path: str) -> None:
    left = {name: data for name, data in FILES.items() if name != path}
    assert bool(faults(left)) == (path not in OPTIONAL and not path.startswith("blobs/"))


@pytest.mark.parametrize("size", [0, 1, 255, 256, 257, 512])
def test_a_log_of_any_size_is_accepted(size: int) -> None:
    store = open_store("memory:///")
    LogBuilder(store).add(entries(size))
    report = verify_store(store, LOG.vkey)
    assert (report.faults, report.size, report.checkpoints) == ([], size, 1)


def test_every_checkpoint_on_the_way_is_checked() -> None:
    store = open_store("memory:///")
    builder = LogBuilder(store)
    notes = [builder.add(entries(size + 40)[size:]) for size in range(0, 600, 40)]
    report = verify_store(store, LOG.vkey)
    assert (report.faults, report.checkpoints) == ([], 15)
    assert all(verify_store(store, LOG.vkey, old=note).ok for note in notes)


def test_it_tells_how_far_it_is() -> None:
    store, told = open_store("memory:///"), []
    LogBuilder(store).add(entries(300))
    verify_store(store, LOG.vkey, progress=lambda done, size: told.append((done, size)))
    assert told[-1] == (300, 300)


def test_a_bad_key_is_refused_before_anything_is_read() -> None:
    with pytest.raises(KeyRejected):
        verify_store(open_store("memory:///"), LOG.vkey + "x")


def test_an_absurd_size_that_the_log_signed_ends_quickly() -> None:
    store = open_store("memory:///")
    LogBuilder(store).add(entries(3))
    store.replace("checkpoint", LOG.sign(Checkpoint(LOG.name, 2**62, bytes(32)).format()))
    report = verify_store(store, LOG.vkey)
    assert len(report.faults) == MAX_FAULTS


@pytest.mark.slow
def test_two_processes_find_what_one_finds(tmp_path: Path) -> None:
    store, size = open_store(tmp_path, durable=False), 33_000  # three units of 64 bundles
    LogBuilder(store).add(entries(size))
    for processes in (1, 2):
        report = verify_store(store, LOG.vkey, processes=processes)
        assert (report.faults, report.size) == ([], size)
    for path in ("tile/entries/001", "tile/entries/070", "tile/entries/128.p/232", "tile/1/000.p/128"):
        file = tmp_path / path
        file.write_bytes(file.read_bytes()[:-1] + b"!")
    alone, shared = (verify_store(store, LOG.vkey, processes=processes) for processes in (1, 2))
    assert alone.faults == shared.faults
    assert [fault.index for fault in alone.faults if fault.index is not None] == [511, 18_175, 32_999]


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it
        pass


def test_over_the_web_it_says_what_it_could_not_look_at(tmp_path: Path) -> None:
    LogBuilder(open_store(tmp_path, durable=False)).add(entries(300))
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=tmp_path)) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        report = verify_store(open_store(f"http://127.0.0.1:{server.server_port}"), LOG.vkey)
        server.shutdown()
        thread.join()
    assert (report.faults, report.size) == ([], 300)
    assert len(report.unchecked) == 1
    assert "cannot list its files" in report.unchecked[0]


# Somebody else's log ----------------------------------------------------------------------------------------


@pytest.fixture
def tessera(material: Path, tmp_path: Path) -> Path:
    """A copy of a real log of 15 entries, whose checkpoint is that of the size a test asks for."""
    folder = tmp_path / "tessera"
    shutil.copytree(material / "transparency-log/tessera-log", folder)
    return folder


@pytest.mark.material
@pytest.mark.parametrize("size", range(16))
def test_a_real_log_is_accepted_at_every_size(tessera: Path, size: int) -> None:
    shutil.copy(tessera / f"checkpoint.{size}", tessera / "checkpoint")
    for path in list((tessera / "tile").rglob("*.p/*")):
        if int(path.name) > size:
            path.unlink()
    for earlier in range(size + 1):
        report = verify_store(open_store(tessera), TESSERA, old=(tessera / f"checkpoint.{earlier}").read_bytes())
        assert (report.faults, report.size) == ([], size)


@pytest.mark.material
def test_a_real_log_s_entries_are_read(tessera: Path) -> None:
    row = read_bundle(open_store(tessera), 0, 15)
    assert row[:3] == [b"one", b"two", b"three"]
    assert len(row) == 15


@pytest.mark.material
def test_a_real_log_s_longer_files_are_strays_under_a_shorter_checkpoint(tessera: Path) -> None:
    shutil.copy(tessera / "checkpoint.9", tessera / "checkpoint")
    report = verify_store(open_store(tessera), TESSERA, old=(tessera / "checkpoint.15").read_bytes())
    assert {fault.path for fault in report.faults} == {
        "the earlier checkpoint",
        *(f"tile/{kind}/000.p/{width}" for kind in ("0", "entries") for width in range(10, 16)),
    }


@pytest.mark.material
def test_a_real_log_is_rejected_under_another_key(tessera: Path) -> None:
    stranger = SigningKey.generate("example.com/log/testdata").vkey
    assert not verify_store(open_store(tessera), stranger).ok
