"""What happened meanwhile: a locked report with a photo, an order to erase that fell due while the standby served."""

import pyrage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings

from lamplit.basics.clock import now
from lamplit.basics.fact import ERASED
from lamplit.cli import ingesting
from lamplit.config.forms import new_nonce
from lamplit.continuity import intake
from lamplit.continuity.tests.test_takeover import BY, standing_by, written_at_the_standby  # noqa: F401 - a fixture
from lamplit.desk import firm_links
from lamplit.desk.tests import story as desk
from lamplit.exchange.post.landing import keep_photos
from lamplit.exchange.post.reading import read
from lamplit.messages import actions as messages_done
from lamplit.messages import queries as messages
from lamplit.people import queries as people_seen
from lamplit.people.models import Reach as ReachRow
from lamplit.record import erase
from lamplit.repairs import actions as repairs_done
from lamplit.repairs import queries as repairs
from lamplit.repairs.tests import story
from lamplit.standby import reporting
from tests import cast, pictures
from tests.landlord import CUSTODIAN, RECIPIENTS


def test_a_photo_of_a_locked_report_is_shown_on_the_repair_it_is_filed_to(standing_by, monkeypatch):  # noqa: F811 - the fixture
    repairs_done.load_tree(text=repairs.shipped_questions(), by=BY, at=cast.AT, command="test:tree")
    said_before = story.report()
    post = pyrage.x25519.Identity.generate()
    said = {"what": "It drips", "urgent": "not", "address": "1 High St", "name": "Ruth", "phone": "07700 900123"}
    monkeypatch.setattr(reporting, "_recipients", lambda: [str(post.to_public())])
    monkeypatch.setattr(ingesting, "own_identities", lambda: [post])
    urls = override_settings(ROOT_URLCONF="lamplit.standby.urls", DATA_UPLOAD_MAX_NUMBER_FILES=3)
    with standing_by.as_standby(), urls:
        for number in range(2):
            intake.keep_sealed("report", b"x", [str(CUSTODIAN.to_public())], at=now(), command=f"form:others:{number}")
        sent = {**said, "nonce": new_nonce(), "photo": SimpleUploadedFile("tap.jpg", pictures.photo())}
        assert Client().post("/report", sent).headers["Location"] == "/report/received"
    standing_by.made.publish(RECIPIENTS)
    standing_by.take_over()
    monkeypatch.setattr(ingesting, "AT_ONCE", 1)
    opener = ingesting.PostOpener()
    assert [opener.step(now()) for _ in range(3)] == [0, 0, 1], "what is sealed to others holds up nothing behind it"
    assert [opener.step(now()) for _ in range(3)] == [0, 0, 0]
    (email,) = messages.to_file()
    repair = said_before.repair
    filed = {"email": email.id, "person": cast.RUTH, "repair": repair}
    messages_done.file_email(**filed, by=cast.BY_DELE, at=now(), command="form:file")
    assert keep_photos(read(messages.as_it_came(email)), repair, cast.RUTH, cast.BY_DELE, now(), email.id) == 1
    (photo,) = repairs.photos_of([repair])
    assert photo.voice == cast.RUTH
    assert pictures.opened(repairs.picture_of(photo, "large")).format == "JPEG"
    standing_by.landlord.publish()


def test_what_a_firm_says_by_its_link_is_on_main_once(standing_by, monkeypatch):  # noqa: F811 - the fixture
    """The link opens a job that main had ordered; what came of the visit stands on main's own repair after coming back."""
    repairs_done.load_tree(text=repairs.shipped_questions(), by=BY, at=cast.AT, command="test:tree")
    desk.open_firm()
    told = story.report(at=now())
    (work, *_) = [one for one in desk.works(told.repair) if one.contractor]
    standing_by.landlord.publish()
    standing_by.made.follow(standing_by.landlord.store)
    standing_by.made.fold()
    standing_by.declare()
    with standing_by.as_standby(), override_settings(ROOT_URLCONF="lamplit.config.urls_taken_over"):
        monkeypatch.setattr(firm_links, "serves", lambda: True)
        token = firm_links.token_of(work, now() + firm_links.LASTS)
        sent = {"tried": "knocked", "proof_note": "A card was left", "nonce": new_nonce()}
        for _ in range(2):  # the signal was gone, so it was sent twice
            assert Client().post(f"/desk/firm/{token}/no_access", sent).status_code == 303
    standing_by.made.publish(RECIPIENTS)
    assert standing_by.take_over()
    assert standing_by.take_over() == []
    (visit,) = repairs.job(work.id, staff="", contractor=work.contractor).visits
    assert (visit.outcome, visit.attended_by) == ("no_access", f"contractor:{work.contractor}")
    with override_settings(ROOT_URLCONF="lamplit.config.urls_taken_over"):
        monkeypatch.setattr(firm_links, "serves", lambda: False)
        assert Client().get(f"/desk/firm/{token}").status_code == 404, "the link opened a page of the standby alone"
    standing_by.landlord.publish()


def test_what_was_to_be_erased_meanwhile_is_erased_once_main_is_back(standing_by):  # noqa: F811 - the fixture
    """An order rests at the standby. Main carries it out, and what the standby wrote of her under that key comes in erased."""
    standing_by.declare()
    written_at_the_standby(standing_by)
    standing_by.landlord.let_orders_fall_due()
    with standing_by.as_standby():
        assert erase.due_erasures() == [], "main alone destroys main's keys"
        (hers,) = people_seen.reaches(cast.MIA)
        assert hers.how is not None
    (order,) = erase.due_erasures()
    erase.carry_out_erasure(erasure=order, by=BY, at=now(), command="t:erased")
    standing_by.take_over()
    (row,) = ReachRow.objects.filter(person=cast.MIA)
    assert row.how is ERASED, "its key came once more with the standby's, and stays destroyed"
    standing_by.landlord.publish()
