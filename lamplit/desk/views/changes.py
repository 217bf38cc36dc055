"""Changes of rents: worked out, looked at, released by a second person; who waits for a notice, and who keeps the old rent."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse

from lamplit.basics.words import pounds
from lamplit.basics.working_days import london_date
from lamplit.config.audience import for_staff
from lamplit.config.speaking import Words, gettext
from lamplit.config.speaking import gettext as _
from lamplit.config.when import full_date, long_date
from lamplit.desk.forms.arrears import TYPES
from lamplit.desk.forms.rent import FREQUENCIES, ChangeForm, GivenForm
from lamplit.desk.pages import StaffRequest, form_of, found, page, told, went
from lamplit.desk.rents import closed_to, home_of, homes_of
from lamplit.desk.runs import by_two, yes
from lamplit.reactions.rent_changes import served_on
from lamplit.rent import actions, queries

STATES = Words(
    {"prepared": "waits for a second person", "released": "being carried out", "finished": "done", "withdrawn": "taken back"}
)
SHOWN = 25  # accounts of each list; all of them: `lamplit rent change-list`
LARGEST = FEW = 10


@for_staff("see_arrears")
def changes(request: StaffRequest) -> HttpResponse:
    """Show the last changes of rents."""
    return page(request, "rent_changes.html", rows=[_row(row) for row in queries.rent_runs()], title=_("Changes of rents"))


@for_staff("charge_rent")
def prepare(request: StaffRequest) -> HttpResponse:
    """Work a change out."""
    first = _next_april(london_date(request.now))
    form = form_of(request, ChangeForm, initial={"from_on": first, "frequency": "weekly"})
    done, run = told(form, lambda: actions.prepare_rents(**form.asked(), by=request.by, at=request.now, command=form.command()))
    if done:
        return went(reverse("rent_change_run", args=[run]))
    return page(
        request,
        "form.html",
        form=form,
        title=_("Change rents"),
        back=reverse("rent_changes"),
        section="rent",
        button=_("Work it out"),
        note=_(
            "Nothing changes yet. You see what each kind of rent comes to and who is left out, and a second person releases it."
        ),
    )


def _next_april(today: date) -> date:
    this = queries.year_starts_on(today.year)
    return this if today < queries.last_day_to_serve(this) else queries.year_starts_on(today.year + 1)


@for_staff("see_arrears")
def run(request: StaffRequest, rent_run: str) -> HttpResponse:
    """Show a change: what it comes to, what stands out, and how far it is."""
    row = found(queries.rent_run(rent_run))
    worked, progress = queries.worked_of(row), queries.rent_progress(rent_run)
    return page(
        request, "rent_change_run.html", row=row, shown=_row(row), by_two=by_two(request, row),
        mine=row.prepared_by == str(request.by), lines=_lines(row), cpi=row.cpi,
        last=full_date(queries.last_day_to_serve(row.from_on)), largest=_largest(request, worked),
        converging=f"{sum(line.converging_pence > 0 for line in worked.lines):,}",
        left_out=_left_out(request, worked), may_go_back=_may_go_back(row),
        changed=_has_changed(row, worked), progress=progress, differing=_differing(row, progress),
        waiting=_accounts(request, rent_run, "noticed"), kept=_accounts(request, rent_run, "kept"), debits=_debits(request, row),
        title=_("Rents from %(day)s") % {"day": full_date(row.from_on)},
    )  # fmt: skip


@for_staff("release_charges")
def release(request: StaffRequest, rent_run: str) -> HttpResponse:
    """Release a change that somebody else worked out."""
    row = _prepared(rent_run)
    return yes(
        request, lambda **how: actions.release_rents(run=rent_run, **how), reverse("rent_change_run", args=[rent_run]),
        button=_("Write to them"),
        title=_("Write to the tenants of %(accounts)s accounts?") % {"accounts": f"{row.accounts:,}"},
        note=_("Each tenant gets a letter. The new rent is set once all letters of an account were served in time."),
    )  # fmt: skip


@for_staff("charge_rent")
def withdraw(request: StaffRequest, rent_run: str) -> HttpResponse:
    """Take a change back of which nobody was written to yet."""
    row = found(queries.rent_run(rent_run))
    if not _may_go_back(row):
        raise Http404
    return yes(
        request, lambda **how: actions.withdraw_rents(run=rent_run, **how), reverse("rent_change_run", args=[rent_run]),
        button=_("Take it back"), title=_("Take this change back?"), note=_("Nobody was written to. It can be worked out again."),
    )  # fmt: skip


@for_staff("set_terms")
def given(request: StaffRequest, rent_run: str, account: str) -> HttpResponse:
    """Say that the notice was given by hand."""
    row, change = found(queries.rent_run(rent_run)), found(queries.rent_change_of(account, rent_run))
    if (closed := closed_to(request, account)) is not None:
        return closed
    if change.state != "noticed":
        raise Http404
    form = form_of(request, GivenForm, initial={"on": london_date(request.now)})
    done, __ = told(
        form,
        lambda: actions.give_notice(
            run=rent_run, account=account, **form.asked(), by=request.by, at=request.now, command=form.command()
        ),
    )
    back = reverse("rent_change_run", args=[rent_run])
    if done:
        return went(back)
    return page(
        request, "form.html", form=form, back=back, section="rent", button=_("Write it down"),
        title=_("Notice given by hand: %(account)s") % {"account": home_of(request, account)},
        note=_("Every named tenant must have it by %(day)s.") % {"day": full_date(queries.last_day_to_serve(row.from_on))},
    )  # fmt: skip


def _may_go_back(row: Any) -> bool:
    return row.state == "prepared" or (row.state == "released" and not queries.rent_progress(row.id).begun)


def _prepared(rent_run: str) -> Any:
    row = found(queries.rent_run(rent_run))
    if row.state != "prepared":
        raise Http404
    return row


def _row(row: Any) -> dict[str, Any]:
    old, new = (sum(one[side] for one in row.by_type) for side in ("old_pence", "new_pence"))
    return {
        "href": reverse("rent_change_run", args=[row.id]), "from": long_date(row.from_on), "year": f"{row.from_on.year}",
        "frequency": FREQUENCIES[row.frequency], "accounts": f"{row.accounts:,}", "old": pounds(old), "new": pounds(new),
        "state": STATES[row.state], "left_out": f"{row.left_out:,}",
    }  # fmt: skip


def _lines(row: Any) -> list[dict[str, str]]:
    return [
        {
            "name": TYPES[one["rent_type"]], "accounts": f"{one['accounts']:,}", "old": pounds(one["old_pence"]),
            "new": pounds(one["new_pence"]), "more": _by(one["old_pence"], one["new_pence"]),
        }
        for one in row.by_type
    ]  # fmt: skip


def _by(old: int, new: int) -> str:
    return f"{pounds(new - old)} ({100 * (new - old) / old:.1f}%)" if old else pounds(new - old)


def _differing(row: Any, progress: queries.Progress) -> str:
    """Return what keeps a change from being closed for which nobody waits any more; the job tries again by itself."""
    waits = row.state != "released" or progress.noticed or progress.begun < row.accounts
    return "" if waits else "; ".join(queries.rents_differ(row))


def _has_changed(row: Any, worked: queries.Worked) -> int:
    """Return how many accounts are no longer as they were worked out, while the change waits."""
    return len(queries.no_longer(worked.lines, row.from_on)) if row.state == "prepared" else 0


def _largest(request: StaffRequest, worked: queries.Worked) -> list[dict[str, str]]:
    lines = worked.largest()[:LARGEST]
    homes = homes_of(request, [line.account for line in lines])
    return [
        {
            "href": reverse("rent_account", args=[line.account]), "home": homes[line.account],
            "old": pounds(line.old_pence), "new": pounds(line.new_pence), "more": _by(line.old_pence, line.new_pence),
        }
        for line in lines
    ]  # fmt: skip


def _left_out(request: StaffRequest, worked: queries.Worked) -> list[dict[str, Any]]:
    return [
        {
            "why": gettext(queries.WHY_LEFT_OUT[why]),
            "count": f"{len(accounts):,}",
            "more": len(accounts) > FEW,
            "accounts": _links(request, accounts),
        }
        for why, accounts in sorted(worked.why_left_out().items(), key=lambda one: -len(one[1]))
    ]


def _links(request: StaffRequest, accounts: Sequence[str]) -> list[dict[str, str]]:
    homes = homes_of(request, accounts[:FEW])
    return [{"href": reverse("rent_account", args=[one]), "home": home} for one, home in homes.items()]


def _accounts(request: StaffRequest, rent_run: str, state: str) -> list[dict[str, Any]]:
    rows = queries.rent_changes(rent_run, state, SHOWN)
    homes = homes_of(request, [row.account for row in rows])
    return [
        {
            "href": reverse("rent_account", args=[row.account]),
            "home": homes[row.account],
            "why": gettext(queries.WHY_KEPT.get(row.why or "", "")),
            "given": reverse("notice_given", args=[rent_run, row.account]),
            "by_hand": row.given_on is not None,
            "served": full_date(on) if on is not None else "",
        }
        for row, on in served_on(rows)
    ]


def _debits(request: StaffRequest, row: Any) -> list[dict[str, str]]:
    """Return the Direct Debits that a person has to see to: what they collect was never just the rent."""
    if row.state not in ("released", "finished"):
        return []
    asked = [one for one in queries.rent_debits(row) if one.pence is None][:SHOWN]
    homes = homes_of(request, [one.account for one in asked])
    return [
        {"href": reverse("debit", args=[one.account]), "home": homes[one.account], "sum": pounds(one.old_pence)} for one in asked
    ]
