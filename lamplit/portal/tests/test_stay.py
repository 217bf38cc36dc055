"""A place to stay, and the works of a survey, as the household reads them; nobody else does."""

from datetime import timedelta
from itertools import count

from lamplit.basics import who
from lamplit.basics.clock import now
from lamplit.portal.tests.scene import tomasz_comes_in
from lamplit.portal.tests.test_pages import send, text_of
from lamplit.repairs import actions, queries
from lamplit.repairs.actions import Said, WorkFound
from tests import cast

_numbers = count()


def do(action, **said):
    return action(**({"by": cast.BY_DELE, "at": now(), "command": f"stay-test:{next(_numbers)}"} | said))


def test_she_reads_the_offer_answers_it_and_sees_the_survey_but_no_sum(signed_in):
    said = Said(fault="ceiling_down", room="bedroom", flags=("structural",))
    told = do(actions.report_repair, home=cast.RUTHS_HOME, channel="phone", reporter=cast.RUTH, said=said, words_said="It hangs")
    page, ruth, tomasz = f"/repairs/{told.leads}", signed_in(), tomasz_comes_in()
    assert ruth.get(f"{page}/stay").status_code == 404
    do(actions.offer_stay, repair=told.leads, who="Ruth and Mia", place="Lamp Inn", from_on=now().date(), pence=40_000)
    works = [WorkFound(what="Renew the ceiling", trade="plasterer", target_on=now().date() + timedelta(days=5))]
    do(actions.record_survey, repair=told.leads, surveyor=cast.PRIYA, found="The joists are rotten", works=works)
    work = next(one for one in queries.case(told.leads, now=now()).works if one.survey)
    more = {"more": "money", "what": "New joists", "why": "Rot", "pence": 900_000}
    do(actions.ask_variation, work=work.id, **more, by=who.By("contractor", cast.KINDLE))
    shown = text_of(ruth.get(page))
    for words in ("We looked at your home closely", "The joists are rotten", "Renew the ceiling", "Read it and answer"):
        assert words in shown, words
    offer = text_of(ruth.get(f"{page}/stay"))
    assert "Lamp Inn" in offer
    assert "We pay for it" in offer
    for never in ("New joists", "£"):
        assert never not in shown + offer
    assert tomasz.get(f"{page}/stay").status_code == 404
    assert send(tomasz, f"{page}/stay", accepted="no").status_code == 404
    assert "Choose yes or no" in text_of(send(ruth, f"{page}/stay"))
    assert send(ruth, f"{page}/stay", accepted="no", says="Too far from school").status_code == 302
    assert "You did not take this place" in text_of(ruth.get(f"{page}/stay"))
    assert send(ruth, f"{page}/stay", accepted="yes").status_code == 200  # it was answered already
    assert [stay.state for stay in queries.stays_of(told.leads)] == ["declined"]
    shown = text_of(ruth.get(page))
    assert "Too far from school" in shown
    assert "You do not take the place to stay" in shown


def test_somebody_who_reported_for_her_never_reads_that_she_stays_elsewhere(signed_in, portal):
    tomasz = tomasz_comes_in()
    said = Said(fault="ceiling_down", room="bedroom", flags=("structural",))
    told = do(
        actions.report_repair, home=cast.RUTHS_HOME, channel="phone", reporter=cast.TOMASZ, said=said, words_said="Hers hangs"
    )
    do(actions.offer_stay, repair=told.leads, who="Ruth and Mia", place="Lamp Inn", from_on=now().date())
    page = tomasz.get(f"/repairs/{told.leads}")
    assert page.status_code == 200
    for never in ("Lamp Inn", "place to stay", "somewhere safe"):
        assert never not in text_of(page)
    assert tomasz.get(f"/repairs/{told.leads}/stay").status_code == 404
