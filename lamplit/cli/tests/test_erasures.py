"""`lamplit erasures`: what stands, and calling off what an intruder ordered."""

import json

from lamplit.basics.clock import now
from lamplit.basics.who import job
from lamplit.desk import troubles
from lamplit.record import erase
from tests import cast


def order(subject, number):
    return erase.order_erasure(
        subject=subject, key_class="contact", because="asked", by=job("test"), at=now(), command=f"test:order:{number}"
    )


def test_it_lists_what_stands_and_calls_off_what_is_wrong(installed, lamplit):
    cast.settle()
    right, wrong = order(cast.RUTH, 1), order(cast.TOMASZ, 2)
    installed.seal()
    code, out, _ = lamplit("erasures")
    assert code == 0
    assert f"contact of {cast.RUTH}" in out
    assert "2 orders stand." in out
    code, out, err = lamplit("erasures", "--call-off", wrong, "--call-off", "x_nothing")
    assert code == 1
    assert "Called off 1." in out
    assert "x_nothing" in err
    installed.seal()
    assert [one["id"] for one in json.loads(lamplit("erasures", "--json")[1])] == [right]
    installed.let_orders_fall_due()
    assert erase.due_erasures() == [right]


def test_many_orders_stand_on_every_page_of_the_desk_until_they_are_called_off(installed, lamplit):
    """Nobody can take that off the page with the app's password: it is asked of the orders themselves."""
    cast.settle()
    for number in range(21):
        order(cast.RUTH, number)
    installed.seal()
    assert any("21 orders to erase stand" in words for words in troubles.troubles(now()))
    with installed.connect("app") as db:
        db.execute("UPDATE record.loop SET trouble = ''")
    assert any("21 orders to erase stand" in words for words in troubles.troubles(now()))
    assert lamplit("erasures", "--call-off-all")[0] == 0
    installed.seal()
    assert not any("orders to erase" in words for words in troubles.troubles(now()))
