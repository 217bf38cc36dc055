"""Who may show that a work is done: whoever did it, the firm's own system, or a surveyor."""

from collections.abc import Collection, Iterable

from lamplit.basics.who import CONTRACTOR, STAFF, By

CHECKERS = ("surveyor",)


def may_prove(by: By, *, roles: Iterable[str], firm: str | None, did: Collection[str], contractor: str | None) -> bool:
    """True for somebody who attended (`did` lists actors), one of the firm that has the work, its system, or a surveyor."""
    if str(by) in did:
        return True
    if by.kind == CONTRACTOR:
        return by.id == contractor
    if by.kind != STAFF:
        return False
    return any(role in CHECKERS for role in roles) or (firm is not None and firm == contractor)
