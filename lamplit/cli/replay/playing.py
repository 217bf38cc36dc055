"""Plays the events of a case through the same actions as every door, and looks each day at what desk and tenant see."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from lamplit.basics import who
from lamplit.basics.plain import Plain
from lamplit.basics.working_days import day_begins_at, london_date
from lamplit.cli.replay import scratch
from lamplit.cli.replay.heard import Heard, heard
from lamplit.cli.replay.retold import Case, Event, events_by_day
from lamplit.complaints import actions as complaints
from lamplit.homes import actions as homes
from lamplit.homes.facts import HomeNote
from lamplit.messages import actions as messages
from lamplit.repairs import actions, queries
from lamplit.repairs.actions import FollowOn, Said

RINGS = (timedelta(minutes=5), timedelta(minutes=10), timedelta(minutes=15))
LOOK_AGAIN = timedelta(days=7)
MOMENT = timedelta(minutes=1)
MAKE_GOOD = "Put right what the water spoiled"


class Day(Plain, frozen=True, kw_only=True):
    """One day of a case: what was told, what we did, and what stood on the pages in its evening.

    `ran_out` lists the clocks that ran out since the day before, as (when, number of the repair, code).
    """

    on: date
    told: tuple[str, ...]
    did: tuple[str, ...]
    desk: tuple[str, ...]
    tenant: tuple[str, ...]
    ran_out: tuple[tuple[datetime, str, str], ...]


class Player:
    """Plays one case. `cast` names who and what is in it, and `complaints` lists what was made of her complaints."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.hand = scratch.Hand(case.case)
        self.cast = scratch.settle(self.hand, case)
        self.complaints: list[Any] = []
        self._last: str | None = None
        self._did: list[str] = []
        self._ran_out: list[tuple[datetime, str, str]] = []

    def play(self) -> Iterator[Day]:
        """Yield each day on which something happened, and the day of the determination."""
        for on, events in events_by_day(self.case):
            self._pass_time(events[0].at)
            scratch.put_on_call(self.hand, self.cast, events[0].at)
            for event in events:
                self._event(event)
            yield self._look(on, tuple(f"{event.by}: {event.what}" for event in events))
        if self.case.determined_on is not None:
            end = day_begins_at(self.case.determined_on)
            self._pass_time(end)
            yield self._look(self.case.determined_on, ("the Ombudsman determines the case",))

    def _do(self, action: Any, **kwargs: Any) -> Any:
        return self.hand.do(action, **kwargs)

    def _pass_time(self, until: datetime) -> None:
        """Let every clock run out at its moment up to an instant."""
        while over := queries.clocks_to_run_out(until):
            for clock in over:
                self._do(actions.note_clocks_run_out, clocks=[clock.id], at=clock.due_at + MOMENT)
                row = queries.repair(clock.repair)
                self._ran_out.append((clock.due_at, row.reference if row is not None else clock.repair, clock.code))

    def _event(self, event: Event) -> None:
        told = heard(event.what)
        if event.ours:
            self._ours(event, told)
        else:
            self._hers(event, told)

    # What she tells us is a contact, a report of each trouble in it, and what follows from her words.

    def _hers(self, event: Event, told: Heard) -> None:
        at, by = event.at, who.person(self.cast.tenant)
        contact = self._do(
            messages.record_contact, at=at, channel="call", direction="in", said=event.what, person=self.cast.tenant,
            home=self.cast.home, audience="staff" if told.apart else "all",
        )  # fmt: skip
        if told.complaint:
            made = self._do(complaints.make_complaint, at=at, channel="call", words=event.what, person=self.cast.tenant,
                            home=self.cast.home, contact=contact)  # fmt: skip
            self.complaints.append(made)
            self._say(f"complaint {made.reference}: acknowledge by {made.acknowledge_by_on}, answer by {made.respond_by_on}")
        leads = [self._report(event, said, told) for said in self._troubles(event, told)]
        for repair in dict.fromkeys(leads):
            if told.emergency:
                self._raise(repair, event)
            if told.apart:
                self._do(
                    actions.note_repair, at=at, by=by, repair=repair, says=event.what, audience="voice", voice=self.cast.tenant
                )
                self._say("her wish is kept for her and staff alone")
            if told.decided:
                self._decided(repair, event)
            if told.above:
                self._look_above(repair, at)
            self._ring(repair, at)

    def _troubles(self, event: Event, told: Heard) -> tuple[Said, ...]:
        """What the event says plainly comes first; words of which nothing is known are something that a person must look at."""
        if event.fault is not None:
            return (Said(fault=event.fault, room=event.room, flags=event.flags),)
        if told.troubles:
            return tuple(
                Said(fault=said.fault, room=event.room or said.room, flags=(*said.flags, *event.flags)) for said in told.troubles
            )
        if told.complaint and self._open():
            return ()
        return (Said(fault="something_else", flags=event.flags, unsure=True),)

    def _report(self, event: Event, said: Said, told: Heard) -> str:
        made = self._do(
            actions.report_repair, at=event.at, home=self.cast.home, said=said, words_said=event.what, reporter=self.cast.tenant,
            channel=event.channel or ("letter" if told.complaint else "phone"), needs=list(event.needs), by=scratch.BY,
        )  # fmt: skip
        joined = f" (joined to {self._number(made.leads)})" if made.joined else ""
        self._say(f"report {made.reference}{joined}: {said.fault}, {made.priority}, by {_moment(made.due_at)}")
        return str(made.leads)

    def _order_for(self, repair: str, cause: Said, at: datetime) -> None:
        """What is behind a trouble is mended with it, in one story."""
        catalogue = queries.book_for(None).catalogue
        for code in catalogue.faults[cause.fault].works:
            wanted = catalogue.works[code]
            kept = {"trade": wanted.trade, "what": wanted.what, "needs": list(wanted.evidence)}
            self._do(actions.order_work, at=at, repair=repair, **kept)
            self._say(f"{self._number(repair)}: also ordered: {wanted.what}")

    def _raise(self, repair: str, event: Event) -> None:
        row = queries.repair(repair)
        if row is not None and row.priority not in ("emergency", "immediate"):
            self._do(actions.raise_priority, at=event.at, repair=repair, priority="emergency", why=event.what)
            self._say(f"{row.reference} is now an emergency")

    def _decided(self, repair: str, event: Event) -> None:
        self._do(
            actions.note_repair, at=event.at, by=who.staff(self.cast.planner), repair=repair, says=f"Whose it is: {event.what}"
        )
        self._say("who decided whose it is, and when, is on the record")

    def _look_above(self, repair: str, at: datetime) -> None:
        found = queries.case(repair, now=at)
        if self.cast.above is None or found is None or any(work.home == self.cast.above for work in found.works):
            return
        self._do(
            actions.order_work, at=at, repair=repair, trade="plumber", what="Find where the water comes from, in the home above",
            home=self.cast.above, needs=["note"],
        )  # fmt: skip
        self._say("work is ordered in the home above")

    def _ring(self, repair: str, at: datetime) -> None:
        row = queries.repair(repair)
        if row is None or row.status != "received":
            return
        for later in RINGS:
            self._do(actions.ring_on_call, at=at + later, repair=repair)
        self._say(f"{row.reference}: on call and firm rung, then the lead")

    # What the landlord did: a visit, an order, a wait, or a word.

    def _ours(self, event: Event, told: Heard) -> None:
        if told.asbestos:
            note = HomeNote(what="asbestos", says=event.what, source=event.by)
            self._do(homes.note_home, at=event.at, home=self.cast.home, about=note)
            self._say("asbestos is noted on the home, for everybody who goes there")
        repair = self._which(event, told)
        if repair is None:
            self._word(event, None)
        elif event.outcome is not None or told.mended or event.by in ("operative", "surveyor", "contractor"):
            self._visited(repair, event, told)
        elif told.ordered:
            self._ordered(repair, event, told)
        elif told.came:
            self._visited(repair, event, told)
        else:
            self._word(event, repair)

    def _open(self) -> list[Any]:
        return [one for one in queries.open_of_person(self.cast.tenant, at=self.case.events[-1].at) if one.live]

    def _which(self, event: Event, told: Heard) -> str | None:
        """Return the repair that an event of ours is about: of the group it names, else the last we saw to, else the gravest."""
        catalogue = queries.book_for(None).catalogue
        named = event.fault or next((said.fault for said in told.troubles), None)
        group = catalogue.faults[named].group if named is not None else told.group
        there = sorted(
            self._open(), key=lambda one: (one.fault_group != group, one.id != self._last, one.queue_rank, one.due_at, one.id)
        )
        self._last = str(there[0].id) if there else None
        return self._last

    def _visited(self, repair: str, event: Event, told: Heard) -> None:
        outcome = event.outcome or ("mended" if told.mended else "inspected")
        at, by = event.at, who.staff(self.cast.operative)
        found = queries.case(repair, now=at)
        left = [work.id for work in found.works if work.state in ("open", "booked", "waiting")] if found is not None else []
        works = left if outcome == "mended" and left else [self._order(repair, "surveyor", f"Look at it: {event.what}", at)]
        seen = {"found": event.what, "did": event.what, "evidence": [f"note: {event.what}"], "cause": told.cause}
        for number, work in enumerate(works):
            more = self._make_good(repair, number, len(works)) if outcome == "mended" else []
            self._do(
                actions.attend_visit, at=at, by=by, work=work, outcome=outcome, arrived_at=at, follow_on=more, **seen,
            )  # fmt: skip
        self._say(f"{self._number(repair)}: visited, {outcome}" + (f"; cause: {told.cause}" if told.cause else ""))
        if told.waits:
            self._wait(repair, event)

    def _make_good(self, repair: str, number: int, of: int) -> list[FollowOn]:
        """What the water did to floor and ceiling is work that follows, in the same story."""
        row = queries.repair(repair)
        spoiled = row is not None and row.fault_group in ("leak", "damp") and number == of - 1
        return [FollowOn(trade="multi_trade", what=MAKE_GOOD, needs=("photo",))] if spoiled else []

    def _ordered(self, repair: str, event: Event, told: Heard) -> None:
        work = self._order(repair, "surveyor" if told.survey else "plumber", event.what, event.at)
        self._say(f"{self._number(repair)}: a further order on the same repair")
        if told.survey:
            self._wait_for(work, event)

    def _order(self, repair: str, trade: str, what: str, at: datetime) -> str:
        found = queries.case(repair, now=at)
        follows = found.works[0].id if found is not None and found.works else None
        return str(self._do(actions.order_work, at=at, repair=repair, trade=trade, what=what, follows=follows, needs=["note"]))

    def _wait(self, repair: str, event: Event) -> None:
        """Lasting work waits; making safe does not, whatever the words say."""
        safe = {work.what for work in queries.book_for(None).catalogue.works.values() if work.kind == "make_safe"}
        found = queries.case(repair, now=event.at)
        lasting = [work.id for work in found.works if work.state == "open" and work.what not in safe] if found is not None else []
        for work in lasting or [self._order(repair, "builder", "Mend it for good", event.at)]:
            self._wait_for(work, event)

    def _wait_for(self, work: str, event: Event) -> None:
        look = london_date(event.at + LOOK_AGAIN)
        self._do(actions.wait_work, at=event.at, work=work, why=event.what, owner=self.cast.planner, look_again_on=look)
        self._say(f"work waits, a planner has it, looked at again on {look}")

    def _word(self, event: Event, repair: str | None) -> None:
        self._do(
            messages.record_contact, at=event.at, channel="letter", direction="out", said=event.what, person=self.cast.tenant,
            home=self.cast.home, repair=repair,
        )  # fmt: skip
        self._say("kept as said; it moves no clock")

    def _say(self, line: str) -> None:
        self._did.append(line)

    def _number(self, repair: str) -> str:
        row = queries.repair(repair)
        return row.reference if row is not None else repair

    def _look(self, on: date, told: tuple[str, ...]) -> Day:
        """Look at the pages in the evening of a day, and begin a new one."""
        evening = day_begins_at(on) + timedelta(hours=18)
        did, self._did = tuple(self._did), []
        ran_out, self._ran_out = tuple(self._ran_out), []
        return Day(
            on=on, told=told, did=did, ran_out=ran_out, desk=tuple(self._desk(evening)), tenant=tuple(self._tenant(evening))
        )

    def _desk(self, now: datetime) -> Iterator[str]:
        for row in queries.queue(now=now):
            if row.home != self.cast.home:
                continue
            late = "OVERDUE since" if row.next_at < now else "by"
            needs = f"; at risk: {', '.join(row.at_risk)}" if row.at_risk else ""
            yield (
                f"{row.reference} {row.title} [{row.status}, {row.priority}] {row.next_code} {late} {_moment(row.next_at)};"
                f" {row.report_count} reports{needs}; {row.owner_name or 'nobody has it'}"
            )

    def _tenant(self, now: datetime) -> Iterator[str]:
        for row in queries.open_of_person(self.cast.tenant, at=now):
            seen = queries.tenant_case(row.id, self.cast.tenant, now=now, on=london_date(now))
            if seen is None:
                continue
            missed = sum(promise.state == "missed" for promise in seen.promised)
            yield f"{row.reference} {row.title}: {row.status}; {len(seen.timeline)} lines; {missed} promises missed"


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M}"
