"""Photos for tests, as phones and cameras make them."""

import io
from fractions import Fraction
from functools import cache
from typing import Any

import av
import pillow_heif
from PIL import Image

pillow_heif.register_heif_opener()
GPS = {1: "N", 2: (50.0, 22.0, 15.0), 3: "W", 4: (4.0, 8.0, 30.0)}
FORMATS = {"jpeg": "JPEG", "png": "PNG", "webp": "WEBP", "heic": "HEIF"}
RED, BLUE = (200, 30, 30), (30, 30, 200)


@cache
def photo(kind: str = "jpeg", *, size: tuple[int, int] = (400, 300), turned: int | None = None, comment: bytes = b"") -> bytes:
    """Return a photo, red on its left and blue on its right, with the camera's name and a place in it."""
    image = Image.new("RGB", size, BLUE)
    image.paste(RED, (0, 0, size[0] // 2, size[1]))
    notes = Image.Exif()
    notes[0x010F] = "Cinder Phone"
    if turned is not None:
        notes[0x0112] = turned
    notes.get_ifd(0x8825).update(GPS)
    out = io.BytesIO()
    more = {"comment": comment} if comment else {}
    image.save(out, FORMATS[kind], exif=notes.tobytes(), **more)
    return out.getvalue()


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def place_in(data: bytes) -> dict[int, object]:
    """Return what a photo tells of where it was taken."""
    return dict(opened(data).getexif().get_ifd(0x8825))


@cache
def video(kind: str = "mp4", *, seconds: float = 1, size: tuple[int, int] = (320, 240), turned: int = 0) -> bytes:
    """Return a video, red on its left and blue on its right, with the camera's name, a place and a voice in it."""
    coder, audio, form = {
        "mp4": ("libx264", "aac", "mp4"), "mov": ("libx264", "aac", "mov"), "hevc": ("libx265", "aac", "mp4"),
        "webm": ("libvpx-vp9", "libopus", "webm"),
    }[kind]  # fmt: skip
    image = Image.new("RGB", size, BLUE)
    image.paste(RED, (0, 0, size[0] // 2, size[1]))
    out = io.BytesIO()
    with av.open(out, "w", format=form, options={"movflags": "use_metadata_tags"} if form != "webm" else {}) as made:
        made.metadata.update({"make": "Cinder Phone", "location": "+50.3705-004.1427/", "comment": "5 Ember Rise"})
        pictures: Any = made.add_stream(coder, rate=10)
        pictures.width, pictures.height, pictures.pix_fmt = *size, "yuv420p"
        if turned:
            pictures.set_display_rotation(turned)
        voice: Any = made.add_stream(audio, rate=48_000)
        for number in range(round(seconds * 10)):
            frame = av.VideoFrame.from_image(image)
            frame.pts = number
            frame.time_base = Fraction(1, 10)
            made.mux(pictures.encode(frame))
        made.mux(pictures.encode(None))
        quiet = av.AudioFrame(format="fltp", layout="stereo", samples=960)
        for plane in quiet.planes:
            plane.update(bytes(plane.buffer_size))
        quiet.sample_rate, quiet.pts = 48_000, 0
        made.mux(voice.encode(quiet))
        made.mux(voice.encode(None))
    return out.getvalue()
