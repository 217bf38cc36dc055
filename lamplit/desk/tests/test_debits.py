"""Direct Debits on the desk: details that nobody sees again, sums that follow benefit, a claim's last day, refunds come back."""

import re
from datetime import timedelta

from lamplit.basics.bacs_days import challenge_until, cycle
from lamplit.basics.clock import now
from lamplit.basics.words import long_date
from lamplit.basics.working_days import london_date
from lamplit.desk.tests.scene import refused, sent, words_of
from lamplit.reactions import debits as jobs
from lamplit.reactions.tests import working
from lamplit.rent import actions, queries
from lamplit.rent.actions import AdviceItem, SealedDetails
from lamplit.rent.tests.account import CLERK, brought
from lamplit.tenancies import actions as tenancies
from tests import cast
from tests.bank import ACCOUNT, ready_for_bank

RUTH, SUMS = cast.RUTHS_TENANCY, "/desk/rent/debits/sums"
DEBIT = f"/desk/rent/{RUTH}/debit"


def claim(award: int, command: str, ident: str | None = None) -> str:
    scheme = {"scheme": "hb", "state": "paying", "award_per": "week", "cycle": "four_weekly", "eligible_per": "week"}
    return actions.record_claim(
        account=RUTH, claim=ident, award_pence=award, eligible_pence=12_000, pays_after_days=0, paid_to=london_date(now()),
        **scheme, by=CLERK, at=now(), command=command,
    )  # fmt: skip


def test_a_sum_that_follows_benefit_is_proposed_and_never_changed_by_itself(scene, desk, tmp_path, monkeypatch):
    ready_for_bank(tmp_path, monkeypatch)
    brought()
    held = claim(5_000, "t:claim")
    client = desk("finance")
    said = {
        "person": cast.RUTH, "way": "paperless", "every": "monthly", "day": "1", "pounds": "303.33", "follows": "on",
        "holder": "Ruth Adeyemi", "sort_code": "10-00-03", "number": ACCOUNT,
    }  # fmt: skip
    answer = refused(client, f"{DEBIT}/new", **{**said, "number": "31926811"})
    assert "do not belong together" in answer
    assert "31926811" not in client.post(f"{DEBIT}/new", {**said, "number": "31926811"}).content.decode()
    words = tmp_path / "guarantee.txt"
    words.rename(tmp_path / "elsewhere")
    assert "Guarantee is not set up" in refused(client, f"{DEBIT}/new", **said), "she would never get its letter"
    (tmp_path / "elsewhere").rename(words)
    sent(client, f"{DEBIT}/new", **said)
    mandate = queries.mandate_of(RUTH)
    assert (mandate.pence, mandate.usual_pence) == (30_333, 30_333)
    assert "Each sum is the rent less benefit" in words_of(client, SUMS)
    claim(7_000, "t:claim:more", held)
    jobs.give_notice(now() + timedelta(days=1))
    assert queries.mandate_of(RUTH).pence == 30_333, "nothing changes by itself"
    page = words_of(client, SUMS)
    for words in ("We take £303.33", "It now comes to £216.67", "£520.00 rent and services, less £303.33 benefit."):
        assert words in page
    sent(client, SUMS, mandate=mandate.id, pence="21667")
    assert "Each sum is the rent less benefit" in words_of(client, SUMS)
    assert queries.mandate_of(RUTH).pence == 21_667
    # Left as it is, it is looked at; it comes back when the working changes once more. Benefit that pays all of it ends it.
    claim(6_000, "t:claim:less", held)
    sent(client, SUMS, mandate=mandate.id, pence="21667")
    assert "Each sum is the rent less benefit" in words_of(client, SUMS)
    claim(12_000, "t:claim:all", held)
    page = words_of(client, SUMS)
    assert "Benefit pays all of it. End the Direct Debit" in page
    assert "Take £0.00" not in page
    assert desk("planner").get(SUMS).status_code == 403


