"""The program that decodes one video and ends: `python -I film.py FORMAT <video >answer`. `child.py` is the one for photos.

It writes a fresh MP4 without any metadata and without sound: voices are no evidence of a leak, and somebody may be heard who
never asked to be. The original keeps it. Answers a line of JSON (`{"large": bytes, "small": bytes, "film": bytes, "seconds":
n}`), then two JPEGs of a moment in it and the film; or ends with TOO_MANY, UNREADABLE or TOO_LONG.
"""

import io
import itertools
import json
import os
import runpy
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import av
import av.audio.stream
import av.filter
import av.subtitles.stream
from PIL import Image, JpegImagePlugin

LONGER, FRAMES = 960, 15  # of the film: pixels of its longer side, and frames a second
SMALL = 320
MOST_SECONDS = 60
MOST_PIXELS = 3_840 * 2_160  # of one frame
MOST_FRAMES = MOST_SECONDS * 125
TOO_MANY, UNREADABLE, TOO_LONG = 3, 4, 5  # what it ends with
MEMORY, CPU_SECONDS, OUTPUT = 3 << 29, 60, 32 << 20
CODECS = {"h264", "hevc", "vp8", "vp9", "av1"}
TURNS = {90: ("cclock",), -90: ("clock",), 180: ("clock", "clock"), -180: ("clock", "clock")}
wall_in = runpy.run_path(str(Path(__file__).with_name("walls.py")))["wall_in"]
READY = (JpegImagePlugin,)  # loaded before the walls go up


class TooManyPixelsError(Exception):
    """It is larger than any phone's video."""


class TooLongError(Exception):
    """It runs longer than a video may."""


def frames_of(container: Any) -> Iterator[Any]:
    """Decode the video and nothing else of a file, as long as it may be."""
    stream = container.streams.video[0]
    coder = stream.codec_context
    if coder.name.removeprefix("lib").removesuffix("-vp9").removesuffix("dav1d") not in {*CODECS, "vpx", ""}:
        raise ValueError(coder.name)
    if coder.width * coder.height > MOST_PIXELS:
        raise TooManyPixelsError
    coder.thread_count = 1
    begins = None
    for number, frame in enumerate(container.decode(stream)):
        if frame.width * frame.height > MOST_PIXELS:
            raise TooManyPixelsError
        at = frame.time if frame.time is not None else number / 30
        begins = at if begins is None else begins
        if at - begins > MOST_SECONDS + 1 or number > MOST_FRAMES:
            raise TooLongError
        yield frame


def shaped(stream: Any, frames: Iterator[Any]) -> Iterator[Any]:
    """Turn the frames the right way up and make them small and few."""
    first = next(frames)
    turns = TURNS.get(round(getattr(first, "rotation", 0) or 0), ())
    graph = av.filter.Graph()
    chain = [graph.add_buffer(template=stream)]
    chain += [graph.add("transpose", turn) for turn in turns]
    fit = f"min(iw\\,{LONGER}):min(ih\\,{LONGER}):force_original_aspect_ratio=decrease:force_divisible_by=2"
    chain += [graph.add("scale", fit), graph.add("setsar", "1"), graph.add("fps", str(FRAMES)), graph.add("format", "yuv420p")]
    chain.append(graph.add("buffersink"))
    graph.link_nodes(*chain).configure()
    for frame in itertools.chain([first], frames, [None]):
        graph.push(frame)
        while True:
            try:
                yield graph.pull()
            except (av.error.BlockingIOError, av.error.EOFError):
                break


def filmed(frames: Iterator[Any]) -> tuple[bytes, Any, int]:
    """Return the film, a picture from its first second, and how many seconds it runs."""
    out, picture, count = io.BytesIO(), None, 0
    with av.open(out, "w", format="mp4", options={"fflags": "+bitexact"}) as film:
        stream: Any = None
        for count, frame in enumerate(frames, 1):
            if stream is None:
                stream = film.add_stream("libx264", rate=FRAMES, options={"preset": "veryfast", "crf": "27"})
                stream.width, stream.height, stream.pix_fmt = frame.width, frame.height, "yuv420p"
                stream.codec_context.thread_count = 1
            if picture is None or count == FRAMES:
                picture = frame.to_image()
            frame.pict_type = 0
            film.mux(stream.encode(frame))
        if stream is None:
            raise ValueError("no frame")
        film.mux(stream.encode(None))
    return out.getvalue(), picture, -(-count // FRAMES)


def whole(container: Any, seconds: int) -> bool:
    """Say whether about all of it could be read: half a video is none."""
    said = (container.duration or 0) / av.time_base
    return said <= MOST_SECONDS * 4 and seconds >= said * 0.8 - 1


def jpeg(picture: Any, longest: int) -> bytes:
    small, out = picture.copy(), io.BytesIO()
    small.thumbnail((longest, longest), Image.Resampling.LANCZOS)
    small.save(out, "JPEG", quality=82)
    return out.getvalue()


def read(file: Any, kind: str) -> tuple[bytes, bytes, bytes, int]:
    with av.open(file, "r", format=kind, metadata_errors="replace") as container:
        stream = container.streams.video[0]
        film, picture, seconds = filmed(shaped(stream, frames_of(container)))
        if not whole(container, seconds):
            raise ValueError("it was cut off")
    return jpeg(picture, LONGER), jpeg(picture, SMALL), film, seconds


def warm_up() -> None:
    """Go the whole way once with a film of our own, so that all is loaded: afterwards no file can be opened."""
    av.logging.set_level(None)
    Image.preinit()
    frame: Any = cast(Any, av.VideoFrame).from_image(Image.new("RGB", (32, 32)))
    film, _, _ = filmed(iter([frame.reformat(format="yuv420p")]))
    read(io.BytesIO(film), "mov")


def main(kind: str) -> int:
    warm_up()
    wall_in(memory=MEMORY, cpu=CPU_SECONDS, output=OUTPUT)
    try:
        large, small, film, seconds = read(sys.stdin.buffer, kind)
    except TooLongError:
        return TOO_LONG
    except (TooManyPixelsError, MemoryError):
        return TOO_MANY
    except Exception:  # noqa: BLE001 - whatever a decoder says of a stranger's file, it is unreadable
        return UNREADABLE
    sizes = {"large": len(large), "small": len(small), "film": len(film), "seconds": seconds}
    sys.stdout.buffer.write(b"".join((json.dumps(sizes).encode(), b"\n", large, small, film)))
    sys.stdout.buffer.flush()
    return 0


if __name__ == "__main__":
    os._exit(main(sys.argv[1]))
