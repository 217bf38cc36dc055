"""In an incident every household is told, once two people agreed; letters that ask something are stopped."""

from datetime import timedelta
from typing import Any

import pytest

from lamplit.basics.original import Original
from lamplit.basics.refusal import Refused
from lamplit.basics.who import cli
from lamplit.incidents import actions, queries
from lamplit.incidents.actions import telling as told_by
from lamplit.messages import actions as said
from lamplit.messages import queries as read
from lamplit.people import actions as people
from lamplit.people import queries as known
from lamplit.people.facts import PersonNote, Reach
from lamplit.reactions import timers
from lamplit.reactions.tests.working import messages
from lamplit.tenancies import actions as tenancies
from tests import cast
from tests.cast import AT, BY_DELE, BY_PRIYA, RUTH, TOMASZ
from tests.landlord import Landlord

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
_count = iter(range(1000))


def do(action: Any, at: Any = AT, by: Any = BY_DELE, **told: Any) -> Any:
    return action(**told, by=by, at=at, command=f"form:telling-{next(_count)}")


def opened(*, drill: bool = False) -> str:
    told = {"says": "Our phones do not work.", "next_at": AT + HOUR, "aware_at": AT, "kinds": ["services_down"]}
    return do(actions.open_incident, drill=drill, **told)


def prepare(incident: str, **more: Any) -> str:
    told = {"what": "everyone", "works": "Emergency repairs", "number": "0303 100 0100", "next_at": AT + DAY}
    return do(actions.prepare_telling, incident=incident, **told | more)


def release(words: str) -> None:
    assert not do(actions.agree_telling, AT + MINUTE, telling_id=words)
    with pytest.raises(Refused, match=r"incidents\.another_person"):
        do(actions.agree_telling, AT + MINUTE, telling_id=words)
    assert do(actions.agree_telling, AT + MINUTE, telling_id=words, by=BY_PRIYA)


def note(person: str, what: Any, code: str, **more: Any) -> None:
    do(people.note_person, person=person, about=PersonNote(what=what, code=code, source="She said so", **more), by=cli("t"))


def reach(person: str, channel: Any, value: str, *, safe: bool = True) -> None:
    do(people.set_reach, person=person, how=Reach(channel=channel, value=value, state="works", safe=safe), by=cli("t"))


def let(person: str, home: str) -> str:
    return do(tenancies.start_tenancy, home=home, tenants=[person], tenure="secure", started_on=AT.date() - 30 * DAY, by=cli("t"))


def join(tenancy: str, *persons: str) -> None:
    for one in persons:
        do(tenancies.join_household, tenancy=tenancy, person=one, role="tenant", since_on=AT.date() - 20 * DAY, by=cli("t"))


