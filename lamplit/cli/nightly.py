"""`lamplit nightly`: checks every store, rehearses coming back, makes the offline pack, looks at the installation."""

import argparse

from lamplit.cli import start
from lamplit.cli.doctor import command as doctor
from lamplit.cli.nights import check_store
from lamplit.cli.pack.command import make_nightly
from lamplit.cli.rehearse import rehearse_quietly
from lamplit.cli.running import stores
from lamplit.config import place


def nightly(asked: argparse.Namespace) -> int:
    """Check every store, then look whether all is well. Exit 1 when anything is wrong."""
    start.open_installation()
    nights = [check_store(name, address) for name, address in stores()]
    follows = place.standby()
    if follows is None:
        rehearsed, packed = rehearse_quietly(), make_nightly()
    else:  # its tables are main's and its own: what it may rehearse is whether its copy of main holds
        nights.append(check_store("mirror", place.mirror(), follows.log_key))
        rehearsed, packed = True, not _has_taken_over() or make_nightly()
    code = doctor.look(quiet=True)
    return code if rehearsed and packed and all(night.holds for night in nights) else 1


def _has_taken_over() -> bool:
    """Whether there is anything here that could be packed: before it takes over, a standby holds no names."""
    from lamplit.config import standing_by

    taken = standing_by.taken_over()
    return taken is not None and standing_by.ready(taken)
