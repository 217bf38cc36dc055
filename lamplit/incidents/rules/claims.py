"""What a public sentence claims. Pure: words in, yes or no out.

Two things must not slip out in a bad hour. That nothing was taken is said only where somebody looked: it was said too early in
more than one attack, and taken back months later. And nobody is ever told in an incident to pay to another account, for that
is what a fraudster would write next. Both rules read words, so they err on the careful side, and a person can say it otherwise.
"""

import re

_CLAUSE = re.compile(r"[.;:,!?\n]|\b(?:but|and|so|because|although)\b", re.IGNORECASE)
_NO = re.compile(r"\b(?:no|not|nothing|none|never|nobody|without|neither)\b|n[’']t\b", re.IGNORECASE)
_HARM = re.compile(
    r"\b(?:taken|stolen|copied|accessed|leaked|lost|touched|affected|breached|compromised|exposed|disclosed|downloaded|"
    r"exfiltrated|viewed|hit|at risk|in danger|breach|leak|theft|loss|impact|took|stole|got (?:at|into|hold of))\b",
    re.IGNORECASE,
)
_DATA = (
    r"(?:data|details|information|records?|files?|bank|accounts?|payments?|money|nothing|everything|passwords?|names?|addresses"
    r"|it|they|these)"
)
_SAFE = re.compile(
    rf"\b{_DATA}\b.{{0,40}}\b(?:is|are|was|were|remains?|stays?|stayed|remained|has been|have been)\b.{{0,20}}"
    r"\b(?:safe|secure|unaffected|untouched|unharmed|intact|protected)\b",
    re.IGNORECASE,
)
_UNSURE = re.compile(
    r"\b(?:do not|don[’']t|does not|cannot|can[’']t|could not|not|nobody|never) (?:yet )?(?:be )?"
    r"(?:know|known|say|said|tell|told|sure|certain|rule|ruled)\b",
    re.IGNORECASE,
)

_ACCOUNT = re.compile(
    r"(?<![\d-])\d{2}[-–]\d{2}[-–]\d{2}(?![\d-])|(?<!\d)(?<!\d )\d{4} ?\d{4}(?! ?\d)|\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,}"
)
_PAY = r"(?:bank|account|payment|direct debit|sort code)"
_CHANGED = (
    rf"\b(?:new|different|other|another|changed?|changing|updated?|temporary) (?:\w+ )?{_PAY}\b",
    (
        rf"\b{_PAY}\b(?: \w+){{0,2}} (?:have|has|is|are|will be|was|were) (?:now )?(?:been )?"
        r"(?:changed|changing|changes|new|different|updated)\b"
    ),
    r"\bpay\b.{0,40}\b(?:to|into) (?:a|an|this|another|the following|our other)\b",
    rf"\b(?:change|update|amend)\b.{{0,20}}\b{_PAY}\b",
)
_CHANGE = re.compile("|".join(_CHANGED), re.IGNORECASE)


_AWAY = re.compile(
    r"(?:\b(?:do not|must not|cannot|should not|never|no need to|please stop|stop|avoid|refrain from)|n[’']t)\b.{0,30}?"
    r"\b(?:contact|contacting|call|calling|ring|ringing|phone|phoning|write to|writing to|visit|visiting|come to|coming to|reach)"
    r" (?:us|our|the office|the landlord)\b",
    re.IGNORECASE,
)


def sends_away(text: str) -> bool:
    """Whether a text tells people not to get in touch: in a bad hour that hides who is in danger."""
    return any(_AWAY.search(one) for one in re.split(r"[.;:!?\n]", text))


def claims_nothing_happened(text: str) -> bool:
    """Whether a sentence says that nothing was taken, seen or harmed, or that something is safe."""
    return any(_claims(clause) for clause in _CLAUSE.split(text))


def _claims(clause: str) -> bool:
    if _UNSURE.search(clause):
        return False
    return bool(_SAFE.search(clause) or (_NO.search(clause) and _HARM.search(clause)))


def changes_payment(text: str) -> bool:
    """Whether a text gives the number of an account, or says that one has changed. "They have not changed" may be said."""
    if _ACCOUNT.search(text):
        return True
    return any(_CHANGE.search(one) and not _NO.search(one) for one in re.split(r"[.;:!?\n]|\bbut\b", text))
