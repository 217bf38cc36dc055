"""Whose key seals what in the facts of a repair."""

from typing import Annotated

from lamplit.basics.fact import Clear, Key

FAULT = Key("household", "case")
NEEDS = Key("household", "care")
SAID = Key("voice", "case")
REACH = Key("voice", "contact")
Plain = "how work went, for the repairs figures; no words of anyone"
STAY = Key("household", "contact")
Trade = Annotated[str, Clear("the standby sends the right firm; a trade tells nothing of a person")]
Pence = Annotated[int, Clear("what work costs us; it tells nothing of a person")]
