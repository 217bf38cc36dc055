"""What can be done with what we know of people."""

from lamplit.people.actions.importing import ChannelName, ContactRow, PersonRow, import_contacts, import_people
from lamplit.people.actions.recording import (
    correct_person,
    note_person,
    prove_reach,
    record_person,
    represent_person,
    set_reach,
)

__all__ = [
    "ChannelName",
    "ContactRow",
    "PersonRow",
    "correct_person",
    "import_contacts",
    "import_people",
    "note_person",
    "prove_reach",
    "record_person",
    "represent_person",
    "set_reach",
]
