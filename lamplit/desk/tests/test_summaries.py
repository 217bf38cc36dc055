"""The written summary at the desk: filled in, looked at, sent to the tenant with its paper, and read by her."""

import html
import io
import re
from datetime import date, timedelta

import pypdf
import pytest

from lamplit.basics.clock import now
from lamplit.basics.refusal import Refused
from lamplit.basics.who import job
from lamplit.basics.working_days import london_date
from lamplit.config import papers
from lamplit.config.forms import new_nonce
from lamplit.config.letter import letter
from lamplit.config.refusals import staff_words
from lamplit.config.speaking import BEGIN, END
from lamplit.desk.tests import story
from lamplit.desk.tests.scene import send, sent, words_of
from lamplit.desk.tests.story import do
from lamplit.messages import queries as messages
from lamplit.messages.actions import record_failed
from lamplit.people import actions as people
from lamplit.people.facts import PersonNote, Reach
from lamplit.reactions import timers
from lamplit.reactions.follow import begin_at
from lamplit.reactions.providers.plain import Outbox
from lamplit.reactions.send import Carriers, send_waiting
from lamplit.reactions.tests.working import follow
from lamplit.repairs import actions, queries
from lamplit.repairs.actions.hazards import steps_of
from tests import brackets, cast

FOUND = "Black mould over the window, from a *cold* bridge"


@pytest.fixture
def mould(scene):
    story.open_firm()
    told = story.report("damp_mould", room="bedroom")
    do(actions.take_hazard_step, repair=told.repair, step="concluded_significant", says="Mould")
    return told.repair


def said(**kwargs):
    day = now().date() + timedelta(days=2)
    days = {f"{name}_1_{part}": getattr(day, part) for name in ("begins", "ends") for part in ("day", "month", "year")}
    return {"found": FOUND, "what_1": "Fit a fan & treat the wall", **days, **kwargs}


def text_of(pdf):
    return " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages).split())


@pytest.mark.parametrize("way", ["email", "text"])
def test_it_goes_to_the_tenant_and_the_clock_stops_when_it_has_left(mould, desk, landlord, way):
    begin_at(0)
    if way == "email":
        how = Reach(channel="email", value="ruth@home.example", state="works", safe=True)
        do(people.set_reach, by=job("moving_in"), person=cast.RUTH, how=how)
    page = f"/desk/repairs/{mould}/summary/1"
    assert page in desk("surveyor").get(f"/desk/repairs/{mould}").content.decode()
    shown = words_of(desk("surveyor"), page)
    assert ("no e-mail and no postal address of Ruth" in shown) == (way == "text")
    assert ("by e-mail or post. Then the law’s clock stops" in shown) == (way == "email")
    looked = send(desk("surveyor"), page, **said(look="1"))
    assert looked["Content-Type"] == "application/pdf"
    assert FOUND in text_of(looked.content)
    nonce = new_nonce()
    for _ in range(2):  # pressed twice: the paper takes a moment
        sent(desk("surveyor"), page, **said(nonce=nonce))
    while follow(landlord, now()):
        pass
    (message,) = [one for one in messages.outbox() if one.template == "hazard_summary"]
    (kept,) = queries.summaries_of(mould)
    assert (message.paper, message.person, message.about) == (kept.id, cast.RUTH, mould)
    assert "Fit a fan & treat the wall. We begin by" in message.body
    assert timers.say_summaries_sent(now()) == 0
    landlord.seal()
    assert send_waiting(Carriers({}, Outbox(letter)), now(), now) >= 1
    if way == "text":  # it tells her, and carries no paper: somebody takes that to her
        assert timers.say_summaries_sent(now()) == 0
        assert "summary_sent" not in [step for step, _, _ in steps_of(queries.repair(mould))]
        return
    assert timers.say_summaries_sent(now()) == 1
    assert timers.say_summaries_sent(now()) == 0
    assert "summary_sent" in [step for step, _, _ in steps_of(queries.repair(mould))]
    sent_at = messages.message(message.id).sent_at
    assert (queries.summaries_of(mould)[0].sent_at, queries.summaries_of(mould)[0].message) == (sent_at, message.id)
    do(record_failed, message=message.id, why="No such mailbox", final=True)
    assert messages.message(message.id).status == "failed"
    shown = words_of(desk("surveyor"), f"/desk/repairs/{mould}")
    assert "it did not arrive, so give it to them another way" in shown, shown[shown.find("What we found, for") :][:200]
    landlord.seal()
    assert send_waiting(Carriers({}, Outbox(letter)), now(), now) >= 1  # the next way is a text, which carries no paper
    assert "it did not arrive, so give it to them another way" in words_of(desk("surveyor"), f"/desk/repairs/{mould}")


