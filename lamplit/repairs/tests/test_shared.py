"""Cases bigger than one home: in the shared parts of a block, and one leak over several homes."""

import pytest

from lamplit.basics import who
from lamplit.basics.refusal import Refused
from lamplit.basics.working_days import london_date
from lamplit.people import actions as people
from lamplit.people.facts import PersonNote
from lamplit.repairs import actions, queries
from lamplit.repairs.actions import Said
from lamplit.repairs.models import Repair, RepairHome
from lamplit.repairs.tests.story import AT, DAY, begin, do, mend_all, report, row, works
from tests import cast

LIFT = Said(fault="lift_out")
ON = london_date(AT)


@pytest.fixture(autouse=True)
def _cast(landlord):
    begin()


def refused(action, **kwargs):
    with pytest.raises(Refused) as caught:
        do(action, **kwargs)
    return caught.value.code


def seen(repair, person):
    return queries.tenant_case(repair, person, now=AT + DAY, on=ON)


def need(person, code):
    note = PersonNote(what="need", code=code, source="She said so", changes="Come sooner")
    do(people.note_person, person=person, about=note)


def test_a_report_for_the_shared_parts_is_seen_by_everybody_in_the_block_and_nobody_sees_whose_it_was():
    told = do(
        actions.report_shared, block=cast.BLOCK, channel="portal", said=LIFT, words_said="It sticks. Ruth at 5.",
        reporter=cast.RUTH, by=cast.BY_RUTH,
    )  # fmt: skip
    kept = row(told)
    assert (kept.block, kept.home, kept.household) == (cast.BLOCK, cast.BLOCK, cast.BLOCK)
    assert [one.id for one in queries.open_shared(cast.BLOCK)] == [told.repair]
    assert {one.id for one in queries.open_of_person(cast.TOMASZ, at=AT)} == {told.repair}
    assert queries.of_person(cast.OTTO) == []
    theirs = seen(told.repair, cast.TOMASZ)
    reported = theirs.timeline[0]
    assert (reported.about, reported.said, reported.reference) == ("A lift that does not work", None, "")
    assert theirs.block.id == cast.BLOCK
    assert seen(told.repair, cast.RUTH).timeline[0].said == "It sticks. Ruth at 5."
    assert [seen(told.repair, person) for person in (cast.OTTO, cast.MIA)] == [None, None]
    assert works(told)[0].home == cast.BLOCK

    need(cast.TOMASZ, "mobility")
    joined = do(actions.say_me_too, repair=told.repair, person=cast.TOMASZ, said="I cannot get down.", by=cast.BY_TOMASZ)
    assert (joined.joined, joined.leads, row(told).report_count) == (True, told.repair, 2)
    again = {"repair": told.repair, "by": cast.BY_TOMASZ}
    assert refused(actions.say_me_too, **again, person=cast.TOMASZ) == "repairs.told_us_already"
    assert refused(actions.say_me_too, **again, person=cast.RUTH) == "repairs.told_us_already"
    assert refused(actions.say_me_too, **again, person=cast.OTTO) == "repairs.not_your_block"
    assert "mobility" in queries.case(told.repair, now=AT).at_risk  # the needs of everybody who told us count
    assert all("cannot get down" not in str(line.said) for line in seen(told.repair, cast.RUTH).timeline)


def test_who_may_report_for_a_block():
    shared = {"block": cast.BLOCK, "channel": "phone", "said": LIFT}
    assert refused(actions.report_shared, **shared, by=cast.BY_OTTO) == "repairs.not_your_block"
    assert refused(actions.report_shared, **{**shared, "block": "b_no"}) == "repairs.no_such_block"
    first = do(actions.report_shared, **shared)
    second = do(actions.report_shared, **shared)
    apart = do(actions.report_shared, **shared, separate=True)
    assert (second.leads, second.joined, apart.joined) == (first.repair, True, False)
    hers = report()
    assert refused(actions.say_me_too, repair=hers.repair, person=cast.RUTH) == "repairs.not_your_block"