def test_a_claim_says_its_last_day_and_a_refund_that_came_back_is_asked_for_anew(scene, desk):
    at, today = now(), london_date(now())
    how = {"by": CLERK, "at": at}
    sealed = SealedDetails(b"sealed", "810", "valid")
    mandate = actions.set_up_mandate(
        account=RUTH, person=cast.RUTH, sealed=sealed, way="paper", every="monthly", day=1, pence=40_000, command="t:1", **how
    )
    moved = {"debit": "bank", "credit": "rent", "pence": 9_000, "what": "payment", "why": "matched"}
    actions.move_money(account=RUTH, **moved, command="t:2", **how)
    looked = {"other_debts_pence": 0, "clawback_pence": 0, "payee": "match", "reason": "Twice.", "evidence": ["Two lines"]}
    asked = {"account": RUTH, "way": "refund", "pence": 4_000, **looked}
    refund = actions.ask_refund(**asked, by=cast.who.staff(scene.staff["income"]), at=at, command="t:3")
    finance = desk("finance")
    # What stands on her other accounts is shown beside the box; after a death whoever showed the grant is written down.
    form = f"/desk/rent/{RUTH}/refund"
    assert "Its tenants have no other account here." in words_of(finance, form)
    garage = {"home": cast.EMPTY_HOME, "tenants": [cast.RUTH], "tenure": "assured", "started_on": today}
    other = tenancies.start_tenancy(**garage, by=cast.BY_PRIYA, at=at, command="t:garage")
    owed = {"debit": "rent", "credit": "rent_income", "pence": 5_000, "what": "rent", "why": "agreed"}
    actions.move_money(account=other, **owed, command="t:owed", **how)
    assert re.search(r"Other accounts of its tenants: [^;]+: £50\.00 owed\.", words_of(finance, form))
    given = {"way": "refund", "book": "rent", "pounds": "1.00", "reason": "Estate.", "evidence": "Grant", "payee": "match"}
    sent(finance, form, **given, estate="Otto Adeyemi, today")
    (to_estate,) = [row for row in queries.refunds_open() if row.pence == 100]
    assert "Who showed the grant Otto Adeyemi, today" in words_of(finance, f"/desk/rent/refunds/{to_estate.id}")
    assert queries.as_refund(to_estate, -9_000, today).estate
    actions.withdraw_refund(refund=to_estate.id, by=CLERK, at=at, command="t:estate:no")
    # The second person sees what was found, not only that somebody looked; then what is to be done next.
    page = words_of(finance, f"/desk/rent/refunds/{refund}")
    for found in ("Of which book Rent", "To the account that ends in 810", "The bank, of the name The name is the same"):
        assert found in page
    assert "Owed on other accounts £0.00 Benefit to give back £0.00" in page
    assert "lamplit bacs refunds" not in page
    assert "Benefit to give back nobody has looked" in words_of(finance, f"/desk/rent/refunds/{to_estate.id}")
    sent(finance, f"/desk/rent/refunds/{refund}")
    assert "lamplit bacs refunds --key FILE --out FILE" in words_of(finance, f"/desk/rent/refunds/{refund}")
    file = {"serial": queries.next_serial(), "processing_on": today, "file_digest": "d"}
    actions.send_refunds(refunds=[refund], **file, command="t:4", **how)
    last = challenge_until(today)
    claimed = {"code": "5", "reference": queries.mandate(mandate).reference, "pence": 40_000, "challenge_by": last}
    back = {"code": "B", "reference": queries.refund_reference(refund, "REFUND"), "pence": 4_000}
    for kind, item in (("DDICA", claimed), ("ARUCS", back)):
        items = [AdviceItem(kind=kind, report=kind, item=1, reported_on=today, **item)]
        actions.take_report(items=items, moved={}, report=SealedDetails(b"report", "", "valid"), command=f"t:{kind}", **how)
    page = words_of(finance, "/desk/rent/debits")
    assert f"Challenge it by {long_date(last)}, or accept it: 14 working days are left." in page
    assert "The refund that came back" in page
    assert f"Challenge it by {long_date(last)}" in words_of(finance, DEBIT)
    assert "£40.00 , did not reach them" in words_of(finance, DEBIT)
    assert "£1.00 , not made" in words_of(finance, DEBIT)
    page = words_of(finance, f"/desk/rent/refunds/{refund}")
    assert "The money stands on their account again." in page
    again = f"/desk/rent/{RUTH}/refund?again={refund}"
    assert "There are no bank details in force" in refused(
        finance, again, way="refund", book="rent", pounds="40.00", reason="Twice.", evidence="Two lines", payee="match"
    )
    # Other details are a change, though the old ones have ended: she is told, time passes, and a second person says yes.
    assert "They count after some days" in words_of(finance, f"/desk/rent/{RUTH}/bank")
    others = actions.change_details(account=RUTH, sealed=SealedDetails(b"others", "006", "valid"), command="t:5", **how)
    assert sorted(row.state for row in queries.details_of(RUTH)) == ["over", "waiting"]
    later = {"by": cast.who.staff(scene.staff["income"]), "at": at + timedelta(days=14)}
    actions.confirm_details(details=others, command="t:6", **later)
    assert 'value="40.00"' in finance.get(again).content.decode()
    sent(finance, again, way="refund", book="rent", pounds="40.00", reason="Twice.", evidence="Two lines", payee="match")
    assert queries.refund(refund).state == "withdrawn"
    assert [(row.state, row.pence) for row in queries.refunds_open()] == [("asked", 4_000)]


