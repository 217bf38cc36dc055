"""The nightly look at real accounts, and which steps it takes: never one that a hold, an answer or an incident stops."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import psycopg
import pytest

from lamplit.basics.original import Original
from lamplit.basics.refusal import Refused
from lamplit.complaints import actions as complaints
from lamplit.config import place
from lamplit.config.wiring import wiring
from lamplit.incidents import actions as incidents
from lamplit.messages import actions as messages
from lamplit.messages.models import Message
from lamplit.people import actions as people
from lamplit.people.facts import PersonNote
from lamplit.reactions import caseload, chasing, sampling
from lamplit.reactions import follow as following
from lamplit.reactions.tests.test_rent import MONDAY, ONE, charged, let, terms
from lamplit.reactions.tests.working import follow
from lamplit.record.encode import Codec
from lamplit.record.page import action
from lamplit.rent import actions, queries
from lamplit.rent.facts import AccountReferenced, Protection
from lamplit.rent.models import LedgerLine, RentBalance
from lamplit.rent.rules.money_in import NewFile
from lamplit.rent.rules.steps import Held, Proposed
from lamplit.staff import actions as staff
from lamplit.tenancies import actions as tenancies
from tests import cast
from tests.landlord import Landlord

__all__ = ["let", "terms"]
RUTH, TOMASZ = cast.RUTHS_TENANCY, cast.TOMASZS_TENANCY


def day(number: int, hour: int = 10) -> datetime:
    """Return a moment so many days after the rent was charged."""
    return datetime(2026, 4, 6, hour, tzinfo=UTC) + timedelta(days=number)


@pytest.fixture
def record(landlord: Landlord) -> Iterator[sampling.Record]:
    with psycopg.connect(landlord.conninfo("reader"), autocommit=True) as reader:
        yield sampling.Record(reader, Codec(place.origin()), wiring())


def files_in(at: datetime, **more: Any) -> None:
    """The bank's file of a day is in, and nothing was paid."""
    told = {"source": "bank", "layout": "camt.053", "part": 0, "label": "GB", "lines": 0, "credit_pence": 0, "debit_pence": 0}
    file = NewFile(**{**told, "sha256": f"{at:%Y%m%d}{len(more)}", "dated": at.date(), **more})  # type: ignore[arg-type]
    how = {"by": ONE, "at": at}
    taken = actions.take_file(file=file, command=f"t:take:{file.sha256}", **how)
    actions.finish_file(file=taken, command=f"t:finish:{taken}", **how)


@action
def number_it(page: Any, *, account: str, reference: str, by: Any, at: datetime, command: str) -> None:
    page.write(AccountReferenced(account=account, reference=reference))


def holds_of(account: str, at: datetime) -> list[str]:
    seen = chasing.look_at(account, at)
    assert seen is not None
    assert isinstance(seen.proposal, Held), seen.proposal
    return [hold.code for hold in seen.proposal.holds]


def steps_of(account: str) -> list[str]:
    return [row.step for row in queries.steps_of([account]).get(account, [])]


def place_hold(kind: str, at: datetime, account: str = RUTH) -> str:
    return actions.place_hold(account=account, kind=kind, words="She rang.", by=cast.BY_DELE, at=at, command=f"t:{kind}:{at}")


def take(step: str, at: datetime, *, spoke: bool | None = None, account: str = RUTH) -> actions.Taken:
    return chasing.take(account, step, at, cast.BY_PRIYA, f"t:take:{step}:{at}", spoke=spoke, note="She has a new job.")


def sent(template: str) -> list[Message]:
    return list(Message.objects.filter(template=template).order_by("id"))


def never_comes(file: str) -> None:
    """A person says that a file never comes: it stops nobody. Taken back, it does. A firm that ended stops nobody either."""
    how, on = {"by": ONE, "at": day(8)}, day(8).date()
    said = {"file": file, "missing": "before", "why": "left_out", **how}
    for given, code in (({"note": " "}, "say_why"), ({"note": "x", "missing": "after"}, "nothing_missing")):
        with pytest.raises(Refused, match=rf"rent\.{code}"):
            actions.explain_file(**(said | given), command=f"t:never:{code}")
    actions.explain_file(**said, note="They count in twos.", command="t:never")
    assert (queries.files_missing(on), queries.payments_to(on)) == ([], day(7).date())
    with pytest.raises(Refused, match=r"rent\.nothing_missing"):
        actions.explain_file(**said, note="Again.", command="t:never:again")
    actions.look_for_file_again(file=file, note="They found it.", command="t:found", **how)
    assert (len(queries.files_missing(on)), queries.payments_to(on)) == (1, day(3).date())
    # Files of another firm came until the fourth day; then it collects for us no more.
    files_in(day(4, 12), source="paypoint", label="9", serial="1", sha256="p1")
    assert queries.payments_to(day(5).date()) == day(3).date()
    (last,) = [row for row, _ in queries.money_files() if row.source == "paypoint"]
    over = {"file": last.id, "missing": "after", "why": "firm_ended", "note": "The contract ended."}
    assert queries.missing_beside(last, on) == {"after": ""}
    actions.explain_file(**over, **how, command="t:over")
    (row,) = [row for row, _ in queries.money_files() if row.source == "paypoint"]
    assert (row.none_after, row.explained) == ("firm_ended", "The contract ended.")
    assert queries.missing_beside(row, on) == {}


