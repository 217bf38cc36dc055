"""What may be said in an incident, and what must be promised with it."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from lamplit.basics.refusal import Refused
from lamplit.incidents.rules import duties, status
from lamplit.incidents.rules.claims import changes_payment, claims_nothing_happened
from lamplit.incidents.rules.duties import Proof
from lamplit.incidents.rules.status import Checked, Said

AT = datetime(2026, 11, 24, 9, tzinfo=UTC)
SOON = AT + timedelta(hours=2)
LOOKED = Checked(by="North Forensics", name="Ada Quill", what="The logs of the rent system, 1 to 24 November", at=AT)


@pytest.mark.parametrize(
    "text",
    [
        "Nothing was taken.",
        "Your data is safe.",
        "We have no evidence that anybody's details were accessed.",
        "Payment systems have not been affected.",
        "We are working day and night. Your bank details weren’t stolen.",
        "We do not know who did it, but nothing was taken.",
        "There has been no data breach.",
        "All records remain secure.",
        "Nobody got hold of your bank details.",
    ],
)
def test_it_hears_that_nothing_is_said_to_be_taken(text: str) -> None:
    assert claims_nothing_happened(text)


@pytest.mark.parametrize(
    "text",
    [
        "We do not know yet whether anything was taken.",
        "We cannot say if your details were copied.",
        "Names and addresses were taken.",
        "Ring us about repairs. We cannot read e-mail.",
        "Somebody read the names of 4,000 people.",
        "You need not do anything now.",
        "The phones do not work. We mend them today.",
    ],
)
def test_it_lets_honest_sentences_be(text: str) -> None:
    assert not claims_nothing_happened(text)


@pytest.mark.parametrize(
    ("text", "change"),
    [
        ("Pay to sort code 12-34-56.", True),
        ("Our account is 12345678.", True),
        ("GB29 NWBK 6016 1331 9268 19", True),
        ("Please use our new bank details.", True),
        ("Our bank details have changed.", True),
        ("Pay your rent into this account until Friday.", True),
        ("Update your payment details here.", True),
        ("Our bank details have not changed.", False),
        ("We never change our bank details in an incident.", False),
        ("Pay your rent as you always do.", False),
        ("Ring us on 0303 100 0100 or 020 7946 0018.", False),
        ("The Direct Debit of 1 December is late.", False),
    ],
)
def test_payment_details_never_change_in_an_incident(text: str, change: bool) -> None:
    assert changes_payment(text) is change


DOWN = Said(state="down", known="not_yet", instead="Ring us.", next_at=SOON)


@pytest.mark.parametrize(
    ("service", "change", "code"),
    [
        ("phones", {}, None),
        ("phones", {"next_at": None}, "incidents.no_next"),
        ("phones", {"next_at": AT}, "incidents.next_passed"),
        ("phones", {"next_at": AT + timedelta(days=8)}, "incidents.next_too_far"),
        ("phones", {"state": "working", "known": "known", "next_at": None}, None),
        ("phones", {"instead": " "}, "incidents.say_instead"),
        ("phones", {"state": "limited"}, "incidents.say_what_works"),
        ("phones", {"back_at": AT}, "incidents.back_passed"),
        ("phones", {"says": "x" * 1001}, "incidents.too_long"),
        ("phones", {"instead": "Pay into another account."}, "incidents.payment"),
        ("phones", {"says": "Nothing was taken."}, "incidents.unchecked"),
        ("phones", {"says": "Nothing was taken.", "checked": LOOKED}, None),
        ("phones", {"checked": msgspec.structs.replace(LOOKED, at=SOON)}, "incidents.check_later"),
        ("lifts", {}, "incidents.no_such_service"),
        ("your_data", {"known": "cannot"}, "incidents.say_looked_at"),
        ("your_data", {"known": "cannot", "looked_at": "The logs that are left"}, None),
        ("your_data", {"state": "working", "known": "known", "looked_at": "All logs"}, "incidents.unchecked"),
        ("your_data", {"state": "working", "known": "known", "looked_at": "All logs", "checked": LOOKED}, None),
        *(
            (
                "your_data",
                {
                    "says": "Nothing was taken.",
                    "checked": msgspec.structs.replace(LOOKED, **{part: None if part == "at" else " "}),
                },
                "incidents.unchecked",
            )
            for part in ("by", "name", "what", "at")
        ),
    ],
)
def test_a_status_keeps_nobody_waiting_and_says_no_more_than_we_know(service: str, change: dict, code: str | None) -> None:
    said = msgspec.structs.replace(DOWN, **change)
    if code is None:
        status.check_service(service, said, AT)
    else:
        with pytest.raises(Refused, match=rf"^{code.replace('.', chr(92) + '.')}\b"):
            status.check_service(service, said, AT)


def test_it_ends_only_when_all_works_and_what_happened_to_the_data_is_said() -> None:
    status.check_end({"phones": ("working", "known"), "your_data": ("down", "cannot")}, AT)
    with pytest.raises(Refused, match=r"incidents\.still_down"):
        status.check_end({"phones": ("limited", "known")}, AT)
    with pytest.raises(Refused, match=r"incidents\.still_unknown"):
        status.check_end({"your_data": ("limited", "not_yet")}, AT)


def test_the_lead_is_rung_half_an_hour_before() -> None:
    assert status.rings_at(SOON) == SOON - timedelta(minutes=30)
    assert next(iter(status.services(AT))) == "repairs"
    assert set(status.about_data(AT)) < set(status.services(AT))


def test_each_kind_starts_duties_and_each_duty_has_a_limit_a_source_and_a_draft() -> None:
    said = "landlord phone help says nature aware status next services data checked back said held"
    filled = dict.fromkeys(said.split(), "[said]")
    every = duties.duties_of(duties.kinds(AT), AT)
    assert len(every) == 16, "the ten of others, that everybody is told, and four keys"
    for duty in every:
        clock = duties.clock(duty, AT)
        assert clock.due_at is not None, duty
        assert clock.due_at > AT, duty
        assert len(clock.citation) > 10, duty
        written = duties.draft(duty, AT, filled)
        assert "[said]" in written, duty
        assert "{" not in written, duty
        assert not changes_payment(written), duty
    keys = [clock.duty for clock in duties.keys(AT)]
    assert {f"Change the keys of {what}" for what in ("text messages", "e-mail", "the bank's channel")} < set(keys)
    for duty in duties.duties_of(["keys"], AT)[2:]:
        assert duties.changes_key(duty, AT)
        steps = duties.how(duty, AT, filled)
        assert len(steps) > 2, duty
        assert not any("{" in step or changes_payment(step) for step in steps), duty
    assert duties.how("ico", AT, filled) == []
    assert duties.check_kinds(["crime", "crime"], AT) == ["crime"]
    for wrong, code in (([], "no_kind"), (["fire"], "no_such_kind")):
        with pytest.raises(Refused, match=rf"incidents\.{code}"):
            duties.check_kinds(wrong, AT)


def test_the_commissioner_is_told_in_72_hours_from_when_we_knew_weekends_included() -> None:
    friday = datetime(2026, 11, 27, 17, tzinfo=UTC)
    clock = duties.clock("ico", friday)
    assert (clock.due_at, clock.law) == (datetime(2026, 11, 30, 17, tzinfo=UTC), True)
    assert duties.rings_at(friday, clock.due_at) == datetime(2026, 11, 30, 5, tzinfo=UTC)
    bank = duties.clock("sponsor_bank", friday)
    assert duties.rings_at(friday, bank.due_at) == friday + timedelta(hours=2), "of a short one, half of its time"


def test_a_duty_is_done_only_with_a_proof() -> None:
    duties.check_done("done", Proof(reference="IC-12345"))
    duties.check_done("done", Proof(spoken_to="PC Lane"))
    duties.check_done("not_needed", Proof(why="No tenant lives there"))
    with pytest.raises(Refused, match=r"incidents\.no_proof"):
        duties.check_done("done", Proof(why="I rang"))
    with pytest.raises(Refused, match=r"incidents\.say_why_not"):
        duties.check_done("not_needed", Proof(reference="IC-12345"))