def test_a_refund_that_lacks_something_is_put_right_and_not_typed_anew(scene, desk):
    how, finance = {"by": CLERK, "at": now()}, desk("finance")
    actions.change_details(account=RUTH, sealed=SealedDetails(b"sealed", "810", "valid"), command="t:1", **how)
    moved = {"debit": "bank", "credit": "rent", "pence": 9_000, "what": "payment", "why": "matched"}
    actions.move_money(account=RUTH, **moved, command="t:2", **how)
    asked = {"account": RUTH, "way": "refund", "pence": 4_000, "reason": "Twice.", "evidence": ["Two lines", "Her call"]}
    bare = actions.ask_refund(**asked, payee="match", clawback_pence=0, command="t:3", **how)
    page = finance.get(f"/desk/rent/refunds/{bare}").content.decode()
    assert "Not yet:</b> Look at their other accounts" in page
    again = f"/desk/rent/{RUTH}/refund?again={bare}"
    assert f'href="{again}">Put it right' in page
    page = finance.get(again).content.decode()
    assert [words in page for words in ('value="40.00"', "Two lines\nHer call", 'value="0.00"', "Twice.")] == [True] * 4
    assert '<option value="match" selected' in page
    said = {"way": "refund", "book": "rent", "pounds": "40.00", "reason": "Twice.", "evidence": "Two lines", "payee": "match"}
    sent(finance, again, **said, clawback="0.00", other_debts="0")
    assert queries.refund(bare).state == "withdrawn"
    (whole,) = queries.refunds_open()
    theirs = words_of(desk("income"), f"/desk/rent/refunds/{whole.id}")
    assert "Not yet: A second person says yes" in theirs, "whoever may not release it is no second person"
    assert "Somebody in finance, or a lead, looks at it and releases it." in theirs
    left = [check.code for check in queries.refund_checks(whole, -9_000, london_date(now()), "") if not check.settled]
    assert left == ["second_person"]
    # With other bank details in force, the bank is asked anew whose account it is.
    actions.change_details(account=RUTH, sealed=SealedDetails(b"moved", "006", "valid"), source="bank", command="t:4", **how)
    page = finance.get(f"/desk/rent/{RUTH}/refund?again={whole.id}").content.decode()
    assert '<option value="not_checked" selected' in page
    sent(finance, f"/desk/rent/refunds/{whole.id}/back")
    assert 'value="40.00"' not in finance.get(f"/desk/rent/{RUTH}/refund?again={whole.id}").content.decode()


def test_bank_details_for_a_refund_need_no_direct_debit_and_count_at_once(scene, desk, tmp_path, monkeypatch):
    ready_for_bank(tmp_path, monkeypatch)
    finance, bank = desk("finance"), f"/desk/rent/{RUTH}/bank"
    assert f'href="{bank}">Bank details for a refund' in finance.get(DEBIT).content.decode()
    assert "They count at once." in words_of(finance, bank)
    sent(finance, bank, holder="Ruth Adeyemi", sort_code="10-00-03", number=ACCOUNT)
    assert [row.state for row in queries.details_of(RUTH)] == ["current"]
    assert "Bank details for a refund" not in words_of(finance, DEBIT)
    assert "They count after some days" in words_of(finance, bank)


