"""The record's page of a fact: its proof, made and checked before it is shown, what followed from it, and who may see it."""

import re

import pytest
from django.test import Client

from lamplit.config import proofs
from lamplit.desk.tests import story
from lamplit.desk.tests.scene import restrict, words_of
from lamplit.record.proof import ProofFile
from lamplit.record.verify import check_proof_file
from lamplit.repairs import actions, queries
from tests import cast


@pytest.fixture
def near(landlord, monkeypatch):
    """The near store is the landlord's own."""
    monkeypatch.setattr(proofs, "near_store", lambda: landlord.store)
    return landlord


def reported(repair: str) -> str:
    return queries.case(repair, now=story.now()).timeline[0].id


def test_a_line_shows_its_number_its_proof_and_what_followed(near, scene, desk):
    story.open_firm()
    told = story.report()
    near.publish()
    entry = reported(told.repair)
    page = words_of(desk("planner"), f"/desk/record/{entry}")
    assert "We checked this just now" in page
    number = int(re.search(r"Number in the log ([\d,]+)", page)[1].replace(",", ""))
    assert f'"id":"{entry}"'.encode() in near.entries()[number]
    assert "Clock begun: Our promise" in page
    assert "Work ordered: plumber" in page
    assert "Messages that follow from it are not ordered yet" in page
    assert f"{len(near.entries()):,} entries of" in page


def test_the_file_is_checked_by_others_without_us(near, scene, desk):
    told = story.report()
    near.publish()
    answer = desk("planner").get(f"/desk/record/{reported(told.repair)}/proof")
    assert re.fullmatch(r'attachment; filename="lamplit-entry-\d+\.tlog-proof"', answer["Content-Disposition"])
    report = check_proof_file(answer.content, near.key.vkey)
    assert report.ok, report.words
    assert told.repair.encode() in report.entry
    assert b"Water drips" not in answer.content


def test_what_is_not_copied_yet_is_told_so(near, scene, desk):
    told = story.report()
    page = words_of(desk("planner"), f"/desk/record/{reported(told.repair)}")
    assert "still being sealed and copied" in page
    assert "We checked" not in page
    assert "We checked" not in words_of(desk("planner"), f"/desk/record/{reported(told.repair)}/proof")


def test_a_store_that_was_tampered_with_proves_nothing(near, scene, desk, monkeypatch):
    told = story.report()
    near.publish()
    read = near.store.get

    def other_words(path: str) -> bytes:
        return read(path).replace(told.reference.encode(), told.reference[::-1].encode())

    monkeypatch.setattr(near.store, "get", other_words)
    page = words_of(desk("planner"), f"/desk/record/{reported(told.repair)}")
    assert "We checked" not in page
    assert "The proof does not hold" in page


def test_a_line_that_no_entry_wrote_has_none(near, scene, desk):
    told = story.report()
    near.publish()
    entry = reported(told.repair)
    planted = f"e_{'0' * 20}"
    with near.connect("owner") as db:
        db.execute(
            "UPDATE folded.happening SET id = %s, recorded_at = recorded_at - interval '1 day' WHERE id = %s", [planted, entry]
        )
    page = words_of(desk("planner"), f"/desk/record/{planted}")
    assert "We did not find it in the published record" in page
    with near.connect("owner") as db:
        db.execute(
            "UPDATE folded.happening SET id = %s, recorded_at = recorded_at + interval '1 day' WHERE id = %s", [entry, planted]
        )


def test_contacts_promises_messages_and_complaints_have_their_entries(near, scene, desk):
    made = story.everything(scene)
    near.publish()
    for kind, ident in ((k, made[k]) for k in ("contact", "promise", "message", "complaint")):
        page = words_of(desk("lead"), f"/desk/record/{kind}/{ident}")
        assert "We checked this just now" in page, kind
        proof = ProofFile.parse(desk("lead").get(f"/desk/record/{kind}/{ident}/proof").content)
        assert ident.encode() in proof.extra
    assert "She asked when we come" in words_of(desk("lead"), f"/desk/record/contact/{made['contact']}")
    assert desk("lead").get(f"/desk/record/nothing/{made['contact']}").status_code == 404


def test_who_may_not_see_a_person_sees_no_entry_of_hers(near, scene, desk):
    made = story.everything(scene)
    near.publish()
    restrict(cast.RUTH)
    for kind in ("contact", "promise", "message", "complaint"):
        for end in ("", "/proof"):
            path = f"/desk/record/{kind}/{made[kind]}{end}"
            assert desk("contact_centre").get(path).status_code == 404, path
            assert desk("lead").get(path).status_code == 200, path
    assert desk("planner").get(f"/desk/record/complaint/{made['complaint']}").status_code == 404


def test_messages_that_followed_are_named(near, scene, desk):
    from lamplit.messages import actions as messages

    told = story.report()
    entry = reported(told.repair)
    story.do(messages.order_message, template="test", subject="We have it", body="It is kept.", person=cast.RUTH, because=entry)
    near.publish()
    assert "Message: We have it" in words_of(desk("planner"), f"/desk/record/{entry}")
    restrict(cast.RUTH)
    assert "We have it" not in words_of(desk("planner"), f"/desk/record/{entry}")


def test_a_restricted_line_is_nobodys_who_may_not_see_it(near, scene, desk):
    told = story.report()
    story.do(actions.note_repair, repair=told.repair, says="He waits outside", audience="restricted")
    near.publish()
    line = next(one for one in queries.case(told.repair, now=story.now(), restricted=True).timeline if one.kind == "repair.noted")
    assert desk("planner").get(f"/desk/record/{line.id}/proof").status_code == 404
    assert desk("lead").get(f"/desk/record/{line.id}/proof").status_code == 200
    assert Client().get(f"/desk/record/{line.id}/proof").status_code == 302
