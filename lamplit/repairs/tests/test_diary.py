"""The diary at work: places taken, moved and given back; whose doing a change is; who is on the way; paper keyed later."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import pytest
from django.db import connection

from lamplit.basics import who
from lamplit.basics.refusal import Refused
from lamplit.repairs import actions, queries
from lamplit.repairs.actions import Said, visits
from lamplit.repairs.models import Capacity, Happening, Visit
from lamplit.repairs.tests.story import AT, DAY, HOUR, PHOTO, begin, do, report, row, works
from tests import cast

DRIP = Said(fault="tap_drips", room="kitchen")
WEEK = [0, 1, 2, 3, 4]
TUESDAY = date(2026, 3, 3)


@pytest.fixture(autouse=True)
def _cast(landlord):
    begin()


def open_diary(places=1, **kwargs):
    given = {"name": "Kindle, plumbing", "trades": ["plumber", "multi_trade"], "contractor": cast.KINDLE, "area": "zz1"}
    ident = do(actions.record_diary, **{**given, **kwargs})
    do(actions.set_capacity, diary=ident, parts=["am", "pm"], weekdays=WEEK, from_on=date(2026, 1, 1), places=places)
    return ident


def small_job(**kwargs):
    told = report(DRIP, words_said="The tap drips.", **kwargs)
    return told, next(work for work in works(told) if work.trade in ("plumber", "multi_trade"))


def refused(action, **kwargs):
    with pytest.raises(Refused) as caught:
        do(action, **kwargs)
    return caught.value.code


def slot_codes(told, work, **kwargs):
    return [slot.code for slot in queries.slots_for(work, row(told), at=AT, **kwargs)]


def test_two_people_at_once_cannot_take_the_last_place():
    """Two connections ask for it at the same moment. Without the lock on the diary both would get it."""
    open_diary()
    jobs = [small_job()[1], small_job(home=cast.TOMASZS_HOME, reporter=cast.TOMASZ)[1]]
    people = [cast.BY_RUTH, cast.BY_TOMASZ]

    def take(number):
        try:
            return do(actions.book_slot, work=jobs[number].id, slot="2026-03-03.am", by=people[number])
        except Refused as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as both:
        answers = sorted(both.map(take, range(2)))
    assert answers[0] == "repairs.slot_taken"
    assert Visit.objects.filter(id=answers[1], state="booked").count() == Visit.objects.filter(state="booked").count() == 1


def test_a_tenant_books_changes_and_cancels_and_every_change_is_somebodys_doing():
    ident = open_diary()
    told, work = small_job()
    assert [one.id for one in queries.works_to_book(works(told), row(told))] == [work.id]
    assert slot_codes(told, work)[:3] == ["2026-03-03.am", "2026-03-03.pm", "2026-03-04.am"]
    visit = do(actions.book_slot, work=work.id, slot="2026-03-03.am", by=cast.BY_RUTH)
    kept = Visit.objects.get(id=visit)
    assert (kept.from_at, kept.diary, kept.contractor) == (datetime(2026, 3, 3, 8, tzinfo=UTC), ident, cast.KINDLE)
    assert refused(actions.book_slot, work=work.id, slot="2026-03-04.am", by=cast.BY_RUTH) == "repairs.already_booked"
    assert slot_codes(told, work)[0] == "2026-03-03.pm"  # the morning is gone for everybody else
    assert slot_codes(told, work, moving=visit)[0] == "2026-03-03.am"

    do(actions.book_slot, work=work.id, slot="2026-03-04.pm", visit=visit, by=cast.BY_RUTH)
    do(actions.book_slot, work=work.id, slot="2026-03-05.am", visit=visit, by=who.By("contractor", cast.KINDLE))
    do(actions.book_slot, work=work.id, slot="2026-03-06.am", visit=visit, ours=False)  # she rang, and Priya moved it
    moved = Visit.objects.get(id=visit)
    assert (moved.moved_count, moved.moved_by_us, moved.first_until_at) == (3, 1, datetime(2026, 3, 3, 12, tzinfo=UTC))
    lines = Happening.objects.filter(visit=visit).order_by("recorded_at", "id")
    assert [line.details.get("ours") for line in lines] == [None, False, True, False]
    assert slot_codes(told, work)[0] == "2026-03-03.am"  # what was let go is free again

    do(actions.cancel_visit, visit=visit, ours=False, by=cast.BY_RUTH)
    assert "2026-03-06.am" in slot_codes(told, work)
    assert refused(actions.book_slot, work=work.id, slot="2026-03-07.am", by=cast.BY_RUTH) == "repairs.slot_taken"  # a Saturday
    assert refused(actions.book_slot, work=work.id, slot="2026-03-06.am", visit=visit) == "repairs.visit_is_over"
    assert refused(actions.book_slot, work=work.id, slot="2026-03-06.am", visit="v_nobody") == "repairs.no_such_visit"


def test_a_full_diary_holds_for_planners_and_firms_too_unless_they_say_that_it_can_be_done():
    open_diary()
    told, work = small_job()
    other, more = small_job(home=cast.TOMASZS_HOME, reporter=cast.TOMASZ)
    span = {"from_at": datetime(2026, 3, 3, 9, tzinfo=UTC), "until_at": datetime(2026, 3, 3, 10, tzinfo=UTC)}
    do(actions.book_visit, work=work.id, **span)
    assert refused(actions.book_visit, work=more.id, **span, by=who.By("contractor", cast.KINDLE)) == "repairs.diary_full"
    visit = do(actions.book_visit, work=more.id, **span, over=True)
    assert Visit.objects.filter(diary__isnull=False, state="booked").count() == 2
    do(actions.book_visit, work=more.id, visit=visit, **span, over=True, ours=False)
    assert Visit.objects.get(id=visit).moved_by_us is None
    assert "2026-03-03.am" not in slot_codes(told, work)
    do(actions.raise_priority, repair=other.repair, priority="emergency", why="It bursts")
    assert queries.works_to_book(works(other), row(other)) == []  # nobody chooses a time for an emergency: somebody comes
    assert queries.slots_for(more, row(other), at=AT) is not None


def test_planners_keep_the_diaries():
    ident = open_diary(places=2)
    assert [queries.diary(ident).area, queries.diary("d_none")] == ["ZZ1", None]
    told, work = small_job()
    do(actions.set_capacity, diary=ident, parts=["am"], weekdays=WEEK, from_on=TUESDAY, until_on=TUESDAY, places=0)
    assert slot_codes(told, work)[0] == "2026-03-03.pm"
    do(actions.book_slot, work=work.id, slot="2026-03-03.pm", by=cast.BY_RUTH)
    shown = [(day.day, day.part.code, day.places, day.taken, day.left) for day in queries.days_of(ident, TUESDAY, 2)]
    assert shown == [
        (TUESDAY, "pm", 2, 1, 1), (date(2026, 3, 4), "am", 2, 0, 2), (date(2026, 3, 4), "pm", 2, 0, 2),
    ]  # fmt: skip
    do(actions.record_diary, diary=ident, name="Kindle", trades=["roofer"], contractor=cast.KINDLE, ended=True)
    assert queries.diary_of(work) is None
    assert refused(actions.book_slot, work=work.id, slot="2026-03-04.am", visit=Visit.objects.get().id) == "repairs.no_such_diary"
    assert Capacity.objects.filter(diary=ident).count() == 3
    wrong = [
        ({"name": " "}, "repairs.name_the_diary"), ({"trades": []}, "repairs.say_the_trades"),
        ({"contractor": "f_no"}, "repairs.no_such_firm"), ({"diary": "d_no"}, "repairs.no_such_diary"),
    ]  # fmt: skip
    for change, code in wrong:
        assert refused(actions.record_diary, **{"name": "A", "trades": ["plumber"], **change}) == code
    some = {"weekdays": WEEK, "from_on": TUESDAY, "places": 1}
    assert refused(actions.set_capacity, diary="d_no", parts=["am"], **some) == "repairs.no_such_diary"
    assert refused(actions.set_capacity, diary=ident, parts=[], **some) == "repairs.no_such_part"


def test_who_comes_says_that_she_is_on_the_way_and_the_tenant_that_nobody_came(monkeypatch):
    open_diary()
    told, work = small_job()
    visit = do(actions.book_slot, work=work.id, slot="2026-03-03.am", by=cast.BY_RUTH)
    assert refused(actions.set_out, visit=visit, by=cast.BY_COL) == "repairs.not_that_day"
    assert refused(actions.set_out, visit="v_no", by=cast.BY_COL) == "repairs.no_such_visit"
    morning = datetime(2026, 3, 3, 8, 30, tzinfo=UTC)
    do(actions.set_out, visit=visit, by=cast.BY_COL, at=morning)
    assert Visit.objects.get(id=visit).set_out_at == morning
    assert refused(actions.set_out, visit=visit, by=cast.BY_COL, at=morning) == "repairs.on_the_way_already"

    assert refused(actions.miss_visit, visit=visit, by=cast.BY_RUTH, at=morning + HOUR) == "repairs.visit_not_over_yet"
    monkeypatch.setattr(visits, "owed_for_missed", lambda _: 1000)
    do(actions.miss_visit, visit=visit, by=cast.BY_RUTH, at=morning + 4 * HOUR)
    missed = Visit.objects.get(id=visit)
    assert (missed.state, missed.ours, missed.owed_pence, missed.unsaid) == ("missed", True, 1000, None)
    assert row(told).missed_count == 1
    assert refused(actions.set_out, visit=visit, by=cast.BY_COL, at=morning) == "repairs.visit_is_over"
    assert [one.id for one in queries.works_to_book(works(told), row(told))] == [work.id]  # she may choose the next time


def test_what_was_written_on_paper_is_keyed_later_with_both_times_and_never_twice():
    told, work = small_job()
    there = AT + DAY
    visit = do(actions.book_visit, work=work.id, from_at=there - HOUR, until_at=there + HOUR, operative=cast.COL)
    paper = {
        "work": work.id, "outcome": "temporary", "arrived_at": there, "did": "Taped it", "evidence": [PHOTO],
        "on_word_of": cast.COL, "by": cast.BY_DELE, "at": there,
    }  # fmt: skip
    assert refused(actions.attend_visit, **{**paper, "on_word_of": "s_nobody"}) == "repairs.no_such_person"
    assert do(actions.attend_visit, visit=visit, **paper) == visit
    kept = Visit.objects.get(id=visit)
    assert (kept.attended_by, kept.arrived_at) == (f"staff:{cast.COL}", there)
    line = Happening.objects.get(kind="visit.attended")
    assert (line.at, line.by, line.details["word_of"]) == (there, f"staff:{cast.DELE}", cast.COL)
    assert line.recorded_at > line.at  # the record's own clock says when it was keyed
    assert refused(actions.attend_visit, visit=visit, **paper) == "repairs.visit_is_over"
    assert refused(actions.attend_visit, **paper) == "repairs.told_already"
    assert Visit.objects.filter(state="attended").count() == 1
    mended = {
        "outcome": "mended",
        "arrived_at": there + DAY,
        "at": there + DAY,
        "evidence": [PHOTO, *(f"{n}: seen" for n in work.needs)],
    }
    do(actions.attend_visit, **{**paper, **mended})
    stopped = [clock.stopped_at for clock in queries.case(told.repair, now=there).clocks if clock.code.startswith("target.")]
    assert stopped == [there + DAY]  # the clock ended when it was mended, not when somebody keyed it
