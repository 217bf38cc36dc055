"""What has changed since the run before: who is charged anew, who is no more, whose sum is another. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from heapq import nlargest
from typing import NamedTuple

from lamplit.rent.rules.runs import Batch

_SHOWN = 25  # of the sums that changed most


class Changed(NamedTuple):
    """An account with what the run before and this one charge it, in pence; 0 where it was, or is, not charged."""

    account: str
    before: int
    now: int


class Since(NamedTuple):
    """How many accounts are new, gone, charged the same, charged another sum; and those that changed most."""

    new: int
    gone: int
    same: int
    other: int
    most: list[Changed]


def since(batches: Iterable[Batch], before: Mapping[str, int]) -> Since:
    """Compare a run with what each account was charged by the run before, in pence."""
    now = Counter[str]()
    for batch in batches:
        for account, charges in zip(batch.accounts, batch.charges, strict=True):
            now[account] += sum([pence for _, pence in charges])
    found = [Changed(account, before.get(account, 0), now.get(account, 0)) for account in now.keys() | before.keys()]
    differing = [one for one in found if one.before != one.now]
    both = [one for one in differing if one.account in now and one.account in before]
    new, gone = len(now.keys() - before.keys()), len(before.keys() - now.keys())
    most = nlargest(_SHOWN, differing, key=lambda one: (abs(one.now - one.before), one.account))
    return Since(new=new, gone=gone, same=len(found) - new - gone - len(both), other=len(both), most=most)
