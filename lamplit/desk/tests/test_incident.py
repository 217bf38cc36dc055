"""The console: declared, said, moved, corrected and ended through its forms; what was said before stands in them."""

import re
from datetime import timedelta

from lamplit.basics import who
from lamplit.basics.clock import LONDON, now
from lamplit.desk.tests import story
from lamplit.desk.tests.scene import day_parts, refused, restrict, send, sent, words_of
from lamplit.incidents import actions, queries
from lamplit.messages import actions as messages
from lamplit.messages import queries as read
from lamplit.reactions import timers
from lamplit.reactions.tests.working import messages as ordered
from tests import cast

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def at(name: str, when) -> dict[str, str]:
    local = when.astimezone(LONDON)
    return {**day_parts(f"{name}_on", local), f"{name}_time": f"{local:%H:%M}"}


def test_an_incident_goes_through_its_forms(scene, desk):
    lead, tomorrow = desk("lead"), now() + DAY
    assert "No incident is open" in words_of(lead, "/desk/incident")
    assert desk("planner").get("/desk/incident").status_code == 403
    assert "promised the next update" in refused(lead, "/desk/incident/open", says="Our phones do not work.", kinds=["crime"])
    sent(lead, "/desk/incident/open", says="Our phones do not work.", kinds=["services_down", "crime"], **at("next", tomorrow))
    incident = queries.open_now(drill=False)
    phones = f"/desk/incident/{incident}/say/phones"
    down = {"state": "down", "known": "not_yet", "instead": "Use the website."}
    assert "Write both" in refused(lead, phones, **down, next_time="9am")
    assert "nobody is named who looked" in refused(lead, phones, **down, says="Nothing was taken.", **at("next", tomorrow))
    sent(lead, phones, **down, **at("next", tomorrow), **at("back", tomorrow + DAY))
    form = lead.get(phones).content.decode()
    assert "Use the website." in form, "what was said before stands in the form"
    assert re.search(r'value="down"\s+checked', form)
    line = queries.standing(queries.lines_of(incident))["phones"]
    sent(desk("admin"), f"/desk/incident/lines/{line.id}/move", why="The engineer is late.", **at("next", tomorrow + HOUR))
    sent(lead, f"/desk/incident/lines/{line.id}/correct", **down, why="Not the website.", **at("next", tomorrow + 2 * HOUR))
    page = words_of(lead, "/desk/incident")
    for words in ("Say more about Phones", "Say more about the incident", "Promise moved: Phones", "Corrected: Phones", "down"):
        assert words in page, words
    assert "does not work fully yet" in refused(lead, f"/desk/incident/{incident}/end", says="Over.")
    sent(lead, phones, state="working", known="known")
    sent(lead, f"/desk/incident/{incident}/update", says="The phones work again.", **at("next", tomorrow))
    sent(lead, f"/desk/incident/{incident}/end", says="It is over.")
    assert "No incident is open" in words_of(lead, "/desk/incident")
    assert "Ended" in words_of(lead, f"/desk/incident/{incident}")
    assert lead.get(phones).status_code == 404


def test_a_promise_at_risk_stands_on_the_bar_of_whoever_can_keep_it(scene, desk):
    told = {
        "says": "Our phones do not work.",
        "aware_at": now() - HOUR,
        "drill": True,
        "kinds": ["services_down"],
        "next_at": now() + timedelta(minutes=20),
    }
    actions.open_incident(**told, by=cast.BY_DELE, at=now() - HOUR, command="t:open")
    assert "We promised to say more about the incident" in words_of(desk("lead"), "/desk/")
    assert "We promised" not in words_of(desk("planner"), "/desk/")
    assert "drill, not published" in words_of(desk("lead"), "/desk/incident")