def test_whoever_looked_at_a_death_says_whether_she_died_and_a_hold_stands(scene, desk):
    how = {"by": CLERK, "at": now()}
    sealed = SealedDetails(b"sealed", "810", "valid")
    mandate = actions.set_up_mandate(
        account=RUTH, person=cast.RUTH, sealed=sealed, way="paper", every="monthly", day=1, pence=40_000, **how, command="t:1"
    )
    item = AdviceItem(kind="ADDACS", report="death", item=1, code="2", reference=queries.mandate(mandate).reference)
    actions.take_report(items=[item], moved={}, report=SealedDetails(b"r", "", "valid"), **how, command="t:2")
    finance, page = desk("finance"), f"/desk/rent/advices/{queries.advices_open()[0].id}"
    assert "Has somebody died?" in words_of(finance, page)
    assert "Has somebody died?” needs an answer" in refused(finance, page)
    assert "Write" in refused(finance, page, died="yes")
    sent(finance, page, died="yes", words="Her son rang.")
    (hold,) = queries.live_holds([RUTH])[RUTH]
    assert (hold.kind, hold.owner) == ("death", scene.staff["finance"])
    assert queries.letters_stopped(RUTH)


def test_one_collection_is_left_out_and_the_others_are_made(landlord, scene, desk):
    how = {"by": CLERK, "at": now()}
    sealed = SealedDetails(b"sealed", "810", "valid")
    actions.set_up_mandate(
        account=RUTH, person=cast.RUTH, sealed=sealed, way="paper", every="monthly", day=1, pence=40_000, instruction=None,
        command="t:1", **how,
    )  # fmt: skip
    client = desk("finance")
    assert "Do not collect one of them" not in words_of(client, DEBIT)
    jobs.give_notice(now())
    first, second, *_ = queries.collections_of(RUTH)
    assert "Do not collect one of them" in words_of(client, DEBIT)
    assert "needs an answer" in refused(client, f"{DEBIT}/leave-out")
    working.follow(landlord, at=now())
    sent(client, f"{DEBIT}/leave-out", collection=first.id)
    assert [queries.collection(one.id).state for one in (first, second)] == ["dropped", "noticed"]
    working.follow(landlord, at=now())
    (letter,) = working.messages("debit_missed")
    assert "as you asked. That rent is still due." in letter.body
    assert "our fault" not in letter.body
    assert desk("planner").get(f"{DEBIT}/leave-out").status_code == 403
    # Whoever pays has left: her letters still go to her, and the page says so.
    assert "does not live here now" not in words_of(client, DEBIT)
    joined = {"tenancy": RUTH, "by": cast.BY_PRIYA, "at": now()}
    tenancies.join_household(person=cast.OTTO, role="tenant", since_on=london_date(now()), command="t:join", **joined)
    tenancies.leave_household(person=cast.RUTH, left_on=london_date(now()), end_reaches=[], command="t:left", **joined)
    assert "does not live here now" in words_of(client, DEBIT)


def test_the_statements_of_a_quarter_and_who_has_none(scene, desk):
    today = london_date(now())
    of = queries.last_quarter(today)
    move = {"debit": "rent", "credit": "rent_income", "pence": 9_000, "what": "rent", "why": "agreed", "on": of.until}
    actions.move_money(account=RUTH, **move, by=CLERK, at=now(), command="t:quarter")
    client, lead = desk("income"), desk("lead")
    page = words_of(client, "/desk/rent/statements")
    for words in (f"Statements of {of.name}", "Not one of 1 account went yet", "5 Ember Rise", "Ruth Adeyemi"):
        assert words in page
    assert ("Statements are late" in page) == (today > of.due_on)
    assert f"Statements of {of.name}: Not one of 1 account went yet" in words_of(lead, "/desk/board")
    sent(client, "/desk/rent/statements", account=RUTH, person=cast.RUTH)
    page = words_of(client, "/desk/rent/statements")
    assert f"1 of 1 account went, the last on {long_date(today)}" in page
    assert "Every tenant has theirs." in page


