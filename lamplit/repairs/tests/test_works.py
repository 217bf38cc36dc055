"""A survey and the works that it asks for; more money; where the household stays meanwhile; why it keeps coming back."""

from datetime import date, timedelta

import pytest

from lamplit.basics import who
from lamplit.basics.picture import Picture
from lamplit.basics.refusal import Refused
from lamplit.repairs import actions, queries
from lamplit.repairs.actions import FollowOn, Measured, RateRow, Said, WorkFound
from lamplit.repairs.models import Work
from lamplit.repairs.tests.story import AT, DAY, HOUR, begin, do, mend, mend_all, report, row, timeline, works
from lamplit.staff import actions as staff
from tests import cast

SHELF, MOULD = Said(fault="cupboard", room="kitchen"), Said(fault="damp_mould", room="bathroom")
CEILING = Said(fault="ceiling_down", room="bedroom", flags=("structural",))
BY_KINDLE = who.By("contractor", cast.KINDLE)
PICTURE = Picture(kind="jpeg", original=b"as it came", large=b"for showing", small=b"for a list")


@pytest.fixture(autouse=True)
def _cast(landlord):
    begin()
    gutter = {"code": "RF-0101", "says": "Reline valley gutter", "trade": "roofer", "unit": "metre"}
    rates = [
        RateRow(line=2, pence=4250, from_on=date(2026, 1, 1), **gutter),
        RateRow(line=3, pence=9999, from_on=date(2027, 1, 1), **gutter),
        RateRow(line=4, code="OLD-1", says="Gone", trade="roofer", unit="item", pence=1, from_on=date(2020, 1, 1),
                until_on=date(2020, 12, 31)),
    ]  # fmt: skip
    do(actions.import_rates, rows=rates, rehearse=False, by=who.cli("import:ann"))


@pytest.fixture
def surveyor():
    return do(
        staff.join_staff, by=who.cli("ann"), at=AT - DAY, name="Sue Stone", email="sue@landlord.example", roles=["surveyor"],
        phone="07700 900011",
    )  # fmt: skip


def refusal(action, **told):
    with pytest.raises(Refused) as refused:
        do(action, **told)
    return refused.value.code


def missing(told, at, how="confirmed"):
    return [(one.code, one.work) for one in queries.what_is_missing(told.leads, how, at=at, by=cast.BY_PRIYA)]


def survey(told, surveyor, at, **more):
    found = [
        WorkFound(what="Reline the valley gutter", trade="roofer", place="Over the bathroom", target_on=date(2026, 3, 20),
                  rate=Measured(code="rf-0101", hundredths=350)),
        WorkFound(what="Paint the ceiling", trade="builder", needs=()),
    ]  # fmt: skip
    kept = {"surveyor": surveyor, "found": "Rain comes in at the valley", "cause": "Split lead", "works": found}
    return do(actions.record_survey, repair=told.leads, by=who.staff(surveyor), at=at, **(kept | more))


def test_every_work_of_a_survey_is_shown_done_or_taken_out_before_it_ends(surveyor):
    told = report(MOULD)
    own = next(work for work in works(told) if work.trade == "surveyor")
    ident = survey(told, surveyor, AT + HOUR, work=own.id, findings=[(1, "significant")], readings="Wall 22 %")
    gutter, paint = (Work.objects.get(survey=ident, trade=trade) for trade in ("roofer", "builder"))
    assert (gutter.place, gutter.pence, gutter.contractor, gutter.needs) == ("Over the bathroom", 14_875, cast.KINDLE, ["photo"])
    assert [line["pence"] for line in gutter.price] == [14_875]
    assert row(told).running[f"by.{gutter.id}"].startswith("2026-03-21")
    assert Work.objects.get(id=own.id).state == "done"
    assert row(told).cause == "Split lead"
    assert "survey.recorded" in timeline(told)
    assert [one.found for one in queries.surveys_of(told.leads)] == ["Rain comes in at the valley"]
    # done, and only told in words: the photo that was asked for is still missing
    mend_all(told, at=AT + 2 * HOUR, evidence=["note: seen"], made_good=True)
    assert ("evidence", gutter.id) in missing(told, AT + DAY)
    assert ("unproved", paint.id) not in missing(told, AT + DAY)  # a note of the visit shows it
    assert (
        refusal(actions.prove_work, work=gutter.id, kind="photo", says="Lead", by=cast.BY_PRIYA, at=AT + DAY)
        == "repairs.not_yours_to_prove"
    )
    assert (
        refusal(actions.prove_work, work=gutter.id, kind="photo", says="x", photo="i_nothing", by=cast.BY_COL, at=AT + DAY)
        == "repairs.no_such_photo"
    )
    do(actions.prove_work, work=gutter.id, kind="photo", says="New lead in the valley", by=cast.BY_COL, at=AT + DAY)
    assert ("evidence", gutter.id) not in missing(told, AT + DAY)
    assert [one.says for one in queries.proofs_of(told.leads)] == ["New lead in the valley"]


