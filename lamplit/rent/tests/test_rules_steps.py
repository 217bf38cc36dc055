"""The ladder: what it proposes and relies on, what holds it, and that what is not known holds it too."""

from datetime import UTC, date, datetime, timedelta

import pytest

from lamplit.basics.dated import NotInForce
from lamplit.basics.ids import new_id
from lamplit.rent.rules.benefit import Claim
from lamplit.rent.rules.caseload import Case, in_order, rank
from lamplit.rent.rules.ladder import ladder, load_steps, steps_file
from lamplit.rent.rules.position import Account, Instalment, Plan, Position, Sum, position
from lamplit.rent.rules.steps import Circumstances, Done, Held, History, LookedAt, Proposed, Waiting, goes_out, propose
from lamplit.rent.tests.test_rules_benefit import IN_FULL, hb

ON = date(2026, 11, 27)
SINCE = date(2026, 11, 20)
SAYABLE = "incidents disputes complaints hazards breathing_spaces welfare pending_claims deaths missed said_paid needs"
NOTHING = dict.fromkeys(SAYABLE.split(), ())


def clear(**changed: object) -> Circumstances:
    """Everything was looked at, and nothing speaks against a step."""
    return Circumstances(**{"payments_to": date(2026, 11, 26), "person_first": False, **NOTHING, **changed})


def owing(pence: int = 36_000, **changed: object) -> Position:
    fields = {"account": "t_1", "on": ON, "charged_to": date(2026, 11, 29), "balance_pence": pence}
    return position(Account(**{**fields, **changed}))


def codes(found: object) -> list[str]:
    assert isinstance(found, Held)
    assert all(hold.owner and hold.review_on and "{" not in hold.words for hold in found.holds)
    return [hold.code for hold in found.holds]


def test_the_next_step_says_what_it_relies_on() -> None:
    found = propose(owing(claims=(hb(date(2026, 11, 8)),)), History(since=SINCE), clear(), ON)
    assert isinstance(found, Proposed)
    assert (found.step.code, found.step.act) == ("text", "text")
    said = {reliance.words: reliance.source for reliance in found.relies}
    assert said["To pay: £60.00"] == "t_1"
    assert any(source == "c_1" and words.endswith("-£300.00") for words, source in said.items())
    assert {"Since 20 November 2026", "In up to 26 November 2026"} <= set(said)


def test_one_rung_at_a_time_and_no_rush_after_an_outage() -> None:
    long_ago = History(since=date(2026, 8, 1))
    first = propose(owing(), long_ago, clear(), ON)
    assert isinstance(first, Proposed)
    assert first.step.code == "text"
    texted = History(since=date(2026, 8, 1), done=(Done(fact="f1", step="text", on=ON),))
    second = propose(owing(), texted, clear(), ON)
    assert isinstance(second, Waiting)
    assert (second.step.code, second.not_before) == ("call", ON + timedelta(days=2))
    fresh = propose(owing(), History(since=ON), clear(), ON)
    assert isinstance(fresh, Waiting)
    assert fresh.not_before == ON + timedelta(days=3)
    earlier_time = History(since=SINCE, done=(Done(fact="f0", step="court", on=date(2025, 1, 1)),))
    again = propose(owing(), earlier_time, clear(), ON)
    assert isinstance(again, Proposed)
    assert again.step.code == "text"
    everything = History(since=SINCE, done=(Done(fact="f9", step="court", on=ON),))
    assert propose(owing(), everything, clear(), ON) is None
    assert propose(owing(999), History(since=SINCE), clear(), ON) is None


def test_full_benefit_mid_month_gets_no_letter() -> None:
    fields = {name: getattr(IN_FULL, name) for name in IN_FULL.__struct_fields__}
    claim = Claim(**{**fields, "paid_to": date(2026, 11, 8)})
    december = owing(36_285, claims=(claim,), charged_to=date(2026, 12, 31), on=date(2026, 12, 1))
    held = propose(december, History(since=SINCE), clear(payments_to=date(2026, 11, 30)), date(2026, 12, 1))
    assert isinstance(held, Held)
    assert [(hold.code, hold.facts) for hold in held.holds] == [("benefit_due", ("c_full",))]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"claims": (hb(date(2026, 10, 18)),)}, "benefit_late"),
        ({"claims": (hb(date(2026, 11, 29), state="stopped"),)}, "benefit_late"),
        ({"in_transit": (Sum(pence=100, source="shop", on=ON),)}, "in_transit"),
        ({"missed": (Sum(pence=100, source="run", on=ON),)}, "missed_by_us"),
        ({"disputed": (Sum(pence=100, source="line"),)}, "dispute"),
        ({"protected_pence": 100}, "breathing_space"),
        ({"suspense_pence": 100}, "suspense"),
        ({"plan": Plan(plan="p", instalments=(Instalment(on=date(2026, 12, 4), pence=36_000),))}, "plan_kept"),
    ],
)
def test_what_the_position_shows_holds(changed: dict[str, object], code: str) -> None:
    assert codes(propose(owing(**changed), History(since=SINCE), clear(), ON)) == [code]


