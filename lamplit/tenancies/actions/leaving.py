"""What ends with somebody's leaving: the contact points that would tell one what is meant for the other."""

from collections.abc import Iterable

import msgspec

from lamplit.basics.refusal import Refused
from lamplit.people import queries as people
from lamplit.people.facts import Reach, ReachRecorded
from lamplit.record.page import Page
from lamplit.tenancies import rules


def reaches_to_end(leaver: str, staying: Iterable[str], named: Iterable[str]) -> dict[str, tuple[str, Reach]]:
    """Return the contact points to end, by id: whose it is and how it stands."""
    found: dict[str, tuple[str, Reach]] = {}
    for person in [leaver, *staying]:
        for one in people.reaches(person):
            if one.how is not None and one.how.state != "ended":
                found[one.id] = (person, one.how)
    if any(key not in found for key in named):
        raise Refused("tenancies.not_their_reach")
    hers = [(key, how.value) for key, (owner, how) in found.items() if owner == leaver]
    theirs = [how.value for owner, how in found.values() if owner != leaver]
    wanted = {*rules.shared(hers, theirs), *named}
    return {key: value for key, value in found.items() if key in wanted}


def end_reaches_of(page: Page, ending: dict[str, tuple[str, Reach]]) -> list[str]:
    """End these contact points. Returns their ids."""
    for key, (owner, how) in ending.items():
        ended = msgspec.structs.replace(how, state="ended", why="She left the household")
        page.write(ReachRecorded(reach=key, person=owner, how=ended))
    return list(ending)
