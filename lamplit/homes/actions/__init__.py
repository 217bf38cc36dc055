"""What can be done with homes and blocks."""

from lamplit.homes.actions.importing import HomeRow, import_homes
from lamplit.homes.actions.recording import correct_home, note_home, record_block, record_check, record_component, record_home

__all__ = [
    "HomeRow",
    "correct_home",
    "import_homes",
    "note_home",
    "record_block",
    "record_check",
    "record_component",
    "record_home",
]