def test_every_household_is_told_once(landlord: Landlord, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(told_by, "BATCH", 1)
    monkeypatch.setattr(timers, "BATCHES", 2)
    cast.settle(AT - 60 * DAY)
    note(RUTH, "preference", "language", value="Polish")
    note(RUTH, "preference", "format", value="large print")
    reach(TOMASZ, "email", "tomasz@home.example", safe=False)
    reach(TOMASZ, "post", "2 Ember Rise, Lampton, ZZ1 1AA")
    note(TOMASZ, "restricted", "abuse")
    mara = do(people.record_person, name="Mara Finch", by=cli("t"))
    let_to_mara = let(mara, cast.EMPTY_HOME)
    reach(mara, "email", "mara@home.example", safe=False)
    note(mara, "restricted", "safeguarding")
    joe = do(people.record_person, name="Joe Lark", by=cli("t"))  # proved no number and no address to us; he lives with Mara
    planted = do(people.record_person, name="Nobody Real", by=cli("t"))  # she has no home; somebody put her into one
    monkeypatch.setattr("lamplit.people.queries.known.planted_among", lambda some: {planted} & set(some))
    join(let_to_mara, joe, planted)
    for one in (RUTH, TOMASZ, mara):
        many = known.addressees([one, RUTH], "message", AT.date())[one]
        assert list(many.ways) == known.ways_to_reach(one, "message"), "read for many it is what it is read for one"
        assert many.wishes == known.preferences(one, AT.date())
        assert many.restricted == known.is_restricted(one)

    incident = opened()
    words, drill = prepare(incident), prepare(opened(drill=True))
    for wrong, code in (
        ({"works": " "}, "say_what_works"), ({"number": "ring us"}, "no_number"), ({"works": "Nothing was stolen."}, "unchecked"),
        ({"works": "Please do not ring us."}, "sends_away"), ({"works": "Pay to our new account."}, "payment"),
        ({"works": "See www.help.example"}, "has_link"), ({"next_at": AT}, "next_passed"),
    ):  # fmt: skip
        with pytest.raises(Refused, match=code):
            prepare(incident, **wrong)
    older, words = words, prepare(incident, at=AT + timedelta(seconds=1))
    with pytest.raises(Refused, match=r"incidents\.newer_words"):
        do(actions.agree_telling, telling_id=older)
    release(drill)
    release(words)
    assert queries.standing(queries.lines_of(incident))[queries.WHOLE].next_at == AT + DAY, "the same words are public"
    assert (queries.duty(incident, "told_public").done_at, queries.duty(incident, "told_everybody").done_at) == (
        AT + MINUTE,
        None,
    )

    timers.tell_everybody(AT + HOUR)
    assert queries.telling(words).over_at is None, "in batches, and other work comes between them"
    assert actions.write_telling(telling_id=drill, by=BY_DELE, at=AT, command="again"), "killed and started again, it is done"
    for _ in range(3):
        timers.tell_everybody(AT + 2 * HOUR)
    row = queries.telling(words)
    assert (row.households, row.people, row.over_at) == (3, 4, AT + 2 * HOUR)
    assert queries.duty(incident, "told_everybody").done_at == AT + 2 * HOUR
    assert queries.telling(drill).people == 0, "a drill writes to nobody"
    sent = {one.person: one for one in messages("incident_told")}
    assert set(sent) == {RUTH, TOMASZ, mara, joe}, "to somebody who does not exist nothing is ordered, wherever she lives"
    assert (sent[RUTH].channel, sent[RUTH].format) == ("text", "large print")
    assert sent[RUTH].body.startswith("Polski:")
    assert "Harbour & Heath Homes: some of our services do not work." in sent[RUTH].body
    assert (sent[TOMASZ].channel, sent[TOMASZ].to) == ("post", "2 Ember Rise, Lampton, ZZ1 1AA"), "the address that is safe"
    assert "Ring us on 0303 100 0100 for anything" in sent[TOMASZ].body
    assert sent[mara].status == "failed", "what is not safe is not used"
    said.record_failed(message=sent[RUTH].id, why="No such number", final=True, by=BY_DELE, at=AT, command="t:failed")
    assert (sent[joe].channel, sent[joe].to) == ("post", "8 Ember Rise, Lampton, ZZ1 1AA"), "a letter to the home"
    assert {one.person for one in queries.unreached(words)} == {mara}, "whose home may not be safe to write to"
    assert queries.count_fates(words) == {"failed": 2, "ordered": 2}
    (home,) = [one for one in messages("incident_told") if one.because == sent[RUTH].id]
    assert (home.channel, home.to) == ("post", "5 Ember Rise, Lampton, ZZ1 1AA"), "when no way worked, a letter to the home"
    assert read.may_go(RUTH, "post", home.to, "incident_told", AT.date())
    assert not read.may_go(RUTH, "post", home.to, "visit_booked", AT.date()), "of these words alone"
    note(RUTH, "restricted", "abuse")
    assert not read.may_go(RUTH, "post", home.to, "incident_told", AT.date()), "a marker that came between holds it up"


def test_letters_are_stopped_and_put_away_and_go_on(landlord: Landlord) -> None:
    cast.settle(AT - 60 * DAY)
    reach(TOMASZ, "email", "tomasz@home.example")
    message = {"subject": "We come on Friday", "body": "We come on Friday."}
    ids = {
        (name, template): do(said.order_message, when, person=person, template=template, **message)
        for name, person, when in (("ruth", RUTH, AT - DAY), ("old", RUTH, AT - 43 * DAY), ("tomasz", TOMASZ, AT - 41 * DAY))
        for template in ("visit_booked", "visit_reminder", "repair_received")
    }
    asking = {ids[one, template] for one in ("ruth", "tomasz") for template in ("visit_booked", "visit_reminder")}
    incident = opened()
    words = prepare(incident, what="put_away", works="")
    release(words)
    timers.tell_everybody(AT + HOUR)
    assert queries.telling(words).over_at is None, "first every letter is looked through"
    timers.stop_letters(AT + HOUR)
    assert read.held_by_incident(ids.values()) == asking
    timers.tell_everybody(AT + HOUR)
    sent = messages("incident_told")
    assert sorted(one.person for one in sent) == sorted([RUTH, TOMASZ]), "each person once, however many letters she has"
    assert all("put it away" in one.body for one in sent)

    mine = ids["ruth", "visit_booked"]
    do(
        said.receive_email, AT + 2 * HOUR, original=Original(b"From: ruth@home.example\r\n\r\nYes"), sender="ruth@home.example",
        subject="Re", said="Yes", person=RUTH, message=mine,
    )  # fmt: skip
    for _ in range(2):
        timers.stop_letters(AT + 3 * HOUR)
    (task,) = [one for one in read.open_promises() if "answer to a letter" in str(one.what)]
    with pytest.raises(Refused, match=r"incidents\.answer_waits"):
        do(actions.let_letters_go, incident=incident, letters=[mine])
    do(said.keep_promise, promise=task.id, how="Read")
    assert do(actions.let_letters_go, incident=incident, letters=[mine]) == 1
    with pytest.raises(Refused, match=r"incidents\.no_letters"):
        do(actions.let_letters_go, incident=incident, letters=[mine])
    assert read.held_by_incident(ids.values()) == asking - {mine}
    assert len(queries.held_letters(incident, limit=9, waiting=True)) == 3
