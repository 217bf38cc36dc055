"""What has changed since the run before."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from lamplit.rent.rules.run_before import Changed, since
from lamplit.rent.rules.runs import Batch

SUMS = st.dictionaries(st.sampled_from([f"t_{n}" for n in range(9)]), st.integers(1, 50_000))


def batch(sums):
    charges = [[("rent", pence - 1), ("service", 1)] for pence in sums.values()]
    days = {"from_on": date(2026, 4, 6), "to_on": date(2026, 4, 12), "due_on": date(2026, 4, 6)}
    return Batch(accounts=list(sums), charges=charges, **days)


def test_each_kind_of_change_is_counted_and_the_largest_stand_first():
    found = since([batch({"same": 100, "more": 150, "new": 900})], {"same": 100, "more": 100, "gone": 300})
    assert found[:4] == (1, 1, 1, 1)
    assert found.most == [Changed("new", 0, 900), Changed("gone", 300, 0), Changed("more", 100, 150)]


def test_who_is_caught_up_is_held_against_one_period():
    assert since([batch({"a": 100}), batch({"a": 100})], {"a": 100}).most == [Changed("a", 100, 200)]


@given(SUMS, SUMS)
def test_nobody_is_left_out(now, before):
    found = since([batch(now)] if now else [], before)
    assert found.new + found.gone + found.same + found.other == len(now.keys() | before.keys())
    assert found.same == sum(before.get(one) == pence for one, pence in now.items())
    assert sum(one.now - one.before for one in found.most) == sum(now.values()) - sum(before.values())
