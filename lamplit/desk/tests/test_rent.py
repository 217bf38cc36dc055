"""Rent at the desk: the caseload, an account, and every form on it, as those who may use them do."""

from datetime import timedelta

from lamplit.basics import who
from lamplit.basics.clock import now
from lamplit.basics.working_days import london_date
from lamplit.desk.tests.scene import day_parts, refused, restrict, send, sent, words_of
from lamplit.desk.views import rent_account
from lamplit.people import actions as people
from lamplit.people.facts import PersonNote
from lamplit.reactions import chasing
from lamplit.rent import actions, queries
from lamplit.rent.facts import Term
from tests import cast

ACCOUNT = cast.RUTHS_TENANCY
PAGE = f"/desk/rent/{ACCOUNT}"
BY = who.cli("test")


def charge(pence: int = 13_097) -> None:
    """Ruth owes some rent, and the night has seen it."""
    at = now()
    how = {"by": BY, "at": at}
    actions.set_terms(
        account=ACCOUNT,
        from_on=london_date(at),
        frequency="weekly",
        terms=[Term(charge="rent", pence=pence)],
        command="t:terms",
        **how,
    )
    moved = {"debit": "rent", "credit": "rent_income", "what": "adjustment", "why": "charged_wrong"}
    actions.move_money(account=ACCOUNT, pence=pence, **moved, command="t:owes", **how)
    chasing.note_all(at - timedelta(days=10))
    chasing.note_all(at)


def test_an_officer_sees_why_an_account_stands_there_and_what_holds_it(scene, desk):
    charge()
    need = PersonNote(what="need", code="mental_health", source="She said so")
    people.note_person(person=cast.RUTH, about=need, by=BY, at=now(), command="t:need")
    officer = desk("housing_officer")
    listed = words_of(officer, "/desk/rent")
    assert '"/desk/rent?f=former"' in officer.get("/desk/rent").content.decode()
    assert "Ruth Adeyemi" in listed
    assert "£130.97" in listed
    assert (
        "Somebody in the home has a need that makes this harder. Children live in the home. It is their first time behind"
        in listed
    )
    assert "Held: " in listed
    assert "Nobody stands here" in words_of(officer, "/desk/rent?f=former")
    page = words_of(officer, PAGE)
    assert "Please pay £130.97 by" in page
    assert "Charged and not paid yet £130.97" in page
    assert "A person must first consider the needs in this home look at it now for the income officer" in page
    assert "Put right" in page
    assert "From " in page
    # Whoever takes calls sees where they stand, and no caseload.
    centre = desk("contact_centre")
    assert "Please pay £130.97" in words_of(centre, PAGE)
    assert centre.get("/desk/rent").status_code == 403
    assert centre.get(f"{PAGE}/step").status_code == 403
    assert desk("planner").get(PAGE).status_code == 403
    # A hold that follows from something else has a day too; whoever looked says when somebody looks again.
    assert "for the income officer, looked at again" in page
    assert "look at it now" in page
    assert "A person must first consider the needs in this home" in words_of(officer, "/desk/rent").split("Holds to look at")[1]
    assert desk("planner").get(f"{PAGE}/holds/look").status_code == 403
    looked = {"code": "need_not_considered", "words": "I visit them on Friday."} | day_parts(
        "review_on", now() + timedelta(days=7)
    )
    sent(officer, f"{PAGE}/holds/look", **looked)
    assert "consider the needs in this home for the income officer, looked at again" in words_of(officer, PAGE)
    # A step that holds refuse is refused, and that somebody asked is written down.
    shown = officer.get(f"{PAGE}/step").content.decode()
    assert "This holds it." in shown
    assert "that you asked is written down" in send(officer, f"{PAGE}/step", step="", note="").content.decode()
    assert "Steps that holds refused A step today: " in words_of(officer, PAGE)
    assert "Rent account of 5 Ember Rise" in words_of(officer, f"/desk/people/{cast.RUTH}")
    restrict(cast.RUTH)
    assert centre.get(PAGE).status_code == 403
    assert centre.get(f"{PAGE}/hold").status_code == 404
    assert "somebody (restricted)" not in words_of(officer, "/desk/rent")