def test_a_duty_has_a_draft_an_owner_and_a_proof(scene, desk):
    lead, made = desk("lead"), story.everything(scene)
    incident = f"/desk/incident/{made['incident']}"
    sent(lead, f"{incident}/kind", kind="personal_data")
    touched = {"state": "limited", "known": "not_yet", "works": "We look.", "instead": "Watch your account."}
    sent(lead, f"{incident}/say/your_data", **touched, **at("next", now() + DAY))
    page = words_of(lead, f"{incident}/duties/ico")
    for words in ("Tell the Information Commissioner", "72 hours", "Article 33", "nobody yet", "2 tenants, 1 children"):
        assert words in page, words
    assert "Your data: limited (not known yet). We look. Watch your account." in page, "the draft says what was said"
    sent(lead, f"{incident}/duties/ico/give", owner=scene.staff["admin"])
    assert "whom you spoke to" in refused(desk("admin"), f"{incident}/duties/ico/done", outcome="done")
    sent(desk("admin"), f"{incident}/duties/ico/done", outcome="done", reference="IC-12345")
    page = words_of(lead, f"{incident}/duties/ico")
    assert "Jo Admin" in page
    assert "IC-12345" in page
    assert "kept:" in page
    assert lead.get(f"{incident}/duties/people").status_code == 404
    assert "Keys to change" not in words_of(lead, "/desk/incident")
    sent(lead, f"{incident}/kind", kind="keys")
    assert "Ring the bank on the number that its contract names." in words_of(lead, f"{incident}/duties/key_bank")
    sent(desk("admin"), f"{incident}/duties/key_bank/done", outcome="done", spoken_to="Ms Ash of the bank")
    listed = words_of(lead, "/desk/incident")
    assert "Change the keys of the bank's channel" in listed.split("Keys to change", 1)[1]
    assert "done by Jo Admin" in listed


def test_normal_service_is_declared_service_by_service(scene, desk):
    lead, made = desk("lead"), story.everything(scene)
    say = f"/desk/incident/{made['incident']}/say"
    page = lead.get("/desk/incident/back").content.decode()
    listed = [code for code in queries.service_names(now()) if f"{say}/{code}?from=back" in page]
    assert "repairs" in listed
    for code in listed:
        form = lead.get(f"{say}/{code}?from=back").content.decode()
        data = code in queries.about_data(now())
        ticked = re.search(r"type=.radio.[^>]*\schecked", form) is not None
        assert ticked is not data, f"{code}: what is in danger is declared with a check, never by a tick set before"
        checked = {
            "checked_by": "A firm",
            "checker": "Ms Ash",
            "checked_what": "All files",
            "looked_at": "All files",
            **at("checked", now() - HOUR),
        }
        answer = send(
            lead, f"{say}/{code}?from=back", state="working", known="known", works="As before.", **(checked if data else {})
        )
        assert (answer.status_code, answer.headers.get("Location")) == (303, "/desk/incident/back"), code
    assert "Every service works again" in words_of(lead, "/desk/incident/back")
    assert "End the incident" in words_of(lead, "/desk/incident/back")


def test_what_main_and_the_standby_both_wrote_about_has_a_name_and_never_an_id(scene, desk):
    lead, made = desk("lead"), story.everything(scene)
    for number, about in enumerate((made["repair"], cast.MIA, cast.RUTHS_HOME, "g_01m8ebfpt84ndg9h2crr")):
        actions.note_clash(
            about=about, why="same_thing", main_kinds=["account.held"], standby_kinds=["account.held"], standby="s",
            by=cast.BY_DELE, at=now(), command=f"t:clash:{number}",
        )  # fmt: skip
    restrict(cast.MIA)
    page = words_of(lead, "/desk/incident/back")
    listed = page.split("Main and the standby both wrote about these", 1)[1]
    assert "Ruth" in listed, "a person by her name"
    assert "Account" in listed, "what has no page by its kind"
    assert not re.search(r"\b[a-z]_[0-9a-z]{4,}", listed)
    assert "Mia" in listed
    assert "Mia" not in words_of(desk("admin"), "/desk/incident/back"), "she is kept for few"
    note = words_of(lead, f"/desk/incident/back/{made['clash']}")
    assert "The standby wrote: Repair noted." in note


