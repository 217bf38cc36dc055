"""The desk as every test has it: the cast, one member of staff for each role, two firms, and browsers that are signed in."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from django.test import Client

    from lamplit.desk.tests.scene import Scene
    from tests.landlord import Landlord


@pytest.fixture
def scene(landlord: "Landlord") -> "Scene":
    """Everything that happened before a test of the desk begins."""
    from django.core.cache import cache

    from lamplit.desk.tests.scene import open_scene

    cache.clear()
    return open_scene()


@pytest.fixture
def desk(scene: "Scene") -> "Callable[[str], Client]":
    """Return a browser in which somebody with this role is signed in: `desk("planner")`."""
    return scene.browser