def test_holds_breathing_space_and_the_books_by_hand(scene, desk):
    charge()
    officer, lead, today = desk("housing_officer"), desk("lead"), london_date(now())
    path = f"{PAGE}/hold"
    too_far = day_parts("review_on", now() + timedelta(days=200))
    assert "Choose a day up to" in refused(officer, path, kind="welfare", words="Hospital.", **too_far)
    sent(officer, path, kind="welfare", words="She is in hospital until Friday.")
    (hold,) = queries.live_holds([ACCOUNT])[ACCOUNT]
    assert hold.owner == scene.staff["housing_officer"]
    assert "in hospital" not in words_of(officer, PAGE)  # whose words are for few
    assert "She is in hospital until Friday." in words_of(lead, PAGE)
    sent(officer, f"{PAGE}/holds/{hold.id}", words="Still there.", **day_parts("review_on", now() + timedelta(days=7)))
    other = f"/desk/rent/{cast.TOMASZS_TENANCY}/holds/{hold.id}"
    assert officer.get(other).status_code == 404
    sent(officer, f"{PAGE}/holds/{hold.id}/end", words="She is home, and knows why we write.")
    assert queries.live_holds([ACCOUNT]) == {}
    assert "She is home" not in words_of(officer, PAGE)

    assert officer.get(f"{PAGE}/protect").status_code == 403
    registered = day_parts("registered_on", now())
    assert "Only a crisis" in refused(
        lead, f"{PAGE}/protect", kind="standard", **registered, **day_parts("treatment_ended_on", now())
    )
    sent(lead, f"{PAGE}/protect", kind="crisis", adviser="Ana Reed", **registered)
    space = queries.protected([ACCOUNT])[ACCOUNT]
    assert "Mental health crisis" in words_of(lead, PAGE)
    seen = words_of(officer, PAGE)
    assert "Nobody asks for £130.97" in seen
    assert "crisis" not in seen.lower()
    assert "Ana Reed" not in seen
    assert "We do not ask you for this part now" in seen
    again = {"kind": "crisis", "adviser": "Ana Reed", "words": "The notice was for 60 days."} | registered
    sent(lead, f"{PAGE}/protected/{space.id}", **again, **day_parts("treatment_ended_on", now()))
    sent(lead, f"{PAGE}/protected/{space.id}/end", words="It was cancelled.")

    assert "Write the reason" in refused(lead, f"{PAGE}/move", **_moved("other"))
    sent(lead, f"{PAGE}/move", **_moved("agreed"))
    page = words_of(lead, PAGE)
    assert "Put right -£30.97 £100.00" in page
    line = next(row for row in queries.lines(ACCOUNT) if row.what == "adjustment")
    posting = line.id.removeprefix(f"{ACCOUNT}.").replace(".", "-")
    sent(lead, f"{PAGE}/lines/{posting}/reverse", why="keyed_wrong", note="")
    assert "reversed this line already" in refused(lead, f"{PAGE}/lines/{posting}/reverse", why="keyed_wrong", note="")
    terms = {"frequency": "weekly", "weeks": "52", "rent_type": "social", "rent": "118.47", "service": "12.50"}
    sent(lead, f"{PAGE}/terms", **terms, **day_parts("from_on", now() + timedelta(days=7)))
    assert "Rent: £118.47" in words_of(lead, PAGE)
    sent(officer, f"{PAGE}/needs", words="She reads slowly. We ring.", **day_parts("review_on", now() + timedelta(days=21)))
    assert queries.considered([ACCOUNT], today)


def _moved(why: str) -> dict[str, str]:
    return {"debit": "rent_income", "credit": "rent", "pence": "30.97", "what": "adjustment", "why": why, "note": ""}