@pytest.mark.parametrize("whole", [True, False], ids=["a survey", "a visit"])
def test_the_investigation_begins_before_what_it_finds(surveyor, whole):
    told = report(MOULD)
    own = next(work for work in works(told) if work.trade == "surveyor")
    if whole:
        survey(told, surveyor, AT + HOUR, work=own.id, findings=[(1, "significant")], works=[])
    else:
        came = {"outcome": "inspected", "arrived_at": AT + HOUR, "found": "Rain comes in", "cause": "Split lead"}
        do(actions.attend_visit, work=own.id, findings=[(1, "significant")], by=who.staff(surveyor), at=AT + HOUR, **came)
    lines = queries.case(told.leads, now=AT + DAY).timeline
    first = ["survey.recorded"] if whole else []
    assert [line.details.get("step", line.kind) for line in lines if line.at == AT + HOUR] == [
        "investigation_begun", *first, "visit.attended", "cause.recorded", "concluded_significant",
    ]  # fmt: skip


def test_a_finding_that_comes_after_the_conclusion_is_refused_and_not_left_out(surveyor):
    told = report(MOULD)
    own = next(work for work in works(told) if work.trade == "surveyor")
    survey(told, surveyor, AT + HOUR, work=own.id, findings=[(1, "significant")])
    again = {"repair": told.leads, "surveyor": surveyor, "found": "Worse", "works": [], "by": who.staff(surveyor), "at": AT + DAY}
    assert refusal(actions.record_survey, findings=[(1, "emergency")], **again) == "repairs.hazard_step_out_of_turn"
    assert len(queries.surveys_of(told.leads)) == 1
    do(actions.record_survey, **again)
    assert len(queries.surveys_of(told.leads)) == 2, "without a finding it is taken"


def test_a_photo_of_the_work_shows_it_and_one_from_before_does_not(surveyor):
    told = report(SHELF)
    do(actions.cancel_work, work=works(told)[0].id, why="The survey says more")
    ident = survey(told, surveyor, AT + HOUR, works=[WorkFound(what="Hang the doors", trade="builder")])
    hang = Work.objects.get(survey=ident)
    assert (
        refusal(actions.prove_work, work=hang.id, kind="note", says="Done", by=cast.BY_COL, at=AT + DAY) == "repairs.not_done_yet"
    )
    mend(hang, at=AT + DAY, evidence=["note: seen"])
    for stage, left in (("before", [("evidence", hang.id)]), ("after", [])):
        do(actions.add_photo, repair=told.leads, picture=PICTURE, work=hang.id, stage=stage, by=cast.BY_COL, at=AT + DAY)
        assert [one for one in missing(told, AT + 2 * DAY) if one[1] == hang.id] == left


def test_only_a_named_person_takes_a_work_of_a_survey_out_and_another_trade_carries_it_on(surveyor):
    told = report(SHELF)
    ident = survey(told, surveyor, AT + HOUR)
    gutter, paint = (Work.objects.get(survey=ident, trade=trade) for trade in ("roofer", "builder"))
    assert refusal(actions.cancel_work, work=paint.id, why="No need", by=BY_KINDLE) == "repairs.named_person"
    do(actions.cancel_work, work=paint.id, why="Paint is sound", at=AT + DAY)
    assert Work.objects.get(id=paint.id).over_by == str(cast.BY_PRIYA)
    on = [FollowOn(trade="plumber", what="Move the pipe first")]
    do(
        actions.attend_visit, work=gutter.id, outcome="other_trade", arrived_at=AT + DAY, follow_on=on, by=cast.BY_COL,
        at=AT + DAY,
    )  # fmt: skip
    assert Work.objects.get(follows=gutter.id).survey == ident