@pytest.mark.parametrize(
    ("field", "code"),
    [
        ("incidents", "incident"),
        ("disputes", "dispute"),
        ("complaints", "complaint"),
        ("hazards", "hazard"),
        ("breathing_spaces", "breathing_space"),
        ("welfare", "welfare"),
        ("pending_claims", "pending_claim"),
        ("said_paid", "in_transit"),
        ("deaths", "death"),
        ("missed", "missed_by_us"),
        ("needs", "need_not_considered"),
    ],
)
def test_what_was_said_holds_and_so_does_what_nobody_could_say(field: str, code: str) -> None:
    held = propose(owing(), History(since=SINCE), clear(**{field: ("f_1",)}), ON)
    assert codes(held) == [code]
    assert isinstance(held, Held)
    assert (held.holds[0].facts, held.holds[0].unknown) == (("f_1",), False)
    unknown = propose(owing(), History(since=SINCE), clear(**{field: None}), ON)
    assert codes(unknown) == [code]
    assert isinstance(unknown, Held)
    assert unknown.holds[0].unknown
    assert unknown.holds[0].words.startswith("Not known")


def test_what_holds_a_step_is_read_again_when_it_goes_out() -> None:
    """Whatever came between: a complaint, a hazard, what we missed, a need, a payment on its way; or it was paid."""
    history = History(since=SINCE, done=(Done(fact="f0", step="text", on=ON),))
    assert goes_out(owing(), history, clear(), "text", ON)
    for field in ("complaints", "hazards", "missed", "incidents", "needs"):
        assert not goes_out(owing(), history, clear(**{field: ("f_1",)}), "text", ON), field
    assert not goes_out(owing(), history, clear(person_first=True), "text", ON)
    assert not goes_out(owing(in_transit=(Sum(pence=100, source="shop", on=ON),)), history, clear(), "text", ON)
    assert not goes_out(owing(999), history, clear(), "text", ON)


def test_nothing_known_at_all_holds_for_every_reason() -> None:
    found = codes(propose(owing(), History(since=SINCE), Circumstances(), ON))
    said = "incident dispute complaint hazard breathing_space welfare pending_claim death missed_by_us in_transit"
    assert sorted(found) == sorted([*said.split(), "files_old", "need_not_considered", "person_first"])


def test_payment_files_older_than_two_working_days_hold() -> None:
    # Friday 27 November: files of Wednesday are two working days old.
    assert isinstance(propose(owing(), History(since=SINCE), clear(payments_to=date(2026, 11, 25)), ON), Proposed)
    held = propose(owing(), History(since=SINCE), clear(payments_to=date(2026, 11, 24)), ON)
    assert codes(held) == ["files_old"]
    assert isinstance(held, Held)
    assert held.holds[0].words == "Payment files are in up to 24 November 2026 only"


def test_with_some_needs_a_person_speaks_first_and_never_a_letter() -> None:
    first = clear(needs=("n_1",), considered=("d_1",), person_first=True)
    assert codes(propose(owing(), History(since=SINCE), first, ON)) == ["person_first"]
    texted = History(since=date(2026, 11, 1), done=(Done(fact="f1", step="text", on=date(2026, 11, 10)),))
    call = propose(owing(), texted, first, ON)
    assert isinstance(call, Proposed)
    assert call.step.act == "call"
    spoken = clear(needs=("n_1",), considered=("d_1",), person_first=True, spoken=("c_9",))
    assert isinstance(propose(owing(), History(since=SINCE), spoken, ON), Proposed)


def test_no_notice_before_a_person_considered_even_with_no_need_on_file() -> None:
    history = History(since=date(2026, 8, 1), done=(Done(fact="f5", step="letter_2", on=date(2026, 9, 1)),))
    assert codes(propose(owing(), history, clear(), ON)) == ["need_not_considered"]
    found = propose(owing(), history, clear(considered=("d_1",)), ON)
    assert isinstance(found, Proposed)
    assert (found.step.code, found.step.to_each) == ("notice", True)