def test_two_people_read_the_words_before_every_household_is_told(scene, desk):
    lead, admin, made = desk("lead"), desk("admin"), story.everything(scene)
    incident = made["incident"]
    assert desk("planner").get(f"/desk/incident/{incident}/tell").status_code == 403
    words = {"what": "everyone", "number": "0303 100 0100", **at("next", now() + DAY)}
    assert "Say what works now" in refused(lead, f"/desk/incident/{incident}/tell", **words)
    assert "hides who is in danger" in refused(lead, f"/desk/incident/{incident}/tell", **words, works="Do not call us.")
    sent(lead, f"/desk/incident/{incident}/tell", **words, works="Emergency repairs")
    told = f"/desk/incident/told/{queries.newest_telling(incident, 'everyone')}"
    assert "These never go out" in words_of(lead, f"/desk/incident/told/{made['telling']}")
    sent(lead, f"{told}/agree")
    assert "You have agreed" in words_of(lead, told)
    assert "You have agreed already" in refused(lead, f"{told}/agree")
    for sheet in ("poster", "script"):
        assert b"Not agreed" not in (paper := lead.get(f"{told}/{sheet}.pdf").content)
        assert paper.startswith(b"%PDF")
        assert b"/StructTreeRoot" in paper
    assert lead.get(f"{told}/letter.pdf").status_code == 404
    sent(admin, f"{told}/agree")
    assert lead.get(f"{told}/agree").status_code == 404
    timers.tell_everybody(now())
    assert "Nobody so far" in words_of(lead, told)  # Tomasz has no number that works, so a letter goes to his home
    (letter,) = [one for one in ordered("incident_told") if one.person == cast.TOMASZ]
    assert letter.channel == "post"
    messages.record_failed(message=letter.id, why="Came back", final=True, by=who.job("t"), at=now(), command="t:failed")
    page = words_of(lead, told)
    for text in ("All ordered", "2 of 2", "Tomasz Wolski", "2 Ember Rise, Lampton, ZZ1 1AA failed", "is anybody in danger"):
        assert text in page, text
    restrict(cast.TOMASZ)
    assert "ring the safeguarding lead" in words_of(admin, told)
    timers.stop_letters(now())
    assert "Letters that were stopped" in words_of(lead, "/desk/incident")
    assert "None waits here" in words_of(lead, f"/desk/incident/{incident}/letters")


def test_calls_are_made_from_a_list(scene, desk):
    made, caller = story.everything(scene), desk("contact_centre")
    calls = f"/desk/incident/{made['incident']}/calls"
    assert desk("operative").get(calls).status_code == 403
    assert "Tomasz Wolski" in words_of(caller, calls)
    one = f"{calls}/{cast.TOMASZS_TENANCY}"
    assert "Write what they need" in refused(caller, one, person=cast.TOMASZ, outcome="needs_help", **day_parts("next_on", now()))
    sent(caller, one, person=cast.TOMASZ, outcome="well", **day_parts("next_on", now() + DAY))
    assert "Reached: 1" in words_of(caller, calls)
    assert "all are well" in words_of(caller, one)
    restrict(cast.TOMASZ)
    assert caller.get(one).status_code == 404
    assert "Tomasz" not in words_of(caller, calls)


def test_what_was_ordered_before_goes_when_a_person_says_so(scene, desk, landlord):
    lead = desk("lead")
    story.everything(scene)
    told = {"person": cast.RUTH, "subject": "Your visit", "body": "We come tomorrow."}
    one, two, three = (story.do(messages.order_message, template="visit_booked", **told) for _ in range(3))
    landlord.seal()
    assert {one, two, three} <= {row.id for row in read.to_send(now(), 100, queries.sends_from())}, "nothing was ever lost"
    taken = {"asked_at": now(), "first": "Ada", "second": "Ben", "why": "Main is lost", "drill": False}
    actions.record_takeover(main="m", size=1, root="", **taken, by=who.job("t"), at=now(), command="t:taken")
    later = story.do(messages.order_message, template="visit_booked", **told)
    landlord.seal()
    assert [row.id for row in read.to_send(now(), 100, queries.sends_from())] == [later]
    page = words_of(lead, "/desk/incident/back")
    assert page.index("Visit booked 3") < page.index("Test 1"), "those on which a clock runs stand first"
    assert later not in lead.get("/desk/incident/back/messages/visit_booked").content.decode()
    where = "/desk/incident/back/messages/visit_booked"
    assert desk("planner").get(where).status_code == 403
    assert "Choose one at least" in refused(lead, where, outcome="go")
    sent(lead, where, messages=[two], outcome="go")
    assert {row.id for row in read.to_send(now(), 100, queries.sends_from())} == {two, later}
    sent(lead, where, every="on", outcome="never")
    assert {row.id for row in read.to_send(now(), 100, queries.sends_from())} == {two, later}
    assert (read.message(one).status, read.message(three).status) == ("failed", "failed")
    assert len(ordered("visit_booked")) == 4, "it goes no other way either"
    assert lead.get(where).headers["Location"] == "/desk/incident/back"
