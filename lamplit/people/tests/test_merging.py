"""Two records shown as one: what crosses from one to the other, what never does, and that nothing is lost either way."""

import itertools
from datetime import UTC, date, datetime, timedelta

import pytest

from lamplit.basics.refusal import Refused
from lamplit.basics.who import cli, staff
from lamplit.people import actions, queries
from lamplit.people.actions import Believed
from lamplit.people.facts import PersonNote, Reach
from lamplit.people.rules import check_merge, check_stands

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
PURPOSES = ("code", "receipt", "message", "notice", "call")
_commands = itertools.count()


def now(who="s_dele"):
    count = next(_commands)
    return {"by": staff(who), "at": AT + timedelta(seconds=count), "command": f"form:merging-{count}"}


def person(name, address, **more):
    made = actions.record_person(name=name, **more, **now())
    how = Reach(channel="email", value=address, state="works", safe=False)
    actions.set_reach(person=made, how=how, **now() | {"by": cli("import")})
    return made


def two():
    return person("Ada Marsh", "ada@home.example", born_on=date(1990, 4, 1)), person("A Marsh", "am@work.example")


def merge(kept, gone, why="She has both letters", **more):
    stands = queries.believed(kept)
    return actions.merge_people(kept=kept, gone=gone, stands=stands, why=why, **more, **now())


def ways(who):
    return {way.value for purpose in PURPOSES for way in queries.ways_to_reach(who, purpose)}


def test_a_wrong_merge_sends_nothing_of_hers_to_him(landlord):
    """He keyed his own record as "A Marsh", and somebody takes it for hers."""
    her, him = two()
    merge(her, him)
    assert ways(her) == {"ada@home.example"}
    assert ways(him) == {"am@work.example"}
    assert {way.person for way in queries.reached_at("am@work.example")} == {him}, "he signs in to his own record"
    assert {way.person for way in queries.reached_at("ada@home.example")} == {her}
    marker = PersonNote(what="restricted", code="abuse", source="She said so")
    actions.note_person(person=her, about=marker, **now())
    assert queries.is_restricted(him), "the stricter holds for both"
    assert queries.restricted_among([him, her]) == {him, her}
    assert ways(her) == ways(him) == set(), "neither address is safe"


def test_once_confirmed_by_a_second_person_both_records_numbers_serve_her_and_codes_stay_apart(landlord):
    kept, gone = two()
    ident = merge(kept, gone)
    with pytest.raises(Refused, match=r"people\.merge_needs_two"):
        actions.confirm_merge(merge=ident, how="Rang both", **now())
    with pytest.raises(Refused, match=r"people\.no_reason"):
        actions.confirm_merge(merge=ident, how=" ", **now("s_priya"))
    actions.confirm_merge(merge=ident, how="Rang both", **now("s_priya"))
    with pytest.raises(Refused, match=r"people\.merge_confirmed"):
        actions.confirm_merge(merge=ident, how="Rang both", **now("s_priya"))
    assert ways(kept) == ways(gone) == {"ada@home.example", "am@work.example"}
    assert {way.value for way in queries.ways_to_reach(gone, "code")} == {"am@work.example"}


def test_needs_of_either_count_for_both(landlord):
    kept, gone = two()
    merge(kept, gone)
    actions.note_person(person=gone, about=PersonNote(what="need", code="oxygen", source="Her doctor"), **now())
    assert {need.code for need in queries.live_needs([kept], AT.date())} == {"oxygen"}
    both = [(need.person, need.code) for need in queries.live_needs([gone, kept], AT.date())]
    assert both == [(gone, "oxygen"), (kept, "oxygen")]


def test_taken_apart_both_are_as_they_were_and_what_came_since_goes_where_a_person_says(landlord):
    kept, gone = two()
    before = queries.believed(kept)
    stands = Believed(name="A Marsh", born_on=before.born_on)
    ident = actions.merge_people(kept=kept, gone=gone, stands=stands, why="Same hand", **now())
    assert queries.believed(kept).name == "A Marsh"
    assert queries.alike(gone) == queries.alike(kept) == [kept, gone]
    assert [one.person for one in queries.search("marsh")] == [kept]
    need = actions.note_person(person=kept, about=PersonNote(what="need", code="oxygen", source="Told us"), **now())
    how = Reach(channel="phone", value="01632 960444", state="works", safe=True)
    number = actions.set_reach(person=kept, how=how, **now())
    for wrong in ({"notes": ["n_none"], "reaches": []}, {"notes": [], "reaches": ["a_none"]}):
        with pytest.raises(Refused, match=r"people\.no_such"):
            actions.unmerge_people(merge=ident, why="Two sisters", **wrong, **now())
    actions.unmerge_people(merge=ident, why="Two sisters", notes=[need], reaches=[number], **now())
    assert queries.believed(kept) == before
    assert (queries.alike(kept), queries.alike(gone)) == ([kept], [gone])
    assert {need.code for need in queries.live_needs([kept], AT.date())} == set()
    assert {need.code for need in queries.live_needs([gone], AT.date())} == {"oxygen"}
    moved = next(one.how for one in queries.reaches(gone) if one.how.channel == "phone")
    assert (moved.value, moved.state) == ("+441632960444", "unproved"), "she proves it herself"
    assert next(one.how.state for one in queries.reaches(kept) if one.id == number) == "ended"
    with pytest.raises(Refused, match=r"people\.no_such_merge"):
        actions.unmerge_people(merge=ident, why="Again", notes=[], reaches=[], **now())
    merge(gone, kept, why="One after all")
    actions.correct_person(person=gone, name="Ada B Marsh", why="Passport", **now())
    actions.unmerge_people(merge=queries.merges_of([kept])[0].id, why="No", notes=[], reaches=[], **now())
    assert queries.believed(gone).name == "Ada B Marsh", "what somebody put right since stands"


def test_records_that_look_alike_are_named_with_why(landlord):
    kept, gone = two()
    same_number = person("Bob Other", "ada@home.example")
    born = person("Ada Marshe", "x@home.example", born_on=date(1990, 4, 1))
    found = {one.person: one.why for one in queries.twins_of(kept)}
    assert found[same_number] == ("the same number or address",)
    assert found[born] == ("a like name and the same date of birth",)
    assert gone not in found
    merge(kept, born)
    assert born not in {one.person for one in queries.twins_of(kept)}
    assert queries.twins_of("p_none") == []


@pytest.mark.parametrize(
    ("kept", "gone", "merged", "why", "code"),
    [
        ("p_a", "p_a", [], "x", "people.merge_same"),
        ("p_a", "p_b", [], None, "people.no_reason"),
        ("p_a", "p_b", [("p_c", "p_b")], "x", "people.merged_already"),
        ("p_a", "p_b", [("p_c", "p_a")], "x", "people.merged_already"),
        ("p_a", "p_b", [("p_b", "p_c")], "x", "people.merge_has_others"),
    ],
)
def test_no_chain_of_merges_and_none_without_a_reason(kept, gone, merged, why, code):
    with pytest.raises(Refused) as refused:
        check_merge(kept, gone, merged=merged, why=why)
    assert refused.value.code == code


def test_several_records_may_go_into_one_and_none_of_them_invents_a_value():
    check_merge("p_a", "p_b", merged=[("p_a", "p_c")], why="x")
    check_stands(Believed(name="A"), Believed(name="A", title="Dr"), Believed(name="B"))
    with pytest.raises(Refused, match=r"people\.merge_other_value"):
        check_stands(Believed(name="C"), Believed(name="A"), Believed(name="B"))
