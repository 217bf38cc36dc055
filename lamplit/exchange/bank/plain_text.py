"""The bytes of a bank's text file, as text; or in words why they are none."""

import codecs

from lamplit.record.tidy import tidy

MOST_BYTES = 100_000_000
LONGEST_LINE = 10_000
LONGEST_TEXT = 500
_BEGINNINGS = {
    b"PK\x03\x04": "It is a spreadsheet or a ZIP file, whatever its name says.",
    b"\xd0\xcf\x11\xe0": "It is an old Excel spreadsheet, whatever its name says.",
    b"%PDF": "It is a PDF.",
    codecs.BOM_UTF16_LE: "Its letters are in UTF-16.",
    codecs.BOM_UTF16_BE: "Its letters are in UTF-16.",
}


class NoText(Exception):  # noqa: N818 - the sentence says what is wrong
    """The file is no text that we read. `line` says where, 0 when it is the whole file."""

    def __init__(self, words: str, line: int = 0) -> None:
        super().__init__(words)
        self.words = words
        self.line = line


def kept(text: str) -> str:
    """Return a text of a file as the record can keep it: cleaned, and no longer than any reference or name is."""
    if text.isascii() and text.isprintable():
        return text.strip()[:LONGEST_TEXT]
    return (tidy(text) or "")[:LONGEST_TEXT]


def lines_of(data: bytes, encoding: str = "ascii") -> list[str]:
    """Return the lines of a file, without what ends them. NoText says what is wrong, and with which line."""
    if len(data) > MOST_BYTES:
        raise NoText(f"The file is larger than {MOST_BYTES // 1_000_000} MB.")
    for beginning, words in _BEGINNINGS.items():
        if data.startswith(beginning):
            raise NoText(words)
    try:
        text = data.decode("utf-8-sig" if encoding == "utf-8" else encoding)
    except UnicodeDecodeError as error:
        raise NoText(f"The line has letters that are not {encoding}.", data.count(b"\n", 0, error.start) + 1) from error
    lines = text.replace("\r\n", "\n").split("\n")
    for number, line in enumerate(lines, 1):
        if len(line) > LONGEST_LINE:
            raise NoText(f"The line is longer than {LONGEST_LINE:,} letters.", number)
        if not line.isprintable() and any(letter < " " and letter != "\t" for letter in line):
            raise NoText("The line has characters that no text has.", number)
    if not any(line.strip() for line in lines):
        raise NoText("The file is empty.")
    return lines