def test_nobody_is_written_to_while_anything_is_not_known(let: Landlord, record: sampling.Record) -> None:
    charged()
    assert chasing.look_tonight(record, day(0, 1)) == 1  # the first look of all waits for no night
    assert chasing.look_tonight(record, day(0, 5)) == 0  # once a night
    assert not chasing.is_due(day(1, 1))
    assert chasing.is_due(day(1, 4))
    case = queries.cases([RUTH])[RUTH]
    assert (case.pence, case.since_on, case.stands, case.times) == (13_097, MONDAY, "owes", 1)
    assert holds_of(RUTH, day(3)) == ["files_old"]
    assert chasing.take_steps(day(3)) == 0
    files_in(day(2))
    assert queries.payments_to(day(3).date()) == day(2).date()
    files_in(day(3), source="allpay", label="7", serial="1")
    files_in(day(4), source="allpay", label="7", serial="3")  # one between is missing
    assert queries.payments_to(day(4).date()) == day(2).date()
    for number in (6, 8):
        files_in(day(number))
    files_in(day(7), source="allpay", label="7", serial="4")  # the next one does not make up for it
    assert queries.payments_to(day(8).date()) == day(3).date()
    (gap,) = queries.files_missing(day(8).date())
    assert gap[:3] == ("allpay", "7", "2")
    assert holds_of(RUTH, day(8)) == ["files_old"]
    never_comes(gap.before)
    files_in(day(8, 11), source="allpay", label="7", serial="2", dated=day(4).date())
    assert queries.files_missing(day(8).date()) == []
    assert queries.payments_to(day(8).date()) == day(7).date()
    assert steps_of(RUTH) == []


def test_the_ladder_from_the_text_to_a_letter_and_what_stops_it(let: Landlord, record: sampling.Record) -> None:
    following.begin_at(0)
    charged()
    for number in (0, 7, 13):
        files_in(day(number))
    chasing.look_tonight(record, day(0, 4))
    assert chasing.take_steps(day(2)) == 0  # not before the third day
    assert chasing.take_steps(day(3, 3)) == 0  # nobody is written to at night
    assert (chasing.take_steps(day(3)), chasing.take_steps(day(3, 11))) == (1, 0)
    follow(let, day(3))
    (text,) = sent("rent_text")
    assert (text.person, text.about, text.channel) == (cast.RUTH, RUTH, "text")
    assert "Please pay £130.97 by Thursday 16 April." in text.body
    position = queries.position(RUTH, day(4).date())
    assert position is not None
    assert position.by == date(2026, 4, 16)  # the day she was given stands; it does not move on

    # Whatever she answers stops the chase until a person has answered her.
    said = {"channel": "text", "direction": "in", "said": "I paid last week!", "person": cast.RUTH}
    messages.record_contact(**said, by=cast.BY_RUTH, at=day(4), command="t:said")
    assert (chasing.note_answers(day(4)), chasing.note_answers(day(5))) == (1, 0)
    assert holds_of(RUTH, day(8)) == ["dispute"]
    refused = take("call", day(8), spoke=True)
    assert (refused.entry, refused.holds) == (None, ("dispute",))
    assert [row.holds for row in queries.refused_steps(RUTH)] == [["dispute"]]
    (hold,) = queries.live_holds([RUTH])[RUTH]
    assert (hold.kind, hold.owner, hold.review_on) == ("reply", None, date(2026, 4, 17))
    (first, *_) = caseload.caseload(day(8))
    assert first.groups >= {"answer", "held", "first"}
    assert ("They have asked us something and wait for an answer", 40) in first.ranked.why
    actions.end_hold(hold=hold.id, words="She means last month's.", by=cast.BY_PRIYA, at=day(8), command="t:end")

    assert chasing.take_steps(day(8)) == 0  # a call is for a person
    with pytest.raises(Refused, match=r"rent.another_step"):
        take("letter_1", day(8))
    assert take("call", day(8, 11), spoke=True).entry
    with pytest.raises(Refused, match=r"rent.step_not_yet"):
        take("letter_1", day(9))
    assert chasing.take_steps(day(14)) == 1
    # What is placed between the step and its letter stops the letter.
    place_hold("welfare", day(14))
    follow(let, day(14))
    assert sent("rent_letter_1") == []
    assert steps_of(RUTH) == ["text", "call", "letter_1"]


