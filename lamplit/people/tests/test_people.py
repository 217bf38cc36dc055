"""People, how to reach them, what to know of them: actions and queries together."""

import itertools
from datetime import UTC, date, datetime, timedelta

import pytest

from lamplit.basics.refusal import Refused
from lamplit.basics.who import cli, staff
from lamplit.people import actions, queries
from lamplit.people.facts import Mandate, PersonNote, Reach

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
TODAY = AT.date()
_commands = itertools.count()


def now(at=None):
    """What every action is told beside its matter; each comes a second after the one before."""
    count = next(_commands)
    return {"by": staff("s_officer"), "at": at or AT + timedelta(seconds=count), "command": f"form:people-{count}"}


def mary(**more):
    return actions.record_person(name="Mary Okafor", known_as="Moll", born_on=date(1980, 5, 1), **more, **now())


def give(person, channel, value, state="works", safe=True, at=AT, **more):
    how = Reach(channel=channel, value=value, state=state, safe=safe)
    return actions.set_reach(person=person, how=how, **more, **now(at) | {"by": cli("import")})


def test_who_we_believed_her_to_be_stays_readable(landlord):
    person = mary()
    actions.correct_person(
        person=person, why="Her passport", name="Mary Okafor-Ellis", title="Dr", born_on=date(1981, 5, 1), **now()
    )
    seen = queries.person(person)
    assert (queries.full_name(seen), queries.born_on(seen), seen.known_as) == ("Mary Okafor-Ellis", date(1981, 5, 1), None)
    assert [(line.name, line.why) for line in queries.beliefs(person)] == [
        ("Mary Okafor-Ellis", "Her passport"),
        ("Mary Okafor", None),
    ]


def test_codes_and_letters_go_only_where_she_is_safe(landlord):
    person = mary()
    shared = give(person, "email", "family@example.com", safe=False)
    own = give(person, "text", "07700 900123", at=AT + timedelta(minutes=1))
    assert [way.id for way in queries.ways_to_reach(person, "code")] == [own, shared]
    note = actions.note_person(person=person, about=PersonNote(what="restricted", code="abuse", source="She told us"), **now())
    assert queries.is_restricted(person)
    for purpose in ("code", "receipt", "message", "notice", "call"):
        assert [way.id for way in queries.ways_to_reach(person, purpose)] == [own]
    assert queries.reached_at("family@example.com") == []
    over = PersonNote(what="restricted", code="abuse", source="She told us", ended_on=TODAY)
    assert actions.note_person(person=person, about=over, **now()) == note
    assert len(queries.ways_to_reach(person, "code")) == 2


def test_each_person_behind_a_shared_address_is_found_for_signing_in(landlord):
    people = sorted([mary(), mary()])
    for person in people:
        give(person, "email", "Family@Example.com")
    assert [way.person for way in queries.reached_at(" FAMILY@example.com")] == people
    assert queries.reached_at("07700 900999") == []
    assert queries.reached_at("nonsense") == []
    assert queries.reached_at("nonsense@") == []


def test_a_contact_point_is_proved_changed_and_ended(landlord):
    person = mary()
    point = give(person, "text", "07700 900123", state="unproved")
    works = Reach(channel="text", value="07700 900123", state="works", safe=True)
    actions.set_reach(person=person, how=works, reach=point, **now())
    for purpose in ("code", "receipt", "message", "notice"):
        assert queries.ways_to_reach(person, purpose) == []  # staff's word proves no mobile
    assert queries.reached_at("07700 900123") == []
    assert [way.state for way in queries.ways_to_reach(person, "call")] == ["unproved"]
    actions.prove_reach(person=person, reach=point, **now())
    assert [way.value for way in queries.reached_at("07700 900123")] == ["+447700900123"]
    assert queries.reaches(person)[0].how.proved == "code"
    actions.set_reach(
        person=person, how=Reach(channel="text", value="07700 900124", state="works", safe=True), reach=point, **now()
    )
    assert queries.ways_to_reach(person, "code") == []
    ended = Reach(channel="text", value="07700 900124", state="ended", safe=True, why="She lost the phone")
    actions.set_reach(person=person, reach=point, how=ended, **now())
    assert [one.how.why for one in queries.reaches(person)] == ["She lost the phone"]
    assert give(person, "text", "07700 900124") != point
    with pytest.raises(Refused, match=r"people\.reach_ended"):
        actions.prove_reach(person=person, reach=point, **now())


