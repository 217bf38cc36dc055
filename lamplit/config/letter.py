"""A letter on paper: the same words as any other message, with her address where a window envelope shows it."""

import io
import re

from django.conf import settings

from lamplit.basics.words import full_date
from lamplit.config import papers
from lamplit.reactions.providers.interface import Outgoing

LARGE = "large print"
LINES = 7  # of an address in the window


def letter(message: Outgoing) -> bytes:
    """Return a letter as a PDF that a screen reader can read (PDF/UA-1)."""
    landlord = settings.LANDLORD
    made = papers.make("letter", {
        "landlord": landlord["name"], "phone": landlord["phone"], "title": message.subject or f"A letter from {landlord['name']}",
        "address": address_lines(message.name, message.to), "date": full_date(message.at),
        "paragraphs": [part.strip().split("\n") for part in re.split(r"\n{2,}", message.body) if part.strip()],
        "large": message.format == LARGE, "number": message.key,
    })  # fmt: skip
    return made if message.paper is None else _one_after_the_other(made, message.paper)


def _one_after_the_other(*pdfs: bytes) -> bytes:
    """Return one PDF with the pages of several, to be printed and put into one envelope. On paper nothing reads its tags."""
    from pypdf import PdfWriter  # noqa: PLC0415 - a second to load, and few letters are made of two papers

    whole, out = PdfWriter(), io.BytesIO()
    for pdf in pdfs:
        whole.append(io.BytesIO(pdf))
    whole.write(out)
    return out.getvalue()


def address_lines(name: str | None, address: str) -> list[str]:
    """Return an address as lines for the window, her name first unless it stands there."""
    parts = re.split(r"\n|," if "\n" not in address else r"\n", address)
    lines = [line.strip() for line in parts if line.strip()]
    if name and name.strip() and (not lines or lines[0].lower() != name.strip().lower()):
        lines.insert(0, name.strip())
    over = lines[LINES - 1 : -1]  # what no line is left for stands on the last but one
    return lines if not over else [*lines[: LINES - 2], ", ".join(lines[LINES - 2 : -1]), lines[-1]]