def test_what_comes_between_a_step_and_its_letter_stops_it_whoever_knows_of_it(let: Landlord, record: sampling.Record) -> None:
    following.begin_at(0)
    charged()
    files_in(day(2))
    chasing.look_tonight(record, day(0, 4))
    assert chasing.take_steps(day(3)) == 1
    said = {"channel": "phone", "words": "You never answer.", "person": cast.RUTH, "by": cast.BY_PRIYA}
    complaints.make_complaint(**said, at=day(3), command="t:complaint")
    follow(let, day(3))
    assert (steps_of(RUTH), sent("rent_text")) == (["text"], [])


def test_an_answer_counts_whatever_else_it_names_and_for_every_account_of_hers(let: Landlord, record: sampling.Record) -> None:
    """She has a flat and a garage. What she writes by e-mail may name a repair, or come from an address that nobody knows."""
    following.begin_at(0)
    let_to = {"home": cast.EMPTY_HOME, "tenants": [cast.RUTH], "tenure": "other", "started_on": date(2025, 1, 6)}
    garage = tenancies.start_tenancy(**let_to, by=cast.BY_PRIYA, at=cast.AT, command="t:garage")
    terms(garage)
    number_it(account=garage, reference="0070 0999 91", by=ONE, at=day(0), command="t:number")
    charged()
    for number in (0, 2, 4):
        files_in(day(number))
    chasing.look_tonight(record, day(0, 4))
    assert chasing.take_steps(day(3)) == 2
    follow(let, day(3))
    about = {text.about: text.id for text in sent("rent_text")}
    told = {"sender": "ruth@home.example", "name": "Ruth", "attached": [], "machine": False, "audience": "all", "by": chasing.BY}
    hers = {
        "subject": "Re: Your rent",
        "said": "Mend R-1234 first! I paid.",
        "person": cast.RUTH,
        "repair": "r_aaaaaaaaaaaaaaaaaaaa",
    }
    kept = {"original": Original(b"From: r"), "message": about[RUTH]}
    answer = messages.receive_email(**told, **hers, **kept, at=day(4), command="t:mail")
    nobody = {"original": Original(b"From: n"), "subject": "Rent 0070-0999-91", "said": "Paid on Friday."}
    named = messages.receive_email(**told, **nobody, at=day(4), command="t:nobody")
    messages.receive_email(**told, **{**nobody, "subject": "Rent 0070"}, at=day(4), command="t:other")
    assert chasing.note_answers(day(4)) == 2
    assert {hold.account: hold.because for holds in queries.live_holds([RUTH, garage]).values() for hold in holds} == {
        RUTH: answer,
        garage: named,
    }
    said = {"channel": "text", "direction": "in", "said": "I paid!", "person": cast.RUTH, "by": cast.BY_RUTH}
    messages.record_contact(**said, at=day(5), command="t:said")
    assert (chasing.note_answers(day(5)), chasing.note_answers(day(6))) == (2, 0)
    assert [len(holds) for holds in queries.live_holds([RUTH, garage]).values()] == [2, 2]


def test_each_tenant_gets_her_own_letter_with_the_working_and_its_check_code(let: Landlord, record: sampling.Record) -> None:
    following.begin_at(0)
    joint = {"tenancy": RUTH, "person": cast.OTTO, "role": "tenant", "since_on": date(2025, 1, 6)}
    tenancies.join_household(**joint, by=cast.BY_PRIYA, at=cast.AT, command="t:joint")
    charged()
    for number in (2, 7, 13, 20):
        files_in(day(number))
    chasing.look_tonight(record, day(0, 4))
    assert chasing.take_steps(day(3)) == 1
    take("call", day(7), spoke=False)
    assert chasing.take_steps(day(14)) == 1
    follow(let, day(14))
    letters = sent("rent_letter_1")
    assert {row.person for row in letters} == {cast.RUTH, cast.OTTO}
    assert len({row.body[-6:] for row in letters}) == 2  # each has a code of its own
    for row in letters:
        assert "- Charged and not paid yet: £130.97" in row.body
        assert "Citizens Advice" in row.body
    # An incident stops what is to follow from these letters, until each was let go.
    told = {"says": "Our systems are down.", "next_at": day(16), "aware_at": day(15), "kinds": ["services_down"], "drill": False}
    incident = incidents.open_incident(**told, by=cast.BY_PRIYA, at=day(15), command="t:incident")
    assert "incident" in holds_of(RUTH, day(16))
    incidents.hold_letters(incident=incident, by=chasing.BY, at=day(16), command="t:letters")
    incidents.end_incident(incident=incident, says="Over.", by=cast.BY_PRIYA, at=day(17), command="t:over")
    held = chasing.look_at(RUTH, day(21))
    assert held is not None
    assert isinstance(held.proposal, Held)
    assert set(held.proposal.holds[0].facts) == {row.id for row in sent("rent_letter_1") + sent("rent_text")}


