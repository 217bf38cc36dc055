"""Photos are read by a program that can do no harm: what comes out is plain pixels, whatever came in."""

import io
import subprocess
import sys

import pytest
from PIL import Image

from lamplit.config.photos import reading
from lamplit.config.photos.form import WORDS
from lamplit.config.photos.reading import CHILD, MOST_BYTES, CannotReadError, read
from tests.pictures import BLUE, RED, opened, photo, place_in

BROKEN = b"\xff\xd8\xff\xe0 no photo at all"


def trouble_of(data: bytes) -> str:
    with pytest.raises(CannotReadError) as caught:
        read(data)
    return caught.value.trouble


def close(seen: tuple[int, ...], wanted: tuple[int, ...]) -> bool:
    return all(abs(one - other) < 40 for one, other in zip(seen, wanted, strict=True))


@pytest.mark.parametrize("kind", ["jpeg", "png", "webp", "heic"])
def test_each_kind_becomes_two_jpegs_without_place_or_camera(kind):
    data = photo(kind)
    assert place_in(data)
    assert b"Cinder Phone" in data
    picture = read(data)
    assert (picture.kind, picture.original) == (kind, data)
    for shown, longest in ((picture.large, 400), (picture.small, 320)):
        image = opened(shown)
        assert (image.format, max(image.size)) == ("JPEG", longest)
        assert not place_in(shown)
        assert not image.getexif()
        assert b"Cinder Phone" not in shown
        assert b"Exif" not in shown
        assert close(image.getpixel((10, 10)), RED)
        assert close(image.getpixel((image.width - 10, 10)), BLUE)


@pytest.mark.parametrize("kind", ["jpeg", "png", "webp", "heic"])
def test_it_is_turned_as_the_camera_was_held(kind):
    """6: the camera was on its side, and what stands left in the file is the top of what was seen."""
    image = opened(read(photo(kind, turned=6)).large)
    assert image.size == (300, 400)
    assert close(image.getpixel((150, 10)), RED)
    assert close(image.getpixel((150, 390)), BLUE)


@pytest.mark.parametrize("turned", [1, 2, 3, 4, 5, 6, 7, 8, 9, 0])
def test_every_way_to_hold_a_camera(turned):
    image = opened(read(photo(turned=turned)).small)
    assert (image.width > image.height) == (turned not in (5, 6, 7, 8))


def test_what_was_written_into_the_file_is_gone():
    data = photo(comment=b"my address is 5 Ember Rise")
    assert b"Ember" in data
    picture = read(data)
    assert b"Ember" not in picture.large + picture.small


def test_a_large_photo_is_made_smaller():
    picture = read(photo(size=(4_000, 3_000)))
    assert (opened(picture.large).size, opened(picture.small).size) == ((1_600, 1_200), (320, 240))


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGBA", "I;16", "CMYK"])
def test_every_way_to_write_a_pixel(mode):
    out = io.BytesIO()
    Image.new(mode, (30, 20)).save(out, "JPEG" if mode == "CMYK" else "PNG")
    assert opened(read(out.getvalue()).large).size == (30, 20)


def test_what_is_see_through_stands_on_white():
    out = io.BytesIO()
    Image.new("RGBA", (30, 20), (0, 0, 0, 0)).save(out, "PNG")
    assert close(opened(read(out.getvalue()).large).getpixel((5, 5)), (255, 255, 255))