def test_more_money_within_the_limit_is_agreed_at_once_and_pieces_are_added_up(surveyor):
    told = report(SHELF)
    work = works(told)[0].id
    ask = {"work": work, "more": "money", "what": "A second shelf", "why": "Both were rotten", "by": BY_KINDLE}
    assert refusal(actions.ask_variation, **ask) == "repairs.say_how_much"
    first = do(actions.ask_variation, **ask, pence=9_000, at=AT + HOUR)
    assert (first.agreed, Work.objects.get(id=work).more_pence) == (True, 9_000)
    second = do(actions.ask_variation, **ask, pence=9_000, at=AT + 2 * HOUR)
    assert (second.agreed, second.approver) == (False, cast.DELE)  # the lead
    assert f"variation.{second.variation}" in row(told).running
    assert [(one.id, repair.id) for one, repair in queries.variations_waiting()] == [(second.variation, told.leads)]
    decide = {"variation": second.variation, "agreed": True}
    assert refusal(actions.decide_variation, **decide, by=BY_KINDLE) == "repairs.named_person"
    assert refusal(actions.decide_variation, variation=second.variation, agreed=False, by=cast.BY_DELE) == "repairs.say_why"
    assert refusal(actions.decide_variation, **decide, by=cast.BY_COL) == "repairs.above_your_limit"
    do(actions.decide_variation, **decide, pence=7_000, by=cast.BY_DELE, at=AT + 3 * HOUR)
    assert Work.objects.get(id=work).more_pence == 16_000
    assert f"variation.{second.variation}" not in row(told).running
    assert queries.variations_waiting() == []
    assert refusal(actions.decide_variation, **decide, by=cast.BY_DELE) == "repairs.variation_decided"
    hers = queries.tenant_case(told.leads, cast.RUTH, now=AT + DAY, on=date(2026, 3, 3))
    assert not [line.kind for line in hers.timeline if line.kind.startswith("variation.")]  # money is no matter of hers


def test_more_work_that_is_agreed_is_a_work_of_its_own_and_a_refused_one_is_none(surveyor):
    told = report(SHELF)
    work = works(told)[0].id
    ask = {"work": work, "more": "work", "what": "Reline the gutter", "why": "It leaks too", "trade": "roofer", "by": BY_KINDLE}
    assert refusal(actions.ask_variation, **ask, lines=[Measured(code="OLD-1", hundredths=100)]) == "repairs.no_such_rate"
    assert refusal(actions.ask_variation, **ask, lines=[Measured(code="RF-0101", hundredths=0)]) == "repairs.bad_quantity"
    unpriced = do(actions.ask_variation, **ask, at=AT + HOUR)
    assert not unpriced.agreed
    assert refusal(actions.decide_variation, variation=unpriced.variation, agreed=True, by=cast.BY_DELE) == "repairs.say_how_much"
    assert (
        do(actions.decide_variation, variation=unpriced.variation, agreed=False, why="Later", by=cast.BY_DELE, at=AT + 2 * HOUR)
        is None
    )
    priced = do(actions.ask_variation, **ask, lines=[Measured(code="RF-0101", hundredths=1000)], at=AT + 3 * HOUR)
    assert (priced.agreed, priced.pence) == (False, 42_500)
    led_to = do(actions.decide_variation, variation=priced.variation, agreed=True, by=cast.BY_DELE, at=AT + 4 * HOUR)
    more = Work.objects.get(id=led_to)
    assert (more.trade, more.contractor, more.follows, more.pence, more.what) == (
        "roofer",
        cast.KINDLE,
        work,
        42_500,
        "Reline the gutter",
    )
    own = do(actions.ask_variation, **(ask | {"by": cast.BY_DELE, "more": "money"}), pence=9_000_000, at=AT + 5 * HOUR)
    assert own.approver is None  # the only lead asked for it
    assert refusal(actions.decide_variation, variation=own.variation, agreed=True, by=cast.BY_DELE) == "repairs.not_your_own"


def test_making_a_home_safe_never_waits_for_a_yes():
    told = report(CEILING)
    work = works(told)[0]
    ask = {"work": work.id, "more": "work", "what": "Prop the joists", "why": "The ceiling hangs", "by": BY_KINDLE}
    asked = do(actions.ask_variation, **ask, make_safe=True, at=AT + HOUR)
    assert asked.agreed
    assert asked.led_to is not None
    assert [one.id for one, _ in queries.variations_to_make_safe(AT + DAY)] == [asked.variation]
    calm = report(SHELF)
    ask["work"] = works(calm)[0].id
    assert not do(actions.ask_variation, **ask, make_safe=True, at=AT + HOUR).agreed  # nothing is unsafe there


