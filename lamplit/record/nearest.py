"""The nearest rows where none has every word that was typed: a long word of it is there or sounds so, another one differs.

"mei husein" for Mei Hussain, "shan rees" for Siân Rhys: a name heard on the telephone. Asked only when `find_words` found nobody.
"""

import re
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Any

from django.db import connections, models, transaction

from lamplit.record.search import keys_of_words, spell

LONG = 4  # letters: a shorter word alone finds too many
MOST_WORDS = 4
LOOKED_AT = 100  # rows of which the nearest are taken
MOST_WAYS = 40  # of spelling one word
ALIKE, ALIKE_IN_SOUND = 0.72, 0.5  # of 1: how much of two words is the same
SAME, SOUNDS, NEAR, BEGINS, OTHER = range(5)  # how far a typed word is from one of a row
# Spellings that are heard as one.
_HEARD = (
    ("ai", "ei", "ay", "ey", "ie"), ("ee", "y", "i", "ea", "ie"), ("sh", "si", "s"), ("rh", "r"), ("ph", "f"), ("ck", "k", "c"),
    ("oo", "u", "ou"), ("ow", "ou"), ("th", "t"), ("gh", "g"), ("wh", "w"), ("z", "s"), ("j", "g"),
    ("a", "e"), ("o", "u"),
)  # fmt: skip
_LETTERS = (("ph", "f"), ("kn", "n"), ("ck", "k"), ("c", "k"), ("q", "k"), ("z", "s"), ("j", "g"), ("v", "f"))
_KEYS_TO_FIND = "ARRAY(SELECT unnest(record.keys_to_find(word)) FROM unnest(%(expressions)s::text[]) AS word)"
_KEYS_THEMSELVES = "ARRAY(SELECT hashtext(word) FROM unnest(%(expressions)s::text[]) AS word)"


@lru_cache(maxsize=5_000)
def sound(word: str) -> str:
    """Return what is heard of a word's consonants, and its first letter: husein and hussain are one."""
    for written, heard in _LETTERS:
        word = word.replace(written, heard)
    rest = re.sub(r"[aeiouyhw]", "", word[1:])
    return re.sub(r"(.)\1+", r"\1", re.sub(r"^[aeiouy]", "a", word[:1]) + rest)


def heard_as(word: str) -> list[str]:
    """Return other spellings of what is heard as this word, at most so many: up to two places differ."""
    ways = {word: None}
    for _ in range(2):
        for one in list(ways):
            for alike in _HEARD:
                for there in alike:
                    ways.update({one.replace(there, other): None for other in alike if there in one})
    return [one for one in ways if one != word][:MOST_WAYS]


def find_nearest(rows: Any, text: str, limit: int) -> list[Any]:
    """Return up to `limit` rows with a long word of `text` or one that sounds so, the nearest first; none for an address.

    Each row says in `heard` whether all that was typed sounds like words of it.
    """
    wanted = spell(text).split()
    long = [word for word in wanted if len(word) >= LONG]
    if not long or len(wanted) > MOST_WORDS or any(c.isdigit() for c in text):
        return []
    near: dict[str, tuple[float, str, bool]] = {}
    for ident, words in _looked_at(rows, wanted, long):
        far = {word: min(_far(word, one) for one in words.split()) for word in wanted}
        if min(far[word] for word in long) < BEGINS:
            near[ident] = (sum(far.values()), words, max(far.values()) < NEAR)
    first = sorted(near, key=lambda ident: (*near[ident][:2], ident))[:limit]
    known = {row.id: row for row in rows.filter(id__in=first)}
    for ident, row in known.items():
        row.heard = near[ident][2]
    return [known[ident] for ident in first if ident in known]


@lru_cache(maxsize=20_000)
def _far(word: str, one: str) -> float:
    """Say how far a typed word is from one of a row: its step, and a part of one by how much they have in common."""
    if word == one:
        return SAME
    common = SequenceMatcher(None, word, one).ratio()
    if sound(word) == sound(one) and (common >= ALIKE_IN_SOUND or len(word) < LONG):
        step = SOUNDS
    elif len(one) >= LONG and common >= ALIKE:
        step = NEAR
    else:
        step = BEGINS if one[0] == word[0] else OTHER
    return step + (1 - common) * 0.9


def _looked_at(rows: Any, wanted: list[str], long: list[str]) -> list[tuple[str, str]]:
    """Return id and words of rows that the index finds by a long word; of too many those with the right first letters."""
    ways = [way for word in long for way in heard_as(word)]
    keys = [models.Func(models.Value(long), template=_KEYS_TO_FIND), models.Func(models.Value(ways), template=_KEYS_THEMSELVES)]
    found = models.Q(keys__overlap=models.Func(*keys, template="(%(expressions)s)", arg_joiner=" || "))  # one look at the index
    away = [
        models.Case(
            models.When(words__contains=f" {word} ", then=0), models.When(words__contains=f" {word[0]}", then=1), default=3
        )
        for word in wanted
    ]
    rows = rows.alias(keys=keys_of_words(), away=sum(away[1:], start=away[0])).filter(found).order_by("away", "words", "id")
    with transaction.atomic(rows.db), connections[rows.db].cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")  # as `find_words` does: the server takes the making of keys for nothing
        looked = list(rows.values_list("id", "words")[:LOOKED_AT])
        cursor.execute("SET LOCAL enable_seqscan TO DEFAULT")
        return looked
