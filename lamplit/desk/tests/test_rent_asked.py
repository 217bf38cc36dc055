"""What tenants told us of their rent is answered by a person, and she reads the answer."""

from datetime import timedelta

from lamplit.basics import who
from lamplit.basics.clock import now
from lamplit.basics.words import full_date
from lamplit.basics.working_days import london_date
from lamplit.desk.tests.scene import day_parts, refused, sent, words_of
from lamplit.rent import actions, queries
from lamplit.rent.tests.account import brought
from tests import cast


def test_a_person_answers_what_is_disputed_and_looks_for_a_payment(scene, desk):
    hers = {"account": cast.RUTHS_TENANCY, "by": who.person(cast.RUTH), "at": now()}
    dispute = actions.dispute_line(words="I was away", command="t:1", **hers)
    said = actions.say_paid(pence=11_847, on=london_date(now()), way="shop", command="t:2", **hers)
    client = desk("housing_officer")
    page = words_of(client, "/desk/rent/asked")
    for words in ("I was away", "Ruth Adeyemi", "5 Ember Rise", "£118.47", "at a shop or post office"):
        assert words in page
    path = f"/desk/rent/asked/{dispute}"
    assert "In the tenant’s words: I was away" in words_of(client, path)
    assert "Write the answer" in refused(client, path, outcome="not_upheld")
    sent(client, path, outcome="not_upheld", words="You were charged for that week.")
    assert queries.disputes(cast.RUTHS_TENANCY)[0].answer == "You were charged for that week."
    assert client.get(path).status_code == 404
    sent(client, f"/desk/rent/paid/{said}", outcome="found", words="")
    page = words_of(client, "/desk/rent/asked")
    assert "Nothing is disputed." in page
    assert "No payment is looked for." in page


def test_what_is_told_on_the_phone_counts_as_on_her_own_page(scene, desk):
    """Whoever takes calls writes it down; a plan is agreed by an officer. The lists say how many wait."""
    brought()
    account, at = cast.RUTHS_TENANCY, now()
    centre, officer, path = desk("contact_centre"), desk("housing_officer"), f"/desk/rent/{account}"
    assert "1 waits" not in words_of(officer, "/desk/rent")
    line = next(one for one in queries.lines(account) if one.what == "rent")
    assert f'value="{line.id}"' in centre.get(f"{path}/dispute").content.decode()
    assert "is empty" in refused(centre, f"{path}/dispute", line=line.id, words="")
    sent(centre, f"{path}/dispute", line=line.id, words="Ruth: I was away that week.")
    assert queries.disputes(account)[0].by == f"staff:{scene.staff['contact_centre']}"
    assert "Disputed: £200.00" in words_of(officer, path)
    sent(officer, f"/desk/rent/asked/{queries.disputes(account)[0].id}", outcome="withdrawn", words="She found it.")
    paid = {"pence": "20", "way": "shop", "words": ""}
    assert "in the last 60 days" in refused(centre, f"{path}/paid", **paid, **day_parts("on", at + timedelta(days=3)))
    sent(centre, f"{path}/paid", **paid, **day_parts("on", at))
    assert "1 waits" in words_of(officer, "/desk/rent")
    assert centre.get(f"{path}/plan").status_code == 403
    plan = {"comes_in": "1200", "goes_out": "1000", "every": "monthly", "words": "", **day_parts("first_on", at)}
    assert "It pays off £150.00." in words_of(officer, f"{path}/plan")
    assert "more than" in refused(officer, f"{path}/plan", each_pence="900", **plan)
    sent(officer, f"{path}/plan", each_pence="75", **plan)
    page = words_of(officer, path)
    assert f"{full_date(london_date(at))}: £75.00 £0.00 paid" in page
    assert "You do not need to pay anything now" not in page
    sent(officer, f"{path}/plan/end", why="asked")
    assert "They asked for it, or agreed another." in words_of(officer, path)
    assert officer.get(f"{path}/plan/end").status_code == 404
