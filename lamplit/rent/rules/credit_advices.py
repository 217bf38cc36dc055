"""What a report about a credit of ours does: AWACS (where we pay has changed) and ARUCS (the money came back). Pure.

Source: the scheme's reason codes, second-hand (docs/bank-files.md). Details change only to what the report itself gives.
"""

from lamplit.basics.plain import Plain

_KNOWN = frozenset({"update_payee", "stop_paying", "contact", "money_back", "deceased"})


class CreditEffect(Plain, frozen=True, kw_only=True):
    """`moves_details`: to those supplied. `ends_details`: nothing is paid there any more. `money_back`: it is hers again."""

    moves_details: bool = False
    ends_details: bool = False
    money_back: bool = False
    stop_letters: bool = False
    person: bool = False


def credit_effect(steps: tuple[str, ...] | None, *, supplied: bool, in_force: bool) -> CreditEffect:
    """Return what an advice does. `supplied`: it gives new bank details; `in_force`: those that we paid to still are hers.

    A code that nobody explained does nothing by itself: letters stop, and a person looks.
    """
    asked = frozenset(steps or ())
    if steps is None or not asked <= _KNOWN:
        return CreditEffect(person=True, stop_letters=True)
    back, died = "money_back" in asked, "deceased" in asked
    moves = "update_payee" in asked and supplied and in_force and not died
    # No money goes again to where it came back from, nor to an account that closed: only what the bank supplied is in its place.
    ends = in_force and not moves and (back or "stop_paying" in asked)
    return CreditEffect(
        moves_details=moves, ends_details=ends, money_back=back, stop_letters=died, person=back or died or not moves
    )  # fmt: skip
