"""Generated columns for the search box, and the same spelling for what is typed into it.

Small letters, accents off, punctuation as spaces: `Zoë O'Néill-Łuczak` is found as `zoe oneill luczak`. The marks of erased and
withheld values give no words. PostgreSQL fills these columns, so neither folds nor a replay know of them.
"""

import re
import unicodedata
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import connections, models, transaction

_OTHER_LETTERS = ("łøđıħßæœ", "lodihsao")  # letters that no accent comes off
_DROPPED = "'’`´"
SHORTEST_INSIDE = 3
MOST_INSIDE = 3  # words: of a longer text nobody types a part of each, and a look at every row takes its time
NEARLY = 100  # how far `find_words` puts a row in which a word is not as typed
LONGEST = 400  # an index entry has to stay short; nobody types more
_SPACES = r"[][\s,.;:/()\\\"&_-]+"


class Readable(models.Func):
    """A personal column's text, or nothing when it is missing, erased or withheld."""

    template = "CASE WHEN starts_with(%(expressions)s, chr(1)) THEN '' ELSE coalesce(%(expressions)s, '') END"
    arity = 1


class SearchText(models.Func):
    """The words of several personal columns, with a space before and after each: `words LIKE '%% oko%%'` finds Okonjo."""

    arg_joiner = " || ' ' || "
    template = (
        "regexp_replace(translate(regexp_replace(normalize(lower(' ' || %(expressions)s || ' '), NFKD),"
        r" '[\u0300-\u036f]', '', 'g'),"
        f" '{_OTHER_LETTERS[0]}{_DROPPED.replace(chr(39), chr(39) * 2)}', '{_OTHER_LETTERS[1]}'),"
        f" '{_SPACES}', ' ', 'g')"
    )

    def __init__(self, *columns: str, **extra: Any) -> None:
        super().__init__(*columns, **extra)
        self.set_source_expressions([Readable(expression) for expression in self.get_source_expressions()])


class Squeezed(models.Func):
    """A personal column in small letters without any space: a postcode, a UPRN, an e-mail address."""

    template = rf"nullif(left(regexp_replace(lower(%(expressions)s), '\s', '', 'g'), {LONGEST}), '')"
    arity = 1

    def __init__(self, column: str, **extra: Any) -> None:
        super().__init__(column, **extra)
        self.set_source_expressions([Readable(expression) for expression in self.get_source_expressions()])


class Exactly(models.Func):
    """A personal column as it stands, or NULL when it is missing, erased or withheld: a reference that only one row may have."""

    template = "nullif(%(expressions)s, '')"
    arity = 1

    def __init__(self, column: str, **extra: Any) -> None:
        super().__init__(column, **extra)
        self.set_source_expressions([Readable(expression) for expression in self.get_source_expressions()])


class SqueezedMember(models.Func):
    """One text of a personal JSON column, squeezed. NULL when the column or the text is missing or cannot be read."""

    template = (
        r"nullif(left(regexp_replace(lower(CASE WHEN starts_with(%(expressions)s, '{')"
        rf" THEN %(expressions)s::jsonb ->> '%(member)s' END), '\s', '', 'g'), {LONGEST}), '')"
    )
    arity = 1

    def __init__(self, column: str, member: str, **extra: Any) -> None:
        super().__init__(column, member=member, **extra)


def generated(expression: models.Func) -> Any:
    """Return a column of text that PostgreSQL fills."""
    return models.GeneratedField(expression=expression, output_field=models.TextField(null=True), db_persist=True)


def spell(text: str) -> str:
    """Return typed text as `SearchText` spells it, without spaces at its ends."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text.lower()) if not "\u0300" <= c <= "\u036f")
    plain = bare.translate(str.maketrans(*_OTHER_LETTERS, _DROPPED))
    return re.sub(_SPACES.replace("[][", r"[\]\["), " ", plain).strip()


def squeeze(text: str) -> str:
    """Return typed text as `Squeezed` spells it."""
    return re.sub(r"\s", "", text.lower())[:LONGEST]


def as_written(text: str) -> list[str]:
    """Return how typed text may stand in a column of `Exactly`: as it was typed, or in one case."""
    bare = text.strip()
    return list(dict.fromkeys([bare, bare.upper(), bare.lower()]))


def words_index(name: str) -> GinIndex:
    """Return the index by which `find_words` finds a table's `words`."""
    return GinIndex(keys_of_words(), name=name)


