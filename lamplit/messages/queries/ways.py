"""The ways in which somebody may be written to: her own contact points, and for some words the letter box of her home."""

from datetime import date

from lamplit.homes import queries as homes
from lamplit.messages.rules import Way, goes_home, way
from lamplit.people import queries as people
from lamplit.record.search import squeeze
from lamplit.tenancies import queries as tenancies


def ways_to(person: str | None, template: object, on: date) -> list[Way]:
    """Return the ways in which we may send a message of this template to a person on a day, best first."""
    if person is None:
        return []
    ways = [way(one.channel, one.value) for one in people.ways_to_reach(person, "message")]
    home = at_home(person, on) if goes_home(template) else None
    return ways if home is None or home in ways else [*ways, home]


def at_home(person: str, on: date) -> Way | None:
    """Return the letter box of the home of ours in which a grown person lives.

    None where a marker of abuse or safeguarding holds, or where it stands of that very address that it is not to be used.
    """
    lives = next((one for one in tenancies.living_of(person, on) if one.role != "child"), None)
    home = homes.home(lives.home) if lives is not None else None
    if home is None or not isinstance(home.address, list) or people.is_restricted(person):
        return None
    found = way("post", homes.address_line(home))
    posts = [one.how for one in people.reaches(person) if one.how is not None and one.how.channel == "post"]
    shut = {squeeze(how.value) for how in posts if how.held or not how.safe or how.state in ("fails", "ended")}
    return None if squeeze(found.to) in shut else found


def may_go(person: str | None, channel: str, to: str, template: object, on: date) -> bool:
    """Say whether a message may still go there: hours pass between ordering and sending, and a marker may have come between."""
    return person is None or Way(channel=channel, to=to) in ways_to(person, template, on)