def test_holds_of_other_features_and_a_breathing_space(let: Landlord, record: sampling.Record) -> None:
    charged()
    files_in(day(2))
    files_in(day(8))
    chasing.look_tonight(record, day(0, 4))
    seen = chasing.look_at(RUTH, day(3))
    assert seen is not None
    assert isinstance(seen.proposal, Proposed)
    need = PersonNote(what="need", code="mental_health", source="She told us")
    note = people.note_person(person=cast.RUTH, about=need, by=cast.BY_PRIYA, at=day(3), command="t:need")
    assert holds_of(RUTH, day(3)) == ["need_not_considered", "person_first"]
    actions.consider_needs(account=RUTH, words="We ring, never write first.", by=cast.BY_PRIYA, at=day(3), command="t:considered")
    assert holds_of(RUTH, day(3)) == ["person_first"]
    ended = msgspec.structs.replace(need, ended_on=day(3).date())
    people.note_person(person=cast.RUTH, note=note, about=ended, by=cast.BY_PRIYA, at=day(3), command="t:well")
    for kind, code in (("pending_claim", "pending_claim"), ("death", "death"), ("missed_by_us", "missed_by_us")):
        hold = place_hold(kind, day(3))
        assert holds_of(RUTH, day(3)) == [code]
        actions.end_hold(hold=hold, words="Answered.", by=cast.BY_PRIYA, at=day(3), command=f"t:end:{kind}")

    # Registered on 7 April: from the 8th on what she owed is protected, and the next week's rent is ongoing.
    about = Protection(kind="crisis", registered_on=day(1).date())
    space = {"account": RUTH, "about": about, "by": cast.BY_PRIYA, "at": day(3)}
    protection = actions.start_protection(**space, command="t:space")
    with pytest.raises(Refused, match=r"rent.protected_already"):
        actions.start_protection(**space, command="t:space2")
    charged(MONDAY + timedelta(days=7))
    seen = chasing.look_at(RUTH, day(8))
    assert seen is not None
    assert [(line.code, line.pence) for line in seen.position.lines] == [("balance", 26_194), ("protected", -13_097)]
    assert isinstance(seen.proposal, Held)
    assert [(hold.code, hold.words) for hold in seen.proposal.holds] == [
        ("breathing_space", "What they owed is protected for now")
    ]
    pay = {"account": RUTH, "debit": "bank", "credit": "rent", "pence": 15_000, "what": "payment", "why": "matched"}
    actions.move_money(**pay, on=day(8).date(), by=ONE, at=day(8), command="t:paid")
    stands = queries.protected([RUTH])[RUTH]
    assert (stands.protected_pence, stands.ongoing_pence) == (13_097 - 1_903, 0)  # ongoing rent first
    over = msgspec.structs.replace(about, treatment_ended_on=day(9).date())
    actions.review_protection(
        protection=protection, about=over, words="The adviser wrote.", by=cast.BY_PRIYA, at=day(9), command="t:rev"
    )
    assert (chasing.end_protections(day(39)), chasing.end_protections(day(40))) == (0, 1)
    assert queries.protected([RUTH]) == {}


def test_a_sample_that_differs_stops_every_step_and_rings(let: Landlord, record: sampling.Record) -> None:
    charged()
    files_in(day(2))
    assert chasing.look_tonight(record, day(0, 4)) == 1
    assert queries.may_go_on()
    RentBalance.objects.filter(id=RUTH).update(rent=1, lines=2)
    line = LedgerLine.objects.get(account=RUTH, what="service")
    chasing.look_tonight(record, day(1, 4))
    assert queries.differing() == [RUTH]
    assert not queries.may_go_on()
    assert chasing.take_steps(day(3)) == 0
    with pytest.raises(Refused, match=r"rent.books_wrong"):
        take("text", day(3))
    RentBalance.objects.filter(id=RUTH).update(rent=13_097)
    tamper = "UPDATE folded.ledger_line SET debit = %s WHERE id = %s"
    with let.connect("admin") as db:
        db.execute(tamper, ["costs", line.id])
    assert sampling.differing(record, [RUTH]) == [RUTH]
    with let.connect("admin") as db:
        db.execute(tamper, ["rent", line.id])
    chasing.look_tonight(record, day(2, 4))
    assert queries.may_go_on()


