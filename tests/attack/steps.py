"""Every action as a step that chooses what it needs by dice: allowed ones and refused ones, in any order.

A step takes a Player and takes one action. What it picks from stands in the tables; now and then it picks what is not there.
"""

from datetime import timedelta
from typing import Any

from lamplit.basics.clock import now
from lamplit.complaints import actions as complaints
from lamplit.complaints.models import Complaint
from lamplit.homes import actions as homes
from lamplit.homes.facts import HomeNote
from lamplit.homes.models import Block, Component, Home
from lamplit.messages import actions as messages
from lamplit.messages.models import Message, Promise
from lamplit.people import actions as people
from lamplit.people import queries as people_known
from lamplit.people.facts import Mandate, PersonNote, Reach
from lamplit.people.models import Person
from lamplit.people.models import PersonNote as NoteRow
from lamplit.record import erase
from lamplit.repairs import actions as repairs
from lamplit.repairs.facts import Tried
from lamplit.repairs.models import Repair, RepairClock, Visit, Work
from lamplit.repairs.rules.awaab_steps import AWAAB_STEPS
from lamplit.repairs.rules.book import rule_book
from lamplit.repairs.rules.catalogue import EVIDENCE
from lamplit.repairs.rules.clocks import PRIORITIES
from lamplit.staff import actions as staff
from lamplit.staff.models import Contractor, Shift, Staff
from lamplit.tenancies import actions as tenancies
from lamplit.tenancies.models import Member, Tenancy
from tests import cast
from tests.attack.player import Player, Step
from tests.attack.steps_beside import BESIDE
from tests.attack.steps_incidents import INCIDENTS

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
OUTCOMES = ["mended", "temporary", "made_safe", "no_access", "needs_parts", "other_trade", "inspected", "not_needed"]
WORDS = ["It drips", "Zażółć gęślą jaźń", "Two\nlines", "👩‍🔧 came", "x" * 300, "'; DROP TABLE repair; --"]
PROOF = ["blob:" + "0" * 64, *(f"{kind}: seen" for kind in EVIDENCE if kind not in ("cause", "test_or_isolation"))]


def add_home(p: Player) -> Any:
    uprn = p.maybe(str(p.dice.randrange(10**9)))
    shape = {"postcode": p.maybe("ZZ1 1AA"), "block": p.maybe(p.pick(Block)), "storey": p.maybe(2), "stack": p.maybe(1)}
    told = {"address": [p.words()[:20], "Lampton"], "uprn": uprn, **shape}
    return p.do(homes.correct_home, home=p.pick(Home), why="Wrong", **told) if p.maybe(1) else p.do(homes.record_home, **told)


def add_block(p: Player) -> Any:
    return p.do(homes.record_block, name=p.words()[:30], address=["Lampton"], block=p.maybe(p.pick(Block)))


def note_home(p: Player) -> Any:
    about = HomeNote(what=p.dice.choice(["asbestos", "access", "warning"]), says=p.words(), source=p.maybe("survey"))
    return p.do(homes.note_home, home=p.pick(Home), about=about)


def add_part(p: Player) -> Any:
    known = p.pick(Component)
    told = {"what": "boiler", "installed_on": p.maybe(p.day(-900, -30)), "removed_on": p.maybe(p.day(-1))}
    return p.do(homes.record_component, home=p.pick(Home), component=p.maybe(known), **told)


def check_part(p: Player) -> Any:
    told = {"checked_on": p.day(-20, -1, 1), "satisfactory": p.dice.random() < 0.5, "found": p.maybe(p.words())}
    return p.do(homes.record_check, component=p.pick(Component), check="gas_safety", next_due_on=p.maybe(p.day(300)), **told)


def add_person(p: Player) -> Any:
    told = {"name": p.words(), "known_as": p.maybe("Bo"), "born_on": p.maybe(p.day(-9000, 5))}
    return (
        p.do(people.correct_person, person=p.pick(Person), why="So", **told) if p.maybe(1) else p.do(people.record_person, **told)
    )


def add_reach(p: Player) -> Any:
    person = p.pick(Person)
    known = [one.id for one in people_known.reaches(person)]
    values = {"text": "07700 900005", "phone": "01632 960001", "email": "x@home.example", "post": "Box 1"}
    channel = p.dice.choice(list(values))
    state = p.dice.choice(["works", "unproved", "fails", "ended"])
    how = Reach(channel=channel, value=values[channel], state=state, safe=bool(p.maybe(1)), why=p.maybe("moved"))
    return p.do(people.set_reach, person=person, how=how, reach=p.maybe(p.dice.choice(known)) if known else None)


