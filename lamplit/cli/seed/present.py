"""The living present: what must stand on the desk this morning, beside what the years have left open."""

from datetime import timedelta

from lamplit.basics.who import job, staff
from lamplit.cli.seed.case import Case
from lamplit.cli.seed.homes import HomeTold
from lamplit.cli.seed.repairs import begin
from lamplit.cli.seed.story import Story
from lamplit.repairs import facts
from lamplit.repairs.rules.visits import unsaid_margin

# Fault, minutes ago: emergencies that nobody has accepted yet.
UNACCEPTED = [("power_off", 4), ("heating_hot_water_off", 18), ("door_no_lock", 37)]
# Fault, days ago: hazards whose clocks run.
HAZARDS = [("damp_mould", 8), ("leak_from_above", 2), ("damp_mould", 1), ("rats_mice", 3)]
# Fault, days ago: mended, and nobody has said so yet.
MENDED = [("tap_drips", 1), ("socket_broken", 4)]
# Days ago: reported, and nothing booked yet.
UNBOOKED = [("sink_blocked", 1), ("tap_drips", 3), ("window_stuck", 5)]


def tell_present(story: Story, homes: list[HomeTold]) -> None:
    """Tell of a dozen repairs that are under way now, in homes where somebody lives."""
    lived_in = [home for home in homes if home.households and home.households[-1].ended_on is None and home.households[-1].adults]
    if len(lived_in) < 20:
        return
    chosen = iter(story.dice.sample(lived_in, 14))
    for fault, minutes in UNACCEPTED:
        _emergency(story, next(chosen), fault, minutes)
    for fault, days in HAZARDS:
        home = next(chosen)
        case = begin(story, home, story.now - timedelta(days=days, minutes=story.dice.randint(0, 300)), fault)
        if case.emergency:
            case.go_to(case.at + timedelta(minutes=6))
            case.accept(case.planner)
        case.go_to(story.now - timedelta(hours=1))
        if case.works:
            case.book(case.works[0], case.next_slot(1))
    for fault, days in UNBOOKED:
        begin(story, next(chosen), story.now - timedelta(days=days), fault)
    for fault, days in MENDED:
        _mended(story, next(chosen), fault, days)
    _reopened(story, next(chosen))
    _missed(story, next(chosen))


def _missed(story: Story, home: HomeTold) -> None:
    """Booked for yesterday, and nobody has said whether somebody came."""
    case = begin(story, home, story.now - timedelta(days=4), "tap_drips")
    case.go_to(story.now - timedelta(days=3))
    slot = story.now - timedelta(hours=26)
    visit = case.book(case.works[0], slot)
    case.go_to(slot + timedelta(hours=4) + unsaid_margin(slot))
    case.tell(facts.VisitMissed(visit=visit, work=case.works[0].id, repair=case.id, unsaid=True), job("timers"))


def _emergency(story: Story, home: HomeTold, fault: str, minutes: int) -> None:
    """Rung every five minutes, and nobody has said yes."""
    case = begin(story, home, story.now - timedelta(minutes=minutes, seconds=20), fault)
    for _ in range(minutes // 5 if case.emergency else 0):
        case.go_to(case.at + timedelta(minutes=5))
        case.ring()


def _mended(story: Story, home: HomeTold, fault: str, days: int) -> Case:
    """Mended as far as we know, and she is asked."""
    case = begin(story, home, story.now - timedelta(days=days + 3), fault)
    if case.emergency:
        case.accept(case.planner)
    case.go_to(story.now - timedelta(days=days + 1))
    visit = case.book(case.works[0], case.at + timedelta(hours=2))
    case.go_to(case.at + timedelta(hours=3))
    for work in case.works[1:]:
        work.open = False
        case.tell(
            facts.WorkCancelled(work=work.id, repair=case.id, household=case.household, why="Not needed."), staff(case.planner)
        )
    case.attend(case.works[0], visit, "mended")
    case.go_to(story.now - timedelta(days=days) + timedelta(hours=4))
    case.ask("text")
    return case


def _reopened(story: Story, home: HomeTold) -> None:
    """Mended on paper and not in her kitchen."""
    case = _mended(story, home, "leak_pipe", 1)
    case.go_to(story.now - timedelta(hours=2))
    case.reopen("It drips again, the bucket is full.")
    if case.emergency:
        case.accept(case.planner)
