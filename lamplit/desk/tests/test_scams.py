"""Frauds in our name: reported by anybody, read by staff, and a warning that stands where people look."""

import re

from django.test import Client

from lamplit.desk.tests.scene import refused, sent, words_of
from lamplit.messages import queries


def public(path: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", Client().get(path).content.decode()).split())


def test_a_report_is_read_and_a_warning_stands_where_people_look(scene, desk):
    nonce = re.search(r'name="nonce" value="([^"]+)"', Client().post("/check", {"pasted": "You owe £5."}).content.decode())[1]
    told = {"nonce": nonce, "channel": "text", "said": "You owe £5. Pay now.", "keep": "on"}
    for _ in range(2):
        assert "Thank you" in Client().post("/check", told).content.decode(), "sent twice, it is kept once"
    clerk, lead = desk("contact_centre"), desk("lead")
    assert "1 reported" in words_of(clerk, "/desk/messages")
    page = words_of(clerk, "/desk/scams")
    assert "it came by text" in page
    assert "You owe £5. Pay now." in page
    (report,) = queries.forgeries_to_see()
    sent(clerk, f"/desk/scams/reports/{report.id}/seen")
    assert "Nothing is waiting" in words_of(clerk, "/desk/scams")
    assert clerk.get("/desk/scams/new").status_code == 403
    assert "link" in refused(lead, "/desk/scams/new", says="They use www.pay.example").lower()
    sent(lead, "/desk/scams/new", says="Texts ask for £5 before a visit.")
    (scam,) = queries.scams_now()
    assert "Texts ask for £5 before a visit." in public("/check")
    assert "Texts ask for £5 before a visit." in public("/status")
    sent(lead, f"/desk/scams/{scam.id}/change", says="Texts and calls ask for £5.")
    assert "Texts and calls ask for £5." in public("/check")
    sent(lead, f"/desk/scams/{scam.id}/end")
    assert "£5" not in public("/check")
