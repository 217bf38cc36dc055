"""Years of repairs of one home, each led from the first word to the last, or to where the present cuts it off."""

from datetime import datetime, timedelta
from typing import Any

from lamplit.basics.who import By, person, staff, visitor
from lamplit.basics.working_days import day_begins_at, london_date
from lamplit.cli.seed.case import Case, Job, words_for
from lamplit.cli.seed.faults import choose, ways
from lamplit.cli.seed.homes import HomeTold, Household
from lamplit.cli.seed.said import talk_about
from lamplit.cli.seed.story import Story
from lamplit.repairs import facts

A_YEAR = 3.5  # repairs a home
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
DAYS = {"immediate": 0, "emergency": 0, "urgent": 2, "routine": 5, "planned": 15}  # working days to a visit, about
CHANNELS = [("phone", 44), ("portal", 37), ("email", 5), ("text", 4), ("visit", 3), ("visitor", 4), ("counter", 3)]


def tell_repairs(story: Story, home: HomeTold, years: int) -> None:
    """Tell every repair of a home, oldest first."""
    rate = story.dice.gammavariate(2.0, A_YEAR / 2.0)  # some homes need far more than others
    moments = sorted(story.begins + DAY * (story.dice.random() * 365 * years) for _ in range(round(rate * years)))
    for moment in moments:
        at = _when_people_tell(story, moment)
        lately = at > story.now - 10 * DAY  # a quieter fortnight, so that the desk can be read in one look
        if at < story.now and not (lately and story.likely(0.45)):
            lead(begin(story, home, at))


def _when_people_tell(story: Story, moment: datetime) -> datetime:
    """Mostly in the day, sometimes in the night."""
    hour = story.dice.choices(range(24), [1, 1, 1, 1, 1, 1, 2, 5, 9, 10, 9, 8, 7, 6, 6, 6, 7, 7, 6, 5, 4, 3, 2, 1])[0]
    return moment.replace(hour=hour, minute=story.dice.randrange(60), second=story.dice.randrange(60), microsecond=0)


def begin(story: Story, home: HomeTold, at: datetime, fault: str | None = None) -> Case:
    """Tell a report. `fault`: one for certain; otherwise whatever the season brings."""
    house = _living_there(home, at)
    name, way = choose(story, at.month, block=home.block is not None)
    if fault is not None:
        name, way = fault, story.dice.choice(ways()[fault])
    case = Case(story, home, house, way, at, planner=story.dice.choice(story.crew.of("planner")))
    channel, by = _who_tells(story, case, house)
    near = [told.report for told in home.reports if told.group == way.outcome.group and at - told.at < 90 * DAY]
    case.report(by, channel, words_for(story, name), follows=near[-1] if near else None)
    return case


def _living_there(home: HomeTold, at: datetime) -> Household | None:
    on = london_date(at)
    return next((h for h in home.households if h.started_on <= on and (h.ended_on is None or on <= h.ended_on)), None)


def _who_tells(story: Story, case: Case, house: Household | None) -> tuple[Any, By]:
    taker = staff(story.dice.choice(story.crew.of("contact_centre")))
    if house is None or not house.adults:
        return "staff", staff(story.dice.choice(story.crew.of("housing_officer")))
    channel = story.dice.choices([name for name, _ in CHANNELS], [weight for _, weight in CHANNELS])[0]
    if channel == "visitor":
        return channel, visitor()
    case.reporter = story.dice.choice(house.adults)
    return channel, person(case.reporter) if channel == "portal" else taker


def lead(case: Case) -> None:
    """Lead a case on from its report until it ends, or until the present."""
    story = case.story
    if case.emergency:
        _until_somebody_has_it(case)
    talk_about(case)
    if case.decision.priority == "urgent" and story.likely(0.2):
        case.wait(HOUR, 6 * HOUR)
        case.tell(facts.RepairGiven(repair=case.id, owner=case.planner), staff(case.planner))
    _see_through(case, 0)
    _finish_hazard(case)
    _end(case)


def _see_through(case: Case, at: int) -> None:
    """Do the works from this one on, those too that are ordered on the way."""
    first = at
    while at < len(case.works) and not case.over():
        _do(case, case.works[at], first=at == first)
        at += 1


def _until_somebody_has_it(case: Case) -> None:
    """Rounds every five minutes until a named person accepts."""
    minutes = case.story.dice.choices([2, 4, 8, 13, 22], [50, 36, 10, 3, 1])[0]
    begun = case.at
    for round_at in range(5, minutes, 5):
        case.go_to(begun + timedelta(minutes=round_at))
        case.ring()
    case.go_to(begun + timedelta(minutes=minutes, seconds=17))
    case.accept(case.hands(case.works[0]) if case.works else case.planner)


