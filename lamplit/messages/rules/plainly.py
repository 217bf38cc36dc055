"""A text without what copying changes, and its sentences: the same for what somebody pasted, what we sent, and our templates."""

import re
import unicodedata

LONGEST = 20_000  # characters that are compared
MOST = 400  # sentences
WRAPPED = 55  # characters from which a line that ends no sentence was broken by a mail program
ENDS = re.compile(r"(?<=[.!?])\s+(?=[^a-z])")
_SAME = str.maketrans({
    "“": '"', "”": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "\u00a0": " ",
    **dict.fromkeys("\u00ad\ufeff\u200b\u200c\u200d\u2060"),  # letters that nobody sees
})  # fmt: skip


def plain(text: str) -> str:
    """Leave out what copying changes: kinds of quotes and spaces, letters that nobody sees, marks of a quoted e-mail."""
    spelt = unicodedata.normalize("NFKC", text[:LONGEST]).translate(_SAME).replace("\r\n", "\n").replace("\r", "\n")
    lines = [re.sub(r"^[ \t]*(>[ \t]*)+", "", line) for line in spelt.split("\n")]
    return "\n".join(" ".join(line.split()) for line in lines).strip()


def sentences(text: str) -> list[str]:
    """Return the sentences of a text, or its lines where they end none."""
    lines: list[str] = []
    for line in plain(text).split("\n"):
        before = lines[-1] if lines else ""
        broken = bool(before and line) and before[-1] not in ".!?:" and (line[0].islower() or len(before) >= WRAPPED)
        if broken:
            lines[-1] = f"{before} {line}"
        else:
            lines.append(line)
    return [part.strip() for line in lines for part in ENDS.split(line) if part.strip()][:MOST]