def test_a_place_to_stay_is_each_step_of_the_law():
    told = report(CEILING)
    offer = {
        "repair": told.leads, "who": "Ruth and Mia", "place": "Lamp Inn, 2 Quay Street", "from_on": date(2026, 3, 2),
        "suits": "A room for each", "pence": 40_000,
    }  # fmt: skip
    assert refusal(actions.offer_stay, **(offer | {"until_on": date(2026, 3, 1)})) == "repairs.stay_backwards"
    first = do(actions.offer_stay, **offer, at=AT + HOUR)
    assert "awaab.F" in row(told).running
    assert refusal(actions.answer_stay, stay=first, accepted=True, channel="portal", by=cast.BY_TOMASZ) == "repairs.not_your_home"
    do(actions.answer_stay, stay=first, accepted=False, channel="portal", says="Too far", by=cast.BY_RUTH, at=AT + 2 * HOUR)
    assert "awaab.F" not in row(told).running
    second = do(actions.offer_stay, **offer, at=AT + 3 * HOUR)
    do(actions.answer_stay, stay=second, accepted=True, channel="call", at=AT + 4 * HOUR)
    assert refusal(actions.offer_stay, **offer) == "repairs.stay_is_taken"
    assert "awaab.A2" in row(told).running
    do(actions.begin_stay, stay=second, at=AT + 5 * HOUR)
    assert "awaab.A2" not in row(told).running
    do(actions.end_stay, stay=second, moved_back=True, pence=61_200, at=AT + 3 * DAY)
    assert refusal(actions.end_stay, stay=second, moved_back=True) == "repairs.stay_out_of_turn"
    assert [(one.state, one.pence) for one in queries.stays_of(told.leads)] == [("declined", 40_000), ("ended", 61_200)]
    assert [one.place for one in queries.stays_for(told.leads, cast.RUTH, on=date(2026, 3, 3))] == ["Lamp Inn, 2 Quay Street"] * 2
    assert queries.stays_for(told.leads, cast.TOMASZ, on=date(2026, 3, 3)) == []
    steps = [step for step, _, _ in row(told).steps]
    assert steps == [
        "alternative_offered", "alternative_declined", "alternative_offered", "alternative_accepted", "moved_out", "moved_back",
    ]  # fmt: skip


def test_the_third_report_is_reviewed_once_and_damp_opened_again_as_well():
    tap = Said(fault="tap_drips", room="kitchen")
    for days in (200, 100, 0):
        told = report(tap, at=AT - days * DAY)
        mend_all(told, at=AT - days * DAY + HOUR, made_good=True)
        do(actions.close_repair, repair=told.leads, how="not_ours", why="Test", at=AT - days * DAY + 2 * HOUR)
    (one,) = queries.reviews_due()
    review, about = one
    assert (about.id, review.because, review.reports, review.owner) == (told.leads, "reports", 3, cast.PRIYA)
    report(tap, at=AT + HOUR)
    assert len(queries.reviews_due()) == 1  # the same trouble is under review
    do(actions.give_review, review=review.id, owner=cast.DELE)
    close = {
        "review": review.id,
        "finding": "Old pressure valve",
        "changes": "All valves of the riser",
        "tells": "We change all valves",
    }
    assert refusal(actions.close_review, **close, by=who.job("x")) == "repairs.named_person"
    assert refusal(actions.close_review, **(close | {"changes": " "})) == "repairs.say_what_changes"
    do(actions.close_review, **close, at=AT + DAY)
    assert refusal(actions.give_review, review=review.id, owner=cast.DELE) == "repairs.review_is_closed"
    assert [(r.owner, r.changes, r.closed_by) for r in queries.reviews_of(about.id)] == [
        (cast.DELE, "All valves of the riser", str(cast.BY_PRIYA))
    ]
    damp = report(MOULD, at=AT + HOUR)
    do(actions.reopen_repair, repair=damp.leads, channel="portal", by=cast.BY_RUTH, at=AT + 2 * DAY)
    assert [review.because for review, _ in queries.reviews_due()] == ["reopened"]


def test_work_goes_to_the_firm_that_covers_its_patch():
    near = do(staff.record_contractor, by=who.cli("ann"), name="Near Roofs", trades=["roofer"])
    wide = do(staff.record_contractor, by=who.cli("ann"), name="Wide Roofs", trades=["roofer"])
    patch = do(staff.record_patch, by=who.cli("ann"), name="Ember Rise", blocks=[cast.BLOCK], postcodes=[])
    other = do(staff.record_patch, by=who.cli("ann"), name="Elsewhere", blocks=[], postcodes=["YY9"])
    begun = (AT - timedelta(days=9)).date()
    do(staff.record_cover, by=who.cli("ann"), contractor=wide, trade="roofer", from_on=begun)
    assert (
        refusal(staff.record_cover, contractor=near, trade="roofer", from_on=begun, until_on=date(2020, 1, 1))
        == "staff.cover_backwards"
    )
    cover = do(staff.record_cover, by=who.cli("ann"), contractor=near, trade="roofer", patch=patch, from_on=begun)
    do(staff.record_cover, by=who.cli("ann"), contractor=cast.KINDLE, trade="roofer", patch=other, from_on=begun)
    told = report(SHELF)

    def ordered(at):
        return Work.objects.get(id=do(actions.order_work, repair=told.leads, trade="roofer", what="Tiles", at=at)).contractor

    assert ordered(AT) == near
    do(staff.record_cover, contractor=near, trade="roofer", patch=patch, from_on=begun, until_on=AT.date(), cover=cover)
    assert ordered(AT + DAY) == wide
    assert ordered(AT - timedelta(days=30)) == cast.KINDLE  # before anybody covered it: the first firm of the trade
    plumber = Work.objects.get(id=do(actions.order_work, repair=told.leads, trade="plumber", what="Pipe"))
    assert plumber.contractor == cast.KINDLE