def _do(case: Case, work: Job, *, first: bool) -> None:
    """Book a work and see it through: visits that fail are booked again, up to three times."""
    story = case.story
    for attempt in range(4):
        slot = _book(case, work, first=first and attempt == 0)
        if case.over():
            return
        visit = case.book(work, slot)
        if story.likely(0.05) and not case.emergency:
            case.wait(HOUR, 4 * HOUR)
            slot += DAY * 7
            case.book(work, slot, visit)
        outcome = _outcome(case, work) if attempt < 3 else "inspected" if work.kind == "investigate" else "mended"
        if outcome == "cancelled":
            case.wait(HOUR, 2 * HOUR)
            case.tell(
                facts.VisitCancelled(
                    visit=visit, work=work.id, repair=case.id, household=case.household, ours=True, why="The engineer is ill."
                ),
                staff(case.planner),
            )
            continue
        case.go_to(slot + story.some_minutes(5, 200))
        if case.over():
            return
        if outcome == "missed":
            case.go_to(slot + 5 * HOUR)
            case.tell(facts.VisitMissed(visit=visit, work=work.id, repair=case.id), staff(case.planner))
            continue
        case.attend(work, visit, outcome)
        if _is_done(case, work, outcome):
            return


def _book(case: Case, work: Job, *, first: bool) -> datetime:
    """Let the time pass until somebody books, and return the slot."""
    if case.emergency and first:
        case.wait(timedelta(minutes=3), timedelta(minutes=15))
        return case.at + case.story.some_minutes(20, 240)
    case.wait(timedelta(minutes=10), 5 * HOUR)
    days = max(1, round(case.story.dice.triangular(0.3, 1.4, 0.6) * DAYS[case.decision.priority]))
    slot, due_at = case.next_slot(days), min(case.running.values(), default=None)
    while due_at is not None and slot + 4 * HOUR > due_at and days > 0 and case.story.likely(0.97):
        days -= 1  # nearly always before the first clock runs out
        slot = case.next_slot(days)
    return slot


def _outcome(case: Case, work: Job) -> str:
    if work.kind == "investigate":
        names, weights = ["inspected", "no_access", "missed"], [88, 9, 3]
    elif work.kind == "make_safe" and case.emergency:
        names, weights = ["mended", "made_safe", "no_access"], [74, 22, 4]
    else:
        names, weights = (
            ["mended", "no_access", "needs_parts", "temporary", "missed", "cancelled", "not_needed"],
            [85, 5, 4, 2, 1, 2, 1],
        )
    return case.story.dice.choices(names, weights)[0]


def _is_done(case: Case, work: Job, outcome: str) -> bool:
    """Tell what follows from an outcome. Returns False when the same work is to be booked again."""
    story, hands = case.story, staff(case.hands(work))
    if outcome == "inspected":
        _conclude(case, hands)
        follow = (
            ("damp_specialist", "Treat the mould and renew the fan")
            if case.way.outcome.group == "damp"
            else ("multi_trade", "Make good")
        )
        case.order(*follow, ("photo",), "repair", hands, follows=work.id)
        return True
    if outcome in ("made_safe", "temporary") and story.likely(0.6):
        work.open = False
        case.tell(
            facts.WorkCancelled(work=work.id, repair=case.id, household=case.household, why="Goes on under the next work."), hands
        )
        case.order(work.trade, f"{work.what}: lasting repair", work.needs, "repair", hands, follows=work.id)
        return True
    if outcome == "needs_parts":
        look = london_date(case.at) + DAY * story.dice.randint(3, 10)
        case.tell(
            facts.WorkWaiting(
                work=work.id, repair=case.id, household=case.household, owner=case.planner, look_again_on=look,
                why="A part is on order.",
            ),
            hands,
        )  # fmt: skip
        case.go_to(day_begins_at(look) + 9 * HOUR)
        return False
    return outcome in ("mended", "not_needed")


def _conclude(case: Case, by: By) -> None:
    """A competent person concludes; the summary goes out within its days."""
    if case.lawful:
        case.conclude(by)
        case.wait(4 * HOUR, 40 * HOUR)
        case.step("summary_sent", staff(case.planner), "Summary sent by e-mail and post.")
        case.step("preventative_begun", staff(case.planner))


def _finish_hazard(case: Case) -> None:
    """Whatever the law still asks once all is done."""
    if case.lawful and not case.over() and not any(work.open for work in case.works):
        case.conclude(staff(case.planner))
        case.step("made_safe", staff(case.planner))
        case.wait(HOUR, 20 * HOUR)
        case.step("summary_sent", staff(case.planner), "Summary sent by e-mail and post.")
        case.step("preventative_begun", staff(case.planner))
        case.step("completed", staff(case.planner))


def _end(case: Case) -> None:
    """Ask whether it is mended, and end it by her word or, openly, without it."""
    story = case.story
    if any(work.open for work in case.works) or case.over():
        return
    case.wait(HOUR, 20 * HOUR)
    case.ask("text")
    answer = story.dice.choices(["yes", "not yet", "silence"], [88, 5, 7])[0]
    if answer == "not yet":
        case.wait(HOUR, 30 * HOUR)
        if not case.over():
            case.reopen("It is still the same.")
            if case.emergency:
                _until_somebody_has_it(case)
            _see_through(case, len(case.works) - 1)
        case.wait(HOUR, 20 * HOUR)
        if case.over() or any(work.open for work in case.works):
            return
        case.ask("text")
    if answer != "silence":
        case.wait(HOUR, 40 * HOUR)
        case.confirm(story.dice.choice([None, None, "Yes, thank you.", "All fine now.", "Working."]))
        return
    case.wait(3 * DAY, 4 * DAY)
    case.ask("call")
    case.wait(14 * DAY, 16 * DAY)
    case.close("not_confirmed", staff(case.planner), "Asked twice, by text and call. No answer.")
