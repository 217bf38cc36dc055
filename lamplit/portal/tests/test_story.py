"""The whole story of a repair on paper: hers alone, read aloud as well as seen, with the proof of each line inside."""

import io
import re
from datetime import date

import pypdf
import pytest
from django.test import Client

from lamplit.basics.brought import by_file
from lamplit.basics.clock import now
from lamplit.basics.picture import Picture
from lamplit.config import papers, proofs
from lamplit.config.photos import on_paper
from lamplit.config.speaking import BEGIN, END
from lamplit.exchange.cells import moment
from lamplit.homes import actions as homes
from lamplit.messages import actions as messages
from lamplit.people import actions as people
from lamplit.portal.tests.scene import add_reach, come_in, tomasz_comes_in
from lamplit.portal.tests.test_receipt import near, report
from lamplit.record.verify import check_proof_file
from lamplit.repairs import actions as repairs
from lamplit.repairs import queries
from lamplit.tenancies import actions as tenancies
from tests import brackets, cast
from tests.pictures import photo

__all__ = ["near"]


def paper_of(client, repair):
    answer = client.get(f"/repairs/{repair}/story")
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith('attachment; filename="repair-M-')
    return pypdf.PdfReader(io.BytesIO(answer.content))


def text_of(paper):
    return " ".join(" ".join(page.extract_text() for page in paper.pages).split())


def test_she_keeps_the_whole_story_with_its_proofs(near, signed_in):
    repair, client = report(), signed_in()
    says = "It is *worse* #now, $x$ \\ _and_ Zo\u00eb Łuczak saw it"
    told = {"person": cast.RUTH, "by": cast.BY_RUTH, "at": now(), "command": "form:storynote0000000"}
    repairs.add_to_repair(repair=repair, says=says, **told)
    by = {"by": cast.BY_DELE, "at": now()}
    rang = {"channel": "call", "direction": "in", "repair": repair, **by}
    messages.record_contact(said="Is it *today*?", person=cast.RUTH, command="test:rang", **rang)
    messages.record_contact(said="Somebody else asked.", person=cast.TOMASZ, command="test:asked", **rang)
    sent = {"subject": "We come on Monday", "body": "Between 8 and 12.", "about": repair, "person": cast.RUTH}
    messages.order_message(
        template="staff.own", channel="text", to="+447700900001", name="Ruth", command="test:sent", **sent, **by
    )
    near.publish()
    assert f"/repairs/{repair}/story" in client.get(f"/repairs/{repair}").content.decode()
    paper = paper_of(client, repair)
    text = text_of(paper)
    for words in (
        "You told us",
        "Water drips.",
        says,
        "5 Ember Rise",
        "Where it stands",
        "entry",
        "Phone call",
        "Is it *today*?",
        "Text: We come on Monday",
        "Between 8 and 12.",
    ):
        assert words in text, (words, text)
    assert "Somebody else asked." not in text
    assert paper.metadata.title
    assert paper.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert paper.trailer["/Root"]["/Lang"] == "en-GB"
    proofs = paper.attachments
    assert len(proofs) >= 3
    for name, (proof, *_) in proofs.items():
        assert name.endswith(".tlog-proof")
        assert check_proof_file(proof, near.key.vkey).ok


def test_a_survey_and_its_summary_are_told_once_and_every_entry_keeps_its_proof(near, signed_in):
    begun, client = now().replace(second=0, microsecond=0), signed_in()
    told = {"by": cast.BY_PRIYA, "at": begun}
    said = {"home": cast.RUTHS_HOME, "reporter": cast.RUTH, "said": repairs.Said(fault="damp_mould", room="bathroom")}
    repair = repairs.report_repair(**said, channel="phone", words_said="It is wet", **told, command="test:1").leads
    own = next(work for work in queries.case(repair, now=now()).works if work.trade == "surveyor").id
    found = {"surveyor": cast.PRIYA, "found": "Rain comes in at the valley", "cause": "Split lead", "works": [], "work": own}
    repairs.record_survey(repair=repair, findings=[(1, "significant")], **found, **told, command="test:2")
    papers_made = [repairs.Addressed(person=cast.RUTH, pdf=b"%PDF")]
    wrote = {"found": "Wet walls", "no_work": "It is dry", "papers": papers_made, **told, "command": "test:3"}
    (summary,) = repairs.write_summary(repair=repair, **wrote)
    repairs.record_summary_sent(summary=summary, how="email", **told, command="test:4")
    near.publish()
    paper = paper_of(client, repair)
    for text in (text_of(paper), " ".join(client.get(f"/repairs/{repair}").content.decode().split())):
        in_order = ("We began to look into it", "We looked at your home closely", "We found the cause", "We found a hazard")
        assert sorted(in_order, key=text.index) == list(in_order), text
        assert text.count("Rain comes in at the valley") == 1
        assert "Somebody came and looked" not in text
        assert text.count("We sent you by e-mail what we found") == 1
        assert "We wrote to you about" not in text
    every = queries.case(repair, now=now()).timeline
    assert len(paper.attachments) == len(every)
    named = re.findall(r"entr(?:y|ies) ([0-9, and]+) of the record", text_of(paper))
    numbers = {f"lamplit-entry-{one}.tlog-proof" for some in named for one in re.findall(r"\d+", some)}
    assert numbers == set(paper.attachments)
    assert len(named) == len(every) - 2


