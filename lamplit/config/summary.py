"""The written summary of an investigation (SI 2025/1042) on paper: in the language that its tenant reads, then in ours."""

from datetime import datetime
from typing import Any

from lamplit.basics.working_days import london_date
from lamplit.config import languages, papers
from lamplit.config.jinja import hours, landlord
from lamplit.config.print_size import LARGE_PRINT
from lamplit.config.speaking import as_recorded, of_data
from lamplit.config.speaking import gettext as _
from lamplit.config.when import full_date
from lamplit.homes import queries as homes
from lamplit.people import queries as people
from lamplit.repairs import queries
from lamplit.repairs.actions.hazards import conclusion_of, names_of


def paper_of(case: queries.Case, of: int, said: dict[str, Any], person: str | None, now: datetime) -> bytes:
    """Make the paper of a hazard of a repair, in the print and the language that the tenant reads.

    `said`: what staff wrote: `found`, `works` and `no_work`. It stands there in both languages as they wrote it.
    """
    asked = people.preferences(person, london_date(now)) if person else None
    spoken = languages.named(asked.language if asked else None) or languages.OURS
    large = asked is not None and asked.format == LARGE_PRINT
    return papers.make_in(spoken, "summary", lambda: _values(case, of, said, person, now) | {"large": large})


def _values(case: queries.Case, of: int, said: dict[str, Any], person: str | None, now: datetime) -> dict[str, Any]:
    row, us = case.repair, landlord()
    finding, at = conclusion_of(row, of) or ("none", now)
    title = of_data(f"fault.{row.fault}", str(row.title)) if row.title is not None else _("your report")
    return {
        "title": _("What we found, and what we will do"), "landlord": us.name, "reference": row.reference,
        "written": full_date(now), "name": _name(person),
        "address": homes.address_line(case.home).split(", ") if case.home is not None else [],
        "opening": _("On %(day)s we finished looking into this: %(what)s.") % {"day": full_date(at), "what": title},
        "finding": found_in_words(finding, names_of(row)[of]), "found": as_recorded(said["found"]),
        "works": [
            {"what": as_recorded(one.what), "begins": full_date(one.begins_on), "ends": full_date(one.ends_on)}
            for one in said["works"]
        ],
        "no_work": as_recorded(said["no_work"]), "rights": _rights(finding),
        "contact": _("Ring %(phone)s, %(hours)s. Say the number %(reference)s.")
        % {"phone": us.phone, "hours": hours(), "reference": row.reference},
    }  # fmt: skip


def found_in_words(finding: str, hazard: str) -> str:
    """Say what an investigation found. `hazard`: its code."""
    named = of_data(f"hazard.{hazard}", queries.hazard_named(hazard))
    said = {
        "none": _("We looked for this: %(hazard)s. We found no significant hazard and no emergency hazard."),
        "significant": _("There is a significant hazard: %(hazard)s."),
        "emergency": _("There is an emergency hazard: %(hazard)s."),
    }
    return said[finding] % {"hazard": named.lower()}


def _name(person: str | None) -> str:
    row = people.person(person) if person else None
    return people.full_name(row) if row is not None else _("The tenant") if person else ""


def _rights(finding: str) -> list[str]:
    rights = [_("If we looked into it without a visit, you can ask us to come and look. Ring us and say so.")]
    if finding != "none":
        rights.append(_("If your home cannot be made safe in time, we offer you somewhere safe to stay, at our cost."))
    return [*rights, _("If you think that this is wrong, you can complain to us at any time.")]