def test_the_newest_preference_counts_and_is_not_doubled(landlord):
    person = mary()
    give(person, "text", "07700 900123")
    mail = give(person, "email", "mary@example.com")
    for code, value in [("channel", "text"), ("channel", "email"), ("language", "Somali"), ("format", "large_print")]:
        actions.note_person(person=person, about=PersonNote(what="preference", code=code, value=value), **now())
    wanted = queries.preferences(person, TODAY)
    assert (wanted.channel, wanted.language, wanted.format) == ("email", "Somali", "large_print")
    assert queries.ways_to_reach(person, "message")[0].id == mail
    assert len(queries.notes(person)) == 3


def test_needs_that_count_come_from_notes_and_from_age(landlord):
    old = actions.record_person(name="Ada", born_on=date(1940, 1, 1), **now())
    person = mary()
    first = actions.note_person(
        person=person, about=PersonNote(what="need", code="asthma", source="GP letter", changes="Mould first"), **now()
    )
    again = PersonNote(what="need", code="asthma", source="She said so", changes="Mould first")
    assert actions.note_person(person=person, about=again, **now()) == first
    actions.note_person(
        person=person, about=PersonNote(what="need", code="pregnant", source="x", ended_on=date(2026, 6, 1)), **now()
    )
    assert [(need.person, need.code) for need in queries.live_needs([old, person, "p_none"], TODAY)] == [
        (old, "over_65"),
        (old, "over_75"),
        (person, "pregnant"),
        (person, "asthma"),
    ]
    assert [need.code for need in queries.live_needs([person], date(2026, 6, 1))] == ["asthma"]
    assert [note.about.code for note in queries.live_notes(person, date(2026, 6, 1))] == ["asthma"]


def test_a_representative_may_act_for_what_and_as_long_as_was_said(landlord):
    person = mary()
    leave = Mandate(name="Ben Okafor", relation="brother", phone="07700 900125", scope=["repairs"], expires_on=date(2026, 12, 31))
    mandate = actions.represent_person(person=person, leave=leave, **now())
    assert [one.leave.phone for one in queries.mandates(person, TODAY, "repairs")] == ["+447700900125"]
    assert queries.mandates(person, TODAY, "rent") == []
    assert queries.mandates(person, date(2027, 1, 1), "repairs") == []
    over = Mandate(name="Ben Okafor", scope=["repairs"], ended_on=TODAY)
    actions.represent_person(person=person, mandate=mandate, leave=over, **now())
    assert queries.mandates(person, TODAY, "repairs") == []
    assert len(queries.mandates(person)) == 1


def test_it_refuses_what_is_not_there_or_cannot_be(landlord):
    person, other = mary(), mary()
    theirs = give(other, "text", "07700 900126")
    point = give(person, "email", "mary@example.com")
    note = actions.note_person(person=person, about=PersonNote(what="alert", code="dog", says="Large"), **now())
    mandate = actions.represent_person(person=other, leave=Mandate(name="Ben", scope=["rent"]), **now())
    alert = PersonNote(what="alert", code="dog", says="Gone")
    tried = [
        ("people.no_name", lambda: actions.record_person(name=" \x00", **now())),
        ("people.bad_birth", lambda: actions.record_person(name="x", born_on=date(2030, 1, 1), **now())),
        ("people.no_such_person", lambda: actions.correct_person(person="p_none", why="x", name="x", **now())),
        ("people.no_reason", lambda: actions.correct_person(person=person, why=" ", name="x", **now())),
        ("people.no_such_person", lambda: give("p_none", "text", "07700 900123")),
        ("people.no_such_reach", lambda: give(person, "text", "07700 900126", reach=theirs)),
        ("people.reach_known", lambda: give(person, "email", "MARY@example.com")),
        ("people.other_channel", lambda: give(person, "text", "07700 900123", reach=point)),
        ("people.no_such_note", lambda: actions.note_person(person=other, note=note, about=alert, **now())),
        (
            "people.other_kind",
            lambda: actions.note_person(person=person, note=note, about=PersonNote(what="need", code="dog", source="x"), **now()),
        ),
        ("people.no_such_person", lambda: actions.note_person(person="p_none", about=alert, **now())),
        (
            "people.no_such_mandate",
            lambda: actions.represent_person(person=person, mandate=mandate, leave=Mandate(name="B", scope=["rent"]), **now()),
        ),
    ]
    for code, attempt in tried:
        with pytest.raises(Refused) as refused:
            attempt()
        assert refused.value.code == code