def test_who_takes_what_is_given_to_her_is_named_once(near, signed_in):
    begun, client = now().replace(second=0, microsecond=0), signed_in()
    said = repairs.Said(fault="electric_unsafe", room="kitchen", flags=("electric_danger",))
    told = {"by": cast.BY_PRIYA, "at": begun}
    home = {"home": cast.RUTHS_HOME, "reporter": cast.RUTH, "channel": "phone", "said": said}
    repair = repairs.report_repair(**home, words_said="It smokes", **told, command="test:1").leads
    repairs.give_repair(repair=repair, owner=cast.PRIYA, **told, command="test:2")
    survey = {"surveyor": cast.PRIYA, "found": "A burnt wire", "works": []}
    repairs.record_survey(repair=repair, **survey, **told, command="test:3")
    kinds = [line.kind for line in queries.case(repair, now=now()).timeline]
    assert (kinds.count("repair.given"), kinds.count("repair.accepted")) == (1, 1)
    near.publish()
    paper = paper_of(client, repair)
    story = text_of(paper).split("What happened", 1)[1]
    page = " ".join(client.get(f"/repairs/{repair}").content.decode().split()).rsplit("What happened", 1)[1]
    for text in (story, page):
        assert (text.count("Priya Nair sees it through"), text.count("Priya Nair has it")) == (1, 0), text
    seen = queries.tenant_case(repair, cast.RUTH, now=now(), on=begun.date()).timeline
    assert len(paper.attachments) == len(seen), "its proof is there all the same"


def test_its_photos_stand_in_it_for_those_who_may_see_them(near, signed_in):
    repair, client = report(), signed_in()
    for audience, size in (("all", (400, 300)), ("all", (300, 400)), ("staff", (200, 200))):
        jpeg = photo(size=size)
        picture = Picture(kind="jpeg", original=jpeg, large=jpeg, small=jpeg)
        shows = f"Mould, {size[0]} wide"
        told = {"by": cast.BY_PRIYA, "at": now(), "command": f"test:photo:{size}"}
        repairs.add_photo(repair=repair, picture=picture, shows=shows, audience=audience, **told)
    paper = paper_of(client, repair)
    text = text_of(paper)
    assert "Photos" in text
    assert "Mould, 400 wide" in text
    assert "Ours, " in text
    assert "200 wide" not in text, "it is for staff"
    sizes = {image.image.size for page in paper.pages for image in page.images}
    assert sizes == {(400, 300), (300, 400)}


def test_a_paper_with_many_photos_says_how_many_more_there_are(near, signed_in, monkeypatch):
    monkeypatch.setattr(on_paper, "MOST", 1)
    repair, jpeg = report(), photo()
    for number in range(3):
        picture = Picture(kind="jpeg", original=jpeg + bytes([number]), large=jpeg, small=jpeg)
        repairs.add_photo(
            repair=repair, picture=picture, shows="", by=cast.BY_PRIYA, at=now(), command=f"test:photo:{number}"
        )  # fmt: skip
    paper = paper_of(signed_in(), repair)
    assert "Not in this file: 2." in text_of(paper)
    assert sum(len(page.images) for page in paper.pages) == 1


def test_before_it_is_published_the_paper_says_so(near, signed_in):
    paper = paper_of(signed_in(), report())
    assert "The proofs were not ready" in text_of(paper)
    assert not paper.attachments


def test_what_came_from_another_system_says_its_day_and_that_it_was_cancelled(near, signed_in):
    began, by = date(2026, 1, 1), {"by": by_file("ann"), "at": now(), "rehearse": False}
    homes.import_homes(rows=[homes.HomeRow(line=2, reference="P1", address=["7 Tallow Lane"])], command="file:1", **by)
    people.import_people(rows=[people.PersonRow(line=2, reference="C1", name="Wanda Brightwell")], command="file:2", **by)
    lives = {"tenancy": "T1", "home": "P1", "person": "C1", "role": "tenant", "tenure": "assured", "started_on": began}
    tenancies.import_tenancies(rows=[tenancies.TenancyRow(line=2, **lives)], command="file:3", **by)
    told = {"home": "P1", "person": "C1", "priority": "urgent", "says": "Tap drips", "reported_at": moment("2026-03-02")}
    row = repairs.RepairRow(line=2, reference="R1", state="cancelled", over_at=moment("2026-03-09"), **told)
    repairs.import_repairs(rows=[row], command="file:4", **by)
    repair = queries.by_old_reference("R1")
    add_reach(repair.reporter, "wanda@home.example")
    client = come_in("wanda@home.example")
    for said in (" ".join(client.get(f"/repairs/{repair.id}").content.decode().split()), text_of(paper_of(client, repair.id))):
        assert "It was cancelled before we had this system" in said
        assert "It was cancelled on Monday 9 March." in said
        assert "without your word" not in said
        assert "noon" not in said


