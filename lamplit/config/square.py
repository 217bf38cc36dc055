"""A link as a square that a telephone reads (QR code, ISO/IEC 18004)."""

from html import escape

import qrcode

QUIET = 4  # white modules around it, as the standard wants


def square(text: str, label: str, side: int = 232) -> str:
    """Return it as an SVG of `side` pixels without styles, which our security policy would refuse. `label`: said of it aloud."""
    code = qrcode.QRCode(border=QUIET)
    code.add_data(text)
    rows = code.get_matrix()
    dots = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    size = len(rows)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" width="{side}" height="{side}" role="img"'
        f' aria-label="{escape(label)}" shape-rendering="crispEdges">'
        f'<rect width="{size}" height="{size}" fill="#fff"/><path d="{dots}" fill="#000"/></svg>'
    )