def add_note(p: Player) -> Any:
    what, code = p.dice.choice(
        [("need", "wheelchair"), ("risk", "damp"), ("preference", "channel"), ("restricted", "abuse"), ("alert", "dog")]
    )
    told = {"value": "email" if what == "preference" else None, "says": p.maybe(p.words()), "ended_on": p.maybe(p.day(0, 40))}
    about = PersonNote(what=what, code=code, source=p.maybe("herself"), **told)
    person = p.pick(Person)
    return p.do(people.note_person, person=person, about=about, note=p.maybe(p.pick(NoteRow, person=person)))


def add_mandate(p: Player) -> Any:
    leave = Mandate(name="Iris Vale", scope=["repairs"], phone=p.maybe("01632 960002"), ended_on=p.maybe(p.day(-1, 9)))
    return p.do(people.represent_person, person=p.pick(Person), leave=leave)


def start_tenancy(p: Player) -> Any:
    tenants = list({p.pick(Person) for _ in range(2)})
    return p.do(tenancies.start_tenancy, home=p.pick(Home), tenants=tenants, tenure="secure", started_on=p.day(-400, 0, 30))


def join_household(p: Player) -> Any:
    told = {"role": p.dice.choice(["tenant", "occupant", "child"]), "since_on": p.day(-300, 0)}
    return p.do(tenancies.join_household, tenancy=p.pick(Tenancy), person=p.pick(Person), **told)


def leave_household(p: Player) -> Any:
    tenancy, _, person = p.pick(Member).partition(".")
    told = {"left_on": p.day(-1, 0), "why": p.maybe(p.words()), "end_reaches": []}
    return p.do(tenancies.leave_household, tenancy=tenancy, person=person or "z_nobody", **told)


def end_tenancy(p: Player) -> Any:
    return p.do(tenancies.end_tenancy, tenancy=p.pick(Tenancy), ended_on=p.day(-1, 0, 20), why=p.maybe("Moved"))


def change_staff(p: Player) -> Any:
    email = f"{p.dice.choice('abcde')}@landlord.example"
    told = {"name": p.words()[:40], "email": email, "roles": p.dice.choice([["planner"], ["lead", "admin"], ["housing_officer"]])}
    joins = p.maybe(1)
    return p.do(staff.join_staff, **told) if joins else p.do(staff.change_staff, staff=p.pick(Staff), **told)


def shut_or_let_in(p: Player) -> Any:
    action, more = p.dice.choice([(staff.shut_out, {"because": "left"}), (staff.let_in, {})])
    return p.do(action, staff=p.pick(Staff), **more)


def set_on_call(p: Player) -> Any:
    told = {"from_at": p.at, "until_at": p.at + p.dice.choice([-1, 9, 48]) * HOUR, "lead": bool(p.maybe(1))}
    return p.do(staff.set_on_call, staff=p.pick(Staff), shift=p.maybe(p.pick(Shift)), **told)


def add_contractor(p: Player) -> Any:
    trades = p.dice.choice([["plumber"], ["electrician", "builder"], ["surveyor"]])
    return p.do(staff.record_contractor, name=p.words()[:40], trades=trades, contractor=p.maybe(p.pick(Contractor)))


def add_contact(p: Player) -> Any:
    told = {"person": p.maybe(p.pick(Person)), "home": p.maybe(p.pick(Home)), "repair": p.maybe(p.pick(Repair))}
    if p.maybe(1):
        told |= {"promise": p.words(), "promise_due_at": p.at + p.dice.choice([-1, 30]) * HOUR}
    return p.do(messages.record_contact, channel="call", direction="in", said=p.words(), **told)


def keep_promise(p: Player) -> Any:
    return p.do(messages.keep_promise, promise=p.pick(Promise), how=p.maybe(p.words()))


def order_message(p: Player) -> Any:
    about = p.maybe(p.pick(Repair))
    template = repairs.QUESTION if about else "plain"
    return p.do(messages.order_message, template=template, subject="About it", body=p.words(), person=p.pick(Person), about=about)


def send_message(p: Player) -> Any:
    message = p.pick(Message)
    if p.maybe(1):
        return p.do(messages.record_sent, message=message, receipt="ok")
    return p.do(messages.record_failed, message=message, why="Full", final=bool(p.maybe(1)))


