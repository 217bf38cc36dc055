"""What the facts of rent share: sums, books, keys, and what a line is for."""

from datetime import date
from typing import Annotated, Literal

from lamplit.basics.fact import Clear, Id, Key

ACCOUNT = Key("account", "case")

_BALANCE = "the books must balance, and a standby must know what is owed, without a key; it names a pseudonym alone"


Pence = Annotated[int, Clear(_BALANCE)]
On = Annotated[date, Clear("when it counts; " + _BALANCE)]
Count = Annotated[int, Clear("how many; it tells nothing of anybody")]
Text = Annotated[str, Clear("the landlord's own name or number for a thing of its books")]

# What an account owes us stands in these books; a person has all of them on her one account.
OwedName = Literal["rent", "costs", "recharge", "former", "occupation"]
BookName = Literal[
    "rent",
    "costs",
    "recharge",
    "former",
    "occupation",
    "bank",
    "collected",
    "suspense",
    "benefit",
    "refunds",
    "write_off",
    "brought",
    "not_rent",
    "rent_income",
    "service_income",
    "costs_income",
    "recharge_income",
    "occupation_income",
]
Book = Annotated[BookName, Clear(_BALANCE)]
OWED: tuple[str, ...] = ("rent", "costs", "recharge", "former", "occupation")

# What a charge is for. `eligible`: Housing Benefit and Universal Credit pay for it; the rest she pays herself.
ChargeName = Literal["rent", "service", "service_not_eligible", "support", "water", "heating", "garage", "other"]
Charge = Annotated[ChargeName, Clear(_BALANCE)]
# What moved money on an account; beside charges.
MoveName = Literal[
    "rent", "service", "service_not_eligible", "support", "water", "heating", "garage", "other",
    "brought", "payment", "benefit", "direct_debit", "unpaid", "refund", "adjustment", "court_costs", "recharge",
    "write_off", "write_back", "reversal", "moved",
]  # fmt: skip
Move = Annotated[MoveName, Clear(_BALANCE)]
FrequencyName = Literal["weekly", "four_weekly", "monthly"]
Frequency = Annotated[FrequencyName, Clear("when it falls due: a charge run reads it, and it tells nothing of a person")]
Accounts = Annotated[list[Id], Clear("pseudonyms")]
