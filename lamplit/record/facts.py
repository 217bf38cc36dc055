"""What can happen to the record itself and to its keys."""

from datetime import datetime
from typing import Annotated, Literal

from lamplit.basics.fact import Clear, Fact, Id, KeyClass, fact

_OPEN = "whoever may read the record may know how it was kept"


@fact("database.opened", 1, subjects=())
class DatabaseOpened(Fact, frozen=True, kw_only=True):
    """Somebody opened the database directly, past the pages: a shell or a dump."""

    how: Annotated[Literal["shell", "dump"], Clear(_OPEN)]
    asked: Annotated[list[str], Clear(_OPEN)]  # the names of the options given, never their values


@fact("row.restored", 1, subjects=())
class RowRestored(Fact, frozen=True, kw_only=True):
    """An audit found that a row was not what the record says, and put the record's row back."""

    table: Annotated[str, Clear(_OPEN)]
    row: Annotated[str, Clear(_OPEN)]
    columns: Annotated[list[str], Clear(_OPEN)]


@fact("record.restored", 1, subjects=())
class RecordRestored(Fact, frozen=True, kw_only=True):
    """The database was lost or old, and the record was brought back from a store; what was not published by then is lost."""

    held: Annotated[int, Clear(_OPEN)]  # entries that the database had before
    size: Annotated[int, Clear(_OPEN)]  # entries that it has since
    withheld: Annotated[list[KeyClass], Clear(_OPEN)]  # classes of which keys are missing
    last_at: Annotated[datetime, Clear(_OPEN)] | None = None  # when the last entry that came back was written


@fact("erasure.ordered", 1, subjects=("subject",))
class ErasureOrdered(Fact, frozen=True, kw_only=True):
    """A subject's key of one class is to be destroyed, and with it everything that it sealed, once the delay is over."""

    erasure: Id
    subject: Id
    key_class: Annotated[KeyClass, Clear(_OPEN)]
    due_at: Annotated[datetime, Clear(_OPEN)]
    because: Annotated[Literal["asked", "retention", "court"], Clear(_OPEN)]


@fact("erasure.called_off", 1, subjects=("subject",))
class ErasureCalledOff(Fact, frozen=True, kw_only=True):
    """An erasure that had been ordered will not be done."""

    erasure: Id
    subject: Id


@fact("erasure.done", 1, subjects=("subject",))
class ErasureDone(Fact, frozen=True, kw_only=True):
    """A subject's key was destroyed. What it sealed cannot be read again, here or in any rebuild."""

    erasure: Id
    subject: Id
    key_class: Annotated[KeyClass, Clear(_OPEN)]
    key_ids: Annotated[list[str], Clear("a rebuild from old key files must know which keys are dead")]


@fact("record.ingested", 1, subjects=("about",))
class Ingested(Fact, frozen=True, kw_only=True):
    """An entry of another record of ours was taken over verbatim. Its fact counts here too; nothing was decided again."""

    origin: Annotated[str, Clear("the other record's name")]
    index: Annotated[int, Clear("its place in the other record")]
    entry_id: Id
    about: list[Id]  # the subjects of the entry inside, so that everything about them is found here too
    entry: Annotated[str, Clear("its bytes in base64, sealed parts and all, as the other record published them")]


@fact("record.closed", 1, subjects=())
class RecordClosed(Fact, frozen=True, kw_only=True):
    """The last entry of a standby's record: main works again, takes all of it over, and nothing follows here."""

    main: Annotated[str, Clear("the record that goes on")]


@fact("record.source_closed", 1, subjects=())
class SourceClosed(Fact, frozen=True, kw_only=True):
    """All entries of another record of ours are here; it was closed with this size and root and takes no more."""

    origin: Annotated[str, Clear("the other record's name")]
    size: Annotated[int, Clear(_OPEN)]
    root: Annotated[str, Clear("the root of its tree, in base64")]
