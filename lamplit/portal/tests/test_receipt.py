"""The receipt of her own report: a file that proves it, hers alone, with her words locked in it."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from lamplit.basics.clock import now
from lamplit.config import proofs
from lamplit.portal.tests.scene import tomasz_comes_in
from lamplit.record.verify import check_proof_file
from lamplit.repairs import actions as repairs
from tests import cast


@pytest.fixture
def near(portal, monkeypatch):
    monkeypatch.setattr(proofs, "near_store", lambda: portal.store)
    return portal


def report(number: int = 1, reporter: str = cast.RUTH) -> str:
    said = repairs.Said(fault="leak_fitting", room="kitchen")
    return repairs.report_repair(
        home=cast.RUTHS_HOME, said=said, channel="portal", reporter=reporter, words_said="Water drips.", by=cast.BY_DELE,
        at=now(), command=f"test:report:{number}",
    ).repair  # fmt: skip


def test_she_saves_the_receipt_of_her_report(near, signed_in):
    repair, client = report(), signed_in()
    near.publish()
    assert f"/repairs/{repair}/receipt" in client.get(f"/repairs/{repair}").content.decode()
    answer = client.get(f"/repairs/{repair}/receipt")
    assert answer["Content-Disposition"].endswith('.tlog-proof"')
    told = check_proof_file(answer.content, near.key.vkey)
    assert told.ok
    assert repair.encode() in told.entry
    assert b"drips" not in answer.content


def test_anybody_can_check_a_receipt_and_a_changed_one_is_none(near, signed_in):
    repair = report()
    near.publish()
    file = signed_in().get(f"/repairs/{repair}/receipt").content.decode()
    stranger = Client()
    assert "This receipt is real" in stranger.post("/check", {"pasted": file}).content.decode()
    sent = SimpleUploadedFile("mine.tlog-proof", file.encode())
    assert "This receipt is real" in stranger.post("/check", {"email": sent}).content.decode()
    index = file.index("\nindex ") + 1
    forged = file[:index] + file[index:].replace("index ", "index 1", 1)
    assert "not a receipt of ours" in stranger.post("/check", {"pasted": forged}).content.decode()


def test_before_it_is_copied_she_is_told_to_look_again(near, signed_in):
    repair = report()
    page = signed_in().get(f"/repairs/{repair}/receipt").content.decode()
    assert "Your receipt is not ready yet" in page


def test_nobody_else_has_it(near, signed_in):
    repair = report()
    near.publish()
    assert Client().get(f"/repairs/{repair}/receipt").status_code == 302
    assert tomasz_comes_in().get(f"/repairs/{repair}/receipt").status_code == 404


def test_each_keeps_the_receipt_of_her_own_report(near, signed_in):
    first, second = report(), report(2, reporter=cast.TOMASZ)
    near.publish()
    for client, own in ((signed_in(), first), (tomasz_comes_in(), second)):
        answer = client.get(f"/repairs/{first}/receipt")  # the second goes on with the first
        assert f'"repair":"{own}"'.encode() in check_proof_file(answer.content, near.key.vkey).entry