def complain(p: Player) -> Any:
    told = {"person": p.maybe(p.pick(Person)), "home": p.maybe(p.pick(Home)), "owner": p.maybe(p.pick(Staff))}
    return p.do(complaints.make_complaint, channel="letter", words=p.words(), wanted=p.maybe("Money"), **told)


def answer_complaint(p: Player) -> Any:
    complaint = p.pick(Complaint)
    if p.maybe(1):
        return p.do(complaints.assign_complaint, complaint=complaint, owner=p.pick(Staff))
    return p.do(complaints.acknowledge_complaint, complaint=complaint, definition=p.words(), channel="letter")


def said_of(p: Player) -> repairs.Said:
    flags = tuple(p.dice.sample(sorted(rule_book().table.flags), p.dice.choice([0, 0, 1, 2])))
    fault = p.dice.choice(list(rule_book().catalogue.faults))
    return repairs.Said(fault=fault, room=p.maybe("kitchen"), flags=flags, unsure=p.dice.random() < 0.2)


def report(p: Player) -> Any:
    told = {"needs": p.maybe(["oxygen"]), "separate": bool(p.maybe(1)), "reporter": p.maybe(p.pick(Person))}
    return p.do(repairs.report_repair, home=p.pick(Home), channel="phone", said=said_of(p), words_said=p.words(), **told)


def add_to_repair(p: Player) -> Any:
    return p.do(repairs.add_to_repair, repair=p.pick(Repair), says=p.words(), flags=list(said_of(p).flags))


def retriage(p: Player) -> Any:
    told = {"said": p.maybe(said_of(p)), "aware_at": p.maybe(p.at - DAY)}
    return p.do(repairs.retriage_repair, repair=p.pick(Repair), why=p.words(), **told)


def raise_priority(p: Player) -> Any:
    return p.do(repairs.raise_priority, repair=p.pick(Repair), priority=p.dice.choice(PRIORITIES), why=p.words())


def join_repair(p: Player) -> Any:
    return p.do(repairs.join_repair, repair=p.pick(Repair), into=p.pick(Repair), why="The same")


def accept(p: Player) -> Any:
    return p.do(repairs.accept_emergency, repair=p.pick(Repair), staff_id=p.pick(Staff))


def ring(p: Player) -> Any:
    return p.do(repairs.ring_on_call, repair=p.pick(Repair))


def give(p: Player) -> Any:
    return p.do(repairs.give_repair, repair=p.pick(Repair), owner=p.pick(Staff))


def note_repair(p: Player) -> Any:
    told = {"audience": p.dice.choice(["all", "voice", "staff", "restricted"]), "voice": p.maybe(p.pick(Person))}
    return p.do(repairs.note_repair, repair=p.pick(Repair), says=p.words(), **told)


def order_work(p: Player) -> Any:
    told = {"home": p.maybe(p.pick(Home)), "contractor": p.maybe(p.pick(Contractor)), "needs": p.maybe(["photo", "cause"])}
    return p.do(repairs.order_work, repair=p.pick(Repair), trade="plumber", what=p.words(), **told)


def wait_work(p: Player) -> Any:
    return p.do(repairs.wait_work, work=p.pick(Work), why=p.words(), owner=p.pick(Staff), look_again_on=p.day(-1, 9))


def cancel_work(p: Player) -> Any:
    return p.do(repairs.cancel_work, work=p.pick(Work), why=p.words())


def book(p: Player) -> Any:
    begins = p.at + p.dice.choice([-30, 2, 26]) * HOUR
    work = p.pick(Work, state__in=["open", "booked", "waiting"])
    told = {"from_at": begins, "until_at": begins + 2 * HOUR, "visit": p.maybe(p.pick(Visit, work=work))}
    return p.do(repairs.book_visit, work=work, operative=p.maybe(p.pick(Staff)), **told)


def cancel_or_miss(p: Player) -> Any:
    visit = p.pick(Visit, state="booked")
    return p.do(repairs.miss_visit, visit=visit) if p.maybe(1) else p.do(repairs.cancel_visit, visit=visit, ours=True, why="Ill")


def findings(p: Player) -> Any:
    """What somebody competent says of one hazard, or of two."""
    return [(of, p.dice.choice(["none", "significant", "emergency"])) for of in p.dice.choice([(1,), (2,), (1, 2)])]


