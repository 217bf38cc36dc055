"""One repair as it is told: what it knows of itself, and each thing that can happen to it, in the shape that actions write."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from lamplit.basics.fact import Fact
from lamplit.basics.refusal import Refused
from lamplit.basics.who import By, job, person, staff, visitor
from lamplit.basics.working_days import add_working_days, day_begins_at, is_working_day, london_date
from lamplit.cli.seed.faults import ANY_FOUND, FOUND, SAYS, Way
from lamplit.cli.seed.homes import HomeTold, Household
from lamplit.cli.seed.story import Story
from lamplit.people.rules import needs_of_age
from lamplit.repairs import facts
from lamplit.repairs.actions.hazards import case_of, states_of
from lamplit.repairs.rules import Earlier, Triage, awaab_clocks, is_emergency, kept, starts, target_clock, triage
from lamplit.repairs.rules.awaab import number_of, of_hazard

RINGS = job("ringing")
CLOCKS = job("clocks")
ASKS = job("asking")


@dataclass
class Job:
    """One work of a case."""

    id: str
    trade: str
    firm: str | None
    needs: tuple[str, ...]
    what: str
    kind: str
    open: bool = True


@dataclass
class Case:
    """A repair under way. Times only go forward; what lies beyond the present is not told, and so not known."""

    story: Story
    home: HomeTold
    house: Household | None
    way: Way
    at: datetime
    id: str = ""
    reporter: str | None = None
    planner: str = ""
    emergency: bool = False
    decision: Triage = field(init=False)
    running: dict[str, datetime] = field(default_factory=dict)
    works: list[Job] = field(default_factory=list)
    steps: dict[int, list[tuple[str, datetime, str | None]]] = field(default_factory=dict)  # by the number of the hazard
    rounds: int = 0
    asked: int = 0

    @property
    def household(self) -> str:
        return self.house.id if self.house else self.home.id

    @property
    def voice(self) -> str:
        return self.reporter or self.id

    def over(self) -> bool:
        """Whether the case has reached the present: nothing more is told of it."""
        return self.at > self.story.now

    def tell(self, fact: Fact, by: By) -> None:
        self.story.tell(fact, self.at, by)

    def wait(self, least: timedelta, most: timedelta) -> None:
        """Let time pass. Clocks that run out meanwhile say so."""
        span = int(most.total_seconds()) - int(least.total_seconds())
        self.go_to(self.at + least + timedelta(seconds=self.story.dice.randint(0, max(span, 1))))

    def go_to(self, at: datetime) -> None:
        for code, due_at in sorted(self.running.items(), key=lambda item: item[1]):
            if self.at < due_at < at and due_at <= self.story.now:
                self.story.tell(
                    facts.ClockRanOut(repair=self.id, code=code, due_at=due_at), due_at + timedelta(seconds=20), CLOCKS
                )
        self.at = max(self.at, at)

    def report(self, by: By, channel: Any, words: str | None, *, follows: str | None = None) -> None:
        """She tells us; the works are ordered and, for an emergency, the first round is rung."""
        story, outcome = self.story, self.way.outcome
        self.id = story.new_id("r", self.at)
        story.repairs += 1
        self.decision = triage(outcome, needs=sorted(self._needs()), at=self.at, history=self.home.reports[-8:])
        self.emergency = is_emergency(self.decision.priority)
        begun = starts(self.decision.clocks)
        self.running = {clock.code: clock.due_at for clock in begun}
        caller = facts.Caller(name="A neighbour", phone="+441632960555") if by == visitor() else None
        self.tell(
            facts.RepairReported(
                repair=self.id, home=self.home.id, household=self.household, voice=self.voice, reporter=self.reporter,
                reference=story.reference("M"), channel=channel, edition=outcome.edition, priority=self.decision.priority,
                due_at=self.decision.due_at, starts=begun, follows=follows, title=outcome.name, fault=outcome.fault,
                group=outcome.group, room=outcome.room, answers=list(self.way.answers) or None, triage=kept(self.decision),
                words=words, caller=caller, alone=self._alone(),
            ),
            by,
        )  # fmt: skip
        self.home.reports.append(Earlier(report=self.id, relation="same", at=self.at, group=outcome.group, room=outcome.room))
        for wanted in self.decision.works:
            self.order(wanted.trade, wanted.what, wanted.evidence, wanted.kind, by)
        if self.decision.rings:
            self.ring(by)

    def _alone(self) -> facts.Alone | None:
        """What somebody who does not live there is told."""
        if self.reporter is not None:
            return None
        decision = triage(self.way.outcome, needs=[], at=self.at)
        return facts.Alone(priority=decision.priority, due_at=decision.due_at)

    def _needs(self) -> set[str]:
        if self.house is None:
            return set()
        on = london_date(self.at)
        return {*self.house.needs, *(code for born in self.house.born for code in needs_of_age(born, on))}

    def order(self, trade: str, what: str, needs: tuple[str, ...], kind: str, by: By, follows: str | None = None) -> Job:
        firm = self.story.crew.firm_for(trade)
        work = Job(self.story.new_id("w", self.at), trade, firm.id if firm else None, needs, what, kind)
        self.works.append(work)
        self.tell(
            facts.WorkOrdered(
                work=work.id, repair=self.id, home=self.home.id, household=self.household, trade=trade, contractor=work.firm,
                follows=follows, needs=list(needs), what=what,
            ),
            by,
        )  # fmt: skip
        return work

    def ring(self, by: By = RINGS) -> None:
        """Ring a round: the one on call and the firms by text and call, from the fourth on the lead as well."""
        self.rounds += 1
        crew, lead = self.story.crew, self.rounds > 3
        rung: list[tuple[str | None, str | None, bool]] = [
            (crew.of("planner")[self.story.number % len(crew.of("planner"))], None, False)
        ]
        rung += [(None, firm, False) for firm in dict.fromkeys(work.firm for work in self.works) if firm]
        rung += [(crew.of("lead")[0], None, True)] if lead else []
        ways: list[Literal["text", "call"]] = ["text", "call"]
        for way in ways:
            for who, firm, is_lead in rung:
                self.tell(
                    facts.OnCallRung(repair=self.id, ring=self.rounds, way=way, staff=who, contractor=firm, lead=is_lead), by
                )

    def accept(self, who: str) -> None:
        self.tell(facts.RepairAccepted(repair=self.id, staff=who), staff(who))

    def book(self, work: Job, from_at: datetime, visit: str | None = None) -> str:
        visit = visit or self.story.new_id("v", self.at)
        self.tell(
            facts.VisitBooked(
                visit=visit, work=work.id, repair=self.id, home=self.home.id, from_at=from_at,
                until_at=from_at + timedelta(hours=2 if self.emergency else 4), contractor=work.firm, operative=self.hands(work),
            ),
            staff(self.planner),
        )  # fmt: skip
        return visit

    def hands(self, work: Job) -> str:
        """Who does a work: one of the firm's people, a surveyor, or one of our own."""
        crew = self.story.crew
        people = crew.people_of(work.firm) if work.firm else crew.of("surveyor" if work.trade == "surveyor" else "operative")
        return people[int(work.id[-2:], 36) % len(people)]

    def next_slot(self, days: int) -> datetime:
        """Return the beginning of a morning or afternoon, so many working days from now."""
        on = london_date(self.at)
        on = add_working_days(on, max(days, 0 if is_working_day(on) and self.at < day_begins_at(on) + timedelta(hours=12) else 1))
        return day_begins_at(on) + timedelta(hours=self.story.dice.choice([8, 8, 12, 13]))

    def attend(self, work: Job, visit: str, outcome: Any) -> None:
        """Somebody came. What it stops and which step of the law it is follow from what was done."""
        hands, arrived_at = staff(self.hands(work)), self.at
        done = outcome in ("mended", "inspected", "other_trade", "not_needed")
        work.open = work.open and not done
        mended = outcome == "mended" and not any(one.open for one in self.works)
        safe = mended or outcome == "made_safe"
        targets = {code for code in self.running if code.startswith("target.")}
        stops = [code for code in self.running if mended and code.startswith("right_to_repair.")]
        stops += [code for code in targets if mended or (safe and self.emergency)]
        self.stop(stops)
        found, did, cause = self.story.dice.choice(FOUND.get(self.way.outcome.group, ANY_FOUND))
        shown = [f"{kind}: seen and kept" for kind in work.needs if kind in ("photo", "gas_record", "reading", "report")]
        came = outcome != "no_access"
        self.go_to(self.at + (self.story.some_minutes(20, 100) if came else timedelta(minutes=12)))
        ways: list[Literal["knocked", "called"]] = ["knocked", "called"]
        tried = None if came else [facts.Tried(way=way, at=self.at) for way in ways]
        if safe or outcome == "inspected":  # whoever concludes began before, and says so first
            self.step("investigation_begun", hands)
        self.tell(
            facts.VisitAttended(
                visit=visit, work=work.id, repair=self.id, home=self.home.id, household=self.household, outcome=outcome,
                arrived_at=arrived_at, left_at=self.at, stops=sorted(stops), starts=[],
                electrics="tested" if "test_or_isolation" in work.needs and outcome == "mended" else None,
                made_good=True if mended and self.way.outcome.group in ("leak", "damp") else None,
                found=found if came else None, did=did if came and outcome not in ("inspected", "needs_parts") else None,
                cause=cause if outcome in ("mended", "inspected") else None,
                evidence=shown if came else ["photo: the door, and a card left"], tried=tried,
            ),
            hands,
        )  # fmt: skip
        if outcome in ("mended", "inspected") and "cause" in work.needs:
            self.tell(
                facts.CauseRecorded(repair=self.id, household=self.household, made_good=True if mended else None, cause=cause),
                hands,
            )
        if safe:
            self.conclude(hands)
            self.step("made_safe", hands)

    def stop(self, codes: list[str]) -> None:
        for code in codes:
            self.running.pop(code, None)

    @property
    def lawful(self) -> list[int]:
        """The numbers of the hazards that Awaab's Law covers."""
        return sorted({number_of(clock.code)[1] for clock in self.decision.clocks if clock.code.startswith("awaab.")})

    def conclude(self, by: By) -> None:
        """A competent person who has seen it concludes what each hazard is."""
        self.step("investigation_begun", by)
        for of in self.lawful:
            found = self.decision.hazards[of - 1].hazard_class
            self._step(of, f"concluded_{found}", by, "Cause found; what is needed is ordered.")

    def step(self, name: str, by: By, says: str | None = None) -> None:
        """Take a step of Awaab's Law for each hazard that it covers and whose turn it is."""
        for of in self.lawful:
            self._step(of, name, by, says)

    def _step(self, of: int, name: str, by: By, says: str | None) -> None:
        """Take a step for one hazard, with the clocks that it starts and stops."""
        told, taken = kept(self.decision), self.steps.get(of, [])
        steps = [*taken, (name, self.at, None)]
        if name in {step for step, _, _ in taken} or not _in_turn(told, steps, of):
            return
        self.steps[of] = steps
        clocks = of_hazard(awaab_clocks(case_of(told, self.decision.clocks[0].starts_at, steps, of)), of)
        begun = [clock for clock in starts(clocks) if clock.code not in self.running and clock.starts_at == self.at]
        ended = sorted({clock.code for clock in clocks if clock.ended_at is not None} & set(self.running))
        self.stop(ended)
        self.running |= {clock.code: clock.due_at for clock in begun}
        finding: Any = name.removeprefix("concluded_") if name.startswith("concluded_") else None
        self.tell(
            facts.HazardStepTaken(
                repair=self.id, household=self.household, step=name, starts=begun, stops=ended, finding=finding, says=says,
                of=of if of > 1 else None,
            ),
            by,
        )  # fmt: skip

    def ask(self, channel: Any) -> None:
        self.asked += 1
        by = ASKS if channel in ("text", "email") else staff(self.planner)
        self.tell(
            facts.TenantAsked(
                repair=self.id, household=self.household, person=self.reporter, channel=channel, attempt=self.asked
            ),
            by,
        )

    def confirm(self, words: str | None) -> None:
        channel, by = ("portal", person(self.reporter)) if self.reporter else ("phone", staff(self.planner))
        self.tell(facts.RepairConfirmed(repair=self.id, voice=self.voice, channel=channel, words=words), by)
        self.close("confirmed", by, None)

    def close(self, how: Any, by: By, why: str | None) -> None:
        stops = sorted(self.running)
        self.tell(facts.RepairClosed(repair=self.id, household=self.household, how=how, stops=stops, why=why), by)
        self.running = {}

    def reopen(self, words: str) -> Job:
        """It is not mended: the same work again, under a new target."""
        clock = target_clock(self.decision.priority, self.at)
        begun = starts([clock])
        self.running |= {one.code: one.due_at for one in begun}
        by = person(self.reporter) if self.reporter else staff(self.planner)
        self.tell(
            facts.RepairReopened(
                repair=self.id, household=self.household, voice=self.voice, owner=self.planner,
                channel="portal" if self.reporter else "phone", priority=self.decision.priority, due_at=begun[0].due_at,
                starts=begun, words=words,
            ),
            by,
        )  # fmt: skip
        self.asked = 0
        last = self.works[-1]
        return self.order(last.trade, f"{last.what}: again", last.needs, last.kind, staff(self.planner), follows=last.id)


def words_for(story: Story, fault: str) -> str:
    return story.dice.choice(SAYS[fault])


def _in_turn(told: facts.TriageKept, steps: list[tuple[str, datetime, str | None]], of: int) -> bool:
    try:
        states_of(told, steps, of)
    except Refused:
        return False
    return True
