"""The written summary of an investigation, as staff fill it in."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.forms import Field

from lamplit.config.fields import DayField
from lamplit.config.forms import SentOnce
from lamplit.config.refusals import staff_words
from lamplit.config.speaking import gettext as _
from lamplit.config.speaking import lazy, lines
from lamplit.desk.forms.fields import long_text, pick, text
from lamplit.desk.forms.when import Happened
from lamplit.messages.queries import why_not_sent
from lamplit.repairs.facts import WorkPlanned
from lamplit.repairs.facts.summaries import MOST_WORKS

SPARE = 2  # rows that stay empty for works that nobody has ordered yet


class Row(NamedTuple):
    """A work as it is filled in ahead."""

    what: str
    begins_on: date
    ends_on: date | None


class SummaryForm(SentOnce):
    """What was found, and each piece of work with its days. `planned` fills the rows with what is ordered already."""

    found = long_text(lazy("What did we find?"), help_text=lazy("In words that they understand: what it is, where, and why."))
    no_work = long_text(lazy("If there is nothing to do: why not?"), required=False, rows=2)

    def __init__(self, *args: Any, planned: Sequence[Row], **options: Any) -> None:
        super().__init__(*args, **options)
        self.rows = min(len(planned) + SPARE, MOST_WORKS)
        for number in range(1, self.rows + 1):
            one = planned[number - 1] if number <= len(planned) else None
            self._add_row(number, one)
        self.order_fields(["found", *(name for name in self.fields if name[-1].isdigit()), "no_work"])

    def _add_row(self, number: int, one: Row | None) -> None:
        start = {} if one is None else {"what": one.what, "begins": one.begins_on, "ends": one.ends_on}
        shown: dict[str, Field] = {"what": text(_("Work %(number)s: what will we do?") % {"number": number}, longest=500)}
        which = {"number": number}
        begins, ends = _("the last day to begin work %(number)s") % which, _("the last day to finish work %(number)s") % which
        shown["begins"] = DayField(label=_("By which day do we begin?"), what=begins, required=False)
        shown["ends"] = DayField(label=_("By which day do we finish?"), what=ends, required=False)
        for name, field in shown.items():
            field.initial = start.get(name)
            self.fields[f"{name}_{number}"] = field

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        works = []
        for number in range(1, self.rows + 1):
            what, begins, ends = (cleaned.get(f"{name}_{number}") for name in ("what", "begins", "ends"))
            if what and begins and ends:
                works.append(WorkPlanned(what=what, begins_on=begins, ends_on=ends))
            elif what or begins or ends:
                self._say_what_is_missing(number, what, begins)
        cleaned["works"] = works
        self._check_words([cleaned.get("found"), cleaned.get("no_work"), *(one.what for one in works)])
        return cleaned

    def _check_words(self, texts: Iterable[str | None]) -> None:
        """The words go into a message, and no message of ours may look as if it asked for money."""
        refused = why_not_sent("\n".join(one for one in texts if one) or "-")
        if refused is not None:
            self.add_error(None, lines(staff_words(refused)))

    def _say_what_is_missing(self, number: int, what: Any, begins: Any) -> None:
        name = "what" if not what else "begins" if not begins else "ends"
        if f"{name}_{number}" not in self.errors:
            said = {
                "what": _("Write what the work is"),
                "begins": _("Write by when it begins"),
                "ends": _("Write by when it is finished"),
            }
            self.add_error(f"{name}_{number}", said[name])


class HandedOverForm(Happened):
    """That it was given to them on paper."""

    how = pick(
        lazy("How did they get it?"),
        {"hand": lazy("Somebody gave it to them"), "left": lazy("Somebody left it at the home")},
        radios=True,
    )