def attend(p: Player) -> Any:
    work = p.pick(Work, state__in=["open", "booked", "waiting"])
    told: dict[str, Any] = {"outcome": p.dice.choice(OUTCOMES), "arrived_at": p.at - HOUR, "left_at": p.maybe(p.at)}
    told |= {"did": p.words(), "found": p.maybe(p.words()), "cause": p.maybe("Worn"), "made_good": p.maybe(True)}
    told |= {"electrics": p.maybe("tested"), "tried": [Tried(way="knocked", at=p.at)], "look_again_on": p.maybe(p.day(8))}
    told |= {"findings": p.maybe(findings(p)), "waits_for": "A part", "owner": cast.PRIYA}
    told |= {"follow_on": [repairs.FollowOn(trade="builder", what="Make good")] if p.maybe(1) else None}
    told |= {"evidence": PROOF, "visit": p.maybe(p.pick(Visit, work=work))}
    return p.do(repairs.attend_visit, work=work, by=cast.BY_COL, **told)


def mend(p: Player) -> Any:
    """What brings most repairs to their end: the oldest ones, so that all works of one are done at some time."""
    work = Work.objects.filter(state__in=["open", "booked", "waiting"]).order_by("repair", "id").first()
    told = {"did": "Mended", "cause": "Worn", "electrics": "tested", "evidence": PROOF, "made_good": True}
    named = work.id if work is not None else "w_nothing"
    return p.do(repairs.attend_visit, work=named, outcome="mended", arrived_at=p.at, by=cast.BY_COL, **told)


def hazard_step(p: Player) -> Any:
    step = p.dice.choice([one.event for one in AWAAB_STEPS])
    return p.do(repairs.take_hazard_step, repair=p.pick(Repair), step=step, says=p.maybe(p.words()))


def record_cause(p: Player) -> Any:
    return p.do(repairs.record_cause, repair=p.pick(Repair), cause=p.words(), made_good=p.maybe(True))


def ask_her(p: Player) -> Any:
    return p.do(repairs.ask_if_mended, repair=p.pick(Repair, status="to_confirm"), channel=p.dice.choice(["text", "call"]))


def she_says(p: Player) -> Any:
    if p.maybe(1):
        return p.do(repairs.answer_by_text, sender="+447700900005", said=p.dice.choice(["yes", "no", "what?"]))
    return p.do(repairs.confirm_mended, repair=p.pick(Repair, status="to_confirm"), channel="phone", said=p.maybe(p.words()))


def close(p: Player) -> Any:
    how = p.dice.choice(["confirmed", "not_confirmed", "not_ours"])
    return p.do(repairs.close_repair, repair=p.pick(Repair, live=True), how=how, why=p.words())


def reopen(p: Player) -> Any:
    return p.do(repairs.reopen_repair, repair=p.pick(Repair), channel="phone", said=p.words())


def run_out(p: Player) -> Any:
    over = [p.pick(RepairClock, due_at__lt=p.at) for _ in range(3)]
    return p.do(repairs.note_clocks_run_out, clocks=[one for one in set(over) if one != "z_nothing"])


def order_erasure(p: Player) -> Any:
    subject = p.pick(p.dice.choice([Person, Repair, Tenancy, Message, Complaint, Home]))
    key_class = p.dice.choice(["contact", "care", "case"])
    return p.do(erase.order_erasure, subject=subject, key_class=key_class, because="asked", at=now())


def carry_out_erasure(p: Player) -> Any:
    """Needs a database in which orders are due: see `Landlord.let_orders_fall_due`."""
    due = erase.due_erasures()
    return p.do(erase.carry_out_erasure, erasure=p.dice.choice(due) if due else "x_nothing")


STEPS: list[Step] = [
    add_home, add_block, note_home, add_part, check_part, add_person, add_reach, add_note, add_mandate, start_tenancy,
    join_household, leave_household, end_tenancy, change_staff, shut_or_let_in, set_on_call, add_contractor, add_contact,
    keep_promise, order_message, send_message, complain, answer_complaint, report, add_to_repair, retriage, raise_priority,
    join_repair, accept, ring, give, note_repair, order_work, wait_work, cancel_work, book, cancel_or_miss, attend,
    mend, hazard_step, record_cause, ask_her, she_says, close, reopen, run_out, *BESIDE, *INCIDENTS,
    order_erasure, carry_out_erasure,
]  # fmt: skip
OFTEN: list[Step] = [*STEPS, *[report, attend, mend, book, reopen, close, she_says, hazard_step] * 3, carry_out_erasure]