def test_nobody_else_has_it(near, signed_in):
    repair = report()
    assert Client().get(f"/repairs/{repair}/story").status_code == 302
    assert tomasz_comes_in().get(f"/repairs/{repair}/story").status_code == 404


def test_a_neighbour_who_told_us_of_it_reads_no_address(near, signed_in):
    first = report()
    second = report(2, reporter=cast.TOMASZ)
    text = text_of(paper_of(tomasz_comes_in(), second))
    assert "5 Ember Rise" not in text
    assert first


def sizes_of(paper):
    found = []

    def see(text, _cm, _tm, _font, size):
        if text.strip():
            found.append(size)

    for page in paper.pages:
        page.extract_text(visitor_text=see)
    return found


def test_large_print_is_larger(near, signed_in):
    repair, client = report(), signed_in()
    usual = max(sizes_of(paper_of(client, repair)))
    client.cookies["print_size"] = "large"
    assert max(sizes_of(paper_of(client, repair))) > 1.3 * usual


@pytest.mark.parametrize("size", ["usual", "large"])
def test_no_line_breaks_in_a_telephone_number_or_in_a_piece_of_the_command(near, signed_in, size):
    repair, client = report(), signed_in()
    client.cookies["print_size"] = size
    says = " ".join(["Ring 07700 900123 or", "03031 000 100", "after six"] * 20)
    told = {"person": cast.RUTH, "by": cast.BY_RUTH, "at": now(), "command": "form:storynumbers000"}
    repairs.add_to_repair(repair=repair, says=says, **told)
    near.publish()
    lines = [line for page in paper_of(client, repair).pages for line in page.extract_text().splitlines()]
    for number in ("07700 900123", "03031 000 100"):
        assert sum(line.count(number) for line in lines) == 20, lines
    assert "lamplit log check-proof FILE --key" in " ".join(lines)
    assert any(near.key.vkey in line for line in lines), lines


def test_a_key_that_is_longer_than_a_line_is_written_smaller(near, signed_in, monkeypatch):
    repair, client = report(), signed_in()
    near.publish()
    proved, key = proofs.several([(line.id, line.recorded_at) for line in queries.case(repair, now=now()).timeline]), "k/" * 80
    monkeypatch.setattr(proofs, "several", lambda _wanted: proved._replace(key=key))
    client.cookies["print_size"] = "large"
    lines = [line for page in paper_of(client, repair).pages for line in page.extract_text().splitlines()]
    assert any(key in line for line in lines), lines


def test_what_is_wrong_with_a_template_is_an_error(near):
    with pytest.raises(Exception, match="key"):
        papers.make("story", {"title": "x"})


def test_every_word_of_the_paper_can_be_said_in_another_language(near, signed_in, monkeypatch):
    repair, client = report(), signed_in()
    near.publish()
    brackets.used(monkeypatch)
    # The paper's letters have no brackets of that kind. What was written down in English is marked as such.
    quotes = str.maketrans(dict.fromkeys((brackets.BEGIN, BEGIN), "«") | dict.fromkeys((brackets.END, END), "»"))
    monkeypatch.setattr(papers, "unmarked", lambda text: text.translate(quotes))
    client.cookies["language"] = "cy"
    paper = paper_of(client, repair)
    assert paper.trailer["/Root"]["/Lang"] == "cy"
    said = text_of(paper).translate({ord("«"): brackets.BEGIN, ord("»"): brackets.END})
    ours = {"Harbour", "Heath", "Homes", "Ember", "Rise", "Lampton", "Tachwedd", "ZZ", "AA", "Water", "drips"}
    command = re.search(r"lamplit log check-proof [^⟦]*", said)
    assert command is not None
    outside = brackets.unsaid(f"<body>{said.replace(command[0], ' ')}")
    assert [piece for piece in outside if set(brackets.WORD.findall(piece)) - ours] == []


@pytest.mark.parametrize(("language", "said"), [("pl", "wpis 181 002 w rejestrze"), ("en-GB", "entry 181,002 of the record")])
def test_the_number_of_an_entry_is_written_as_her_language_writes_it(near, signed_in, monkeypatch, language, said):
    repair, client = report(), signed_in()
    client.cookies["language"] = language
    lines = queries.case(repair, now=now()).timeline
    proved = proofs.Several({line.id: 181_002 for line in lines}, [{"name": "a", "text": "a", "about": "a"}], 181_010, "key")
    monkeypatch.setattr(proofs, "several", lambda _wanted: proved)
    text = text_of(paper_of(client, repair))
    assert said in text
    assert ("181,0" in text, "181 010" in text) == (language != "pl", language == "pl")


def test_the_paper_is_in_her_language_and_says_who_has_not_read_it_yet(near, signed_in):
    repair, client = report(), signed_in()
    client.cookies["language"] = "pl"
    paper = paper_of(client, repair)
    assert paper.trailer["/Root"]["/Lang"] == "pl"
    text = text_of(paper)
    assert "Co się wydarzyło" in text
    assert "To tłumaczenie" in text
    assert "\ue000" not in text