def test_one_leak_over_two_homes_is_one_case_and_each_household_sees_its_own():
    told = report(words_said="Water drips from the ceiling on my bed.")
    needed = row(told).priority
    need(cast.TOMASZ, "medical_electric")
    link = {"repair": told.repair, "home": cast.TOMASZS_HOME, "part": "affected"}
    assert refused(actions.link_home, **link) == "repairs.say_what_they_are_told"
    do(actions.link_home, **link, says="Water comes through your kitchen ceiling.")
    assert refused(actions.link_home, **{**link, "home": cast.RUTHS_HOME}) == "repairs.its_own_home"
    assert "medical_electric" in (row(told).retriage or row(told).triage)["needs"] or row(told).priority == needed

    there = do(actions.order_work, repair=told.repair, trade="plumber", what="Dry out the ceiling", home=cast.TOMASZS_HOME)
    his, hers = seen(told.repair, cast.TOMASZ), seen(told.repair, cast.RUTH)
    assert his.repair.title == "Water comes through your kitchen ceiling."
    assert [work.id for work in his.works] == [there]
    assert there not in [work.id for work in hers.works]
    told_him = [(line.kind, line.about, line.said) for line in his.timeline]
    assert ("repair.home_linked", "Water comes through your kitchen ceiling.", None) in told_him
    everything = str([(line.about, line.said, line.details) for line in his.timeline]) + str(vars(his.repair))
    for private in ("on my bed", "kitchen leak", str(row(told).title), str(row(told).words)):
        assert private not in everything
    assert all("your kitchen ceiling" not in str(line.about) for line in hers.timeline)
    assert {one.id for one in queries.open_of_person(cast.TOMASZ, at=AT)} == {told.repair}
    assert [one.id for one in queries.open_reaching(cast.TOMASZS_HOME)] == [told.repair]


def test_a_survey_of_one_home_leaves_its_visit_to_those_who_do_not_read_the_survey():
    told = report(Said(fault="leak_fitting", room="kitchen"))
    do(actions.link_home, repair=told.repair, home=cast.TOMASZS_HOME, part="affected", says="Water comes from above")
    survey = {"surveyor": cast.PRIYA, "found": "A split pipe", "works": [], "work": works(told)[0].id}
    do(actions.record_survey, repair=told.repair, **survey)
    lines = {person: [line.kind for line in seen(told.repair, person).lines] for person in (cast.RUTH, cast.TOMASZ)}
    assert ("survey.recorded" in lines[cast.RUTH], "visit.attended" in lines[cast.RUTH]) == (True, False)
    assert ("survey.recorded" in lines[cast.TOMASZ], "visit.attended" in lines[cast.TOMASZ]) == (False, True)


def test_it_ends_when_every_home_that_it_reaches_has_said_so():
    told = report(Said(fault="tap_drips", room="kitchen"))
    link = {"repair": told.repair, "home": cast.TOMASZS_HOME, "part": "affected"}
    do(actions.link_home, **link, says="It drips on you.")
    do(actions.link_home, **{**link, "home": cast.EMPTY_HOME}, says="It may drip there.")  # nobody lives there to be asked
    mend_all(told, at=AT + DAY)
    word = {"repair": told.repair, "channel": "portal", "at": AT + 2 * DAY}
    ended = do(actions.confirm_mended, **word, person=cast.RUTH, by=cast.BY_RUTH)
    assert [missing.code for missing in ended.missing] == ["word_elsewhere"]
    assert seen(told.repair, cast.TOMASZ).repair.confirmed_at is None
    ended = do(actions.confirm_mended, **word, person=cast.TOMASZ, by=cast.BY_TOMASZ)
    assert (ended.closed, row(told).status) == (True, "closed")

    do(actions.reopen_repair, repair=told.repair, channel="portal", person=cast.TOMASZ, by=cast.BY_TOMASZ, at=AT + 3 * DAY)
    work = do(actions.order_work, repair=told.repair, trade="plumber", what="Again")
    assert work in [one.id for one in works(told)]
    mend_all(told, at=AT + 4 * DAY)
    ended = do(actions.confirm_mended, **{**word, "at": AT + 5 * DAY}, person=cast.TOMASZ, by=cast.BY_TOMASZ)
    assert ([missing.code for missing in ended.missing], row(told).confirmed_at) == (["word"], None)  # hers is asked anew

    do(actions.link_home, **link, ended=True)
    assert refused(actions.link_home, **link, ended=True) == "repairs.not_linked"
    assert RepairHome.objects.get(home=cast.TOMASZS_HOME).ended
    assert seen(told.repair, cast.TOMASZ) is None
    assert do(actions.confirm_mended, **{**word, "at": AT + 5 * DAY}, person=cast.RUTH, by=who.person(cast.RUTH)).closed
    assert Repair.objects.get(id=told.repair).closed_how == "confirmed"
