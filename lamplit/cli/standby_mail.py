"""`lamplit standby mail`: takes e-mail for the landlord's addresses at the standby, until stopped."""

import argparse

from lamplit.cli import running, start
from lamplit.cli.say import Failed
from lamplit.config import place


def mail(asked: argparse.Namespace) -> int:
    """Listen as [post] of this home's providers.toml says. Nothing is passed on; "250" means that it is kept."""
    if place.standby() is None:
        raise Failed(f"{place.home()} is no standby. Main takes e-mail with `lamplit post`.")
    running.begin(django=True)
    start.connect("app").close()
    from lamplit.cli import posting
    from lamplit.exchange.post.at_standby import take_mail

    return posting.run(take_mail)
