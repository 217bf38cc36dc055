"""What came in at the standby and nobody has read holds every step: the list of rent says so, and where to read it."""

from lamplit.basics.who import visitor
from lamplit.desk.tests.scene import words_of
from lamplit.messages import actions as messages
from lamplit.messages.queries import standby_waits
from lamplit.reactions.tests.test_standby_unread import opened
from tests import cast


def test_whoever_looks_after_rent_reads_what_holds_every_step(scene, desk):
    officer = desk("housing_officer")
    assert "not read yet" not in words_of(officer, "/desk/rent")
    for number in range(2):
        messages.keep_post(
            what="report", sealed=messages.Sealed(b"x"), by=visitor(), at=cast.AT, command=f"t:post:{number}"
        )  # fmt: skip
    assert "2 reports are still locked." in words_of(officer, "/desk/rent")
    for post in standby_waits()[0]:
        opened(post, "-")
    page = officer.get("/desk/rent").content.decode()
    assert "2 e-mails about rent are to be filed" in page
    assert "still locked" not in page
