"""Which letters Bacs knows, and what a Direct Debit reference may be."""

import re
import unicodedata

ALLOWED = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.&/- "
WIDTH = 18  # of every name and reference in a Bacs record
_SHORTEST_REFERENCE = 6
_SPELT = str.maketrans({"ß": "SS", "Æ": "AE", "æ": "AE", "Œ": "OE", "œ": "OE", "Ø": "O", "ø": "O", "Ł": "L", "ł": "L", "Đ": "D"})
_SPELT |= str.maketrans({"đ": "D", "Þ": "TH", "þ": "TH", "ð": "D", "Ð": "D", "ı": "I"})
_OTHER = re.compile(r"[^A-Z0-9.&/ -]")
_PLAIN = re.compile(r"[A-Z0-9.&/ -]*")


def fold(text: str) -> str:
    """Return a name in letters that Bacs knows: capital, without accents; what has no such letter becomes a blank."""
    if text.isascii():
        return _OTHER.sub(" ", text.upper())
    bare = unicodedata.normalize("NFKD", text.translate(_SPELT))
    letters = "".join(letter for letter in bare if not unicodedata.combining(letter)).upper()
    return _OTHER.sub(" ", letters)


def reference_wrong(reference: str) -> str | None:
    """Return in words why this cannot be the reference of a Direct Debit instruction, or None when it can.

    It must stay the same for as long as the instruction holds, so nothing here mends it.
    """
    if not _SHORTEST_REFERENCE <= len(reference) <= WIDTH:
        return f"A Direct Debit reference has {_SHORTEST_REFERENCE} to {WIDTH} characters."
    if not _PLAIN.fullmatch(reference):
        return "A Direct Debit reference has capital letters, digits, spaces and . & / - only."
    if not reference[0].isalnum():
        return "A Direct Debit reference begins with a letter or a digit."
    if reference[-1] == " ":
        return "A Direct Debit reference does not end with a space: banks drop it."
    if reference.startswith("DDIC"):
        return "A Direct Debit reference must not begin with DDIC: banks use that for indemnity claims."
    if len(set(reference)) == 1:
        return "A Direct Debit reference is more than one character repeated."
    return None
