"""A landlord with the cast, and somebody signed in as she would do it herself."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from django.test import Client

    from tests.landlord import Landlord


@pytest.fixture
def portal(landlord: "Landlord") -> "Iterator[Landlord]":
    """The cast is known, and codes go to the outbox."""
    from django.test import override_settings

    from lamplit.portal import codes
    from tests import cast

    cast.settle()
    with override_settings(CODE_SENDER="lamplit.portal.codes.Outbox"):
        codes.sender.cache_clear()
        yield landlord
    codes.sender.cache_clear()


@pytest.fixture
def signed_in(portal: "Landlord") -> "Callable[..., Client]":
    """Sign somebody in with a code."""
    from lamplit.portal.tests.scene import come_in

    return come_in
