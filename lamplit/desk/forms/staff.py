"""Staff, firms and turns on call."""

from datetime import datetime, timedelta
from typing import Any

from lamplit.basics.clock import LONDON
from lamplit.config.fields import DayField
from lamplit.config.forms import SentOnce
from lamplit.config.speaking import gettext as _
from lamplit.config.speaking import lazy, lazy_with
from lamplit.desk.forms.fields import Contact, pick, text, tick, ticks
from lamplit.desk.forms.repairs import Choices, firms
from lamplit.desk.forms.when import ClockField, instant
from lamplit.desk.words import ROLES
from lamplit.staff import queries as staff


class StaffForm(SentOnce):
    """Somebody who works here or for a firm."""

    name = text(lazy("Full name"), required=True, longest=200)
    email = text(lazy("Work e-mail"), required=True, longest=200, help_text=lazy("They sign in with it."))
    phone = text(lazy("Telephone"), longest=40, field=Contact, help_text=lazy("Needed to be on call."))
    roles = ticks(lazy("What do they do?"), ROLES, required=True, error_messages={"required": lazy("Choose at least one")})
    team = text(lazy("Team"), longest=100)
    contractor = pick(lazy("For which firm do they work?"), [], required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["contractor"].choices = [("", _("For us")), *firms()]  # type: ignore[attr-defined]

    def particulars(self) -> dict[str, Any]:
        """Return what was typed as the action takes it."""
        said = self.cleaned_data
        rest = {name: said[name] or None for name in ("phone", "team", "contractor")}
        return {"name": said["name"], "email": said["email"], "roles": said["roles"], **rest}


class ShutForm(SentOnce):
    """An account shut."""

    because = pick(
        lazy("Why?"),
        {"left": lazy("They left"), "dormant": lazy("Nobody uses it"), "security": lazy("It may be in wrong hands")},
        radios=True,
    )


class FirmForm(SentOnce):
    """A firm."""

    name = text(lazy("Name"), required=True, longest=200)
    trades = text(lazy("Trades"), required=True, longest=500, help_text=lazy("With commas between them: plumber, gas engineer."))
    phone = text(lazy("Telephone"), longest=40, field=Contact)
    email = text(lazy("E-mail"), longest=200)

    def clean_trades(self) -> list[str]:
        typed = self.cleaned_data["trades"].lower().split(",")
        return ["_".join(one.split()) for one in typed if one.strip()]


class TokenForm(SentOnce):
    """A way in for a firm's own system."""

    label = text(lazy("Which system is it for?"), required=True, longest=100, help_text=lazy("Like “Kindle’s job planner”."))
    expires_on = DayField(
        label=lazy("Until when?"), what=lazy("the last day"),
        help_text=lazy_with("At most {days} days from today.", days=staff.TOKEN_DAYS),
    )  # fmt: skip


class ShiftForm(SentOnce):
    """A turn on call."""

    staff = pick(lazy("Who?"), [])
    from_on = DayField(label=lazy("From which day?"), what=lazy("the first day"))
    from_time = ClockField(label=lazy("From what time?"), initial="5pm")
    until_on = DayField(label=lazy("Until which day?"), what=lazy("the last day"))
    until_time = ClockField(label=lazy("Until what time?"), initial="9am")
    lead = tick(lazy("As the lead: is rung when the first does not answer"))

    def __init__(self, *args: Any, people: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["staff"].choices = people  # type: ignore[attr-defined]

    def turn(self) -> dict[str, Any]:
        """Return what was typed as the action takes it."""
        said = self.cleaned_data
        return {
            "staff": said["staff"], "from_at": instant(said["from_on"], said["from_time"]),
            "until_at": instant(said["until_on"], said["until_time"]), "lead": said["lead"],
        }  # fmt: skip


class LiftForm(SentOnce):
    """A limit on looking that is lifted for somebody else."""

    reader = pick(lazy("For whom?"), [])
    why = text(lazy("Why do they need it?"), required=True, longest=1000)
    until_on = DayField(label=lazy("Until which day?"), what=lazy("the last day"))
    until_time = ClockField(label=lazy("Until what time?"), initial="9am")

    def __init__(self, *args: Any, own: str, **options: Any) -> None:
        super().__init__(*args, **options)
        people = [(row.id, staff.full_name(row)) for row in staff.everyone() if row.id != own]
        systems = [(row.id, _("%(name)s: their system") % {"name": staff.full_name(row)}) for row in staff.contractors()]
        self.fields["reader"].choices = [("", _("Choose somebody")), *people, *systems]  # type: ignore[attr-defined]

    def lifted(self) -> dict[str, Any]:
        """Return what was typed as the action takes it."""
        said = self.cleaned_data
        return {"reader": said["reader"], "why": said["why"], "until_at": instant(said["until_on"], said["until_time"])}


def tonight(now: datetime) -> dict[str, Any]:
    """Return the usual turn: from today to tomorrow."""
    today = now.astimezone(LONDON).date()
    return {"from_on": today, "until_on": today + timedelta(days=1)}
