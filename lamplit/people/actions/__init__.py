"""What can be done with what we know of people."""

from lamplit.people.actions.importing import ChannelName, ContactRow, PersonRow, import_contacts, import_people
from lamplit.people.actions.looking import MOST_LOOKS, explain_look, write_looks
from lamplit.people.actions.merging import confirm_merge, merge_people, unmerge_people
from lamplit.people.actions.planting import (
    agree_planted,
    end_planted,
    note_list_read,
    note_planted_opened,
    propose_planted,
)
from lamplit.people.actions.recording import (
    correct_person,
    note_person,
    prove_reach,
    record_person,
    represent_person,
    set_reach,
)
from lamplit.people.rules import Believed, MadeUp

__all__ = [
    "MOST_LOOKS",
    "Believed",
    "ChannelName",
    "ContactRow",
    "MadeUp",
    "PersonRow",
    "agree_planted",
    "confirm_merge",
    "correct_person",
    "end_planted",
    "explain_look",
    "import_contacts",
    "import_people",
    "merge_people",
    "note_list_read",
    "note_person",
    "note_planted_opened",
    "propose_planted",
    "prove_reach",
    "record_person",
    "represent_person",
    "set_reach",
    "unmerge_people",
    "write_looks",
]
