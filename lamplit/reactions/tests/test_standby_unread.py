"""What somebody wrote at the standby is read before anybody is asked for rent: while it is sealed, and until it is filed."""

from lamplit.basics.original import Original
from lamplit.basics.who import visitor
from lamplit.messages import actions as messages
from lamplit.messages.queries import ABOUT_RENT, standby_waits
from lamplit.reactions import chasing
from lamplit.reactions import follow as following
from lamplit.reactions.sampling import Record
from lamplit.reactions.tests.test_chasing import RUTH, TOMASZ, day, files_in, holds_of, number_it, record
from lamplit.reactions.tests.test_rent import ONE, charged, let
from tests import cast
from tests.landlord import Landlord

__all__ = ["let", "record"]


def kept(what: str, number: int) -> str:
    there = set(standby_waits()[0])
    messages.keep_post(what=what, sealed=messages.Sealed(b"x"), by=visitor(), at=day(2), command=f"t:post:{number}")  # type: ignore[arg-type]
    (post,) = set(standby_waits()[0]) - there
    return post


def opened(post: str, payment_number: str) -> str:
    """Open it: it stands as an e-mail that nobody has filed, from no address."""
    said = f"I have paid.\n\nPayment number: {payment_number}\nAddress: 5 Ember Rise"
    email = messages.receive_email(
        sender="nobody@invalid", name="Ruth", subject=f"{ABOUT_RENT}: I have paid", attached=[], machine=False, audience="all",
        said=said, original=Original(b"From: r"), by=chasing.BY,
        at=day(2), command=f"t:mail:{post}",
    )  # fmt: skip
    messages.open_post(post=post, email=email, by=chasing.BY, at=day(2), command=f"t:open:{post}")
    return email


def facts_of(account: str) -> tuple[str, ...]:
    seen = chasing.look_at(account, day(3))
    assert seen is not None
    return seen.circumstances.incidents or ()


def test_nobody_is_asked_for_rent_while_what_came_in_at_the_standby_is_not_read(let: Landlord, record: Record) -> None:
    following.begin_at(0)
    number_it(account=RUTH, reference="0070099991", by=ONE, at=day(0), command="t:number")
    charged()
    files_in(day(2))
    chasing.look_tonight(record, day(0, 4))
    post, another = kept("report", 1), kept("report", 2)
    assert holds_of(RUTH, day(3)) == ["incident"]
    assert chasing.take_steps(day(3)) == 0
    hers = opened(post, "0070 0999 91")
    assert (facts_of(RUTH), facts_of(TOMASZ)) == ((another, hers), (another,))
    nobodys = opened(another, "-")
    assert (facts_of(RUTH), facts_of(TOMASZ)) == ((nobodys, hers), (nobodys,))
    messages.file_email(email=nobodys, why="A joke.", by=cast.BY_PRIYA, at=day(3), command="t:aside")
    assert (facts_of(RUTH), facts_of(TOMASZ)) == ((hers,), ())
    assert chasing.take_steps(day(3)) == 0
    messages.file_email(email=hers, person=cast.RUTH, by=cast.BY_PRIYA, at=day(3), command="t:hers")
    assert chasing.take_steps(day(3, 11)) == 1
