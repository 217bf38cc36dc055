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
