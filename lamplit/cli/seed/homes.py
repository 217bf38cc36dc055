"""A batch's blocks and homes, their parts and checks."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from lamplit.cli.seed.plan import HomePlan, Site
from lamplit.cli.seed.story import Story
from lamplit.homes.facts import BlockRecorded, Check, ComponentChecked, ComponentRecorded, HomeNote, HomeNoted, HomeRecorded, Part
from lamplit.repairs.rules import Earlier

# Part, kind of check, days between two checks, how often a home has one, models.
PARTS: list[tuple[Part, Check, int, float, list[str]]] = [
    ("boiler", "gas_safety", 350, 0.86, ["Wickes Combi 28", "Emberflow 24", "Hearthline 30C"]),
    ("consumer_unit", "electrical", 1_800, 1.0, ["Signal 10-way", "Signal 12-way RCBO"]),
    ("smoke_alarm", "alarm", 360, 1.0, ["Lumen mains smoke", "Lumen 10-year"]),
    ("co_alarm", "alarm", 360, 0.8, ["Lumen CO"]),
]
PLACES = {
    "boiler": "kitchen cupboard",
    "consumer_unit": "hall cupboard",
    "smoke_alarm": "hall ceiling",
    "co_alarm": "by the boiler",
}


@dataclass
class HomeTold:
    """A home that was told of, with what its repairs need to know."""

    id: str
    site: Site
    plan: HomePlan
    block: str | None
    households: list["Household"] = field(default_factory=list)
    reports: list[Earlier] = field(default_factory=list)


@dataclass
class Household:
    """Who lived in a home from when to when: adults, all needs and dates of birth, and (channel, value, name) by person."""

    id: str
    adults: list[str]
    born: list[date]
    needs: list[str]
    started_on: date
    ended_on: date | None = None
    reach: dict[str, tuple[str, str, str]] = field(default_factory=dict)


def tell_site(story: Story, site: Site, *, parts: bool) -> list[HomeTold]:
    """Tell of a block or street and its homes. Without `parts` of the homes alone."""
    block = story.new_id("b", story.begins) if site.is_block else None
    if block:
        story.tell(
            BlockRecorded(block=block, name=site.name, address=[site.name, site.town], postcode=site.postcode), story.begins
        )
    told = [_tell_home(story, site, plan, block) for plan in site.homes]
    if parts:
        for home in told:
            _tell_parts(story, home.id)
            _tell_notes(story, home.id)
    return told


def _tell_home(story: Story, site: Site, plan: HomePlan, block: str | None) -> HomeTold:
    home = story.new_id("h", story.begins)
    story.tell(
        HomeRecorded(
            home=home, block=block, storey=plan.storey, stack=plan.stack, uprn=plan.uprn, address=site.address(plan),
            postcode=site.postcode, shape=plan.shape, bedrooms=plan.bedrooms,
        ),
        story.begins,
    )  # fmt: skip
    return HomeTold(home, site, plan, block)


def _tell_parts(story: Story, home: str) -> None:
    today = story.now.date()
    for what, check, every, share, models in PARTS:
        if not story.likely(share):
            continue
        component = story.new_id("q", story.begins)
        story.tell(
            ComponentRecorded(
                component=component, home=home, what=what, installed_on=today - timedelta(days=story.dice.randint(1_100, 6_000)),
                model=story.dice.choice(models), serial=f"{story.dice.randrange(10**8):08}", place=PLACES[what],
            ),
            story.begins,
        )  # fmt: skip
        last = today - timedelta(days=story.dice.randint(3, every - 5 if story.likely(0.985) else every + 40))
        story.tell(
            ComponentChecked(
                component=component, home=home, check=check, checked_on=last, satisfactory=story.likely(0.97),
                next_due_on=last + timedelta(days=every + 15),
            ),
            max(story.begins, story.now - timedelta(days=(today - last).days)),
        )  # fmt: skip


def _tell_notes(story: Story, home: str) -> None:
    """Things to know before going there. Some homes have one; what it says is sealed."""
    if not story.likely(0.12):
        return
    about = story.dice.choice(
        [
            HomeNote(
                what="asbestos",
                says="Textured coating on the ceilings. Do not drill or scrape.",
                where="all rooms",
                source="survey",
            ),
            HomeNote(what="access", says="The street door sticks. Push hard.", source="housing officer"),
            HomeNote(
                what="access", says="Key safe by the meter cupboard. Ask the office for the code.", source="housing officer"
            ),
            HomeNote(what="warning", says="A large dog. Ask for it to be shut in before you go in.", source="operative"),
            HomeNote(what="other", says="Stop valve is in the flat below.", where="stairwell", source="plumber"),
        ]
    )
    story.tell(HomeNoted(note=story.new_id("n", story.begins), home=home, about=about), story.begins)
