"""Whose key seals what in the facts of a repair."""

from lamplit.basics.fact import Key

FAULT = Key("household", "case")
NEEDS = Key("household", "care")
SAID = Key("voice", "case")
REACH = Key("voice", "contact")
Plain = "how work went, for the repairs figures; no words of anyone"
