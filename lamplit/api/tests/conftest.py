"""A firm with one job, and its system that shows a token."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.landlord import Landlord

_numbers = count()


@dataclass
class Firm:
    """Kindle Works. `work` is its job at Ruth's home; `secret` lets its system in."""

    secret: str
    work: str
    repair: str
    reference: str

    def get(self, path: str, secret: str | None = None) -> Any:
        from django.test import Client

        return Client().get(f"/api/v1/{path}", headers={"Authorization": f"Bearer {secret or self.secret}"})

    def send(self, name: str, message: Any, secret: str | None = None) -> Any:
        from django.test import Client

        body = message if isinstance(message, (str, bytes)) else json.dumps(message)
        return Client(enforce_csrf_checks=True).post(
            f"/api/v1/{name}", body, content_type="application/json", headers={"Authorization": f"Bearer {secret or self.secret}"}
        )

    def about(self, **more: Any) -> dict[str, Any]:
        return {"RelatedWorkOrderReference": {"ID": self.work}, **more}


@pytest.fixture
def tell(landlord: "Landlord") -> Callable[..., Any]:
    """Take an action now, with a fresh command, as Dele unless somebody else is named."""
    from lamplit.basics.clock import now
    from tests import cast

    def do(action: Any, **said: Any) -> Any:
        return action(command=f"api-test:{next(_numbers)}", **({"at": now(), "by": cast.BY_DELE} | said))

    return do


@pytest.fixture
def let_in(tell: Callable[..., Any]) -> Callable[[str], str]:
    """Give a firm's system a way in. Returns its secret."""
    from lamplit.basics.clock import now
    from lamplit.config.tokens import digest_of, new_secret
    from lamplit.staff import actions

    def give(contractor: str) -> str:
        secret = new_secret()
        until = now().date() + timedelta(days=30)
        tell(actions.give_token, contractor=contractor, digest=digest_of(secret), label="Job planner", expires_on=until)
        return secret

    return give


@pytest.fixture
def firm(landlord: "Landlord", tell: Callable[..., Any], let_in: Callable[[str], str]) -> Firm:
    from lamplit.basics.clock import now
    from lamplit.repairs import actions, queries
    from lamplit.staff import actions as staff
    from tests import cast

    cast.settle(now() - timedelta(days=9))
    trades = ["plumber", "electrician", "multi_trade", "surveyor"]
    tell(staff.record_contractor, contractor=cast.KINDLE, name="Kindle Works", phone="01632 960005", trades=trades)
    told = tell(
        actions.report_repair, home=cast.RUTHS_HOME, channel="phone", reporter=cast.RUTH, words_said="It drips.",
        said=actions.Said(fault="leak_fitting", room="kitchen"), at=now() - timedelta(hours=3),
    )  # fmt: skip
    works = queries.works_of_contractor(cast.KINDLE)
    assert len(works) == 1, works
    return Firm(let_in(cast.KINDLE), works[0].work.id, told.repair, told.reference)
