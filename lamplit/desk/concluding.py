"""What a survey or a visit found of each hazard of a repair: asked of every one into which somebody still looks."""

from collections.abc import Mapping
from copy import copy
from typing import Any

from django import forms

from lamplit.config.speaking import as_recorded
from lamplit.config.speaking import gettext as _
from lamplit.repairs import queries
from lamplit.repairs.actions.hazards import may_step, names_of

ASKED = "finding"  # the question as a form has it, of a repair with one hazard


def hazards_named(row: Any) -> dict[int, str]:
    """Return the names of a repair's hazards by number, where it has several; of one there is nothing to tell apart."""
    known = names_of(row)
    return {of: str(as_recorded(queries.hazard_named(code))) for of, code in known.items()} if len(known) > 1 else {}


def to_conclude(row: Any) -> dict[int, str]:
    """Return the hazards by number whose investigation a finding would end, with their names where there are several."""
    named = hazards_named(row)
    ends = ("investigation_begun", "concluded_none")  # who concludes one that nobody has begun begins it
    return {of: named.get(of, "") for of in names_of(row) if any(may_step(row, step, of) for step in ends)}


def ask_findings(form: forms.Form, hazards: Mapping[int, str]) -> None:
    """Put one question for each hazard where a form has one."""
    once = form.fields[ASKED]
    asked = {}
    for of, name in hazards.items():
        field = asked[_box(of)] = copy(once)
        if name:
            field.label = _("What did you find: %(hazard)s?") % {"hazard": name}
    before = list(form.fields.items())
    form.fields = {key: field for name, own in before for key, field in (asked.items() if name == ASKED else [(name, own)])}


def found_of(said: Mapping[str, Any], hazards: Mapping[int, str]) -> list[tuple[int, Any]] | None:
    """Return the number of each hazard of which somebody said something, and what; None where nobody did."""
    return [(of, said[_box(of)]) for of in hazards if said.get(_box(of))] or None


def _box(of: int) -> str:
    return ASKED if of == 1 else f"{ASKED}_{of}"