def test_full_benefit_four_weekly_against_rent_by_the_month_gets_no_letter_and_a_claim_that_stopped_surfaces(
    let: Landlord, record: sampling.Record
) -> None:
    charged(date(2026, 4, 1), "monthly")
    claim = {"scheme": "hb", "state": "paying", "award_pence": 6_750, "award_per": "week", "cycle": "four_weekly"}
    covers = {"eligible_pence": 6_750, "eligible_per": "week", "pays_after_days": 0, "paid_to": date(2026, 3, 22)}
    actions.record_claim(account=TOMASZ, **claim, **covers, by=ONE, at=day(0), command="t:claim")
    for number in (8, 22, 24):
        files_in(day(number))
    assert chasing.note_all(day(8)) == 0  # 292.50 owed, and benefit pays all of it: nobody looks
    assert holds_of(TOMASZ, day(8)) == ["benefit_due"]
    assert chasing.take_steps(day(8)) == 0
    assert chasing.note_all(day(23)) == 0  # its pay day was 19 April; ten days may pass
    assert chasing.note_all(day(24)) == 1
    (case,) = caseload.caseload(day(24))
    assert (case.ranked.account, case.groups >= {"benefit", "held"}) == (TOMASZ, True)
    seen = chasing.look_at(TOMASZ, day(24))
    assert seen is not None
    assert seen.position.asking == "council"
    assert "You do not need to pay" not in seen.position.sentence
    assert chasing.take_steps(day(24)) == 0


def test_a_hold_that_nobody_placed_is_to_be_looked_at_on_a_day_that_comes_and_rings(let: Landlord) -> None:
    charged()
    claim = {"scheme": "hb", "state": "pending", "award_pence": 0, "award_per": "week", "cycle": "four_weekly"}
    actions.record_claim(
        account=RUTH, eligible_pence=0, eligible_per="week", pays_after_days=0, paid_to=MONDAY, by=ONE, at=day(1), command="t:c",
        **claim,
    )  # fmt: skip
    chasing.note_all(day(1))
    for number in range(1, 9):
        files_in(day(number))
    reply = actions.place_hold(account=RUTH, kind="reply", words="She rang.", by=ONE, at=day(7), command="t:placed")
    assert queries.owner_of(queries.hold(reply)) == "income_officer", "somebody's, though nobody took it on"
    assert [chasing.say_holds_due(day(number, 4)) for number in (7, 8)] == [0, 1]  # five working days after it was told us
    assert [(one.ranked.account, [hold.code for hold in one.due]) for one in caseload.caseload(day(8))] == [
        (RUTH, ["pending_claim"])
    ]
    officer = {"name": "Jo Income", "email": "jo@landlord.example", "roles": ["income"], "phone": None, "contractor": None}
    staff.join_staff(**officer, by=ONE, at=day(1), command="t:staff")
    following.begin_at(0)
    while follow(let, at=day(8)):
        pass
    (rung,) = Message.objects.filter(template="rent_holds")
    assert "look at 1 hold today. The first was due on Tuesday 14 April" in rung.body
    look = {"account": RUTH, "code": "pending_claim", "by": ONE, "at": day(8)}
    for given, code in (
        ({"words": " ", "review_on": day(9).date()}, "say_why"), ({"words": "x", "review_on": day(8).date()}, "review_passed"),
        ({"words": "x", "review_on": day(9).date(), "code": "none"}, "no_such_hold_kind"),
    ):  # fmt: skip
        with pytest.raises(Refused, match=rf"rent\.{code}"):
            actions.look_at_hold(**(look | given), command=f"t:{code}")
    actions.look_at_hold(**look, words="The council says: next week.", review_on=day(12).date(), command="t:looked")
    assert holds_of(RUTH, day(8)) == ["pending_claim", "dispute"], "it holds all the same"
    due = {number: [hold.code for one in caseload.caseload(day(number)) for hold in one.due] for number in (8, 11, 12)}
    assert due == {8: [], 11: [], 12: ["pending_claim"]}
