"""Videos are read by a program that can do no harm: what comes out is a small film without sound, place or camera."""

import hashlib
import io
import subprocess
import sys
from collections.abc import Iterator

import av
import pytest

from lamplit.basics.picture import PART, Video
from lamplit.config.photos import reading
from lamplit.config.photos.reading import FILM, MOST_VIDEO_BYTES, CannotReadError, is_video, read_video
from lamplit.config.photos.spool import Spool
from tests.pictures import BLUE, RED, opened, video

SPOOLS: list[Spool] = []


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    """As a request's end does."""
    yield
    while SPOOLS:
        SPOOLS.pop().close()


def spooled() -> Spool:
    SPOOLS.append(Spool())
    return SPOOLS[-1]


def read(data: bytes, size: int | None = None) -> Video:
    spool = spooled()
    spool.write(data)
    return read_video(spool, size or len(data))


def trouble_of(data: bytes, size: int | None = None) -> str:
    with pytest.raises(CannotReadError) as caught:
        read(data, size)
    return caught.value.trouble


def close(seen: tuple[int, ...], wanted: tuple[int, ...]) -> bool:
    return all(abs(one - other) < 40 for one, other in zip(seen, wanted, strict=True))


@pytest.mark.parametrize(("kind", "is_a"), [("mp4", "mp4"), ("mov", "mov"), ("hevc", "mp4"), ("webm", "webm")])
def test_each_kind_becomes_a_film_without_sound_place_or_camera(kind, is_a):
    data = video(kind)
    assert is_video(data)
    assert b"Cinder Phone" in data
    assert b"Ember" in data
    seen = read(data)
    assert (seen.kind, seen.size, seen.seconds, seen.sha256) == (is_a, len(data), 1, hashlib.sha256(data).hexdigest())
    assert b"".join(seen.parts()) == data
    for kept in (seen.film, seen.large, seen.small):
        for told in (b"Cinder", b"Ember", b"50.37"):
            assert told not in kept
    with av.open(io.BytesIO(seen.film)) as film:
        assert [stream.type for stream in film.streams] == ["video"]
        assert film.streams.video[0].codec_context.name == "h264"
    image = opened(seen.large)
    assert close(image.getpixel((10, 10)), RED)
    assert close(image.getpixel((image.width - 10, 10)), BLUE)


def test_it_is_turned_as_the_phone_was_held_and_made_small():
    image = opened(read(video(turned=90, size=(1_280, 720))).large)
    assert image.size == (540, 960)
    assert close(image.getpixel((270, 950)), RED)  # its left was turned down
    assert close(image.getpixel((270, 10)), BLUE)


def test_what_runs_too_long_or_is_too_large_is_refused_in_words():
    assert trouble_of(video(seconds=64, size=(32, 32))) == "video_too_long"
    assert trouble_of(video(), MOST_VIDEO_BYTES + 1) == "video_too_large"
    assert trouble_of(video(seconds=0.1, size=(4_096, 2_176))) == "video_too_many_pixels"


def test_half_a_video_and_what_is_none_is_refused():
    for kind in ("mp4", "mov", "webm"):
        data = video(kind, seconds=4)
        assert trouble_of(data[: len(data) // 2]) == "video_damaged", kind
    for head in (b"\0\0\0\x18ftypisom", b"\x1aE\xdf\xa3webm", b"\0\0\0\x08moov"):
        assert trouble_of(head + bytes(500)) == "video_damaged"
    assert trouble_of(b"RIFF\x10\0\0\0AVI LIST") == "other_video"


def test_a_playlist_that_names_other_files_is_no_video():
    """Some readers open what a list names: this one reads only what the file is forced to be."""
    assert not is_video(b"#EXTM3U\n#EXTINF:10,\nfile:///etc/passwd\n")
    assert trouble_of(b"\0\0\0\x18ftypisom\n#EXTM3U\nfile:///etc/passwd") == "video_damaged"


@pytest.mark.parametrize("answer", [b"", b"{}\n", b'{"large":3,"small":3,"film":3,"seconds":1}\nabcdefghi', b"\0" * 99])
def test_nothing_that_the_program_answers_is_believed(monkeypatch, tmp_path, answer):
    taken_over = tmp_path / "film.py"
    taken_over.write_text(f"import sys; sys.stdout.buffer.write({answer!r})")
    monkeypatch.setattr(reading, "FILM", taken_over)
    assert trouble_of(video()) == "video_damaged"


def test_walled_in_after_it_is_warm_it_opens_nothing():
    """As the program is before it looks at a video: the library may open a file no more, nor may anything else."""
    program = f"import runpy; film = runpy.run_path({str(FILM)!r}); film['warm_up'](); film['wall_in']()"
    for tries in ("open('/etc/passwd')", "film['av'].open('/etc/passwd')", "__import__('socket').socket()"):
        done = subprocess.run([sys.executable, "-I", "-c", f"{program}; {tries}"], capture_output=True, check=False, timeout=60)
        assert done.returncode != 0
        assert b"Error" in done.stderr, done.stderr


def test_on_its_way_it_is_on_no_disk_unsealed_and_comes_again_in_parts():
    spool, data = spooled(), bytes(range(256)) * 20_000
    for at in range(0, len(data), 65_536):
        spool.write(data[at : at + 65_536])
    spool._file.flush()
    spool._file.seek(0)
    assert bytes(range(64)) not in spool._file.read()
    for _ in range(2):
        parts = list(spool.parts())
        assert [len(part) for part in parts] == [PART, len(data) - PART]
        assert b"".join(parts) == data
