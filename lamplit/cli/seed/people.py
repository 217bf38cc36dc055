"""A batch's people: households now and before, how to reach them, what to know of them.

Every adult has two notes and every child one, whatever they say: so a count of entries tells nobody who has a need.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal

from lamplit.cli.seed import names
from lamplit.cli.seed.homes import HomeTold, Household
from lamplit.cli.seed.story import Story
from lamplit.people.facts import PersonNote, PersonNoted, PersonRecorded, Reach, ReachRecorded
from lamplit.tenancies.facts import HouseholdJoined, HouseholdLeft, TenancyEnded, TenancyStarted

NEEDS = {  # code: what it says, how often
    "respiratory": ("Asthma", 9),
    "mobility": ("Uses a stick or a wheelchair", 7),
    "mental_health": ("Finds strangers at the door hard", 6),
    "deaf": ("Cannot hear the telephone or the door", 3),
    "blind": ("Sees very little", 2),
    "dementia": ("Forgets who is to come", 2),
    "heart": ("Heart illness", 4),
    "chronic_illness": ("Diabetes", 4),
    "autism": ("Needs to know beforehand what will happen", 3),
    "learning_disability": ("Needs things said simply", 2),
    "oxygen": ("Oxygen at home, day and night", 1),
    "dialysis": ("Dialysis at home", 1),
    "medical_electric": ("A hoist that needs power", 1),
    "pregnant": ("Baby due this year", 2),
    "slow_to_door": ("Slow to the door", 5),
    "immunosuppressed": ("After a transplant", 1),
    "language": ("Needs an interpreter", 3),
}
CODES, WEIGHTS = list(NEEDS), [weight for _, weight in NEEDS.values()]
SOURCES = ["she told us", "housing officer's visit", "told us on the phone", "sign-up form", "social worker"]
KINDS = [("single", 30), ("couple", 18), ("family", 26), ("one parent", 14), ("older single", 8), ("older couple", 4)]
MOBILES = 1_000  # 07700 900000 to 900999 are kept for stories (Ofcom)


def tell_households(story: Story, home: HomeTold, years: int) -> None:
    """Tell who lives in a home, and who lived there before. Some homes stand empty."""
    today, begins = story.now.date(), story.begins.date()
    moved_lately = years > 0 and story.likely(0.09 * years)
    start = (
        today - timedelta(days=story.dice.randint(20, 365 * years))
        if moved_lately
        else begins - timedelta(days=story.dice.randint(30, 9_000))
    )
    if moved_lately:
        home.households.append(_tell_past(story, home, start))
    if story.likely(0.965) or not moved_lately:
        home.households.append(_tell_household(story, home, start))


def _tell_past(story: Story, home: HomeTold, next_start: date) -> Household:
    ended = next_start - timedelta(days=story.dice.randint(10, 60))
    past = _tell_household(story, home, min(story.begins.date(), ended) - timedelta(days=story.dice.randint(200, 5_000)))
    past.ended_on = ended
    why = story.dice.choice(["moved away", "exchanged homes", "died", "moved in with family", "gave up the tenancy"])
    at = max(story.begins, _morning(ended))
    story.tell(TenancyEnded(tenancy=past.id, home=home.id, ended_on=ended, why=why), at)
    return past


def _tell_household(story: Story, home: HomeTold, start: date) -> Household:
    kind = story.dice.choices([name for name, _ in KINDS], [weight for _, weight in KINDS])[0]
    at, family = max(story.begins, _morning(start)), story.dice.choice(names.FAMILY)
    two = kind in ("couple", "family", "older couple")
    ages = [story.dice.randint(66, 92) if kind.startswith("older") else story.dice.randint(22, 64) for _ in range(1 + two)]
    house = Household(story.new_id("t", at), [], [], [], start)
    for age in ages:
        other = family if story.likely(0.7) else story.dice.choice(names.FAMILY)
        house.adults.append(_tell_adult(story, house, other if house.adults else family, age, at))
    joint = house.adults if story.likely(0.6) else house.adults[:1]
    tenure: Any = story.dice.choices(["assured", "secure", "starter", "shared_ownership"], [62, 22, 11, 5])[0]
    story.tell(TenancyStarted(tenancy=house.id, home=home.id, tenants=list(joint), tenure=tenure, started_on=start), at)
    for person in house.adults[len(joint) :]:
        story.tell(HouseholdJoined(tenancy=house.id, person=person, role="occupant", since_on=start), at)
    if kind in ("family", "one parent"):
        for _ in range(story.dice.choice([1, 1, 2, 2, 3])):
            _tell_child(story, house, family, start, at)
    if len(joint) == 2 and story.likely(0.06):
        _part(story, house, at)
    return house


def _part(story: Story, house: Household, at: datetime) -> None:
    """A former partner: she left, and her contact points for this tenancy are used no more."""
    person = house.adults.pop()
    left = min(at + timedelta(days=story.dice.randint(5, 600)), story.now - timedelta(days=2))
    if left > at:
        story.tell(HouseholdLeft(tenancy=house.id, person=person, left_on=left.date(), why="The couple parted."), left)
    else:
        house.adults.append(person)


def _tell_adult(story: Story, house: Household, family: str, age: int, at: datetime) -> str:
    person, given, born = story.new_id("p", at), story.dice.choice(names.GIVEN), _born(story, age)
    title = story.dice.choice(names.TITLES) if story.likely(0.8) else None
    known_as = given[:3] if story.likely(0.05) else None
    story.tell(PersonRecorded(person=person, name=f"{given} {family}", known_as=known_as, title=title, born_on=born), at)
    restricted = story.likely(0.006)
    channel, value = _tell_reaches(story, person, given, family, at, restricted=restricted)
    house.reach[person] = (channel, value, f"{given} {family}")
    _note(story, person, PersonNote(what="preference", code="channel", value=channel), at)
    _note(story, person, _second_note(story, house, born, at, restricted=restricted), at)
    house.born.append(born)
    return person


def _second_note(story: Story, house: Household, born: date, at: datetime, *, restricted: bool) -> PersonNote:
    since = at.date()
    if restricted:
        return PersonNote(what="restricted", code="abuse", says="Use safe ways only.", source="she told us", since_on=since)
    if story.likely(0.34 if story.now.year - born.year > 65 else 0.17):
        code = story.dice.choices(CODES, WEIGHTS)[0]
        house.needs.append(code)
        review = story.now.date() + timedelta(days=story.dice.randint(-30, 330))
        source = story.dice.choice(SOURCES)
        return PersonNote(
            what="need", code=code, says=NEEDS[code][0], source=source, since_on=since, review_on=max(review, since)
        )
    if story.likely(0.02):
        return PersonNote(what="alert", code="two_staff", says="Visit in pairs.", source="incident form", since_on=since)
    if story.likely(0.5):
        return PersonNote(what="preference", code="language", value=story.dice.choice(names.LANGUAGES))
    return PersonNote(what="preference", code="format", value=story.dice.choice(names.FORMATS))


def _tell_child(story: Story, house: Household, family: str, start: date, at: datetime) -> None:
    person, born = (
        story.new_id("p", at),
        _born(story, story.dice.choice([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16])),
    )
    at = max(at, _morning(born))
    story.tell(PersonRecorded(person=person, name=f"{story.dice.choice(names.GIVEN)} {family}", born_on=born), at)
    story.tell(HouseholdJoined(tenancy=house.id, person=person, role="child", since_on=max(start, born)), at)
    ill = story.likely(0.12)
    need = PersonNote(what="need", code="respiratory", says="Asthma", source="she told us", since_on=at.date())
    _note(story, person, need if ill else PersonNote(what="preference", code="language", value="English"), at)
    house.born.append(born)
    if ill:
        house.needs.append("respiratory")


def _tell_reaches(story: Story, person: str, given: str, family: str, at: datetime, *, restricted: bool) -> tuple[str, str]:
    """Tell how to reach her: a mobile while there are any, otherwise a line at home; mostly e-mail. Returns what she prefers."""
    story.people += 1
    safe, ways = not restricted, list[tuple[str, str]]()
    if (mobile := _mobile(story)) is not None:
        _reach(story, person, "text", mobile, at, safe=True, label="mobile")
        ways.append(("text", mobile))
    else:
        _reach(story, person, "phone", f"+44163296{story.dice.randrange(10_000):04}", at, safe=safe, label="home")
    if story.likely(0.72) or not mobile:
        name = f"{given}.{family}".lower().replace(" ", "").encode("ascii", "ignore").decode()
        email = f"{name}.{story.number}{story.people:04}@example.net"
        _reach(story, person, "email", email, at, safe=True)
        ways.append(("email", email))
    if story.likely(0.1):
        why = story.dice.choice(["Number is not in use", "She changed her provider"])
        old = f"+44163296{story.dice.randrange(10_000):04}"
        _reach(story, person, "phone", old, at, safe=safe, state="ended", why=why)
    return story.dice.choice(ways)


def _mobile(story: Story) -> str | None:
    """Return a number that nobody else has, or None when this batch has used its share of those there are."""
    if story.mobiles >= max(1, MOBILES // story.of) or not story.likely(0.85):
        return None
    story.mobiles += 1
    number = story.number * max(1, MOBILES // story.of) + story.mobiles - 1
    return f"+447700900{number % MOBILES:03}"


def _reach(
    story: Story, person: str, channel: Literal["text", "phone", "email"], value: str, at: datetime, *, safe: bool,
    label: str | None = None, state: Literal["works", "ended", "fails"] = "works", why: str | None = None,
) -> None:  # fmt: skip
    how = Reach(channel=channel, value=value, state=state, safe=safe, label=label, why=why)
    story.tell(ReachRecorded(reach=story.new_id("a", at), person=person, how=how), at)


def _note(story: Story, person: str, about: PersonNote, at: datetime) -> None:
    story.tell(PersonNoted(note=story.new_id("n", at), person=person, about=about), at)


def _born(story: Story, age: int) -> date:
    return story.now.date() - timedelta(days=age * 365 + story.dice.randint(1, 360))


def _morning(on: date) -> datetime:
    return datetime(on.year, on.month, on.day, 9, 30, tzinfo=UTC)
