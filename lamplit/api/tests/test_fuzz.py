"""Messages as nobody would write them: every one is answered, in words, and nothing breaks."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lamplit.api.shapes import ANY, MESSAGES, MOMENT, NUMBER, Codes

ANSWERS = {200, 400, 404, 422}
_junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
_days = st.datetimes(timezones=st.just(UTC)).map(datetime.isoformat)
_texts = st.text(max_size=40) | _days | st.sampled_from(["2026-12-01/AM", "08:00", "25:99", "{0}"])


def like(shape: Any) -> st.SearchStrategy[Any]:
    """Values of a shape, and now and then something else. Made once for each: three times a level would be thousands."""
    same = _like(shape)
    return st.one_of(same, same, same, _junk)


def _like(shape: Any) -> st.SearchStrategy[Any]:
    if isinstance(shape, Codes):
        return st.sampled_from(sorted(shape.known))
    if isinstance(shape, list):
        return st.lists(like(shape[0]), max_size=2)
    if isinstance(shape, dict):
        return st.fixed_dictionaries({}, optional={name.rstrip("*"): like(inner) for name, inner in shape.items()})
    if shape == ANY:
        return _junk
    if shape == NUMBER:
        return st.floats(-1e6, 1e6)
    return (
        _days if shape == MOMENT else st.text(max_size=40) | _days | st.sampled_from(["2026-12-01/AM", "08:00", "25:99", "{0}"])
    )


@pytest.mark.parametrize("name", MESSAGES)
def test_no_message_breaks_the_door(firm, name):
    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(_like(MESSAGES[name]), st.booleans())
    def one(message, named):
        if named:  # so that the actions are reached
            from tests import cast

            message |= {key: {"ID": firm.work} for key in ("WorkOrderReference", "RelatedWorkOrderReference")}
            message["SitePropertyUnit"] = [{"Reference": [{"ID": cast.RUTHS_HOME}]}]
        answer = firm.send(name[0].lower() + name[1:], json.dumps(message))
        assert answer.status_code in ANSWERS, (answer.status_code, message)
        assert answer.json()

    one()
