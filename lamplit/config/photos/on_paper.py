"""Photos as a paper shows them: our own JPEGs, inside the PDF as they are, each with words for whoever does not see it."""

import io
from base64 import b64encode
from collections.abc import Callable, Iterable
from typing import Any

from PIL import Image, UnidentifiedImageError

from lamplit.config.speaking import gettext as _
from lamplit.repairs import queries

MOST = 16  # pictures of one paper, about 400 KB each: it must still go by e-mail


def on_paper(photos: Iterable[Any], about: Callable[[Any], str]) -> tuple[list[dict[str, str]], int]:
    """Return the pictures that a paper shows, and how many more there are. `about` says whose a photo is and of when.

    What was erased, or cannot be read here, is not there; a video shows its first picture.
    """
    shown = [one for one in photos if queries.can_be_shown(one)]
    found = []
    for one in shown[:MOST]:
        svg = _svg(queries.picture_of(one, "large"))
        if svg is not None:
            shows = one.shows if isinstance(one.shows, str) and one.shows else ""
            what = _("A video") if one.film is not None else _("A photo")
            found.append({"svg": svg, "shows": shows or what, "about": about(one), "alt": f"{what}. {shows}".strip()})
    return found, len(shown) - len(found)


def _svg(jpeg: bytes | None) -> str | None:
    """Return a drawing that holds nothing but a JPEG: values of a paper are text, and typst takes the bytes out as they are.

    None where it is no picture: one that is broken must not cost anybody the paper.
    """
    try:
        width, height = Image.open(io.BytesIO(jpeg or b"")).size  # reads the head alone
    except UnidentifiedImageError:
        return None
    data = b64encode(jpeg or b"").decode()
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">'
        f'<image width="{width}" height="{height}" href="data:image/jpeg;base64,{data}"/></svg>'
    )