def test_a_file_that_did_not_go_is_said_by_one_and_confirmed_by_another(landlord, scene, desk):
    today, me = london_date(now()), cast.who.staff(scene.staff["finance"])
    how = {"by": CLERK, "at": now()}
    sealed = SealedDetails(b"sealed", "810", "valid")
    mandate = actions.set_up_mandate(
        account=RUTH, person=cast.RUTH, sealed=sealed, way="paper", every="monthly", day=1, pence=40_000, command="t:1", **how
    )
    run = actions.prepare_debits(entry_on=cycle(today + timedelta(days=6)).entry_on, command="t:2", **how)
    actions.release_debits(run=run, by=me, at=now(), command="t:3")
    finance, lead, address = desk("finance"), desk("lead"), f"/desk/rent/debits/{run}"
    assert "Did the file not go?" not in words_of(finance, address)
    file = {"serial": queries.next_serial(), "created_on": today, "file_digest": "d"}
    actions.submit_debits(run=run, command="t:4", **file, **how)
    assert "That morning it is put in the books, and everybody in it reads as paid." in words_of(finance, address)
    assert "is empty" in refused(finance, f"{address}/not-gone")
    sent(finance, f"{address}/not-gone", why="Bacs refused it.")
    page = words_of(finance, address)
    assert "Why Bacs refused it." in page
    assert "Somebody else asks Bacs or your bank, and confirms it." in page
    assert "You said it yourself" in refused(finance, f"{address}/not-gone/confirm")
    sent(finance, f"{address}/not-gone/back")
    assert "Bacs refused it." not in words_of(finance, address)
    sent(finance, f"{address}/not-gone", why="Bacs refused it.")
    assert "Somebody says that this file did not go" in words_of(lead, address)
    assert "if the file went, people may pay twice" in words_of(lead, f"{address}/not-gone/confirm")
    sent(lead, f"{address}/not-gone/confirm")
    page = words_of(finance, address)
    assert "Did not go: nothing was collected by it." in page
    assert "a new run can collect them on the same day" in page
    assert queries.mandate(mandate).instruction == "0N"
    assert desk("planner").get(f"{address}/not-gone").status_code == 403
    assert desk("income").get(f"{address}/not-gone/confirm").status_code == 403


def test_who_calls_chooses_how_to_pay_what_we_missed(scene, desk):
    at, begins = now() - timedelta(days=40), london_date(now()) - timedelta(days=14)
    actions.set_up_mandate(
        account=RUTH, person=cast.RUTH, sealed=SealedDetails(b"sealed", "810", "valid"), way="paper", every="four_weekly",
        day=begins.isoweekday(), from_on=begins, pence=40_000, instruction=None, by=CLERK, at=at, command="t:1",
    )  # fmt: skip
    jobs.give_notice(at)
    officer = desk("contact_centre")
    assert officer.get(f"{DEBIT}/missed")["Location"] == DEBIT, "nothing was missed"
    jobs.look_for_missed(now() - timedelta(days=13))
    missed = queries.missed_of(RUTH)[0]
    assert f"{DEBIT}/missed" in officer.get(DEBIT).content.decode()
    page = words_of(officer, f"{DEBIT}/missed")
    assert f"We did not take £400.00 on {long_date(missed.on)}." in page
    assert "With their next Direct Debit, £400.00 more on" in page
    assert "choose one from the list" in refused(officer, f"{DEBIT}/missed", collection=missed.id, choice="never")
    sent(officer, f"{DEBIT}/missed", collection=missed.id, choice="pay_now")
    assert queries.collection(missed.id).choice == "pay_now"
    assert "They may choose again." in words_of(officer, f"{DEBIT}/missed"), "nothing has come"
    assert desk("planner").get(f"{DEBIT}/missed").status_code == 403
    leave = f"{DEBIT}/leave-out"
    assert "missed by us" not in words_of(officer, leave), "they would be asked for it: a matter of who keeps arrears"
    income = desk("income")
    assert "£400.00, missed by us" in words_of(income, leave)
    sent(income, leave, collection=missed.id)
    assert queries.collection(missed.id).state == "dropped"
    assert officer.get(f"{DEBIT}/missed")["Location"] == DEBIT