def test_a_step_by_hand_and_an_account_found_by_its_number(scene, desk, monkeypatch):
    charge()
    known = chasing.queries.circumstances

    def circumstances(accounts, on):
        import msgspec

        return {
            one: msgspec.structs.replace(found, payments_to=on, pending_claims=()) for one, found in known(accounts, on).items()
        }

    monkeypatch.setattr(queries, "circumstances", circumstances)
    officer = desk("housing_officer")
    path = f"{PAGE}/step"
    assert "What it relies on" in words_of(officer, PAGE)
    sent(officer, path, step="text", note="")
    page = words_of(officer, PAGE)
    assert "Text them: what is to pay, and that we can help" in page
    assert "Jo Housing Officer. They stood at £130.97." in page
    assert "Not before" in page
    held = {"kind": "dispute", "words": "The sum is wrong.", "by": BY, "at": now()}
    actions.place_hold(account=ACCOUNT, **held, command="t:dispute")
    assert chasing.take(ACCOUNT, "call", now(), cast.BY_PRIYA, "t:call", spoke=True, note=None).holds == ("dispute",)
    assert "Steps that holds refused" in words_of(officer, PAGE)
    row = queries.account(ACCOUNT)
    assert row is not None
    assert "Rent accounts" not in words_of(officer, "/desk/search", looking_for="7001 2345")


def test_an_account_gets_its_number_at_the_desk_and_another_one(scene, desk):
    income, path = desk("income"), f"{PAGE}/number"
    page = words_of(income, PAGE)
    assert ("Give a payment number" in page, "Payment number " in page) == (True, False)
    sent(income, path, reference="0070 0123 45")
    assert "Payment number 0070 0123 45" in words_of(income, PAGE)
    other = f"/desk/rent/{cast.TOMASZS_TENANCY}/number"
    assert "Another account has this payment reference already" in refused(income, other, reference="0070012345")
    assert "Change the payment number 0070 0123 45" in words_of(income, path)
    sent(income, path, reference="LH-9")
    page = words_of(income, PAGE)
    assert ("Payment number LH-9" in page, "too short to be found" in page) == (True, True)
    assert queries.account_of_reference("0070012345") is None
    sent(income, other, reference="0070012345")
    assert desk("housing_officer").get(path).status_code == 403
    restrict(cast.RUTH)
    assert income.get(path).status_code == 404


def test_the_newest_lines_stand_there_and_all_of_them_when_asked(scene, desk, monkeypatch):
    monkeypatch.setattr(rent_account, "SHOWN", 2)
    moved = {"account": ACCOUNT, "debit": "rent", "credit": "rent_income", "what": "adjustment", "why": "charged_wrong"}
    for pence in (1_111, 2_222, 3_333):
        actions.move_money(pence=pence, **moved, by=BY, at=now(), command=f"t:{pence}")
    officer = desk("housing_officer")
    page = words_of(officer, PAGE)
    assert ("£11.11" in page, "£33.33" in page, "£66.66" in page, "Show all 3 lines" in page) == (False, True, True, True)
    page = words_of(officer, f"{PAGE}?all=yes")
    assert ("£11.11" in page, "Show all" in page) == (True, False)


def test_what_is_charged_begins_with_what_is_charged_now_and_loses_nothing(scene, desk):
    lead, today = desk("lead"), london_date(now())
    sent(lead, f"{PAGE}/terms", frequency="weekly", weeks="50", rent_type="social", rent="118.47", **day_parts("from_on", today))
    assert [(row.why, row.weeks) for row in queries.terms(ACCOUNT)] == [("let", 50)], "the first ones"
    lines = [Term(charge="rent", pence=11_847), Term(charge="service", pence=700, category="B"), Term(charge="garage", pence=900)]
    actions.set_terms(
        account=ACCOUNT, from_on=today, frequency="weekly", weeks=50, terms=lines, rent_type="supported", formula_pence=12_500,
        by=BY, at=now(), command="t:now",
    )  # fmt: skip
    page = lead.get(f"{PAGE}/terms").content.decode()
    for value in ("118.47", "7.00", "9.00"):
        assert f'value="{value}"' in page
    assert "Service charge of category B" in page
    kept = {"frequency": "weekly", "weeks": "50", "rent_type": "supported", "rent": "118.47", "service_b": "7.00"}
    sent(lead, f"{PAGE}/terms", **kept, garage="", water="3.10", **day_parts("from_on", now() + timedelta(days=7)))
    row = queries.terms(ACCOUNT)[-1]
    assert (row.formula_pence, row.rent_type, row.why) == (12_500, "supported", "corrected")
    assert row.terms == [
        {"charge": "rent", "pence": 11_847}, {"charge": "water", "pence": 310},
        {"charge": "service", "pence": 700, "category": "B"},
    ]  # fmt: skip
