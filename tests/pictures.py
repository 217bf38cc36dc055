"""Photos for tests, as phones and cameras make them."""

import io
from functools import cache

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
