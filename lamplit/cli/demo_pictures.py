"""Pictures on the demo's repairs, drawn here: so that a visitor sees what photos and a video look like."""

import io
import random
from collections.abc import Callable
from datetime import datetime
from fractions import Fraction
from functools import partial
from typing import Any, cast

import av
from PIL import Image, ImageDraw, ImageFilter

from lamplit.basics import who
from lamplit.config.photos.keeping import add_seen
from lamplit.config.photos.reading import read, read_video
from lamplit.config.photos.spool import Spool
from lamplit.repairs import queries

SIZE = (1_200, 900)
REPAIRS = 24  # of those at the top of the queue, which a visitor opens first
WALL, DARK, METAL, WATER = (226, 216, 196), (58, 54, 50), (168, 174, 180), (96, 146, 190)
Draw = ImageDraw.ImageDraw


def add_pictures(at: datetime) -> int:
    """Add a photo to each of a few open repairs, and a video to one with a leak. Returns how many there are now."""
    seen = {name: read(_jpeg(_drawn(draw))) for name, (draw, _) in SCENES.items()}
    count, filmed = 0, False
    for line in queries.queue(now=at, limit=REPAIRS):
        row = queries.repair(line.id)
        if row is None or row.reporter is None:
            continue
        name = SCENE_OF.get(str(row.fault_group), "crack")
        told = {"repair": row.id, "person": row.reporter, "shows": SCENES[name][1], "by": who.person(row.reporter), "at": at}
        add_seen(seen[name], **told, command=f"demo:photo:{row.id}")
        count += 1
        if name == "drip" and not filmed:
            _add_film(told)
            count, filmed = count + 1, True
    return count


def _add_film(told: dict[str, Any]) -> None:
    spool = Spool()
    try:
        spool.write(_film())
        add_seen(read_video(spool, spool.size), **told, command=f"demo:video:{told['repair']}")
    finally:
        spool.close()


def _drawn(draw: Callable[[Draw], None]) -> Image.Image:
    """Return a picture in the light of one lamp, a little soft, as an old phone sees it."""
    image = Image.new("RGB", SIZE, WALL)
    draw(ImageDraw.Draw(image))
    light = Image.radial_gradient("L").resize(SIZE)
    shade = Image.new("RGB", SIZE, (40, 36, 34))
    return Image.composite(shade, image, light.point(lambda value: value * 0.55)).filter(ImageFilter.GaussianBlur(1.5))


def _jpeg(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=85)
    return out.getvalue()


def _drip(draw: Draw, fallen: int = 300) -> None:
    """A trap under a sink, a drop on its way, and a puddle."""
    draw.rectangle((0, 0, 1_200, 120), fill=(245, 245, 240))
    draw.rectangle((520, 80, 600, 482), fill=METAL)
    draw.rectangle((680, 300, 760, 482), fill=METAL)
    draw.arc((520, 360, 760, 600), 0, 180, fill=METAL, width=80)
    draw.rounded_rectangle((680, 260, 1_200, 340), 20, fill=METAL)
    draw.rectangle((505, 280, 615, 340), fill=(120, 126, 132))
    draw.ellipse((552, 340 + fallen, 578, 380 + fallen), fill=WATER)
    draw.ellipse((330, 780, 840, 860), fill=WATER)
    draw.ellipse((380, 795, 640, 825), fill=(150, 190, 220))


def _mould(draw: Draw) -> None:
    """A corner by a window with black spots, thickest where it is coldest."""
    draw.polygon([(0, 0), (420, 120), (420, 900), (0, 900)], fill=(206, 196, 178))
    draw.rectangle((640, 160, 1_080, 620), fill=(150, 170, 186), outline=(250, 250, 246), width=28)
    chance = random.Random(7)  # noqa: S311 - spots on a wall
    for _ in range(700):
        x, y = 420 + chance.gauss(0, 90), chance.triangular(0, 900, 0)
        size = chance.uniform(2, 16) * (1.2 - y / 900)
        draw.ellipse((x - size, y - size, x + size, y + size), fill=(52, 58, 48))


def _radiator(draw: Draw) -> None:
    """A radiator, and beside it a thermometer that stands low."""
    for x in range(160, 860, 70):
        draw.rounded_rectangle((x, 320, x + 56, 760), 24, fill=(240, 240, 236), outline=METAL, width=4)
    draw.rectangle((140, 740, 880, 770), fill=METAL)
    draw.rounded_rectangle((980, 260, 1_040, 700), 30, fill="white", outline=DARK, width=5)
    draw.ellipse((965, 660, 1_055, 750), fill=(164, 22, 26))
    draw.rectangle((1_000, 560, 1_020, 690), fill=(164, 22, 26))


def _lock(draw: Draw) -> None:
    """A door whose lock hangs out."""
    draw.rectangle((260, 0, 1_000, 900), fill=(38, 72, 110))
    draw.rectangle((330, 60, 930, 400), outline=(28, 54, 84), width=10)
    draw.polygon([(820, 470), (960, 500), (930, 690), (800, 650)], fill=METAL, outline=DARK)
    draw.ellipse((850, 540, 890, 580), fill=DARK)
    draw.line((780, 440, 1_000, 720), fill=(206, 180, 140), width=14)


def _crack(draw: Draw) -> None:
    """A ceiling with a crack and a brown stain."""
    for size, shade in ((330, 206), (250, 190), (170, 176)):
        draw.ellipse((640 - size, 420 - size * 0.7, 640 + size, 420 + size * 0.7), fill=(shade, shade - 28, shade - 66))
    chance, x, y = random.Random(3), 80.0, 160.0  # noqa: S311 - a crack
    while x < 1_120:
        to = (x + chance.uniform(20, 60), y + chance.uniform(-24, 46))
        draw.line((x, y, *to), fill=DARK, width=chance.choice((4, 6, 9)))
        x, y = to


SCENES: dict[str, tuple[Callable[[Draw], None], str]] = {
    "drip": (_drip, "Water drips from the pipe under the sink"),
    "mould": (_mould, "Black spots in the corner by the window"),
    "radiator": (_radiator, "The radiator is cold, and it is 14 degrees"),
    "lock": (_lock, "The lock hangs out of the door"),
    "crack": (_crack, "A crack, and a brown stain round it"),
}
SCENE_OF = {
    "leak": "drip", "drains": "drip", "water": "drip", "fittings": "drip", "damp": "mould", "heating": "radiator",
    "gas": "radiator", "doors": "lock",
}  # fmt: skip


def _film() -> bytes:
    """Three seconds in which two drops fall."""
    out = io.BytesIO()
    with av.open(out, "w", format="mp4") as film:
        stream: Any = film.add_stream("libx264", rate=12)
        stream.width, stream.height, stream.pix_fmt = 640, 480, "yuv420p"
        for number in range(36):
            image = _drawn(partial(_drip, fallen=240 + (number % 18) ** 2 * 2 // 3)).resize((640, 480))
            frame = cast(Any, av.VideoFrame).from_image(image)
            frame.pts, frame.time_base = number, Fraction(1, 12)
            film.mux(stream.encode(frame))
        film.mux(stream.encode(None))
    return out.getvalue()
