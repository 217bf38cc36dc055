"""The program that decodes one photo and ends: `python -I child.py KIND <photo >answer`.

A photo is the most dangerous thing that a stranger can send: decoders are large and written in C. So it is decoded here, where
there is little memory and time, no network and nothing to read, and only pixels go out: two fresh JPEGs without any metadata.
Imports nothing of Lamplit. Answers a line of JSON (`{"large": bytes, "small": bytes}`), then both pictures; or ends with TOO_MANY
or UNREADABLE.
"""

import io
import json
import os
import runpy
import sys
import warnings
from pathlib import Path
from typing import Any

import pillow_heif
from PIL import Image, JpegImagePlugin, MpoImagePlugin, PngImagePlugin, TiffImagePlugin, WebPImagePlugin

LARGE, SMALL = 1_600, 320  # pixels of the longer side
MOST_PIXELS = 64_000_000
TOO_MANY, UNREADABLE = 3, 4  # what it ends with
QUALITY = 82
wall_in = runpy.run_path(str(Path(__file__).with_name("walls.py")))["wall_in"]
FORMATS = {"jpeg": ["JPEG", "MPO"], "png": ["PNG"], "webp": ["WEBP"], "heic": ["HEIF"]}
# Loaded before the walls go up: afterwards no file can be opened.
READY = (JpegImagePlugin, MpoImagePlugin, PngImagePlugin, TiffImagePlugin, WebPImagePlugin)


class TooManyPixelsError(Exception):
    """It is larger than any phone's photo."""


def decode(data: bytes, kind: str) -> Any:
    """Return the photo the right way up, at most LARGE, as plain pixels."""
    image = Image.open(io.BytesIO(data), formats=FORMATS[kind])
    if image.width * image.height > MOST_PIXELS:
        raise TooManyPixelsError
    image.draft("RGB", (LARGE, LARGE))  # a JPEG is decoded no larger than needed
    image.load()
    turned = _turn_of(image)
    flat = _flat(image)
    flat.thumbnail((LARGE, LARGE), Image.Resampling.LANCZOS)
    return flat.transpose(turned) if turned is not None else flat


_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_270, 7: Image.Transpose.TRANSVERSE, 8: Image.Transpose.ROTATE_90,
}  # fmt: skip


def _turn_of(image: Any) -> Any | None:
    """Return how the camera was held. A broken note of it turns nothing. The HEIC reader has turned its picture itself."""
    try:
        return _TURNS.get(image.getexif().get(0x0112))
    except Exception:  # noqa: BLE001 - whatever stands there, the pixels are good
        return None


def _flat(image: Any) -> Any:
    """Return fresh RGB pixels, nothing else: no comment, no place, no colour profile, and white where it is see-through."""
    if image.mode.startswith("I"):
        image = image.convert("I").point(lambda value: value / 256).convert("L")
    see_through = image.mode in ("LA", "PA", "RGBA", "La", "RGBa") or "transparency" in image.info
    image = image.convert("RGBA" if see_through else "RGB")
    if max(image.size) > 2 * LARGE:
        image.thumbnail((2 * LARGE, 2 * LARGE))
    fresh = Image.new("RGB", image.size, "white")
    fresh.paste(image, mask=image if see_through else None)
    return fresh


def jpeg(image: Any, longest: int) -> bytes:
    """Return it as a JPEG whose longer side is at most so long."""
    small = image.copy()
    small.thumbnail((longest, longest), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    small.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


def main(kind: str) -> int:
    warnings.simplefilter("ignore")
    pillow_heif.register_heif_opener()
    pillow_heif.options.DECODE_THREADS = 1
    Image.preinit()
    Image.MAX_IMAGE_PIXELS = None  # counted above, before anything is decoded
    Image.new("RGB", (8, 8)).save(io.BytesIO(), "JPEG")
    wall_in()
    try:
        image = decode(sys.stdin.buffer.read(), kind)
        large, small = jpeg(image, LARGE), jpeg(image, SMALL)
    except (TooManyPixelsError, MemoryError):
        return TOO_MANY
    except Exception:  # noqa: BLE001 - whatever a decoder says of a stranger's file, it is unreadable
        return UNREADABLE
    head = json.dumps({"large": len(large), "small": len(small)}).encode()
    sys.stdout.buffer.write(b"".join((head, b"\n", large, small)))
    sys.stdout.buffer.flush()
    return 0


if __name__ == "__main__":
    os._exit(main(sys.argv[1]))