def test_the_ladder_is_policy_and_a_wrong_one_is_refused() -> None:
    assert [step.code for step in ladder(ON).step] == [
        "text",
        "call",
        "letter_1",
        "visit",
        "letter_2",
        "notice",
        "panel",
        "court",
    ]
    assert [step.after_days for step in ladder(ON).step][:7] == [3, 7, 14, 21, 28, 42, 70]
    assert all(hold.owner and hold.words for hold in steps_file().hold.values())
    with pytest.raises(NotInForce):
        ladder(date(2019, 1, 1))
    step = "[[edition.step]]\ncode='{}'\nact='text'\nafter_days={}\nwait_days=0\nwords='x'\nprotocol='2.1'\n"
    head = "hold={}\n[[edition]]\neffective_from=2020-01-13\ncitation='x'\n"
    for text, wrong in (
        (head + step.format("a", 3) + step.format("b", 2), "out of order"),
        (head + step.format("a", 3) + step.format("a", 4), "twice"),
        (head + "surprise=1\n" + step.format("a", 3), "surprise"),
        (head + step.format("a", 3) + head.removeprefix("hold={}\n").replace("2020", "2019") + step.format("a", 3), "editions"),
    ):
        with pytest.raises(ValueError, match=wrong):
            load_steps(text)


def test_the_caseload_puts_harm_and_the_chance_to_help_before_the_sum() -> None:
    rich = Case(account="t_big", to_pay_pence=900_000, weekly_pence=12_000)
    stopped = Case(account="t_stopped", to_pay_pence=0, weekly_pence=12_000, benefit_stopped=True)
    frail = Case(account="t_frail", to_pay_pence=24_000, weekly_pence=12_000, need=True, never_reached=True)
    twin = Case(account="t_a", to_pay_pence=900_000, weekly_pence=12_000)
    assert [ranked.account for ranked in in_order([rich, twin, frail, stopped], ON)] == ["t_stopped", "t_frail", "t_a", "t_big"]
    assert rank(frail, ON).why == (
        ("Somebody in the home has a need that makes this harder", 30),
        ("We have not spoken to them yet", 15),
        ("Weeks of rent that they owe", 4),
    )
    assert rank(rich, ON).points == 20
    assert rank(Case(account="t_0", to_pay_pence=-100, weekly_pence=0), ON).points == 0


def reviews(found: object) -> dict[str, date]:
    assert isinstance(found, Held)
    return {hold.code: hold.review_on for hold in found.holds}


def test_the_day_on_which_somebody_looks_at_a_hold_comes() -> None:
    opened = datetime(2026, 11, 9, 10, tzinfo=UTC)  # a Monday
    complaint, hazard = new_id("k", opened), new_id("r", opened)
    about = {"complaints": (complaint,), "hazards": (hazard, new_id("r", opened + timedelta(days=9))), "needs": ("n_1",)}
    claims = {"claims": (hb(date(2026, 10, 18)),), "suspense_pence": 100, "suspense_on": date(2026, 11, 19)}
    of_them = {
        "complaint": date(2026, 11, 23), "hazard": date(2026, 11, 16), "need_not_considered": date(2026, 11, 25),
        "benefit_late": date(2026, 11, 17), "suspense": date(2026, 11, 20),
    }  # fmt: skip
    for on in (ON, ON + timedelta(days=1), ON + timedelta(days=30)):
        found = propose(owing(99_000, **claims), History(since=SINCE), clear(payments_to=on, **about), on)
        assert reviews(found) == of_them, "it does not move on by itself"
    later = LookedAt(code="complaint", on=ON, review_on=date(2026, 12, 20))
    before_it = LookedAt(code="hazard", on=date(2026, 11, 8), review_on=date(2026, 12, 1))
    found = propose(owing(99_000, **claims), History(since=SINCE), clear(looked=(before_it, later), **about), ON)
    assert reviews(found) == of_them | {"complaint": date(2026, 12, 20)}, "whoever looks at it says when it is looked at again"
    files = propose(owing(), History(since=SINCE), clear(payments_to=date(2026, 11, 2)), ON)
    assert reviews(files) == {"files_old": date(2026, 11, 5)}
    unknown = propose(owing(), History(since=SINCE), clear(deaths=None), ON)
    assert reviews(unknown) == {"death": date(2026, 12, 4)}, "since she began to owe, where nothing else is known"