def value_in(shown, name):
    return re.search(rf'name="{name}"[^>]*value="([^"]*)"', shown)[1]


def test_it_begins_with_what_the_survey_found_and_with_the_days_of_the_works_that_it_asks_for(scene, desk):
    story.open_firm()
    told = story.report("damp_mould", room="bedroom")
    until, visit = london_date(now() + timedelta(days=9)), now() + timedelta(days=3)
    asked = [actions.WorkFound(what="Fit a fan", trade="electrician", target_on=until),
             actions.WorkFound(what="Clean the wall", trade="builder")]  # fmt: skip
    survey = {"surveyor": scene.staff["surveyor"], "found": FOUND, "cause": "A cold bridge.", "works": asked}
    do(actions.record_survey, repair=told.repair, work=story.works(told.repair)[0].id, findings=[(1, "significant")], **survey)
    (wall,) = [work for work in story.works(told.repair) if work.what == "Clean the wall"]
    slot = {"from_at": visit, "until_at": visit + timedelta(hours=1)}
    do(actions.book_visit, work=wall.id, **slot)
    shown = html.unescape(desk("surveyor").get(f"/desk/repairs/{told.repair}/summary/1").content.decode())
    assert f"{FOUND}. The cause: A cold bridge.</textarea>" in shown
    assert "There is a significant hazard: damp and mould." in shown
    days = {}
    for number in (1, 2):
        for name in ("begins", "ends"):
            parts = [int(value_in(shown, f"{name}_{number}_{part}")) for part in ("year", "month", "day")]
            days[value_in(shown, f"what_{number}"), name] = date(*parts)
    clocks = queries.case(told.repair, now=now()).clocks
    law = london_date(next(one.due_at for one in clocks if one.code == "awaab.D1") - timedelta(minutes=1))
    assert days == {
        ("Fit a fan", "begins"): min(law, until), ("Fit a fan", "ends"): until,
        ("Clean the wall", "begins"): london_date(visit), ("Clean the wall", "ends"): london_date(visit),
    }  # fmt: skip


def test_by_when_a_work_is_finished_is_said_by_whoever_writes_where_nobody_has(mould, desk):
    shown = html.unescape(desk("surveyor").get(f"/desk/repairs/{mould}/summary/1").content.decode())
    assert re.search(r'name="begins_1_day"[^>]*value="\d', shown)
    assert not re.search(r'name="ends_1_day"[^>]*value="\d', shown)


def test_no_work_that_we_order_by_ourselves_says_today():
    """Its words go into a summary beside days that may be a week on."""
    works = queries.book_for(None).catalogue.works.values()
    assert [work.what for work in works if re.search(r"\b(today|tomorrow|at once|tonight)\b", work.what)] == []


def test_what_is_missing_is_said_and_what_was_typed_stays(mould, desk):
    page = f"/desk/repairs/{mould}/summary/1"
    answer = send(desk("surveyor"), page, **said(what_1=""))
    text = answer.content.decode()
    assert "Write what the work is" in text
    assert "from a *cold* bridge" in text
    again = send(desk("surveyor"), page, **said(found="Pay into 20-00-00")).content.decode()
    assert staff_words(Refused("messages.asks_for_money")) in html.unescape(again)
    assert queries.summaries_of(mould) == []