def test_half_a_photo_is_refused():
    for kind in ("jpeg", "png", "webp", "heic"):
        data = photo(kind, size=(900, 700))
        assert trouble_of(data[: len(data) * 2 // 3]) == "damaged", kind


def test_a_bomb_of_pixels_is_refused_before_it_is_decoded():
    out = io.BytesIO()
    Image.new("L", (20_000, 20_000)).save(out, "PNG")
    assert len(out.getvalue()) < 1_000_000
    assert trouble_of(out.getvalue()) == "too_many_pixels"


def test_what_is_too_large_is_refused_without_being_read(monkeypatch):
    monkeypatch.setattr(reading, "CHILD", "/nowhere")
    assert trouble_of(photo() + b"\0" * MOST_BYTES) == "too_large"


@pytest.mark.parametrize(
    ("data", "trouble"),
    [
        (b"", "empty"),
        (b"hello", "other_kind"),
        (b"GIF89a" + b"\0" * 100, "other_kind"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "other_kind"),
        (b"%PDF-1.7", "other_kind"),
        (b"\0\0\0\x18ftypisom", "other_kind"),
        (BROKEN, "damaged"),
        (b"\x89PNG\r\n\x1a\n", "damaged"),
        (b"RIFF\x10\0\0\0WEBPVP8 ", "damaged"),
        (b"\0\0\0\x18ftypheic", "damaged"),
    ],
)
def test_what_is_no_photo_is_refused(data, trouble):
    assert trouble_of(data) == trouble


def test_every_refusal_has_words_that_say_what_to_do():
    for words in WORDS.values():
        assert len(words.split()) < 25
        assert ". " in words


@pytest.mark.parametrize(
    "answer",
    [b"", b"{}\n", b'{"large":5,"small":5}\nshort', b'{"large":-1,"small":3}\nabc', b'{"large":3,"small":3}\nabcdef', b"\0" * 99],
)
def test_nothing_that_the_program_answers_is_believed(monkeypatch, tmp_path, answer):
    taken_over = tmp_path / "child.py"
    taken_over.write_text(f"import sys; sys.stdout.buffer.write({answer!r})")
    monkeypatch.setattr(reading, "CHILD", taken_over)
    assert trouble_of(photo()) == "damaged"


def test_one_that_never_ends_is_ended(monkeypatch, tmp_path):
    endless = tmp_path / "child.py"
    endless.write_text("while True: pass")
    monkeypatch.setattr(reading, "CHILD", endless)
    monkeypatch.setattr(reading, "PATIENCE", 0.3)
    assert trouble_of(photo()) == "damaged"
    assert reading.AT_ONCE.acquire(blocking=False)  # it let go of its place
    reading.AT_ONCE.release()


@pytest.mark.parametrize(
    "tries",
    [
        "open('/etc/passwd')",
        "open('/tmp/written', 'w')",
        "socket.socket()",
        "bytearray(2 << 30)",
        "sys.stdout.buffer.write(b'x' * (9 << 20)); sys.stdout.flush()",
        "subprocess.run(['true'], check=True)",
    ],
)
def test_walled_in_a_decoder_that_was_taken_over_reaches_nothing(tmp_path, tries):
    """As the program is before it looks at a photo, with what an intruder would try in place of decoding."""
    program = f"import sys, runpy, socket, subprocess; child = runpy.run_path({str(CHILD)!r}); child['wall_in'](); {tries}"
    with (tmp_path / "out").open("wb") as out:
        done = subprocess.run([sys.executable, "-I", "-c", program], stdout=out, stderr=subprocess.PIPE, check=False, timeout=60)
    assert done.returncode != 0
    assert b"Error" in done.stderr


def test_it_runs_out_of_time(tmp_path):
    program = f"import runpy; child = runpy.run_path({str(CHILD)!r}); child['wall_in'].__globals__['CPU_SECONDS'] = 1"
    program += "; child['wall_in']()\nwhile True: pass"
    done = subprocess.run([sys.executable, "-I", "-c", program], check=False, timeout=60)
    assert done.returncode < 0


@pytest.mark.material
def test_no_hostile_image_comes_through_as_it_was(material):
    refused, taken = set(), set()
    for path in sorted((material / "hostile" / "images").iterdir()):
        try:
            picture = read(path.read_bytes())
        except CannotReadError:
            refused.add(path.suffix)
            continue
        taken.add(path.suffix)
        for shown in (picture.large, picture.small):
            assert opened(shown).format == "JPEG", path.name
            assert not opened(shown).getexif(), path.name
    assert taken == {".jpg"}
    assert {".tif", ".j2k", ".gif", ".ico", ".dds", ".fli"} <= refused


@pytest.mark.material
def test_a_phones_photo_loses_its_place(material):
    data = (material / "hostile" / "images" / "phone-photo-with-gps.jpg").read_bytes()
    assert place_in(data)
    picture = read(data)
    assert not place_in(picture.large)
    assert picture.original == data
