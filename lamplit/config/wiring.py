"""Which fact folds into which table: one readable list. `lamplit.record.wiring` says what the four verbs mean."""

from lamplit.basics.fact import Fact
from lamplit.record.fields import table_of
from lamplit.record.wiring import Fold, Wiring

FOLDS: dict[type[Fact], list[Fold]] = {
    # the record's own facts
    # homes
    # people
    # staff
    # tenancies
    # messages
    # complaints
    # repairs
}


def wiring() -> Wiring:
    """Return every fold, ready to run."""
    return Wiring(FOLDS, table_of)
