"""In an incident whoever needs it most is rung first; what came of it is sealed; nobody is forgotten for a week."""

from datetime import date, timedelta
from typing import Any

import pytest

from lamplit.basics.refusal import Refused
from lamplit.basics.who import cli
from lamplit.basics.working_days import london_date
from lamplit.incidents import actions, queries
from lamplit.incidents.rules import welfare as rules
from lamplit.messages import queries as said
from lamplit.people import actions as people
from lamplit.people.facts import PersonNote, Reach
from lamplit.reactions import follow as following
from lamplit.reactions import timers, welfare
from lamplit.reactions.tests.working import follow, messages
from lamplit.staff import actions as staff
from tests import cast
from tests.cast import AT, BY_DELE, MIA, RUTH, RUTHS_TENANCY, TOMASZ, TOMASZS_TENANCY
from tests.landlord import Landlord

DAY = timedelta(days=1)
_count = iter(range(1000))


def do(action: Any, at: Any = AT, by: Any = BY_DELE, **told: Any) -> Any:
    return action(**told, by=by, at=at, command=f"form:welfare-{next(_count)}")


def note(person: str, what: Any, code: str) -> None:
    do(people.note_person, person=person, about=PersonNote(what=what, code=code, source="She said so"))


def test_reasons_are_weighed() -> None:
    on = date(2026, 3, 2)
    assert rules.reasons(["heart", "oxygen", "language"], [None, None], ["hazard"], on) == ["oxygen", "hazard", "heart"]
    assert rules.reasons([], [date(1946, 3, 2)], [], on) == ["alone_and_old"]
    assert rules.reasons([], [date(1946, 3, 3)], [], on) == [], "79, until tomorrow"
    assert rules.reasons([], [date(1930, 1, 1), None], [], on) == [], "somebody else lives there"
    assert rules.rank(["oxygen"]) < rules.rank(["hazard", "heart"]) < rules.rank(["hazard"])


def test_the_list_orders_keeps_and_rings(landlord: Landlord) -> None:
    following.begin_at(0)
    cast.settle(AT - 60 * DAY)
    told = {"name": "Lea Lead", "email": "lea@landlord.example", "phone": "07700 900123", "roles": ["lead"]}
    do(staff.join_staff, **told)
    told = {"says": "Our phones do not work.", "next_at": AT + DAY, "aware_at": AT, "kinds": ["services_down"], "drill": False}
    incident = do(actions.open_incident, **told)
    assert welfare.to_ring(incident, AT) == []
    note(TOMASZ, "need", "heart")
    note(MIA, "need", "oxygen")
    how = Reach(channel="phone", value="01632 960777", state="unproved", safe=True)
    do(people.set_reach, person=TOMASZ, how=how, by=cli("t"))
    first, second = welfare.shown(incident, [one.household for one in welfare.to_ring(incident, AT)], AT)
    assert (first.household, first.person, first.reasons) == (RUTHS_TENANCY, RUTH, ("oxygen",)), "her mother is rung"
    assert (second.person, second.ways) == (TOMASZ, (("phone", "+441632960777"),))

    call = {"incident": incident, "household": RUTHS_TENANCY, "person": RUTH}
    for wrong, code in (
        ({"outcome": "fine"}, "no_such_outcome"), ({"outcome": "needs_help", "next_on": AT.date()}, "say_what_help"),
        ({"outcome": "no_answer"}, "no_next_call"), ({"outcome": "well", "next_on": AT.date() - DAY}, "call_passed"),
        ({"outcome": "well", "person": MIA, "next_on": AT.date()}, "not_rung_here"),
    ):  # fmt: skip
        with pytest.raises(Refused, match=code):
            do(actions.record_call, **call | wrong)
    do(actions.record_call, **call, outcome="needs_help", needs="A spare cylinder", next_on=AT.date() + 2 * DAY)
    assert [one.household for one in welfare.to_ring(incident, AT) if one.waits(london_date(AT))] == [TOMASZS_TENANCY]
    assert [one.person for one in said.open_promises() if "spare cylinder" in str(one.what)] == [RUTH], "it stands on the queue"
    landlord.seal()
    assert not [raw for raw in landlord.entries() if b"needs_help" in raw or b"cylinder" in raw]

    do(actions.record_call, incident=incident, household=TOMASZS_TENANCY, person=TOMASZ, outcome="no_answer", next_on=AT.date())
    assert timers.ring_about_calls(AT + 6 * DAY) == 0
    assert [timers.ring_about_calls(AT + 7 * DAY + timedelta(minutes=one)) for one in range(2)] == [1, 0], "once a day"
    follow(landlord, AT + 7 * DAY)
    (rung,) = messages("incident_calls")
    assert "has reached 2 of the households" in rung.body
    do(actions.record_call, AT + 8 * DAY, **call, outcome="well", next_on=(AT + 9 * DAY).date())
    assert welfare.late(incident, AT + 8 * DAY) == 1

    note(TOMASZ, "restricted", "abuse")
    (hidden,) = [one for one in welfare.to_ring(incident, AT + 8 * DAY) if one.household == TOMASZS_TENANCY]
    assert (hidden.person, hidden.name, hidden.home, hidden.ways) == (None, None, None, ())
    with pytest.raises(Refused, match=r"incidents\.not_rung_here"):
        do(actions.record_call, incident=incident, household=TOMASZS_TENANCY, person=TOMASZ, outcome="refused")
    assert len(queries.calls_of(incident, RUTHS_TENANCY)) == 2


def test_nobody_planted_is_on_the_list(landlord: Landlord, monkeypatch: pytest.MonkeyPatch) -> None:
    cast.settle(AT - 60 * DAY)
    told = {"says": "Our phones do not work.", "next_at": AT + DAY, "aware_at": AT, "kinds": ["services_down"], "drill": True}
    incident = do(actions.open_incident, **told)
    note(TOMASZ, "need", "heart")
    note(RUTH, "need", "heart")
    monkeypatch.setattr(welfare.people, "planted_among", lambda some: {TOMASZ} & set(some))
    assert [one.person for one in welfare.to_ring(incident, AT)] == [RUTH]
