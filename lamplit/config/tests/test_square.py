"""A link as a square: what a telephone reads is what was written, and no policy refuses it."""

import re
from xml.etree import ElementTree as ET

import qrcode

from lamplit.config.square import QUIET, square

LINK = "https://standby.example/desk/firm/WyJ3Xz?a=1&b=2"


def test_every_dark_module_is_drawn_once_with_the_quiet_border_around_it() -> None:
    drawn = ET.fromstring(square(LINK, 'Opens "this" job & no other'))  # noqa: S314 - our own
    code = qrcode.QRCode(border=QUIET)
    code.add_data(LINK)
    rows = code.get_matrix()
    assert drawn.get("aria-label") == 'Opens "this" job & no other'
    assert drawn.get("viewBox") == f"0 0 {len(rows)} {len(rows)}"
    path = next(one for one in drawn if one.tag.endswith("path")).get("d") or ""
    dark = {(int(x), int(y)) for x, y in re.findall(r"M(\d+) (\d+)h1v1h-1z", path)}
    assert dark == {(x, y) for y, row in enumerate(rows) for x, is_dark in enumerate(row) if is_dark}
    assert min(x for x, _ in dark) == min(y for _, y in dark) == QUIET
    assert "style" not in square(LINK, "a label")