def test_the_search_box_finds_people_and_says_why(landlord):
    zoe = actions.record_person(name="Zo\u00eb O\u2019N\u00e9ill-\u0141uczak", known_as="Zozo", **now())
    person = mary()
    give(person, "text", "07700 900123")
    old = give(zoe, "phone", "020 7946 0018")
    actions.set_reach(
        person=zoe, reach=old, how=Reach(channel="phone", value="02079460018", state="ended", safe=True, why="Moved"), **now()
    )
    give(zoe, "email", "zed@mail.example.com")

    def found(text):
        return [(one.person, one.why, one.ended) for one in queries.search(text)]

    for text in ("zoe", "o'neill zoe", "LUCZAK", "zozo", "neil"):
        assert found(text) == [(zoe, "name", False)]
    for text in ("okafur", "mray okafor", "Okafo", "moll okaffor"):
        assert found(text) == [(person, "name" if text == "Okafo" else "nearly", False)]
    assert found("m okafor") == [(person, "name", False)]
    assert found("okxfur") == found("x okafor") == []
    for text in ("07700 900123", "07700 9", "+44 7700", "900123", "0044 7700 900"):
        assert found(text) == [(person, "phone", False)]
    assert found("020 7946") == [(zoe, "phone", True)]
    assert found("zed@mail") == found("mail.example") == [(zoe, "email", False)]
    assert found(person) == [(person, "reference", False)]
    assert found("%") == found("") == found("erased") == found("12") == []


def test_a_first_name_heard_wrongly_hides_no_surname(landlord):
    mei, sian = (actions.record_person(name=name, **now()) for name in ("Mei Hussain", "Si\u00e2n Rhys"))
    omar, _shane = (actions.record_person(name=name, **now()) for name in ("Omar Hussain", "Shane Penn"))

    def nearest(text):
        assert queries.search(text) == []
        return [(one.person, one.why) for one in queries.search_nearest(text)]

    for text in ("mai hussein", "may hussain", "mai husain", "mei husein"):
        assert nearest(text) == [(mei, "sounds"), (omar, "partly")], text
    assert nearest("olu hussain") == [(omar, "partly"), (mei, "partly")]
    assert nearest("shan rees")[0] == (sian, "sounds")
    assert queries.search_nearest("mai husein 12") == queries.search_nearest("mai zzxxq") == queries.search_nearest("") == []


def test_somebody_erased_is_found_by_nothing(landlord):
    person, other = mary(), mary()
    give(person, "email", "mary@example.com")
    landlord.erase(person, "contact")
    assert [one.person for one in queries.search("mary")] == [other]
    assert [one.person for one in queries.search("okafur")] == [other]
    for text in ("erased", "mary@example.com", "\x01erased", "example", "earsed"):
        assert queries.search(text) == queries.search_nearest(text) == []
    assert queries.full_name(queries.person(person)) == "erased"
    assert queries.born_on(queries.person(person)) is None
    assert queries.ways_to_reach(person, "code") == []
    assert queries.reached_at("mary@example.com") == []
