"""People who live in no home of the landlord's: applicants, relatives. Two of them do not exist, and their records ring."""

import random
from datetime import date, datetime, timedelta

from lamplit.basics.ids import SeededIds
from lamplit.basics.who import job
from lamplit.cli.seed import names
from lamplit.cli.seed.story import Story
from lamplit.people import queries
from lamplit.people.facts import PersonNote, PersonNoted, PersonRecorded, Planting, Reach, ReachRecorded
from lamplit.record import apart

OTHERS, PLANTED = 10, 2


def tell_others(story: Story, dice: random.Random, new_id: SeededIds) -> None:
    """Tell of them. Chance and ids are their own, so that everybody else stays as she was."""
    planted = set(dice.sample(range(OTHERS), PLANTED))
    for number in range(OTHERS):
        about = _somebody(story, dice, new_id)
        _tell(story, about, dice, new_id)
        if number in planted and apart.ready():
            story.tell(queries.note_of(new_id("y", about.at), about), about.at, job("planted"))


def _somebody(story: Story, dice: random.Random, new_id: SeededIds) -> Planting:
    given, family = dice.choice(names.GIVEN), dice.choice(names.FAMILY)
    agreed_at = story.begins + timedelta(seconds=dice.randint(0, 3600))
    begins = story.begins + timedelta(seconds=dice.randint(4000, 8000))
    mailbox = f"{given}.{family}".lower().replace(" ", "").encode("ascii", "ignore").decode()
    return Planting(
        what="agreed", salt=f"{dice.getrandbits(128):032x}", at=agreed_at, person=new_id("p", begins), name=f"{given} {family}",
        title=dice.choice(names.TITLES), born_on=_born(story.now, dice), phone=f"+44163296{dice.randrange(10_000):04}",
        email=f"{mailbox}.{dice.randint(1000, 9999)}9@example.net", steps=[begins] * 3,  # her record, a number, an e-mail address
        proposed_by=f"staff:{story.crew.of('records')[0]}", proposed_at=agreed_at,
        agreed_by=f"staff:{story.crew.of('lead')[0]}", agreed_at=agreed_at,
    )  # fmt: skip


def _born(now: datetime, dice: random.Random) -> date:
    return (now - timedelta(days=dice.randint(9_000, 25_000))).date()


def _tell(story: Story, about: Planting, dice: random.Random, new_id: SeededIds) -> None:
    """Tell of one as of any other: a name, a line at home, an e-mail address, two notes."""
    person, at = about.person or "", (about.steps or [about.at])[0]
    story.tell(PersonRecorded(person=person, name=about.name, title=about.title, born_on=about.born_on), at)
    ways = [
        Reach(channel="phone", value=about.phone or "", state="works", safe=True, label="home"),
        Reach(channel="email", value=about.email or "", state="works", safe=True),
    ]
    for how in ways:
        story.tell(ReachRecorded(reach=new_id("a", at), person=person, how=how), at)
    likes = [("channel", "email"), ("language", dice.choice(names.LANGUAGES))]
    for code, value in likes:
        note = PersonNote(what="preference", code=code, value=value)
        story.tell(PersonNoted(note=new_id("n", at), person=person, about=note), at)