def keys_of_words() -> models.Func:
    """Return the keys of a row's words, as the index spells them."""
    return models.Func("words", function="record.keys_of_words", output_field=ArrayField(models.IntegerField()))


def find_words(rows: Any, text: str, limit: int, *, inside: bool = True) -> list[Any]:
    """Return up to `limit` rows of a query set whose `words` have every word of `text`, or begin so, or are spelt nearly so.

    Each row says in `away` how far it is: NEARLY and more when a word is not as typed.

    Rows where whole words agree come first, then where words begin so, then those that have the text inside or differ from it
    in a letter or two. When no key finds one, every row is looked at for the text inside its words; not without `inside`.
    """
    wanted = spell(text).split()
    if not wanted:
        return []
    found = _by_keys(_ranked(rows, wanted), wanted, limit)
    return found or (find_inside(rows, text, limit) if inside else [])


def find_inside(rows: Any, text: str, limit: int) -> list[Any]:
    """Return what `find_words` finds when no key finds anything: every row is looked at for the text inside its words.

    Not for a text of many words.
    """
    wanted = spell(text).split()
    return list(_inside(_ranked(rows, wanted), wanted)[:limit]) if wanted else []


def find_ids(rows: Any, text: str, limit: int) -> list[str]:
    """Return the ids of what `find_words` finds by its keys: for a long list of which only few will be shown."""
    wanted = spell(text).split()
    return _by_keys(_ranked(rows, wanted), wanted, limit, "id") if wanted else []


def find_begun(rows: Any, text: str, limit: int) -> list[Any]:
    """Return up to `limit` rows, in no order, that `having_words` would leave: found in the index."""
    wanted = spell(text).split()
    return _by_keys(having_words(rows, text), wanted, limit) if wanted else []


def having_words(rows: Any, text: str) -> Any:
    """Return those rows of a short list whose `words` have every word of `text` or begin so; a number has to be whole."""
    for word in spell(text).split():
        whole = " " if any(c.isdigit() for c in word) else ""
        rows = rows.filter(words__contains=f" {word}{whole}")
    return rows


def _ranked(rows: Any, wanted: list[str]) -> Any:
    away = [
        models.Case(
            models.When(words__contains=f" {word} ", then=0),
            models.When(words__contains=f" {word}", then=1),
            models.When(words__contains=word, then=2),
            default=NEARLY,
        )
        for word in wanted
    ]
    return rows.annotate(away=sum(away[1:], start=away[0])).order_by("away", "words", "id")


def _by_keys(rows: Any, wanted: list[str], limit: int, only: str | None = None) -> list[Any]:
    """Look the words up in the index, also where half of all rows have one of them ("flat" in "flat 4").

    To make the keys of one row takes 0.1 ms. The server takes it for nothing, and would make those of every row instead.
    """
    rows = rows.alias(keys=keys_of_words())
    for word in wanted:
        if len(word) == 1:  # nobody is found by an initial alone
            rows = rows.filter(words__contains=f" {word}")
        else:
            rows = rows.filter(keys__overlap=models.Func(models.Value(word), function="record.keys_to_find"))
    if only is not None:
        rows = rows.values_list(only, flat=True)
    if max(map(len, wanted)) == 1:
        return list(rows[:limit])
    with transaction.atomic(rows.db), connections[rows.db].cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        found = list(rows[:limit])
        cursor.execute("SET LOCAL enable_seqscan TO DEFAULT")
        return found


def _inside(rows: Any, wanted: list[str]) -> Any:
    if max(map(len, wanted)) < SHORTEST_INSIDE or len(wanted) > MOST_INSIDE:
        return rows.none()
    return rows.filter(*(models.Q(words__contains=word) for word in wanted))