def test_what_happened_in_one_minute_stands_as_it_was_recorded_and_a_summary_is_told_once(mould, desk):
    minute = now().replace(second=0, microsecond=0) + timedelta(minutes=1)
    work = story.works(mould)[0].id
    slot = {"from_at": minute + timedelta(hours=2), "until_at": minute + timedelta(hours=4)}
    do(actions.book_visit, work=work, at=minute + timedelta(seconds=23), **slot)
    came = {"outcome": "made_safe", "arrived_at": minute, "did": "Wiped it off", "evidence": ["note: seen"]}
    do(actions.attend_visit, work=work, at=minute, **came)  # nobody types seconds
    papers = [actions.Addressed(person=one, pdf=b"%PDF") for one in (cast.RUTH, cast.TOMASZ)]
    written = do(actions.write_summary, repair=mould, found=FOUND, no_work="It is dry", papers=papers, at=minute)
    for summary in written:
        do(actions.record_summary_sent, summary=summary, how="post", at=minute)
    page = words_of(desk("surveyor"), f"/desk/repairs/{mould}").split("What happened", 1)[1]
    said = ["Visit booked for", "Visit: made safe", "Home made safe", "Written summary made", "Written summary sent"]
    assert [page.count(one) for one in said] == [1] * 5, page
    assert sorted(said, key=page.index) == said
    assert "Written summary sent: by post, for 2 tenants" in page
    hers = [line for line in queries.tenant_case(mould, cast.RUTH, now=minute, on=minute.date()).timeline if not line.told]
    assert [line.kind for line in hers][-1] == "summary.sent"
    (step,) = [line for line in queries.case(mould, now=minute).timeline if line.details.get("step") == "summary_sent"]
    assert "Written summary sent" in words_of(desk("surveyor"), f"/desk/record/{step.id}"), "its entry is there all the same"


def reads(person, language):
    do(people.note_person, person=person, about=PersonNote(what="preference", code="language", value=language))


def test_who_reads_polish_gets_it_in_polish_and_then_in_english(mould, desk):
    reads(cast.RUTH, "Polish")
    pdf = send(desk("surveyor"), f"/desk/repairs/{mould}/summary/1", **said(look="1")).content
    paper, whole = pypdf.PdfReader(io.BytesIO(pdf)), text_of(pdf)
    assert paper.trailer["/Root"]["/Lang"] == "pl"
    hers, ours = whole.split("What we found, and what we will do")
    assert "Co stwierdziliśmy" in hers
    assert "Jest poważne zagrożenie: wilgoć i pleśń." in hers
    assert "Część jest jeszcze po angielsku." in hers
    assert "There is a significant hazard: damp and mould." in ours
    assert [FOUND in hers, FOUND in ours] == [True, True], "what staff wrote stands in both"
    assert whole.count("Ruth Adeyemi") == 2
    fonts = [font.get_object()["/BaseFont"] for page in paper.pages for font in page["/Resources"]["/Font"].values()]
    assert [font for font in fonts if "Atkinson" not in font] == [], "every letter is of our font"


def test_every_word_of_ours_on_the_paper_can_be_said_in_another_language(mould, desk, monkeypatch):
    reads(cast.RUTH, "Welsh")
    brackets.used(monkeypatch)
    # The paper's letters have no brackets of that kind. What was written down in English is marked as such.
    quotes = str.maketrans(dict.fromkeys((brackets.BEGIN, BEGIN), "«") | dict.fromkeys((brackets.END, END), "»"))
    monkeypatch.setattr(papers, "unmarked", lambda text: text.translate(quotes))
    pdf = send(desk("surveyor"), f"/desk/repairs/{mould}/summary/1", **said(look="1")).content
    hers = text_of(pdf).translate({ord("«"): brackets.BEGIN, ord("»"): brackets.END}).split("What we found, and")[0]
    ours = {"Harbour", "Heath", "Homes", "Ruth", "Adeyemi", "Ember", "Rise", "Lampton", "Tachwedd", "ZZ", "AA"}
    outside = brackets.unsaid(f"<body>{hers}")
    assert [piece for piece in outside if set(brackets.WORD.findall(piece)) - ours] == []


def test_given_by_hand_counts_from_that_day(mould, desk):
    sent(desk("surveyor"), f"/desk/repairs/{mould}/summary/1", **said())
    (kept,) = queries.summaries_of(mould)
    sent(desk("surveyor"), f"/desk/repairs/{mould}/summaries/{kept.id}/handed-over", how="hand")
    assert "given by hand" in words_of(desk("surveyor"), f"/desk/repairs/{mould}")
    assert queries.summaries_of(mould)[0].sent_how == "hand"
    paper = desk("planner").get(f"/desk/repairs/{mould}/summaries/{kept.id}")
    assert "Ruth Adeyemi" in text_of(paper.content)
